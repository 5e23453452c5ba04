"""An HTML page: figures by CSS selector, or by the label that stands beside them.

Offsets are in the *text content* of the document, see :class:`connectors.text.html_tree.Html`.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial

import soupsieve
from bs4.element import Tag

from connectors.errors import Empty, NotFound, ReadingError
from connectors.extraction import Document, Reading
from connectors.locators import HtmlLocator
from connectors.protocol import Found, Protocol, absent, gather, nothing_matched, written
from connectors.selectors import exactly_one, figure_span, trim, words_around
from connectors.service import Metric, Page
from connectors.text.doubts import refuse_doubtful, refuse_unnamed
from connectors.text.html_text import is_whole, parse, sign_of
from connectors.text.html_tree import Html

NAME, VERSION = "html", 3


@dataclass(frozen=True, slots=True)
class Passage:
    """A few characters of a page: verbatim, where in the text content, and where in the tree."""

    exact: str
    start: int
    end: int
    locator: str
    element: Tag


def read(service_id: str, page: Page, documents: Sequence[Document]) -> Reading:
    """Read every metric of ``page`` on the first document."""
    document = documents[0]
    try:
        html = Html(parse(document), whole=is_whole(document))
    except ReadingError as error:
        return absent(service_id, page, error, document.sha256)
    find = partial(_find, html, page.dated, document.sha256)
    reading = gather(service_id, page, f"{NAME}/{VERSION}", document.sha256, find)
    sign = sign_of(html.soup) if nothing_matched(reading) else None
    return absent(service_id, page, sign, document.sha256) if sign else reading


def _find(html: Html, dated: object, sha256: str, metric: Metric) -> Iterator[Found]:
    if not isinstance(metric.locate, HtmlLocator):
        raise TypeError(f"an HTML page needs an HtmlLocator, not {type(metric.locate).__name__}")
    it = _passage(html, metric.locate)
    if metric.locate.attribute:
        refuse_unnamed(html, metric, it.exact, it.element)
    else:
        refuse_doubtful(html, metric, it.exact, it.start, it.end)
    prefix, suffix = words_around(html.content, it.start, it.end)
    date = _passage(html, dated).exact if isinstance(dated, HtmlLocator) else None
    yield Found(sha256, "css", it.locator, it.exact, prefix, suffix, it.start, it.end, written(metric), date)


def _passage(html: Html, locate: HtmlLocator) -> Passage:
    """What a locator designates; an attribute has no place in the text, its element's start stands for it."""
    element = _element(html, locate)
    path = html.path(element)
    first, _ = html.span(element)
    raw = _attribute(element, locate.attribute) if locate.attribute else html.read(element)
    start, end = trim(raw, *(figure_span(locate.pattern, raw) if locate.pattern else (0, len(raw))))
    if start == end:
        raise Empty(f"{path} holds no text")
    if locate.attribute:
        return Passage(raw[start:end], first, first, f"{path}@{locate.attribute}", element)
    start, end = first + start, first + end
    return Passage(html.content[start:end], start, end, path, element)


def _attribute(element: Tag, name: str) -> str:
    value = element.get(name)
    if value is None:
        raise NotFound(f"the element <{element.name}> has no attribute {name!r}")
    return str(value)


def _element(html: Html, locate: HtmlLocator) -> Tag:
    if locate.css:
        return exactly_one(html.select(locate.css), f"the selector {locate.css!r}")
    if not (locate.label and locate.within and locate.value):
        raise TypeError("an HtmlLocator needs `css`, or `label` with `within` and `value`")
    box = _box(html, locate.label, locate.within)
    what = f"the selector {locate.value!r} beside {locate.label!r}"
    return exactly_one(box.select(locate.value), what)


def _box(html: Html, wanted: str, within: str) -> Tag:
    """The nearest box, among those that ``within`` selects, around the element that says ``wanted``."""
    labels = html.labelled(wanted)
    if not labels:
        near = html.nearest(wanted)
        raise NotFound(f"no element says {wanted!r}{f'; the nearest is {near!r}' if near else ''}")
    around = (soupsieve.closest(within, each.parent) for each in labels if each.parent)
    boxes = {id(box): box for box in around if box is not None}
    return exactly_one(list(boxes.values()), f"a box {within!r} around {wanted!r}")


PROTOCOL = Protocol(NAME, VERSION, read)
