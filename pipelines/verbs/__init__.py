"""The verbs of the command ``impact``, by what they are about."""
