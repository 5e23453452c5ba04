"""The table: what is thrown at the night, and what the night says of it."""

from tests.hostile.contents import DATA, FILES, NUMBERS, PAGES
from tests.hostile.transfers import ADDRESSES, LYING, REDIRECTS, SLOW, TOO_MUCH
from tests.hostile.trial import Case

TABLE: tuple[Case, ...] = (
    *SLOW,
    *TOO_MUCH,
    *LYING,
    *REDIRECTS,
    *ADDRESSES,
    *PAGES,
    *NUMBERS,
    *DATA,
    *FILES,
)
"""Every case, in the order of the path."""


def agrees(line: str, told: str) -> bool:
    """Whether a line has the code expected, and the words."""
    code, _, words = told.partition(": ")
    return line.split(": ", 1)[0] == code and words in line
