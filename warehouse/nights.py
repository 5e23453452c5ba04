"""Nights and verdicts: what was tried, what came, what the checks said, and whether it may be published."""

from collections.abc import Sequence
from datetime import date

import sqlalchemy as sa

from warehouse import extractions, held_back
from warehouse.history import MOMENT, Row, append_changes, current
from warehouse.metrics import declared
from warehouse.night import Night
from warehouse.observations import Tonight
from warehouse.tables import absences, nights, observations, snapshots, verdicts
from warehouse.tables import extractions as extraction_table

SAMPLE = 20
"""Failing rows kept with a verdict."""


def tally(connection: sa.Connection, night: Night, tonight: Tonight) -> list[Row]:
    """One row per service tried this night: ``service_id``, ``reached`` and ``read`` (0 or 1)."""
    configured = {service for service, _ in declared(connection, night)}
    answered = _services(connection, snapshots, night, snapshots.c.answer, snapshots.c.status < 300)
    tried = _services(connection, snapshots, night) | _services(connection, absences, night)
    understood = {service for service, _ in tonight.understood}
    return [
        {"service_id": service, "reached": int(service in answered), "read": int(service in understood)}
        for service in sorted(tried & configured)
    ]


def _services(
    connection: sa.Connection, table: sa.Table, night: Night, *where: sa.ColumnElement[bool]
) -> set[str]:
    query = sa.select(table.c.service_id).where(
        table.c.night == night.day,
        table.c.service_id.is_not(None),
        table.c.known_at < night.at + MOMENT,
        *where,
    )
    return set(connection.scalars(query.distinct()))


def missing(connection: sa.Connection, night: Night, tonight: Tonight) -> list[Row]:
    """The absences of a night, each with ``last_day``: the day of the last figure on record, if any.

    A figure known only from a printed report is expected to be absent from the page: it
    has no ``last_day``.
    """
    rows = extractions.missing(connection, night, tonight.understood)
    known = declared(connection, night)
    return [
        row | {"last_day": _last_day(connection, night, row), "evidence": known[about]["evidence"]}
        for row in rows
        if (about := (row["service_id"], row["metric_id"])) in known
    ]


def is_expected(row: Row) -> bool:
    """True when nobody has to do anything for an absence.

    The page itself says that it has no figure, only a printed report has it, or the night is past and
    nobody visited the page.
    """
    only_printed = row["evidence"] == "report" and row["reason"] in ("not_found", "empty")
    return only_printed or row["reason"] in ("not_available", "not_visited")


def _last_day(connection: sa.Connection, night: Night, row: Row) -> date | None:
    query = sa.select(sa.func.max(observations.c.period_end)).where(
        observations.c.service_id == row["service_id"],
        observations.c.metric_id == row["metric_id"],
        observations.c.known_at < night.at + MOMENT,
    )
    day: date | None = connection.scalar(query)
    return day


def record_verdicts(
    connection: sa.Connection, night: Night, tables: Sequence[str], rows: Sequence[Row]
) -> int:
    """Record what the checks of some tables said this night; return the rows added.

    Args:
        connection: an open transaction.
        night: the night judged.
        tables: the tables judged now: verdicts on the others stay as they are.
        rows: ``check_name``, ``table_name``, ``scope``, ``passed``, ``failing``, ``sample``, ``sentence``.
    """
    told = [{"night": night.day, **row} for row in rows]
    about = verdicts.c.night == night.day, verdicts.c.table_name.in_(list(tables))
    return append_changes(connection, verdicts, ("night", "check_name"), told, night.at, *about)


def close(connection: sa.Connection, night: Night, row: Row) -> int:
    """Record what became of a night; return 1 when that is news."""
    told = [{"night": night.day, **row}]
    return append_changes(connection, nights, ("night",), told, night.at, nights.c.night == night.day)


def summary(connection: sa.Connection, night: Night) -> Row | None:
    """The row of ``nights`` for a night, or None when it was never judged."""
    rows = current(connection, nights, ("night",), night.at, nights.c.night == night.day)
    return rows[0] if rows else None


def count(
    connection: sa.Connection,
    night: Night,
    tonight: Tonight,
    tallied: Sequence[Row],
    absent: Sequence[Row],
) -> Row:
    """The numbers of a night: ``services``, ``reached``, ``read``, ``figures``, ``absent``, ``held``.

    Args:
        connection: the warehouse.
        night: the night.
        tonight: what its pages say.
        tallied: what ``tally`` gives.
        absent: what ``missing`` gives.
    """
    held = {row["observation_id"] for row in held_back.standing(connection, night, tonight)}
    return {
        "services": len(tallied),
        "reached": sum(row["reached"] for row in tallied),
        "read": sum(row["read"] for row in tallied),
        "figures": len(tonight.understood),
        "absent": len(absent),
        "held": len(held),
    }


def warnings(connection: sa.Connection, night: Night) -> list[Row]:
    """The warnings of a night that failed: rows of ``verdicts``."""
    rows = current(connection, verdicts, ("night", "check_name"), night.at, verdicts.c.night == night.day)
    failed = [row for row in rows if row["scope"] == "warning" and not row["passed"]]
    return sorted(failed, key=lambda row: row["check_name"])


def last_nights(connection: sa.Connection, limit: int = 2) -> list[date]:
    """The last nights that were judged, newest first."""
    query = sa.select(nights.c.night).distinct().order_by(nights.c.night.desc()).limit(limit)
    return list(connection.scalars(query))


def heard(connection: sa.Connection, day: date) -> set[str]:
    """The services that gave a figure on a night."""
    query = (
        sa.select(snapshots.c.service_id)
        .join(extraction_table, extractions.SAME_BODY)
        .where(snapshots.c.night == day)
    )
    return {service for service in connection.scalars(query.distinct()) if service}


def silent(connection: sa.Connection, day: date) -> dict[str, str]:
    """The services that gave no figure on a night, each with the last reason told."""
    gave = sa.exists().where(
        snapshots.c.night == day,
        snapshots.c.service_id == absences.c.service_id,
        snapshots.c.sha256 == extraction_table.c.snapshot_sha256,
        extraction_table.c.service_id == absences.c.service_id,
    )
    query = (
        sa.select(absences.c.service_id, absences.c.sentence)
        .where(absences.c.night == day, ~gave)
        .order_by(absences.c.known_at, absences.c.id)
    )
    return {row.service_id: row.sentence for row in connection.execute(query)}
