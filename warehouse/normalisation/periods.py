"""Periods: the days that a figure describes.

A date is a place in the calendar *and* a grain ("2023", "décembre 2023", "31/12/2023"); days are
those of Europe/Paris.  What a date could also mean is refused: a year in two digits, a month
without year, "S1 2024" (semaine or semestre).
"""

import re
import unicodedata
from calendar import monthrange
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from dateutil.relativedelta import relativedelta

from connectors.service import Metric, Periodicity
from warehouse.errors import UnknownPeriod

PARIS = ZoneInfo("Europe/Paris")
Grain = Literal["day", "week", "month", "quarter", "year"]


@dataclass(frozen=True, slots=True)
class Period:
    """Days from ``start`` to ``end``, both included; no ``start`` means since launch.

    ``complete`` is false while the last day is still to come.
    """

    start: date | None
    end: date
    complete: bool


# ------------------------------------------------------------------------------------- tables

_LENGTHS: dict[Grain, relativedelta] = {
    "day": relativedelta(days=1),
    "week": relativedelta(weeks=1),
    "month": relativedelta(months=1),
    "quarter": relativedelta(months=3),
    "year": relativedelta(years=1),
}
_GRAINS = tuple(_LENGTHS)
_COUNTED_BY: dict[str | None, Periodicity] = {"calendar_month": "month", "calendar_year": "year"}
_ROLLING = ("last_30_days", "last_12_months", "year_to_date")
_YEARS = range(2000, 2100)
_LONGEST = 100

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "janvier janv jan", "fevrier fevr fev", "mars", "avril avr", "mai", "juin",
            "juillet juil", "aout", "septembre sept sep", "octobre oct", "novembre nov", "decembre dec",
        ),
        start=1,
    )
    for name in names.split()
}  # fmt: skip

_YEAR, _MONTH, _NAME = "(?P<year>[0-9]{4})", "(?P<month>[0-9]{1,2})", rf"(?P<name>{'|'.join(_MONTHS)})\.?"
_DAY = "(?P<day>[0-9]{1,2})"
_FORMS = tuple(
    re.compile(form)
    for form in (
        f"{_YEAR}-(?P<month>[0-9]{{2}})-(?P<day>[0-9]{{2}})",
        f"{_YEAR}(?P<month>[0-9]{{2}})(?P<day>[0-9]{{2}})",
        f"{_DAY}(?P<mark>[/.-]){_MONTH}(?P=mark){_YEAR}",
        f"(?:(?:lun|mar|mercre|jeu|vendre|same)di |dimanche )?{_DAY}(?:er)? {_NAME} {_YEAR}",
        f"{_YEAR}-(?P<month>[0-9]{{2}})",
        f"(?P<month>[0-9]{{2}})/{_YEAR}",
        f"{_NAME}[ -]{_YEAR}",
        f"[tq](?P<quarter>[1-4])[ -]?{_YEAR}",
        f"{_YEAR}[ -]?[tq](?P<quarter>[1-4])",
        f"(?P<quarter>[1-4])(?:er|e|eme) trimestre (?:de )?{_YEAR}",
        f"(?:semaine|sem\\.?) (?P<week>[0-9]{{1,2}})(?: de| -|,)? {_YEAR}",
        f"{_YEAR}[ -]?[sw](?P<week>[0-9]{{2}})",
        f"s(?P<week>[0-9]{{2}})[ -]{_YEAR}",
        f"(?:annee )?{_YEAR}",
    )
)
# What may stand before a date ("Chiffres mis à jour au …"), unless it moves it ("depuis le …").
_LEAD = re.compile("^(?:[a-z' ]*: ?)?(?:[a-z' ]*(?<![a-z])(?:au|le|en) )?")
_MOVES = re.compile(r"(?<![a-z])(?:depuis|avant|apres|jusqu|d'ici|hors|sauf|debut|fin|mi)(?![a-z])")

_TIMESTAMP = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}.*", re.IGNORECASE)
_UNIX = re.compile(r"(?P<seconds>[0-9]{9,10})(?:\.[0-9]+)?|(?P<milliseconds>[0-9]{12,13})")


# -------------------------------------------------------------------------------------- dates


def read_date(text: str) -> date:
    """The last day of what a printed date names ("31/12/2023", "décembre 2023", "2023").

    Raises:
        UnknownPeriod: it is not a date, or could be two.
    """
    return read_period(text).end


def read_period(text: str, periodicity: Periodicity | None = None) -> Period:
    """The period that a printed date stands for.

    ``periodicity`` is what the page counts by, and widens the date to the day, ISO week, month,
    quarter or year around it; without it the period is what the date itself names.  The period is taken to
    be over: only :func:`period_of` knows the day.

    ISO dates and moments (brought to Paris time when they carry an offset), Unix seconds and
    milliseconds, and French dates are read.

    Raises:
        UnknownPeriod: not a date, or could be two, or names more than one period ("2023" by month).
    """
    if len(text) > _LONGEST:
        raise UnknownPeriod(f"{text[:40]!r}…: {len(text)} characters, and no date has more than {_LONGEST}.")
    start, grain = _moment(text) or _printed_date(text)
    wanted: Grain = periodicity or grain
    if _GRAINS.index(grain) > _GRAINS.index(wanted):
        raise UnknownPeriod(f"{text!r} is a {grain}, and the figures are by {wanted}.")
    return _around(start, wanted)


