"""The published tables as files; ``export.py`` writes them, one module per format."""
