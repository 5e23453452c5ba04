"""Discovery: what it finds on pages of every shape."""
