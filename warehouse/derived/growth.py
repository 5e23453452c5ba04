"""Growth: each metric compared with itself a year before, and between any two days.

The table holds every year that is over, compared at 31 December with the year before, and the
twelve months that ended last, compared with the twelve before them.  ``compare_dates`` answers for
any two days.  What cannot be compared gives a refusal with its reason, never a growth.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import sqlalchemy as sa
from dateutil.relativedelta import relativedelta

from connectors.service import Metric, Service
from warehouse.derived.comparison import Comparison, compare, compare_with_flow
from warehouse.derived.display import Rule
from warehouse.derived.refusals import refusal
from warehouse.derived.series import TOLERANCE, YEAR, Measure, Series, as_total
from warehouse.errors import NotComparable
from warehouse.held_back import held_ids
from warehouse.history import Row, append_changes
from warehouse.night import Night
from warehouse.observations import has_fixed_periods
from warehouse.restatements import withdrawn_ids
from warehouse.tables import growth, refusals

RULE: Rule = "truncate"
KEY = ("service_id", "metric_id", "period", "base_period")
LIKE_LENGTHS = timedelta(days=3)
"""Two months are compared whatever their number of days; so are a leap year and another."""


@dataclass(frozen=True, slots=True)
class Grown:
    """A growth and the two figures it comes from; ``note`` (French) says what is not exactly as asked."""

    base: Measure
    now: Measure
    comparison: Comparison
    note: str | None

    @property
    def row(self) -> Row:
        """The columns of ``growth`` that do not name what is compared."""
        names = ("kind", "value", "low", "high", "display", "display_en", "meaning", "rule")
        return {
            "base_observation_id": self.base.parts[-1],
            "observation_id": self.now.parts[-1],
            "base_parts": list(self.base.parts),
            "parts": list(self.now.parts),
            **{name: getattr(self.comparison, name) for name in names},
            "note": self.note,
        }


def compare_dates(
    connection: sa.Connection,
    service: Service,
    metric_id: str,
    base: date,
    day: date,
    night: Night,
    *,
    tolerance: timedelta = TOLERANCE,
    months: int | None = YEAR,
    rule: Rule = RULE,
) -> Grown:
    """The growth of a metric from one day to another, as known this night.

    Args:
        connection: the warehouse.
        service: the service.
        metric_id: one of its metrics.
        base: the earlier day.
        day: the later day.
        night: the moment; nothing that was learned after it counts.
        tolerance: how far from each day the reading that stands for it may be; the note then says so.
        months: for a flow, how many months that end on each day are counted; None compares its
            own periods (a month, thirty days, the year so far).
        rule: how the growth is displayed.

    Raises:
        NotComparable: with the reason why there is no growth.
        KeyError: the service has no such metric.
    """
    barred = _barred(connection, night)
    return _Metric(connection, service, metric_id, night, barred, tolerance).between(base, day, months, rule)


def derive(connection: sa.Connection, services: Mapping[str, Service], night: Night) -> int:
    """Compare every metric of these services with itself a year before; return the rows added."""
    barred = _barred(connection, night)
    outcomes = [
        outcome
        for service in services.values()
        for metric_id in service.metrics
        for outcome in _Metric(connection, service, metric_id, night, barred).outcomes()
    ]
    grown = [row for row in outcomes if "display" in row]
    refused = [row for row in outcomes if "display" not in row]
    ids = list(services)
    added = append_changes(connection, growth, KEY, grown, night.at, growth.c.service_id.in_(ids))
    return added + append_changes(
        connection, refusals, KEY, refused, night.at, refusals.c.service_id.in_(ids)
    )


def _barred(connection: sa.Connection, night: Night) -> Mapping[str, frozenset[str]]:
    return {"held_back": held_ids(connection, night.at), "withdrawn": withdrawn_ids(connection, night.at)}


class _Metric:
    """One metric, and the flow that adds to it if there is one."""

    def __init__(
        self,
        connection: sa.Connection,
        service: Service,
        metric_id: str,
        night: Night,
        barred: Mapping[str, frozenset[str]],
        tolerance: timedelta = TOLERANCE,
    ) -> None:
        def series(name: str, metric: Metric) -> Series:
            return Series(connection, (service.id, name), metric, night, barred, tolerance)

        adders = {name: metric for name, metric in service.metrics.items() if metric.adds_to == metric_id}
        self.about = {"service_id": service.id, "metric_id": metric_id}
        self.night = night
        self.metric = service.metrics[metric_id]
        self.series = series(metric_id, self.metric)
        self.flow = next((series(name, metric) for name, metric in adders.items()), None)

    def outcomes(self) -> Iterable[Row]:
        """A growth or a refusal for each year that is over, and for the twelve months that ended last."""
        first = self.series.first_day()
        if first is None:
            return
        # A figure first seen in January may stand for the end of the year before.
        may_stand = first if has_fixed_periods(self.metric) else first - TOLERANCE
        for year in range(may_stand.year + 1, self.night.day.year + 1):
            if date(year, 12, 31) <= self.night.day:
                yield self._outcome(date(year - 1, 12, 31), date(year, 12, 31), str(year - 1), str(year))
        last = _last_month_end(self.night.day)
        before = last - relativedelta(years=1, day=31)
        # At the end of December these twelve months are the year itself.
        if last.month != 12 and first <= before:
            yield self._outcome(before, last, _twelve_months(before), _twelve_months(last))

    def _outcome(self, base: date, day: date, base_period: str, period: str) -> Row:
        about = self.about | {"period": period, "base_period": base_period}
        try:
            return about | self.between(base, day, YEAR, RULE).row
        except NotComparable as error:
            return about | {"reason": error.code, "sentence": str(error)}

    def between(self, base: date, day: date, months: int | None, rule: Rule) -> Grown:
        """The growth between two days.

        Raises:
            NotComparable: with the reason why there is none.
        """
        if base >= day:
            raise refusal("wrong_order", f"{base:%d/%m/%Y}", f"{day:%d/%m/%Y}")
        before = self.series.measure(base, months)
        try:
            now = self.series.measure(day, months)
        except NotComparable as error:
            if self.flow is None or error.code != "no_data":
                raise
            return self._with_flow(self.flow, before, base, day, rule)
        _require_two_readings(before, now)
        return Grown(before, now, compare(before.figure, now.figure, rule=rule), _notes(before, now))

    def _with_flow(self, flow: Series, total: Measure, base: date, day: date, rule: Rule) -> Grown:
        """The total of the day was not seen: the total before it, and the flow since."""
        added = as_total(flow.over(base + timedelta(days=1), day), total)
        comparison = compare_with_flow(total.figure, added.figure, rule=rule)
        said = f"total du {total.seen_on:%d/%m/%Y} augmenté de « {flow.metric.label} »"
        return Grown(total, added, comparison, " ; ".join(filter(None, (_notes(total, added), said))))


def _require_two_readings(base: Measure, now: Measure) -> None:
    if base.seen_on == now.seen_on:
        raise refusal("same_reading", f"{now.seen_on:%d/%m/%Y}")
    if base.days and abs(now.days - base.days) > LIKE_LENGTHS.days and now.figure.nature == "flow":
        raise refusal("lengths", base.days, now.days)


def _notes(*ends: Measure) -> str | None:
    return " ; ".join(end.note for end in ends if end.note) or None


def _last_month_end(day: date) -> date:
    """The last day of the month that ended last, on the day or before it."""
    end = day + relativedelta(day=31)
    return day if end == day else day.replace(day=1) - timedelta(days=1)


def _twelve_months(last: date) -> str:
    """The name of the twelve months that end on a day: "2022-09..2023-08"."""
    first = last + timedelta(days=1) - relativedelta(months=YEAR)
    return f"{first:%Y-%m}..{last:%Y-%m}"
