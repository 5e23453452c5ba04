"""Figures of a table that can be downloaded: each of its columns of numbers, dated by its column of dates."""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from connectors.discovery.leaves import counts_nothing, is_numeric, words
from connectors.discovery.locators import verify
from connectors.discovery.meaning import guess, guess_series
from connectors.discovery.periods import dated, latest
from connectors.discovery.proposal import Proposal
from connectors.errors import ReadingError
from connectors.extraction import Document, Extraction, Notation
from connectors.locators import TableLocator
from connectors.text.csv_text import Csv, named, parse
from connectors.text.table_text import NATIONAL

MOST_PARTS, MOST_COLUMNS, MOST_ROWS = 12, 30, 5000
"""Names in a column that part its dates into series, columns, and rows of a table that is looked into."""
_DOT, _COMMA = re.compile(r"\d\.\d"), re.compile(r"\d,\d(?!\d\d(?!\d))|,\d+,")


class _Column(NamedTuple):
    """A place for a figure: its locator, and the words that name it."""

    locator: TableLocator
    label: str


def propose_csv(document: Document) -> tuple[Proposal, ...]:
    """The figures of a CSV body, at the latest of their dates; nothing when it is no table with dates.

    A table of one row, and a list of two columns (a name, a number), need no date.
    """
    try:
        table = parse(document)
    except ReadingError:
        return ()
    if not _is_table(table):
        return ()
    places = {f"m{rank}": each for rank, each in enumerate(_columns(table))}
    given = verify(document, "table", {name: each.locator for name, each in places.items()})
    found = (_proposal(each, given.get(name, [])) for name, each in places.items())
    return tuple(each for each in found if each)


def _is_table(table: Csv) -> bool:
    """Whether every row has a cell for each column, as no prose with commas has."""
    width = len(table.columns)
    even = all(len(spans) == width for _, spans in table.rows)
    return even and 1 < width <= MOST_COLUMNS and 0 < len(table.rows) <= MOST_ROWS and all(table.columns)


def _columns(table: Csv) -> Iterator[_Column]:
    cells = [_cells(table, column) for column in range(len(table.columns))]
    date = next((column for column, said in enumerate(cells) if latest(list(said)) is not None), None)
    numeric = [
        column
        for column, said in enumerate(cells)
        if column != date and _is_numeric(said) and not counts_nothing(table.columns[column])
    ]
    if all(named(table.columns, name) for name in NATIONAL):
        yield from _of_national_schema(table)
    elif date is not None:
        yield from _dated(table, cells, date, numeric)
    elif len(table.rows) == 1:
        yield from (_Column(TableLocator(column=name), _said(name)) for name in _names(table, numeric))
    elif len(cells) == 2 and numeric == [1] and _parts(cells[0]) and len(set(cells[0])) == len(cells[0]):
        first, second = table.columns
        yield from (_Column(TableLocator(column=second, where={first: name}), name) for name in cells[0])


def _cells(table: Csv, column: int) -> tuple[str, ...]:
    return tuple(table.cell(row, column).strip() for row in range(len(table.rows)))


def _is_numeric(cells: Sequence[str]) -> bool:
    said = [each for each in cells if each]
    return bool(said) and all(is_numeric(each.removesuffix("%")) for each in said)


def _names(table: Csv, columns: Sequence[int]) -> Iterator[str]:
    return (table.columns[each] for each in columns)


def _parts(cells: Sequence[str]) -> bool:
    """Whether the cells of a column are a few names."""
    return all(re.search(r"[^\W\d_]{2,}", each) for each in cells) and 0 < len(set(cells)) <= MOST_PARTS


def _of_national_schema(table: Csv) -> Iterator[_Column]:
    """Each indicator, by the columns that every such table has."""
    indicators = dict.fromkeys(_cells(table, named(table.columns, "indicateur")[0]))
    return (_Column(TableLocator(value=name), name) for name in indicators if name)


def _dated(
    table: Csv, cells: Sequence[Sequence[str]], date: int, numeric: Sequence[int]
) -> Iterator[_Column]:
    """Each column of numbers; of a table that repeats its dates, for each name that parts them."""
    when = table.columns[date]
    if len(set(cells[date])) == len(cells[date]):
        yield from (
            _Column(TableLocator(column=name, date=when), _said(name)) for name in _names(table, numeric)
        )
        return
    part = next((column for column, said in enumerate(cells) if _part_dates(said, cells[date])), None)
    if part is None:
        return
    alone = len(numeric) == 1
    for said in dict.fromkeys(cells[part]):
        for name in _names(table, numeric):
            locator = TableLocator(column=name, date=when, where={table.columns[part]: said})
            yield _Column(locator, said if alone else f"{_said(name)}, {said}")


def _part_dates(cells: Sequence[str], dates: Sequence[str]) -> bool:
    return _parts(cells) and len(set(zip(cells, dates, strict=True))) == len(dates)


def _said(column: str) -> str:
    """The words of a column's name."""
    return column if " " in column else words((column,))


def _proposal(column: _Column, points: Sequence[Extraction]) -> Proposal | None:
    """The latest of the points that a column gives."""
    is_dated = column.locator.date is not None
    at = latest([each.period_text for each in points]) if is_dated else 0
    if at is None or not points:
        return None
    exact = points[at].exact
    meaning = (
        guess_series(f"{column.label} {exact}", dated=True) if is_dated else guess(f"{column.label} {exact}")
    )
    if column.locator.value:  # what stands at a date is read only so
        meaning = meaning._replace(nature="stock", period=None)
    return Proposal(
        label=column.label,
        exact=exact,
        locator=column.locator,
        notation=_notation([each.exact for each in points]),
        around=column.label,
        unit_words="",
        confidence=0.8 if is_dated else 0.6,
        reasons=("the latest of a dated column",) if is_dated else ("a number in a table of its own",),
        points=dated(points),
        **meaning._asdict(),
    )


def _notation(cells: Sequence[str]) -> Notation:
    """Dots where some cell has one and none has a decimal comma."""
    dotted = any(_DOT.search(each) for each in cells) and not any(_COMMA.search(each) for each in cells)
    return "dot" if dotted else "french"
