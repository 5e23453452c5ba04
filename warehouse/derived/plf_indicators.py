"""PLF indicators that derive from the portfolio, for every calendar year it covers.

Those that no public source gives, and the targets printed in the budget documents, are not here yet.
"""

from collections.abc import Sequence
from decimal import Decimal

import sqlalchemy as sa

from connectors.portfolio import Product
from warehouse.derived.portfolio_counts import FIRST_YEAR
from warehouse.derived.portfolio_measures import plf
from warehouse.derived.rules import Cohorts
from warehouse.history import append_changes
from warehouse.night import Night
from warehouse.tables import plf_indicators

SOURCE = "portfolio"


def derive(connection: sa.Connection, products: Sequence[Product], cohorts: Cohorts, night: Night) -> int:
    """Count each indicator of each year that is over; return the rows added."""
    rows = [
        {
            "year": year,
            "indicator": indicator,
            "value": Decimal(len(names)),
            "target": None,
            "source": SOURCE,
            "products": list(names),
        }
        for year in range(FIRST_YEAR, night.day.year)
        for indicator, names in plf(products, year, cohorts).items()
    ]
    return append_changes(connection, plf_indicators, ("year", "indicator"), rows, night.at)
