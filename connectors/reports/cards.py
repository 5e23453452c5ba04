"""Which pieces belong together: sections under headings, cards about one thing.

A card is a head (names, a purpose) and a body (figures, items, a growth), and the next head begins the
next card.  That is all that is left of a page when its columns were flattened and its logos are gone.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from connectors.reports.layout import Block, Layout
from connectors.reports.pieces import Piece, Role

_PART = re.compile(r"\s*[(\[]?\d{1,2} ?/ ?\d{1,2}[)\]]?\s*$")
_FLAT_LEVEL = 2  # of a heading that only looks like one


@dataclass(slots=True)
class Card:
    """Pieces about one thing, the headings above, and the nearest one's words without "(1/2)"."""

    headings: tuple[Block, ...] = ()
    section: str = ""
    title: Block | None = None
    pieces: list[Piece] = field(default_factory=list)

    @property
    def blocks(self) -> tuple[Block, ...]:
        """The headings above and the title."""
        return self.headings if self.title is None else (*self.headings, self.title)

    @property
    def full(self) -> bool:
        """Whether figures stand here, so that what follows begins another card."""
        return any(_is_body(piece) for piece in self.pieces)

    @property
    def counts(self) -> bool:
        """Whether a paragraph counts something, so that a name below begins another card."""
        return any(piece.role == "text" and _counted(piece) for piece in self.pieces)

    def has(self, *roles: Role) -> bool:
        """Whether a piece has one of these roles."""
        return any(piece.role in roles for piece in self.pieces)


def cards_of(layout: Layout, pieces: Sequence[Piece]) -> list[Card]:
    """The cards of a report; every piece is in exactly one."""
    return _Dealer(layout).deal(pieces)


def _is_body(piece: Piece) -> bool:
    return (piece.role in ("item", "row") and _counted(piece)) or piece.role in ("growth", "bare", "year")


def _counted(piece: Piece) -> bool:
    return any(numeral.kind != "skipped" for numeral in piece.numerals)


class _Dealer:
    """Deals pieces into cards."""

    def __init__(self, layout: Layout) -> None:
        self._layout = layout
        self._cards: list[Card] = []
        self._headings: list[tuple[int, Block]] = []
        self._card = Card()
        self._full = False

    def deal(self, pieces: Sequence[Piece]) -> list[Card]:
        """All cards, in order."""
        for piece in pieces:
            if piece.role in ("section", "title"):
                self._open(piece)
            elif (piece.role == "text" and self._full) or self._is_beside(piece):
                self._next()
            self._card.pieces.append(piece)
            self._full = self._full or _is_body(piece)
        return [card for card in [*self._cards, self._card] if card.pieces]

    def _is_beside(self, piece: Piece) -> bool:
        """Whether an item is no part of the item that names this card."""
        title = self._card.title
        return (
            piece.role == "item"
            and title is not None
            and title.kind == "item"
            and piece.block.level <= title.level
        )

    def _open(self, piece: Piece) -> None:
        """A section or a title begins a card; of several names in a row the last is the best."""
        heading = piece.role == "section" or piece.block.kind == "heading"
        level = piece.block.level or _FLAT_LEVEL
        if heading:
            self._headings = [(above, block) for above, block in self._headings if above < level]
            if piece.role == "section":
                self._headings.append((level, piece.block))
        if heading or self._full or self._card.has("label") or self._card.counts:
            self._next()
        if piece.role == "title":
            self._card.title = piece.block
        if heading and piece.role == "title":  # over whatever is listed below it
            self._headings.append((level, piece.block))

    def _next(self) -> None:
        """Another card under the same headings."""
        self._cards.append(self._card)
        headings = tuple(block for _, block in self._headings)
        section = _PART.sub("", self._layout.said(headings[-1])) if headings else ""
        self._card, self._full = Card(headings, section), False
