"""Blocks with a role: what each is for in a report, and which words belong to a lone figure."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, pairwise
from typing import Literal

from connectors.report import Quote
from connectors.reports.layout import Block, Layout
from connectors.reports.names import Names
from connectors.reports.numerals import Numeral, numerals
from connectors.reports.words import CALL, CONNECTIVES, LABELS, YEARS, flat

Role = Literal[
    "section", "title", "label", "year", "call", "growth", "bare", "words", "date", "item", "row", "text",
    "meta",
]  # fmt: skip
"""``section`` opens a part of the report, ``title`` names a thing, ``label`` a part of what is said of it
("MISSION"), ``year`` a column, ``call`` is a link to follow, ``bare`` a figure alone, ``words`` what such a
figure counts, ``meta`` front matter."""

_BULLETS = "•·▪◦‣● "
"""Signs of a list, which a PDF may write apart from its lines."""

TITLE = 90
"""Characters; a longer title is a sentence."""


Around = tuple[Block | None, Block | None]
"""The blocks before and after one."""


@dataclass(slots=True)
class Piece:
    """A block, its role and its numerals.

    ``words`` is the block that says what a bare figure counts, ``doubt`` why that is not sure, ``date``
    the date printed below it; ``column`` is the year above a list, ``undated`` that there are several
    and nothing says which.
    """

    block: Block
    role: Role
    numerals: list[Numeral]
    words: Block | None = None
    doubt: str = ""
    date: Quote | None = None
    column: Quote | None = None
    undated: bool = False


def pieces_of(layout: Layout, names: Names) -> list[Piece]:
    """Every block that says something, with its role; bare figures have their words."""
    blocks = [block for block in layout.blocks if layout.said(block).strip(_BULLETS)]
    around = zip([None, *blocks], blocks, [*blocks[1:], None], strict=False)
    pieces = [_piece(layout, block, (before, after), names) for before, block, after in around]
    _drop_numbering(layout, pieces)
    _entitle_beside(pieces)
    _list_again(layout, pieces)
    at = 0
    while at < len(pieces):
        at = _pair(layout, pieces, at) + 1 if pieces[at].role == "bare" else at + 1
    return pieces


# -------------------------------------------------------------------------------------- roles


def _piece(layout: Layout, block: Block, around: Around, names: Names) -> Piece:
    role = _role(layout, block, around, names)
    below = around[1]
    caption = (
        role == "text" and below is not None and below.kind == "row" and len(layout.said(block)) <= TITLE
    )
    heading = caption or role in ("section", "title", "call")
    found = numerals(layout.text, block.start, block.end, heading=heading)
    return Piece(block, _by_numerals(layout, block, found) or role if role == "text" else role, found)


def _role(layout: Layout, block: Block, around: Around, names: Names) -> Role:
    if block.kind in ("row", "meta"):
        return "row" if block.kind == "row" else "meta"
    said = layout.said(block)
    plain = flat(said)
    named = len(said) <= TITLE and _is_named(layout, block, plain, names)
    if YEARS.fullmatch(plain):
        return "year"
    if LABELS.fullmatch(plain):
        return "label"
    if not named and _is_call(layout, block, plain):
        return "call"
    below = around[1]
    if not named and block.kind == "text" and below is not None and flat(layout.said(below)) == plain:
        return "text"  # a logo, read above the title that says the same
    before_label, after_label = (other is not None and _is_label(layout, other) for other in around)
    nested = below is not None and below.level > block.level
    return _titled(block, said, named=named, labelled=after_label and not before_label, nested=nested)


def _is_named(layout: Layout, block: Block, plain: str, names: Names) -> bool:
    """Whether the block is a service's name, or a link to its page that says no more than a name does."""
    if names.certain(layout.said(block)) is not None:
        return True
    url = None if CALL.fullmatch(plain) else layout.leads_to(block)
    return url is not None and names.at(url).match == "certain"


def _is_label(layout: Layout, block: Block) -> bool:
    return bool(LABELS.fullmatch(flat(layout.said(block))))


def _titled(block: Block, said: str, *, named: bool, labelled: bool, nested: bool) -> Role:
    """Whether a block is a title, opens a section, or neither.

    ``labelled`` when a label stands below it and none above; ``nested`` when deeper items follow.
    """
    if block.kind == "heading":
        return "title" if named or labelled or block.level >= 3 else "section"
    if block.kind == "item":
        return "title" if named and nested else "item"
    if named or (labelled and len(said) <= TITLE and not said.endswith(".")):
        return "title"
    return "section" if _shouts(said) else "text"


def _is_call(layout: Layout, block: Block, plain: str) -> bool:
    """Whether the block is a link and nothing else."""
    return layout.leads_to(block) is not None or bool(block.links and CALL.fullmatch(plain))


