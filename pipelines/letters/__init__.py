"""Letters: to each team, what could not be read on its statistics page, and what would make it readable."""
