"""Observations: each figure as understood.

A figure that describes the day (a total, a stock, the year so far) is a new observation
only when it changed; one that describes a period of its own (a month, a row of a chart)
is an observation per period, and a past value that changed is a restatement.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import sqlalchemy as sa

from connectors.extraction import Absence
from connectors.service import Metric, Service
from warehouse.errors import NormalisationError, NotAvailable, UnitMismatch
from warehouse.extractions import SAME_BODY, keep_absences, seen
from warehouse.figure_history import SOURCE, FigureHistory, figure_of, settled
from warehouse.history import MOMENT, Row, add_new
from warehouse.later_nights import LaterNights
from warehouse.metrics import Figure
from warehouse.night import Night
from warehouse.normalisation import numbers, periods, units
from warehouse.tables import absences, extractions, observations, restatements, snapshots

READER = "numbers/1 units/1 periods/1"


@dataclass(frozen=True, slots=True)
class Tonight:
    """What a night's pages say: observations (standing or new, one per figure and period) and absences."""

    rows: tuple[Row, ...]
    absences: tuple[Absence, ...]

    @property
    def understood(self) -> set[Figure]:
        """The figures that make a number tonight."""
        return {figure_of(row) for row in self.rows}


def tell(connection: sa.Connection, services: Mapping[str, Service], night: Night) -> Tonight:
    """Everything that a night's pages say; what is new in it is recorded.

    Asked again it says the same and adds nothing, so any later stage may ask.  An older
    night told after a newer one, or learned of after it, holds only until then: the nights after
    it speak again, until every figure and period that was news has been told again.
    """
    tonight, history = _tell(connection, services, night)
    later = LaterNights(connection, services, night)
    unsettled = history.unsettled
    while unsettled and (again := later.next(unsettled)):
        said, history = _tell(connection, later.services_of(unsettled), again)
        unsettled = unsettled - settled(said.rows) | history.unsettled
    return tonight


def _tell(
    connection: sa.Connection, services: Mapping[str, Service], night: Night
) -> tuple[Tonight, FigureHistory]:
    """What one night says, beside what was on record."""
    understood, missing = _understand_all(connection, services, night)
    keep_absences(connection, night, missing)
    history = FigureHistory(connection, night, understood)
    rows = tuple(history.place(candidate) for candidate in understood)
    history.withdraw(understood, _gaps(connection, night))
    add_new(connection, observations, history.news)
    add_new(connection, restatements, history.restated)
    return Tonight(rows, tuple(missing)), history


def _gaps(connection: sa.Connection, night: Night) -> set[Figure]:
    """The figures of which something on tonight's pages could not be read: what they lack proves nothing."""
    query = sa.select(absences.c.service_id, absences.c.metric_id).where(
        absences.c.night == night.day, absences.c.known_at < night.at + MOMENT
    )
    return {(service_id, metric_id) for service_id, metric_id in connection.execute(query)}


def _understand_all(
    connection: sa.Connection, services: Mapping[str, Service], night: Night
) -> tuple[list[Row], list[Absence]]:
    understood: list[Row] = []
    missing: list[Absence] = []
    serving = Serving(services, night)
    for extraction in seen(connection, night):
        metric = serving.metric(extraction)
        if metric is None:
            continue
        try:
            source = {name: extraction[name] for name in SOURCE}
            understood.append(understand(extraction, metric, night) | source)
        except NormalisationError as error:
            missing.append(_absence(error, extraction))
    return understood, missing


class Serving:
    """The metrics that serve a night, by figure; each service is asked once."""

    def __init__(self, services: Mapping[str, Service], night: Night) -> None:
        self.services = services
        self.night = night
        self.metrics: dict[str, Mapping[str, Metric]] = {}

    def metric(self, row: Row) -> Metric | None:
        """The metric that an extraction or an observation is of; none when it is declared no more."""
        service_id = row["service_id"]
        if service_id not in self.metrics:
            service = self.services.get(service_id)
            self.metrics[service_id] = service.on(self.night.day).metrics if service else {}
        return self.metrics[service_id].get(row["metric_id"])


def _absence(error: NormalisationError, extraction: Row) -> Absence:
    return Absence(
        extraction["service_id"],
        extraction["metric_id"],
        error.code,
        str(error),
        error.advice,
        again=False,
        body_sha256=extraction["snapshot_sha256"],
    )


