"""The way back of what a printed report says, and of its comparison with what we derive."""

from collections.abc import Iterator
from datetime import datetime

from warehouse.history import Row, current
from warehouse.lineage.known import Known
from warehouse.lineage.step import Said, Step
from warehouse.tables import claims

_CLAIM = (
    "edition",
    "service_id",
    "metric",
    "period",
    "value",
    "unit",
    "place",
    "start",
    "end",
    "match",
    "known_at",
)


def claim_step(known: Known, row: Row) -> Step:
    """A figure or a growth as a report prints it, in its passage."""
    sides = tuple(
        claim_step(known, side)
        for name in ("result_claim", "base_claim")
        if (side := _named(known, row.get(name)))
    )
    facts = {name: row.get(name) for name in (*_CLAIM, "doubt", "trouble")}
    sources = sides + known.body(row["report_sha256"], None)
    return Step("claim", row["id"], _in_passage(row), facts, sources, row=row)


def reconciliation_step(known: Known, row: Row) -> Step:
    """A printed claim beside what the warehouse derives."""
    names = ("edition", "comparison", "against", "computed", "finding", "reason", "known_at")
    facts = {name: row.get(name) for name in names}
    said = Said(f"{row['service_id'] or 'the programme'}, printed {row['printed']}: ", row["verdict"])
    claim = _named(known, row["claim_id"])
    return Step(
        "reconciliation", row["id"], said, facts, (claim_step(known, claim),) if claim else (), row=row
    )


def report_step(known: Known, edition: int, rows: list[Row]) -> Step:
    """Several claims of one edition."""
    sources = tuple(claim_step(known, row) for row in rows)
    return Step("report", str(edition), Said(f"edition {edition}: {len(rows)} claims"), comes_from=sources)


def of_edition(known: Known, edition: int, service_id: str) -> list[Row]:
    """The claims of an edition about a service, in the order of its text."""
    about = claims.c.edition == edition, claims.c.service_id == service_id
    return sorted(
        current(known.connection, claims, ("claim_id",), known.at, *about), key=lambda row: row["start"]
    )


def of_claim(known: Known, claim_id: str, at: datetime) -> Iterator[Step]:
    """A claim as it was known at a moment, by its name."""
    row = _named(known, claim_id, at)
    if row:
        yield claim_step(known, row)


def _named(known: Known, claim_id: str | None, at: datetime | None = None) -> Row | None:
    if claim_id is None:
        return None
    same = claims.c.claim_id == claim_id
    return next(iter(current(known.connection, claims, ("claim_id",), at or known.at, same)), None)


def _in_passage(row: Row) -> Said:
    """The passage with the claim marked where it stands, when it stands there once."""
    passage, text = row.get("passage") or row["text"], row["text"]
    before, figure, after = passage.partition(text)
    return Said(before, figure, after) if figure and text not in after else Said(f"{passage} — ", text)
