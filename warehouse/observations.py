"""Observations: each figure as understood.

A figure that describes the day (a total, a stock, the year so far) is a new observation
only when it changed; one that describes a period of its own (a month, a row of a chart)
is an observation per period, and a past value that changed is a restatement.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

import sqlalchemy as sa

from connectors.extraction import Absence
from connectors.service import Metric, Service
from warehouse.errors import NormalisationError, NotAvailable, UnitMismatch
from warehouse.extractions import keep_absences, seen, versions
from warehouse.history import MOMENT, Row, add_new, identity
from warehouse.metrics import Figure
from warehouse.night import Night
from warehouse.normalisation import numbers, periods, units
from warehouse.tables import absences, extractions, observations, restatements, snapshots

READER = "numbers/1 units/1 periods/1"
_CONTENT = ("value", "low", "high", "qualifier", "unit", "nature", "complete")
_PERIOD = ("period_start", "period_end")


@dataclass(frozen=True, slots=True)
class Tonight:
    """What a night's pages say: observations (standing or new, one per figure and period) and absences."""

    rows: tuple[Row, ...]
    absences: tuple[Absence, ...]

    @property
    def understood(self) -> set[Figure]:
        """The figures that make a number tonight."""
        return {_figure(row) for row in self.rows}


def tell(connection: sa.Connection, services: Mapping[str, Service], night: Night) -> Tonight:
    """Everything that a night's pages say; what is new in it is recorded.

    Asked again it says the same and adds nothing, so any later stage may ask.  An older
    night told after a newer one, or learned of after it, holds only until then: the nights after
    it speak again, until every figure that was news has been told again.
    """
    tonight, news = _tell(connection, services, night)
    for later in _later_nights(connection, night, news) if news else ():
        news -= _tell(connection, services, later)[0].understood
        if not news:
            break
    return tonight


def _tell(
    connection: sa.Connection, services: Mapping[str, Service], night: Night
) -> tuple[Tonight, set[Figure]]:
    """What one night says, and the figures in it that are news."""
    understood, missing = _understand_all(connection, services, night)
    keep_absences(connection, night, missing)
    history = _History(connection, night, understood)
    rows = tuple(history.place(candidate) for candidate in understood)
    add_new(connection, observations, history.news)
    add_new(connection, restatements, history.restated)
    return Tonight(rows, tuple(missing)), {_figure(row) for row in history.news}


def _later_nights(connection: sa.Connection, night: Night, news: Collection[Figure]) -> list[Night]:
    """The nights after this one whose pages were read for these figures, as known by then at the earliest.

    None when nights come in their order.
    """
    known_at = sa.func.max(snapshots.c.known_at)
    declared = versions(connection, night)
    same_body = sa.and_(
        extractions.c.snapshot_sha256 == snapshots.c.sha256,
        extractions.c.service_id == snapshots.c.service_id,
    )
    query = (
        sa.select(snapshots.c.night, known_at)
        .join(extractions, same_body)
        .where(
            snapshots.c.night > night.day,
            snapshots.c.service_id.in_({service_id for service_id, _ in news}),
            extractions.c.spec_version.in_({declared[figure] for figure in news if figure in declared}),
        )
        .group_by(snapshots.c.night)
        .order_by(snapshots.c.night)
    )
    return [Night(day, max(at, night.at)) for day, at in connection.execute(query)]


def _figure(row: Row) -> Figure:
    return row["service_id"], row["metric_id"]


def _understand_all(
    connection: sa.Connection, services: Mapping[str, Service], night: Night
) -> tuple[list[Row], list[Absence]]:
    understood: list[Row] = []
    missing: list[Absence] = []
    serving = _Serving(services, night)
    for extraction in seen(connection, night):
        metric = serving.metric(extraction)
        if metric is None:
            continue
        try:
            understood.append(understand(extraction, metric, night))
        except NormalisationError as error:
            missing.append(_absence(error, extraction))
    return understood, missing


