"""Matomo, by its reporting API as anyone may ask it: no account, no token.

``index.php?module=API&method=…&idSite=…&period=month&date=last24`` answers with one entry for each
period, under the period's name, and ``[]`` where it has no data.  Errors come with status 200.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Any
from urllib.parse import unquote, unquote_plus, urlencode, urlsplit, urlunsplit

from connectors.errors import Empty, NotFound, ReadingError, Refused, WrongFormat
from connectors.extraction import Document, Reading
from connectors.locators import MatomoLocator
from connectors.protocol import Found, Protocol, gather
from connectors.selectors import exactly_one, label
from connectors.service import Metric, Page
from connectors.specs.rules import matomo_parameters
from connectors.text.json_text import Body, Location, Place, figures, parse

NAME, VERSION = "matomo", 1

EVENTS = {"category": "Events.getCategory", "action": "Events.getAction"}
"""The method that gives the events, by what their label names."""

SCALARS = {
    "VisitsSummary.getVisits": "nb_visits",
    "VisitsSummary.getUniqueVisitors": "nb_uniq_visitors",
    "VisitsSummary.getActions": "nb_actions",
}
"""Methods that answer with one number and do not name it, and its name."""

DAYS = {"day": "last30", "week": "last52", "month": "last24", "year": "last5"}
"""How far back to ask, by the length of a period; the period that runs is the last one."""

_PERIOD = re.compile(r"[0-9]{4}(-[0-9]{2}){0,2}|[0-9]{4}-[0-9]{2}-[0-9]{2},[0-9]{4}-[0-9]{2}-[0-9]{2}")


def address(page: Page) -> str:
    """The API's address for the first metric of the page."""
    return _addresses(page)[0]


def follow(page: Page, documents: Sequence[Document]) -> tuple[str, ...]:
    """The addresses that the other metrics need and that no document gives yet."""
    received = {each.url for each in documents}
    return tuple(url for url in _addresses(page)[1:] if documents and url not in received)


def read(service_id: str, page: Page, documents: Sequence[Document]) -> Reading:
    """Read every metric of ``page`` on the answer to its own question."""
    answers = {each.url: each for each in documents} | {address(page): documents[0]}
    find = partial(_find, page, answers)
    return gather(service_id, page, f"{NAME}/{VERSION}", documents[0].sha256, find)


def _addresses(page: Page) -> list[str]:
    return list(dict.fromkeys(_address(page, metric) for metric in page.metrics.values()))


def _address(page: Page, metric: Metric) -> str:
    """The API's address for one metric: what the page's address asks for, and what it leaves open."""
    parts = urlsplit(str(page.url))
    path = parts.path if parts.path.endswith(".php") else parts.path.rstrip("/") + "/index.php"
    asked = {name: value for name, value in matomo_parameters(page).items() if name != "token_auth"}
    length = asked.get("period") or metric.periodicity or _counted(metric)
    always = {"module": "API", "method": _method(page, metric), "format": "JSON"}
    usual = {"period": length, "date": DAYS.get(length, "today"), "filter_limit": "-1"}
    return urlunsplit((parts.scheme, parts.netloc, path, urlencode(usual | asked | always, safe=","), ""))


def _counted(metric: Metric) -> str:
    return "year" if metric.period == "calendar_year" else "month"


def _method(page: Page, metric: Metric) -> str:
    event = _locator(metric).event
    return EVENTS[event] if event else matomo_parameters(page).get("method", "VisitsSummary.get")


def _locator(metric: Metric) -> MatomoLocator:
    if not isinstance(metric.locate, MatomoLocator):
        raise TypeError(f"a Matomo page needs a MatomoLocator, not {type(metric.locate).__name__}")
    return metric.locate


def _find(page: Page, answers: Mapping[str, Document], metric: Metric) -> Iterator[Found | ReadingError]:
    document = answers.get(_address(page, metric))
    if document is None:
        raise Empty(f"the answer of {_method(page, metric)} was not received")
    body = parse(document)
    _check(body.value)
    scalar = SCALARS.get(_method(page, metric))
    places = [_place(body, here, _locator(metric), scalar) for here in _entries(body)]
    return figures(body, places, metric)


def _check(value: object) -> None:
    """Refuse an answer that is an error, or nothing."""
    if isinstance(value, dict) and value.get("result") == "error":
        raise Refused(f"Matomo answered: {' '.join(str(value.get('message')).split())[:300]}")
    if value in ([], {}):
        raise Empty("Matomo has no data for these periods")


def _entries(body: Body) -> list[Location]:
    """Where each period's answer stands: under its name, or the whole body when only one was asked for."""
    if isinstance(body.value, dict) and all(_PERIOD.fullmatch(key) for key in body.value):
        return [(key,) for key in body.value]
    return [()]


def _place(body: Body, here: Location, locate: MatomoLocator, scalar: str | None) -> Place | ReadingError:
    """The place of one period's figure; a period without one is reported and costs no other period."""
    when = str(here[0]) if here else None
    value = body.value[when] if when and isinstance(body.value, dict) else body.value
    try:
        inside = _inside(value, locate, scalar)
    except ReadingError as error:
        return type(error)(f"{error}{f' in {when}' if when else ''}")
    # A week is named by its first and last days: the first is enough to date it.
    return Place((*here, *inside), key=when.split(",")[0] if when else None)


def _inside(value: object, locate: MatomoLocator, scalar: str | None) -> Location:
    """Where the figure stands in the answer for one period."""
    if value in ([], {}, None):
        raise Empty("Matomo has no data")
    if locate.label:
        index = _row(value, locate.label)
        return (index, *_column(value[index], locate.value))  # type: ignore[index]
    if scalar == locate.value:
        return _column(value, "value") if isinstance(value, dict) else ()
    return _column(value, locate.value)


def _row(rows: object, wanted: str) -> int:
    """The rank of the row that has a label; labels are written as in a URL."""
    if not isinstance(rows, list):
        raise WrongFormat("Matomo gives no list of events")
    labels = [str(row.get("label", "")) if isinstance(row, dict) else "" for row in rows]
    matches = [index for index, each in enumerate(labels) if label(wanted) in _readings(each)]
    there = ", ".join(repr(unquote_plus(each)[:60]) for each in labels[:10])
    return exactly_one(matches, f"the label {wanted!r} among {there}")


def _readings(written: str) -> set[str]:
    return {label(each) for each in (written, unquote(written), unquote_plus(written))}


def _column(row: Any, name: str) -> Location:
    if not isinstance(row, dict):
        raise WrongFormat(f"Matomo names no figure where {name!r} was expected")
    if name in row:
        return (name,)
    hint = " (Matomo does not count unique visitors over long periods)" if name == "nb_uniq_visitors" else ""
    raise NotFound(f"there is no {name!r}{hint} among {', '.join(repr(key[:60]) for key in list(row)[:10])}")


PROTOCOL = Protocol(NAME, VERSION, read, address, follow)
