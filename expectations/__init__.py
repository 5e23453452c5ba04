"""Judge: what must be true of a figure, and of a night."""
