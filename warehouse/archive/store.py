"""The archive itself: exchanges go in, and come back as they were."""

import hashlib
import os
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import date
from pathlib import Path
from threading import Lock

from filelock import FileLock, Timeout

from connectors.snapshot import Snapshot
from warehouse.archive import cdxj, disk, writing
from warehouse.archive.place import Place, night_of, warc_of
from warehouse.archive.reading import Record, snapshot_of, unpacked
from warehouse.archive.writing import Original
from warehouse.errors import ArchiveBusy, BrokenArchive, Unstorable


class Archive:
    """The archive under ``root``; nothing is created before the first append.

    Appends from several threads are written one after the other.  Against a second process,
    hold ``lock``.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self._writing = Lock()
        self._index = cdxj.Index(root)

    def append(self, night: date, snapshot: Snapshot, before: Place | None = None) -> Place:
        """Keep one exchange; it is on the disk when this returns.

        Args:
            night: whose file it goes to.
            snapshot: the exchange.
            before: where an earlier night may hold the same body of the same address.

        Raises:
            Unstorable: the snapshot would not come back as it is.
            ArchiveFull: no room; the file is as it was before.
            ArchiveUnwritable: the file cannot be written at all.
        """
        return self.append_many(night, [snapshot], [before])[0]

    def append_many(
        self, night: date, snapshots: Sequence[Snapshot], before: Sequence[Place | None] = ()
    ) -> list[Place]:
        """Keep several exchanges, all or none, with a single wait for the disk; see ``append``."""
        if not snapshots:
            return []
        known = before or [None] * len(snapshots)
        # The request goes first: whatever ends at the end of a place is whole, for ``trim`` too.
        records = [self._records(each, place) for each, place in zip(snapshots, known, strict=True)]
        with self._writing:
            position = self.end(night)
            block = bytearray(b"" if position else writing.warcinfo(night, snapshots[0].at))
            places = []
            for request, response in records:
                block += request
                places.append(Place(warc_of(night), position + len(block), len(response)))
                block += response
            disk.append(self._path(night), position, block)
        return places

    def _records(self, snapshot: Snapshot, before: Place | None) -> tuple[bytes, bytes]:
        original = self._repeated(snapshot, before) if before else None
        response = writing.response(snapshot, original)
        _refuse_unfaithful(snapshot, response, repeats=original is not None)
        return writing.request(snapshot, "revisit" if original else "response"), response

    def _repeated(self, snapshot: Snapshot, before: Place) -> Original | None:
        """The record that holds this very body already; one that cannot be read repeats nothing."""
        if not snapshot.payload or not writing.is_http(snapshot.url):
            return None
        with suppress(BrokenArchive):
            record = self.record(before)
            if record.url == snapshot.url and self._payload(record) == snapshot.payload:
                if record.kind == "revisit":
                    return record.original
                name = before.file.rpartition("/")[2]
                return Original(name, record.id, record.url, record.field("WARC-Date"))
        return None

    def open(self, place: Place) -> Snapshot:
        """The exchange kept at ``place``, except for its request headers.

        Raises:
            BrokenArchive: nothing there, a torn record, bytes that no longer match their digest, or
                a body that the record it is in no longer gives.
        """
        return self.snapshot(self.record(place))

    def snapshot(self, record: Record) -> Snapshot:
        """The exchange in a ``response`` or ``revisit`` record; raises as ``open``."""
        return snapshot_of(record, self._payload(record))

    def record(self, place: Place) -> Record:
        """The record at ``place``; raises as ``open``."""
        return unpacked(self._bytes(place), str(place))

    def _payload(self, record: Record) -> bytes:
        return record.payload if record.kind != "revisit" else self._original(record).payload

    def _original(self, revisit: Record) -> Record:
        """The record that holds the body of a revisit."""
        original = revisit.original
        night = night_of(original.filename)
        if night is None:
            raise BrokenArchive(f"In {revisit.where}, the body is in no file of ours: {original.filename!r}.")
        try:
            found = self.record(self._index.find(warc_of(night), original.record_id))
        except BrokenArchive as error:
            self._index.forget(warc_of(night))
            raise BrokenArchive(f"In {revisit.where}, the body is that of another record. {error}") from error
        if (found.kind, found.id) != ("response", original.record_id):
            self._index.forget(warc_of(night))
            raise BrokenArchive(f"In {revisit.where}, the body is in a record that is not at {found.where}.")
        return found

    def nights(self) -> list[date]:
        """The nights that have a file, oldest first."""
        found = (night_of(path.name) for path in self.root.glob("[0-9]*/impact-*.warc.gz"))
        return sorted(night for night in found if night)

    def write_index(self, night: date, end: int) -> None:
        """Put the index of a night's file, up to the byte ``end``, beside it.

        Raises:
            BrokenArchive: the file cannot be read so far.
            ArchiveFull, ArchiveUnwritable: the index cannot be written.
        """
        cdxj.write(self.root, warc_of(night), end)

    def trim(self, night: date, end: int) -> int:
        """Cut whatever stands after the byte ``end`` of the night's file; the number of bytes cut.

        ``end=0`` removes the file.  Whole records are first copied into a file of their own beside
        it (``….aside-<hash>.warc.gz``): they may be the proof of another database.

        Raises:
            ArchiveFull, ArchiveUnwritable: the file cannot be changed.
        """
        size = self.end(night)
        if size <= end:
            return 0
        try:
            self._set_aside(night, end)
            disk.cut(self._path(night), end)
        except OSError as error:
            raise disk.refused(error, self._path(night)) from error
        return size - end

    def _set_aside(self, night: date, end: int) -> None:
        path = self._path(night)
        with path.open("rb") as file:
            file.seek(end)
            tail = file.read()
        if not _holds_a_record(tail if end else _after_first_member(tail)):
            return
        name = f"{path.name.removesuffix('.warc.gz')}.aside-{hashlib.sha256(tail).hexdigest()[:12]}.warc.gz"
        with path.with_name(name).open("wb") as file:
            file.write(tail)
            file.flush()
            os.fsync(file.fileno())
        disk.sync(path.parent)

    def end(self, night: date) -> int:
        """Size in bytes of the night's file, 0 if there is none.

        Raises:
            ArchiveUnwritable: its folder is closed to us.
        """
        try:
            return self._path(night).stat().st_size
        except (FileNotFoundError, NotADirectoryError):
            return 0
        except OSError as error:
            raise disk.refused(error, self._path(night)) from error

    @contextmanager
    def lock(self, name: str = ".lock") -> Iterator[None]:
        """The right to write, for one process at a time; does not wait.

        Args:
            name: another name is another right, such as that to run a whole night.

        Raises:
            ArchiveBusy: another process has it.
            ArchiveUnwritable: the lock file cannot be made.
        """
        lock = FileLock(self.root / name, blocking=False)
        try:
            self.root.mkdir(parents=True, exist_ok=True)
            lock.acquire()
        except Timeout as error:
            raise ArchiveBusy(f"Another night is writing to the archive {self.root}.") from error
        except OSError as error:
            raise disk.refused(error, self.root) from error
        try:
            yield
        finally:
            lock.release()

    def _path(self, night: date) -> Path:
        return self.root / warc_of(night)

    def _bytes(self, place: Place) -> bytes:
        try:
            with (self.root / place.file).open("rb") as file:
                file.seek(place.offset)
                data = file.read(place.length)
        except OSError as error:
            raise BrokenArchive(f"In {place}, the archive cannot be read: {error.strerror}.") from error
        if len(data) < place.length:
            raise BrokenArchive(f"In {place}, the file ends before the record does.")
        return data


def _refuse_unfaithful(snapshot: Snapshot, member: bytes, *, repeats: bool) -> None:
    """An archive that gives back something else is worse than none: read before writing."""
    try:
        record = unpacked(member, snapshot.url)
        kept = snapshot_of(record, snapshot.payload if repeats else record.payload)
    except BrokenArchive as error:
        raise Unstorable(f"{snapshot.url} cannot be kept: {error}") from error
    for name in ("url", "at", "status", "reason", "headers", "payload", "content"):
        if getattr(kept, name) != getattr(snapshot, name):
            raise Unstorable(f"{snapshot.url} cannot be kept: its {name} would not come back as it is.")


def _holds_a_record(tail: bytes) -> bool:
    """True when at least one gzip member of ``tail``, which begins with one, is whole."""
    member = zlib.decompressobj(wbits=31)
    with suppress(zlib.error):
        member.decompress(tail)
    return member.eof


def _after_first_member(tail: bytes) -> bytes:
    """What follows the ``warcinfo`` that begins a file."""
    member = zlib.decompressobj(wbits=31)
    with suppress(zlib.error):
        member.decompress(tail)
    return member.unused_data
