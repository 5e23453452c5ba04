"""What the web throws at the night, from the socket to the figure; ``python -m tests.hostile`` prints it."""
