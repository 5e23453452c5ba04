"""What was printed, understood: numbers, units, periods."""
