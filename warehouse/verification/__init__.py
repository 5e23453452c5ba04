"""Verification: what the database says, beside what the archive gives."""
