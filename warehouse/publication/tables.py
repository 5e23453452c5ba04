"""The published tables, in the order in which people read them."""

from warehouse.publication import (
    figures,
    freshness,
    growth,
    impact_national,
    incidents,
    plf,
    portfolio,
    reconciliation,
    series,
)
from warehouse.publication.column import Table

TABLES: tuple[Table, ...] = (
    figures.TABLE,
    growth.TABLE,
    impact_national.TABLE,
    portfolio.TABLE,
    plf.TABLE,
    reconciliation.TABLE,
    incidents.TABLE,
    freshness.TABLE,
    series.TABLE,
)
