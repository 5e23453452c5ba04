"""Figures in tables: the row of the total, the latest period, or each named row."""

import re
from collections.abc import Iterator

from bs4.element import Tag

from connectors.discovery.blocks import is_furniture
from connectors.discovery.candidate import Candidate
from connectors.discovery.labels import is_no_figure
from connectors.discovery.periods import latest
from connectors.discovery.printed import mentions
from connectors.embedded.tables import is_total
from connectors.locators import EmbeddedLocator
from connectors.selectors import fold

_PERIOD = re.compile(
    r"^(?:(?:19|20)\d\d(?:-\d\d(?:-\d\d)?)?|[st]\d .*|\d{1,2}/(?:\d{1,2}/)?\d{4}"
    r"|(?:\d{1,2}(?:er)? )?(?:janv|févr|mars|avr|mai|juin|juil|août|sept|oct|nov|déc)\w*\.? ?\d{0,4})$",
    re.IGNORECASE,
)
_YEAR = re.compile(r"(?:19|20)\d\d")
_NOT_FIGURES = re.compile(
    r"\b(?:cookies?|conservation|horaires?|tarifs?|prix|versions?|calendrier|téléphone)\b", re.IGNORECASE
)
_NO_COLUMN = re.compile(
    r"\b(?:codes?|cp\b|tél|postal|insee|siret|siren|année|date|n°|numéro|rang|#|téléphone|horaires?|statuts?|évolution|variation)",
    re.IGNORECASE,
)
"""Headings of columns that hold names, ranks or changes in digits."""
MOST_ROWS = 12
"""A longer table without a total is a list of places or things, not of key figures."""

Cells = list[Tag]


def table_figures(root: Tag) -> Iterator[Candidate]:
    """The figures of every table below ``root`` that seems to publish some."""
    for table in root.find_all("table"):
        if not any(is_furniture(each) for each in (table, *table.parents)):
            yield from _table(table)


def _table(table: Tag) -> Iterator[Candidate]:
    rows = [row for row in (_cells(each) for each in table.find_all("tr")) if len(row) > 1]
    head, body = _split(rows)
    caption = table.caption.get_text() if table.caption else ""
    if is_no_table(table):
        return
    for row in (each for each in _telling(body) if not is_no_figure(_text(each[0]))):
        for column in _columns(head, row):
            exact = row[column].get_text().strip()
            if _whole(exact):
                yield _candidate(fold(caption).strip(), head, row, column, exact)


def is_no_table(table: Tag) -> bool:
    """Whether the caption or the headings of a table say that it lists something else than figures."""
    first = table.find("tr")
    headings = map(_text, _cells(first)) if first else ()
    caption = table.caption.get_text() if table.caption else ""
    return bool(_NOT_FIGURES.search(" ".join([fold(caption), *headings])))


def is_no_column(heading: str) -> bool:
    """Whether the heading of a column says that its digits are names, ranks or changes."""
    return bool(_NO_COLUMN.match(fold(heading).strip()))


def _cells(row: Tag) -> Cells:
    return [each for each in row.find_all(["td", "th"], recursive=False) if isinstance(each, Tag)]


def _split(rows: list[Cells]) -> tuple[Cells, list[Cells]]:
    """The row of headings, if there is one, and the others."""
    titles = [_text(cell) for cell in rows[0][1:]] if rows else []
    figures = any(_whole(title) for title in titles if not _PERIOD.match(title))
    headed = bool(rows) and all(cell.name == "th" for cell in rows[0]) and not figures
    return (rows[0], rows[1:]) if headed else ([], rows)


def _telling(rows: list[Cells]) -> list[Cells]:
    """The rows that hold key figures."""
    totals = [row for row in rows if is_total(_text(row[0]))]
    if totals:
        return totals[-1:]
    if rows and all(_PERIOD.match(_text(row[0])) for row in rows):
        at = latest([_text(row[0]) for row in rows])
        return rows[-1:] if at is None else [rows[at]]
    return rows if len(rows) <= MOST_ROWS else []


def _columns(head: Cells, row: Cells) -> list[int]:
    """All columns of figures; where the headings are years, the latest."""
    years = {index: _text(cell) for index, cell in enumerate(head) if index and _YEAR.fullmatch(_text(cell))}
    if years:
        return [max((index for index in years if index < len(row)), key=years.__getitem__)]
    named = [_text(cell) for cell in head]
    return [at for at in range(1, len(row)) if at >= len(named) or not is_no_column(named[at])]


def _candidate(caption: str, head: Cells, row: Cells, column: int, exact: str) -> Candidate:
    name, title = _text(row[0]), _text(head[column]) if column < len(head) else ""
    periods = bool(_PERIOD.match(name))
    parts = (title, caption, name) if periods or is_total(name) else (name, title)
    label = ", ".join(part for part in parts if part)
    around = " ".join((caption, title, name, exact))
    said = None if periods else row[0]
    cell = None if periods or not title else _by_names(row[column], title, name)
    return Candidate(row[column], exact, label, around, "", ("a cell of a table",), said, cell=cell)


def _by_names(cell: Tag, column: str, row: str) -> EmbeddedLocator:
    """A cell by the names of its column and of its row, wherever they stand in their table."""
    table = cell.find_parent("table")
    rank = len(cell.find_all_previous("table"))
    alone = rank == 1 and table is not None and table.find_next("table") is None
    return EmbeddedLocator(source="table", chart=None if alone else rank, series=column, row=row)


def _text(cell: Tag) -> str:
    return fold(cell.get_text()).strip()


def _whole(text: str) -> bool:
    """Whether a cell is one number, perhaps with a word of unit."""
    found = list(mentions(text))
    bare = len(found) == 1 and not text[: found[0].start].strip() and len(text[found[0].end :].split()) <= 2
    return bare and not found[0].like_a_year
