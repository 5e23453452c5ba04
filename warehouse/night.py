"""Night: the day whose figures are collected, and the moment at which we know them."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Self
from zoneinfo import ZoneInfo

PARIS = ZoneInfo("Europe/Paris")


def paris_day(moment: datetime) -> date:
    """The calendar day of a moment in Europe/Paris, which is what a night, a day and a year mean here."""
    return moment.astimezone(PARIS).date()


@dataclass(frozen=True, slots=True)
class Night:
    """``day`` says which pages (those of that day); ``at`` (UTC) is when this run knows what it knows.

    A night run on its own day fetches; a night run later is read again from the archive.
    """

    day: date
    at: datetime

    @classmethod
    def of(cls, at: datetime, day: date | None = None) -> Self:
        """The night of a moment; or a past ``day`` looked at from that moment.

        A moment is a whole second: the microseconds order what is told within it.
        """
        at = at.astimezone(UTC).replace(microsecond=0)
        return cls(day or paris_day(at), at)

    @property
    def live(self) -> bool:
        """True on the day itself: only then can a page be fetched."""
        return paris_day(self.at) == self.day
