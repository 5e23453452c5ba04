"""Comparison: the arithmetic of growth between two figures.

A figure is known as well as it was printed: "2,7 millions" is anything from 2 650 000 to
2 750 000.  So is its growth: every comparison carries the interval that the two printed
precisions allow, and shows a single figure only when the whole interval shows it.
All arithmetic is exact (fractions); results are kept to six decimals, or fifteen digits.
"""

import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Literal, NamedTuple

from warehouse.errors import NotComparable

Rule = Literal["truncate", "round"]
Kind = Literal["percent", "points", "multiple"]
Agreement = Literal["exact", "consistent", "inconsistent"]

TEN_FOLD = 10
"""From this ratio on, the annual report prints a multiple instead of a percentage."""

_POINTS = {"ratio": 0, "score": 1}
"""The natures compared by difference, and the decimals shown: a mark of 4,2/5 moves by tenths."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One side of a comparison.

    ``value`` is ``None`` for "ND".  ``low`` and ``high`` are what the printed precision allows,
    ``None`` where that side is open; with both empty, an exact figure is itself.
    ``definition`` says what is counted; two figures are compared only within one definition.
    """

    value: Decimal | None
    low: Decimal | None
    high: Decimal | None
    qualifier: str
    unit: str
    nature: str
    definition: str = ""


@dataclass(frozen=True, slots=True)
class Comparison:
    """A growth: percent of the base, points of the scale, or the multiple itself ("x16" is 16).

    ``low`` and ``high`` bound it (``None``: unbounded); ``display`` is French, as the annual
    report prints it under ``rule``.
    """

    kind: Kind
    value: Decimal
    low: Decimal | None
    high: Decimal | None
    display: str
    rule: Rule


class _Interval(NamedTuple):
    low: Fraction | None
    value: Fraction
    high: Fraction | None

    def map(self, change: Callable[[Fraction], Fraction]) -> "_Interval":
        """The image by an increasing function."""
        low, high = (None if end is None else change(end) for end in (self.low, self.high))
        return _Interval(low, change(self.value), high)


# --- the three public functions -----------------------------------------------------------


def compare(base: Figure, now: Figure, *, rule: Rule = "truncate") -> Comparison:
    """The growth from ``base`` to ``now``.

    Ratios and scores differ by points of their scale; amounts and costs grow by a percentage,
    or from ten-fold on by a multiple.

    Raises:
        NotComparable: unit, nature or definition changed; a side is not available; the base is
            zero or negative; the sign changed; the precision bounds the growth on no side.
    """
    for what, before, after in (
        ("unit", base.unit, now.unit),
        ("nature", base.nature, now.nature),
        ("definition", base.definition, now.definition),
    ):
        _require_same(what, before, after)
    if base.nature in _POINTS:
        return _comparison("points", _difference(_interval(now), _interval(base)), rule, base.nature)
    return _growth(_quotient(_interval(now), _positive(base)), rule)


def compare_with_flow(base_total: Figure, flow: Figure, *, rule: Rule = "truncate") -> Comparison:
    """The growth of a total since launch, from last year's total to that total plus this year's flow.

    Raises:
        NotComparable: as ``compare``, or the two are not a cumulative total and a flow.
    """
    _require_same("unit", base_total.unit, flow.unit)
    _require_same("definition", base_total.definition, flow.definition)
    if (base_total.nature, flow.nature) != ("cumulative", "flow"):
        raise _refusal("nature_changed", f"{base_total.nature}, {flow.nature}")
    # The new total moves with the old one, so the ratio is 1 + flow / base: not (base + flow) / base
    # with the two bases free, which would widen the interval for nothing.
    share = _quotient(_interval(flow), _positive(base_total))
    return _growth(share.map(lambda ratio: 1 + ratio), rule)


def agree(printed: str, comparison: Comparison) -> Agreement:
    """How a printed growth ("+10 %", "+18 pts", "x16") stands to a computed one.

    *exact*: the same display.  *consistent*: some value that truncation or rounding would have
    printed so lies within the computed interval.

    Raises:
        NotComparable: ``printed`` is not a growth.
    """
    kind, digits, decimals = _read(printed)
    if _squeezed(printed) == _squeezed(comparison.display):
        return "exact"
    told = _told_as(kind, comparison)
    return (
        "consistent"
        if told and any(_prints(told, rule, digits, decimals) for rule in _RULES)
        else "inconsistent"
    )


