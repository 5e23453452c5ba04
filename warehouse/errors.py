"""Everything that can go wrong between an exchange and a publication.

::

    WarehouseError
    ├── DatabaseUnavailable      the database does not open: mend the URL, or bring it back
    ├── UnknownFigure            nothing on record bears this name
    │   └── AmbiguousFigure      several things on record do
    ├── NothingPublished         no night has passed its checks yet: run one
    ├── InvalidRole              a name that PostgreSQL would not take for a role as it is
    ├── UnknownAnswer            an answer to a question that nobody asked, or that names no service
    ├── NormalisationError       a figure was found, and what it means is not certain
    │   ├── UnreadableNumber     not one number, or one that can be read in two ways: mend the locator
    │   ├── UnknownUnit          a unit that the table of units does not have: add a row
    │   ├── UnitMismatch         the printed unit contradicts the declared one: look at the page
    │   ├── NotAvailable         the page itself says that there is no figure: nothing to do
    │   └── UnknownPeriod        the date of a figure is missing or can be read in two ways: mend the spec
    ├── ArchiveError             the archive cannot do what was asked
    │   ├── BrokenArchive        a kept exchange is missing, torn or altered: restore the file
    │   ├── ArchiveBusy          another night is writing: wait for it
    │   ├── ArchiveFull          no room on its disk: make room
    │   ├── ArchiveUnwritable    its folder or file cannot be written: mend the path or the rights
    │   └── Unstorable           an exchange that would not come back as it is: tell us
    ├── MalformedWarc            a foreign WARC file is torn or altered: ask for a sound copy
    └── DerivationError          a derived fact could not be computed
        ├── NotComparable        two figures whose growth would mean nothing
        └── InvalidRules         a file of rules or cohorts cannot be used: mend the file
"""

from pathlib import Path
from typing import ClassVar


class WarehouseError(Exception):
    """Root of the tree; never raised itself."""

    code: str = "warehouse_error"
    advice: ClassVar[str] = "Read the sentence; it names the cause."


class DatabaseUnavailable(WarehouseError):
    """The database cannot be opened."""

    code = "database_unavailable"
    advice = "Check IMPACT_DATABASE_URL, and that the database is up."


class UnknownFigure(WarehouseError):
    """Nothing on record bears this name."""

    code = "unknown_figure"
    advice = "Give the id of a row, or a name of a form that `impact trace --help` lists."


class AmbiguousFigure(UnknownFigure):
    """Several things on record bear this name."""

    code = "ambiguous_figure"
    advice = "Give one of the ids."


class NothingPublished(WarehouseError):
    """No night has passed its checks yet."""

    code = "nothing_published"
    advice = "Run `impact night`, or ask for a later moment; a blocked night says why."


class InvalidRole(WarehouseError):
    """A name that PostgreSQL would not take for a role as it is."""

    code = "invalid_role"
    advice = "Use small letters without accents, digits and underscores, at most 63, and begin with a letter."


class UnknownAnswer(WarehouseError):
    """An answer that fits no question about a printed claim, or names no service."""

    code = "unknown_answer"
    advice = "Give a question's name as `impact import-report` prints it, and a portfolio id or `none`."


class ArchiveError(WarehouseError):
    """The archive cannot do what was asked."""

    code = "archive_error"


class BrokenArchive(ArchiveError):
    """A kept exchange is missing, torn, or no longer what its digest was made for."""

    code = "broken_archive"
    advice = "Restore the night's file from a backup; until then its figures cannot be proved."


class ArchiveBusy(ArchiveError):
    """Another process is writing to the archive."""

    code = "archive_busy"
    advice = "Wait until the other night has ended, then start again."


class ArchiveFull(ArchiveError):
    """The disk took no more bytes; the file was cut back to where it was."""

    code = "archive_full"
    advice = "Make room on the archive's disk, then run the night again."


class ArchiveUnwritable(ArchiveError):
    """The archive's folder or file cannot be written."""

    code = "archive_unwritable"
    advice = "Check the path in IMPACT_ARCHIVE, and the rights on it."


class Unstorable(ArchiveError):
    """The exchange holds something that a WARC record would not give back unchanged."""

    code = "unstorable"
    advice = "Nothing was written; report the page to the developers."


class MalformedWarc(WarehouseError):
    """A foreign WARC file has a torn or altered record; ``offset`` says where, in bytes from its start."""

    code = "malformed_warc"
    advice = "Nothing of the file was kept. Get a sound copy of it from where it was made."

    def __init__(self, file: Path, offset: int, sentence: str) -> None:
        super().__init__(f"{file} is no sound WARC file: at byte {offset}, {sentence}.")
        self.offset = offset


class NormalisationError(WarehouseError):
    """A figure was found, and what it means is not certain."""

    code = "normalisation_error"


class UnreadableNumber(NormalisationError):
    """The characters are not one number, or could be read as two different ones."""

    code = "unreadable_number"
    advice = "Make the locator cover the figure alone, or declare its decimal sign, in the service file."


class UnknownUnit(NormalisationError):
    """A service file names a unit that the table of units does not have."""

    code = "unknown_unit"
    advice = "Correct the unit in the service file, or add a row to warehouse/normalisation/units.py."


class UnitMismatch(NormalisationError):
    """The unit printed beside the figure contradicts the declared one."""

    code = "unit_mismatch"
    advice = "The locator finds another figure, or the page changed its measure: look at the page."


class NotAvailable(NormalisationError):
    """The page itself says that there is no figure ("ND")."""

    code = "not_available"
    advice = "Nothing to do: the service gives no figure for now."


class UnknownPeriod(NormalisationError):
    """When the figure was true is not said, or is said in a way that can be read in two ways."""

    code = "unknown_period"
    advice = "Give the metric a period, a periodicity or a better date locator in the service file."


class DerivationError(WarehouseError):
    """A derived fact could not be computed."""

    code = "derivation_error"


class NotComparable(DerivationError):
    """Two figures whose growth would mean nothing.

    ``code`` is the short name kept in ``refusals``; the message is the French sentence that
    staff read there.
    """

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code


class InvalidRules(DerivationError):
    """A file of rules or of cohorts cannot be used; the message lists its faults."""

    code = "invalid_rules"
    advice = "Mend the file named; it stands in warehouse/derived."
