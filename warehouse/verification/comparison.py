"""Row by row: the database beside a fresh one that was derived from the archive alone."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

import sqlalchemy as sa

from warehouse.history import Row
from warehouse.metrics import Figure
from warehouse.night import paris_day
from warehouse.tables import (
    absences,
    candidates,
    claim_decisions,
    claim_questions,
    claims,
    criteria,
    events,
    extractions,
    growth,
    held_back,
    incidents,
    missing_evidence,
    nights,
    observations,
    phases,
    plf_indicators,
    portfolio_counts,
    portfolios,
    qualifications,
    reconciliations,
    refusals,
    remarks,
    reports,
    restatements,
    services,
    unconfigured,
    unplaced_passages,
    verdicts,
)
from warehouse.verification.finding import Finding

DERIVED = (
    services, phases, events, remarks, portfolios, extractions, absences, observations, restatements,
    held_back, verdicts, nights, incidents, portfolio_counts, plf_indicators, growth, refusals,
    qualifications, criteria, missing_evidence, unconfigured, candidates, reports, claims, claim_questions,
    unplaced_passages, reconciliations,
)  # fmt: skip
"""The tables derived again, in the order of a figure's life."""

_OF_ALL = (nights, verdicts)
"""They count over all services: one figure that cannot be derived again is missing from them."""

_OF_A_SERVICE = (qualifications, criteria, missing_evidence, incidents, unconfigured, candidates)


@dataclass(slots=True)
class Compared:
    """``tables`` and ``rows`` derived again and found equal, ``left`` rows that could not be derived here.

    ``decided`` of the equal ones rest on what a person decided about a printed claim.
    """

    tables: int = 0
    rows: int = 0
    left: int = 0
    decided: int = 0
    findings: list[Finding] = field(default_factory=list)


def compare(source: sa.Connection, fresh: sa.Connection, unknown: Collection[Figure]) -> Compared:
    """Lay every derived row beside its own.

    Args:
        source: the database verified.
        fresh: the one derived from the archive.
        unknown: figures that cannot be derived here: nothing is said of what rests on them.
    """
    compared = Compared()
    decided = frozenset(source.scalars(sa.select(claim_decisions.c.claim_id)))
    for table in DERIVED:
        told, derived = _rows(source, table), _rows(fresh, table)
        left = _resting_on(table, derived | told, unknown)
        compared.left += len(left & told.keys())
        compared.tables += 1
        compared.findings += _differences(table, told, derived, left)
        equal = [row for key, row in told.items() if key not in left and row == derived.get(key)]
        compared.rows += len(equal)
        compared.decided += sum(not decided.isdisjoint(_claims_of(row)) for row in equal)
    return compared


def _claims_of(row: Row) -> set[str]:
    """The printed claims that a row is, or rests on."""
    evidence = row["evidence"] if "comparison" in row else ()
    return {row.get("claim_id", ""), *(one["ref"] for one in evidence if one["kind"] == "claim")}


def _rows(connection: sa.Connection, table: sa.Table) -> dict[str, Row]:
    return {row["id"]: dict(row) for row in connection.execute(sa.select(table)).mappings()}


def _resting_on(table: sa.Table, rows: Mapping[str, Row], unknown: Collection[Figure]) -> set[str]:
    """The ids of the rows that cannot be derived here.

    A claim whose service is known only by figures that are not here is reconciled otherwise without them:
    all that is said of it is left.
    """
    left = {key for key, row in rows.items() if _rests_on(table, row, unknown)}
    if table is reconciliations:
        of_claims = {rows[key]["claim_id"] for key in left}
        left = {key for key, row in rows.items() if row["claim_id"] in of_claims}
    return left


def _rests_on(table: sa.Table, row: Row, unknown: Collection[Figure]) -> bool:
    if not unknown or table in _OF_ALL:
        return bool(unknown)
    if table in (*_OF_A_SERVICE, reconciliations):
        return any(row["service_id"] == service_id for service_id, _ in unknown)
    return "metric_id" in row and (row["service_id"], row["metric_id"]) in unknown


def _differences(
    table: sa.Table, told: dict[str, Row], derived: dict[str, Row], left: Collection[str]
) -> Iterator[Finding]:
    for key in sorted((told.keys() | derived.keys()) - set(left)):
        row, true = told.get(key), derived.get(key)
        if row is None and true is not None:
            yield _finding(true, f"{table.name} lacks {_shown(true)}, which the archive gives.")
        elif true is None and row is not None:
            yield _finding(row, f"{table.name} has {_shown(row)}, which the archive does not give.")
        elif row is not None and true is not None and row != true:
            yield _finding(true, f"{table.name} says {_changes(row, true)} in {_shown(true)}.")


def _finding(row: Row, sentence: str) -> Finding:
    return Finding(_day(row), 2, sentence)


def _day(row: Row) -> date:
    night: date = row.get("night") or paris_day(row["known_at"])
    return night


_NAMES = (
    "night", "as_of", "year", "service_id", "metric_id", "name", "measure", "indicator", "criterion",
    "period", "period_end", "check_name", "value", "display", "exact", "edition",
    "comparison", "text", "printed", "outcome", "sentence",
)  # fmt: skip


def _shown(row: Row) -> str:
    """The row by its id, and by what a person knows it by."""
    known = ", ".join(str(row[name]) for name in _NAMES if row.get(name) is not None)
    return f"the row {row['id']} ({known})"


def _changes(row: Row, true: Row) -> str:
    changed = [name for name in true if row.get(name) != true[name]]
    return " and ".join(f"{name} {row.get(name)!s} instead of {true[name]!s}" for name in changed)
