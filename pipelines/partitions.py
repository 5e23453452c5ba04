"""Partitions: one night per day of Europe/Paris, tonight's included."""

import dagster as dg

NIGHTS = dg.DailyPartitionsDefinition("2020-01-01", timezone="Europe/Paris", end_offset=1)
"""A partition is the day on which pages were seen.  A past one is read again from the archive."""
