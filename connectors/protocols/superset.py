"""A Superset dashboard, as far as its Public role shows it: no account, no key, nothing but GET.

``GET /api/v1/dashboard/{id or slug}/charts`` lists the charts, in ``{result: [{id, slice_name}]}``; one
more request, ``GET /api/v1/chart/{id}/data/``, for each chart that a metric names gives its data, by the
query that was saved with it: the filters of the dashboard are not applied.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from functools import partial
from urllib.parse import urlsplit, urlunsplit

from connectors.drift.likeness import nearest
from connectors.errors import Empty, NotFound, ReadingError, WrongFormat
from connectors.extraction import Document, Reading
from connectors.locators import ChartLocator
from connectors.protocol import Found, Protocol, absent, gather
from connectors.selectors import exactly_one, label
from connectors.service import Metric, Page
from connectors.specs.rules import SUPERSET_PATH
from connectors.superset.data import places
from connectors.superset.refusal import refusal
from connectors.text.json_text import Body, figures, parse

NAME, VERSION = "superset", 1

Charts = Sequence[tuple[str, int]]
"""The charts of a dashboard, in its order: title as labels are compared, and id."""


def address(page: Page) -> str:
    """The API's list of the charts that people see at ``page.url``.

    Raises:
        ValueError: it is no address of a dashboard; the catalogue refuses such a page.
    """
    shown = _shown(page)
    return _api(page, f"dashboard/{shown['key']}/charts")


def follow(page: Page, documents: Sequence[Document]) -> tuple[str, ...]:
    """The data of each chart that a metric names and that no document gives yet."""
    charts: Charts = ()
    with suppress(ReadingError):
        charts = _charts(parse(documents[0])) if documents else ()
    wanted = [url for metric in page.metrics.values() for url in _certain(page, charts, _locator(metric))]
    received = {each.url for each in documents}
    return tuple(dict.fromkeys(url for url in wanted if url not in received))


def read(service_id: str, page: Page, documents: Sequence[Document]) -> Reading:
    """Read every metric of ``page`` on the list of charts (first document) and their data."""
    first = documents[0]
    try:
        charts = _charts(parse(first, refusal))
    except ReadingError as error:
        return absent(service_id, page, error, first.sha256)
    find = partial(_find, page, charts, {each.url: each for each in documents[1:]})
    return gather(service_id, page, f"{NAME}/{VERSION}", first.sha256, find)


def _shown(page: Page) -> Mapping[str, str]:
    match = SUPERSET_PATH.fullmatch(page.url.path or "")
    if not match:
        raise ValueError(f"{page.url} is no address of a Superset dashboard")
    shown: Mapping[str, str] = match.groupdict()
    return shown


def _api(page: Page, path: str) -> str:
    parts = urlsplit(str(page.url))
    return urlunsplit((parts.scheme, parts.netloc, f"{_shown(page)['prefix']}/api/v1/{path}", "", ""))


def _data_of(page: Page, chart: int) -> str:
    return _api(page, f"chart/{chart}/data/")


def _certain(page: Page, charts: Charts, locate: ChartLocator) -> list[str]:
    """The data of the only chart that a metric may mean; what is wrong with it is told by :func:`read`.

    Where no chart has the title any more, those of the likest titles: they are what a mend compares.
    """
    titles = [title for title, _ in charts]
    wanted = [label(locate.chart)] if label(locate.chart) in titles else nearest(locate.chart, titles)
    return [_data_of(page, chart) for title, chart in charts if title in wanted and titles.count(title) == 1]


def _charts(body: Body) -> list[tuple[str, int]]:
    result = body.value.get("result") if isinstance(body.value, dict) else None
    if not isinstance(result, list):
        raise WrongFormat("the answer is not a Superset dashboard: it has no list of charts")
    charts: list[tuple[str, int]] = []
    for each in result:
        match each:
            # slice_id before Superset 2
            case {"slice_name": str() as title, "id": int() as chart}:
                charts.append((label(title), chart))
            case {"slice_name": str() as title, "slice_id": int() as chart}:
                charts.append((label(title), chart))
    return charts


def _locator(metric: Metric) -> ChartLocator:
    if not isinstance(metric.locate, ChartLocator):
        raise TypeError(f"a Superset page needs a ChartLocator, not {type(metric.locate).__name__}")
    return metric.locate


def _find(
    page: Page, charts: Charts, received: Mapping[str, Document], metric: Metric
) -> Iterator[Found | ReadingError]:
    locate = _locator(metric)
    document = received.get(_data_of(page, _chart(charts, locate)))
    if document is None:
        raise Empty(f"the chart {locate.chart!r} is on the dashboard, but its data were not received")
    body = parse(document, refusal)
    return figures(body, places(body, locate), metric)


def _chart(charts: Charts, locate: ChartLocator) -> int:
    matches = [chart for title, chart in charts if title == label(locate.chart)]
    if not matches:
        there = ", ".join(repr(title) for title, _ in charts[:10]) or "none"
        raise NotFound(f"no chart is entitled {locate.chart!r}; the dashboard has: {there}")
    return exactly_one(matches, f"the chart title {locate.chart!r}")


PROTOCOL = Protocol(NAME, VERSION, read, address, follow, refusal)
