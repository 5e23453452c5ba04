"""Held back: the figures that a check refused, and what stands beside them."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from warehouse.history import MOMENT, Row, append_changes, current
from warehouse.metrics import declared
from warehouse.night import Night
from warehouse.observations import Tonight
from warehouse.tables import held_back, observations

_KEY = ("observation_id", "check_name")


@dataclass(frozen=True, slots=True)
class Refusal:
    """One figure that one check refuses; ``reason`` is a French sentence."""

    observation_id: str
    check_name: str
    reason: str


def held_ids(connection: sa.Connection, at: datetime) -> frozenset[str]:
    """The observations that a check holds back, as known at a moment."""
    return frozenset(row["observation_id"] for row in current(connection, held_back, _KEY, at))


def to_judge(
    connection: sa.Connection, night: Night, rows: Sequence[Row], refused: Collection[str] = ()
) -> list[Row]:
    """The figures of a night with all that a check needs to know of them.

    Args:
        connection: the warehouse.
        night: the night.
        rows: the observations that its pages say (``observations.keep``).
        refused: ids of those that this judgement refuses so far; what an earlier one said of them is
            left aside, so that a night judged twice says the same.

    Returns:
        For each: the columns of ``observations``; ``expect_min``, ``expect_max``,
        ``expect_factor``, ``max_age_days`` of its service file; ``label``; and ``good_id``, ``good_value``,
        ``good_low``, ``good_day``: the last figure of the same metric before it that no check refused.
    """
    bounds = declared(connection, night)
    held = held_ids(connection, night.at) - {row["id"] for row in rows} | frozenset(refused)
    names = ("expect_min", "expect_max", "expect_factor", "max_age_days", "label")
    return [
        row
        | {name: bounds[row["service_id"], row["metric_id"]][name] for name in names}
        | _last_good(connection, night, row, held)
        for row in rows
    ]


def _last_good(connection: sa.Connection, night: Night, row: Row, held: frozenset[str]) -> Row:
    query = (
        sa.select(observations.c.id, observations.c.value, observations.c.low, observations.c.period_end)
        .where(
            observations.c.service_id == row["service_id"],
            observations.c.metric_id == row["metric_id"],
            observations.c.period_end < row["period_end"],
            observations.c.known_at < night.at + MOMENT,
        )
        .order_by(observations.c.period_end.desc(), observations.c.known_at.desc())
    )
    for good in connection.execute(query.limit(50)):
        if good.id not in held:
            return {
                "good_id": good.id,
                "good_value": good.value,
                "good_low": good.low,
                "good_day": good.period_end,
            }
    return dict.fromkeys(("good_id", "good_value", "good_low", "good_day"))


def hold(connection: sa.Connection, night: Night, judged: Sequence[Row], refused: Iterable[Refusal]) -> int:
    """Hold back what was refused, and release what was held and now passes; return the rows added."""
    by_id = {row["id"]: row for row in judged}
    rows = [_row(by_id[refusal.observation_id], refusal, night) for refusal in refused]
    about = held_back.c.observation_id.in_(list(by_id))
    return append_changes(connection, held_back, _KEY, rows, night.at, about, quiet=("night",))


def _row(figure: Row, refusal: Refusal, night: Night) -> dict[str, Any]:
    return {
        "observation_id": figure["id"],
        "service_id": figure["service_id"],
        "metric_id": figure["metric_id"],
        "check_name": refusal.check_name,
        "reason": refusal.reason,
        "value": figure["value"],
        "last_good_observation_id": figure["good_id"],
        "last_good_value": figure["good_value"],
        "last_good_day": figure["good_day"],
        "night": night.day,
    }


def standing(connection: sa.Connection, night: Night, tonight: Tonight) -> list[Row]:
    """The refusals in force of figures that this night's pages say."""
    said = {row["id"] for row in tonight.rows}
    return [row for row in current(connection, held_back, _KEY, night.at) if row["observation_id"] in said]
