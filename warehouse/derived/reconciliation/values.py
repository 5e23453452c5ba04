"""Values: whether two printed numbers agree, and whether one could be the other mistyped."""

from collections.abc import Mapping
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from typing import Any

from warehouse.derived.comparison import Agreement
from warehouse.normalisation.numbers import plain, show

Number = Mapping[str, Any]
"""Anything with ``value``, ``low``, ``high`` and ``qualifier``: a claim, an observation."""

_POWERS = (1, 2, 3)
_DIGITS = 4
"""Fewer digits than that are alike too easily for a slip of the hand to be told."""

_SYMBOLS = frozenset(("%", "€", "pts", "/5", "/10", "/20", "/100"))


def agreement(one: Number, other: Number) -> Agreement:
    """*exact*: one value in one precision; *consistent*: some value fits both; else *inconsistent*."""
    if one["value"] == other["value"] and _bounds(one) == _bounds(other):
        return "exact"
    return "consistent" if _overlap(_bounds(one), _bounds(other)) else "inconsistent"


def slip(one: Number, other: Number) -> str | None:
    """How one number became the other under somebody's hand (French), if its digits show it."""
    if not (one["qualifier"] == other["qualifier"] == "exact" and one["value"] and other["value"]):
        return None
    for power in _POWERS:
        factor = Decimal(10) ** power
        if _overlap(_scaled(one, factor), _bounds(other)) or _overlap(_bounds(one), _scaled(other, factor)):
            return f"un facteur {factor}"
    return _mistyped(_digits(one["value"]), _digits(other["value"]))


def _mistyped(one: str, other: str) -> str | None:
    if min(len(one), len(other)) < _DIGITS:
        return None
    swapped = (one[:at] + one[at + 1] + one[at] + one[at + 2 :] for at in range(len(one) - 1))
    if len(one) == len(other):
        return "deux chiffres intervertis" if one != other and other in swapped else None
    longer, shorter = (one, other) if len(one) > len(other) else (other, one)
    if len(longer) - len(shorter) == 1 and any(
        longer[:at] + longer[at + 1 :] == shorter for at in range(len(longer))
    ):
        return "un chiffre perdu ou ajouté"
    return None


def _digits(value: Decimal) -> str:
    """The digits as typed, without sign, comma and the zeros that only give the size."""
    return format(abs(value).normalize(), "f").replace(".", "").strip("0")


def is_rounded(one: Number, other: Number) -> bool:
    """Whether one number is the other with fewer digits, cut off or rounded: 34 000 and 34 180."""
    coarse, fine = sorted((one, other), key=_step, reverse=True)
    step = _step(coarse)
    if step == _step(fine) or len(_digits(coarse["value"])) < 2:
        return False
    cut = (fine["value"] / step).to_integral_value(ROUND_DOWN) * step
    near = (fine["value"] / step).to_integral_value(ROUND_HALF_UP) * step
    return coarse["value"] in (cut, near)


def _step(number: Number) -> Decimal:
    """The size of the last digit printed that is not a zero of the end."""
    low, high = _bounds(number)
    if low is not None and high is not None and high > low:
        return high - low
    return Decimal(10) ** Decimal(number["value"].normalize().as_tuple().exponent)


def significant(number: Number) -> int:
    """How many digits say more than the size: one for 3 000, three for 2,45."""
    return len(_digits(number["value"]))


_Bounds = tuple[Decimal | None, Decimal | None]


def _bounds(number: Number) -> _Bounds:
    low, high = number["low"], number["high"]
    if low is None and high is None:
        return number["value"], number["value"]
    return low, high


def _scaled(number: Number, factor: Decimal) -> _Bounds:
    low, high = _bounds(number)
    return (None if low is None else low * factor), (None if high is None else high * factor)


def _overlap(one: _Bounds, other: _Bounds) -> bool:
    return _reaches(one[1], other[0]) and _reaches(other[1], one[0])


def _reaches(high: Decimal | None, low: Decimal | None) -> bool:
    return high is None or low is None or high >= low


def added(one: Number, other: Number) -> dict[str, Any]:
    """The sum of two numbers, with its bounds."""
    ends = zip(_bounds(one), _bounds(other), strict=True)
    low, high = (None if a is None or b is None else a + b for a, b in ends)
    return {"value": one["value"] + other["value"], "low": low, "high": high, "qualifier": "exact"}


def shown(number: Number) -> str:
    """A number as staff read it: "173 154", "57 %", "au moins 95 000"."""
    lead = {"at_least": "au moins ", "at_most": "au plus ", "about": "environ "}.get(number["qualifier"], "")
    unit = number.get("unit")
    return lead + show(plain(number["value"]), unit if unit in _SYMBOLS else "")


def shown_text(claim: Mapping[str, Any]) -> str:
    """A printed figure in quotation marks, on one line."""
    return f"« {' '.join(claim['text'].split())} »"
