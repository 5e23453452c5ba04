"""What every verb of the command shares: settings, the clock, and errors in one sentence.

Everything heavy is imported inside the verbs: the reading processes import the command again,
and ``impact --help`` should not wait for Dagster.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any, NoReturn

import typer

from pipelines.settings import Settings

DONE, REFUSED, WRONG_USE = 0, 1, 2
"""Exit statuses: what was promised happened; it did not; it was asked for wrongly."""


def stop(sentence: str, status: int) -> NoReturn:
    """End the command with one sentence on stderr."""
    typer.echo(f"impact: {sentence}", err=True)
    raise typer.Exit(status)


@contextmanager
def in_one_sentence() -> Iterator[None]:
    """Turn an error of ours into one sentence with what to do next, and the right exit status."""
    from connectors.errors import InvalidSpec
    from pipelines.errors import KNOWN, UnknownServices, in_words

    try:
        yield
    except (InvalidSpec, UnknownServices) as error:
        stop(in_words(error), WRONG_USE)
    except KNOWN as error:
        stop(in_words(error), REFUSED)


def settings_from(**given: Any) -> Settings:
    """The environment's settings, with what the command line says instead."""
    from pydantic import ValidationError

    try:
        return Settings(**{name: value for name, value in given.items() if value is not None})
    except ValidationError as error:
        faults = "; ".join(f"IMPACT_{str(one['loc'][0]).upper()}: {one['msg']}" for one in error.errors())
        stop(f"A setting cannot be used: {faults}.", WRONG_USE)


def moment_of(text: str | None) -> datetime | None:
    """The clock, as an ISO moment; without a zone it is Paris time.  None is the real clock."""
    from warehouse.night import PARIS

    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        stop(f"--at {text!r} is no ISO date and time, such as 2023-12-31T23:00.", WRONG_USE)
    return moment if moment.tzinfo else moment.replace(tzinfo=PARIS)
