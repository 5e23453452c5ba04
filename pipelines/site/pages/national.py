"""Impact national: the cohorts, what the rules say beside them, and what is missing."""

from collections.abc import Iterator

from pipelines.site.page import Page
from pipelines.site.pages.services import CRITERIA
from pipelines.site.record import Record, file_of
from warehouse.history import Row


def pages(record: Record) -> Iterator[Page]:
    """The page of impact national."""
    rows = [row | {"file": file_of(row["service_id"])} for row in record.national]
    yield Page(
        "impact-national.html",
        "national.html.j2",
        {
            "cohorts": _cohorts(rows),
            "criteria": CRITERIA,
            "missing_rows": [row for row in rows if row["missing"] and not row["designated"]],
            "designated_missing": [row for row in rows if row["missing"] and row["designated"]],
            "disagreements": [row for row in rows if row["disagreement"]],
            "rule_set": rows[0]["rule_set"] if rows else None,
        },
    )


def _cohorts(rows: list[Row]) -> list[tuple[int, list[Row]]]:
    """The designated services, the newest cohort first."""
    years = sorted({row["cohort"] for row in rows if row["cohort"]}, reverse=True)
    return [(year, [row for row in rows if row["cohort"] == year]) for year in years]
