"""The period that a short text names, so that dates decide which figure is the latest, never positions."""

import re
from collections.abc import Iterable
from datetime import UTC, datetime

from connectors.extraction import Extraction

Day = tuple[int, int, int]
"""Year, month and day; 0 for what the text does not say."""

_MONTHS = ("janv", "févr", "mars", "avr", "mai", "juin", "juil", "août", "sept", "oct", "nov", "déc")
NAMED = "|".join((*_MONTHS, "fevr", "fév", "aout", "dec"))
"""How the name of a month begins, as a pattern."""

_PLAIN = {"fevr": 2, "fév": 2, "aout": 8, "dec": 12} | {name: at for at, name in enumerate(_MONTHS, 1)}
_YEAR = r"(?P<year>(?:19|20)\d\d)"

_FORMS = tuple(
    re.compile(form, re.IGNORECASE)
    for form in (
        rf"{_YEAR}(?:[-/](?P<month>\d\d?)(?:[-/](?P<day>\d\d?))?)?(?:[T ]\d\d:\d\d.*)?",
        rf"(?:(?P<day>\d\d?)[-/.])?(?P<month>\d\d?)[-/.]{_YEAR}",
        rf"(?:(?P<day>\d\d?)(?:er)? )?(?P<name>{NAMED})\w*\.?[ -]{_YEAR}",
        rf"(?P<name>{NAMED})\w*\.?[ '-](?P<short>\d\d)",
        rf"(?:[TQ](?P<quarter>[1-4])|S(?P<half>[12]))[ -]{_YEAR}",
        rf"{_YEAR}[ -]?(?:[TQ](?P<quarter>[1-4])|S(?P<half>[12]))",
    )
)
_MOMENT = re.compile(r"1\d{9}(?:\d{3})?")
"""UNIX seconds or milliseconds of this century."""


def when(text: str | None) -> Day | None:
    """The period that a whole text names; nothing when it names none, or no year."""
    words = " ".join((text or "").split())
    if _MOMENT.fullmatch(words):
        moment = datetime.fromtimestamp(int(words[:10]), UTC)
        return moment.year, moment.month, moment.day
    match = next((found for form in _FORMS if (found := form.fullmatch(words))), None)
    return _day(match.groupdict()) if match else None


def _day(parts: dict[str, str | None]) -> Day | None:
    year = int(parts.get("year") or f"20{parts.get('short')}")
    name = (parts.get("name") or "").lower()
    quarter, half = parts.get("quarter"), parts.get("half")
    month = _PLAIN[name] if name else int(parts.get("month") or 0)
    month = int(quarter) * 3 if quarter else int(half) * 6 if half else month
    return (year, month, int(parts.get("day") or 0)) if month <= 12 else None


def is_month(text: str) -> bool:
    """Whether a text is a month of no year: such labels roll, and date nothing."""
    return bool(re.fullmatch(rf"(?:{NAMED})\w*\.?", text.strip(), re.IGNORECASE))


def dated(points: Iterable[Extraction]) -> tuple[tuple[str, str], ...]:
    """The points of a series, each its date and its characters as they are printed."""
    return tuple((each.period_text, each.exact) for each in points if each.period_text)


def latest(texts: list[str | None]) -> int | None:
    """Which of several dated texts is the latest; nothing when one of them names no period."""
    days = [when(text) for text in texts]
    known = [day for day in days if day]
    return days.index(max(known)) if known and len(known) == len(days) else None
