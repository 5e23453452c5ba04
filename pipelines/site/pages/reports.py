"""Printed reports: each claim of an edition beside what the warehouse derives."""

from collections import Counter
from collections.abc import Iterator

from pipelines.site.page import Page
from pipelines.site.record import Record, file_of
from warehouse.history import Row
from warehouse.tables import reconciliations
from warehouse.words import AGREEMENTS, COMPARISONS


def pages(record: Record) -> Iterator[Page]:
    """The list of editions, then one page for each."""
    editions = sorted({row["edition"] for row in record.reconciliation}, reverse=True)
    rows = {
        edition: [_row(record, row) for row in record.reconciliation if row["edition"] == edition]
        for edition in editions
    }
    told = [{"edition": edition, "counts": _counts(rows[edition])} for edition in editions]
    yield Page("bilans.html", "reports.html.j2", {"editions": told})
    for edition in editions:
        yield Page(
            f"bilans/{edition}.html",
            "report.html.j2",
            {"edition": edition, "counts": _counts(rows[edition]), "parts": _parts(rows[edition])},
        )


def _row(record: Record, row: Row) -> Row:
    """A claim, with the page of its service and of the figure beside it."""
    return with_figure(record, row) | {"file": file_of(row["service_id"]) if row["service_id"] else None}


def with_figure(record: Record, row: Row) -> Row:
    """A claim, with the last of the values that it was set beside, where that has a page."""
    found = [one["figure"] for one in record.evidence(reconciliations, row["id"]) if one["figure"]]
    return row | {"figure": found[-1] if found else None}


def _counts(rows: list[Row]) -> list[tuple[str, int]]:
    counted = Counter(row["verdict"] for row in rows)
    return [(AGREEMENTS[verdict], counted[verdict]) for verdict in AGREEMENTS if counted[verdict]]


def _parts(rows: list[Row]) -> list[tuple[str, list[Row]]]:
    parts = [
        (title, [row for row in rows if row["comparison"] == name]) for name, title in COMPARISONS.items()
    ]
    return [(title, told) for title, told in parts if told]
