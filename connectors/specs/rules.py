"""What a service file must mean, beyond its shape: rules that join two keys.

Each rule gives ``(location, sentence)`` for every fault, the location relative to what it was
given.  The shape itself (which keys, which types) is in ``service.py``.
"""

import re
from collections.abc import Callable, Iterator
from urllib.parse import parse_qsl, unquote

import jsonpath_rfc9535
import soupsieve

from connectors.service import (
    CardLocator,
    EmbeddedLocator,
    HtmlLocator,
    JsonLocator,
    Locator,
    MatomoLocator,
    Metric,
    Page,
    SeriesLocator,
    TableLocator,
)

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
}
"""The kind of locator that each protocol reads."""

UNDATED = {
    "metabase": "a Metabase page has no date of its own: name a date column in `locate`",
    "stats_json": "a series has a date in each row: the page has none of its own",
    "matomo": "Matomo dates its figures: the page has no date of its own",
    "table": "a table has no date of its own: name a date column in `locate`",
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

DATASET_PATH = re.compile(r"(?:/[a-z]{2})?(?:/api/[12])?/datasets/(?!r(?:/|$))(?P<dataset>[^/]+)/?")
"""The path of a dataset on data.gouv.fr, as people see it or in its API; ``/datasets/r/…`` is a file."""


def locator_faults(locate: Locator) -> Iterator[Broken]:
    """Whether a locator can be used at all: coherent, and its selectors and patterns compile."""
    if isinstance(locate, HtmlLocator):
        yield from _html_faults(locate)
        yield from _compiled(locate, ("css", "within", "value"), _css_fault)
        yield from _compiled(locate, ("pattern",), _pattern_fault)
    if isinstance(locate, JsonLocator):
        yield from _compiled(locate, ("rows", "value", "date"), _jsonpath_fault)
        if locate.date and not locate.rows:
            yield ("date",), "a date goes with `rows`; for one date for the page, use the page's `dated`"
    if isinstance(locate, CardLocator):
        yield from _compiled(locate, ("pattern",), _pattern_fault)
    if isinstance(locate, EmbeddedLocator):
        yield from _embedded_faults(locate)
        yield from _compiled(locate, ("rows", "path", "date"), _jsonpath_fault)
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


def page_faults(page: Page) -> Iterator[Broken]:
    """Whether the protocol can use the address, and the address asks for what the metrics say."""
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
    for name, metric in page.metrics.items():
        if asked and metric.periodicity != asked:
            yield ("metrics", name, "periodicity"), f"the address asks for figures by {asked!r}"


def _matomo_faults(page: Page) -> Iterator[Broken]:
    asked = matomo_parameters(page)
    if not asked.get("idSite", "").isdecimal():
        yield ("url",), "a Matomo page names one site: …?idSite=<number>"
    if "token_auth" in asked:
        yield ("url",), "no token is sent to Matomo: take `token_auth` out"
    for name, metric in page.metrics.items():
        if metric.periodicity and asked.get("period", metric.periodicity) != metric.periodicity:
            yield ("metrics", name, "periodicity"), f"the address asks for figures by {asked['period']!r}"


def _table_faults(page: Page) -> Iterator[Broken]:
    if DATASET_PATH.fullmatch(page.url.path or "") and "resource" in (page.url.fragment or ""):
        yield ("url",), "one file of a dataset has an address of its own: …/datasets/r/<id>"


PAGE_RULES: dict[str, Callable[[Page], Iterator[Broken]]] = {
    "metabase": _metabase_faults,
    "stats_json": _series_faults,
    "matomo": _matomo_faults,
    "table": _table_faults,
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


def _compiled(locate: Locator, keys: tuple[str, ...], fault: Callable[[str], str | None]) -> Iterator[Broken]:
    for key in keys:
        text = getattr(locate, key)
        sentence = fault(text) if isinstance(text, str) else None
        if sentence:
            yield (key,), sentence


def _css_fault(text: str) -> str | None:
    try:
        soupsieve.compile(text)
    except soupsieve.SelectorSyntaxError as error:
        return f"{text!r} is not a CSS selector: {str(error).splitlines()[0]}"
    return None


def _jsonpath_fault(text: str) -> str | None:
    try:
        jsonpath_rfc9535.compile(text)
    except jsonpath_rfc9535.JSONPathError as error:
        return f"{text!r} is not a JSONPath (RFC 9535): {error}"
    return None


def _pattern_fault(text: str) -> str | None:
    try:
        pattern = re.compile(text)
    except re.error as error:
        return f"{text!r} is not a regular expression: {error}"
    if pattern.groups != 1 or "figure" not in pattern.groupindex:
        return f"{text!r} needs exactly one group, named: (?P<figure>…)"
    return None
