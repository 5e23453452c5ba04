"""Verbs that publish: files for people, and doors into the database for engineers and auditors."""

import json
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from pipelines.verbs.common import REFUSED, in_one_sentence, moment_of, settings_from, stop


class Format(StrEnum):
    """The formats of an export."""

    CSV = "csv"
    PARQUET = "parquet"
    XLSX = "xlsx"
    SCHEMA = "schema"


def export(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Where to write; made if it is not there.")],
    formats: Annotated[
        list[Format] | None,
        typer.Option(
            "--format",
            help="csv, parquet, xlsx, or schema: the national Table Schema (repeatable; all by default).",
        ),
    ] = None,
    site: Annotated[
        str | None,
        typer.Option(help="Address or relative path of the site: figures of the workbook lead to it."),
    ] = None,
    at: Annotated[str | None, typer.Option(help="As published at this ISO date and time.")] = None,
) -> None:
    """Write the published tables as files; datapackage.json, written last, describes them."""
    settings, moment = settings_from(), moment_of(at)
    with in_one_sentence():
        from connectors.clock import utc_now
        from pipelines.exports.export import export as write
        from pipelines.services import services_of
        from warehouse.database import reading
        from warehouse.publication.publication import publication_at

        with reading(settings.database_url) as connection:
            named = services_of(settings).services
            publication = publication_at(connection, moment or utc_now(), named)
            files = write(publication, folder, [one.value for one in formats or Format], site)
    for file in files:
        typer.echo(f"{folder / file.name}  {file.bytes} bytes")
    if publication.notice:
        typer.echo(publication.notice, err=True)


def datasette(
    file: Annotated[Path, typer.Argument(help="Where to write the metadata (JSON).", dir_okay=False)],
) -> None:
    """Write what Datasette shows beside the SQLite warehouse: what columns mean, and ready questions."""
    settings = settings_from()
    with in_one_sentence():
        from warehouse.publication.datasette import database_name, metadata

        text = json.dumps(metadata(database_name(settings.database_url)), ensure_ascii=False, indent=2)
    try:
        file.write_text(text + "\n", "utf-8")
    except OSError as error:
        stop(f"The file {file} cannot be written: {error.strerror}.", REFUSED)


def role(name: Annotated[str, typer.Argument(help="Name of the PostgreSQL role.")]) -> None:
    """Print the SQL that makes a role which may read everything and change nothing; for psql."""
    with in_one_sentence():
        from warehouse.publication.role import script

        text = script(name)
    typer.echo(text, nl=False)
