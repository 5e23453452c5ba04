"""Metrics: what the service files declare, kept with its history."""

from collections.abc import Iterable

import sqlalchemy as sa

from connectors.service import Metric, Page, Service
from warehouse.history import Row, append_changes
from warehouse.night import Night
from warehouse.tables import metrics


def declare(connection: sa.Connection, services: Iterable[Service], night: Night) -> int:
    """Record what the service files say now; return how many rows that added."""
    rows = [
        _row(service, page, metric_id, metric)
        for service in services
        for page in service.pages
        for metric_id, metric in page.metrics.items()
    ]
    return append_changes(connection, metrics, ("service_id", "metric_id"), rows, night.at)


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
        "page_url": str(page.url),
        "spec_version": page.version,
        "expect_min": metric.expect.min,
        "expect_max": metric.expect.max,
        "expect_factor": metric.expect.factor,
        "max_age_days": metric.expect.max_age_days,
    }