class _Serving:
    """The metrics that serve a night, by figure; each service is asked once."""

    def __init__(self, services: Mapping[str, Service], night: Night) -> None:
        self.services = services
        self.night = night
        self.metrics: dict[str, Mapping[str, Metric]] = {}

    def metric(self, extraction: Row) -> Metric | None:
        service_id = extraction["service_id"]
        if service_id not in self.metrics:
            service = self.services.get(service_id)
            self.metrics[service_id] = service.on(self.night.day).metrics if service else {}
        return self.metrics[service_id].get(extraction["metric_id"])


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
        "period_start": period.start,
        "period_end": period.end,
        "complete": period.complete,
        "text": extraction["exact"],
        "extraction_id": extraction["id"],
        "reader": READER,
        "snapshot_sha256": extraction["snapshot_sha256"],
    }


def has_fixed_periods(metric: Metric) -> bool:
    """True when a figure describes a period of its own (a month, a dated row), not the day it is read."""
    return metric.period in ("calendar_month", "dated") or getattr(metric.locate, "date", None) is not None


def _so_far(period: periods.Period, metric: Metric, night: Night) -> periods.Period:
    """A running period without a printed date describes what is over of it, and no more."""
    if period.complete or metric.period == "dated" or period.end <= night.day:
        return period
    return replace(period, end=night.day)


_ON_RECORD = (
    sa.select(observations, extractions.c.snapshot_sha256)
    .join(extractions, extractions.c.id == observations.c.extraction_id)
    .where(
        observations.c.service_id == sa.bindparam("service_id"),
        observations.c.metric_id == sa.bindparam("metric_id"),
        observations.c.period_end.between(sa.bindparam("first"), sa.bindparam("last")),
        observations.c.known_at < sa.bindparam("before", type_=observations.c.known_at.type),
    )
    .order_by(observations.c.period_end.desc(), observations.c.known_at.desc())
)
_LAST = _ON_RECORD.limit(1)


