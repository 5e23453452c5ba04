"""The data dictionary: the comments of the tables, as rows."""

from collections.abc import Iterator
from typing import NamedTuple

from warehouse.tables import metadata


class Entry(NamedTuple):
    """One column (or, with an empty ``column``, one table) and what it means."""

    table: str
    column: str
    type: str
    meaning: str


def entries() -> Iterator[Entry]:
    """Every table, then its columns, in the order of ``tables.py``."""
    for table in metadata.tables.values():
        yield Entry(table.name, "", "", table.comment or "")
        for column in table.columns:
            yield Entry(table.name, column.name, _kind(column.type), column.comment or "")


def _kind(type_: object) -> str:
    return {
        "Exact": "decimal",
        "Moment": "moment (UTC)",
        "Json": "JSON",
        "Text": "text",
        "String": "text",
        "Date": "date",
        "Boolean": "boolean",
        "BigInteger": "integer",
    }.get(type(type_).__name__, type(type_).__name__)
