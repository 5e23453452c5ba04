"""What a service file must mean, beyond its shape: rules that join two keys.

Each rule gives ``(location, sentence)`` for every fault, the location relative to what it was
given.  The shape itself (which keys, which types) is in ``service.py``.
"""

import re
from collections.abc import Callable, Iterator
from urllib.parse import parse_qsl, unquote

from connectors.locators import (
    BY_KEY,
    CardLocator,
    ChartLocator,
    EmbeddedLocator,
    HtmlLocator,
    JsonLocator,
    Locator,
    MatomoLocator,
    SeriesLocator,
    TableLocator,
)
from connectors.service import Metric, Page, Service
from connectors.specs.first_page import first_faults
from connectors.specs.patterns import css_fault, jsonpath_fault, pattern_fault

Broken = tuple[tuple[str | int, ...], str]
"""A rule that is broken: where, and what to say."""

KINDS: dict[str, type[Locator]] = {
    "html": HtmlLocator,
    "json": JsonLocator,
    "metabase": CardLocator,
    "stats_json": SeriesLocator,
    "matomo": MatomoLocator,
    "table": TableLocator,
    "embedded": EmbeddedLocator,
    "superset": ChartLocator,
}
"""The kind of locator that each protocol reads."""

UNDATED = {
    "metabase": "a Metabase page has no date of its own: name a date column in `locate`",
    "stats_json": "a series has a date in each row: the page has none of its own",
    "matomo": "Matomo dates its figures: the page has no date of its own",
    "table": "a table has no date of its own: name a date column in `locate`",
    "superset": "a Superset page has no date of its own: name a date column in `locate`",
    "embedded": "the page's data carry their dates: say `date` in `locate`",
}
"""What to say when a page is given a ``dated`` that its protocol does not know."""

METABASE_PATH = re.compile(
    r"(?P<prefix>(?:/[^/]+)*?)/(?P<access>public|embed)/(?P<shows>dashboard|question)/"
    r"(?P<key>[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}|[\w-]+\.[\w-]+\.[\w-]+)/?"
)
"""The path at which people see a dashboard or a question of Metabase; the instance may live under a prefix.

The key is a UUID, or the token (RFC 7519) of an embedding.
"""

SUPERSET_PATH = re.compile(r"(?P<prefix>(?:/[^/]+)*?)/superset/dashboard/(?P<key>(?!p(?:/|$))[^/]+)/?")
"""The path at which people see a dashboard of Superset, by id or slug; ``p`` begins a shared link."""

DATASET_PATH = re.compile(r"(?:/[a-z]{2})?(?:/api/[12])?/datasets/(?!r(?:/|$))(?P<dataset>[^/]+)/?")
"""The path of a dataset on data.gouv.fr, as people see it or in its API; ``/datasets/r/…`` is a file."""


def locator_faults(locate: Locator) -> Iterator[Broken]:
    """Whether a locator can be used at all: coherent, and its selectors and patterns compile."""
    if isinstance(locate, HtmlLocator):
        yield from _html_faults(locate)
        yield from _compiled(locate, ("css", "within", "value"), css_fault)
        yield from _compiled(locate, ("pattern",), pattern_fault)
    if isinstance(locate, JsonLocator):
        yield from _queries_faults(locate, "value")
        if locate.date and not locate.rows:
            yield ("date",), "a date goes with `rows`; for one date for the page, use the page's `dated`"
    if isinstance(locate, CardLocator):
        yield from _compiled(locate, ("pattern",), pattern_fault)
    if isinstance(locate, EmbeddedLocator):
        yield from _embedded_faults(locate)
        yield from _queries_faults(locate, "path")
    if isinstance(locate, MatomoLocator) and bool(locate.event) != bool(locate.label):
        yield (), "`event` (category or action) and its `label` go together"
    if isinstance(locate, TableLocator) and bool(locate.column) == bool(locate.value):
        yield (), "either `column`, or `value` (an indicateur of the national schema), is required"


