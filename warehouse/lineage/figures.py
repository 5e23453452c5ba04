"""The way back of a figure: growth or its refusal, observations, characters on the pages, exchanges."""

from collections.abc import Iterator

import sqlalchemy as sa

from warehouse.derived.ends import ends
from warehouse.history import Row, current
from warehouse.lineage.known import Known
from warehouse.lineage.step import Restated, Said, Step
from warehouse.restatements import changes
from warehouse.tables import extractions, held_back, metrics, observations, restatements

NO_READING = "no reading"
"""Of an end of a refused growth: nothing was read there."""

_GROWTH = ("kind", "value", "low", "high", "rule", "note", "known_at", "withdrawn")
_OBSERVATION = (
    "value",
    "low",
    "high",
    "qualifier",
    "unit",
    "nature",
    "period_start",
    "period_end",
    "known_at",
    "reader",
)
_EXTRACTION = ("locator_kind", "locator", "start", "end", "notation", "period_text", "spec_version", "reader")


def growth_step(known: Known, row: Row) -> Step:
    """Two figures compared, each an observation or several added up."""
    parts = [*(row["parts"] or [row["observation_id"]]), *(row["base_parts"] or [row["base_observation_id"]])]
    ends = (known.by_id(observations, part) for part in parts)
    about = f"{row['service_id']} {row['metric_id']}, {row['base_period']} → {row['period']}: "
    sources = tuple(observation_step(known, end) for end in ends)
    facts = {"label": _label(known, row), **{name: row[name] for name in _GROWTH}}
    return Step("growth", row["id"], Said(about, row["display"]), facts, sources, row=row)


def refusal_step(known: Known, row: Row) -> Step:
    """A growth that was refused: the rule, and the readings that stood at its two ends, if any did."""
    found = ends(known.connection, row)
    about = f"{row['service_id']} {row['metric_id']}, {row['base_period']} → {row['period']}: "
    facts = {
        "label": _label(known, row),
        "refused_by": row["reason"],
        "base_reading": found.base["id"] if found.base else NO_READING,
        "end_reading": found.now["id"] if found.now else NO_READING,
        "known_at": row["known_at"],
        "withdrawn": row["withdrawn"],
    }
    readings = {end["id"]: end for end in (found.now, found.base) if end}  # one where both ends are the same
    sources = tuple(observation_step(known, end) for end in readings.values())
    return Step(
        "refusal", row["id"], Said(about, "no growth", f". {row['sentence']}"), facts, sources, row=row
    )


def observation_step(known: Known, row: Row) -> Step:
    """A figure as understood."""
    source = extraction_step(known, known.by_id(extractions, row["extraction_id"]))
    label = _label(known, row)
    facts = {"label": label, **{name: row[name] for name in _OBSERVATION}}
    if source.comes_from:
        facts |= judged(known, row, source.comes_from[0])
    said = Said(f"{label}: ", f"{row['value']} {row['unit']}", f", {_period(row)}")
    restated = tuple(_restatements(known, row["id"]))
    return Step("observation", row["id"], said, facts, (source,), restated, row)


def held_back_step(known: Known, row: Row) -> Step:
    """The figure that a check refused, with the reason."""
    return observation_step(known, known.by_id(observations, row["observation_id"]))


def restatement_step(known: Known, row: Row) -> Step:
    """The figure that is said now, with what was said before; of a withdrawal, the one that is gone."""
    return observation_step(
        known, known.by_id(observations, row["new_observation_id"] or row["old_observation_id"])
    )


def extraction_step(known: Known, row: Row) -> Step:
    """The characters on the page."""
    facts = {name: row[name] for name in _EXTRACTION}
    said = Said(row["prefix"], row["exact"], row["suffix"])
    proof = known.body(row["snapshot_sha256"], row["service_id"])
    return Step("extraction", row["id"], said, facts, proof, row=row)


def last_observation(known: Known, service: str, metric: str) -> Row | None:
    """The figure of a metric that describes the latest day."""
    query = (
        sa.select(observations)
        .where(observations.c.service_id == service, observations.c.metric_id == metric)
        .order_by(observations.c.period_end.desc(), observations.c.known_at.desc(), observations.c.id)
    )
    return known.first(query, observations)


def _label(known: Known, row: Row) -> str:
    query = (
        sa.select(metrics)
        .where(metrics.c.service_id == row["service_id"], metrics.c.metric_id == row["metric_id"])
        .order_by(metrics.c.valid_until.is_not(None), metrics.c.known_at.desc())
    )
    declared = known.first(query, metrics)
    return str(declared["label"]) if declared else str(row["metric_id"])


def judged(known: Known, row: Row, exchange: Step) -> dict[str, object]:
    """The checks that a figure passed on its first night, and those that hold it back."""
    told = known.verdicts(exchange.row["night"])
    holding = held_back.c.observation_id == row["id"]
    held = current(known.connection, held_back, ("observation_id", "check_name"), known.at, holding)
    refused = {one["check_name"]: one["reason"] for one in held}
    passed = [
        one["check_name"]
        for one in told
        if one["table_name"] == observations.name
        # A check that holds figures back refuses some and passes the others.
        and (one["passed"] or (one["scope"] == "figure" and one["check_name"] not in refused))
    ]
    return {
        "checks_passed": ", ".join(sorted(passed)) or None,
        "held_back": "; ".join(refused.values()) or None,
    }


def _restatements(known: Known, key: str) -> Iterator[Restated]:
    """The changes in which an observation is the old word or the new one, in the order we knew them."""
    either = sa.or_(restatements.c.old_observation_id == key, restatements.c.new_observation_id == key)
    query = sa.select(restatements).where(either).order_by(restatements.c.known_at, restatements.c.id)
    for row in known.rows(query, restatements):
        old = known.by_id(observations, row["old_observation_id"])
        new = known.by_id(observations, row["new_observation_id"]) if row["new_observation_id"] else None
        yield Restated(
            kind=row["kind"],
            reason=row["reason"],
            known_at=row["known_at"],
            old_id=old["id"],
            old_value=str(old["value"]),
            new_id=new["id"] if new else None,
            new_value=str(new["value"]) if new else None,
            changed=changes(old, new) if new else (),
        )


def _period(row: Row) -> str:
    start, end = row["period_start"], row["period_end"]
    if start is None:
        return f"since launch, on {end}"
    return f"on {end}" if start == end else f"from {start} to {end}"
