"""An HTML page: figures by CSS selector, or by the label that stands beside them.

Offsets are in the *text content* of the document, see :class:`Html`.
"""

import difflib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, partial

import soupsieve
from bs4 import BeautifulSoup
from bs4.element import NavigableString, Tag

from connectors.errors import Empty, NotFound, ReadingError, WrongFormat
from connectors.extraction import Document, Reading
from connectors.protocol import Found, Protocol, absent, gather, nothing_matched, written
from connectors.selectors import exactly_one, figure_span, label, trim, words_around
from connectors.service import HtmlLocator, Metric, Page
from connectors.text.html_text import TEXT, parse, sign_of, texts

NAME, VERSION = "html", 1


class Html:
    """A parsed document, its text content, and where each of its nodes begins in it.

    The text content is the concatenation, in document order and without anything between them, of
    all text nodes: no comment, no script, no style, no template, whose contents nobody reads.
    """

    def __init__(self, soup: BeautifulSoup) -> None:
        self.soup = soup
        self.starts: dict[int, int] = {}
        self.ids: Counter[object] = Counter()
        self._selected: dict[str, list[Tag]] = {}
        pieces: list[str] = []
        length = 0
        for node in soup.descendants:
            self.starts[id(node)] = length
            if type(node) in TEXT:
                pieces.append(str(node))
                length += len(pieces[-1])
            elif isinstance(node, Tag) and node.get("id"):
                self.ids[node["id"]] += 1
        self.content = "".join(pieces)

    @cached_property
    def said(self) -> list[tuple[str, NavigableString]]:
        """Every text that says something, as labels are compared; each metric looks through them."""
        return [(words, node) for node in texts(self.soup) if (words := label(node))]

    def span(self, element: Tag) -> tuple[int, int]:
        """Where the text of ``element`` stands in the text content."""
        start = self.starts[id(element)]
        return start, start + sum(len(text) for text in texts(element))

    def select(self, css: str) -> list[Tag]:
        """What a selector matches; the metrics of a page often share one."""
        if css not in self._selected:
            self._selected[css] = list(self.soup.select(css))
        return self._selected[css]

    def path(self, element: Tag) -> str:
        """A CSS selector that matches ``element`` alone: from the nearest unique id, else from the root.

        One step for each level, by name and rank, so nothing else can match; whether the names survive
        in CSS is checked.

        Raises:
            WrongFormat: they do not.
        """
        path = " > ".join(reversed(list(_steps(element, self.ids))))
        if not soupsieve.match(path, element):
            raise WrongFormat(f"the place {path!r} cannot be written as a CSS selector")
        return path


@dataclass(frozen=True, slots=True)
class Passage:
    """A few characters of a page: verbatim, where in the text content, and where in the tree."""

    exact: str
    start: int
    end: int
    locator: str


def read(service_id: str, page: Page, documents: Sequence[Document]) -> Reading:
    """Read every metric of ``page`` on the first document."""
    document = documents[0]
    try:
        html = Html(parse(document))
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
    prefix, suffix = words_around(html.content, it.start, it.end)
    date = _passage(html, dated).exact if isinstance(dated, HtmlLocator) else None
    yield Found(sha256, "css", it.locator, it.exact, prefix, suffix, it.start, it.end, written(metric), date)


def _passage(html: Html, locate: HtmlLocator) -> Passage:
    """What a locator designates; an attribute has no place in the text, its element's start stands for it."""
    element = _element(html, locate)
    path = html.path(element)
    first, last = html.span(element)
    raw = _attribute(element, locate.attribute) if locate.attribute else html.content[first:last]
    start, end = trim(raw, *(figure_span(locate.pattern, raw) if locate.pattern else (0, len(raw))))
    if start == end:
        raise Empty(f"{path} holds no text")
    if locate.attribute:
        return Passage(raw[start:end], first, first, f"{path}@{locate.attribute}")
    return Passage(raw[start:end], first + start, first + end, path)


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
    labels = _labelled(html, label(wanted))
    if not labels:
        raise NotFound(f"no element says {wanted!r}{_nearest(html, wanted)}")
    around = (soupsieve.closest(within, each.parent) for each in labels if each.parent)
    boxes = {id(box): box for box in around if box is not None}
    return exactly_one(list(boxes.values()), f"a box {within!r} around {wanted!r}")


def _labelled(html: Html, wanted: str) -> list[Tag]:
    """The innermost elements whose whole text is ``wanted``.

    Each begins with a text that ``wanted`` begins with: from there, climb while the text is no longer.
    """
    found: dict[int, Tag] = {}
    for begins, node in html.said:
        if wanted.startswith(begins):
            element = _climb(node, wanted)
            if element is not None:
                found[id(element)] = element
    return list(found.values())


def _climb(node: NavigableString, wanted: str) -> Tag | None:
    for element in node.parents:
        text = _as_read(element)
        if text == wanted:
            return element
        if len(text) > len(wanted):
            return None
    return None


def _as_read(element: Tag) -> str:
    """The text of an element as a label; a line break inside it separates words."""
    pieces = (
        str(node) if type(node) in TEXT else " "
        for node in element.descendants
        if type(node) in TEXT or (isinstance(node, Tag) and node.name == "br")
    )
    return label("".join(pieces))


def _nearest(html: Html, wanted: str) -> str:
    near = difflib.get_close_matches(label(wanted), {words for words, _ in html.said}, n=1, cutoff=0.75)
    return f"; the nearest is {near[0]!r}" if near else ""


def _steps(element: Tag, ids: Counter[object]) -> Iterator[str]:
    for node in (element, *element.parents):
        if node.parent is None:
            return
        name = node.get("id")
        if name and ids[name] == 1:
            yield f"#{soupsieve.escape(str(name))}"
            return
        yield _step(node)


def _step(node: Tag) -> str:
    name = soupsieve.escape(node.name)
    before = len(node.find_previous_siblings(node.name))
    alone = not before and node.find_next_sibling(node.name) is None
    return name if alone else f"{name}:nth-of-type({before + 1})"


PROTOCOL = Protocol(NAME, VERSION, read)
