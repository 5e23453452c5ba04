"""Candidates: what discovery proposes for services without a file, kept apart from what is published."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import sqlalchemy as sa

from warehouse.history import Row, append_changes, current
from warehouse.night import Night
from warehouse.tables import candidates, unconfigured

Outcome = Literal["figures", "nothing", "unreadable", "failed"]

_KEY = ("service_id", "metric_id")
_QUIET = ("night",)


@dataclass(frozen=True, slots=True)
class Explored:
    """What the address of a service without a file gave one night.

    ``figures`` are rows of ``candidates`` by metric id, without service, night and moment; None when the
    page did not come: what was proposed before stays proposed.
    """

    service_id: str
    url: str
    kind: str
    outcome: Outcome
    sentence: str | None
    figures: Mapping[str, Row] | None


def keep(connection: sa.Connection, explored: Sequence[Explored], night: Night) -> int:
    """Record what was explored, and withdraw what is told of services that have a file now; rows added."""
    told = [_told(one) for one in explored]
    added = append_changes(connection, unconfigured, ("service_id",), told, night.at)
    for one in explored:
        if one.figures is not None:
            rows = [_candidate(one, metric_id, figure, night) for metric_id, figure in one.figures.items()]
            about = candidates.c.service_id == one.service_id
            added += append_changes(connection, candidates, _KEY, rows, night.at, about, quiet=_QUIET)
    here = {one.service_id for one in explored}
    for service_id in sorted({row["service_id"] for row in proposed(connection, night)} - here):
        about = candidates.c.service_id == service_id
        added += append_changes(connection, candidates, _KEY, [], night.at, about)
    return added


def proposed(connection: sa.Connection, night: Night) -> list[Row]:
    """The candidates that stand, by service, the most believable first."""
    rows = current(connection, candidates, _KEY, night.at)
    return sorted(rows, key=lambda row: (row["service_id"], -row["confidence"], row["metric_id"]))


def waiting(connection: sa.Connection, night: Night) -> list[Row]:
    """The services without a file, and what their address gave (rows of ``unconfigured``)."""
    rows = current(connection, unconfigured, ("service_id",), night.at)
    return sorted(rows, key=lambda row: str(row["service_id"]))


def _told(one: Explored) -> Row:
    return {
        "service_id": one.service_id,
        "url": one.url,
        "kind": one.kind,
        "outcome": one.outcome,
        "sentence": one.sentence,
    }


def _candidate(one: Explored, metric_id: str, figure: Row, night: Night) -> Row:
    return {"service_id": one.service_id, "metric_id": metric_id, **figure, "night": night.day}
