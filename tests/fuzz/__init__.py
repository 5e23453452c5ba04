"""Fuzzing: bytes that nobody thought of, guided by the code they reach; ``python -m tests.fuzz`` runs it."""
