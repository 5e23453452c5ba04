"""Exchanges: every record of the archive hashed again, and each row of ``snapshots`` beside its record."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime

import sqlalchemy as sa

from connectors.snapshot import Snapshot
from warehouse.archive import Archive, Place, cdxj
from warehouse.archive.place import beside, night_of, warc_of
from warehouse.archive.reading import Record
from warehouse.archive.walk import records
from warehouse.errors import BrokenArchive
from warehouse.history import Row
from warehouse.snapshots import place_of
from warehouse.tables import seals, snapshots
from warehouse.verification.finding import Finding

Exchange = tuple[str, datetime, str]
"""What an exchange is: its address, its moment, the SHA-256 of its body."""


@dataclass(slots=True)
class Checked:
    """What the archive holds: for each sound row of ``snapshots`` its place, and how many records in all."""

    places: dict[str, Place] = field(default_factory=dict)
    records: int = 0
    findings: list[Finding] = field(default_factory=list)


def check(connection: sa.Connection, archive: Archive) -> Checked:
    """Open every record of every night, and lay the rows beside them."""
    checked = Checked()
    nights = set(archive.nights()) | set(connection.scalars(sa.select(snapshots.c.night).distinct()))
    for night in sorted(nights):
        query = sa.select(snapshots).where(snapshots.c.night == night)
        rows = [dict(row) for row in connection.execute(query.order_by(snapshots.c.warc_offset)).mappings()]
        sealed = connection.scalar(sa.select(sa.func.max(seals.c.warc_bytes)).where(seals.c.night == night))
        _Night(archive, night, checked).check(rows, sealed or 0)
    return checked


class _Night:
    """The file of one night, as it is checked."""

    def __init__(self, archive: Archive, night: date, checked: Checked) -> None:
        self.archive = archive
        self.night = night
        self.checked = checked
        self.found: dict[Exchange, list[Place]] = defaultdict(list)
        self.types: dict[Place, tuple[int, str, int]] = {}
        self.lines: dict[str, int] = {}
        """The lines of the true index, each with the byte at which its record ends."""

    def check(self, rows: list[Row], sealed: int) -> None:
        sound = self._walk(max((row["warc_offset"] + row["warc_length"] for row in rows), default=None))
        for row in rows:
            self._row(row)
        for places in self.found.values():
            for place in places:
                self._say(f"the database does not know the exchange in {place}.")
        if sound:
            self._index(sealed)

    def _say(self, sentence: str) -> None:
        self.checked.findings.append(Finding(self.night, 1, sentence))

    def _walk(self, end: int | None) -> bool:
        """Every record up to the last that a row knows; after one that is torn, each row is tried alone.

        What follows the last row is nobody's: a killed run left it.
        """
        file = warc_of(self.night)
        try:
            for number, (place, record) in enumerate(records(self.archive.root, file, end)):
                self.checked.records += 1
                if not number:
                    self._name(record)
                self._exchange(place, record)
        except BrokenArchive as error:
            self._say(str(error))
            return False
        return True

    def _name(self, first: Record) -> None:
        """A file that bears another night's name inside is that night's."""
        inside = night_of(first.field("WARC-Filename"))
        if inside and inside != self.night:
            self._say(f"{warc_of(self.night)} holds the file of the night of {inside}.")

    def _exchange(self, place: Place, record: Record) -> None:
        if record.kind in ("response", "revisit"):
            self.lines[cdxj.line(place, record)] = place.offset + place.length
            try:
                self._found(place, self.archive.snapshot(record))
            except BrokenArchive as error:
                self._say(str(error))

    def _found(self, place: Place, snapshot: Snapshot) -> None:
        self.found[snapshot.url, snapshot.at, snapshot.sha256].append(place)
        self.types[place] = (snapshot.status, snapshot.content_type, len(snapshot.content))

    def _row(self, row: Row) -> None:
        """A row has its record where it says, or else elsewhere, or else nowhere."""
        place = place_of(row)
        at = self.found.get((row["url"], row["fetched_at"], row["sha256"]), [])
        if place not in at and place not in self.types:
            at += self._alone(row, place)
        if not at:
            self._say(
                f"the exchange with {row['url']} of {row['fetched_at']:%Y-%m-%d %H:%M:%S} UTC is not in "
                f"{row['warc_file']} (byte {row['warc_offset']}, row {row['id']} of snapshots)."
            )
            return
        there = place if place in at else at[0]
        at.remove(there)
        if not at:
            self.found.pop((row["url"], row["fetched_at"], row["sha256"]), None)
        if there != place:
            self._say(f"the row {row['id']} of snapshots says {place}; its exchange is in {there}.")
        if self.types[there] != (row["status"], row["content_type"], row["bytes"]):
            self._say(f"the row {row['id']} of snapshots is not what the record in {there} says.")
        self.checked.places[row["id"]] = there

    def _alone(self, row: Row, place: Place) -> Iterator[Place]:
        """The place of a row, when its record can be opened there though the file is torn before it."""
        try:
            snapshot = self.archive.open(place)
        except BrokenArchive:
            return
        if (snapshot.url, snapshot.at, snapshot.sha256) == (row["url"], row["fetched_at"], row["sha256"]):
            self.types[place] = (snapshot.status, snapshot.content_type, len(snapshot.content))
            yield place

    def _index(self, sealed: int) -> None:
        """The index has a line for each record that is sealed; it may lack those that came after."""
        said = cdxj.told(self.archive.root, warc_of(self.night))
        due = {line for line, end in self.lines.items() if end <= sealed}
        if not due <= said <= self.lines.keys():
            self._say(
                f"{beside(warc_of(self.night), 'cdxj')} is not the index of its file: "
                "no figure rests on it, tools that replay web archives do."
            )
