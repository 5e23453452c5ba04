"""What the reader of Superset is made of: which cells of a chart's data hold the figures; refusals."""