# --- what may be compared -----------------------------------------------------------------

_REFUSALS = {
    "unit_changed": "L'unité a changé ({}) : les deux valeurs ne se comparent pas.",
    "nature_changed": "La nature du chiffre a changé ({}) : les deux valeurs ne se comparent pas.",
    "definition_changed": "Ce qui est compté a changé ({}) : les deux valeurs ne se comparent pas.",
    "not_available": "L'une des deux valeurs n'est pas disponible (ND).",
    "from_zero": "La valeur de départ est zéro : aucune évolution en pourcentage n'est définie.",
    "negative_base": "La valeur de départ est négative : aucune évolution en pourcentage n'a de sens.",
    "sign_changed": "La valeur a changé de signe : aucune évolution en pourcentage n'a de sens.",
    "undetermined": "Les précisions imprimées ne bornent l'évolution d'aucun côté.",
    "unreadable_growth": "« {} » n'est pas une évolution lisible.",
}
"""Every reason to refuse, under the short name kept in ``refusals``, with the sentence staff read."""


def _refusal(code: str, detail: str = "") -> NotComparable:
    return NotComparable(code, _REFUSALS[code].format(detail))


def _require_same(what: str, before: str, after: str) -> None:
    if before != after:
        raise _refusal(f"{what}_changed", f"{before or '—'} → {after or '—'}")


def _interval(figure: Figure) -> _Interval:
    """The figure as an interval."""
    if figure.value is None or not figure.value.is_finite():
        raise _refusal("not_available")
    value = Fraction(figure.value)
    low, high = (None if end is None else Fraction(end) for end in (figure.low, figure.high))
    if low is None and high is None:
        low = value if figure.qualifier in ("exact", "at_least") else None
        high = value if figure.qualifier in ("exact", "at_most") else None
    if (low is not None and low > value) or (high is not None and high < value):
        message = f"{figure.value} lies outside its own interval [{figure.low}, {figure.high}]"
        raise ValueError(message)
    return _Interval(low, value, high)


def _positive(base: Figure) -> _Interval:
    """The base of a percentage."""
    interval = _interval(base)
    if interval.value <= 0:
        raise _refusal("negative_base" if interval.value < 0 else "from_zero")
    return interval


# --- intervals ----------------------------------------------------------------------------


def _difference(now: _Interval, base: _Interval) -> _Interval:
    low = None if now.low is None or base.high is None else now.low - base.high
    high = None if now.high is None or base.low is None else now.high - base.low
    return _Interval(low, now.value - base.value, high)


def _quotient(now: _Interval, base: _Interval) -> _Interval:
    """Every now/base, for a base above zero.  A base that may be as small as zero bounds nothing above."""
    if now.value < 0:
        raise _refusal("sign_changed")
    smallest = base.low if base.low is not None and base.low > 0 else None
    return _Interval(
        low=_over(now.low, base.high if now.low is None or now.low >= 0 else smallest),
        value=now.value / base.value,
        high=_over(now.high, smallest),
    )


def _over(end: Fraction | None, base: Fraction | None) -> Fraction | None:
    return None if end is None or base is None else end / base


def _growth(ratio: _Interval, rule: Rule) -> Comparison:
    """A ratio now/base, told as a multiple from ten-fold on, as a percentage below."""
    if ratio.value >= TEN_FOLD:
        return _comparison("multiple", ratio, rule)
    return _comparison("percent", ratio.map(_percent), rule)


def _percent(ratio: Fraction) -> Fraction:
    return (ratio - 1) * 100


def _comparison(kind: Kind, growth: _Interval, rule: Rule, nature: str = "") -> Comparison:
    if growth.low is None and growth.high is None:
        raise _refusal("undetermined")
    return Comparison(
        kind=kind,
        value=_stored(growth.value, _half_away),
        low=None if growth.low is None else _stored(growth.low, math.floor),
        high=None if growth.high is None else _stored(growth.high, math.ceil),
        display=_display(kind, growth, rule, _POINTS.get(nature, 0)),
        rule=rule,
    )


