"""A command killed at each of its durable steps, and run again; ``python -m tests.sweep`` runs it."""
