"""PLF indicators: for every calendar year, the result of the year before, the target, the result.

What is counted, and the targets that were printed, are in ``plf_indicators.yml``.  An indicator that
no public source gives is a row all the same, which says so.
"""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Literal

import sqlalchemy as sa
from pydantic import Field

from connectors.locators import Strict
from connectors.portfolio import Product
from warehouse import words
from warehouse.derived.portfolio_counts import FIRST_YEAR
from warehouse.derived.portfolio_measures import plf
from warehouse.derived.rules import Cohorts, load_data
from warehouse.history import Row, append_changes
from warehouse.night import Night
from warehouse.tables import plf_indicators

_INDICATORS = Path(__file__).with_name("plf_indicators.yml")


class Target(Strict):
    """A target, and the edition of the annual report that prints it."""

    value: Decimal
    edition: int


class Indicator(Strict):
    """One indicator: its name, what it counts, where its result comes from, its printed targets by year."""

    indicator: str
    label: str
    counted: str
    source: Literal["portfolio", "none"] = Field(alias="from")
    targets: Mapping[int, Target] = {}


@cache
def load_indicators(path: Path = _INDICATORS) -> tuple[Indicator, ...]:
    """Every indicator, in the order of the printed table.

    Raises:
        InvalidRules: the file cannot be read as such.
    """
    return tuple(load_data(path, Indicator))


def derive(connection: sa.Connection, products: Sequence[Product], cohorts: Cohorts, night: Night) -> int:
    """Count each indicator of each year that is over; return the rows added."""
    known = cohorts.known(night.at)
    rows = [row for year in range(FIRST_YEAR, night.day.year) for row in table(products, year, known)]
    return append_changes(connection, plf_indicators, ("year", "indicator"), rows, night.at)


def table(
    products: Sequence[Product],
    year: int,
    cohorts: Cohorts,
    indicators: Iterable[Indicator] | None = None,
) -> list[Row]:
    """The table of a year as the report shows it: result N-1, target, result N, and whether it is met.

    Args:
        products: the portfolio, as known at any moment.
        year: the calendar year N.
        cohorts: the printed cohorts, as known at that moment.
        indicators: the indicators; those of the file when not given.
    """
    before, now = plf(products, year - 1, cohorts), plf(products, year, cohorts)
    chosen = load_indicators() if indicators is None else indicators
    return [_row(year, one, before.get(one.indicator), now.get(one.indicator)) for one in chosen]


def _row(year: int, one: Indicator, before: Sequence[str] | None, now: Sequence[str] | None) -> Row:
    value = _result(one, now)
    target = one.targets[year].value if year in one.targets else None
    return {
        "year": year,
        "indicator": one.indicator,
        "previous": _result(one, before),
        "value": value,
        "target": target,
        "met": None if value is None or target is None else value >= target,
        "source": words.NO_SOURCE if one.source == "none" else one.source,
        "products": list(now or ()) if one.source == "portfolio" else None,
    }


def _result(one: Indicator, ids: Sequence[str] | None) -> Decimal | None:
    return Decimal(len(ids or ())) if one.source == "portfolio" else None
