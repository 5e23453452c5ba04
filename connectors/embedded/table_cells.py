"""The tables of a page: rows of texts, each with where it is written."""

import html
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from connectors.errors import ReadingError, WrongFormat
from connectors.selectors import trim
from connectors.text.mapped_text import ENTITY, Span, rewritten
from connectors.text.markup import Markup

Location = tuple[int | str, ...]

_CODE = re.compile(
    r"(?P<note>(?<=[\d%€])(?<!\b10)<sup\b[^<>]*>(?:<a\b[^<>]*>)?\s*[(\[]?\d{1,2}[)\]]?\s*(?:</a>)?</sup>)"
    r"|(?P<apart>(?<=\d)\s*(?:<[^<>]*>\s*)+(?=\d))"
    rf"|<!--[\s\S]*?(?:-->|\Z)|<[^<>]*>|{ENTITY.pattern}",
    re.IGNORECASE,
)
"""What is no text in a cell: the number of a note, what parts two numbers, comments, tags, entities."""

_ROW_ENDS = {"tr", "thead", "tbody", "tfoot", "table"}
_WIDEST = 1000  # as browsers have it


@dataclass(frozen=True, slots=True)
class Table:
    """``rows`` of cells, the first of them the headings; ``spans`` of the cells' texts, by row and column.

    A cell that spans several columns stands in each of them.
    """

    names: tuple[str, ...]
    rows: list[list[str]]
    spans: dict[Location, Span]


@dataclass(slots=True)
class _Cell:
    heading: bool
    wide: int
    high: int
    start: int
    end: int = -1


@dataclass(slots=True)
class _Open:
    """A table whose end has not come yet."""

    names: list[str]
    rows: list[list[_Cell]] = field(default_factory=list)
    heads: int = 0
    cell: _Cell | None = None
    caption: int | None = None
    in_head: bool = False

    def take(self, text: str, tag: Markup) -> None:
        """One tag inside the table."""
        if tag.name == "caption":
            self._caption(text, tag)
        if tag.name in _ROW_ENDS or tag.name in ("td", "th"):
            self._end_cell(tag.start)
        if tag.name in ("thead", "tbody", "tfoot"):
            self.in_head = tag.name == "thead" and not tag.closing
        elif tag.name == "tr" and not tag.closing:
            self.rows.append([])
            self.heads += self.in_head
        elif tag.name in ("td", "th") and not tag.closing:
            self._begin_cell(text, tag)

    def _caption(self, text: str, tag: Markup) -> None:
        if not tag.closing:
            self.caption = tag.end
        elif self.caption is not None:
            self.names.append(_said(text, self.caption, tag.start)[0])

    def _begin_cell(self, text: str, tag: Markup) -> None:
        wide, high = (_count(tag.get(text, name)) for name in ("colspan", "rowspan"))
        self.cell = _Cell(tag.name == "th", wide, high, tag.end)
        if not self.rows:
            self.rows.append([])
        self.rows[-1].append(self.cell)

    def _end_cell(self, at: int) -> None:
        if self.cell:
            self.cell.end, self.cell = at, None

    def table(self, text: str) -> Table | ReadingError:
        """The table, now that it is whole."""
        rows = [row for row in self.rows[max(0, self.heads - 1) :] if row]
        if any(cell.high > 1 for row in rows for cell in row):
            return WrongFormat("a cell of the table spans several rows")
        if not self.heads and rows and not all(cell.heading for cell in rows[0]):
            rows.insert(0, [_Cell(True, cell.wide, 1, 0, 0) for cell in rows[0]])  # no headings: empty ones
        return _table(text, tuple(self.names), rows) if rows else WrongFormat("the table has no row")


def tables(text: str, tags: Iterable[Markup]) -> Iterator[Table | ReadingError]:
    """Every table of a page, innermost first; one that cannot be read as rows and columns is an error."""
    opened: list[_Open] = []
    for tag in tags:
        if opened:
            opened[-1].take(text, tag)
        if tag.name == "table" and not tag.closing:
            names = (tag.get(text, name) for name in ("id", "aria-label", "title"))
            opened.append(_Open([name for name in names if name]))
        elif tag.name == "table" and opened:
            yield opened.pop().table(text)


def _table(text: str, names: tuple[str, ...], rows: Iterable[list[_Cell]]) -> Table:
    table = Table(names, [], {})
    for number, row in enumerate(rows):
        table.rows.append([])
        for cell in row:
            said, span = _said(text, cell.start, max(cell.start, cell.end))
            for _ in range(cell.wide):
                table.spans[number, len(table.rows[-1])] = span
                table.rows[-1].append(said)
    return table


def _said(text: str, start: int, end: int) -> tuple[str, Span]:
    """What the markup between two offsets says, without the white space at its ends, and where."""
    mapped = rewritten(text, start, end, _CODE, _meaning)
    first, last = trim(mapped.text, 0, len(mapped.text))
    return mapped.text[first:last], mapped.span(first, last) if last > first else (start, start)


def _meaning(code: str, kind: str | None) -> str:
    if kind == "apart":  # two elements with digits are two numbers; a space would make one of "17" and "895"
        return "\n"
    if code[0] == "&":
        return html.unescape(code)
    return " " if kind is None and re.match(r"<br\b", code, re.IGNORECASE) else ""


def _count(attribute: str | None) -> int:
    return min(_WIDEST, int(attribute)) if attribute and attribute.isdecimal() and int(attribute) else 1
