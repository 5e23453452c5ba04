"""What can stop a night.

::

    NightError
    ├── NoPortfolio       no portfolio can be read, tonight's or an earlier one
    ├── UnknownServices   a name that no service file bears
    ├── Blocked           the checks refuse publication: yesterday's tables stay
    ├── ExportUnwritable  the folder of an export cannot be written: the old files stay
    ├── WebhookRefused    the webhook did not take a message
    ├── NothingDiscovered no figure can be proposed for an address
    ├── NoSuchPage        neither a file nor a web address
    ├── NothingToAdopt    no figure was discovered for a service
    ├── NoSuchFigure      a figure that was not proposed
    ├── AlreadyThere      a service file of that name is there already
    ├── NoGrowth          two figures that give no growth
    ├── NothingKnown      the portfolio was not on record at a moment
    ├── UnreadableFile    a report's file cannot be read
    ├── NothingImported   no report of an edition is on record
    ├── NothingToVerify   neither the database nor the archive holds a night
    ├── NotASite          a folder that holds other things than a site of ours
    └── SiteNotWritten    the site, or the letters, cannot be written
"""

import contextlib
from collections.abc import Iterator
from typing import ClassVar

import dagster as dg
import sqlalchemy as sa

from connectors.errors import ConnectorError
from connectors.secrets import without_tokens
from expectations.errors import ExpectationError
from warehouse.errors import WarehouseError


class NightError(Exception):
    """Root of the tree; never raised itself."""

    advice: ClassVar[str] = "Read the sentence; it names the cause."

    def __init__(self, *said: object) -> None:
        # Sentences quote the addresses that people and portfolios give.
        super().__init__(*(without_tokens(one) if isinstance(one, str) else one for one in said))


class NoPortfolio(NightError):
    """No portfolio can be read: neither the one asked for nor an earlier copy."""

    advice = "Give a good portfolio with --portfolio or IMPACT_PORTFOLIO, then run the night again."


class UnknownServices(NightError):
    """A name that no service file bears."""

    advice = "Name services as their files in the services folder are named."


class Blocked(NightError):
    """The checks refuse publication."""

    advice = "Yesterday's tables stay. Mend the cause, then run the night again."


class ExportUnwritable(NightError):
    """The folder of an export, or a file in it, cannot be written."""

    advice = "The old files are as they were. Check the path, the rights on it and the room on its disk."


class WebhookRefused(NightError):
    """The webhook did not take a message."""

    advice = "Check IMPACT_WEBHOOK, and that the chat tool still has this webhook."


class NotASite(NightError):
    """A folder that holds other things than a site of ours."""

    advice = "Name an empty folder, or one that an earlier building filled."


class SiteNotWritten(NightError):
    """The site, or the letters, cannot be written."""

    advice = "Make room or give access there, or wait for the other building; then build again."


class NoGrowth(NightError):
    """Two figures that give no growth; the sentence says why."""

    advice = "Ask for other days, or look at the figures: impact revisions SERVICE/METRIC."


class NothingKnown(NightError):
    """The portfolio was not on record at that moment."""

    advice = "Run a night with the portfolio of that time: impact night --portfolio FILE --at MOMENT."


class NothingToVerify(NightError):
    """Neither the database nor the archive holds a night: that everything is equal would prove nothing."""

    advice = "Say where they are: IMPACT_DATABASE_URL and IMPACT_ARCHIVE."


class NothingDiscovered(NightError):
    """No figure can be proposed for this address."""

    advice = "Look at the page, and write its service file by hand if it publishes figures all the same."


class NoSuchPage(NightError):
    """What was given is neither a file nor a web address."""

    advice = "Give a saved file, or an address that begins with https://."


class UnreadableFile(NightError):
    """The file of a report cannot be opened."""

    advice = "Check its path and the rights on it."


class NothingImported(NightError):
    """No report of this edition is on record."""

    advice = "Import it first: impact import-report FILE_OR_URL --edition YEAR."


class NothingToAdopt(NightError):
    """No figure was discovered for a service."""

    advice = "`impact candidates` lists what was; `impact discover URL` looks at any page."


class AlreadyThere(NightError):
    """A service file of that name is there already."""

    advice = "Nothing was written: choose another folder, or edit the file that is there."


class NoSuchFigure(NightError):
    """A figure that was not proposed."""

    advice = "Name figures as `impact candidates` lists them."


KNOWN = (NightError, ConnectorError, WarehouseError, ExpectationError)
"""The four trees: an error of theirs is a sentence for a person, any other is a fault of ours."""


def in_words(error: BaseException) -> str:
    """What happened, and what to do next: each a sentence."""
    said = str(error).strip()
    ended = "" if not said or said.endswith((".", "?", "!", "…")) else "."
    return f"{said}{ended} {getattr(error, 'advice', '')}".strip()


@contextlib.contextmanager
def told_clearly() -> Iterator[None]:
    """Turn a known error into a Dagster failure that says what happened, and retries only what may pass."""
    try:
        yield
    except KNOWN as error:
        again = bool(getattr(error, "again", False))
        raise dg.Failure(in_words(error), allow_retries=again) from error
    except sa.exc.OperationalError as error:
        cause = str(error.orig).strip().splitlines()[0]
        sentence = (
            f"The database failed: {cause}. Check that it is up and has room, then run the night again."
        )
        raise dg.Failure(sentence, allow_retries=error.connection_invalidated) from error


def failure_sentence(event: dg.DagsterEvent) -> str:
    """What a failed step has to say to a person, in one sentence."""
    data = event.step_failure_data
    if data.user_failure_data and data.user_failure_data.description:
        return data.user_failure_data.description
    if data.error is None:
        return f"The step {event.step_key} failed."
    lines = (data.error.cause or data.error).message.strip().splitlines()
    if data.error.cls_name == "DagsterAssetCheckFailedError":
        return f"Checks refused publication: {_failures(lines[-1])}"
    return f"The step {event.step_key} failed: {lines[0]}"


def _failures(named: str) -> str:
    """What the checks named have to say (``table: one,two``); a name nobody knows is shown as it is."""
    from expectations.judge import CHECKS

    said = {check.name: check.failure for checks in CHECKS.values() for check in checks}
    names = named.partition(":")[2].strip().split(",")
    return " ".join(said.get(name.strip()) or f"{name.strip()}." for name in names)
