"""Keep and understand: tables, archive, numbers, growth, qualification."""
