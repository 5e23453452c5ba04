"""Lineage: the way back from anything printed to the characters on a page and the bytes in the archive."""

from warehouse.lineage.naming import trace
from warehouse.lineage.step import Restated, Said, Step

__all__ = ["Restated", "Said", "Step", "trace"]
