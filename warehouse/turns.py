"""Turns: the first days of a year or a month, when a page may still show the one before.

A counter that the page does not date is given the year or the month of its night.  On 1 January the page
that says "cette année" may not have begun anew, and on the first of a month the last one may not be
counted yet.  A figure that looks like the one before it waits until the page turns, or until its period
is old enough to have caught up.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, Literal

from connectors.service import Metric

Turn = Literal["year", "month"]

_YEARLY = ("calendar_year", "year_to_date")

_ONE_DAY = timedelta(days=1)

YOUNG_YEAR = timedelta(days=90)
"""To have caught up with the year before by then, a counter would have to run four times as fast."""

YOUNG_MONTH = timedelta(days=10)
"""Pages count a month in its first days; two months that are equal after that are two equal months."""


def is_young_year(metric: Metric, row: Mapping[str, Any]) -> bool:
    """True when an observation counts a year that has just begun, and that the page does not date."""
    if metric.period not in _YEARLY or not _is_undated_count(metric):
        return False
    return bool(row["period_end"] - row["period_start"] < YOUNG_YEAR)


def turn_of(metric: Metric, row: Mapping[str, Any], day: date) -> Turn | None:
    """What has just begun, when a figure is the first good word on it and the page does not date it.

    Args:
        metric: what the service file declares.
        row: an observation beside the last good one before it (``good_value``, ``good_day``).
        day: the night's.
    """
    good: date | None = row["good_day"]
    if good is None or not _is_undated_count(metric):
        return None
    if is_young_year(metric, row):
        return "year" if good.year == row["period_start"].year - 1 else None
    if metric.period == "calendar_month" and day - row["period_end"] <= YOUNG_MONTH:
        return "month" if good == row["period_start"] - _ONE_DAY else None
    return None


def _is_undated_count(metric: Metric) -> bool:
    return metric.nature == "flow" and getattr(metric.locate, "date", None) is None


def is_not_turned(turn: Turn, row: Mapping[str, Any]) -> bool:
    """True when a figure may be that of the period before: a month equal to it, a year that did not fall.

    Nothing is said of a period that began after nothing was counted.
    """
    before, now = row["good_value"], row["value"]
    return bool(before > 0 and (now == before if turn == "month" else now >= before))
