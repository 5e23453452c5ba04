"""Every place of an HTML page that prints a figure, with the words that stand beside it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bs4.element import NavigableString, Tag

from connectors.errors import ReadingError
from connectors.selectors import figure_span, fold, label, trim
from connectors.text.figure_box import LONGEST, Box, box_of
from connectors.text.figure_pattern import FIGURE, NUMBER, SCALE
from connectors.text.html_text import texts
from connectors.text.html_tree import INLINE, Html, as_read

_FURNITURE = frozenset(("header", "footer", "nav", "head", "title"))
_PAST = frozenset(("del", "s", "strike", "noscript"))  # what no longer holds, or is shown to nobody
_ATTRIBUTE = re.compile(r"data-(?!id)[\w-]+|value|countup|to|end")
_ZERO = re.compile(r"0*")
_CORE = re.compile(r"\d(?:[\d ]*\d)?(?:[.,]\d+)?")
_ANY_NUMBER = r"\d(?:[\d ]*\d)?(?:[.,]\d+)?"
_DIGITS = re.compile(r"\d+")
_WORDS_AROUND = 3


@dataclass(frozen=True, slots=True)
class Spot:
    """A figure printed somewhere: its characters, its element, and the box with the words beside it.

    In a sentence, ``pattern`` finds it in the text of the element; ``attribute`` holds it where the text
    is only what a script begins with.  ``neighbours`` are the words directly around it, where its sentence
    prints other numbers too.  ``start`` is its offset in the text content.
    """

    exact: str
    element: Tag
    box: Box
    pattern: str | None = None
    attribute: str | None = None
    neighbours: frozenset[str] = frozenset()
    start: int = 0

    @property
    def names(self) -> tuple[str, ...]:
        """What may name it: the words of its box, all together and text by text."""
        apart = () if self.pattern else tuple(map(label, texts(self.box.element)))
        return (self.box.words, *apart)


def spots(html: Html) -> Iterator[Spot]:
    """The figures that a page prints, without what surrounds every page of a site."""
    seen: set[int] = set()
    for text in texts(html.soup):
        if any(each.name in _FURNITURE | _PAST for each in text.parents):
            continue
        whole = _whole(text)
        if whole is not None and not _goes_on(html, whole):
            if id(whole) not in seen:
                seen.add(id(whole))
                yield from _alone(html, whole)
        elif re.search(r"\d", text):
            holder = next((each for each in text.parents if each.name not in INLINE), None)
            if holder is not None and id(holder) not in seen:
                seen.add(id(holder))
                yield from _in_sentence(html, holder)


def _goes_on(html: Html, element: Tag) -> bool:
    """Whether the number goes on beside its element, or began before it."""
    before, after = html.line(*trim(html.content, *html.span(element)))
    return re.search(r"\d[.,]?\s*$", before) is not None or re.match(r"\s*[.,]?\d", after) is not None


def _whole(text: NavigableString) -> Tag | None:
    """The largest element whose whole text is the figure that ``text`` is a part of."""
    found = None
    for element in text.parents:
        if not FIGURE.fullmatch(as_read(element)):
            return found
        found = element
    return found


def _alone(html: Html, element: Tag) -> Iterator[Spot]:
    """A figure with an element of its own, together with a word of scale that begins the next text."""
    start, end = trim(html.content, *html.span(element))
    box = box_of(html, start, end)
    if box is None:
        return
    exact = html.content[start:end]
    scaled = re.match(rf"\s*(?:{SCALE})", html.content[end:], re.IGNORECASE) if exact[-1:].isdigit() else None
    if scaled:
        yield from _in_sentence(html, box.element)
        return
    yield Spot(exact, element, box, start=start)
    if _ZERO.fullmatch(re.sub(r"\D", "", exact)):
        yield from _counted_up(element, box, start)


def _counted_up(element: Tag, box: Box, start: int) -> Iterator[Spot]:
    """The figures that attributes around a zero hold."""
    for holder in (element, *element.find_all(True), *element.parents):
        for name, value in holder.attrs.items():
            if _ATTRIBUTE.fullmatch(name) and NUMBER.fullmatch(label(str(value))):
                yield Spot(str(value).strip(), holder, box, attribute=name, start=start)
        if holder is box.element:
            return


def _in_sentence(html: Html, holder: Tag) -> Iterator[Spot]:
    """The figures inside the text of an element, each with a pattern that finds it alone."""
    first, last = html.span(holder)
    raw = html.content[first:last]
    said = fold(raw)
    matches = list(NUMBER.finditer(said)) if len(said) <= LONGEST else []
    for match in matches:
        pattern = _pattern(said, match)
        try:
            start, end = figure_span(pattern, raw)
        except ReadingError:
            continue
        words = label(f"{said[: match.start()]} {said[match.end() :]}")
        around = neighbours(said[: match.start()], said[match.end() :]) if len(matches) > 1 else frozenset()
        yield Spot(raw[start:end], holder, Box(holder, words), pattern, None, around, first + start)


def neighbours(before: str, after: str) -> frozenset[str]:
    """The last word before a figure and the first one after it."""
    around = (re.findall(r"[^\W\d_]{2,}", before)[-1:], re.findall(r"[^\W\d_]{2,}", after)[:1])
    return frozenset(word.casefold() for some in around for word in some)


def _pattern(said: str, match: re.Match[str]) -> str:
    """A figure with any digits, between the words around it."""
    before = said[: match.start()].split()[-_WORDS_AROUND:]
    after = said[match.end() :].split()[:_WORDS_AROUND]
    lead, _, tail = _CORE.sub("#", match[0], count=1).partition("#")
    figure = re.escape(lead) + _ANY_NUMBER + "".join(rf"\s*{re.escape(each)}" for each in tail.split())
    return r"\s*".join([*map(_word, before), f"(?P<figure>{figure})", *map(_word, after)])


def _word(word: str) -> str:
    return _DIGITS.sub(r"\\d+", re.escape(word))
