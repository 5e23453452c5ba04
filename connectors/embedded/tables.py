"""Tables as data: their columns and their lines are series."""

import re
from collections.abc import Iterator

from connectors.embedded.data import Carried, Series, Text, carried
from connectors.embedded.table_cells import tables
from connectors.errors import ReadingError, WrongFormat
from connectors.selectors import fold
from connectors.text.js_literal import Literal


def carried_tables(page: Text) -> Iterator[Carried | ReadingError]:
    """Every table of a page: a list of rows, the first of them the headings."""
    for table in tables(page.text, page.tags):
        if isinstance(table, ReadingError):
            yield table
        else:
            yield carried(Literal(table.rows, table.spans, 0), *table.names)


_TOTAL = re.compile(r"^(?:total|ensemble|france entière|cumul)", re.IGNORECASE)


def is_total(name: str) -> bool:
    """Whether a row or a column sums up the others, and stands for no date of its own."""
    return bool(_TOTAL.match(fold(name).strip()))


def table_series(value: object) -> Iterator[Series]:
    """The columns under their headings, and the lines beside theirs: dates may be on either side.

    Raises:
        WrongFormat: the rows are not all of one width, so that a cell may stand under another's heading.
    """
    rows = value if isinstance(value, list) else []
    head, body = rows[0], range(1, len(rows))
    if any(len(row) != len(head) for row in rows):
        raise WrongFormat("the rows of the table are not all as wide as its first")
    for column in range(1, len(head)):
        yield Series(head[column], tuple((rows[row][0], (row, column)) for row in body))
    for row in body:
        points = tuple((head[column], (row, column)) for column in range(1, len(head)))
        yield Series(rows[row][0], points, line=True)
