"""Naming: what a person calls a figure, and the row that is meant.

A figure is named by the id of a row of one of the tables of ``WAYS``, or by words.  What words name is what
is said at the moment asked; a name that fits two things is refused.
"""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime

import sqlalchemy as sa

from warehouse.archive import Archive
from warehouse.derived.rules import Cohorts, load_cohorts
from warehouse.errors import AmbiguousFigure, UnknownFigure
from warehouse.history import Row, current
from warehouse.lineage import claims as claims_of
from warehouse.lineage import figures, judgements, portfolio
from warehouse.lineage.known import FOREVER, Known
from warehouse.lineage.step import Said, Step
from warehouse.tables import (
    claims,
    criteria,
    events,
    extractions,
    growth,
    held_back,
    incidents,
    observations,
    phases,
    plf_indicators,
    portfolio_counts,
    qualifications,
    reconciliations,
    refusals,
    restatements,
    snapshots,
)

Way = Callable[[Known, Row], Step]

WAYS: dict[sa.Table, Way] = {
    growth: figures.growth_step,
    refusals: figures.refusal_step,
    observations: figures.observation_step,
    held_back: figures.held_back_step,
    restatements: figures.restatement_step,
    extractions: figures.extraction_step,
    snapshots: Known.exchange,
    qualifications: judgements.qualification_step,
    criteria: judgements.criterion_step,
    incidents: judgements.incident_step,
    portfolio_counts: portfolio.count_step,
    plf_indicators: portfolio.indicator_step,
    phases: lambda known, row: portfolio.part_step(known, "phase", row),
    events: lambda known, row: portfolio.part_step(known, "event", row),
    claims: claims_of.claim_step,
    reconciliations: claims_of.reconciliation_step,
}
"""The way back of a row, by its table."""

FORMS = (
    "service",
    "service/metric",
    "service/metric/year",
    "service/criterion (deployment, impact or quality)",
    "service/qualification",
    "portfolio/date/measure",
    "plf/year/indicator",
    "claims/edition/service",
    "incidents/service",
)
"""How a figure may be named, beside ids."""


def trace(
    connection: sa.Connection,
    archive: Archive,
    figure: str,
    at: datetime | None = None,
    cohorts: Callable[[], Cohorts] = load_cohorts,
) -> Step:
    """The way back of a figure.

    Args:
        connection: the warehouse.
        archive: where the bytes are; each body is read and hashed again on the way.
        figure: the id of a row, or one of ``FORMS``.
        at: as known at this moment; None for all that is on record.
        cohorts: the printed cohorts, when a count over the portfolio needs them.

    Raises:
        UnknownFigure: nothing on record, or nothing known by then, bears this name.
        AmbiguousFigure: several things do.
    """
    known = Known(connection, archive, at, cohorts)
    return _by_id(known, figure) or _by_name(known, figure)


def _by_id(known: Known, key: str) -> Step | None:
    for table, way in WAYS.items():
        row = known.first(sa.select(table).where(table.c.id == key), table)
        if row:
            return way(known, row)
    return None


def _by_name(known: Known, name: str) -> Step:
    parts = name.split("/", 2)
    found = [step for meant in _NAMES[len(parts)] for step in meant(known, parts)]
    if not found:
        when = "" if known.at == FOREVER else f" at {known.at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
        raise UnknownFigure(f"Nothing on record is named {name!r}{when}.")
    if len(found) > 1:
        several = ", ".join(f"{step.id} ({step.kind})" for step in found)
        raise AmbiguousFigure(f"{name!r} may be {several}.")
    return found[0]


# --- what each form means: nothing, or one step -----------------------------------------------------


def _service(known: Known, parts: list[str]) -> Iterator[Step]:
    query = sa.select(observations).where(observations.c.service_id == parts[0])
    metrics = {row["metric_id"] for row in known.rows(query, observations)}
    if metrics:
        yield judgements.service_step(known, parts[0], sorted(metrics))


def _metric(known: Known, parts: list[str]) -> Iterator[Step]:
    row = figures.last_observation(known, *parts)
    if row:
        yield figures.observation_step(known, row)


def _criterion(known: Known, parts: list[str]) -> Iterator[Step]:
    service, name = parts
    about = criteria.c.service_id == service, criteria.c.criterion == name
    yield from _latest(known, criteria, ("service_id", "rule_set", "criterion"), *about)


def _qualification(known: Known, parts: list[str]) -> Iterator[Step]:
    if parts[1] == "qualification":
        about = qualifications.c.service_id == parts[0]
        yield from _latest(known, qualifications, ("service_id", "rule_set"), about)


def _latest(
    known: Known, table: sa.Table, key: tuple[str, ...], *about: sa.ColumnElement[bool]
) -> Iterator[Step]:
    """By the rule set that judged last: an older one stays on record as it spoke."""
    rows = current(known.connection, table, key, known.at, *about)
    if rows:
        yield WAYS[table](known, max(rows, key=lambda row: (row["as_of"], row["known_at"], row["id"])))


def _growth(known: Known, parts: list[str]) -> Iterator[Step]:
    """A growth of this period, or its refusal: never both at one moment."""
    key = ("service_id", "metric_id", "period", "base_period")
    for table in (growth, refusals):
        about = (table.c[name] == part for name, part in zip(key, parts, strict=False))
        for row in current(known.connection, table, key, known.at, *about):
            yield WAYS[table](known, row)


def _count(known: Known, parts: list[str]) -> Iterator[Step]:
    day = _day(parts[1])
    if parts[0] == "portfolio" and day:
        about = portfolio_counts.c.as_of == day, portfolio_counts.c.measure == parts[2]
        for row in current(known.connection, portfolio_counts, ("as_of", "measure"), known.at, *about):
            yield portfolio.count_step(known, row)


def _indicator(known: Known, parts: list[str]) -> Iterator[Step]:
    if parts[0] == "plf" and parts[1].isdecimal():
        about = plf_indicators.c.year == int(parts[1]), plf_indicators.c.indicator == parts[2]
        for row in current(known.connection, plf_indicators, ("year", "indicator"), known.at, *about):
            yield portfolio.indicator_step(known, row)


def _claims(known: Known, parts: list[str]) -> Iterator[Step]:
    if parts[0] == "claims" and parts[1].isdecimal():
        rows = claims_of.of_edition(known, int(parts[1]), parts[2])
        if rows:
            yield claims_of.report_step(known, int(parts[1]), rows)


def _incidents(known: Known, parts: list[str]) -> Iterator[Step]:
    if parts[0] == "incidents":
        key = ("service_id", "page_url", "metric_id", "kind", "first_night")
        about = incidents.c.service_id == parts[1]
        rows = current(known.connection, incidents, key, known.at, about)
        steps = [
            judgements.incident_step(known, row) for row in sorted(rows, key=lambda row: row["first_night"])
        ]
        if steps:
            yield Step("service", parts[1], Said(f"{parts[1]}: its incidents"), comes_from=tuple(steps))


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


_NAMES: dict[int, tuple[Callable[[Known, list[str]], Iterator[Step]], ...]] = {
    1: (_service,),
    2: (_metric, _criterion, _qualification, _incidents),
    3: (_growth, _count, _indicator, _claims),
}
"""What a name may mean, by the number of its parts."""
