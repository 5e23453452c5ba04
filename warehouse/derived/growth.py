"""Growth: each metric at the end of a year, beside the end of the year before.

The figure "at 31 December" is the one that the page showed that day, or on the nearest
night within ``TOLERANCE`` on which we saw it; the note then says which.  What was held
back, said to be unavailable, or seen too far from the date gives a refusal with its
reason, never a growth.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa

from connectors.service import Metric, Service
from warehouse.derived.comparison import Figure, Rule, compare
from warehouse.errors import NotComparable
from warehouse.held_back import held_ids
from warehouse.history import MOMENT, Row, append_changes
from warehouse.night import Night
from warehouse.observations import has_fixed_periods, witnesses
from warehouse.tables import growth, observations, refusals

TOLERANCE = timedelta(days=31)
RULE: Rule = "truncate"
_KEY = ("service_id", "metric_id", "period", "base_period")


@dataclass(frozen=True, slots=True)
class Standing:
    """The observation that stood at a date, and the day on which it was seen nearest to it."""

    row: Row
    seen_on: date


def derive(connection: sa.Connection, services: Mapping[str, Service], night: Night) -> int:
    """Compare, year on year, every metric of these services as known this night; return the rows added."""
    held = held_ids(connection, night.at)
    grown: list[Row] = []
    refused: list[Row] = []
    for service in services.values():
        for metric_id, metric in service.metrics.items():
            series = _Series(connection, service.id, metric_id, metric, night, held)
            for outcome in series.years():
                (grown if "display" in outcome else refused).append(outcome)
    ids = list(services)
    added = append_changes(connection, growth, _KEY, grown, night.at, growth.c.service_id.in_(ids))
    return added + append_changes(
        connection, refusals, _KEY, refused, night.at, refusals.c.service_id.in_(ids)
    )


class _Series:
    """One metric of one service, as known at one moment."""

    def __init__(
        self,
        connection: sa.Connection,
        service_id: str,
        metric_id: str,
        metric: Metric,
        night: Night,
        held: frozenset[str],
    ) -> None:
        self.connection = connection
        self.about = {"service_id": service_id, "metric_id": metric_id}
        self.metric = metric
        self.night = night
        self.held = held

    def years(self) -> Iterable[Row]:
        """A growth or a refusal for each year that is over and has something at both ends."""
        first: date | None = self.connection.scalar(self._select(sa.func.min(observations.c.period_end)))
        if first is None:
            return
        if not has_fixed_periods(self.metric):
            first -= TOLERANCE  # a figure first seen in January may stand for the end of the year before
        for year in range(first.year + 1, self.night.day.year + 1):
            if date(year, 12, 31) <= self.night.day:
                yield self._year(year)

    def _year(self, year: int) -> Row:
        about = self.about | {"period": str(year), "base_period": str(year - 1)}
        try:
            base, now = self._at_end_of(year - 1), self._at_end_of(year)
            comparison = compare(_figure(base.row), _figure(now.row), rule=RULE)
        except NotComparable as error:
            return about | {"reason": error.code, "sentence": str(error)}
        return about | {
            "base_observation_id": base.row["id"],
            "observation_id": now.row["id"],
            "kind": comparison.kind,
            "value": comparison.value,
            "low": comparison.low,
            "high": comparison.high,
            "display": comparison.display,
            "rule": comparison.rule,
            "note": _note((year - 1, base), (year, now)),
        }

    def _at_end_of(self, year: int) -> Standing:
        """The observation that stands for the end of a year.

        Raises:
            NotComparable: nothing was seen near enough, or what was seen was refused.
        """
        day = date(year, 12, 31)
        standing = self._own_period(day) if has_fixed_periods(self.metric) else self._seen_near(day)
        if standing is None:
            raise NotComparable("no_data", f"Aucun relevé autour du 31 décembre {year}.")
        if standing.row["id"] in self.held:
            raise NotComparable(
                "held_back", f"Le relevé du {standing.seen_on:%d/%m/%Y} est retenu par un contrôle."
            )
        if self.metric.nature == "flow" and not _covers(standing, year):
            raise NotComparable("period", f"Le relevé ne couvre pas l'année {year} entière.")
        return standing

    def _own_period(self, day: date) -> Standing | None:
        row = self._latest(observations.c.period_end.between(day - TOLERANCE, day))
        return Standing(row, row["period_end"]) if row else None

    def _seen_near(self, day: date) -> Standing | None:
        # In January the count of a year has begun anew: what comes after the day says nothing of it.
        last = day if self.metric.nature == "flow" else day + TOLERANCE
        nights = witnesses(
            self.connection,
            self.about["service_id"],
            self.night,
            day - TOLERANCE,
            last,
            self.about["metric_id"],
        )
        if not nights:
            return None
        nearest = min(nights, key=lambda night: (abs(night - day), night))
        row = self._latest(observations.c.period_end <= nearest)
        return Standing(row, nearest) if row else None

    def _latest(self, *where: sa.ColumnElement[bool]) -> Row | None:
        newest = (observations.c.period_end.desc(), observations.c.known_at.desc())
        query = self._select(observations).where(*where).order_by(*newest).limit(1)
        row = self.connection.execute(query).mappings().first()
        return dict(row) if row else None

    def _select(self, *what: sa.Table | sa.ColumnElement[Any]) -> sa.Select[Any]:
        return sa.select(*what).where(
            observations.c.service_id == self.about["service_id"],
            observations.c.metric_id == self.about["metric_id"],
            observations.c.known_at < self.night.at + MOMENT,
        )


def _covers(standing: Standing, year: int) -> bool:
    """True when a count goes from 1 January to (nearly) 31 December: what was seen last tells how far."""
    last = date(year, 12, 31)
    return bool(
        standing.row["period_start"] == date(year, 1, 1) and last - TOLERANCE <= standing.seen_on <= last
    )


def _figure(row: Row) -> Figure:
    return Figure(row["value"], row["low"], row["high"], row["qualifier"], row["unit"], row["nature"])


def _note(*ends: tuple[int, Standing]) -> str | None:
    """In words, the days that stand for a 31 December they are not."""
    other = [
        f"relevé du {end.seen_on:%d/%m/%Y} pour fin {year}"
        for year, end in ends
        if end.seen_on != date(year, 12, 31)
    ]
    return " ; ".join(other) or None
