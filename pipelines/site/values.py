"""Values: what is said of one figure over time, and which of it the site shows.

A page that changes every night gives a thousand values in three years, and each value that is shown has
a page of its own.  So the site shows the last one of each of the last thirteen months and of each year,
both ends of each growth, and whatever was said before of the same periods; the rest is in the tables
that can be downloaded.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from warehouse.history import Row
from warehouse.metrics import Figure
from warehouse.publication.publication import Publication
from warehouse.publication.series import history

MONTHS = 13
"""Months of which the last value is shown: a year, and the month to compare it with."""

_PERIOD = ("period_start", "period_end")
_COUNTED = ("unit", "nature", "definition")


@dataclass(frozen=True)
class Values:
    """All that is said of a figure, in time; each row bears its ``state``.

    ``named`` are the ids that other tables lead to.
    The state is ``published``, ``refused`` (by a check), ``withdrawn`` (the page shows it no more) or
    ``replaced`` (by ``replaced_by``, another word on the same period).
    """

    figure: Figure
    rows: Sequence[Row]
    named: frozenset[str]

    @cached_property
    def published(self) -> list[Row]:
        """The last word on each period."""
        return [row for row in self.rows if row["state"] == "published"]

    @cached_property
    def shown(self) -> list[Row]:
        """The published values that the site shows, in time."""
        return self._picked(self.published)

    @cached_property
    def with_pages(self) -> list[Row]:
        """The values that have a page: those shown, what they replaced, what was withdrawn or refused."""
        withdrawn = [row for row in self.rows if row["state"] == "withdrawn"]
        periods = {_period(row) for row in (*self.shown, *self._picked(withdrawn))}
        return [row for row in self.rows if _period(row) in periods or row["id"] in self.named]

    def _picked(self, rows: Sequence[Row]) -> list[Row]:
        over = [row for row in rows if row["complete"]] or rows
        kept = {row["id"] for row in (*_last_of(over, _year), *_recent(over), *rows[-1:])}
        return [row for row in rows if row["id"] in kept | self.named]

    @cached_property
    def alike(self) -> list[Row]:
        """The values shown that one line may join: the same thing counted over periods of one length."""
        if not self.shown:
            return []
        model = _shape(self.shown[-1])
        return [row for row in self.shown if _shape(row) == model and row["complete"]]


def values_of(publication: Publication, published: Row) -> Values:
    """What is said of a figure; ``published`` is its row among the published, with its growth."""
    figure = published["service_id"], published["metric_id"]
    told = history(publication, figure)
    barred = publication.held | publication.withdrawn
    last_words = {_period(row): row["id"] for row in told if row["id"] not in barred}
    rows = [row | _state(publication, row, last_words.get(_period(row))) for row in told]
    ends = {row[name] for row in published["grown"] for name in ("base_observation_id", "observation_id")}
    named = {published["id"], published["last_good_id"], *ends} - {None}
    return Values(figure, rows, frozenset(named))


def _state(publication: Publication, row: Row, last_word: str | None) -> Row:
    state, by = "published", None
    if row["id"] in publication.held:
        state = "refused"
    elif row["id"] in publication.withdrawn:
        state = "withdrawn"
    elif row["id"] != last_word:
        state, by = "replaced", last_word
    return {"state": state, "replaced_by": by}


def _recent(rows: Sequence[Row]) -> Iterator[Row]:
    if rows:
        last = _month(rows[-1])
        yield from (row for row in _last_of(rows, _month) if last - _month(row) < MONTHS)


def _last_of(rows: Iterable[Row], part: Any) -> Iterable[Row]:
    return {part(row): row for row in rows}.values()


def _year(row: Row) -> int:
    return int(row["period_end"].year)


def _month(row: Row) -> int:
    return int(row["period_end"].year * 12 + row["period_end"].month)


def _period(row: Row) -> tuple[date | None, date]:
    return row["period_start"], row["period_end"]


def _shape(row: Row) -> tuple[Any, ...]:
    start, end = row["period_start"], row["period_end"]
    months = None if start is None else round((end - start).days / 30.4)
    return (*(row[name] for name in _COUNTED), months)
