"""Bodies as text, with the place of every character: what protocols share and none of them owns."""
