"""What a service file must mean, beyond its shape: rules that join two keys.

Each rule gives ``(location, sentence)`` for every fault, the location relative to what it was
given.  The shape itself (which keys, which types) is in ``service.py``.
"""

import re
from collections.abc import Callable, Iterator
from urllib.parse import parse_qsl, urlsplit

import jsonpath_rfc9535
import soupsieve

from connectors.service import CardLocator, HtmlLocator, JsonLocator, Metric, Page

Locator = HtmlLocator | JsonLocator | CardLocator
Broken = tuple[tuple[str | int, ...], str]
"""A rule that is broken: where, and what to say."""

KINDS: dict[str, type[Locator]] = {"html": HtmlLocator, "json": JsonLocator, "metabase": CardLocator}
"""The kind of locator that each protocol reads."""

DASHBOARD_PATH = re.compile(
    r"(?P<prefix>/?.*?)/public/dashboard/(?P<uuid>[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})/?"
)
"""The path at which people see a Metabase public dashboard; the instance may live under a prefix."""


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
    """Whether a Metabase address is one we can turn into its API."""
    if page.protocol != "metabase":
        return
    parts = urlsplit(str(page.url))
    if not DASHBOARD_PATH.fullmatch(parts.path):
        yield ("url",), "a Metabase page is …/public/dashboard/<uuid>"
    filters = [name for name, value in parse_qsl(parts.query) if value and name != "tab"]
    if filters:
        yield (
            ("url",),
            f"the filter {filters[0]!r} would not be applied: figures are those of the whole dashboard",
        )


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
        sentence = fault(text) if text is not None else None
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
