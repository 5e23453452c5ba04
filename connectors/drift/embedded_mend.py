"""Mending the locator of data that a page carries: a key, a series, a point or a chart of another name.

A page may also carry its data in another way from one day to the next, with another framework or another
library of charts: every way of the same kind is looked through.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from connectors.drift.json_places import name, places
from connectors.drift.last_seen import LastSeen, Mend, Understand
from connectors.drift.offers import Offer, chosen
from connectors.embedded.data import Carried, Series, Text
from connectors.embedded.sources import SOURCES
from connectors.errors import ReadingError
from connectors.extraction import Document
from connectors.locators import EmbeddedLocator, JsonLocator
from connectors.service import Page
from connectors.text.html_text import decode


@dataclass(frozen=True, slots=True)
class _Lost:
    """The locator that finds nothing, and what the figure is called where that names nothing."""

    locate: EmbeddedLocator
    called: str

    @property
    def name(self) -> str:
        """What the page called the figure."""
        said = (self.locate.chart, self.locate.series, self.locate.row)
        return " ".join(each for each in said[1:] if each) or str(said[0] or self.called)


def mend_embedded(
    page: Page, metric_id: str, seen: LastSeen, documents: Sequence[Document], understand: Understand
) -> Mend | None:
    """Where a figure stands now in the data of a page; see :func:`connectors.drift.mend.mend`."""
    metric = page.metrics[metric_id]
    if not isinstance(metric.locate, EmbeddedLocator):
        return None
    text = Text(decode(documents[0]).replace("\0", "\ufffd"))
    offers = _offers(_Lost(metric.locate, metric.label), text)
    return chosen(page, metric_id, seen, documents, understand, offers)


def _offers(lost: _Lost, text: Text) -> Iterator[Offer]:
    by_path = lost.locate.path is not None
    alike = [each for each, source in SOURCES.items() if by_path or source.series is not None]
    for source in sorted(alike, key=lambda each: each != lost.locate.source):
        every = list(SOURCES[source].find(text))
        count = Counter(each for data in every if isinstance(data, Carried) for each in data.names[:1])
        for rank, data in enumerate(every, 1):
            if isinstance(data, Carried):
                own = next((each for each in data.names[:1] if each and count[each] == 1), None)
                chart = (own or rank) if len(every) > 1 else None
                where = EmbeddedLocator.model_validate({"source": source, "chart": chart})
                yield from (_by_path if by_path else _by_series)(lost, where, data)


def _by_path(lost: _Lost, where: EmbeddedLocator, data: Carried) -> Iterator[Offer]:
    date = lost.locate.date if isinstance(lost.locate.date, str) else None
    old = JsonLocator(value=lost.locate.path or "$", rows=lost.locate.rows, date=date)
    if isinstance(lost.locate.chart, str) and where.chart:  # the same query in a chart of another name
        yield Offer(
            lost.locate.model_copy(update={"chart": where.chart}), lost.locate.chart, str(where.chart)
        )
    for each in places(old, data.value):
        said = {"path": each.value, "rows": each.rows, "date": each.date}
        yield Offer(where.model_copy(update=said), name(old), name(each))


def _by_series(lost: _Lost, where: EmbeddedLocator, data: Carried) -> Iterator[Offer]:
    every = _series(where, data)
    alone = sum(not each.line for each in every) == 1
    for series in every:
        named = {} if alone and not series.line else {"series": series.name}
        for row in _rows(lost.locate, series):
            new = where.model_copy(update={**named, "row": row, "date": lost.locate.date})
            yield Offer(new, lost.name, _called(lost, new, series))


def _series(where: EmbeddedLocator, data: Carried) -> list[Series]:
    make = SOURCES[where.source].series
    try:
        return list(make(data.value)) if make else []
    except (ReadingError, IndexError):  # a chart that cannot be drawn costs no other
        return []


def _rows(old: EmbeddedLocator, series: Series) -> list[str | None]:
    """The points that may be the one: none is named where all are read, or where there is only one."""
    if old.date or (old.row is None and len(series.points) == 1):
        return [None]
    return [text for text, _ in series.points if text]


def _called(lost: _Lost, new: EmbeddedLocator, series: Series) -> str:
    """What the page calls a place, in the terms in which the old one was named."""
    old = lost.locate
    said = [series.name if old.series else None, new.row if old.row else None]
    return " ".join(each for each in said if each) or str(
        (new.chart if old.chart else None) or series.name or lost.called
    )
