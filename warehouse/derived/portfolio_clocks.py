"""Portfolio clocks: the portfolio on one day, as known at several moments, side by side.

Phases are re-dated and events moved from one copy of the portfolio to the next, and a cohort is printed
after its year, so the same day is counted otherwise later.  Both counts are true to what was known;
here they stand together, with the products that make the difference.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa

from connectors.portfolio import Product
from warehouse import portfolios
from warehouse.derived.portfolio_measures import members
from warehouse.derived.rules import Cohorts

Ids = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Known:
    """One measure of one day, at each moment: the sorted ids behind it."""

    measure: str
    ids: tuple[Ids, ...]

    @property
    def values(self) -> tuple[int, ...]:
        """How many, at each moment."""
        return tuple(len(ids) for ids in self.ids)

    @property
    def gained(self) -> Ids:
        """Those counted at the last moment and not at the first."""
        return tuple(sorted({*self.ids[-1]} - {*self.ids[0]}))

    @property
    def lost(self) -> Ids:
        """Those counted at the first moment and not at the last."""
        return tuple(sorted({*self.ids[0]} - {*self.ids[-1]}))


def side_by_side(
    told: Sequence[tuple[datetime, Sequence[Product]]], day: date, cohorts: Cohorts
) -> list[Known]:
    """Every measure of a day, by the portfolio and the printed cohorts of each moment, sorted by name.

    A product renamed between two portfolios is known by its present id in both.
    """
    counted = [_present(members(products, day, cohorts.known(at)), cohorts.formerly) for at, products in told]
    names = sorted({name for found in counted for name in found})
    return [Known(name, tuple(found.get(name, ()) for found in counted)) for name in names]


def as_known(
    connection: sa.Connection, day: date, moments: Sequence[datetime], cohorts: Cohorts
) -> list[Known]:
    """Every measure of a day as known at each of these moments, from the portfolios on record."""
    return side_by_side([(at, portfolios.products(connection, at)) for at in moments], day, cohorts)


def _present(found: Mapping[str, Ids], formerly: Mapping[str, Sequence[str]]) -> dict[str, Ids]:
    present = {former: now for now, ids in formerly.items() for former in ids}
    return {name: tuple(sorted(present.get(one, one) for one in ids)) for name, ids in found.items()}
