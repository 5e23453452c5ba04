"""The way back of what is judged: a qualification, its criteria, their evidence; an incident."""

from collections.abc import Callable, Iterator, Mapping

import sqlalchemy as sa

from warehouse.history import Row
from warehouse.lineage.claims import of_claim
from warehouse.lineage.figures import last_observation, observation_step
from warehouse.lineage.known import Known
from warehouse.lineage.portfolio import product_step
from warehouse.lineage.step import Said, Step
from warehouse.tables import criteria, observations, snapshots


def qualification_step(known: Known, row: Row) -> Step:
    """What may be said of a service, with the three criteria that decide it."""
    query = (
        sa.select(criteria)
        .where(
            criteria.c.service_id == row["service_id"],
            criteria.c.rule_set == row["rule_set"],
            criteria.c.known_at <= row["known_at"],
        )
        .order_by(criteria.c.known_at)
    )
    last = {one["criterion"]: one for one in known.rows(query, criteria)}
    names = ("as_of", "designated", "cohort", "rule_set", "disagreement", "known_at", "withdrawn")
    said = Said(f"{row['service_id']}, national impact: ", row["verdict"])
    facts = {name: row[name] for name in names}
    sources = tuple(criterion_step(known, last[name]) for name in sorted(last) if not last[name]["withdrawn"])
    return Step("qualification", row["id"], said, facts, sources, row=row)


def criterion_step(known: Known, row: Row) -> Step:
    """A criterion with its evidence."""
    facts = {name: row[name] for name in ("as_of", "rule_set", "known_at", "withdrawn")}
    said = Said(f"{row['service_id']}, {row['criterion']}: ", row["verdict"])
    sources = tuple(_evidence(known, row, number, one) for number, one in enumerate(row["evidence"] or [], 1))
    return Step("criterion", row["id"], said, facts, sources, row=row)


def incident_step(known: Known, row: Row) -> Step:
    """What went wrong with a page or a figure, with the body on which it was met."""
    names = ("page_url", "first_night", "last_night", "advice", "mend", "known_at", "withdrawn")
    about = "/".join(filter(None, (row["service_id"], row["metric_id"])))
    said = Said(f"{about}: ", row["kind"], f", {row['sentence']}")
    proof = known.body(row["snapshot_sha256"], row["service_id"]) if row["snapshot_sha256"] else ()
    return Step("incident", row["id"], said, {name: row[name] for name in names}, proof, row=row)


def _evidence(known: Known, criterion: Row, number: int, one: Mapping[str, str]) -> Step:
    """One thing that speaks for a verdict; each kind leads to rows of its own."""
    behind = _BEHIND.get(one["kind"], _nothing)
    facts = {"kind": one["kind"], "ref": one["ref"]}
    key = f"{criterion['id']}.{number}"
    return Step("evidence", key, Said(one["sentence"]), facts, tuple(behind(known, criterion, one["ref"])))


def _figure(known: Known, _criterion: Row, ref: str) -> Iterator[Step]:
    yield observation_step(known, known.by_id(observations, ref))


def _claim(known: Known, criterion: Row, ref: str) -> Iterator[Step]:
    yield from of_claim(known, ref, criterion["known_at"])


def _product(known: Known, criterion: Row, ref: str) -> Iterator[Step]:
    yield product_step(
        known, ref.partition("/")[0], criterion["known_at"], lambda kind, _row: kind == "phase"
    )


def _collection(known: Known, criterion: Row, _ref: str) -> Iterator[Step]:
    """The last good answer of a page of the service by then."""
    query = (
        sa.select(snapshots)
        .where(
            snapshots.c.service_id == criterion["service_id"],
            snapshots.c.answer,
            snapshots.c.status < 300,
            snapshots.c.night <= criterion["as_of"],
        )
        .order_by(snapshots.c.fetched_at.desc(), snapshots.c.id)
    )
    row = known.first(query, snapshots)
    if row:
        yield known.exchange(row)


def _nothing(_known: Known, _criterion: Row, _ref: str) -> Iterator[Step]:
    yield from ()


_BEHIND: Mapping[str, Callable[[Known, Row, str], Iterator[Step]]] = {
    "figure": _figure,
    "claim": _claim,
    "phase": _product,
    "field": _product,
    "collection": _collection,
}
"""What is behind a piece of evidence, by its kind; a rule stands for itself."""


def service_step(known: Known, service_id: str, metric_ids: list[str]) -> Step:
    """The last figure of each metric of a service."""
    rows = [last_observation(known, service_id, metric) for metric in sorted(metric_ids)]
    figures = tuple(observation_step(known, row) for row in rows if row)
    return Step("service", service_id, Said(f"{service_id}: its last figures"), comes_from=figures)
