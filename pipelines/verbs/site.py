"""Verbs that write what people read: the site, and a letter to each team."""

from pathlib import Path
from typing import Annotated

import typer

from pipelines.verbs.common import in_one_sentence, moment_of, settings_from

At = Annotated[str | None, typer.Option(help="As known at this ISO date and time; now by default.")]


def site(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Where to write it.", file_okay=False)],
    at: At = None,
) -> None:
    """Write the site: static pages in French that need no server; only what changed is written again."""
    settings, moment = settings_from(), moment_of(at)
    with in_one_sentence():
        from pipelines.site.site import build_site

        built = build_site(settings, folder, moment)
    typer.echo(f"{len(built.written)} files written, {built.kept} unchanged, {len(built.removed)} removed.")
    typer.echo(f"Open {folder / 'index.html'}.")


def letters(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Where to write them.", file_okay=False)],
    at: At = None,
) -> None:
    """Write a letter to each team whose page could not be read whole: what was seen, and the one change."""
    settings, moment = settings_from(), moment_of(at)
    with in_one_sentence():
        from pipelines.letters.letters import write_letters

        written = write_letters(settings, folder, moment)
    typer.echo(f"{len(written)} letters in {folder}.")
