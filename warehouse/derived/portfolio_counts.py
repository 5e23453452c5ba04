"""Portfolio counts: how many products, by what, at the start of each year and since each change.

They rest on the portfolio alone, so they are published even on a night when every
statistics page was out of reach.  The portfolio as known then and as known now differ:
both stay on record through ``known_at``.
"""

from collections.abc import Iterable, Sequence
from datetime import date

import sqlalchemy as sa

from connectors.portfolio import Product
from warehouse.derived.portfolio_measures import members
from warehouse.derived.rules import Cohorts
from warehouse.history import Row, append_changes, current
from warehouse.night import Night
from warehouse.tables import portfolio_counts

FIRST_YEAR = 2014
_KEY = ("as_of", "measure")


def derive(connection: sa.Connection, products: Sequence[Product], cohorts: Cohorts, night: Night) -> int:
    """Count at each 1 January up to this night, and this night what changed; return the rows added."""
    cohorts = cohorts.known(night.at)
    starts = [date(year, 1, 1) for year in range(FIRST_YEAR, night.day.year + 1)]
    counted = [row for day in starts for row in _rows(products, cohorts, day)]
    added = append_changes(
        connection, portfolio_counts, _KEY, counted, night.at, portfolio_counts.c.as_of.in_(starts)
    )
    if night.day in starts:
        return added
    today = portfolio_counts.c.as_of == night.day
    before = _before(connection, night)
    told = list(_rows(products, cohorts, night.day))
    told += [_row(night.day, name, ()) for name in before.keys() - {row["measure"] for row in told}]
    news = [row for row in told if before.get(row["measure"]) != row["value"]]
    return added + append_changes(connection, portfolio_counts, _KEY, news, night.at, today)


def _before(connection: sa.Connection, night: Night) -> dict[str, int]:
    """The last count of each measure before this night."""
    rows = current(connection, portfolio_counts, _KEY, night.at, portfolio_counts.c.as_of < night.day)
    return {row["measure"]: row["value"] for row in sorted(rows, key=lambda row: row["as_of"])}


def _rows(products: Sequence[Product], cohorts: Cohorts, day: date) -> Iterable[Row]:
    return [_row(day, measure, ids) for measure, ids in members(products, day, cohorts).items()]


def _row(day: date, measure: str, ids: Sequence[str]) -> Row:
    return {"as_of": day, "measure": measure, "value": len(ids), "products": list(ids)}
