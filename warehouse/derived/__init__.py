"""What follows from observations and the portfolio: one file per derived table."""
