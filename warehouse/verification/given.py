"""What no archive can give again, carried from the database as it is: each row must say what its id says.

The rows of ``snapshots`` (their bytes are checked elsewhere), what the service files declared, why an
address gave nothing, and what persons decided.
"""

from collections.abc import Callable, Iterator, Mapping

import sqlalchemy as sa

from warehouse import portfolios as portfolio_rows
from warehouse.archive import Place
from warehouse.derived.incidents import About, Mender, Patch
from warehouse.history import Row, add_new, at_moment, identity
from warehouse.night import Night, paris_day
from warehouse.tables import (
    absences,
    candidates,
    claim_decisions,
    confirmations,
    extractions,
    incidents,
    metrics,
    nights,
    portfolios,
    reports,
    snapshots,
    unconfigured,
)
from warehouse.verification.finding import Finding
from warehouse.verification.runs import Run

TAKEN = (metrics, claim_decisions, confirmations)
"""What no archive gives: what the service files said, what persons decided, when nothing had changed."""

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
    add_new(fresh, metrics, told(source, metrics, run))
    no_report = sa.or_(snapshots.c.service_id.is_not(None), snapshots.c.sha256.not_in(run.reports))
    carry_exchanges(source, fresh, run, places, no_report)
    return add_new(fresh, absences, list(unread_absences(source, run)))


def carry_exchanges(
    source: sa.Connection,
    fresh: sa.Connection,
    run: Run,
    places: Mapping[str, Place],
    which: sa.ColumnElement[bool],
) -> None:
    """Tell the fresh database of exchanges of a run, each where its record really is."""
    rows = told(source, snapshots, run, which)
    add_new(fresh, snapshots, [row | _placed(places.get(row["id"])) for row in rows])


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
    yield from told(source, absences, run, on_the_way)


def extracted(source: sa.Connection, run: Run) -> list[Row]:
    """The extractions of a run."""
    return told(source, extractions, run)


def read_then(source: sa.Connection, run: Run) -> set[str]:
    """The services whose pages a run read, as far as that left anything."""
    return {row["service_id"] for table in (extractions, absences) for row in told(source, table, run)}


def carry_closing(source: sa.Connection, fresh: sa.Connection, run: Run) -> bool:
    """Take what a run said of its night as a whole as it is; return whether that blocked publication."""
    rows = told(source, nights, run)
    fresh.execute(sa.delete(nights).where(at_moment(nights.c.known_at, run.at)))
    add_new(fresh, nights, rows)
    return any(row["state"] == "blocked" for row in rows)


def trouble(source: sa.Connection, night: Night) -> str | None:
    """Why the portfolio could not be brought that night, as it was told then; None when it could."""
    row = portfolio_rows.serving(source, night)
    return row["trouble"] if row else None


def told(source: sa.Connection, table: sa.Table, run: Run, *where: sa.ColumnElement[bool]) -> list[Row]:
    """The rows of a table that a run told, in the order in which it did."""
    query = (
        sa.select(table)
        .where(at_moment(table.c.known_at, run.at), *where)
        .order_by(table.c.known_at, table.c.id)
    )
    return [dict(row) for row in source.execute(query).mappings()]


def proposed(source: sa.Connection, run: Run) -> Mender:
    """The mends of service files that a run proposed, as it did: they rest on the files of that day.

    The row that bears one must still be true to its id.
    """
    known = {
        _about(row): Patch(row["mend"], row["patch"]) for row in told(source, incidents, run) if row["mend"]
    }
    return lambda trouble: known.get((trouble.service_id, trouble.page_url, trouble.metric_id, trouble.kind))


def _about(row: Row) -> About:
    return row["service_id"], row["page_url"], row["metric_id"], row["kind"]


def taken(source: sa.Connection) -> dict[str, int]:
    """By table, how many rows are the word of the database alone: only their ids speak for them."""
    count = sa.select(sa.func.count())
    return {table.name: source.scalar(count.select_from(table)) or 0 for table in TAKEN}


def check_ids(source: sa.Connection) -> Iterator[Finding]:
    """The rows that are carried, or may be, and do not say what their id was made for."""
    for table, id_of in _IDS.items():
        for found in source.execute(sa.select(table)).mappings():
            row = dict(found)
            if row["id"] not in id_of(row):
                day = row.get("night") or paris_day(row["known_at"])
                yield Finding(day, 2, f"the row {row['id']} of {table.name} does not say what its id does.")


def _snapshot_ids(row: Row) -> tuple[str, ...]:
    names = ("service_id", "night", "asked_url", "hop", "answer", "url", "fetched_at", "status", "sha256")
    return (identity("snapshots", *(row[name] for name in names)),)


def _absence_ids(row: Row) -> tuple[str, ...]:
    return (identity("absences", row["night"], _without(row, "id", "night", "known_at")),)


def _extraction_ids(row: Row) -> tuple[str, ...]:
    return (identity("extractions", _without(row, "id", "known_at")),)


_YOUNGER = ("anchor", "typed", "valid_until", "definition", "adds_to")
"""Columns that the first schema did not have: the ids of its rows were made without them."""


def _metric_ids(row: Row) -> tuple[str, ...]:
    said = _without(row, "id", "known_at")
    then = {} if any(row[name] for name in _YOUNGER) else _without(said, *_YOUNGER)
    return tuple(identity("metrics", row["known_at"], *each.values()) for each in (said, then))


def _confirmation_ids(row: Row) -> tuple[str, ...]:
    return (identity("confirmations", *_without(row, "id").values()),)


def _ids_of(table: sa.Table) -> Callable[[Row], tuple[str, ...]]:
    """Of a table whose rows follow one another: the moment, and all that is said."""
    return lambda row: (identity(table.name, row["known_at"], *_without(row, "id", "known_at").values()),)


def _without(row: Row, *names: str) -> Row:
    return {name: value for name, value in row.items() if name not in names}


_IDS: dict[sa.Table, Callable[[Row], tuple[str, ...]]] = {
    snapshots: _snapshot_ids,
    metrics: _metric_ids,
    absences: _absence_ids,
    extractions: _extraction_ids,
    portfolios: _ids_of(portfolios),
    claim_decisions: _ids_of(claim_decisions),
    confirmations: _confirmation_ids,
    reports: _ids_of(reports),
    unconfigured: _ids_of(unconfigured),
    candidates: _ids_of(candidates),
}
"""How the ids of each table are made; more than one way where that changed."""
