"""Versions of the schema, applied by ``warehouse/database.py``."""
