"""Verbs that explain: the data dictionary, and the format of service files."""

import json
import sys
from pathlib import Path
from typing import Annotated

import typer


def dictionary(as_json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False) -> None:
    """Print the data dictionary: every table and column, with its meaning."""
    from pipelines.report import print_dictionary
    from warehouse.dictionary import entries

    rows = list(entries())
    if as_json:
        json.dump([row._asdict() for row in rows], sys.stdout, ensure_ascii=False, indent=2)
    else:
        print_dictionary(rows)


def schema(
    file: Annotated[
        Path | None, typer.Argument(help="Where to write it; standard output by default.")
    ] = None,
) -> None:
    """Write the JSON Schema of a service file, for editors."""
    from connectors import catalog

    if file:
        catalog.write_schema(file)
    else:
        typer.echo(json.dumps(catalog.json_schema(), ensure_ascii=False, indent=2))
