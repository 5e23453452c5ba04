"""A report as text and blocks, whatever it was written in.

Markup is gone from the text; a block says what it was: heading, list item, table row, paragraph.
"""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from connectors.report import Quote

Span = tuple[int, int]
Kind = Literal["heading", "item", "text", "row", "meta"]


@dataclass(frozen=True, slots=True)
class Link:
    """A span of the text that leads to an address."""

    start: int
    end: int
    url: str


@dataclass(frozen=True, slots=True)
class Block:
    """A piece of text that belongs together.

    ``level`` is that of a heading (from 1; 0 when the text only looks like one) or the depth of an item;
    1 is a row of headers.
    ``gap`` says that the block does not follow the one before closely: a blank line, another list.
    ``cells`` are the spans of a row's cells.
    """

    kind: Kind
    start: int
    end: int
    level: int = 0
    gap: bool = True
    page: int | None = None
    cells: tuple[Span, ...] = ()
    links: tuple[Link, ...] = ()


@dataclass(frozen=True, slots=True)
class Layout:
    """The text of a report and its blocks, in order and without overlap."""

    text: str
    blocks: Sequence[Block]
    _lines: list[int] = field(init=False)

    def __post_init__(self) -> None:
        lines = [0, *(at + 1 for at, character in enumerate(self.text) if character == "\n")]
        object.__setattr__(self, "_lines", lines)

    def line(self, at: int) -> int:
        """The line, from 1, of a character."""
        return bisect_right(self._lines, at)

    def quote(self, start: int, end: int) -> Quote:
        """The characters from ``start`` to ``end``, without outer blanks."""
        inside = self.text[start:end]
        start += len(inside) - len(inside.lstrip())
        stripped = inside.strip()
        return Quote(stripped, start, start + len(stripped))

    def said(self, block: Block) -> str:
        """The words of a block on one line."""
        return " ".join(self.text[block.start : block.end].split())

    def leads_to(self, block: Block) -> str | None:
        """The address that the whole block is a link to; signs around the link do not count."""
        whole = len(self.said(block).strip(" :.*"))
        return next((link.url for link in block.links if link.end - link.start >= whole > 0), None)
