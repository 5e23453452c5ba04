"""A figure's own page: the value, both clocks, what changed, its sentence, and how to cite it."""

from collections.abc import Iterator
from functools import partial
from typing import Any

from pipelines.archived_text import UNREADABLE, Passage, passage
from pipelines.site import citation
from pipelines.site.page import Page, Says
from pipelines.site.record import Record, file_of
from pipelines.site.values import Values
from pipelines.trace_words import FOUND
from warehouse import restatements
from warehouse.errors import ArchiveError
from warehouse.history import Row
from warehouse.lineage.figures import extraction_step, judged
from warehouse.lineage.step import Step
from warehouse.snapshots import place_of
from warehouse.tables import extractions, observations
from warehouse.words import counted

TEMPLATE = "figure.html.j2"


def path_of(observation_id: str) -> str:
    """Where a figure's page stands: exported tables link to it."""
    return f"figures/{observation_id}.html"


def pages(record: Record, values: Values, figure: Row) -> Iterator[Page]:
    """A page for each value of a figure that the site shows (``figure``: its row among the published)."""
    changes = _changes(record, values)
    refusals = record.refusals
    there = {row["id"] for row in values.with_pages}
    for row in values.with_pages:
        told = {name: figure[name] for name in ("service", "label", "dimension", "kind", "reach")}
        about: dict[str, Any] = row | told | {"service_id": values.figure[0], "metric_id": values.figure[1]}
        hidden = row["state"] == "refused"
        growth = [one for one in figure["grown"] if row["id"] in _ends(one)]
        told_of = [one for one in changes if row["id"] in (one["old_id"], one["new_id"])]
        says = {
            "row": about
            if not hidden
            else about | dict.fromkeys(("value", "low", "high", "printed", "text")),
            "service_file": file_of(values.figure[0]),
            "refusal": refusals.get(row["id"]),
            "last_good_id": figure["last_good_id"] if hidden else None,
            "changes": told_of,
            "growth": growth,
            "cited": None if hidden else citation.in_words(about),
            "bibtex": None if hidden else citation.in_bibtex(about),
            "witness": record.witnesses(values.figure[0]).get(row["sha256"]),
            "pages": sorted(there & _linked(row, growth, told_of)),
        }
        yield Page(path_of(row["id"]), TEMPLATE, says, partial(proof, record, row["id"], hidden))


def _linked(row: Row, growth: list[Row], changes: list[Row]) -> set[str | None]:
    """The values that a page may lead to."""
    ends = {end for one in growth for end in _ends(one)}
    return {row["replaced_by"], *ends, *(one[name] for one in changes for name in ("old_id", "new_id"))}


def _ends(growth: Row) -> tuple[str | None, ...]:
    return growth["base_observation_id"], growth["observation_id"]


def _changes(record: Record, values: Values) -> list[Row]:
    """The restatements of a figure, in the order in which they were known, with both values."""
    told = restatements.events(record.connection, *values.figure, record.publication.night.at)
    rows = {row["id"]: row for row in values.rows}
    by_id = {key: row for key, row in rows.items() if row["state"] != "refused"}
    return [
        {
            "kind": row["kind"],
            "known_at": row["known_at"],
            "old_id": row["old_observation_id"],
            "new_id": row["new_observation_id"],
            "old": _value(by_id.get(row["old_observation_id"])),
            "new": _value(by_id.get(row["new_observation_id"])),
            "counted": _counted(rows.get(row["old_observation_id"]), rows.get(row["new_observation_id"])),
        }
        for row in told
    ]


def _counted(old: Row | None, new: Row | None) -> str:
    """In which way another thing is counted; empty where the same is."""
    return counted(restatements.changes(old, new)) if old and new else ""


def _value(row: Row | None) -> Row | None:
    return row and {name: row[name] for name in ("value", "unit")}


def proof(record: Record, observation_id: str, hidden: bool) -> Says:
    """What is read from the archive: the exchange, hashed again, and the characters around the figure."""
    known = record.known
    row = known.by_id(observations, observation_id)
    extraction = extraction_step(known, known.by_id(extractions, row["extraction_id"]))
    exchange = extraction.comes_from[0] if extraction.comes_from else None
    found = _passage(record, extraction, exchange)
    return {
        "reader": row["reader"],
        "passed": judged(known, row, exchange)["checks_passed"] if exchange else None,
        "extraction": extraction.row,
        "exchange": exchange and (dict(exchange.row) | {"archive": exchange.facts["archive"]}),
        "passage": None if hidden else found,
        "found": FOUND[found.found],
    }


def _passage(record: Record, extraction: Step, exchange: Step | None) -> Passage:
    if exchange is None:
        return Passage("", "", "", UNREADABLE)
    try:
        return passage(extraction.row, record.archive.open(place_of(dict(exchange.row))))
    except ArchiveError:
        return Passage("", "", "", UNREADABLE)
