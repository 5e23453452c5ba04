"""The ways in which a page carries data for its scripts; ``sources.py`` lists them all."""
