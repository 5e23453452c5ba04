"""A page that changed: where its figures stand now, and the change of the service file that follows."""
