"""A table that can be downloaded: a CSV file, a dataset of data.gouv.fr, a Google sheet, a Grist table.

A dataset leads to the latest of its CSV files.  A table of the national schema
``impact-service-public-numerique`` is read by its ``indicateur``, without naming any column.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache, partial
from typing import Any
from urllib.parse import parse_qs, urlsplit, urlunsplit

from connectors.errors import Ambiguous, Empty, NotFound, ReadingError, SplitFigure, WrongFormat
from connectors.extraction import Document, Notation, Reading
from connectors.locators import TableLocator
from connectors.protocol import Found, Protocol, gather, written
from connectors.selectors import exactly_one, label, trim, words_around
from connectors.service import Metric, Page
from connectors.specs.rules import DATASET_PATH
from connectors.text import table_text
from connectors.text.csv_text import Csv, named
from connectors.text.json_text import Body, Place, figures, parse
from connectors.text.table_text import NATIONAL, Grist, Table

NAME, VERSION = "table", 2

TRUTHS = {"true": True, "1": True, "vrai": True, "oui": True}
TRUTHS |= {"false": False, "0": False, "faux": False, "non": False}

FIRST_DAYS: dict[str | None, Callable[[date], date]] = {
    "day": lambda day: day,
    "week": lambda day: day - timedelta(days=day.weekday()),
    "month": lambda day: day.replace(day=1),
    "quarter": lambda day: day.replace(month=day.month - (day.month - 1) % 3, day=1),
    "year": lambda day: day.replace(month=1, day=1),
}
"""The first day of the period around a day, by the length of the period."""

_SHEET_PATH = re.compile(r"(?P<sheet>/spreadsheets/d/(?!e/)[\w-]+)(/.*)?")
_LONG_AGO = datetime(1, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Cell:
    """A figure's row and column, and the column of its date, by their indexes."""

    row: int
    column: int
    date: int | None = None


# ---------------------------------------------------------------------------------- addresses


def address(page: Page) -> str:
    """Where the table, or the list of a dataset's files, can be downloaded."""
    parts = urlsplit(str(page.url))
    if dataset := DATASET_PATH.fullmatch(parts.path):
        path, query = f"/api/1/datasets/{dataset['dataset']}/", ""
    elif sheet := _SHEET_PATH.fullmatch(parts.path):
        path, query = f"{sheet['sheet']}/export", _export(parts.query, parts.fragment)
    else:
        return str(page.url)
    return urlunsplit((parts.scheme, parts.netloc, path, query, ""))


def _export(query: str, fragment: str) -> str:
    """The query that exports one sheet of a Google document; the first sheet when none is named."""
    sheet = parse_qs(query).get("gid") or parse_qs(fragment).get("gid")
    return "format=csv" + (f"&gid={sheet[0]}" if sheet else "")


def follow(page: Page, documents: Sequence[Document]) -> tuple[str, ...]:
    """The files of a dataset that the metrics need and that no document gives yet."""
    if not _is_dataset(page) or not documents:
        return ()
    dataset = parse(documents[0])
    received = {each.url for each in documents}
    return tuple(url for url in _files(dataset, page) if url not in received)


def _is_dataset(page: Page) -> bool:
    return DATASET_PATH.fullmatch(page.url.path or "") is not None


def _files(dataset: Body, page: Page) -> Iterator[str]:
    for part in dict.fromkeys(_locator(metric).resource for metric in page.metrics.values()):
        try:
            yield _file(dataset, part)
        except ReadingError:
            continue  # the reading tells


def _file(dataset: Body, part: str | None) -> str:
    """The address of the latest CSV file whose title has ``part`` in it."""
    resources = dataset.value.get("resources") if isinstance(dataset.value, dict) else None
    if not isinstance(resources, list):
        raise WrongFormat("the answer is not a dataset: it has no list of resources")
    files = [each for each in resources if isinstance(each, dict) and _is_csv(each)]
    titled = [each for each in files if label(part or "").casefold() in _title(each).casefold()]
    if not titled:
        there = ", ".join(repr(_title(each)[:60]) for each in files[:10]) or "none"
        raise NotFound(f"no CSV file of the dataset has {part or ''!r} in its title; its CSV files: {there}")
    latest = max(map(_age, titled))
    return str(exactly_one([each["url"] for each in titled if _age(each) == latest], "the latest CSV file"))