def metric_faults(metric: Metric, page_dated: bool) -> Iterator[Broken]:
    """Whether nature, period, date and bounds agree."""
    flow, dated = metric.nature == "flow", metric.period == "dated"
    has_date = page_dated or bool(getattr(metric.locate, "date", None))
    if flow and not metric.period:
        yield ("period",), "field required for a flow: over which period is it counted?"
    if metric.period and not flow:
        yield ("period",), f"only a flow has a period; a {metric.nature} has none"
    if dated and not metric.periodicity:
        yield ("periodicity",), "field required when the period is 'dated': how long is one period?"
    if metric.periodicity and not dated and not has_date:
        yield ("periodicity",), "only a figure with its own date has a periodicity"
    if dated and not has_date:
        yield ("period",), "'dated' needs a date: `date` in the locator, or `dated` on the page"
    low, high = metric.expect.min, metric.expect.max
    if low is not None and high is not None and low > high:
        yield ("expect", "min"), f"{low} is above max ({high})"


def service_faults(service: Service) -> Iterator[Broken]:
    """Whether each flow that adds to a total finds it in this service, in its unit, and alone."""
    adders: dict[str, str] = {}
    for index, page in enumerate(service.pages):
        for name, metric in page.metrics.items():
            if metric.adds_to is None:
                continue
            here = ("pages", index, "metrics", name, "adds_to")
            total = service.metrics.get(metric.adds_to)
            natures = (metric.nature, total.nature if total else None)
            if natures != ("flow", "cumulative") or total is None or total.unit != metric.unit:
                yield here, "a flow adds to a cumulative metric of this service, in the same unit"
            elif adders.setdefault(metric.adds_to, name) != name:
                yield here, f"{adders[metric.adds_to]!r} already adds to {metric.adds_to!r}"


def page_faults(page: Page) -> Iterator[Broken]:
    """Whether the protocol can use the address, and the address asks for what the metrics say."""
    yield from first_faults(page)
    if page.first and page.first.frame:
        return  # the address is that of the page around the one to be read
    yield from PAGE_RULES.get(page.protocol, _no_faults)(page)


def _no_faults(page: Page) -> Iterator[Broken]:  # noqa: ARG001
    yield from ()


def _metabase_faults(page: Page) -> Iterator[Broken]:
    path, query = page.url.path or "/", page.url.query or ""
    shown = METABASE_PATH.fullmatch(path)
    if shown and shown["access"] == "embed":
        yield ("url",), "the token of an embedding soon expires: give the page that embeds it"
    elif not shown and re.search(r"/(public|embed)/(dashboard|question)\b|/(dashboard|question)/\d", path):
        yield ("url",), "a Metabase address ends in …/public/dashboard/<uuid> or …/public/question/<uuid>"
    filters = [name for name, value in parse_qsl(query) if shown and value and name != "tab"]
    if filters:
        yield (
            ("url",),
            f"the filter {filters[0]!r} would not be applied: figures are those of the whole dashboard",
        )
    yield from _cards_faults(page, shown["shows"] if shown else "page")


def _cards_faults(page: Page, shows: str) -> Iterator[Broken]:
    """What a card's locator must say depends on what the address shows."""
    for name, metric in page.metrics.items():
        here = ("metrics", name, "locate")
        if not isinstance(metric.locate, CardLocator):
            continue
        if shows == "dashboard" and not metric.locate.card and not metric.locate.pattern:
            yield (*here, "card"), "field required: the card's title"
        if shows != "page" and metric.locate.dashboard:
            yield (*here, "dashboard"), "only for a page that embeds several: this address is one itself"


def _series_faults(page: Page) -> Iterator[Broken]:
    asked = dict(parse_qsl(page.url.query or "")).get("periodicity")
    yield from _no_quarters(page)
    for name, metric in page.metrics.items():
        if asked and metric.periodicity != asked:
            yield ("metrics", name, "periodicity"), f"the address asks for figures by {asked!r}"


def _no_quarters(page: Page) -> Iterator[Broken]:
    for name, metric in page.metrics.items():
        if metric.periodicity == "quarter":
            yield ("metrics", name, "periodicity"), f"{page.protocol} counts by day, week, month or year"


