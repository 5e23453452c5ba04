"""Rhythm: how long one period of a dated series is, told by its own dates."""

from calendar import monthrange
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from itertools import pairwise

from connectors.service import Periodicity
from warehouse.errors import UnknownPeriod
from warehouse.normalisation.periods import read_period

Place = tuple[int, ...]

_WEEK = timedelta(weeks=1).days


def _months(day: date, length: int) -> tuple[int, Place, Place]:
    """The rank of the months around a day, and its place from their first day and from their last."""
    rank, within = divmod(12 * day.year + day.month - 1, length)
    left = monthrange(day.year, day.month)[1] - day.day
    return rank, (within, day.day), (within, left)


_PERIODS: dict[Periodicity, Callable[[date], tuple[int, Place, Place]]] = {
    "day": lambda day: (day.toordinal(), (), ()),
    "week": lambda day: ((day.toordinal() - 1) // _WEEK, (day.weekday(),), (day.weekday(),)),
    "month": lambda day: _months(day, 1),
    "quarter": lambda day: _months(day, 3),
    "year": lambda day: _months(day, 12),
}
"""The rank of the period around a day, and the place of the day in it, from the shortest period on."""


def rhythm(texts: Iterable[str]) -> Periodicity | None:
    """How long one period of a series is whose dates are printed so; None when they do not say.

    They say it when all stand at one place of their periods (each month's first day, each quarter's last
    month) and the two nearest are one period apart: a period that is missing changes nothing, and a
    single date, two of one period, or one out of step say nothing.
    """
    try:
        read = [read_period(text) for text in set(texts)]
    except UnknownPeriod:
        return None
    days = sorted(period.start or period.end for period in read)
    return next((name for name, around in _PERIODS.items() if _keeps(days, around)), None)


def _keeps(days: list[date], around: Callable[[date], tuple[int, Place, Place]]) -> bool:
    ranks, firsts, lasts = zip(*map(around, days), strict=True) if len(days) > 1 else ((), (), ())
    steps = [after - before for before, after in pairwise(ranks)]
    return min(steps, default=0) == 1 and 1 in (len(set(firsts)), len(set(lasts)))
