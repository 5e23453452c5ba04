"""Exports: the published tables as files, one function per format."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pipelines.exports import csv_file, package, parquet_file, xlsx_file
from pipelines.exports.folder import Folder, Written, replacing
from warehouse.publication.column import Table
from warehouse.publication.national import TABLE as NATIONAL
from warehouse.publication.publication import Publication
from warehouse.publication.tables import TABLES

WORKBOOK = "impact.xlsx"


@dataclass(frozen=True, slots=True)
class Export:
    """An export on its way: what is read, where it goes, and what is in its files so far."""

    publication: Publication
    folder: Folder
    site: str | None = None
    tables: dict[str, Table] = field(default_factory=dict)
    schemas: dict[str, Any] = field(default_factory=dict)

    def as_csv(self, table: Table, *, closed_lists: bool = False) -> None:
        """A table as CSV, with its schema in the description."""
        name = f"{table.name}.csv"
        with self.folder.file(name) as path:
            csv_file.write(table, self.publication, path)
        self.tables[name] = table
        self.schemas[name] = package.table_schema(table, closed_lists=closed_lists)

    def as_parquet(self, table: Table) -> None:
        """A table as Parquet."""
        name = f"{table.name}.parquet"
        with self.folder.file(name) as path:
            parquet_file.write(table, self.publication, path)
        self.tables[name] = table

    def as_text(self, name: str, text: str) -> None:
        """A file of text."""
        with self.folder.file(name) as path:
            path.write_text(text, "utf-8")


def _csv(export: Export) -> None:
    for table in TABLES:
        export.as_csv(table)


def _parquet(export: Export) -> None:
    for table in TABLES:
        export.as_parquet(table)


def _xlsx(export: Export) -> None:
    with export.folder.file(WORKBOOK) as path:
        xlsx_file.write(TABLES, export.publication, path, export.site)


def _schema(export: Export) -> None:
    export.as_csv(NATIONAL, closed_lists=True)
    name = f"{NATIONAL.name}.csv"
    described = {"name": NATIONAL.name, "title": NATIONAL.title, "description": NATIONAL.fr} | export.schemas[
        name
    ]
    export.as_text("schema.json", json.dumps(described, ensure_ascii=False, indent=2) + "\n")


FORMATS: dict[str, Callable[[Export], None]] = {
    "csv": _csv,
    "parquet": _parquet,
    "xlsx": _xlsx,
    "schema": _schema,
}
"""What each format writes."""


def export(
    publication: Publication, path: Path, formats: Sequence[str], site: str | None = None
) -> list[Written]:
    """Write the published tables into a folder, and last what describes them; return the files.

    Args:
        publication: what may be read.
        path: the folder; made where there is none.  Files of other names are left alone.
        formats: keys of ``FORMATS``.
        site: where figures lead to, see ``xlsx_file.write``.

    Raises:
        ExportUnwritable: the folder, or a file in it, cannot be written; the old files stay.
    """
    with replacing(path) as folder:
        going = Export(publication, folder, site)
        for name in dict.fromkeys(formats):
            FORMATS[name](going)
        files = folder.written()
        going.as_text(package.NAME, package.data_package(publication, going.tables, going.schemas, files))
    return files
