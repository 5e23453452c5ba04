"""A table as rows under named columns: a CSV file, or the records of a Grist table."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from connectors.errors import WrongFormat
from connectors.extraction import Document
from connectors.text import csv_text, json_text
from connectors.text.csv_text import Csv
from connectors.text.json_text import Body

NATIONAL = ("indicateur", "valeur", "unite_mesure", "est_cible", "date", "est_periode")
"""Columns that every table of the national schema has and no other table has together."""

_RECORDS_PATH = re.compile(r"(/o/[^/]+)?/api/docs/[^/]+/tables/[^/]+/records/?")


@dataclass(frozen=True, slots=True)
class Grist:
    """The records of a Grist table, seen as rows and columns."""

    body: Body
    columns: tuple[str, ...]
    rows: tuple[Mapping[str, Any], ...]

    def cell(self, row: int, column: int) -> str:
        """The text of a cell; empty where there is none."""
        value = self.rows[row].get(self.columns[column])
        return "" if value is None else str(value)


Table = Csv | Grist


def parse(document: Document) -> Table:
    """The table of a document: what it is, its address tells.

    Raises:
        ReadingError: it is none.
    """
    if not _RECORDS_PATH.fullmatch(urlsplit(document.url).path):
        return csv_text.parse(document)
    body = json_text.parse(document)
    records = body.value.get("records") if isinstance(body.value, dict) else None
    if not isinstance(records, list) or not all(map(_is_record, records)):
        raise WrongFormat("the answer is not a Grist table: it has no list of records")
    rows = tuple(record["fields"] for record in records)
    return Grist(body, tuple(dict.fromkeys(name for row in rows for name in row)), rows)


def _is_record(record: object) -> bool:
    return isinstance(record, dict) and isinstance(record.get("fields"), dict)
