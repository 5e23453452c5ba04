"""Parquet: typed columns, each with its comment in French and in English."""

from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from pipelines.exports.cell import clean
from warehouse.history import Row
from warehouse.publication.column import Column, Table, Type
from warehouse.publication.publication import Publication

_TYPES: dict[Type, Any] = {
    "text": pa.string(),
    "code": pa.string(),
    "url": pa.string(),
    "integer": pa.int64(),
    "year": pa.int64(),
    "number": pa.decimal128(24, 6),
    "boolean": pa.bool_(),
    "date": pa.date32(),
    "moment": pa.timestamp("us", tz="UTC"),
}
"""A number is what the warehouse keeps: at most six decimals."""

_ROWS = 10_000
"""Rows in memory at once, and to a row group."""


def write(table: Table, publication: Publication, path: Path) -> None:
    """Write one published table."""
    schema = arrow_schema(table)
    with pq.ParquetWriter(path, schema) as writer:
        for rows in _batches(table.read(publication)):
            writer.write_table(_arrow(rows, schema))


def arrow_schema(table: Table) -> Any:
    """The columns with their types; every comment is in the metadata of its field, those of the table too."""
    fields = [
        pa.field(column.name, _TYPES[column.type], nullable=not column.required, metadata=_comment(column))
        for column in table.columns
    ]
    return pa.schema(fields, metadata={"comment": table.en, "comment_fr": table.fr, "title_fr": table.title})


def _comment(column: Column) -> dict[str, str]:
    unit = {"unit": column.unit} if column.unit else {}
    return {"comment": column.en, "comment_fr": column.fr, "label_fr": column.label, **unit}


def _batches(rows: Iterable[Row]) -> Iterator[list[Row]]:
    remaining = iter(rows)
    while batch := list(islice(remaining, _ROWS)):
        yield batch


def _arrow(rows: list[Row], schema: Any) -> Any:
    columns = {name: [_value(row[name]) for row in rows] for name in schema.names}
    return pa.Table.from_pydict(columns, schema=schema)


def _value(value: object) -> object:
    return clean(value) if isinstance(value, str) else value
