"""One module per kind of page: what stands on it, taken from the record."""
