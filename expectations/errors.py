"""What can go wrong in judging.

::

    ExpectationError
    └── BrokenCheck    the check itself failed to run: nothing may be published, ask us
"""

from typing import ClassVar


class ExpectationError(Exception):
    """Root of the tree; never raised itself."""

    advice: ClassVar[str] = "Read the sentence; it names the cause."


class BrokenCheck(ExpectationError):
    """A check could not be run, which is not the same as a check that failed."""

    advice = "The check is wrong, not the data: report it with the sentence."
