"""Verbs about one figure: where it comes from, and how it is read."""

import json
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipelines.settings import Settings
from pipelines.verbs.common import REFUSED, in_one_sentence, moment_of, settings_from, stop

if TYPE_CHECKING:
    from warehouse.archive import Archive
    from warehouse.derived.rules import Cohorts
    from warehouse.lineage import Step


FIGURE = (
    "The id of a row (a figure, growth, criterion, count, claim, incident, restatement…), or a name: "
    "service, service/metric, service/metric/year, service/deployment (or impact, quality, qualification), "
    "portfolio/date/measure, plf/year/indicator, claims/edition/service, incidents/service."
)


def trace(
    figure: Annotated[str, typer.Argument(help=FIGURE)],
    as_json: Annotated[bool, typer.Option("--json", help="As PROV-JSON.")] = False,
    html: Annotated[
        Path | None, typer.Option(help="Write one self-contained page there.", dir_okay=False)
    ] = None,
    at: Annotated[
        str | None, typer.Option(help="As known at this moment (ISO; Paris time without a zone).")
    ] = None,
) -> None:
    """Print the whole way back of a figure: observations, characters on the page, bytes in the archive."""
    settings = settings_from()
    moment = moment_of(at)
    with in_one_sentence():
        from pipelines.report import print_trace
        from warehouse.archive import Archive
        from warehouse.database import reading
        from warehouse.lineage import trace as trace_back
        from warehouse.lineage.prov import document

        archive = Archive(settings.archive)
        with reading(settings.database_url) as connection:
            step = trace_back(connection, archive, figure, moment, lambda: _cohorts(settings))
    if html:
        _write(html, step, archive, moment)
    if as_json:
        typer.echo(json.dumps(document(step), ensure_ascii=False, indent=2))
    elif not html:
        print_trace(step)


def _cohorts(settings: Settings) -> "Cohorts":
    """The printed cohorts; only counts over the portfolio need them, and the service files with them."""
    from connectors.catalog import SERVICES, load
    from pipelines.stages import cohorts_of

    return cohorts_of(load(settings.services or SERVICES))


def _write(file: Path, step: "Step", archive: "Archive", at: datetime | None) -> None:
    from pipelines.trace_page import write_page

    try:
        file.write_text(write_page(step, archive, at), "utf-8")
    except OSError as error:
        stop(f"The page {file} cannot be written: {error.strerror}.", REFUSED)


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
