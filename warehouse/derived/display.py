"""Display: a growth in words, as the annual report prints it, in French and in English.

The rule has a name: ``truncate`` (towards zero, as the reports do: 73.8 is "+73 %") or ``round``
(to the nearest, halves away from zero).
"""

import math
from collections.abc import Callable, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Literal, NamedTuple

from warehouse.derived.intervals import Interval

Rule = Literal["truncate", "round"]
Kind = Literal["percent", "points", "multiple"]
Language = Literal["fr", "en"]


def half_away(exact: Fraction) -> int:
    """To the nearest whole number, halves away from zero, as people do."""
    nearest = math.floor(abs(exact) + Fraction(1, 2))
    return nearest if exact >= 0 else -nearest


RULES: Mapping[Rule, Callable[[Fraction], int]] = {"truncate": math.trunc, "round": half_away}


class _Words(NamedTuple):
    """``plural_from`` is the smallest number of points that is plural: "+1,5 pt" but "+1.5 pts"."""

    comma: str
    percent: str
    plural_from: Fraction
    at_least: str
    at_most: str
    between: str
    cheaper: str
    dearer: str


_WORDS: Mapping[Language, _Words] = {
    "fr": _Words(
        comma=",",
        percent=" %",
        plural_from=Fraction(2),
        at_least="au moins {}",
        at_most="au plus {}",
        between="{} (entre {} et {})",
        cheaper="Le coût baisse : c'est une amélioration.",
        dearer="Le coût monte : c'est une dégradation.",
    ),
    "en": _Words(
        comma=".",
        percent="%",
        plural_from=Fraction(1, 10**6),
        at_least="at least {}",
        at_most="at most {}",
        between="{} (between {} and {})",
        cheaper="The cost falls, which is an improvement.",
        dearer="The cost rises, which is a deterioration.",
    ),
}


def display(kind: Kind, growth: Interval, rule: Rule, decimals: int = 0, language: Language = "fr") -> str:
    """The figure alone where the whole interval gives it; else with its range, or the only bound there is.

    Args:
        kind: percent of the base, points of the scale, or a multiple.
        growth: the growth, in these terms, bounded on one side at least.
        rule: how a value becomes a printed number; a lone bound is rounded outwards instead.
        decimals: decimals shown.
        language: the language of the words and of the number.
    """
    words = _WORDS[language]

    def show(exact: Fraction, whole: Callable[[Fraction], int] = RULES[rule]) -> str:
        return _shown(kind, whole(exact * 10**decimals), decimals, words)

    if growth.high is None and growth.low is not None:
        return words.at_least.format(show(growth.low, math.floor))
    if growth.low is None and growth.high is not None:
        return words.at_most.format(show(growth.high, math.ceil))
    low, figure, high = (show(end) for end in growth if end is not None)
    return figure if low == high else words.between.format(figure, low, high)


def _shown(kind: Kind, digits: int, decimals: int, words: _Words) -> str:
    """``digits`` units of the last decimal, as the report prints them; zero has no sign."""
    number = str(Decimal(f"{digits}e-{decimals}")).replace(".", words.comma) if digits else "0"
    if kind == "multiple":
        return f"x{number}"
    sign = "+" if digits > 0 else ""
    size = Fraction(abs(digits), 10**decimals)
    unit = words.percent if kind == "percent" else _points(size, words)
    return f"{sign}{number}{unit}"


def _points(size: Fraction, words: _Words) -> str:
    one = size == 1 or size < words.plural_from
    return " pt" if one else " pts"


def meaning(kind: Kind, growth: Interval, nature: str, language: Language = "fr") -> str | None:
    """What the sign of a cost's growth means; ``None`` for other natures, or where the sign is not sure."""
    still = Fraction(1) if kind == "multiple" else Fraction(0)
    if nature != "cost":
        return None
    if growth.high is not None and growth.high < still:
        return _WORDS[language].cheaper
    if growth.low is not None and growth.low > still:
        return _WORDS[language].dearer
    return None
