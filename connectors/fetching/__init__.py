"""How one exchange is made politely and safely; ``connectors/fetcher.py`` is the only way in."""
