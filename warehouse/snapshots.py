"""Snapshots: each exchange of a night, bytes in the archive first, then its row.

The order matters: a run killed between the two leaves bytes without a row, which the
next run cuts off (``clear_torn_tail``), and never a row without bytes.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from connectors.extraction import Document
from connectors.secrets import safe_address
from connectors.snapshot import Snapshot
from warehouse import seals
from warehouse.archive import Archive, Place
from warehouse.history import Row, add_new, identity
from warehouse.night import Night
from warehouse.tables import reports, snapshots


@dataclass(frozen=True, slots=True)
class Visit:
    """All exchanges that one address led to, in order; ``service_id`` is None for the portfolio.

    ``secrets`` are the words that opened it and that no rule would know as such.
    """

    service_id: str | None
    asked_url: str
    hops: tuple[Snapshot, ...]
    secrets: tuple[str, ...] = ()

    def to_be_kept(self) -> "Visit":
        """The same without secrets: neither archive nor table has any but those that a body publishes."""
        hops = tuple(hop.without_secrets(self.secrets) for hop in self.hops)
        return Visit(self.service_id, safe_address(self.asked_url, self.secrets), hops)


def clear_torn_tail(connection: sa.Connection, archive: Archive, day: date) -> int:
    """Cut from the night's file what a killed run wrote and never recorded; return the bytes cut.

    What is sealed stays, even when another database recorded it.
    """
    if archive.end(day) <= (recorded := seals.recorded(connection, day)):
        return 0
    return archive.trim(day, max(recorded, seals.sealed(archive, day)))


def keep(connection: sa.Connection, archive: Archive, night: Night, visits: Sequence[Visit]) -> int:
    """Archive the exchanges that are new and record them; return how many were."""
    rows = {row["id"]: (row, hop) for visit in visits for row, hop in _rows(night, visit.to_be_kept())}
    known = connection.scalars(sa.select(snapshots.c.id).where(snapshots.c.id.in_(list(rows))))
    new = [rows[key] for key in rows.keys() - set(known)]
    new.sort(key=lambda pair: (pair[0]["service_id"] or "", pair[0]["asked_url"], pair[0]["hop"]))
    before = [_kept_before(connection, row) for row, _ in new]
    places = archive.append_many(night.day, [hop for _, hop in new], before)
    return add_new(
        connection, snapshots, [row | _placed(place) for (row, _), place in zip(new, places, strict=True)]
    )


def _kept_before(connection: sa.Connection, row: Row) -> Place | None:
    """Where the last night before holds what is likely the same body, of the same address.

    Not the night itself: the order in which its answers come must decide nothing.
    """
    query = (
        sa.select(snapshots)
        .where(
            snapshots.c.sha256 == row["sha256"],
            snapshots.c.url == row["url"],
            snapshots.c.night < row["night"],
        )
        .order_by(snapshots.c.night.desc(), snapshots.c.fetched_at.desc(), snapshots.c.id)
        .limit(1)
    )
    kept = connection.execute(query).mappings().first()
    return place_of(dict(kept)) if kept else None


def _rows(night: Night, visit: Visit) -> list[tuple[Row, Snapshot]]:
    last = len(visit.hops) - 1
    return [(_row(night, visit, number, hop, number == last), hop) for number, hop in enumerate(visit.hops)]


def _row(night: Night, visit: Visit, number: int, hop: Snapshot, answer: bool) -> Row:
    place = (visit.service_id, night.day, visit.asked_url, number, answer)
    return {
        "id": identity("snapshots", *place, hop.url, hop.at, hop.status, hop.sha256),
        "service_id": visit.service_id,
        "night": night.day,
        "asked_url": visit.asked_url,
        "hop": number,
        "answer": answer,
        "url": hop.url,
        "fetched_at": hop.at,
        "status": hop.status,
        "content_type": hop.content_type,
        "bytes": len(hop.content),
        "sha256": hop.sha256,
        "known_at": night.at,
    }


def _placed(place: Place) -> Row:
    return {"warc_file": place.file, "warc_offset": place.offset, "warc_length": place.length}


def place_of(row: Row) -> Place:
    """Where the bytes of a row of ``snapshots`` are."""
    return Place(row["warc_file"], row["warc_offset"], row["warc_length"])


def answers(connection: sa.Connection, day: date) -> dict[tuple[str | None, str], Row]:
    """The good answers that a night already has: these are not fetched again.

    Returns:
        Rows by service and address asked, the address as it is kept (``connectors.secrets.safe_address``).
    """
    query = (
        sa.select(snapshots)
        .where(snapshots.c.night == day, snapshots.c.answer, snapshots.c.status < 300)
        .order_by(snapshots.c.fetched_at, snapshots.c.id)
    )
    return {(row["service_id"], row["asked_url"]): dict(row) for row in connection.execute(query).mappings()}


def night_after(connection: sa.Connection, day: date) -> date | None:
    """The first night after a day on which a page was seen."""
    query = sa.select(sa.func.min(snapshots.c.night)).where(
        snapshots.c.night > day, snapshots.c.service_id.is_not(None)
    )
    after: date | None = connection.scalar(query)
    return after


def night_before(connection: sa.Connection, day: date) -> date | None:
    """The last night before a day on which a page was seen."""
    query = sa.select(sa.func.max(snapshots.c.night)).where(
        snapshots.c.night < day, snapshots.c.service_id.is_not(None)
    )
    before: date | None = connection.scalar(query)
    return before


def portfolios_kept(connection: sa.Connection, night: Night) -> Iterator[Row]:
    """The portfolio's good answers up to this night, newest first, each looked for when asked for."""
    query = (
        sa.select(snapshots)
        .where(
            snapshots.c.service_id.is_(None),
            snapshots.c.answer,
            snapshots.c.status < 300,
            snapshots.c.night <= night.day,
            snapshots.c.sha256.not_in(sa.select(reports.c.sha256)),
        )
        .order_by(snapshots.c.night.desc(), snapshots.c.fetched_at.desc(), snapshots.c.id)
        .limit(1)
    )
    passed = 0
    while found := connection.execute(query.offset(passed)).mappings().first():
        yield dict(found)
        passed += 1


def document(url: str, snapshot: Snapshot) -> Document:
    """A body to be read, under the address that was asked for."""
    return Document(
        url,
        snapshot.content_type,
        snapshot.content,
        snapshot.sha256,
        snapshot.url,
        snapshot.status,
        snapshot.unframed,
    )
