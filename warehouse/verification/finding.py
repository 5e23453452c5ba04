"""Findings: where something is not as it was written, named so that a person can go and look."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Finding:
    """One difference.

    ``night`` is where to begin looking (None: nowhere in particular); ``rank`` is 0 for the seals of
    the archive, 1 for its records and their index, 2 for what rests on them: the cause comes before its
    consequences.
    """

    night: date | None
    rank: int
    sentence: str

    def __str__(self) -> str:
        return f"{self.night}: {self.sentence}" if self.night else self.sentence


def in_order(findings: Iterable[Finding]) -> list[Finding]:
    """The seals' before the records', those before the rows', the first night first."""
    return sorted(set(findings), key=lambda one: (one.rank, one.night or date.min, one.sentence))