def _is_csv(resource: Mapping[str, Any]) -> bool:
    """Whether a resource is a table: a file of documentation, however recent, is none."""
    address = str(resource.get("url"))
    is_table = (
        str(resource.get("format")).lower() in ("csv", "text/csv") and resource.get("type") != "documentation"
    )
    return is_table and address.startswith(("https://", "http://"))


def _title(resource: Mapping[str, Any]) -> str:
    return label(str(resource.get("title") or ""))


def _age(resource: Mapping[str, Any]) -> tuple[datetime, str]:
    """When a file was last changed; of two changed together, the later title is the newer."""
    try:
        moment = datetime.fromisoformat(str(resource.get("last_modified")))
    except ValueError:
        moment = _LONG_AGO
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC), _title(resource)


# ------------------------------------------------------------------------------------ reading


def read(service_id: str, page: Page, documents: Sequence[Document]) -> Reading:
    """Read every metric of ``page`` on its table: the first document, or the dataset's file."""
    find = partial(_find, page, documents, cache(_table_or_reason))
    return gather(service_id, page, f"{NAME}/{VERSION}", documents[0].sha256, find)


def _find(
    page: Page,
    documents: Sequence[Document],
    table_of: Callable[[Document], Table | ReadingError],
    metric: Metric,
) -> Iterator[Found | ReadingError]:
    locate = _locator(metric)
    table = table_of(_document(page, documents, locate))
    if isinstance(table, ReadingError):
        raise table
    cells = _measures(table, metric, locate) if locate.value else _cells(table, locate, locate.where)
    return _figures(table, cells, metric)


def _locator(metric: Metric) -> TableLocator:
    if not isinstance(metric.locate, TableLocator):
        raise TypeError(f"a table page needs a TableLocator, not {type(metric.locate).__name__}")
    return metric.locate


def _document(page: Page, documents: Sequence[Document], locate: TableLocator) -> Document:
    if not _is_dataset(page):
        return documents[0]
    url = _file(parse(documents[0]), locate.resource)
    received = [each for each in documents[1:] if each.url == url]
    if not received:
        raise Empty(f"the dataset leads to {url}, which was not received")
    return received[-1]


def _table_or_reason(document: Document) -> Table | ReadingError:
    """The table, or why there is none: a body that is no table is looked through once, not by each metric."""
    try:
        return table_text.parse(document)
    except ReadingError as error:
        return error


def _cells(table: Table, locate: TableLocator, where: Mapping[str, str]) -> list[Cell]:
    """The cell of the only row that ``where`` describes; with a date, that of each of these rows."""
    column = _column(table, locate.column or "valeur")
    date_column = _column(table, locate.date) if locate.date else None
    wanted = {_column(table, name): label(cell) for name, cell in where.items()}
    rows = [row for row in range(len(table.rows)) if _matches(table, row, wanted)]
    described = ", ".join(f"{name} = {cell!r}" for name, cell in where.items())
    if not rows:
        raise NotFound(f"no row has {described}" if described else "the table has no row")
    if date_column is None and len(rows) > 1:
        raise Ambiguous(f"{len(rows)} rows match {described or 'the table'}: name a date column, or `where`")
    return [Cell(row, column, date_column) for row in rows]


def _column(table: Table, name: str) -> int:
    there = ", ".join(repr(each[:60]) for each in table.columns[:30])
    return exactly_one(named(table.columns, name), f"the column {name!r} among {there}")


def _matches(table: Table, row: int, wanted: Mapping[int, str]) -> bool:
    return all(label(table.cell(row, column)) == cell for column, cell in wanted.items())


# ---------------------------------------------------------------------------- national schema


def _measures(table: Table, metric: Metric, locate: TableLocator) -> list[Cell | ReadingError]:
    """The cells of one ``indicateur``: measured, not aimed at, and for the whole country unless said."""
    missing = [name for name in NATIONAL if not named(table.columns, name)]
    if missing:
        raise NotFound(f"the table is not of the national schema: it has no column {', '.join(missing)}")
    everywhere = {"code_insee": ""} if named(table.columns, "code_insee") else {}
    cells = _cells(table, locate, {"indicateur": locate.value or ""} | everywhere | locate.where)
    judged = [each for cell in cells if (each := _measure(table, cell, metric)) is not None]
    if not judged:
        raise NotFound(f"every row of {locate.value!r} is a target, and none a measure")
    return judged


