"""Runs: at which moments the warehouse was told something, and of which nights, as its rows tell it."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal, TypeVar

import sqlalchemy as sa

from warehouse.extractions import SAME_BODY
from warehouse.history import scope_of
from warehouse.night import paris_day
from warehouse.tables import (
    absences,
    candidates,
    claim_decisions,
    claim_questions,
    claims,
    confirmations,
    criteria,
    extractions,
    growth,
    held_back,
    incidents,
    metrics,
    missing_evidence,
    nights,
    observations,
    plf_indicators,
    portfolio_counts,
    portfolios,
    qualifications,
    reconciliations,
    refusals,
    reports,
    restatements,
    seals,
    snapshots,
    unconfigured,
    unplaced_passages,
    verdicts,
)

_OF_A_NIGHT = (absences, held_back, nights, verdicts)
_JUDGED = (nights, verdicts)
_ONLY_WHEN_JUDGED = (portfolio_counts, plf_indicators, incidents)
_DERIVED = (observations, growth, refusals, qualifications, criteria, missing_evidence)
_GIVEN = (snapshots, metrics, claim_decisions)
_EXPLORED = (unconfigured, candidates)
OF_A_REPORT: Mapping[sa.Table, sa.Column[str]] = {
    reports: reports.c.sha256,
    claims: claims.c.report_sha256,
    claim_questions: claim_questions.c.report_sha256,
    unplaced_passages: unplaced_passages.c.report_sha256,
}
"""What one report says, and how each row names it."""


Stage = Literal["portfolio judged", "portfolio counted", "understood", "judged", "grown", "qualified"]

_OF_THE_PORTFOLIO = verdicts.c.table_name == "services"
_LEFT_BY: Mapping[Stage, Mapping[sa.Table, sa.ColumnElement[bool]]] = {
    "portfolio judged": {verdicts: _OF_THE_PORTFOLIO},
    "portfolio counted": dict.fromkeys((portfolio_counts, plf_indicators), sa.true()),
    "understood": dict.fromkeys((observations, restatements), sa.true()),
    "judged": {verdicts: ~_OF_THE_PORTFOLIO} | dict.fromkeys((nights, incidents, held_back), sa.true()),
    "grown": dict.fromkeys((growth, refusals), sa.true()),
    "qualified": dict.fromkeys((qualifications, criteria, missing_evidence), sa.true()),
}
"""Which rows show that a run came to a stage."""


@dataclass(frozen=True, slots=True)
class Run:
    """One moment, a whole second.

    ``days`` are the nights whose pages were told of: ``judged`` is the one that was run as a night, the
    others came ``late`` (an import, a replay), and were read and understood only.  ``imported`` is true when
    the moment brought pages.  ``served`` is the night for which the portfolio was taken, ``explored`` says
    that the services without a file were visited, ``reports`` are the printed reports that were read (their
    SHA-256), ``editions`` those that were reconciled.  ``stages`` are those that left something; ``last`` is
    true of the run after which no other could show what it lacks.
    """

    at: datetime
    days: tuple[date, ...]
    judged: date | None
    late: bool
    imported: bool
    served: date | None
    explored: bool
    reports: tuple[str, ...]
    editions: tuple[int, ...]
    stages: frozenset[Stage]
    last: bool

    @property
    def closed(self) -> bool:
        """False for a night that was killed before its checks, or run again without news."""
        return "judged" in self.stages

    def reached(self, stage: Stage) -> bool:
        """Whether to live a stage again: it left something, or it must have.

        A stage that a run did not come to, and one that had no news, both leave nothing; what is missing
        because somebody removed it, the next run tells anew when it is lived again.
        """
        return stage in self.stages or (self.last and (self.closed or self.late))


def runs(connection: sa.Connection) -> list[Run]:
    """All runs, oldest first."""
    printed, reconciled = _reports_read(connection), _editions_reconciled(connection)
    served = dict(_nights_of(connection, portfolios))
    judged = _nights_judged(connection, served, printed)
    days = _days_told(connection, judged)
    brought = set(_moments(connection, snapshots, snapshots.c.service_id.is_not(None)))
    given = {at for table in _GIVEN for at in _moments(connection, table)}
    explored = {at for table in _EXPLORED for at in _moments(connection, table)}
    explored |= {at for at, _ in _confirmed(connection, {scope_of(()): None}, unconfigured)}
    left = _stages(connection)
    last = max({*days, *judged}, default=None)
    moments = sorted(given.union(days, judged, served, explored, printed, reconciled))
    return [
        Run(
            at,
            days=tuple(sorted({*days.get(at, ()), *([judged[at]] if at in judged else [])})),
            judged=judged.get(at),
            late=at in days and at not in judged,
            imported=at in brought,
            served=served.get(at),
            explored=at in explored,
            reports=tuple(sorted(printed.get(at, ()))),
            editions=tuple(sorted(reconciled.get(at, ()))),
            stages=frozenset(left.get(at, ())),
            last=at == last,
        )
        for at in moments
    ]


def _stages(connection: sa.Connection) -> dict[datetime, set[Stage]]:
    """The stages that each moment came to, by the rows that they left."""
    found: dict[datetime, set[Stage]] = defaultdict(set)
    for stage, tables in _LEFT_BY.items():
        for table, which in tables.items():
            for at in _moments(connection, table, which):
                found[at].add(stage)
    return found


def _nights_judged(
    connection: sa.Connection, served: Mapping[datetime, date], printed: Mapping[datetime, set[str]]
) -> dict[datetime, date]:
    """The night that each moment ran to its checks.

    A moment that took a portfolio and sealed its night did, whatever rows it has left; a report that takes
    the portfolio for its names does not, and a night killed before its checks did not either.
    """
    sealed = set(_moments(connection, seals))
    judged = {at: night for at, night in served.items() if at in sealed and at not in printed}
    for table in _ONLY_WHEN_JUDGED:
        judged |= {at: served.get(at) or paris_day(at) for at in _moments(connection, table)}
    return judged | {at: night for table in _JUDGED for at, night in _nights_of(connection, table)}


def _days_told(connection: sa.Connection, judged: Mapping[datetime, date]) -> dict[datetime, set[date]]:
    """The nights whose pages each moment told of; none where it only derived."""
    days: dict[datetime, set[date]] = defaultdict(set)
    for table in _OF_A_NIGHT:
        for at, night in _nights_of(connection, table):
            days[at].add(night)
    for at, night in _nights_of(connection, snapshots, snapshots.c.service_id.is_not(None)):
        days[at].add(night)
    for at, night in _pages_told_late(connection, judged):
        days[at].add(night)
    for table in _DERIVED:
        for at in _moments(connection, table):
            days.setdefault(at, set())
    return days


def _pages_told_late(
    connection: sa.Connection, judged: Collection[datetime]
) -> Iterator[tuple[datetime, date]]:
    """For each moment that ran no night, the nights whose pages it told of.

    What it read, or understood at last where an older moment had read it, was on the page of each night
    that bore the body.  A figure of the day names its own night among them: perhaps the others were not
    asked for.
    """
    bearing: dict[tuple[Any, ...], set[date]] = defaultdict(set)
    named: dict[tuple[Any, ...], set[date]] = defaultdict(set)
    moments = [
        at
        for table in (extractions, observations)
        for at in connection.scalars(sa.select(table.c.known_at).distinct())
        if _second(at) not in judged
    ]
    for at, *reading, night, period_end in connection.execute(_bearing(moments)):
        bearing[_second(at), *reading].add(night)
        if night == period_end:
            named[_second(at), *reading].add(night)
    for about, nights_bearing in bearing.items():
        yield from ((about[0], night) for night in named.get(about, nights_bearing))


def _bearing(moments: Collection[datetime]) -> sa.Select[Any]:
    """What was read or understood at these moments, with each night that bore its body."""
    no_end = sa.cast(sa.null(), observations.c.period_end.type).label("period_end")
    understood = sa.select(observations.c.known_at, observations.c.extraction_id, observations.c.period_end)
    told = sa.union_all(
        sa.select(extractions.c.known_at, extractions.c.id.label("extraction_id"), no_end), understood
    ).subquery()
    by_then = sa.and_(SAME_BODY, snapshots.c.known_at <= told.c.known_at)
    reading = extractions.c.service_id, extractions.c.snapshot_sha256, extractions.c.spec_version
    return (
        sa.select(told.c.known_at, *reading, snapshots.c.night, told.c.period_end)
        .join(extractions, extractions.c.id == told.c.extraction_id)
        .join(snapshots, by_then)
        .where(told.c.known_at.in_(moments))
        .distinct()
    )


# What rests on no page.


def _reports_read(connection: sa.Connection) -> dict[datetime, set[str]]:
    """The reports that each moment read; one that said what it said before left a confirmation."""
    read: dict[datetime, set[str]] = defaultdict(set)
    for table, column in OF_A_REPORT.items():
        scopes = {
            scope_of((column == sha256,)): sha256
            for sha256 in connection.scalars(sa.select(column).distinct())
        }
        for sha256, at in connection.execute(sa.select(column, table.c.known_at).distinct()):
            read[_second(at)].add(sha256)
        for at, sha256 in _confirmed(connection, scopes, table):
            read[at].add(sha256)
    return read


def _editions_reconciled(connection: sa.Connection) -> dict[datetime, set[int]]:
    """The editions that each moment reconciled."""
    edition = reconciliations.c.edition
    found: dict[datetime, set[int]] = defaultdict(set)
    for year, at in connection.execute(sa.select(edition, reconciliations.c.known_at).distinct()):
        found[_second(at)].add(year)
    years = connection.scalars(sa.select(reports.c.edition).distinct())
    scopes = {scope_of((edition == year,)): year for year in years}
    for at, year in _confirmed(connection, scopes, reconciliations):
        found[at].add(year)
    return found


T = TypeVar("T")


def _confirmed(
    connection: sa.Connection, scopes: Mapping[str, T], table: sa.Table
) -> Iterator[tuple[datetime, T]]:
    """The moments at which a part of a table was told what it said already, with the name of the part."""
    query = sa.select(confirmations.c.known_at, confirmations.c.scope).where(
        confirmations.c.table_name == table.name, confirmations.c.scope.in_(scopes)
    )
    return ((_second(at), scopes[scope]) for at, scope in connection.execute(query))


# Moments.


def _moments(
    connection: sa.Connection, table: sa.Table, *where: sa.ColumnElement[bool]
) -> Iterator[datetime]:
    return map(_second, connection.scalars(sa.select(table.c.known_at).where(*where).distinct()))


def _nights_of(
    connection: sa.Connection, table: sa.Table, *where: sa.ColumnElement[bool]
) -> Iterator[tuple[datetime, date]]:
    """The moments at which a table was told something, with the nights that it is about."""
    query = sa.select(table.c.known_at, table.c.night).where(*where).distinct()
    return ((_second(at), night) for at, night in connection.execute(query))


def _second(moment: datetime) -> datetime:
    return moment.replace(microsecond=0)
