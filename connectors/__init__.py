"""Find: what a page printed, and where."""