def _around(day: date, grain: Grain) -> Period:
    """The day, week, month, quarter or year that holds a day."""
    starts: dict[Grain, date] = {
        "day": day,
        "week": day - timedelta(days=day.weekday()),
        "month": day.replace(day=1),
        "quarter": day.replace(month=3 * ((day.month - 1) // 3) + 1, day=1),
        "year": day.replace(month=1, day=1),
    }
    start = starts[grain]
    return Period(start, start + _LENGTHS[grain] - timedelta(days=1), complete=True)


def _moment(text: str) -> tuple[date, Grain] | None:
    """The Paris day of a moment written for machines, or nothing if the text is not one."""
    token = text.strip()
    try:
        if unix := _UNIX.fullmatch(token):
            seconds = float(token) / (1000 if unix["milliseconds"] else 1)
            return _in_range(datetime.fromtimestamp(seconds, UTC).astimezone(PARIS).date(), text), "day"
        if _TIMESTAMP.fullmatch(token):
            moment = datetime.fromisoformat(token)
            local = moment.astimezone(PARIS) if moment.tzinfo else moment
            return _in_range(local.date(), text), "day"
    except (ValueError, OverflowError) as error:
        raise UnknownPeriod(f"{text!r} is not a moment: {error}.") from None
    return None


def _printed_date(text: str) -> tuple[date, Grain]:
    """The first day, and the grain, of a date written for people."""
    folded = " ".join(_unaccented(text).casefold().split()).strip(" ().,;")
    bare = _LEAD.sub("", folded, count=1)
    shapes = (form.fullmatch(bare) for form in _FORMS)
    parts = None if _MOVES.search(folded) else next((shape for shape in shapes if shape), None)
    if parts is None:
        raise UnknownPeriod(f"{text!r} is not a date that can be read in one way.")
    return _in_calendar(parts.groupdict(), text)


def _unaccented(text: str) -> str:
    marks_apart = unicodedata.normalize("NFD", text.replace("’", "'"))
    return "".join(character for character in marks_apart if not unicodedata.combining(character))


def _in_calendar(parts: dict[str, str | None], text: str) -> tuple[date, Grain]:
    """The first day, and the grain, that the parts of a date name."""
    named = {name: part for name, part in parts.items() if part is not None}
    year = int(named["year"])
    try:
        if "week" in named:
            return _in_range(date.fromisocalendar(year, int(named["week"]), 1), text), "week"
        if "quarter" in named:
            return _in_range(date(year, 3 * int(named["quarter"]) - 2, 1), text), "quarter"
        month = _MONTHS[named["name"]] if "name" in named else int(named.get("month", 1))
        grain: Grain = "day" if "day" in named else "month" if {"name", "month"} & named.keys() else "year"
        return _in_range(date(year, month, int(named.get("day", 1))), text), grain
    except ValueError:
        raise UnknownPeriod(f"{text!r} is not in the calendar.") from None


def _in_range(day: date, text: str) -> date:
    if day.year not in _YEARS:
        raise UnknownPeriod(f"{text!r} is not a date of this century.")
    return day


# -------------------------------------------------------------------------------------- rules


def period_of(metric: Metric, day: date, text: str | None = None) -> Period:
    """The period that one figure of a metric describes.

    ``day`` is the Paris day of the snapshot, or the date that the page states; ``text`` is the
    date printed in the figure's own row.  A total runs from launch, a stock, ratio, cost or score
    stands on one day: on ``day``, or at the end of its row's period if that is over.  A flow, and a
    ratio, cost or score that declares a period, follow the metric's rule.

    Raises:
        UnknownPeriod: the rule is missing, or its date is missing, unreadable or yet to come.
    """
    row = _row(metric, day, text)
    end = min(row.end, day) if row else day
    if metric.nature in ("stock", "cumulative") or (metric.nature != "flow" and metric.period is None):
        return Period(None if metric.nature == "cumulative" else end, end, complete=True)
    period = row if row and metric.period not in _ROLLING else _by_rule(metric, end)
    return replace(period, complete=period.end <= day)


def _row(metric: Metric, day: date, text: str | None) -> Period | None:
    """The period of a dated row; a row that has not begun cannot hold a measure."""
    if text is None:
        return None
    row = read_period(text, metric.periodicity or _COUNTED_BY.get(metric.period))
    if row.start and row.start > day:
        raise UnknownPeriod(f"{text!r} is after {day.isoformat()}, the day of the page.")
    return row


def _by_rule(metric: Metric, day: date) -> Period:
    """The period that the metric's rule gives for a day, without a date in the row."""
    month_over = day.day == monthrange(day.year, day.month)[1]
    starts_and_ends: dict[str | None, tuple[date, date]] = {
        "last_30_days": (day - timedelta(days=29), day),
        "last_12_months": (day - relativedelta(years=1) + timedelta(days=1), day),
        "year_to_date": (day.replace(month=1, day=1), day),
        "calendar_year": (day.replace(month=1, day=1), day.replace(month=12, day=31)),
        "calendar_month": _month(day if month_over else day.replace(day=1) - timedelta(days=1)),
    }
    if metric.period not in starts_and_ends:
        missing = "no date in its row" if metric.period == "dated" else "no period"
        raise UnknownPeriod(f"{metric.label!r} counts by period, and has {missing}.")
    return Period(*starts_and_ends[metric.period], complete=True)


def _month(day: date) -> tuple[date, date]:
    month = _around(day, "month")
    return day.replace(day=1), month.end