class _History:
    """What is on record for the figures of a night: the periods it tells again, and the last word.

    Two small indexed queries per figure at most, so that a night costs the same after ten years.
    """

    def __init__(self, connection: sa.Connection, night: Night, candidates: Sequence[Row]) -> None:
        self.connection = connection
        self.night = night
        self.news: list[Row] = []
        self.restated: list[Row] = []
        told: dict[Figure, list[Row]] = {}
        for row in candidates:
            told.setdefault(_figure(row), []).append(row)
        self.rows = {figure: self._load(connection, figure, rows) for figure, rows in told.items()}

    def _load(self, connection: sa.Connection, figure: Figure, told: Sequence[Row]) -> list[Row]:
        about = {"service_id": figure[0], "metric_id": figure[1], "before": self.night.at + MOMENT}
        ends = [row["period_end"] for row in told if not self._moves(row)]
        found: dict[str, Row] = {}
        if ends:
            again = connection.execute(_ON_RECORD, about | {"first": min(ends), "last": max(ends)})
            found |= {row["id"]: dict(row) for row in again.mappings()}
        if len(ends) < len(told):
            last = connection.execute(_LAST, about | {"first": date.min, "last": self.night.day})
            found |= {row["id"]: dict(row) for row in last.mappings()}
        return sorted(found.values(), key=_in_time)

    def _moves(self, row: Row) -> bool:
        """True when the period described ends on the very day, and tomorrow on the next."""
        return bool(row["period_end"] == self.night.day)

    def place(self, candidate: Row) -> Row:
        """The observation that a candidate is: one that stands, or else a new one, with what it restates."""
        known = self.rows[_figure(candidate)]
        told = next((row for row in reversed(known) if _same_period(row, candidate)), None)
        stands = told or (self._still(known, candidate) if self._moves(candidate) else None)
        if stands and all(stands[name] == candidate[name] for name in _CONTENT):
            return _bare(stands)
        if told and self._said_since(told):
            return _bare(told)
        row = self._new(candidate, told)
        if told and told["complete"]:
            self.restated.append(self._restatement(told, row, candidate))
        known.append({**row, "snapshot_sha256": candidate["snapshot_sha256"]})
        known.sort(key=_in_time)
        self.news.append(row)
        return row

    def _said_since(self, told: Row) -> bool:
        """True when a page of a later night is known to say so: an older one, learned of late, is no news."""
        last = self.connection.scalar(
            sa.select(sa.func.max(snapshots.c.night)).where(
                snapshots.c.sha256 == told["snapshot_sha256"],
                snapshots.c.service_id == told["service_id"],
                snapshots.c.known_at < self.night.at + MOMENT,
            )
        )
        return last is not None and last > self.night.day

    def _still(self, known: Sequence[Row], candidate: Row) -> Row | None:
        """The last word before a candidate, while the period that it describes still runs."""
        last = next((row for row in reversed(known) if row["period_end"] <= candidate["period_end"]), None)
        if last is None or (_is_state(last) and _is_state(candidate)):
            return last
        return last if candidate["period_start"] and last["period_end"] >= candidate["period_start"] else None

    def _new(self, candidate: Row, told: Row | None) -> Row:
        at = self.night.at
        if told and told["known_at"] >= at:
            at = told["known_at"] + MOMENT / 1_000_000
        content = {name: candidate[name] for name in candidate if name != "snapshot_sha256"}
        said = [content[name] for name in ("service_id", "metric_id", *_CONTENT, *_PERIOD)]
        return {"id": identity("observations", *said, at), **content, "known_at": at}

    def _restatement(self, old: Row, new: Row, candidate: Row) -> Row:
        technical = old["snapshot_sha256"] == candidate["snapshot_sha256"]
        reason = (
            "The same bytes, read by a newer service file or reader."
            if technical
            else f"The page now says {new['text']!r} where it said {old['text']!r} for the same period."
        )
        content = {
            "service_id": new["service_id"],
            "metric_id": new["metric_id"],
            "period_start": new["period_start"],
            "period_end": new["period_end"],
            "kind": "technical" if technical else "revision",
            "old_observation_id": old["id"],
            "new_observation_id": new["id"],
            "reason": reason,
        }
        return {"id": identity("restatements", content), **content, "known_at": new["known_at"]}


def _same_period(one: Row, other: Row) -> bool:
    return all(one[name] == other[name] for name in _PERIOD)


def _is_state(row: Row) -> bool:
    """True for what is so on one day, or since launch: it lasts until it changes."""
    return row["period_start"] in (None, row["period_end"])


def _in_time(row: Row) -> tuple[date, datetime]:
    return row["period_end"], row["known_at"]


def _bare(row: Row) -> Row:
    return {name: value for name, value in row.items() if name != "snapshot_sha256"}


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
    the newest ones only: whoever needs one night need not wait for all.
    """
    told_nothing = sa.exists().where(
        absences.c.night == snapshots.c.night,
        absences.c.service_id == extractions.c.service_id,
        absences.c.metric_id == extractions.c.metric_id,
        absences.c.snapshot_sha256 == snapshots.c.sha256,
    )
    same_body = sa.and_(
        extractions.c.snapshot_sha256 == snapshots.c.sha256,
        extractions.c.service_id == snapshots.c.service_id,
    )
    query = (
        sa.select(snapshots.c.night)
        .join(extractions, same_body)
        .where(
            snapshots.c.night.between(first, last),
            snapshots.c.service_id == service_id,
            snapshots.c.known_at < night.at + MOMENT,
            ~told_nothing,
        )
        .distinct()
        .order_by(snapshots.c.night.desc())
        .limit(at_most)
    )
    if metric_id is not None:
        query = query.where(extractions.c.metric_id == metric_id)
    return sorted(connection.scalars(query))