def understand(extraction: Row, metric: Metric, night: Night) -> Row:
    """What the characters mean: a row of ``observations``, without id nor moment.

    Raises:
        UnreadableNumber: the characters are not one number.
        NotAvailable: they say that there is no figure (``ND``).
        UnitMismatch: they carry a unit that contradicts the declared one.
        UnknownPeriod: the date beside them is not one.
    """
    printed = numbers.read(extraction["exact"], notation=extraction["notation"])
    if printed.value is None:
        raise NotAvailable(f"The page says {extraction['exact']!r}: no figure is available.")
    if not units.agrees(metric.unit, printed.unit_text):
        raise UnitMismatch(f"The page prints {extraction['exact']!r} where {metric.unit!r} is expected.")
    period = _so_far(periods.period_of(metric, night.day, extraction["period_text"]), metric, night)
    return {
        "service_id": extraction["service_id"],
        "metric_id": extraction["metric_id"],
        "value": printed.value,
        "low": printed.low,
        "high": printed.high,
        "qualifier": printed.qualifier,
        "unit": metric.unit,
        "nature": metric.nature,
        "definition": metric.definition,
        "period_start": period.start,
        "period_end": period.end,
        "complete": period.complete,
        "text": extraction["exact"],
        "extraction_id": extraction["id"],
        "reader": READER,
    }


def has_fixed_periods(metric: Metric) -> bool:
    """True when a figure describes a period of its own (a month, a dated row), not the day it is read."""
    return metric.period in ("calendar_month", "dated") or getattr(metric.locate, "date", None) is not None


def _so_far(period: periods.Period, metric: Metric, night: Night) -> periods.Period:
    """A running period without a printed date describes what is over of it, and no more."""
    if period.complete or metric.period == "dated" or period.end <= night.day:
        return period
    return replace(period, end=night.day)


def last_known(connection: sa.Connection, figure: Figure, night: Night) -> Row | None:
    """The newest observation of a metric, as known this night."""
    query = (
        sa.select(observations)
        .where(
            observations.c.service_id == figure[0],
            observations.c.metric_id == figure[1],
            observations.c.period_end <= night.day,
            observations.c.known_at < night.at + MOMENT,
        )
        .order_by(observations.c.period_end.desc(), observations.c.known_at.desc())
        .limit(1)
    )
    row = connection.execute(query).mappings().first()
    return dict(row) if row else None


def witnesses(
    connection: sa.Connection,
    service_id: str,
    night: Night,
    first: date,
    last: date,
    metric_id: str | None = None,
    *,
    at_most: int | None = None,
) -> list[date]:
    """The nights between two days on which a page showed a figure that could be understood.

    A value that does not change is told once; these nights are what confirms it.  ``at_most`` gives
    the newest ones only: whoever needs one night need not wait for all.  Where one row of a series could
    not be understood, its other rows still are figures that the page showed.
    """
    query = _witnesses(service_id, night.at + MOMENT, first, last)
    query = query if metric_id is None else query.where(extractions.c.metric_id == metric_id)
    newest = query.distinct().order_by(snapshots.c.night.desc()).limit(at_most)
    return sorted(connection.scalars(newest))


def _witnesses(service_id: Any, before: Any, first: Any, last: Any) -> sa.Select[Any]:
    """The nights of ``witnesses`` known before a moment, in no order, each as often as there are figures."""
    told_nothing = sa.exists().where(
        absences.c.night == snapshots.c.night,
        absences.c.service_id == extractions.c.service_id,
        absences.c.metric_id == extractions.c.metric_id,
        absences.c.snapshot_sha256 == snapshots.c.sha256,
        absences.c.known_at < before,
    )
    understood = sa.exists().where(
        observations.c.service_id == extractions.c.service_id,
        observations.c.metric_id == extractions.c.metric_id,
        observations.c.text == extractions.c.exact,
        observations.c.known_at < before,
    )
    another_row = sa.and_(extractions.c.period_text.is_not(None), understood)
    return (
        sa.select(snapshots.c.night)
        .join(extractions, SAME_BODY)
        .where(
            snapshots.c.night.between(first, last),
            snapshots.c.service_id == service_id,
            snapshots.c.known_at < before,
            sa.or_(~told_nothing, another_row),
        )
    )


_OF_A_FIGURE = _witnesses(
    sa.bindparam("service_id"),
    sa.bindparam("before", type_=snapshots.c.known_at.type),
    sa.bindparam("first"),
    sa.bindparam("last"),
).where(extractions.c.metric_id == sa.bindparam("metric_id"))
_LAST_WITNESS = _OF_A_FIGURE.order_by(snapshots.c.night.desc()).limit(1)
_FIRST_WITNESS = _OF_A_FIGURE.order_by(snapshots.c.night).limit(1)


def nearest_witness(
    connection: sa.Connection, figure: Figure, night: Night, day: date, first: date, last: date
) -> date | None:
    """Of the nights between two days that showed a figure, the one nearest to a day; the earlier of two."""
    about = {"service_id": figure[0], "metric_id": figure[1], "before": night.at + MOMENT}
    until: date | None = connection.scalar(_LAST_WITNESS, about | {"first": first, "last": min(day, last)})
    if until == day:
        return day
    since: date | None = connection.scalar(_FIRST_WITNESS, about | {"first": max(day, first), "last": last})
    found = (each for each in (until, since) if each is not None)
    return min(found, key=lambda each: (abs(each - day), each), default=None)
