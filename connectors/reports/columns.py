"""Columns of years: which year stands above a list, when the columns were flattened one after the other.

Either the year stands right above its list; or the section names its years once, and a card with as
many lists as there are years has one list of each, in their order.  Of any other number of lists
nothing is said.
"""

import re
from collections.abc import Sequence

from connectors.report import Quote
from connectors.reports.cards import Card
from connectors.reports.layout import Block, Layout, Span
from connectors.reports.pieces import Piece

_YEAR = re.compile(r"(?:19|20)\d\d")


def year_of(quote: Quote) -> int:
    """The year that a column's words name."""
    return int(_YEAR.findall(quote.text)[-1])


def name_columns(layout: Layout, cards: Sequence[Card]) -> None:
    """Write above each item the year of its column."""
    known: dict[str, list[Quote]] = {}
    for card in cards:
        years = known.setdefault(card.section, [])
        if _labelled(layout, card, years):
            continue
        groups = _groups(card) if len(years) > 1 else []
        sure = len(groups) == len(years)
        for at, group in enumerate(groups):
            for piece in group:
                piece.column, piece.undated = (years[at] if sure else None), not sure


def _labelled(layout: Layout, card: Card, years: list[Quote]) -> bool:
    """Years that stand right above their items; all years met are noted as the section's."""
    above, depth, used = None, -1, False
    for piece in card.pieces:
        if piece.role == "year":
            printed = [layout.quote(*span) for span in _years_in(layout, piece.block)]
            years += [year for year in printed if year_of(year) not in map(year_of, years)]
            above = printed[0] if len(printed) == 1 else None
            depth = piece.block.level if piece.block.kind == "item" else -1
        elif piece.role == "item" and above and piece.block.level > depth:
            piece.column, used = above, True
    return used


def _years_in(layout: Layout, block: Block) -> list[Span]:
    """Each year of a block with the words before it."""
    ends = [match.end() for match in _YEAR.finditer(layout.text, block.start, block.end)]
    return list(zip([block.start, *ends], ends, strict=False))


def _groups(card: Card) -> list[list[Piece]]:
    """The lists of a card: items that follow one another without a gap."""
    groups: list[list[Piece]] = []
    for piece in card.pieces:
        if piece.role == "item":
            if piece.block.gap or not groups:
                groups.append([])
            groups[-1].append(piece)
    return groups
