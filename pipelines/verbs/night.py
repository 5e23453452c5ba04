"""Verbs that bring figures in: a night, and captures made by other tools."""

from pathlib import Path
from typing import Annotated

import typer

from pipelines.verbs.common import REFUSED, WRONG_USE, in_one_sentence, moment_of, settings_from, stop


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
        stop(f"There is no portfolio file {portfolio!r}.", WRONG_USE)
    settings = settings_from(portfolio=portfolio, services=services)
    moment = moment_of(at)
    with in_one_sentence():
        from pipelines.night import run_night
        from pipelines.report import Terminal

        terminal = Terminal()
        with terminal.progress():
            told = run_night(
                settings, at=moment, only=only or (), allow_hosts=allow_host or (), on_done=terminal.done
            )
        terminal.closing(told)
    if told.blocked and told.summary:
        stop(f"Nothing that rests on figures was published: {told.summary['reason']}", REFUSED)
    if not told.completed:
        stop(" ".join(told.failures), REFUSED)


def import_warc(
    files: Annotated[
        list[Path], typer.Argument(help="WARC files made by any tool.", exists=True, dir_okay=False)
    ],
) -> None:
    """Import captures made by any other tool: each becomes a visit of its own date."""
    settings = settings_from()
    with in_one_sentence():
        from pipelines.warc_import import import_files, in_words

        imported = import_files(settings, files)
    for line in in_words(imported):
        typer.echo(line)
    if imported.refused:
        stop(" ".join(file.refused or "" for file in imported.refused), REFUSED)
