"""From a page that nobody has configured to the figures it seems to print: start at ``proposals.py``."""
