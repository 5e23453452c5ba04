"""What the characters of a printed claim mean: number, unit, nature and period.

A claim that is not understood is kept with the sentence that says why; nothing is guessed.
"""

import re
from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal

from connectors.report import Claim
from warehouse.errors import UnknownPeriod, UnreadableNumber
from warehouse.normalisation import numbers
from warehouse.normalisation.periods import Period, read_period
from warehouse.normalisation.units import printed_unit

READER = "claims/1 numbers/1 units/1 periods/1"

SINCE_LAUNCH = "cumul"
"""The period of a total for which the report names no date."""

_DAY = timedelta(days=1)
_UNITS = {"percent": "%", "points": "pts", "multiple": "x"}
_NATURE_OF_UNIT = {"%": "ratio", "/5": "score", "/10": "score", "/20": "score", "/100": "score"}
_BARE = re.compile(r"(?:(?:plus|moins|près|autour) d(?:e |['’])|environ |[x×] ?)?\d.*", re.DOTALL)
_DOT = re.compile(r"^[^.,]*\d\.\d{1,2}(?![\d.,])[^.,]*$")
"""One or two digits after a dot part no thousands."""
_YEAR = re.compile(r"(?<!\d)(20\d\d)(?!\d)")
_SINCE = re.compile(r"\b(?:depuis|à partir de)\b", re.IGNORECASE)
_OUTSIDE = re.compile(r"\b(?:avant|après|hors|sauf|mi)\b", re.IGNORECASE)
_START_OF = re.compile(r"\bdébut\s+(20\d\d)\b", re.IGNORECASE)
_COST = re.compile(r"\b(?:coût|budget|prix|montant|financement)|^par\b", re.IGNORECASE)
_LAUNCH = r"lancement|ouverture|création|début|origine|mise"
_SPAN = r"jour|semaine|mois|trimestre|an|année"
_TOTAL = rf"\bcumul|\bau total\b|\bdepuis (?:le|la|l['’]|son|sa)\s?(?:{_LAUNCH})"
_NEW = r"\bnouve(?:aux?|lles?|l)\b|\bdans l['’]année\b"
_RHYTHM = rf"\b(?:par|chaque) (?:{_SPAN})\b|\bmensuel|\bannuel"
_NATURES = (
    ("cumulative", re.compile(_TOTAL, re.IGNORECASE)),
    ("flow", re.compile(f"{_NEW}|{_RHYTHM}", re.IGNORECASE)),
)
"""The nature that words say; a report that says "12 000 dossiers" alone says none."""


@dataclass(frozen=True, slots=True)
class Meaning:
    """A claim as understood; ``trouble`` is the sentence that says why its number is not."""

    value: Decimal | None = None
    low: Decimal | None = None
    high: Decimal | None = None
    qualifier: str | None = None
    unit: str | None = None
    nature: str | None = None
    period: str | None = None
    trouble: str | None = None


def understand(claim: Claim) -> Meaning:
    """The meaning of a claim; never raises."""
    try:
        printed = _read(claim)
    except UnreadableNumber as error:
        return Meaning(nature=_nature(claim, None), period=period_of(claim), trouble=str(error))
    unit = _unit(claim, printed)
    nature = _nature(claim, unit) if claim.kind == "figure" else None
    return Meaning(
        printed.value,
        printed.low,
        printed.high,
        printed.qualifier,
        unit,
        nature,
        period_of(claim) or (SINCE_LAUNCH if nature == "cumulative" else None),
    )


def _read(claim: Claim) -> numbers.Printed:
    """The number; a growth told in words ("une baisse de 12 %") gets the sign that they mean."""
    text = re.sub(r"[\t\r\n ]+", " ", claim.exact.text).strip()
    if claim.kind == "figure" or not claim.sense or text[:1] in "+-−–":
        return numbers.read(text, notation="dot" if _DOT.search(text) else "french")
    bare = _BARE.search(text)
    printed = numbers.read(bare[0] if bare else text)
    if claim.sense == "up" or printed.value is None or printed.kind == "multiple":
        return printed
    low, high = (None if end is None else -end for end in (printed.high, printed.low))
    turned: dict[numbers.Qualifier, numbers.Qualifier] = {"at_least": "at_most", "at_most": "at_least"}
    qualifier = turned.get(printed.qualifier, printed.qualifier)
    return replace(printed, value=-printed.value, low=low, high=high, qualifier=qualifier)


def _unit(claim: Claim, printed: numbers.Printed) -> str | None:
    """The unit's code: what the figure itself says, else the words beside it."""
    if printed.kind in _UNITS:
        return _UNITS[printed.kind]
    said = (printed.unit_text, *(quote.text for quote in (claim.unit, claim.words) if quote))
    found = (printed_unit(re.sub(r"^(?:de |d['’]|des )", "", text.strip())) for text in said if text.strip())
    return next((unit.code for unit in found if unit), None)


def _nature(claim: Claim, unit: str | None) -> str | None:
    """What the unit says, then the words of accumulation, then those of the figure itself."""
    if unit in _NATURE_OF_UNIT:
        return _NATURE_OF_UNIT[unit]
    if unit == "€" and claim.words and _COST.search(claim.words.text):
        return "cost"
    said = [quote.text for quote in (claim.rhythm, claim.words) if quote]
    return next((nature for text in said for nature, words in _NATURES if words.search(text)), None)


def period_of(claim: Claim) -> str | None:
    """The period that the report names beside the figure, or else above it.

    Returns:
        ``2023``, ``2023-12``, ``2023-12-31``, or ``start/end`` for what is none of these; nothing
        when no date is printed, or one that can be read in two ways.
    """
    for quote in (claim.period, claim.column):
        understood = quote and _understood(quote.text)
        if understood:
            return understood
    return None


def _understood(text: str) -> str | None:
    if _SINCE.search(text) or _OUTSIDE.search(text):
        return None
    if begins := _START_OF.search(text):
        return f"{begins[1]}-01"
    try:
        return _written(read_period(text))
    except UnknownPeriod:
        years = set(_YEAR.findall(text))
        return years.pop() if len(years) == 1 else None


def _written(period: Period) -> str:
    """The shortest way to write a period."""
    start, end = period.start or period.end, period.end
    after = end + _DAY
    if start == end:
        return end.isoformat()
    if (start.month, start.day, after.month, after.day) == (1, 1, 1, 1) and after.year == start.year + 1:
        return f"{start.year}"
    if start.day == 1 and after.day == 1 and (after.year - start.year) * 12 + after.month - start.month == 1:
        return f"{start:%Y-%m}"
    return f"{start}/{end}"


def year_in(text: str | None) -> int | None:
    """The one year that a text names."""
    years = set(_YEAR.findall(text or ""))
    return int(years.pop()) if len(years) == 1 else None
