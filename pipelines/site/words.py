"""French words and forms of the site: dates, numbers, and the codes that pages show."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from urllib.parse import urlsplit

from pipelines.check_words import SCOPES, check
from warehouse import words
from warehouse.night import PARIS
from warehouse.normalisation.numbers import show
from warehouse.normalisation.units import UNITS

_MONTHS = (
    "janvier", "février", "mars", "avril", "mai", "juin",
    "juillet", "août", "septembre", "octobre", "novembre", "décembre",
)  # fmt: skip

Row = Mapping[str, Any]

CODES: Mapping[str, Mapping[str, str]] = {
    "agreement": words.AGREEMENTS,
    "comparison": words.COMPARISONS,
    "criterion": words.CRITERIA,
    "finding": words.FINDINGS,
    "freshness": words.FRESHNESS,
    "kind": words.KINDS,
    "nature": words.NATURES,
    "qualifier": words.QUALIFIERS,
    "reach": words.REACHES,
    "refused_by": words.REFUSALS,
    "restated": words.RESTATED,
    "trouble": words.REASONS | words.TROUBLES,
    "scope": SCOPES,
    "source": words.SOURCES,
    "verdict": words.VERDICTS,
}
"""The codes that pages show, by what they are about."""


def word(code: str | None, about: str) -> str | None:
    """A code in French; one that no table has is shown as it is."""
    return CODES[about].get(code, code) if code else code


def day(value: date | None) -> str:
    """Such as "31 décembre 2023", "1er mars 2024"."""
    if value is None:
        return "date inconnue"
    first = "1er" if value.day == 1 else str(value.day)
    return f"{first}\u00a0{_MONTHS[value.month - 1]}\u00a0{value.year}"


def moment(value: datetime | None) -> str:
    """Such as "31 décembre 2023 à 23 h 00 (Paris)"."""
    if value is None:
        return "moment inconnu"
    there = value.astimezone(PARIS)
    return f"{day(there.date())} à {there:%H}\u00a0h\u00a0{there:%M} (Paris)"


def number(value: Decimal | int | None) -> str:
    """In French typography; nothing where there is none."""
    return "" if value is None else show(Decimal(value))


def amount(value: Decimal | None, unit: str) -> str:
    """Such as "1 575 332 simulations", "57 %", "4,2/5"; a unit that the table lost is shown as written."""
    if value is None:
        return ""
    known = UNITS.get(unit)
    if known is None or known.kind in ("percent", "score", "money"):
        return show(value, unit)
    return show(value, known.plural if abs(value) >= 2 else known.singular)


def period(row: Row) -> str:
    """What a figure describes: "au 31 décembre 2023", "du … au …", "depuis le lancement, au …"."""
    start, end = row["period_start"], row["period_end"]
    if start is None:
        return f"depuis le lancement, au {day(end)}"
    return f"au {day(end)}" if start == end else f"du {day(start)} au {day(end)}"


def address(url: str | None) -> str | None:
    """An address that a link may lead to; None for any other (``javascript:``, a relative one)."""
    try:
        parts = urlsplit(url or "")
    except ValueError:
        return None
    return url if parts.scheme in ("http", "https") and parts.netloc else None


def plural(count: int, one: str, several: str) -> str:
    """Such as "12 services", "0 service"."""
    return f"{show(Decimal(count))}\u00a0{several if abs(count) >= 2 else one}"


FILTERS: Mapping[str, Callable[..., Any]] = {
    "address": address,
    "amount": amount,
    "check": check,
    "day": day,
    "moment": moment,
    "number": number,
    "period": period,
    "phase": words.phase,
    "plural": plural,
    "word": word,
}
"""What templates call by these names."""
