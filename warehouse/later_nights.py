"""Later nights: those on record already that must speak again when an older one is told after them."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date, datetime

import sqlalchemy as sa

from connectors.service import Service
from warehouse.errors import UnknownPeriod
from warehouse.extractions import SAME_BODY
from warehouse.figure_history import Period, Word
from warehouse.metrics import Figure
from warehouse.night import Night
from warehouse.normalisation.periods import period_of
from warehouse.tables import extractions, snapshots

_Known = tuple[date, datetime]
"""A night, and when its page was known."""

_CHUNK = 400
"""Nights whose dates are looked up together; the very next one, which mostly speaks, is looked up alone."""


class LaterNights:
    """The nights after one on which some word of it may be said otherwise; none when nights come in order.

    A night speaks of a period when its page shows a row of that period or of one before it: it then says
    the period again, or withdraws it.  A chart that moved on says nothing of what it left behind.
    """

    def __init__(self, connection: sa.Connection, services: Mapping[str, Service], night: Night) -> None:
        self.connection = connection
        self.services = services
        self.night = night
        self.last = night.day
        self.newest = connection.scalar(sa.select(sa.func.max(snapshots.c.night)))
        self.known: dict[Figure, list[_Known]] = {}

    def next(self, words: Collection[Word]) -> Night | None:
        """The first night after the last one given that speaks of one of these words."""
        if self.newest is None or self.newest <= self.last:
            return None
        found = [first for word in words if (first := next(self._speaking(*word), None))]
        if not found:
            return None
        self.last, at = min(found)
        return Night(self.last, max(at, self.night.at))

    def services_of(self, words: Collection[Word]) -> dict[str, Service]:
        """The service files that these words are about."""
        about = {service_id for (service_id, _), _ in words}
        return {key: service for key, service in self.services.items() if key in about}

    def _speaking(self, figure: Figure, period: Period | None) -> Iterator[_Known]:
        nights = [known for known in self._nights(figure) if known[0] > self.last]
        if period is None:
            yield from nights
            return
        for chunk in (nights[:1], *(nights[at : at + _CHUNK] for at in range(1, len(nights), _CHUNK))):
            first_shown = self._first_shown(figure, chunk)
            yield from (known for known in chunk if first_shown[known[0]] <= period[1])

    def _nights(self, figure: Figure) -> list[_Known]:
        """The nights whose page shows the figure, in order, each with the moment it was known."""
        if figure not in self.known:
            query = (
                sa.select(snapshots.c.night, sa.func.max(snapshots.c.known_at))
                .join(extractions, SAME_BODY)
                .where(snapshots.c.night > self.night.day, *_about(figure))
                .group_by(snapshots.c.night)
                .order_by(snapshots.c.night)
            )
            self.known[figure] = [(day, at) for day, at in self.connection.execute(query)]
        return self.known[figure]

    def _first_shown(self, figure: Figure, nights: Sequence[_Known]) -> dict[date, date]:
        """For each night, the end of the first period that its page shows of a figure."""
        query = (
            sa.select(snapshots.c.night, extractions.c.period_text)
            .join(extractions, SAME_BODY)
            .where(snapshots.c.night.in_([day for day, _ in nights]), *_about(figure))
            .distinct()
        )
        first: dict[date, date] = {}
        for day, text in self.connection.execute(query):
            first[day] = min(self._end(figure, day, text), first.get(day, date.max))
        return first

    def _end(self, figure: Figure, day: date, text: str | None) -> date:
        """The end of a row's period; a row that tells none may be of any."""
        metric = self.services[figure[0]].on(day).metrics.get(figure[1])
        try:
            return period_of(metric, day, text).end if metric else date.min
        except UnknownPeriod:
            return date.min


def _about(figure: Figure) -> tuple[sa.ColumnElement[bool], ...]:
    return extractions.c.service_id == figure[0], extractions.c.metric_id == figure[1]
