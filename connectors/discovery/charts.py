"""Series that a page carries for its charts, or lays out in tables: one proposal for each that is dated."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from bs4 import BeautifulSoup
from bs4.element import Tag

from connectors.discovery.blocks import is_furniture
from connectors.discovery.locators import verify
from connectors.discovery.meaning import guess_series
from connectors.discovery.periods import dated, is_month, latest, when
from connectors.discovery.proposal import Proposal
from connectors.discovery.tables import is_no_column, is_no_table
from connectors.discovery.texts import HEADINGS
from connectors.embedded.charts import DSFR
from connectors.embedded.data import Carried, Series, Text
from connectors.embedded.sources import SOURCES
from connectors.embedded.tables import is_total
from connectors.errors import ReadingError
from connectors.extraction import Document, Extraction
from connectors.locators import EmbeddedLocator, EmbeddedSource
from connectors.selectors import fold, label
from connectors.text.html_text import decode

CHARTS: tuple[EmbeddedSource, ...] = (
    "chartkick", "plotly", "chart_js", "dsfr_chart", "data_series", "table",
)  # fmt: skip
MOST, MOST_CATEGORIES = 24, 8
"""Series of a page that are looked into; categories of a chart that are shown one by one."""

CONFIDENCE = {"a dated series": 0.6, "the one value of a chart": 0.5, "a category of a chart": 0.35}


class _Offer(NamedTuple):
    label: str
    locator: EmbeddedLocator
    reason: str


class Charted(NamedTuple):
    """Proposals from series, and every number that they hold, as printed: the page may print them again."""

    proposals: tuple[Proposal, ...]
    exacts: frozenset[str]


def propose_charts(document: Document, soup: BeautifulSoup, *, categories: bool = False) -> Charted:
    """The dated series and the single values; with ``categories``, those of the other charts instead."""
    page = Text(decode(document).replace("\0", "\ufffd"))
    offers = [each for each in _offers(page, soup) if (each.reason == "a category of a chart") == categories]
    given = verify(document, "embedded", {f"m{i}": each.locator for i, each in enumerate(offers[:MOST])})
    proposals: dict[tuple[str, ...], Proposal] = {}
    for i, offer in enumerate(offers[:MOST]):
        points = given.get(f"m{i}", [])
        found = _shown(points)
        if found:  # a chart and the table under it say one thing twice
            proposals.setdefault(tuple(each.exact for each in points), _proposal(offer, found, points))
    exacts = frozenset(each.exact for points in given.values() for each in points)
    return Charted(tuple(proposals.values()), exacts)


def _shown(points: Sequence[Extraction]) -> Extraction | None:
    """The point of the latest date, or the only one."""
    if len(points) == 1:
        return points[0]
    at = latest([each.period_text for each in points])
    return None if at is None else points[at]


def _offers(page: Text, soup: BeautifulSoup) -> Iterator[_Offer]:
    for source in CHARTS:
        found = list(SOURCES[source].find(page))
        count = Counter(name for each in found if isinstance(each, Carried) for name in each.names if name)
        for rank, data in enumerate(found, 1):
            if isinstance(data, Carried) and _is_chart(soup, source, rank):
                name = next((each for each in data.names if count[each] == 1), None)
                chart = (name or rank) if len(found) > 1 else None
                title = _title(soup, source, rank, data)
                yield from _of_chart(EmbeddedLocator(source=source, chart=chart), data, title)


def _of_chart(where: EmbeddedLocator, data: Carried, title: str) -> Iterator[_Offer]:
    """The series of one chart; of a table the columns, else the lines, whichever are dated."""
    make = SOURCES[where.source].series
    try:
        every = list(make(data.value)) if make else []
    except (ReadingError, IndexError):
        return
    columns = [each for each in every if not each.line]
    dated = [each for each in columns if _dated(each)] or [each for each in every if _dated(each)]
    dated = [each for each in dated if is_total(each.name)] or dated
    for series in dated:
        if not is_no_column(series.name):
            several = len(columns) > 1 or series.line
            named = {"series": series.name} if several else {}
            locator = where.model_copy(update={**named, "date": True})
            yield _Offer(_label(title, series.name, apart=several), locator, "a dated series")
    if not dated and where.source != "table":
        yield from _undated(where, columns, title)


def _undated(where: EmbeddedLocator, columns: Sequence[Series], title: str) -> Iterator[_Offer]:
    for series in columns:
        named = {"series": series.name} if len(columns) > 1 else {}
        if len(series.points) == 1:
            single = where.model_copy(update=named)
            yield _Offer(_label(title, series.name), single, "the one value of a chart")
            continue
        for name, _ in series.points[:MOST_CATEGORIES]:
            if name and not is_month(name):
                locator = where.model_copy(update={**named, "row": name})
                yield _Offer(_label(title, series.name, name), locator, "a category of a chart")


def _dated(series: Series) -> bool:
    dates = [text for text, _ in series.points if not is_total(text or "")]
    return bool(dates) and all(map(when, dates))


def _label(*parts: str, apart: bool = False) -> str:
    """The parts that add something, the chart's title first.

    The last part leads when it is to tell figures ``apart`` whose title says it as well.
    """
    said: list[str] = []
    for part in map(label, parts):
        if part and not any(part.casefold() in before.casefold() for before in said):
            said.append(part)
    last = label(parts[-1])
    return ", ".join([last, *said] if apart and last and last not in said else said)


# ------------------------------------------------------------------------------ on the page


def _elements(soup: BeautifulSoup, source: str) -> list[Tag]:
    """The elements that hold the data of a source, in the order of their ranks."""
    match source:
        case "table":
            return list(soup.find_all("table"))
        case "dsfr_chart":
            return list(soup.find_all(DSFR))
        case "data_series":
            return list(soup.select("[data-series]"))
        case _:
            return []


def _is_chart(soup: BeautifulSoup, source: str, rank: int) -> bool:
    """Whether a table is one of figures; a table inside another one makes ranks uncertain."""
    if source != "table":
        return True
    tables = _elements(soup, source)
    if any(each.find("table") for each in tables) or rank > len(tables):
        return False
    table = tables[rank - 1]
    return not is_no_table(table) and not any(is_furniture(each) for each in (table, *table.parents))


def _title(soup: BeautifulSoup, source: str, rank: int, data: Carried) -> str:
    """What the page says a chart shows: its caption, else the heading above it."""
    held = _elements(soup, source)
    element = held[rank - 1] if rank <= len(held) else None
    if element is None:
        element = next((each for name in data.names if (each := soup.find(id=name))), None)
    if element is None:
        return next(iter(data.names[1:]), "")
    figure = element.find_parent("figure")
    caption = element.find("caption") or (figure.find("figcaption") if figure else None)
    heading = caption or element.find_previous(HEADINGS)
    return fold(heading.get_text()).strip() if heading else ""


def _proposal(offer: _Offer, found: Extraction, points: Sequence[Extraction]) -> Proposal:
    meaning = guess_series(f"{offer.label} {found.exact}", dated=len(points) > 1)
    return Proposal(
        label=offer.label or "série",
        exact=found.exact,
        locator=offer.locator,
        notation=found.notation,
        around=offer.label,
        unit_words="",
        confidence=CONFIDENCE[offer.reason],
        reasons=(offer.reason,),
        points=dated(points),
        **meaning._asdict(),
    )
