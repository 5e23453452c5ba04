"""What no archive can give again, carried from the database as it is: each row must say what its id says.

The rows of ``snapshots`` (their bytes are checked elsewhere), what the service files declared, what printed
reports were read and decided to say, and why an address gave nothing.
"""

from collections.abc import Callable, Iterator, Mapping

import sqlalchemy as sa

from warehouse import portfolios as portfolio_rows
from warehouse.archive import Place
from warehouse.history import MOMENT, Row, add_new, identity
from warehouse.night import Night, paris_day
from warehouse.tables import (
    absences,
    claim_questions,
    claims,
    extractions,
    metrics,
    portfolios,
    reports,
    snapshots,
)
from warehouse.verification.finding import Finding
from warehouse.verification.runs import OF_REPORTS, Run

_NOT_OF_THE_READING = ("reading_too_long",)
"""Reasons that a second reading need not find again: how busy the machine was decides."""


def carry(source: sa.Connection, fresh: sa.Connection, run: Run, places: Mapping[str, Place]) -> int:
    """Tell the fresh database what a run was given; return the absences that rest on the visits alone.

    Args:
        source: the database verified.
        fresh: the one derived anew.
        run: the run.
        places: where the record of each exchange really is, by the id of its row.
    """
    for table in (metrics, *OF_REPORTS):
        add_new(fresh, table, _rows(source, table, run))
    exchanges = _rows(source, snapshots, run)
    add_new(fresh, snapshots, [row | _placed(places.get(row["id"])) for row in exchanges])
    return add_new(fresh, absences, list(unread_absences(source, run)))


def _placed(place: Place | None) -> Row:
    return {"warc_offset": place.offset, "warc_length": place.length} if place else {}


def unread_absences(source: sa.Connection, run: Run) -> Iterator[Row]:
    """The absences of a run that rest on no good answer: what happened on the way cannot be read again."""
    good = sa.select(snapshots.c.sha256).where(
        snapshots.c.night == absences.c.night,
        snapshots.c.service_id == absences.c.service_id,
        snapshots.c.answer,
        snapshots.c.status < 300,
    )
    on_the_way = sa.or_(
        absences.c.snapshot_sha256.is_(None),
        absences.c.snapshot_sha256.not_in(good),
        absences.c.reason.in_(_NOT_OF_THE_READING),
    )
    yield from _rows(source, absences, run, on_the_way)


def extracted(source: sa.Connection, run: Run) -> list[Row]:
    """The extractions of a run."""
    return _rows(source, extractions, run)


def trouble(source: sa.Connection, night: Night) -> str | None:
    """Why the portfolio could not be brought that night, as it was told then; None when it could."""
    row = portfolio_rows.serving(source, night)
    return row["trouble"] if row else None


def _rows(source: sa.Connection, table: sa.Table, run: Run, *where: sa.ColumnElement[bool]) -> list[Row]:
    within = table.c.known_at >= run.at, table.c.known_at < run.at + MOMENT
    query = sa.select(table).where(*within, *where).order_by(table.c.known_at, table.c.id)
    return [dict(row) for row in source.execute(query).mappings()]


def check_ids(source: sa.Connection) -> Iterator[Finding]:
    """The rows that are carried, or may be, and do not say what their id was made for."""
    for table, id_of in _IDS.items():
        for found in source.execute(sa.select(table)).mappings():
            row = dict(found)
            if row["id"] not in id_of(row):
                day = row.get("night") or paris_day(row["known_at"])
                yield Finding(day, 1, f"the row {row['id']} of {table.name} does not say what its id does.")


def _snapshot_ids(row: Row) -> tuple[str, ...]:
    names = ("service_id", "night", "asked_url", "hop", "answer", "url", "fetched_at", "status", "sha256")
    return (identity("snapshots", *(row[name] for name in names)),)


def _absence_ids(row: Row) -> tuple[str, ...]:
    return (identity("absences", row["night"], _without(row, "id", "night", "known_at")),)


def _extraction_ids(row: Row) -> tuple[str, ...]:
    return (identity("extractions", _without(row, "id", "known_at")),)


def _portfolio_ids(row: Row) -> tuple[str, ...]:
    return (identity("portfolios", row["known_at"], *_without(row, "id", "known_at").values()),)


_YOUNGER = ("anchor", "typed", "valid_until", "definition", "adds_to")
"""Columns that the first schema did not have: the ids of its rows were made without them."""


def _metric_ids(row: Row) -> tuple[str, ...]:
    said = _without(row, "id", "known_at")
    then = {} if any(row[name] for name in _YOUNGER) else _without(said, *_YOUNGER)
    return tuple(identity("metrics", row["known_at"], *each.values()) for each in (said, then))


def _told_ids(table: str) -> Callable[[Row], tuple[str, ...]]:
    """For a table of what a report says: its rows bear the moment, then all that they say."""
    return lambda row: (identity(table, row["known_at"], *_without(row, "id", "known_at").values()),)


def _without(row: Row, *names: str) -> Row:
    return {name: value for name, value in row.items() if name not in names}


_IDS: dict[sa.Table, Callable[[Row], tuple[str, ...]]] = {
    snapshots: _snapshot_ids,
    metrics: _metric_ids,
    absences: _absence_ids,
    extractions: _extraction_ids,
    portfolios: _portfolio_ids,
    reports: _told_ids("reports"),
    claims: _told_ids("claims"),
    claim_questions: _told_ids("claim_questions"),
}
"""How the ids of each table are made; more than one way where that changed."""
