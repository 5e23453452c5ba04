"""The description of an export: a Frictionless data package, and a Table Schema for each table."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from pipelines.exports.folder import Written
from warehouse.publication.column import Column, Table, Type
from warehouse.publication.publication import Publication

NAME = "datapackage.json"

_TYPES: dict[Type, dict[str, str]] = {
    "text": {"type": "string"},
    "code": {"type": "string"},
    "url": {"type": "string"},
    "integer": {"type": "integer"},
    "year": {"type": "integer"},
    "number": {"type": "number"},
    "boolean": {"type": "boolean"},
    "date": {"type": "date", "format": "%Y-%m-%d"},
    "moment": {"type": "datetime", "format": "%Y-%m-%dT%H:%M:%SZ"},
}

_MEDIA = {
    "csv": "text/csv",
    "parquet": "application/vnd.apache.parquet",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}

LICENCE = {
    "name": "etalab-2.0",
    "title": "Licence Ouverte 2.0",
    "path": "https://spdx.org/licenses/etalab-2.0.html",
}


def table_schema(table: Table, *, closed_lists: bool = False) -> dict[str, Any]:
    """The Table Schema of a published table.

    Args:
        table: the table.
        closed_lists: codes may only be those that have words, as the national schema wants; our own tables
            may gain codes before they gain the words.
    """
    return {
        "fields": [_field(column, closed_lists) for column in table.columns],
        "missingValues": [""],
    }


def _field(column: Column, closed: bool) -> dict[str, Any]:
    limits: dict[str, Any] = {"required": True} if column.required else {}
    if closed and column.words:
        limits["enum"] = list(column.words)
    return {
        "name": column.name,
        "title": column.label,
        "description": column.fr,
        "description_en": column.en,
        **_TYPES[column.type],
        **({"unit": column.unit} if column.unit else {}),
        **({"labels": dict(column.words)} if column.words else {}),
        **({"constraints": limits} if limits else {}),
    }


def data_package(
    publication: Publication,
    tables: Mapping[str, Table],
    schemas: Mapping[str, Any],
    files: Sequence[Written],
) -> str:
    """The text of ``datapackage.json``; the same files of the same night make the same text.

    Args:
        publication: what was read.
        tables: the table in each file that holds one.
        schemas: its Table Schema, for the files that are read as text.
        files: all files of the export.
    """
    resources = [_resource(file, tables.get(file.name), schemas.get(file.name)) for file in files]
    package = {
        "name": "impact-des-services-publics-numeriques",
        "title": "Impact des services publics numériques",
        "description": f"Chiffres connus à l'issue de la nuit du {publication.night.day:%d/%m/%Y}."
        f" {publication.notice or ''}".rstrip(),
        "version": publication.night.day.isoformat(),
        "licenses": [LICENCE],
        "resources": resources,
    }
    return json.dumps(package, ensure_ascii=False, indent=2) + "\n"


def _resource(file: Written, table: Table | None, schema: Any) -> dict[str, Any]:
    stem, _, kind = file.name.rpartition(".")
    about = {"title": table.title, "description": table.fr, "description_en": table.en} if table else {}
    # Only what bears a schema here is read as a table: the others say themselves what they hold.
    read_as = (
        {"type": "table", "profile": "tabular-data-resource", "encoding": "utf-8"}
        if schema
        else {"type": "file", "profile": "data-resource"}
    )
    return {
        "name": f"{stem}-{kind}".replace("_", "-").lower(),
        "path": file.name,
        **about,
        **read_as,
        "format": kind,
        **({"mediatype": _MEDIA[kind]} if kind in _MEDIA else {}),
        "bytes": file.bytes,
        "hash": f"sha256:{file.sha256}",
        **({"schema": schema} if schema else {}),
    }
