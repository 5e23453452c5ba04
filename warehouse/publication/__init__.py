"""The published tables: what people read, as of a moment.  ``tables.py`` lists them."""
