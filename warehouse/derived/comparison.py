"""Comparison: the arithmetic of growth between two figures.

A figure is known as well as it was printed: "2,7 millions" is anything from 2 650 000 to
2 750 000.  So is its growth: every comparison carries the interval that the two printed
precisions allow, and shows a single figure only when the whole interval shows it.
All arithmetic is exact (fractions); results are kept to six decimals, or fifteen digits.
"""

import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Literal

from warehouse.derived.display import RULES, Kind, Language, Rule, display, half_away, meaning
from warehouse.derived.intervals import Interval
from warehouse.derived.refusals import refusal

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
    report prints it under ``rule``, ``display_en`` English.  ``meaning`` (French) says what the
    sign means where it is not plain: a cost that falls is good news.
    """

    kind: Kind
    value: Decimal
    low: Decimal | None
    high: Decimal | None
    display: str
    rule: Rule
    display_en: str = ""
    meaning: str | None = None


# --- the four public functions -----------------------------------------------------------


def compare(base: Figure, now: Figure, *, rule: Rule = "truncate") -> Comparison:
    """The growth from ``base`` to ``now``.

    Ratios and scores differ by points of their scale; amounts and costs grow by a percentage,
    or from ten-fold on by a multiple.

    Raises:
        NotComparable: unit, nature or definition changed; a side is not available; the base is
            zero or negative; the sign changed; the precision bounds the growth on no side.
    """
    _require_same_thing(base, now)
    if base.nature in _POINTS:
        return _comparison("points", _interval(now).minus(_interval(base)), rule, base.nature)
    return _growth(_quotient(_interval(now), _positive(base)), rule, base.nature)


def compare_with_flow(base_total: Figure, flow: Figure, *, rule: Rule = "truncate") -> Comparison:
    """The growth of a total since launch, from last year's total to that total plus this year's flow.

    Raises:
        NotComparable: as ``compare``, or the two are not a cumulative total and a flow.
    """
    _require_same("unit", base_total.unit, flow.unit)
    _require_same("definition", base_total.definition, flow.definition)
    if (base_total.nature, flow.nature) != ("cumulative", "flow"):
        raise refusal("nature_changed", f"{base_total.nature}, {flow.nature}")
    # The new total moves with the old one, so the ratio is 1 + flow / base: not (base + flow) / base
    # with the two bases free, which would widen the interval for nothing.
    share = _quotient(_interval(flow), _positive(base_total))
    return _growth(share.map(lambda ratio: 1 + ratio), rule)


def add(flows: Sequence[Figure]) -> Figure:
    """The flow of a period from the flows of its parts, each as precise as it was printed.

    Raises:
        NotComparable: one is not available, or they do not count the same thing.
    """
    first, *others = flows
    for other in others:
        _require_same_thing(first, other)
    parts = [_interval(flow) for flow in flows]
    low = None if any(part.low is None for part in parts) else sum(part.low or 0 for part in parts)
    high = None if any(part.high is None for part in parts) else sum(part.high or 0 for part in parts)
    return Figure(
        value=_decimal(sum(part.value for part in parts)),
        low=None if low is None else _decimal(low),
        high=None if high is None else _decimal(high),
        qualifier=first.qualifier if len({flow.qualifier for flow in flows}) == 1 else "about",
        unit=first.unit,
        nature=first.nature,
        definition=first.definition,
    )


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
    printable = told and any(_prints(told, rule, digits, decimals) for rule in RULES)
    return "consistent" if printable else "inconsistent"


# --- what may be compared -----------------------------------------------------------------


def _require_same_thing(base: Figure, now: Figure) -> None:
    for what in ("unit", "nature", "definition"):
        _require_same(what, getattr(base, what), getattr(now, what))


def _require_same(what: str, before: str, after: str) -> None:
    if before != after:
        raise refusal(f"{what}_changed", f"{before or '—'} → {after or '—'}")


def _interval(figure: Figure) -> Interval:
    """The figure as an interval."""
    if figure.value is None or not figure.value.is_finite():
        raise refusal("not_available")
    value = Fraction(figure.value)
    low, high = (None if end is None else Fraction(end) for end in (figure.low, figure.high))
    if low is None and high is None:
        low = value if figure.qualifier in ("exact", "at_least") else None
        high = value if figure.qualifier in ("exact", "at_most") else None
    if (low is not None and low > value) or (high is not None and high < value):
        message = f"{figure.value} lies outside its own interval [{figure.low}, {figure.high}]"
        raise ValueError(message)
    return Interval(low, value, high)


def _positive(base: Figure) -> Interval:
    """The base of a percentage."""
    interval = _interval(base)
    if interval.value <= 0:
        raise refusal("negative_base" if interval.value < 0 else "from_zero")
    return interval


def _quotient(now: Interval, base: Interval) -> Interval:
    """Every now/base, for a base above zero."""
    if now.value < 0:
        raise refusal("sign_changed")
    return now.over(base)


# --- the result ---------------------------------------------------------------------------


def _growth(ratio: Interval, rule: Rule, nature: str = "") -> Comparison:
    """A ratio now/base, told as a multiple from ten-fold on, as a percentage below."""
    if ratio.value >= TEN_FOLD:
        return _comparison("multiple", ratio, rule, nature)
    return _comparison("percent", ratio.map(_percent), rule, nature)


def _percent(ratio: Fraction) -> Fraction:
    return (ratio - 1) * 100


def _comparison(kind: Kind, growth: Interval, rule: Rule, nature: str) -> Comparison:
    if growth.low is None and growth.high is None:
        raise refusal("undetermined")

    def show(language: Language) -> str:
        return display(kind, growth, rule, _POINTS.get(nature, 0), language)

    return Comparison(
        kind=kind,
        value=_stored(growth.value, half_away),
        low=None if growth.low is None else _stored(growth.low, math.floor),
        high=None if growth.high is None else _stored(growth.high, math.ceil),
        display=show("fr"),
        rule=rule,
        display_en=show("en"),
        meaning=meaning(kind, growth, nature),
    )


def _stored(exact: Fraction, whole: Callable[[Fraction], int]) -> Decimal:
    """Six decimals, fewer where fifteen digits would not do; ends are rounded outwards, to lose nothing."""
    places = min(6, 15 - len(str(int(abs(exact)))))
    return Decimal(f"{whole(exact * Fraction(10) ** places)}e{-places}")


def _decimal(exact: Fraction | int) -> Decimal:
    """A sum of decimals, which is a decimal."""
    return Decimal(Fraction(exact).numerator) / Decimal(Fraction(exact).denominator)


# --- printed growth -----------------------------------------------------------------------

_NUMBER = r"(\d+)(?:[.,](\d+))?"
_PRINTED = re.compile(rf"(?P<sign>[+-]?)(?P<multiple>x?){_NUMBER}(?P<unit>|%|points?|pts?)", re.ASCII)


def _squeezed(text: str) -> str:
    return "".join(text.casefold().split()).replace("−", "-").replace("–", "-").replace("×", "x")


def _read(printed: str) -> tuple[Kind, int, int]:
    """The kind, the digits with their sign, and how many of them are decimals: "+0,3 pt" is 3 and 1."""
    match = _PRINTED.fullmatch(_squeezed(printed))
    if match is None or bool(match["multiple"]) == bool(match["unit"]):
        raise refusal("unreadable_growth", printed.strip()[:40])
    kind: Kind = "multiple" if match["multiple"] else "percent" if match["unit"] == "%" else "points"
    whole, decimals = match[3], match[4] or ""
    return kind, int(match["sign"] + whole + decimals), len(decimals)


def _told_as(kind: Kind, comparison: Comparison) -> Interval | None:
    """The computed growth in the printed kind: "+400 %" is "x5"; points are neither."""
    low, high = (None if end is None else Fraction(end) for end in (comparison.low, comparison.high))
    growth = Interval(low, Fraction(comparison.value), high)
    if kind == comparison.kind:
        return growth
    change = {("percent", "multiple"): _ratio, ("multiple", "percent"): _percent}.get((comparison.kind, kind))
    return growth.map(change) if change else None


def _ratio(percent: Fraction) -> Fraction:
    return percent / 100 + 1


def _prints(growth: Interval, rule: Rule, digits: int, decimals: int) -> bool:
    """Whether some value of the interval is printed so: the rules never decrease, so the ends decide."""
    show = RULES[rule]
    reached = growth.low is None or show(growth.low * 10**decimals) <= digits
    return reached and (growth.high is None or show(growth.high * 10**decimals) >= digits)
