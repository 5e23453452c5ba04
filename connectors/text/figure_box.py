"""The box of a figure: the smallest part of a page that holds the figure and the words that name it.

Redesigns move figures; the words beside a figure say which one it is.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bs4.element import NavigableString, Tag

from connectors.selectors import label
from connectors.text.figure_pattern import CHANGE, FIGURE, SCALE
from connectors.text.html_text import texts
from connectors.text.html_tree import Html

LONGEST = 600
"""Characters of the words of a box: what a longer text says is about more than one figure."""

_NAME = re.compile(r"[^\W\d_]{3,}")
_SCALE = re.compile(SCALE)
_OUTERMOST = frozenset(("body", "html", "main", "[document]"))


@dataclass(frozen=True, slots=True)
class Box:
    """The ``element`` around a figure and the ``words`` in it that are not the figure."""

    element: Tag
    words: str

    def says(self, anchor: str) -> bool:
        """Whether the words of ``anchor`` stand in the box, in any case, as words."""
        wanted = re.escape(label(anchor).casefold())
        return re.search(rf"(?<!\w){wanted}(?!\w)", self.words.casefold()) is not None


def box_of(html: Html, start: int, end: int, holder: Tag | None = None) -> Box | None:
    """The box of the figure at a span of the text content; none when no words can be said to be its own.

    It is the smallest element around the figure that holds a name beside it.  If that is hardly more than
    a unit ("12 RDV"), it is the next one that holds more, as long as no other figure stands there, and
    unless it is one of several like it, which are boxes of their own.  Where figures and names are
    children of one element, each figure belongs to its neighbour, if they take turns.

    A figure that an attribute holds has no characters; its ``holder`` is where the search begins.
    """
    found = _smallest(html, start, end, holder or html.text_at(start).parent)
    if found is None or len(found.words) > LONGEST:
        return None
    others = list(_other_figures(html, found.element, start, end))
    if others and not _in_a_sentence(html, start, end):
        return _neighbours(html, found.element, start, end)
    return found if others else _grown(html, found, start, end)


def _smallest(html: Html, start: int, end: int, holder: Tag | None) -> Box | None:
    for element in (holder, *holder.parents) if holder else ():
        if element.name in _OUTERMOST:
            return None
        first, last = html.span(element)
        if last >= end and _names(words := _words(html, element, first, start, end)):
            return Box(element, words)
    return None


def _words(html: Html, element: Tag, first: int, start: int, end: int) -> str:
    """What an element says beside the figure, a space between two texts, without how much it changed."""
    pieces: list[str] = []
    for text in texts(element):
        last = first + len(text)
        if not CHANGE.fullmatch(label(text)):
            before = html.content[first : max(first, min(last, start))]
            pieces += [before, html.content[min(last, max(first, end)) : last]]
        first = last
    return label(" ".join(piece for piece in pieces if piece))


def _names(words: str) -> bool:
    return _NAME.search(_SCALE.sub("", words)) is not None


def _other_figures(html: Html, element: Tag, start: int, end: int) -> Iterator[NavigableString]:
    """The texts that are nothing but another figure."""
    for text in texts(element):
        at = html.starts[id(text)]
        said = label(text) if at >= end or at + len(text) <= start else ""
        if FIGURE.fullmatch(said) and not CHANGE.fullmatch(said):
            yield text


def _in_a_sentence(html: Html, start: int, end: int) -> bool:
    """Whether the figure stands among words, not beside them."""
    return _names(html.sentence(start, end))


def _grown(html: Html, box: Box, start: int, end: int) -> Box:
    """A larger box, while the words are hardly more than a unit."""
    while len(box.words.split()) < 3 and not _one_of_several(box.element):
        around = box.element.parent
        if around is None or around.name in _OUTERMOST:
            return box
        first, last = html.span(around)
        words = _words(html, around, first, start, end)
        beside = html.content[first:start] + html.content[end:last]
        if len(words) > LONGEST or re.search(r"\d", beside) or any(_other_figures(html, around, start, end)):
            return box
        box = Box(around, words)
    return box


def _one_of_several(element: Tag) -> bool:
    """Whether it has a sibling of its kind: same name and same class, or a list's or a table's."""
    siblings = (*element.find_previous_siblings(element.name), *element.find_next_siblings(element.name))
    kind = element.get("class")
    return element.name in ("li", "tr") or bool(kind and any(each.get("class") == kind for each in siblings))


def _neighbours(html: Html, element: Tag, start: int, end: int) -> Box | None:
    """The child that holds the figure with the words of its neighbour, in an element of names and figures.

    Which neighbour is known only when they take turns: name, figure, name, figure; or the other way.
    """
    kinds = [(child, kind) for child in element.children if (kind := _kind(child))]
    turns = "".join(kind for _, kind in kinds)
    if turns != turns[:2] * (len(turns) // 2) or turns[:2] not in ("nf", "fn"):
        return None
    for rank, (child, kind) in enumerate(kinds):
        if kind == "f" and isinstance(child, Tag) and _holds(html, child, start, end):
            return Box(child, _text(kinds[rank - 1 if turns[0] == "n" else rank + 1][0]))
    return None


def _holds(html: Html, element: Tag, start: int, end: int) -> bool:
    first, last = html.span(element)
    return first <= start and end <= last


def _kind(node: object) -> str:
    """``f`` for a figure, ``n`` for a name, nothing for what says nothing."""
    said = _text(node)
    return "" if not said else "f" if FIGURE.fullmatch(said) else "n"


def _text(node: object) -> str:
    if isinstance(node, Tag):
        return label(" ".join(texts(node)))
    return label(node) if isinstance(node, NavigableString) else ""
