"""How a service file is checked; ``connectors/catalog.py`` is the only way in."""
