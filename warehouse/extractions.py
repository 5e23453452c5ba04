"""Extractions and absences: what the pages of a night gave, and what they did not."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import date, datetime

import sqlalchemy as sa

from connectors.extraction import Absence, Extraction, Reading
from warehouse.history import MOMENT, Row, add_new, identity
from warehouse.metrics import Figure, declared
from warehouse.night import Night
from warehouse.tables import absences, extractions, snapshots

SAME_BODY = sa.and_(
    extractions.c.snapshot_sha256 == snapshots.c.sha256,
    extractions.c.service_id == snapshots.c.service_id,
)
"""What ties an extraction to each exchange that brought its body, on whatever night."""


def keep(connection: sa.Connection, night: Night, readings: Sequence[Reading]) -> tuple[int, int]:
    """Record what was read and what was not; return how many extractions and absences were new."""
    found = [_extraction_row(night, one) for reading in readings for one in reading.extractions]
    missing = [absence for reading in readings for absence in reading.absences]
    return add_new(connection, extractions, found), keep_absences(connection, night, missing)


def keep_absences(connection: sa.Connection, night: Night, missing: Iterable[Absence]) -> int:
    """Record absences of this night; return how many were new."""
    return add_new(connection, absences, [_absence_row(night, absence) for absence in missing])


def _extraction_row(night: Night, extraction: Extraction) -> Row:
    content = asdict(extraction)
    content["snapshot_sha256"] = content.pop("body_sha256")
    return {"id": identity("extractions", content), **content, "known_at": night.at}


def _absence_row(night: Night, absence: Absence) -> Row:
    content = asdict(absence)
    content["snapshot_sha256"] = content.pop("body_sha256")
    return {
        "id": identity("absences", night.day, content),
        "night": night.day,
        **content,
        "known_at": night.at,
    }


def seen(connection: sa.Connection, night: Night) -> list[Row]:
    """The extractions that stand on the pages of a night, read as the service files say now.

    An unchanged page gives the very extractions of an earlier night: they are found
    through the hash of the body, so a night adds nothing when nothing changed.  Where
    one body was read by several versions of a reader, the last one known by then speaks; a
    body that was only read later (an older night collected after a newer one) said then
    what it says now.  Where one address answered several times, its last answer speaks.
    """
    answers = _last_answers(night)
    bodies = (
        sa.select(answers.c.service_id, answers.c.sha256).where(answers.c.turn == 1).distinct().subquery()
    )
    on_body = sa.and_(
        bodies.c.sha256 == extractions.c.snapshot_sha256, bodies.c.service_id == extractions.c.service_id
    )
    query = (
        sa.select(extractions)
        .join(bodies, on_body)
        .order_by(extractions.c.service_id, extractions.c.metric_id, extractions.c.start, extractions.c.id)
    )
    declared = versions(connection, night)
    rows = [
        dict(row)
        for row in connection.execute(query).mappings()
        if declared.get((row["service_id"], row["metric_id"])) == row["spec_version"]
    ]
    speaks = {(row["service_id"], row["metric_id"]): row["reader"] for row in _by_authority(rows, night)}
    return [row for row in rows if speaks[row["service_id"], row["metric_id"]] == row["reader"]]


def _last_answers(night: Night) -> sa.Subquery:
    """The good answers of a night, by address: ``turn`` is 1 for the last one."""
    newest = sa.func.row_number().over(
        partition_by=(snapshots.c.service_id, snapshots.c.asked_url),
        order_by=(snapshots.c.fetched_at.desc(), snapshots.c.id.desc()),
    )
    good = snapshots.c.night == night.day, snapshots.c.answer, snapshots.c.status < 300
    known = snapshots.c.known_at < night.at + MOMENT
    return (
        sa.select(snapshots.c.service_id, snapshots.c.sha256, newest.label("turn"))
        .where(*good, known)
        .subquery()
    )


def _by_authority(rows: Iterable[Row], night: Night) -> list[Row]:
    """Readings in the order in which they overrule one another."""
    end = night.at + MOMENT
    known = sorted((row for row in rows if row["known_at"] < end), key=_when_read)
    later = sorted((row for row in rows if row["known_at"] >= end), key=_when_read, reverse=True)
    return [*later, *known]


def _when_read(row: Row) -> tuple[datetime, str]:
    return row["known_at"], row["reader"]


def versions(connection: sa.Connection, night: Night) -> dict[Figure, str]:
    """Every metric that the service files declare for the night, with the version of its page."""
    return {about: row["spec_version"] for about, row in declared(connection, night).items()}


def missing(connection: sa.Connection, night: Night, understood: set[Figure]) -> list[Row]:
    """The absences of a night: the last reason given for each figure that was not understood in the end."""
    query = sa.select(absences).where(absences.c.night == night.day, absences.c.known_at < night.at + MOMENT)
    last = {
        (row["service_id"], row["metric_id"]): dict(row)
        for row in connection.execute(query.order_by(absences.c.known_at, absences.c.id)).mappings()
    }
    return [last[about] for about in sorted(last.keys() - understood)]


def told_services(connection: sa.Connection, day: date) -> set[str]:
    """The services of which a night already tells something: an exchange, or why there was none."""
    met = sa.select(snapshots.c.service_id).where(
        snapshots.c.night == day, snapshots.c.service_id.is_not(None)
    )
    absent = sa.select(absences.c.service_id).where(absences.c.night == day)
    return set(connection.scalars(met.union(absent)))


def reasons(connection: sa.Connection, night: Night, since: date | None = None) -> dict[str, str]:
    """For each service that lacked a figure this night, or since a day, the short name of the last reason."""
    query = (
        sa.select(absences.c.service_id, absences.c.reason)
        .where(
            absences.c.night.between(since or night.day, night.day),
            absences.c.known_at < night.at + MOMENT,
        )
        .order_by(absences.c.night, absences.c.known_at, absences.c.id)
    )
    return {row.service_id: row.reason for row in connection.execute(query)}
