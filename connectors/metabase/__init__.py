"""What the reader of Metabase is made of: addresses, results of cards, texts typed by hand."""