def _measure(table: Table, cell: Cell, metric: Metric) -> Cell | ReadingError | None:
    """The cell, unless it is a target, or its row counts over another period than the metric does."""
    try:
        if _truth(table, cell.row, "est_cible"):
            return None
        _check_period(table, cell.row, metric)
    except ReadingError as error:
        return error
    return cell


def _truth(table: Table, row: int, name: str) -> bool:
    text = table.cell(row, _column(table, name)).strip()
    if text.casefold() not in TRUTHS:
        raise WrongFormat(f"{name} is neither true nor false: {text[:40]!r}")
    return TRUTHS[text.casefold()]


def _check_period(table: Table, row: int, metric: Metric) -> None:
    """Whether a row counts over a period where the metric does, and over that very period."""
    over_a_period = _truth(table, row, "est_periode")
    if over_a_period != (metric.period is not None):
        stands = "counts over a period" if over_a_period else "stands at a date"
        raise WrongFormat(f"est_periode is {str(over_a_period).lower()}: the row {stands}, not the metric")
    if over_a_period:
        first, last = (table.cell(row, _column(table, name)).strip() for name in ("date_debut", "date"))
        length = metric.periodicity or str(metric.period).removeprefix("calendar_")
        if not _is_one(length, first, last):
            raise WrongFormat(f"the row counts from {first!r} to {last!r}, the metric by {length}")


def _is_one(length: str, first: str, last: str) -> bool:
    """Whether two days are the first and the last of one day, week, month, quarter or year."""
    first_day = FIRST_DAYS.get(length)
    try:
        start, after = date.fromisoformat(first), date.fromisoformat(last) + timedelta(days=1)
    except (ValueError, OverflowError):
        return False
    return (
        first_day is not None and first_day(after) == after and first_day(after - timedelta(days=1)) == start
    )


# ------------------------------------------------------------------------------------ figures


def _figures(
    table: Table, cells: Sequence[Cell | ReadingError], metric: Metric
) -> Iterator[Found | ReadingError]:
    if isinstance(table, Grist):
        return figures(table.body, [_place(table, cell) for cell in cells], metric)
    return (cell if isinstance(cell, ReadingError) else _figure(table, cell, metric) for cell in cells)


def _place(table: Grist, cell: Cell | ReadingError) -> Place | ReadingError:
    if isinstance(cell, ReadingError):
        return cell
    there = table.rows[cell.row]
    value, when = table.columns[cell.column], None if cell.date is None else table.columns[cell.date]
    if value not in there or (when is not None and when not in there):
        return NotFound(f"the record {cell.row} lacks its figure or its date")
    fields = ("records", cell.row, "fields")
    return Place((*fields, value), None if when is None else (*fields, when))


def _figure(table: Csv, cell: Cell, metric: Metric) -> Found | ReadingError:
    number, spans = table.rows[cell.row]
    if len(spans) != len(table.columns):
        return WrongFormat(f"row {number} has {len(spans)} cells, and the header {len(table.columns)}")
    if table.torn and cell.row == len(table.rows) - 1:
        return SplitFigure(f"the table stops in row {number}, and nothing says that its transfer was whole")
    when = None if cell.date is None else table.cell(cell.row, cell.date).strip()
    start, end = trim(table.text, *spans[cell.column])
    if start == end or when == "":
        return Empty(f"row {number} has no {'figure' if start == end else 'date'}")
    exact = table.cell(cell.row, cell.column).strip()
    prefix, suffix = words_around(table.text, start, end)
    place = f"cell={number},{cell.column + 1}"
    return Found(
        table.sha256, "csv", place, exact, prefix, suffix, start, end, _notation(metric, exact), when
    )


def _notation(metric: Metric, exact: str) -> Notation:
    """As the spec says; but the national schema writes its decimals with a dot."""
    national = isinstance(metric.locate, TableLocator) and metric.locate.value is not None
    return "dot" if national and "," not in exact else written(metric)


PROTOCOL = Protocol(NAME, VERSION, read, address, follow)
