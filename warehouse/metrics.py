"""Metrics: what the service files declare, kept with its history.

A page that changed has a version for each time, so a metric has a row for each of its versions.
"""

from collections.abc import Iterable
from datetime import date

import sqlalchemy as sa

from connectors.secrets import safe_address
from connectors.service import Metric, Page, Service
from warehouse.history import Row, append_changes, current
from warehouse.night import Night
from warehouse.tables import metrics

Figure = tuple[str, str]
"""A service and one of its metrics."""

KEY = ("service_id", "metric_id", "valid_until")


def declare(connection: sa.Connection, services: Iterable[Service], night: Night) -> int:
    """Record what the service files say now; return how many rows that added."""
    rows = [
        _row(service, page, metric_id, metric)
        for service in services
        for page in service.pages
        for metric_id, metric in page.metrics.items()
    ]
    return append_changes(connection, metrics, KEY, rows, night.at)


def declared(connection: sa.Connection, night: Night) -> dict[Figure, Row]:
    """Every metric, in the version that serves the night's pages, as the service files say now."""
    serving: dict[Figure, Row] = {}
    rows = current(connection, metrics, KEY, night.at)
    for row in sorted(rows, key=_last_day):
        if night.day <= _last_day(row):
            serving.setdefault((row["service_id"], row["metric_id"]), row)
    return serving


def _last_day(row: Row) -> date:
    day: date | None = row["valid_until"]
    return day or date.max


def _row(service: Service, page: Page, metric_id: str, metric: Metric) -> Row:
    return {
        "service_id": service.id,
        "metric_id": metric_id,
        "label": metric.label,
        "unit": metric.unit,
        "nature": metric.nature,
        "dimension": metric.dimension,
        "kind": metric.kind,
        "reach": metric.reach,
        "headline": metric.headline,
        "evidence": metric.evidence,
        "anchor": metric.anchor,
        "typed": metric.typed,
        "valid_until": page.valid_until,
        "definition": metric.definition,
        "adds_to": metric.adds_to,
        "page_url": safe_address(str(page.url)),
        "spec_version": page.version,
        "expect_min": metric.expect.min,
        "expect_max": metric.expect.max,
        "expect_factor": metric.expect.factor,
        "max_age_days": metric.expect.max_age_days,
    }
