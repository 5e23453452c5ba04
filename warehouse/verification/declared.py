"""The service files as they were at a moment: those given, with what the table ``metrics`` remembers."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime

import sqlalchemy as sa

from connectors.catalog import Catalog
from connectors.service import Metric, Page, Service
from warehouse.history import Row, current
from warehouse.metrics import KEY, Figure
from warehouse.tables import metrics

_REMEMBERED = tuple(column.name for column in metrics.columns if column.name in Metric.model_fields)


def at_moment(connection: sa.Connection, given: Catalog, at: datetime) -> tuple[Catalog, set[Figure]]:
    """The catalogue of a moment, and the figures that were read with a version that is not among those given.

    A page is known by its version, which is a hash of all that decides its reading; what decides nothing
    (labels, units…) is as the table says it was.  A service without pages leaves no trace in the table,
    and is taken to have had its file already; so are all services while none has been declared.
    """
    rows: dict[str, list[Row]] = defaultdict(list)
    for row in current(connection, metrics, KEY, at):
        rows[row["service_id"]].append(row)
    services = tuple(
        service.model_copy(update={"pages": tuple(_pages(service, rows.get(service.id, ())))})
        for service in given.services
        if service.id in rows or not service.pages or not rows
    )
    here = {
        (service.id, metric_id, page.version)
        for service in services
        for page in service.pages
        for metric_id in page.metrics
    }
    unknown = {
        (row["service_id"], row["metric_id"])
        for its_rows in rows.values()
        for row in its_rows
        if (row["service_id"], row["metric_id"], row["spec_version"]) not in here
    }
    return Catalog(services), unknown


def _pages(service: Service, rows: Iterable[Row]) -> Iterator[Page]:
    """The pages given whose version the rows name, in the order of the file."""
    told: dict[tuple[str, str, object], list[Row]] = defaultdict(list)
    for row in rows:
        told[row["spec_version"], row["page_url"], row["valid_until"]].append(row)
    for page in service.pages:
        for (version, url, valid_until), its_rows in told.items():
            if page.version == version and str(page.url) == url:
                yield page.model_copy(
                    update={"metrics": _metrics(page, its_rows), "valid_until": valid_until}
                )


def _metrics(page: Page, rows: Iterable[Row]) -> dict[str, Metric]:
    told = {row["metric_id"]: {name: row[name] for name in _REMEMBERED} for row in rows}
    return {
        metric_id: metric.model_copy(update=told[metric_id])
        for metric_id, metric in page.metrics.items()
        if metric_id in told
    }
