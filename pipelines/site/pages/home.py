"""Home: the state of the network, what is new, what broke."""

from collections.abc import Iterator

from pipelines.site.page import Page
from pipelines.site.record import Record, file_of
from warehouse.history import Row
from warehouse.night import paris_day

MOST = 12
"""Rows of a list on the home page; the rest is one link away."""


def pages(record: Record) -> Iterator[Page]:
    """The home page."""
    new = [row for row in record.figures if row["state"] == "published" and _is_new(record, row)]
    headlines = [row for row in new if row["headline"]]
    held = [row for row in record.figures if row["state"] == "refused"]
    yield Page(
        "index.html",
        "home.html.j2",
        {
            "night": record.night,
            "counts": _counts(record),
            "grown": _grown(record),
            "new": len(new),
            "new_services": len({row["service_id"] for row in new}),
            "headlines": [_linked(row) for row in headlines[:MOST]],
            "held": [_linked(row) for row in held[:MOST]],
            "held_count": len(held),
            "broke": _together(record.lasting)[:MOST],
            "broken_count": len(record.lasting),
            "followed": len(record.freshness),
            "cohort": _last_cohort(record),
        },
    )


def _is_new(record: Record, row: Row) -> bool:
    return paris_day(row["known_at"]) >= record.publication.night.day


def _linked(row: Row) -> Row:
    return row | {"file": file_of(row["service_id"])}


def _together(incidents: list[Row]) -> list[Row]:
    """Incidents, in their order; those of one kind that began on one night at one service, as one."""
    told: dict[tuple[object, ...], Row] = {}
    for row in incidents:
        about = row["first_night"], row["service_id"], row["kind"]
        one = told.setdefault(about, _linked(row) | {"labels": []})
        one["labels"] += [row["label"]] if row["label"] else []
    return list(told.values())


def _counts(record: Record) -> dict[str, Row]:
    """The last count of each measure."""
    return {row["measure"]: row for row in record.portfolio if ":" not in row["measure"]}


def _grown(record: Record) -> list[Row]:
    """The growth of the figures that the annual report grows, over the last year that is over."""
    headlines = {(row["service_id"], row["metric_id"]) for row in record.figures if row["headline"]}
    told = [row for row in record.growth if row["state"] == "published" and len(row["period"]) == 4]
    last = max((row["period"] for row in told), default="")
    return [
        _linked(row)
        for row in told
        if row["period"] == last and (row["service_id"], row["metric_id"]) in headlines
    ]


def _last_cohort(record: Record) -> list[Row]:
    """The services designated last."""
    cohorts = [row["cohort"] for row in record.national if row["cohort"]]
    return [_linked(row) for row in record.national if cohorts and row["cohort"] == max(cohorts)]