def _shouts(said: str) -> bool:
    """Words that are mostly in capitals, as headings are when type is lost."""
    words = re.findall(r"[^\W\d_]{2,}", said)
    loud = sum(word.isupper() for word in words)
    return bool(words) and len(said) <= TITLE and not said.endswith(".") and 3 * loud >= 2 * len(words)


def _by_numerals(layout: Layout, block: Block, found: Sequence[Numeral]) -> Role | None:
    """The role of a paragraph that is one date, is one figure, or begins with a growth."""
    if not found:
        return None
    first = found[0]
    alone = len(found) == 1 and not _beside(layout, block, first).strip(" \n.:")
    if alone and first.rule == "date":
        return "date"
    if alone and first.kind == "figure":
        return "bare"
    leads = first.kind == "growth" and not layout.text[block.start : first.start].strip()
    return "growth" if leads else None


def _beside(layout: Layout, block: Block, numeral: Numeral) -> str:
    return layout.text[block.start : numeral.start] + layout.text[numeral.end : block.end]


def _list_again(layout: Layout, pieces: Sequence[Piece]) -> None:
    """Lines that count something below a year or a label were a list, before its signs were lost."""
    listing = False
    for piece in pieces:
        counts = any(numeral.kind in ("figure", "growth") for numeral in piece.numerals)
        if piece.role in ("year", "label"):
            listing = piece.block.kind == "text"
        elif (
            listing
            and piece.role in ("text", "growth")
            and counts
            and not layout.said(piece.block).endswith(".")
        ):
            piece.role = "item"
        elif piece.role != "item":
            listing = False


def _entitle_beside(pieces: Sequence[Piece]) -> None:
    """In a list whose items name services and hold lists, its other items that hold lists are titles too.

    So what a report says of a service that nobody knows is never taken for the one above.
    """
    for _, group in groupby(pieces, key=lambda piece: piece.block.kind == "item"):
        run = list(group)
        levels = {piece.block.level for piece in run if piece.role == "title"}
        for piece, below in pairwise(run):
            nested = below.block.level > piece.block.level
            if nested and piece.block.level in levels and piece.role in ("item", "call"):
                piece.role = "title"


# ------------------------------------------------------------------- bare figures and their words


def _drop_numbering(layout: Layout, pieces: Sequence[Piece]) -> None:
    """Lone "1", "2", "3", each above a paragraph with a capital, number those and count nothing."""
    run: list[Piece] = []
    for piece, below in pairwise(pieces):
        said = layout.said(piece.block)
        if piece.role == "section" or (piece.role == "bare" and said == "1"):
            run = []
        if piece.role == "bare" and said == str(len(run) + 1) and layout.said(below.block)[0].isupper():
            run.append(piece)
        for one in run[-2:] if len(run) > 1 else ():
            one.role, one.numerals = "text", [replace(one.numerals[0], kind="skipped", rule="numbering")]


def _pair(layout: Layout, pieces: Sequence[Piece], at: int) -> int:
    """Give the run of bare figures that begins here its words; return the last piece of the run.

    One figure has the block below; several have as many labels, in their order, if as many follow.
    """
    end = at
    while end < len(pieces) and (
        pieces[end].role == "bare" or flat(layout.said(pieces[end].block)) in CONNECTIVES
    ):
        end += 1
    run = [piece for piece in pieces[at:end] if piece.role == "bare"]
    labels = list(_labels(layout, pieces, end, len(run) + 1))
    if len(run) == 1 and labels and labels[0] is pieces[end]:
        _pair_one(layout, run[0], labels[0], pieces[end + 1] if end + 1 < len(pieces) else None)
    elif len(run) == len(labels) > 1:
        for figure, label in zip(run, labels, strict=True):
            figure.words, label.role = label.block, "words"
            figure.doubt = f"{len(run)} figures, then {len(run)} labels: paired by their order"
    for piece in pieces[at:end]:
        piece.role = "words" if piece.role == "text" else piece.role
    return end - 1


def _labels(layout: Layout, pieces: Sequence[Piece], start: int, most: int) -> Iterator[Piece]:
    """The paragraphs from ``start`` that may name figures; remarks in parentheses are passed over."""
    for piece in pieces[start : start + 3 * most]:
        remark = layout.said(piece.block).startswith("(")
        if piece.role != "text" or (not remark and any(n.kind == "figure" for n in piece.numerals)):
            return
        if not remark:
            yield piece


def _pair_one(layout: Layout, figure: Piece, below: Piece, after: Piece | None) -> None:
    """One bare figure and the paragraph below it: surely its words when it goes on in lower case."""
    said = layout.said(below.block)
    if not said[0].islower():
        if said.endswith((".", "!", "?", ":")) or len(said) > TITLE or CALL.fullmatch(flat(said)):
            return
        figure.doubt = "the words stand below the figure and do not continue it"
    figure.words, below.role = below.block, "words"
    if after is not None and after.role == "date":
        figure.date = layout.quote(after.block.start, after.block.end)
