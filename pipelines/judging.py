"""Judging: what the checks say of a night's figures, each beside the last good one before it."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from connectors.service import Metric, Service
from expectations.check import Row, Verdict
from expectations.judge import judge
from warehouse import held_back
from warehouse.figure_history import figure_of
from warehouse.held_back import Refusal
from warehouse.night import Night
from warehouse.observations import Serving, Tonight
from warehouse.tables import extractions as extraction_table
from warehouse.tables import snapshots as snapshot_table
from warehouse.turns import is_not_turned, is_young_year, turn_of


def judged(
    connection: sa.Connection, services: Mapping[str, Service], night: Night, tonight: Tonight
) -> tuple[list[dict[str, Any]], list[Verdict]]:
    """The figures of a night and what the checks say of them.

    A figure is compared with the last good one before it, which may be of the same night (the month
    before, on the same chart): one that is refused is good for no other, so the checks are asked again
    until none rests on a figure that they refuse.  Refusals only spread forward in time: this ends.
    """
    refused: frozenset[str] = frozenset()
    while True:
        figures = _to_judge(connection, services, night, tonight, refused)
        verdicts = judge("observations", figures)
        said = frozenset(refusal.observation_id for refusal in refusals(verdicts))
        if said == refused or not any(row["good_id"] in said - refused for row in figures):
            return figures, verdicts
        refused = said


def _to_judge(
    connection: sa.Connection,
    services: Mapping[str, Service],
    night: Night,
    tonight: Tonight,
    refused: frozenset[str],
) -> list[dict[str, Any]]:
    serving = Serving(services, night)
    figures = held_back.to_judge(connection, night, tonight.rows, refused)
    newest = {figure_of(row): row["id"] for row in sorted(figures, key=_in_time)}
    proofs = _proofs(connection, [row["extraction_id"] for row in figures])
    return [
        row
        | _measured(row, night.day, newest=newest[figure_of(row)] == row["id"])
        | _turning(row, serving.metric(row), night)
        | proofs.get(row["extraction_id"], {})
        for row in figures
    ]


def _in_time(row: Row) -> tuple[date, datetime]:
    return row["period_end"], row["known_at"]


def _measured(row: Row, day: date, *, newest: bool) -> dict[str, Any]:
    """What the checks compare: the share in percent, the jump from the last good figure, the age in days.

    Only the newest figure of a metric has an age: the older points of a chart do not change any more.
    """
    return {
        "percent": row["value"] if row["unit"] == "%" else None,
        "jump": None if _is_after_a_gap(row) else _jump(row["good_value"], row["value"]),
        "age_days": (day - row["period_end"]).days if newest else None,
    }


def _turning(row: Row, metric: Metric | None, night: Night) -> dict[str, Any]:
    """Whether the page has begun the new year or month; a count of a few days has no usual size."""
    turn = turn_of(metric, row, night.day) if metric else None
    unturned = {"unturned": int(turn is not None and is_not_turned(turn, row))}
    young = metric is not None and is_young_year(metric, row)
    return unturned | ({"jump": None, "expect_min": None} if young else {})


def _is_after_a_gap(row: Row) -> bool:
    """True when the last good figure is no neighbour: two periods or more are missing between them."""
    if row["good_day"] is None or row["period_start"] is None or row["period_start"] == row["period_end"]:
        return False
    length = row["period_end"] - row["period_start"]
    return bool(row["period_start"] - row["good_day"] > 2 * length)


def _jump(before: Decimal | None, now: Decimal) -> Decimal | None:
    """How many times larger or smaller, at least 1; nothing to compare with is no jump."""
    if before is None or before <= 0 or now <= 0:
        return None
    return max(now / before, before / now)


def _proofs(connection: sa.Connection, extraction_ids: Sequence[str]) -> dict[str, dict[str, Any]]:
    """For each extraction on record, its locator and the archive file of its body."""
    same_body = snapshot_table.c.sha256 == extraction_table.c.snapshot_sha256
    found: dict[str, dict[str, Any]] = {}
    for start in range(0, len(extraction_ids), 500):
        query = (
            sa.select(
                extraction_table.c.id, extraction_table.c.locator, sa.func.min(snapshot_table.c.warc_file)
            )
            .outerjoin(snapshot_table, same_body)
            .where(extraction_table.c.id.in_(extraction_ids[start : start + 500]))
            .group_by(extraction_table.c.id, extraction_table.c.locator)
        )
        found |= {
            key: {"locator": locator, "warc_file": file} for key, locator, file in connection.execute(query)
        }
    return found


def refusals(verdicts: Iterable[Verdict]) -> list[Refusal]:
    """The figures that these verdicts refuse, each with its French reason."""
    return [
        Refusal(row["id"], verdict.check.name, verdict.check.refusal(row))
        for verdict in verdicts
        if verdict.check.scope == "figure" and verdict.check.refusal
        for row in verdict.failing
    ]
