"""Verbs about one figure: where it comes from, and how it is read."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from pipelines.verbs.common import REFUSED, in_one_sentence, settings_from, stop


def trace(
    figure: Annotated[str, typer.Argument(help="An id, or service/metric/year, service/metric, or service.")],
    as_json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False,
) -> None:
    """Print the whole way back of a figure: observations, characters on the page, bytes in the archive."""
    settings = settings_from()
    with in_one_sentence():
        from pipelines.report import print_trace
        from warehouse.archive import Archive
        from warehouse.database import open_database
        from warehouse.lineage import trace as trace_back

        with open_database(settings.database_url).connect() as connection:
            step = trace_back(connection, Archive(settings.archive), figure)
    if as_json:
        typer.echo(json.dumps(step.as_json(), ensure_ascii=False, indent=2, default=str))
    else:
        print_trace(step)


def read(
    file: Annotated[Path, typer.Argument(help="A saved page.", exists=True, dir_okay=False)],
    service: Annotated[Path, typer.Option(help="The service file.", exists=True, dir_okay=False)],
    page: Annotated[int, typer.Option(help="Which page of the service file, from 1.", min=1)] = 1,
    as_json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False,
) -> None:
    """Print what a service file reads on a saved page, without network or database."""
    with in_one_sentence():
        from pipelines.report import print_reading
        from pipelines.saved_page import read_saved_page

        rows = read_saved_page(file, service, page - 1)
    if as_json:
        typer.echo(json.dumps([asdict(row) for row in rows], ensure_ascii=False, indent=2, default=str))
    else:
        print_reading(rows)
    if not any(row.value is not None for row in rows):
        stop("No figure was read on this page.", REFUSED)
