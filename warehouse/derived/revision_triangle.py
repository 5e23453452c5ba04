"""Revision triangle: what was said of each period of a metric, and by when.

A row for each period, a column for each day on which something new was said, and in each cell what
stood for that period at the end of that day.  Along a row the past is seen to change, with the kind
and the reason of each change; a column is what somebody knew who looked on that day.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

import sqlalchemy as sa

from warehouse.history import MOMENT, Row
from warehouse.night import paris_day
from warehouse.restatements import events
from warehouse.tables import observations

Period = tuple[date | None, date]
"""First and last day described; no first day means since launch."""


@dataclass(frozen=True, slots=True)
class Word:
    """One thing that was said of a period.

    ``value`` is None where the page took it back; ``kind`` and ``reason`` are those of the restatement,
    None for what was said first and for what a running period grew to.
    """

    known_at: datetime
    value: Decimal | None
    text: str | None
    observation_id: str | None
    kind: str | None
    reason: str | None

    @property
    def said_on(self) -> date:
        """The day, in Paris, on which it was said."""
        return paris_day(self.known_at)


@dataclass(frozen=True, slots=True)
class Triangle:
    """Every word on every period, in the order of the periods, oldest word first."""

    service_id: str
    metric_id: str
    words: Mapping[Period, Sequence[Word]]

    @property
    def days(self) -> tuple[date, ...]:
        """The days on which something was said: the columns."""
        return tuple(sorted({word.said_on for words in self.words.values() for word in words}))

    def cell(self, period: Period, day: date) -> Word | None:
        """What stood for a period at the end of a day; None when nothing had been said yet."""
        said = [word for word in self.words.get(period, ()) if word.said_on <= day]
        return said[-1] if said else None

    def rows(self) -> list[tuple[Period, tuple[Word | None, ...]]]:
        """The table: each period with its cell for each of ``days``."""
        days = self.days
        return [(period, tuple(self.cell(period, day) for day in days)) for period in self.words]


def revision_triangle(connection: sa.Connection, service_id: str, metric_id: str, at: datetime) -> Triangle:
    """The triangle of a metric as known at a moment; empty when nothing was ever said of it."""
    query = (
        sa.select(observations)
        .where(observations.c.service_id == service_id, observations.c.metric_id == metric_id)
        .where(observations.c.known_at < at + MOMENT)
    )
    restated = events(connection, service_id, metric_id, at)
    causes = {row["new_observation_id"]: row for row in restated if row["new_observation_id"]}
    words: dict[Period, list[Word]] = {}
    for row in map(dict, connection.execute(query).mappings()):
        words.setdefault(_period(row), []).append(_said(row, causes.get(row["id"])))
    for event in restated:
        if event["new_observation_id"] is None:
            words.setdefault(_period(event), []).append(_taken_back(event))
    periods = sorted(words, key=lambda period: (period[1], period[0] or date.min))
    return Triangle(service_id, metric_id, {one: sorted(words[one], key=_when) for one in periods})


def _said(row: Row, cause: Row | None) -> Word:
    kind, reason = (cause["kind"], cause["reason"]) if cause else (None, None)
    return Word(
        known_at=row["known_at"],
        value=row["value"],
        text=row["text"],
        observation_id=row["id"],
        kind=kind,
        reason=reason,
    )


def _taken_back(event: Row) -> Word:
    return Word(event["known_at"], None, None, None, event["kind"], event["reason"])


def _period(row: Row) -> Period:
    return row["period_start"], row["period_end"]


def _when(word: Word) -> datetime:
    return word.known_at
