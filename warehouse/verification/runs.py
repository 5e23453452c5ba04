"""Runs: at which moments the warehouse was told something, and of which nights, as its rows tell it."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa

from warehouse.night import paris_day
from warehouse.tables import (
    absences,
    claim_questions,
    claims,
    extractions,
    growth,
    held_back,
    incidents,
    nights,
    observations,
    plf_indicators,
    portfolio_counts,
    portfolios,
    qualifications,
    refusals,
    reports,
    snapshots,
    verdicts,
)

_OF_A_NIGHT = (snapshots, absences, held_back, nights, verdicts, portfolios)
_JUDGED = (nights, verdicts)
_ONLY_WHEN_JUDGED = (portfolio_counts, plf_indicators, incidents)
_DERIVED = (observations, growth, refusals, qualifications)
OF_REPORTS = (reports, claims, claim_questions)
"""What a printed report says: carried as it is, for no night reads a report."""


@dataclass(frozen=True, slots=True)
class Run:
    """One moment, a whole second.

    ``days`` are the nights told of; ``judged`` is the one that was run as a night: the others came late
    (an import, a replay), and were read and understood only.  ``imported`` is true when the moment
    brought exchanges, or what a report says.  ``portfolio`` is the night of a portfolio that an import
    took because there was none.
    """

    at: datetime
    days: tuple[date, ...]
    judged: date | None
    imported: bool
    portfolio: date | None = None


def runs(connection: sa.Connection) -> list[Run]:
    """All runs, oldest first."""
    days: dict[datetime, set[date]] = defaultdict(set)
    reported = {at for table in OF_REPORTS for at in _moments(connection, table)}
    brought = reported.union(_moments(connection, snapshots))
    judged: dict[datetime, date] = {}
    served: dict[datetime, date] = {}
    for table in _OF_A_NIGHT:
        for night, at in connection.execute(sa.select(table.c.night, table.c.known_at).distinct()):
            days[_second(at)].add(night)
            if table in _JUDGED:
                judged[_second(at)] = night
            elif table is portfolios:
                served[_second(at)] = night
    judged = {at: night for at, night in served.items() if at not in reported} | judged
    for at, night in _bodies_read(connection):
        days[at] |= {night} if at not in judged else set()
    for table in (*_ONLY_WHEN_JUDGED, *_DERIVED, *OF_REPORTS):
        for at in _moments(connection, table):
            days.setdefault(at, set())
            if table in _ONLY_WHEN_JUDGED:
                judged.setdefault(at, paris_day(at))
    return [
        Run(
            at,
            tuple(sorted({*told, *([judged[at]] if at in judged else [])})),
            judged.get(at),
            at in brought,
            None if at in judged else served.get(at),
        )
        for at, told in sorted(days.items())
    ]


def _moments(connection: sa.Connection, table: sa.Table) -> set[datetime]:
    return {_second(at) for at in connection.scalars(sa.select(table.c.known_at).distinct())}


def _bodies_read(connection: sa.Connection) -> list[tuple[datetime, date]]:
    """For each moment at which something was read, the nights that bore the body."""
    same_body = sa.and_(
        extractions.c.snapshot_sha256 == snapshots.c.sha256,
        extractions.c.service_id == snapshots.c.service_id,
        snapshots.c.known_at <= extractions.c.known_at,
    )
    query = sa.select(extractions.c.known_at, snapshots.c.night).join(snapshots, same_body).distinct()
    return [(_second(at), night) for at, night in connection.execute(query)]


def _second(moment: datetime) -> datetime:
    return moment.replace(microsecond=0)
