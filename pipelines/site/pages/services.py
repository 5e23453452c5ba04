"""Services: the list of all, and a page for each."""

from collections.abc import Iterator

from pipelines.site import charts
from pipelines.site.page import Page
from pipelines.site.pages import figure, refusal
from pipelines.site.pages.reports import with_figure
from pipelines.site.record import Record, file_of
from pipelines.site.values import Values, values_of
from pipelines.site.words import amount
from warehouse.history import Row
from warehouse.normalisation.units import UNITS
from warehouse.tables import criteria
from warehouse.words import phase

CRITERIA = ("deployment", "impact", "quality")


def pages(record: Record) -> Iterator[Page]:
    """The list, then each service with its figures' own pages."""
    yield Page(
        "services.html", "services.html.j2", {"services": [_line(record, one) for one in record.services]}
    )
    for service_id in record.services:
        yield from _of(record, service_id)


def _of(record: Record, service_id: str) -> Iterator[Page]:
    told = sorted(record.of("figures", service_id), key=lambda row: not row["headline"])
    values = [values_of(record.publication, row) for row in told]
    yield _page(record, service_id, told, values)
    for row, one in zip(told, values, strict=True):
        yield from figure.pages(record, one, row)
        yield from refusal.pages(record, one, row)


def _page(record: Record, service_id: str, told: list[Row], values: list[Values]) -> Page:
    national = record.of("national", service_id)
    service = record.publication.services.get(service_id)
    says = {
        "service_id": service_id,
        "name": record.publication.name(service_id),
        "service": service and service | {"incubator": record.incubator(service["incubator"])},
        "phases": record.phases.get(service_id, []),
        "figures": [_figure(row, one) for row, one in zip(told, values, strict=True)],
        "national": national[0] if national else None,
        "criteria": CRITERIA,
        "evidence": {
            name: record.evidence(criteria, national[0][f"{name}_id"]) if national else []
            for name in CRITERIA
        },
        "freshness": _freshness(record.freshness.get(service_id)),
        "incidents": record.of("incidents", service_id),
        "reconciliation": [with_figure(record, row) for row in record.of("reconciliation", service_id)],
    }
    return Page(f"services/{file_of(service_id)}.html", "service.html.j2", says)


def _figure(row: Row, values: Values) -> Row:
    """A figure with its history, and the line that joins what is alike in it."""
    points = [(one["period_end"], one["value"]) for one in values.alike]
    unit = UNITS[row["unit"]].plural if row["unit"] in UNITS else row["unit"]
    return row | {
        "history": [
            {
                name: one[name]
                for name in ("id", "value", "unit", "period_start", "period_end", "known_at", "complete")
            }
            for one in reversed(values.shown)
        ],
        "chart": charts.line(row["label"], points, unit),
    }


def _freshness(row: Row | None) -> Row | None:
    """How long ago; without the day of the last night, which would rewrite every page every night."""
    if row is None:
        return None
    return {"state": row["state"], "last_figure": None if row["state"] == "fresh" else row["last_figure"]}


def _line(record: Record, service_id: str) -> Row:
    """What the list says of a service."""
    national = record.of("national", service_id)
    told = record.of("figures", service_id)
    first = next((row for row in told if row["headline"]), told[0] if told else None)
    service = record.publication.services.get(service_id) or {}
    phases = record.phases.get(service_id, [])
    fresh = record.freshness.get(service_id)
    return {
        "service_id": service_id,
        "file": file_of(service_id),
        "name": record.publication.name(service_id),
        "incubator": record.incubator(service.get("incubator")),
        "phase": phase(phases[-1].name) if phases else None,
        "cohort": national[0]["cohort"] if national else None,
        "figures": len(told),
        "headline": first and first["label"],
        "value": first and amount(first["value"], first["unit"]),
        "figure_id": first and first["id"],
        "freshness": fresh["state"] if fresh else None,
        "incidents": len(record.of("incidents", service_id)),
    }
