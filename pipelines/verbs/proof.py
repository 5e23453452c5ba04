"""Verbs about proof: that everything can be derived again, and what today's readers would say of the past."""

from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import typer

from pipelines.verbs.common import REFUSED, in_one_sentence, moment_of, settings_from, stop

_SERVICES = typer.Option(help="Folder of service files.", exists=True, file_okay=False)


def verify(services: Annotated[Path | None, _SERVICES] = None) -> None:
    """Hash the archive again, derive everything from it anew, and compare it with the database row by row."""
    settings = settings_from(services=services)
    with in_one_sentence():
        from pipelines.verify import verify as verify_all
        from pipelines.verify_words import in_words

        verified = verify_all(settings)
    for line in in_words(verified):
        typer.echo(line)
    if verified.findings:
        stop(f"The database and its archive do not agree: {verified.findings[0]}", REFUSED)


_DAY = ["%Y-%m-%d"]


def replay(
    since: Annotated[datetime | None, typer.Option(help="The first night.", formats=_DAY)] = None,
    until: Annotated[datetime | None, typer.Option(help="The last night.", formats=_DAY)] = None,
    service: Annotated[list[str] | None, typer.Option(help="Only this service (repeatable).")] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would change; the database stays as it is.")
    ] = False,
    services: Annotated[Path | None, _SERVICES] = None,
    at: Annotated[str | None, typer.Option(help="The moment of the new readings; now by default.")] = None,
) -> None:
    """Read the archive again with today's service files and readers; say which published figures change."""
    settings, moment = settings_from(services=services), moment_of(at)
    with in_one_sentence():
        from pipelines.replay import in_words
        from pipelines.replay import replay as replay_all

        replayed = replay_all(
            settings,
            since=_day(since),
            until=_day(until),
            only=service or (),
            dry_run=dry_run,
            at=moment,
        )
    for line in in_words(replayed, dry_run=dry_run):
        typer.echo(line)
    if replayed.broken:
        stop(f"{len(replayed.broken)} pages could not be read again; `impact verify` says why.", REFUSED)


def _day(moment: datetime | None) -> date | None:
    return moment.date() if moment else None
