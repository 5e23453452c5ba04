"""CSV as it was written: cells, and the characters each one stands in.

The standard reader says what a cell holds but not where; a figure needs both.  RFC 4180, with the
delimiter found out, lines that end in any way, and quotes only around a whole cell.
"""

import codecs
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from connectors.errors import WrongFormat
from connectors.extraction import Document
from connectors.selectors import label
from connectors.text.html_text import html_instead
from connectors.text.json_text import is_html

Span = tuple[int, int]
Row = tuple[Span, ...]

DELIMITERS = ";\t,"
SAMPLE = 30
"""Rows that are looked at to find out the delimiter."""

_CELLS = {
    each: re.compile(rf'(?:"((?:[^"]|"")*+)"|([^"{each}\r\n][^{each}\r\n]*+|))({each}|\r\n|[\r\n]|\Z)')
    for each in DELIMITERS
}


@dataclass(frozen=True, slots=True)
class Csv:
    """A CSV body: ``text`` (without byte order mark), the names of its columns, its rows, its hash.

    A row is its number, from 1 and with the header, and the span of each of its cells without quotes.
    Blank rows are left out.  ``torn`` is true when the last cell may lack its end: the body stops in it,
    without the end of line that the rows before have, and nothing says that the transfer was whole.
    """

    text: str
    columns: tuple[str, ...]
    rows: tuple[tuple[int, Row], ...]
    sha256: str
    torn: bool = False

    def cell(self, row: int, column: int) -> str:
        """The text of a cell, by the index of its row in ``rows``; empty where the row is too short."""
        spans = self.rows[row][1]
        return content(self.text, spans[column]) if column < len(spans) else ""


def parse(document: Document) -> Csv:
    """The table of ``document``: its first row that is not blank names the columns.

    Raises:
        NotAStatisticsPage: an HTML page came instead.
        WrongFormat: the body is no text, is empty, or has a quote that does not close.
    """
    text = decode(document.content)
    if is_html(text):
        raise html_instead(text, "a table")
    if "\0" in text:
        raise WrongFormat("the body is not text: CSV was expected")
    numbered = enumerate(rows(text, delimiter(text)), 1)
    said = [(number, row) for number, row in numbered if not _is_blank(row)]
    if not said:
        raise WrongFormat("the body is empty")
    columns = tuple(label(content(text, span)) for span in said[0][1])
    # RFC 4180 lets the last line go without its end: where the transfer was whole, that is no doubt.
    return Csv(text, columns, tuple(said[1:]), document.sha256, document.unframed and _is_open(text))


def decode(body: bytes) -> str:
    """The characters of a body: UTF-16 by its mark, UTF-8, or else what Windows writes in France."""
    if body.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return body.decode("utf-16", "replace")
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError:
        return body.decode("cp1252", "replace")


def delimiter(text: str) -> str:
    """The delimiter that cuts the first rows into several cells, and the same number in each."""
    return max(DELIMITERS, key=lambda each: _evenness(text, each))


def _evenness(text: str, mark: str) -> tuple[bool, float, int]:
    try:
        widths = [len(row) for row in islice(rows(text, mark), SAMPLE) if not _is_blank(row)]
    except WrongFormat:
        widths = []
    width = widths[0] if widths else 0
    return width > 1, widths.count(width) / max(1, len(widths)), width


def _is_open(text: str) -> bool:
    """Whether a body stops inside a cell: after no end of line, and no quote that closes."""
    return not text.endswith(("\r", "\n", '"'))


def _is_blank(row: Row) -> bool:
    return all(start == end for start, end in row)


def rows(text: str, mark: str) -> Iterator[Row]:
    """The span of every cell, row by row; the quotes around a cell are not in its span.

    Raises:
        WrongFormat: a cell opens with a quote and does not end with one.
    """
    at, row = 0, list[Span]()
    while at < len(text) or row:  # a delimiter at the very end opens one more cell
        found = _CELLS[mark].match(text, at)
        if found is None:
            raise WrongFormat(f"the quote at character {at} does not close where its cell ends")
        row.append(found.span(1) if found.start(1) >= 0 else found.span(2))
        at = found.end()
        if found[3] != mark:
            yield tuple(row)
            row = []


def content(text: str, span: Span) -> str:
    """What a cell holds: its characters, where a quote inside a quoted cell is written twice."""
    start, end = span
    quoted = text[start - 1 : start] == '"'
    return text[start:end].replace('""', '"') if quoted else text[start:end]


def named(columns: Sequence[str], name: str) -> list[int]:
    """The columns of a name; case and white space do not count, accents do."""
    wanted = label(name).casefold()
    return [index for index, column in enumerate(columns) if label(column).casefold() == wanted]
