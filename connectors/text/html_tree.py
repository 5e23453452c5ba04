"""An HTML page as a tree whose every character has a place.

Offsets are in the *text content* of the document, see :class:`Html`.
"""

import difflib
import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import cached_property
from itertools import takewhile

import soupsieve
from bs4 import BeautifulSoup
from bs4.element import NavigableString, Tag

from connectors.errors import WrongFormat
from connectors.selectors import label
from connectors.text.html_text import TEXT, texts

INLINE = frozenset({
    "a", "abbr", "b", "bdi", "bdo", "cite", "code", "data", "dfn", "em", "font", "i", "ins", "kbd", "mark",
    "q", "s", "samp", "small", "span", "strong", "sub", "sup", "time", "u", "var",
})  # fmt: skip
"""Elements that break no line: what stands before and after them is read in one go."""

_CARRIES_NOTE = re.compile(r"(?:[^\W\d_]{3}|[%€)\d])(?<!\b10)\s*$")
"""What a raised number is a note of; behind "m" it is part of a unit, behind "10" a power."""


class Html:
    """A parsed document, its text content, and where each of its nodes begins in it.

    The text content is the concatenation, in document order and without anything between them, of
    all text nodes: no comment, no script, no style, no template, whose contents nobody reads.
    ``whole`` says whether the body ended as a page does; else its last text may have gone on.
    """

    def __init__(self, soup: BeautifulSoup, *, whole: bool = True) -> None:
        self.soup = soup
        self.whole = whole
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

    @cached_property
    def _texts(self) -> tuple[list[int], list[NavigableString]]:
        """Every text that has a character, and the offset of its first one."""
        nodes = [node for node in texts(self.soup) if node]
        return [self.starts[id(node)] for node in nodes], nodes

    def text_at(self, offset: int) -> NavigableString:
        """The text that holds the character at ``offset`` of the text content."""
        offsets, nodes = self._texts
        return nodes[bisect_right(offsets, offset) - 1]

    def span(self, element: Tag) -> tuple[int, int]:
        """Where the text of ``element`` stands in the text content."""
        start = self.starts[id(element)]
        return start, start + sum(len(text) for text in texts(element))

    def read(self, element: Tag) -> str:
        """The text of ``element``, with a space in the place of each character of a note."""
        return "".join(" " * len(text) if self._is_behind(text) else text for text in texts(element))

    def _is_behind(self, text: NavigableString) -> bool:
        """Whether a text is the number of a note behind what can have one."""
        start = self.starts[id(text)]
        return _is_note(text) and _CARRIES_NOTE.search(self.content[max(0, start - 9) : start]) is not None

    def pieces(self, start: int, end: int) -> list[NavigableString]:
        """The texts of a span that say something."""
        offsets, nodes = self._texts
        inside = nodes[bisect_right(offsets, start) - 1 : bisect_right(offsets, end - 1)]
        return [text for text in inside if text.strip()]

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

    def labelled(self, wanted: str) -> list[Tag]:
        """The innermost elements whose whole text is ``wanted``, as labels are compared.

        Each begins with a text that ``wanted`` begins with: from there, climb while the text is no longer.
        """
        wanted = label(wanted)
        found: dict[int, Tag] = {}
        for begins, node in self.said:
            if wanted.startswith(begins):
                element = _climb(node, wanted)
                if element is not None:
                    found[id(element)] = element
        return list(found.values())

    def nearest(self, wanted: str) -> str | None:
        """The text of the page that is most like ``wanted``, if one is."""
        said = {words for words, _ in self.said}
        return next(iter(difflib.get_close_matches(label(wanted), said, n=1, cutoff=0.75)), None)

    def line(self, start: int, end: int) -> tuple[str, str]:
        """The characters before and after a span that are read in one go with it.

        A label of its own that touches it ("Appels depuis 2024" | "96,4 M") is set apart by style: before
        the span, it ends the line.
        """
        first, last = self.text_at(start), self.text_at(max(start, end - 1))
        begins, ends = self.starts[id(first)], self.starts[id(last)] + len(last)
        before = takewhile(lambda text: not _is_label(text, first), _in_line(first, first.previous_elements))
        after = _in_line(last, last.next_elements)
        return (
            "".join(reversed(list(before))) + self.content[begins:start],
            self.content[end:ends] + "".join(after),
        )

    def sentence(self, start: int, end: int) -> str:
        """What the text around a span says, without that of the elements beside its own."""
        first, last = self.text_at(start), self.text_at(max(start, end - 1))
        begins, ends = self.starts[id(first)], self.starts[id(last)] + len(last)
        around = (*_in_line(first, first.previous_elements), *_in_line(last, last.next_elements))
        said = [text for text in around if _holds(text, first)]
        return label(" ".join([self.content[begins:start], self.content[end:ends], *said]))


def as_read(element: Tag) -> str:
    """The text of an element as a label; a line break inside it separates words."""
    pieces = (
        str(node) if type(node) in TEXT else " "
        for node in element.descendants
        if type(node) in TEXT or (isinstance(node, Tag) and node.name == "br")
    )
    return label("".join(pieces))


def are_one(text: NavigableString, other: NavigableString) -> bool:
    """Whether two texts of one line, the other behind, look alike: parts of one element, or of two such."""
    holder, beside = text.parent, other.parent
    if holder is None or beside is None:
        return False
    siblings = holder.parent is beside.parent and holder.name == beside.name
    alike = holder is beside or (siblings and holder.get("class") == beside.get("class"))
    return alike and any(each is other for each in _in_line(text, text.next_elements))


def _climb(node: NavigableString, wanted: str) -> Tag | None:
    for element in node.parents:
        text = as_read(element)
        if text == wanted:
            return element
        if len(text) > len(wanted):
            return None
    return None


def _holds(text: NavigableString, other: NavigableString) -> bool:
    """Whether the element of ``text`` holds the other text as well."""
    return any(each is text.parent for each in other.parents)


def _is_label(text: NavigableString, beside: NavigableString) -> bool:
    return not _holds(text, beside) and any(character.isalpha() for character in text)


def _in_line(text: NavigableString, others: Iterable[object]) -> Iterator[NavigableString]:
    """The texts among ``others``, up to where a line ends."""
    block = _block(text)
    for other in others:
        if isinstance(other, Tag):
            if other is block or (other.name not in INLINE and other.name not in ("script", "style")):
                return
        elif isinstance(other, NavigableString) and type(other) in TEXT:
            if _block(other) is not block:
                return
            if not _is_note(other):
                yield other


def _is_note(text: NavigableString) -> bool:
    """Whether it is the number of a note, which stands raised behind a word or a figure."""
    raised = any(each.name in ("sup", "sub") for each in text.parents)
    return raised and text.strip(" ()[]").isdigit()


def _block(text: NavigableString) -> Tag | None:
    return next((each for each in text.parents if each.name not in INLINE), None)


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
