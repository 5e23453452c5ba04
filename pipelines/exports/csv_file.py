"""CSV: UTF-8, as RFC 4180 says; an empty cell is a value that is not there."""

import csv
from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from pipelines.exports.cell import safe
from warehouse.publication.column import Table
from warehouse.publication.publication import Publication


def write(table: Table, publication: Publication, path: Path) -> None:
    """Write one published table."""
    names = [column.name for column in table.columns]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\r\n")
        writer.writerow(names)
        writer.writerows(_cells(names, row) for row in table.read(publication))


def _cells(names: list[str], row: Mapping[str, Any]) -> list[str]:
    return [cell(row[name]) for name in names]


def cell(value: object) -> str:
    """A value as CSV writes it.

    >>> cell(True), cell(Decimal("-1E+2")), cell(None)
    ('true', '-100', '')
    """
    match value:
        case None:
            return ""
        case bool():
            return str(value).lower()
        case int():
            return str(value)
        case Decimal():
            return f"{value:f}"
        case datetime():
            return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        case date():
            return value.isoformat()
        case _:
            return safe(str(value))