def _stored(exact: Fraction, whole: Callable[[Fraction], int]) -> Decimal:
    """Six decimals, fewer where fifteen digits would not do; ends are rounded outwards, to lose nothing."""
    places = min(6, 15 - len(str(int(abs(exact)))))
    return Decimal(f"{whole(exact * Fraction(10) ** places)}e{-places}")


# --- display ------------------------------------------------------------------------------


def _half_away(exact: Fraction) -> int:
    """To the nearest whole number, halves away from zero, as people do."""
    nearest = math.floor(abs(exact) + Fraction(1, 2))
    return nearest if exact >= 0 else -nearest


_RULES: dict[Rule, Callable[[Fraction], int]] = {"truncate": math.trunc, "round": _half_away}


def _display(kind: Kind, growth: _Interval, rule: Rule, decimals: int) -> str:
    """The figure alone, the figure with its range, or the only bound there is."""

    def show(exact: Fraction, whole: Callable[[Fraction], int] = _RULES[rule]) -> str:
        return _shown(kind, whole(exact * 10**decimals), decimals)

    if growth.high is None and growth.low is not None:
        return f"au moins {show(growth.low, math.floor)}"
    if growth.low is None and growth.high is not None:
        return f"au plus {show(growth.high, math.ceil)}"
    low, figure, high = (show(end) for end in growth if end is not None)
    return figure if low == high else f"{figure} (entre {low} et {high})"


def _shown(kind: Kind, digits: int, decimals: int) -> str:
    """``digits`` units of the last decimal, as the report prints them; zero has no sign."""
    number = str(Decimal(f"{digits}e-{decimals}")).replace(".", ",") if digits else "0"
    if kind == "multiple":
        return f"x{number}"
    sign = "+" if digits > 0 else ""
    unit = "%" if kind == "percent" else _points_word(abs(digits), decimals)
    return f"{sign}{number} {unit}"


def _points_word(digits: int, decimals: int) -> str:
    """In French the plural begins at two: "+1,5 pt", "+2 pts"."""
    return "pts" if digits >= 2 * 10**decimals else "pt"


# --- printed growth -----------------------------------------------------------------------

_NUMBER = r"(\d+)(?:[.,](\d+))?"
_PRINTED = re.compile(rf"(?P<sign>[+-]?)(?P<multiple>x?){_NUMBER}(?P<unit>|%|points?|pts?)", re.ASCII)


def _squeezed(text: str) -> str:
    return "".join(text.casefold().split()).replace("−", "-").replace("–", "-").replace("×", "x")


def _read(printed: str) -> tuple[Kind, int, int]:
    """The kind, the digits with their sign, and how many of them are decimals: "+0,3 pt" is 3 and 1."""
    match = _PRINTED.fullmatch(_squeezed(printed))
    if match is None or bool(match["multiple"]) == bool(match["unit"]):
        raise _refusal("unreadable_growth", printed.strip()[:40])
    kind: Kind = "multiple" if match["multiple"] else "percent" if match["unit"] == "%" else "points"
    whole, decimals = match[3], match[4] or ""
    return kind, int(match["sign"] + whole + decimals), len(decimals)


def _told_as(kind: Kind, comparison: Comparison) -> _Interval | None:
    """The computed growth in the printed kind: "+400 %" is "x5"; points are neither."""
    low, high = (None if end is None else Fraction(end) for end in (comparison.low, comparison.high))
    growth = _Interval(low, Fraction(comparison.value), high)
    if kind == comparison.kind:
        return growth
    change = {("percent", "multiple"): _ratio, ("multiple", "percent"): _percent}.get((comparison.kind, kind))
    return growth.map(change) if change else None


def _ratio(percent: Fraction) -> Fraction:
    return percent / 100 + 1


def _prints(growth: _Interval, rule: Rule, digits: int, decimals: int) -> bool:
    """Whether some value of the interval is printed so: the rules never decrease, so the ends decide."""
    show = _RULES[rule]
    reached = growth.low is None or show(growth.low * 10**decimals) <= digits
    return reached and (growth.high is None or show(growth.high * 10**decimals) >= digits)
