"""Series: one metric of one service as known at one moment, and what it said at a date or over months.

A figure "at a date" is the one that the page showed that day, or on the nearest night within a
stated tolerance; a flow "over months" is one observation of these months, or the sum of those that
cover them without gap or overlap.  What stands for something it is not exactly says so in words.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa
from dateutil.relativedelta import relativedelta

from connectors.service import Metric
from warehouse.derived.comparison import Figure, add
from warehouse.derived.refusals import refusal
from warehouse.errors import NotComparable
from warehouse.figure_history import WORDS
from warehouse.history import MOMENT, Row
from warehouse.night import Night
from warehouse.observations import has_fixed_periods, nearest_witness
from warehouse.tables import observations

TOLERANCE = timedelta(days=31)
YEAR = 12
"""Months."""

_DAY = timedelta(days=1)

_LAST_WORD = WORDS.limit(1)
_LAST_WORD_OVER = _LAST_WORD.where(observations.c.complete.is_(True))
"""Made once: each night asks them for both ends of each period that it compares."""


@dataclass(frozen=True, slots=True)
class Measure:
    """What a metric said for a day, or for the days until it.

    ``parts`` are the ids of the observations behind the figure, several where they are added up;
    ``seen_on`` is the day that stands for the one asked; ``days`` is how many a flow covers.
    ``note`` (French) says what is not exactly as asked.
    """

    figure: Figure
    parts: tuple[str, ...]
    seen_on: date
    note: str | None = None
    days: int = 0


class Series:
    """One metric of one service, as known at one moment.

    Args:
        connection: the warehouse.
        about: the ids of the service and of the metric.
        metric: what the service file declares of it.
        night: the moment, and the last day that may be asked of.
        barred: ids of observations that may not be used, under the reason:
            ``held_back`` or ``withdrawn``.
        tolerance: how far from a day the reading that stands for it may be.
    """

    def __init__(
        self,
        connection: sa.Connection,
        about: tuple[str, str],
        metric: Metric,
        night: Night,
        barred: Mapping[str, Collection[str]],
        tolerance: timedelta = TOLERANCE,
    ) -> None:
        self.connection = connection
        self.service_id, self.metric_id = about
        self.metric = metric
        self.night = night
        self.barred = barred
        self.tolerance = tolerance
        self.measured: dict[tuple[date, int | None], Measure | NotComparable] = {}

    def first_day(self) -> date | None:
        """The last day of the first period observed; None when nothing was."""
        first: date | None = self.connection.scalar(self._select(sa.func.min(observations.c.period_end)))
        return first

    def measure(self, day: date, months: int | None = YEAR) -> Measure:
        """The metric at a day; for a flow, over the months that end on it.

        ``months`` None takes a flow over its own period (a month, thirty days, the year so far).

        Raises:
            NotComparable: nothing was seen near enough, or what was seen may not be used.
        """
        if (day, months) not in self.measured:
            self.measured[day, months] = self._measure(day, months)
        found = self.measured[day, months]
        if isinstance(found, NotComparable):
            raise found
        return found

    def _measure(self, day: date, months: int | None) -> Measure | NotComparable:
        """The measure of a day, or why there is none: the end of a year is the beginning of the next."""
        try:
            if day > self.night.day:
                raise refusal("not_yet", f"{day:%d/%m/%Y}")
            if self.metric.nature == "flow" and months is not None:
                return self.over(day + _DAY - relativedelta(months=months), day)
            return self._at(day)
        except NotComparable as error:
            return error

    def _at(self, day: date) -> Measure:
        row, seen_on = self._own_period(day) if has_fixed_periods(self.metric) else self._seen_near(day)
        self._require_usable(row, seen_on)
        days = (seen_on - row["period_start"]).days + 1 if row["period_start"] else 0
        return Measure(_figure(row), (row["id"],), seen_on, _other_day(seen_on, day), days)

    def over(self, first: date, last: date) -> Measure:
        """The flow of these days, first and last included.

        Raises:
            NotComparable: what was observed does not cover these days, or may not be used.
        """
        tiles = self._tiles(first, last)
        if tiles:
            return self._added(tiles, first, last)
        if has_fixed_periods(self.metric):
            raise self._nothing_over(last)
        row, seen_on = self._seen_near(last)
        self._require_usable(row, seen_on)
        if not self._counts_from(row, first, last):
            raise refusal("period", _span(first, last), f"{first:%d/%m/%Y}")
        days = (seen_on - first).days + 1
        return Measure(_figure(row), (row["id"],), seen_on, _other_day(seen_on, last), days)

    def _counts_from(self, row: Row, first: date, last: date) -> bool:
        """True when a running count began on the first day, or moves on and is as long as these days."""
        rolling = self.metric.period == "last_12_months"
        twelve_months = last + _DAY - relativedelta(months=YEAR) == first
        return bool(row["period_start"] == first or (rolling and twelve_months))

    # --- sums ------------------------------------------------------------------------------

    def _tiles(self, first: date, last: date) -> list[Row]:
        """The observations that cover these days end to end; none at all when there are none within them.

        Raises:
            NotComparable: there are some, and they leave a gap.
        """
        within = self._last_words(first, last)
        tiles: list[Row] = []
        day = first
        while within and day <= last:
            row = max((one for one in within if one["period_start"] == day), key=_end, default=None)
            if row is None:
                raise refusal("period", _span(first, last), f"{day:%d/%m/%Y}")
            tiles.append(row)
            day = row["period_end"] + _DAY
        return tiles

    def _last_words(self, first: date, last: date) -> list[Row]:
        """The last word on each period that lies within these days and is over."""
        within = (observations.c.period_start >= first, observations.c.period_end <= last)
        query = self._select(observations).where(*within).order_by(observations.c.known_at, observations.c.id)
        words = {
            (row["period_start"], row["period_end"]): dict(row)
            for row in self.connection.execute(query).mappings()
        }
        return [row for row in words.values() if row["complete"]]

    def _added(self, tiles: list[Row], first: date, last: date) -> Measure:
        for row in tiles:
            self._require_usable(row, row["period_end"])
        note = f"{_span(first, last)} : somme de {len(tiles)} relevés" if len(tiles) > 1 else None
        parts = tuple(row["id"] for row in tiles)
        return Measure(add([_figure(row) for row in tiles]), parts, last, note, (last - first).days + 1)

    # --- one observation -------------------------------------------------------------------

    def _own_period(self, day: date) -> tuple[Row, date]:
        """The last period that was over when the page told it: an unfinished one stands for none."""
        row = self._latest(day - self.tolerance, day, _LAST_WORD_OVER)
        if row is None:
            raise self._nothing_over(day)
        return row, row["period_end"]

    def _nothing_over(self, day: date) -> NotComparable:
        """The refusal where no period that is over was told around a day."""
        if self._latest(day - self.tolerance, day):
            return refusal("unfinished", _when(day).capitalize())
        return refusal("no_data", _around(day))

    def _seen_near(self, day: date) -> tuple[Row, date]:
        # A count begins anew: what comes after the day says nothing of it.
        last = day if self.metric.nature == "flow" else day + self.tolerance
        figure, within = (self.service_id, self.metric_id), (day - self.tolerance, min(last, self.night.day))
        nearest = nearest_witness(self.connection, figure, self.night, day, *within)
        row = self._latest(date.min, nearest) if nearest else None
        if row is None or nearest is None:
            raise refusal("no_data", _around(day))
        return row, nearest

    def _require_usable(self, row: Row, seen_on: date) -> None:
        for reason, ids in self.barred.items():
            if row["id"] in ids:
                raise refusal(reason, f"{seen_on:%d/%m/%Y}")

    def _latest(self, first: date, last: date, query: sa.Select[Any] = _LAST_WORD) -> Row | None:
        """The last word on the last period that ends between two days."""
        about = {"service_id": self.service_id, "metric_id": self.metric_id, "before": self.night.at + MOMENT}
        row = self.connection.execute(query, about | {"first": first, "last": last}).mappings().first()
        return dict(row) if row else None

    def _select(self, *what: sa.Table | sa.ColumnElement[Any]) -> sa.Select[Any]:
        return sa.select(*what).where(
            observations.c.service_id == self.service_id,
            observations.c.metric_id == self.metric_id,
            observations.c.known_at < self.night.at + MOMENT,
        )


def as_total(flow: Measure, total: Measure) -> Measure:
    """A flow told as a part of the total that its metric is declared to add to."""
    told = replace(flow.figure, definition=total.figure.definition)
    return replace(flow, figure=told, parts=(*total.parts, *flow.parts))


def _figure(row: Row) -> Figure:
    return Figure(
        value=row["value"],
        low=row["low"],
        high=row["high"],
        qualifier=row["qualifier"],
        unit=row["unit"],
        nature=row["nature"],
        definition=row["definition"] or "",
    )


def _end(row: Row) -> date:
    end: date = row["period_end"]
    return end


# --- in words -----------------------------------------------------------------------------


def _is_year_end(day: date) -> bool:
    return (day.month, day.day) == (12, 31)


def _other_day(seen_on: date, day: date) -> str | None:
    """In words, the day that stands for another."""
    if seen_on == day:
        return None
    return f"relevé du {seen_on:%d/%m/%Y} pour {_when(day)}"


def _when(day: date) -> str:
    return f"fin {day.year}" if _is_year_end(day) else f"le {day:%d/%m/%Y}"


def _around(day: date) -> str:
    return f"autour du 31 décembre {day.year}" if _is_year_end(day) else f"autour du {day:%d/%m/%Y}"


def _span(first: date, last: date) -> str:
    if _is_year_end(last) and first == date(last.year, 1, 1):
        return f"l'année {last.year} entière"
    return f"la période du {first:%d/%m/%Y} au {last:%d/%m/%Y}"
