"""Intervals: a value with what its printed precision allows around it, in exact fractions."""

from collections.abc import Callable
from fractions import Fraction
from typing import NamedTuple


class Interval(NamedTuple):
    """``low <= value <= high``; a side that is ``None`` is open."""

    low: Fraction | None
    value: Fraction
    high: Fraction | None

    def map(self, change: Callable[[Fraction], Fraction]) -> "Interval":
        """The image by an increasing function."""
        low, high = (None if end is None else change(end) for end in (self.low, self.high))
        return Interval(low, change(self.value), high)

    def minus(self, other: "Interval") -> "Interval":
        """Every difference of a value of this one and a value of the other."""
        low = None if self.low is None or other.high is None else self.low - other.high
        high = None if self.high is None or other.low is None else self.high - other.low
        return Interval(low, self.value - other.value, high)

    def over(self, base: "Interval") -> "Interval":
        """Every quotient by ``base``, whose value is above zero; an end at zero or below bounds nothing."""
        smallest = base.low if base.low is not None and base.low > 0 else None
        return Interval(
            low=_divided(self.low, base.high if self.low is None or self.low >= 0 else smallest),
            value=self.value / base.value,
            high=_divided(self.high, smallest),
        )


def _divided(end: Fraction | None, base: Fraction | None) -> Fraction | None:
    return None if end is None or base is None else end / base
