"""Ends: the two readings that a refused growth would have compared, as known when it was refused.

A refusal says which periods and why; often there is no figure at one of its two ends, and never one that
may be compared.  So its ends are looked for again, by the rules of ``series``: a dated reading that ends
within its tolerance before the last day of the period, or for a flow within its twelve months; else what
the page showed on the night nearest to that day.
A reading that may not be used (held back, withdrawn, not over) is an end all the same: it is why.
"""

from datetime import date
from typing import NamedTuple

import sqlalchemy as sa
from dateutil.relativedelta import relativedelta

from warehouse.derived.series import TOLERANCE, YEAR
from warehouse.history import MOMENT, Row
from warehouse.night import Night
from warehouse.observations import nearest_witness
from warehouse.tables import extractions, observations


class Ends(NamedTuple):
    """The rows of ``observations`` at the two ends, the earlier first; None where nothing was read."""

    base: Row | None
    now: Row | None


def ends(connection: sa.Connection, refusal: Row) -> Ends:
    """The ends of a row of ``refusals``; of a flow told in parts, the last part of each."""
    return Ends(
        *(_reading(connection, refusal, last_day(refusal[name])) for name in ("base_period", "period"))
    )


def last_day(period: str) -> date:
    """The last day of a period as ``growth`` names it.

    >>> last_day("2023"), last_day("2022-09..2023-02")
    (datetime.date(2023, 12, 31), datetime.date(2023, 2, 28))
    """
    year, _, month = period.rpartition("..")[2].partition("-")
    return date(int(year), int(month or 12), 1) + relativedelta(day=31)


def _reading(connection: sa.Connection, refusal: Row, day: date) -> Row | None:
    dated = extractions.c.period_text.is_not(None)
    part = sa.and_(
        observations.c.nature == "flow", observations.c.period_start > day - relativedelta(months=YEAR)
    )
    near = sa.or_(observations.c.period_end >= day - TOLERANCE, part)
    found = _latest(connection, refusal, dated, near, observations.c.period_end <= day)
    nearest = None if found else _night_nearest(connection, refusal, day)
    return _latest(connection, refusal, ~dated, observations.c.period_end <= nearest) if nearest else found


def _night_nearest(connection: sa.Connection, refusal: Row, day: date) -> date | None:
    figure, night = (refusal["service_id"], refusal["metric_id"]), Night(day, refusal["known_at"])
    return nearest_witness(connection, figure, night, day, day - TOLERANCE, day + TOLERANCE)


def _latest(connection: sa.Connection, refusal: Row, *where: sa.ColumnElement[bool]) -> Row | None:
    query = (
        sa.select(observations)
        .join(extractions, extractions.c.id == observations.c.extraction_id)
        .where(
            observations.c.service_id == refusal["service_id"],
            observations.c.metric_id == refusal["metric_id"],
            observations.c.known_at < refusal["known_at"] + MOMENT,
            *where,
        )
        .order_by(observations.c.period_end.desc(), observations.c.known_at.desc())
    )
    row = connection.execute(query.limit(1)).mappings().first()
    return dict(row) if row else None