def _matomo_faults(page: Page) -> Iterator[Broken]:
    asked = matomo_parameters(page)
    if not asked.get("idSite", "").isdecimal():
        yield ("url",), "a Matomo page names one site: …?idSite=<number>"
    if "token_auth" in asked:
        yield ("url",), "no token is sent to Matomo: take `token_auth` out"
    yield from _no_quarters(page)
    for name, metric in page.metrics.items():
        if metric.periodicity and asked.get("period", metric.periodicity) != metric.periodicity:
            yield ("metrics", name, "periodicity"), f"the address asks for figures by {asked['period']!r}"


def _superset_faults(page: Page) -> Iterator[Broken]:
    if not SUPERSET_PATH.fullmatch(page.url.path or ""):
        yield ("url",), "a Superset dashboard is at …/superset/dashboard/<id or slug>/"
    asked = [
        name for name, _ in parse_qsl(page.url.query or "") if "filter" in name and name != "show_filters"
    ]
    if asked:
        yield ("url",), f"{asked[0]!r} would not be applied: figures are those of the charts as saved"


def _table_faults(page: Page) -> Iterator[Broken]:
    if DATASET_PATH.fullmatch(page.url.path or "") and "resource" in (page.url.fragment or ""):
        yield ("url",), "one file of a dataset has an address of its own: …/datasets/r/<id>"


PAGE_RULES: dict[str, Callable[[Page], Iterator[Broken]]] = {
    "metabase": _metabase_faults,
    "stats_json": _series_faults,
    "matomo": _matomo_faults,
    "table": _table_faults,
    "superset": _superset_faults,
}


def matomo_parameters(page: Page) -> dict[str, str]:
    """What the address of a Matomo page asks for.

    An address of its API is kept as it is.  That of its interface says twice which site it shows, in the
    query and in the fragment; they may differ, and the query counts.  The days that it shows are those
    of whoever copied it, and are left out.
    """
    query = dict(parse_qsl(page.url.query or ""))
    if query.get("module") == "API":
        return query
    both = dict(parse_qsl(unquote(page.url.fragment or "").lstrip("/?"))) | query
    return {name: both[name] for name in ("idSite", "segment", "token_auth") if name in both}


STATES = ("next_data", "next_flight", "nuxt", "variable", "json_script", "ld_json")
"""The sources of :class:`EmbeddedLocator` that have no series: they are read by path."""


def _embedded_faults(locate: EmbeddedLocator) -> Iterator[Broken]:
    if locate.source in STATES and not locate.path:
        yield ("path",), f"field required: the JSONPath of the figure in {locate.source}"
    if locate.source == "table" and locate.path:
        yield ("path",), "a table is read by `series` (its column) and `row`"
    for key in ("series", "row"):
        if locate.path and getattr(locate, key):
            yield (key,), "either `path`, or `series` and `row`, not both"
    if locate.row and locate.date:
        yield ("row",), "either one `row`, or all of them with their `date`"
    if locate.rows and not locate.path:
        yield ("rows",), "rows go with `path`, the figure in each of them"
    if isinstance(locate.date, str) and not locate.rows:
        yield ("date",), "the path of a date goes with `rows`; a chart or table has `date: true`"
    if locate.date is True and locate.path:
        yield ("date",), "with `path`, the date is a JSONPath, relative to the row"


def _html_faults(locate: HtmlLocator) -> Iterator[Broken]:
    if locate.css and locate.label:
        yield ("label",), "either `css` or `label`, not both"
    if not locate.css and not locate.label:
        yield (), "`css`, or `label` with `within` and `value`, is required"
    for key in ("within", "value"):
        if locate.label and not getattr(locate, key):
            yield (key,), "field required with `label`"
        if getattr(locate, key) and not locate.label:
            yield (key,), "only goes with `label`"


def _queries_faults(locate: JsonLocator | EmbeddedLocator, value: str) -> Iterator[Broken]:
    """Whether the queries of rows, and of the value and the date in each, compile."""
    date = () if locate.date == BY_KEY else ("date",)
    yield from _compiled(locate, ("rows", value, *date), jsonpath_fault)


def _compiled(locate: Locator, keys: tuple[str, ...], fault: Callable[[str], str | None]) -> Iterator[Broken]:
    for key in keys:
        text = getattr(locate, key)
        sentence = fault(text) if isinstance(text, str) else None
        if sentence:
            yield (key,), sentence
