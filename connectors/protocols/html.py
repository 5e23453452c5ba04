"""An HTML page: figures by CSS selector, or by the label that stands beside them.

Offsets are in the *text content* of the document, see :class:`Html`.
"""

import codecs
import difflib
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, partial

import soupsieve
from bs4 import BeautifulSoup
from bs4.dammit import EncodingDetector
from bs4.element import CData, NavigableString, Tag

from connectors.errors import Empty, NotAStatisticsPage, NotFound, ReadingError, WrongFormat
from connectors.extraction import Document, Reading
from connectors.protocol import Found, Protocol, absent, gather, written
from connectors.selectors import exactly_one, figure_span, fold, label, trim, words_around
from connectors.service import HtmlLocator, Metric, Page
from connectors.soup import soup_of

NAME, VERSION = "html", 1

ENCODINGS = {
    "utf-8": "utf-8",
    "ascii": "cp1252",  # browsers read ASCII and Latin-1 as Windows-1252
    "iso8859-1": "cp1252",
    "cp1252": "cp1252",
    "iso8859-15": "iso8859-15",
    "utf-16": "utf-16",
    "utf-16-le": "utf-16-le",
    "utf-16-be": "utf-16-be",
}
"""Encodings that a page may announce, by Python's name; any other announcement is not believed."""

_CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w.:-]+)", re.IGNORECASE)
_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_XML_DECLARATION = re.compile(r"\s*<\?xml[^>]*\?>")
_TAG = re.compile(r"<[a-zA-Z!]")
_TEXT = (NavigableString, CData)


@dataclass(frozen=True, slots=True)
class Sign:
    """What tells a page that is no statistics page; the conditions given must all hold.

    ``css`` matches something, ``words`` (a regular expression, in any case) are in the text, and
    the text has at ``most`` so many characters.
    """

    kind: str
    css: str | None = None
    words: str | None = None
    most: int | None = None


SIGNS = (
    Sign("a login page", css="input[type=password i]"),
    Sign("a login page", css=".proconnect-button, .agentconnect-button, .fr-connect"),
    Sign("a login page", css="form:is([action*=connect i], [action*='/realms/'], [action*='/cas/login'])"),
    Sign("a challenge page", words="request unsuccessful|just a moment|checking your browser", most=2000),
    Sign("a challenge page", words="access denied|captcha|incapsula", most=2000),
    Sign("a challenge page", css="meta[name=robots i][content*=noindex i]", most=600),
    Sign("a maintenance page", words="maintenance|(momentanément|temporairement) indisponible", most=1500),
    Sign("an error page", words="page (introuvable|non trouvée|not found)|erreur (404|500|503)", most=2500),
    Sign("an empty page that only a browser fills", css="#root, #app, #__next, #__nuxt, app-root", most=200),
)
"""Pages that answer 200 and are something else.  They only speak when no locator matched at all."""


def texts(element: Tag) -> Iterator[NavigableString]:
    """The text nodes inside ``element``, in document order: no comment, script, style or template."""
    return (node for node in element.descendants if isinstance(node, NavigableString) and type(node) in _TEXT)


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
            if type(node) in _TEXT:
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
    sign = _sign(html.soup) if _nothing_matched(reading) else None
    return absent(service_id, page, sign, document.sha256) if sign else reading


def parse(document: Document) -> BeautifulSoup:
    """The tree of an HTML document.

    Raises:
        WrongFormat: the body is empty, announced as something else, or holds no tag.
    """
    announced = document.content_type.split(";")[0].strip().lower()
    if announced and not re.search(r"html|xml|^text/", announced):
        raise WrongFormat(f"the body is {announced}, not HTML")
    text = _XML_DECLARATION.sub("", decode(document), count=1)
    if not _TAG.search(text):
        raise WrongFormat("the body holds no HTML tag" if text.strip() else "the body is empty")
    return soup_of(text)


def decode(document: Document) -> str:
    """The characters of a page: by the header, the byte order mark, the page, else UTF-8 or Windows-1252."""
    header = _CHARSET.search(document.content_type)
    mark = next((name for bom, name in _MARKS if document.content.startswith(bom)), None)
    inside = EncodingDetector.find_declared_encoding(document.content, is_html=True)
    for announced in (mark, header and header[1], inside):
        encoding = _known(announced)
        if encoding:
            return document.content.decode(encoding, "replace").removeprefix("\ufeff")
    try:
        return document.content.decode()
    except UnicodeDecodeError:
        return document.content.decode("cp1252", "replace")


def _known(announced: str | None) -> str | None:
    try:
        return ENCODINGS.get(codecs.lookup(announced).name) if announced else None
    except LookupError:
        return None


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
        str(node) if type(node) in _TEXT else " "
        for node in element.descendants
        if type(node) in _TEXT or (isinstance(node, Tag) and node.name == "br")
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


def _nothing_matched(reading: Reading) -> bool:
    return not reading.extractions and all(each.reason == NotFound.code for each in reading.absences)


def _sign(soup: BeautifulSoup) -> NotAStatisticsPage | None:
    """The first sign that the page is something else."""
    text = fold(" ".join(texts(soup))).strip()
    sign = next((sign for sign in SIGNS if _shows(sign, soup, text)), None)
    if sign is None:
        return None
    return NotAStatisticsPage(f"the page is {sign.kind}: its {len(text)} characters begin with {text[:80]!r}")


def _shows(sign: Sign, soup: BeautifulSoup, text: str) -> bool:
    return (
        (sign.most is None or len(text) <= sign.most)
        and (sign.words is None or re.search(sign.words, text, re.IGNORECASE) is not None)
        and (sign.css is None or soup.select_one(sign.css) is not None)
    )


PROTOCOL = Protocol(NAME, VERSION, read)
