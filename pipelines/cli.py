"""The command ``impact``.

Everything heavy is imported inside the verbs: the reading processes import this file again,
and ``impact --help`` should not wait for Dagster.
"""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer

from pipelines.settings import Settings

app = typer.Typer(
    name="impact",
    help="Collects the impact figures of public digital services every night, and proves each of them.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)

DONE, REFUSED, WRONG_USE = 0, 1, 2
"""Exit statuses: what was promised happened; it did not; it was asked for wrongly."""


def main() -> None:
    """Entry point of the installed command."""
    app()


def _stop(sentence: str, status: int) -> NoReturn:
    typer.echo(f"impact: {sentence}", err=True)
    raise typer.Exit(status)


@contextmanager
def _in_one_sentence() -> Iterator[None]:
    """Turn an error of ours into one sentence with what to do next, and the right exit status."""
    from connectors.errors import InvalidSpec
    from pipelines.errors import KNOWN, UnknownServices, in_words

    try:
        yield
    except (InvalidSpec, UnknownServices) as error:
        _stop(in_words(error), WRONG_USE)
    except KNOWN as error:
        _stop(in_words(error), REFUSED)


def _settings(**given: Any) -> Settings:
    """The environment's settings, with what the command line says instead."""
    from pydantic import ValidationError

    try:
        return Settings(**{name: value for name, value in given.items() if value is not None})
    except ValidationError as error:
        faults = "; ".join(f"IMPACT_{str(one['loc'][0]).upper()}: {one['msg']}" for one in error.errors())
        _stop(f"A setting cannot be used: {faults}.", WRONG_USE)


def _moment(text: str | None) -> datetime | None:
    """The clock, as an ISO moment; without a zone it is Paris time.  None is the real clock."""
    from warehouse.night import PARIS

    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        _stop(f"--at {text!r} is no ISO date and time, such as 2023-12-31T23:00.", WRONG_USE)
    return moment if moment.tzinfo else moment.replace(tzinfo=PARIS)


@app.command()
def night(
    portfolio: Annotated[str | None, typer.Option(help="File or URL of the portfolio.")] = None,
    services: Annotated[
        Path | None, typer.Option(help="Folder of service files.", exists=True, file_okay=False)
    ] = None,
    only: Annotated[list[str] | None, typer.Option(help="Visit only this service (repeatable).")] = None,
    at: Annotated[
        str | None, typer.Option(help="The clock, as an ISO date and time; Paris time by default.")
    ] = None,
    allow_host: Annotated[
        list[str] | None, typer.Option(help="HOST[:PORT] exempt from the private-address rule (repeatable).")
    ] = None,
) -> None:
    """Run one night here and now: portfolio, collect, understand, check, derive."""
    if portfolio and "://" not in portfolio and not Path(portfolio).is_file():
        _stop(f"There is no portfolio file {portfolio!r}.", WRONG_USE)
    settings = _settings(portfolio=portfolio, services=services)
    moment = _moment(at)
    with _in_one_sentence():
        from pipelines.night import run_night
        from pipelines.report import Terminal

        terminal = Terminal()
        with terminal.progress():
            told = run_night(
                settings, at=moment, only=only or (), allow_hosts=allow_host or (), on_done=terminal.done
            )
        terminal.closing(told)
    if told.blocked and told.summary:
        _stop(f"Nothing that rests on figures was published: {told.summary['reason']}", REFUSED)
    if not told.completed:
        _stop(" ".join(told.failures), REFUSED)


@app.command()
def trace(
    figure: Annotated[str, typer.Argument(help="An id, or service/metric/year, service/metric, or service.")],
    as_json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False,
) -> None:
    """Print the whole way back of a figure: observations, characters on the page, bytes in the archive."""
    settings = _settings()
    with _in_one_sentence():
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


@app.command()
def read(
    file: Annotated[Path, typer.Argument(help="A saved page.", exists=True, dir_okay=False)],
    service: Annotated[Path, typer.Option(help="The service file.", exists=True, dir_okay=False)],
    page: Annotated[int, typer.Option(help="Which page of the service file, from 1.", min=1)] = 1,
    as_json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False,
) -> None:
    """Print what a service file reads on a saved page, without network or database."""
    with _in_one_sentence():
        from pipelines.report import print_reading
        from pipelines.saved_page import read_saved_page

        rows = read_saved_page(file, service, page - 1)
    if as_json:
        typer.echo(json.dumps([asdict(row) for row in rows], ensure_ascii=False, indent=2, default=str))
    else:
        print_reading(rows)
    if not any(row.value is not None for row in rows):
        _stop("No figure was read on this page.", REFUSED)


@app.command("import-warc")
def import_warc(
    files: Annotated[
        list[Path], typer.Argument(help="WARC files made by any tool.", exists=True, dir_okay=False)
    ],
) -> None:
    """Import captures made by any other tool: each becomes a visit of its own date."""
    settings = _settings()
    with _in_one_sentence():
        from pipelines.warc_import import import_files, in_words

        imported = import_files(settings, files)
    for line in in_words(imported):
        typer.echo(line)
    if imported.refused:
        _stop(" ".join(file.refused or "" for file in imported.refused), REFUSED)


@app.command()
def discover(
    page: Annotated[str, typer.Argument(help="The address of a page, or a saved page.")],
    url: Annotated[str | None, typer.Option(help="Where a saved page came from.")] = None,
    write: Annotated[
        Path | None, typer.Option(help="Folder to write a service file and a golden page to.")
    ] = None,
    allow_host: Annotated[
        list[str] | None, typer.Option(help="HOST[:PORT] exempt from the private-address rule (repeatable).")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False,
) -> None:
    """Propose the figures of a page that nobody configured, each with its place and how sure it is."""
    settings = _settings()
    with _in_one_sentence():
        from pipelines.discover import look_at, saved, visit
        from pipelines.discovery_report import print_discovery
        from pipelines.scaffold import scaffold

        found = look_at(saved(Path(page), url)) if Path(page).is_file() else visit(page, settings, allow_host)
        written = scaffold(found, write) if write else []
    if as_json:
        typer.echo(json.dumps([each.as_json() for each in found.figures], ensure_ascii=False, indent=2))
    else:
        print_discovery(found.figures)
    for path in written:
        typer.echo(f"Written: {path}", err=True)


@app.command()
def classify(
    portfolio: Annotated[str | None, typer.Option(help="File or URL of the portfolio.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="As JSON: every address.")] = False,
) -> None:
    """Say what each statistics and impact address of the portfolio leads to, and whether it can be read."""
    settings = _settings(portfolio=portfolio)
    with _in_one_sentence():
        from pipelines.discover import classified_portfolio
        from pipelines.discovery_report import as_rows, print_summary

        published = classified_portfolio(settings)
    if as_json:
        typer.echo(json.dumps(as_rows(published), ensure_ascii=False, indent=2))
    else:
        print_summary(published)


@app.command()
def dictionary(as_json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False) -> None:
    """Print the data dictionary: every table and column, with its meaning."""
    from pipelines.report import print_dictionary
    from warehouse.dictionary import entries

    rows = list(entries())
    if as_json:
        json.dump([row._asdict() for row in rows], sys.stdout, ensure_ascii=False, indent=2)
    else:
        print_dictionary(rows)


@app.command()
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


if __name__ == "__main__":
    main()
