"""Figures typed by hand into the text cards of a dashboard: a few lines of Markdown."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from connectors.errors import NotFound
from connectors.locators import CardLocator
from connectors.selectors import exactly_one, figure_span, label

Location = tuple[int | str, ...]
Span = tuple[int, int]

_PIECE = re.compile(r"(?:[^\n:]|:(?=\S))+")
_MARKS = re.compile(r"(?:[#>*_`|\s]|[-+]\s)*")
_TRAILING = "#*_`| \t\r\u00a0"


@dataclass(frozen=True, slots=True)
class Typed:
    """The text of one card, and its location in the dashboard."""

    location: Location
    text: str


def says(text: str, locate: CardLocator) -> bool:
    """Whether a text card is the one meant: a piece of it is the title, or else the pattern matches."""
    if locate.card is not None:
        return label(locate.card) in (label(text[slice(*span)]) for span in pieces(text))
    try:
        return bool(locate.pattern) and bool(figure_span(locate.pattern or "", text))
    except NotFound:
        return False


def figure_in(text: str, locate: CardLocator) -> Span:
    """Where the figure stands: as the pattern says, else in the only piece with digits beside the title.

    Raises:
        NotFound: there is none.
        Ambiguous: there are several.
    """
    if locate.pattern:
        return figure_span(locate.pattern, text)
    others = [span for span in pieces(text) if label(text[slice(*span)]) != label(locate.card or "")]
    digits = [span for span in others if re.search(r"\d", text[slice(*span)])]
    return exactly_one(digits, f"a figure beside {locate.card!r} in the text {text[:80]!r}")


def pieces(text: str) -> Iterator[Span]:
    """The spans of the lines of a text, cut at their colons, without the marks of Markdown at their ends."""
    for piece in _PIECE.finditer(text):
        marks = _MARKS.match(text, piece.start(), piece.end())
        start = marks.end() if marks else piece.start()
        end = start + len(text[start : piece.end()].rstrip(_TRAILING))
        if end > start:
            yield start, end
