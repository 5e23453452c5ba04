"""The archive: every exchange, byte for byte, in files that any WARC tool reads.

One file per night, ``<root>/<YYYY>/impact-<YYYY-MM-DD>.warc.gz``: WARC 1.1 (ISO 28500:2017),
one gzip member per record, so that a record is opened from its offset alone.  A file only
ever grows; what a killed run left behind its last record in the database is cut by ``trim``.
"""

import base64
import errno
import gzip
import hashlib
import os
import uuid
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime
from io import BytesIO
from pathlib import Path
from threading import Lock
from urllib.parse import urlsplit

from filelock import FileLock, Timeout
from warcio.archiveiterator import WARCIterator
from warcio.exceptions import ArchiveLoadFailed
from warcio.recordloader import ArcWarcRecord
from warcio.statusandheaders import StatusAndHeaders, StatusAndHeadersParserException
from warcio.warcwriter import WARCWriter

from connectors.fetching.encodings import DecodingError, decode
from connectors.snapshot import Snapshot
from warehouse.errors import (
    ArchiveBusy,
    ArchiveError,
    ArchiveFull,
    ArchiveUnwritable,
    BrokenArchive,
    Unstorable,
)

GZIP_LEVEL = 6
"""Half the time of level 9 for 2 % more bytes."""

LARGEST_CONTENT = 200_000_000
"""What a body may decode to when it is opened, in bytes: far above what the fetcher accepts."""

_WARC = "WARC/1.1"
_INFO = "software: impact-night\r\nformat: WARC File Format 1.1\r\n"

# Headers that describe the wire rather than the body we keep; and the prefix under which they are
# kept when they would mislead a reader of the stored body.
_FRAMING = frozenset({"transfer-encoding", "content-length"})
_ORIGINAL = "X-Archive-Orig-"

_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO})

Headers = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a response record stands: a file under the root (POSIX), and a span of bytes in it."""

    file: str
    offset: int
    length: int


class Archive:
    """The archive under ``root``; nothing is created before the first append.

    Appends from several threads are written one after the other.  Against a second process,
    hold ``lock``.
    """

    def __init__(self, root: Path) -> None:
        self._root = root
        self._writing = Lock()

    def append(self, night: date, snapshot: Snapshot) -> Place:
        """Keep one exchange; it is on the disk when this returns.

        Raises:
            Unstorable: the snapshot would not come back as it is.
            ArchiveFull: no room; the file is as it was before.
            ArchiveUnwritable: the file cannot be written at all.
        """
        return self.append_many(night, [snapshot])[0]

    def append_many(self, night: date, snapshots: Sequence[Snapshot]) -> list[Place]:
        """Keep several exchanges, all or none, with a single wait for the disk; raises as ``append``."""
        if not snapshots:
            return []
        # The request goes first: whatever ends at the end of a place is whole, for ``trim`` too.
        records = [(_request(snapshot), _response(snapshot)) for snapshot in snapshots]
        with self._writing:
            position = self.end(night)
            block = bytearray(b"" if position else _warcinfo(night, snapshots[0].at))
            places = []
            for request, response in records:
                block += request
                places.append(Place(self._name(night), position + len(block), len(response)))
                block += response
            self._write(self._path(night), position, block)
        return places

    def open(self, place: Place) -> Snapshot:
        """The exchange kept at ``place``, except for its request headers.

        Raises:
            BrokenArchive: nothing there, a torn record, or bytes that no longer match their digest.
        """
        try:
            record = gzip.decompress(self._bytes(place))
        except (EOFError, gzip.BadGzipFile, zlib.error) as error:
            raise BrokenArchive(f"{_at(place)}, the record is torn: {error}.") from error
        return _parsed(record, _at(place))

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
            _cut(self._path(night), end)
        except OSError as error:
            raise _refused(error, self._path(night)) from error
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
        _sync_folder(path.parent)

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
            raise _refused(error, self._path(night)) from error

    @contextmanager
    def lock(self, name: str = ".lock") -> Iterator[None]:
        """The right to write, for one process at a time; does not wait.

        Args:
            name: another name is another right, such as that to run a whole night.

        Raises:
            ArchiveBusy: another process has it.
            ArchiveUnwritable: the lock file cannot be made.
        """
        lock = FileLock(self._root / name, blocking=False)
        try:
            self._root.mkdir(parents=True, exist_ok=True)
            lock.acquire()
        except Timeout as error:
            raise ArchiveBusy(f"Another night is writing to the archive {self._root}.") from error
        except OSError as error:
            raise _refused(error, self._root) from error
        try:
            yield
        finally:
            lock.release()

    def _name(self, night: date) -> str:
        return f"{night:%Y}/impact-{night:%Y-%m-%d}.warc.gz"

    def _path(self, night: date) -> Path:
        return self._root / self._name(night)

    def _bytes(self, place: Place) -> bytes:
        try:
            with (self._root / place.file).open("rb") as file:
                file.seek(place.offset)
                data = file.read(place.length)
        except OSError as error:
            raise BrokenArchive(f"{_at(place)}, the archive cannot be read: {error.strerror}.") from error
        if len(data) < place.length:
            raise BrokenArchive(f"{_at(place)}, the file ends before the record does.")
        return data

    def _write(self, path: Path, position: int, block: bytearray) -> None:
        """Append ``block``, which starts at ``position``; on failure the file is as it was."""
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("ab") as file:
                file.write(block)
                file.flush()
                os.fsync(file.fileno())
            if not position:
                _sync_folder(path.parent)
        except OSError as error:
            with suppress(OSError):
                _cut(path, position)
            raise _refused(error, path) from error


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


def _cut(path: Path, end: int) -> None:
    if end == 0:
        path.unlink(missing_ok=True)
    else:
        os.truncate(path, end)


def _sync_folder(folder: Path) -> None:
    """A new file is only safe once the folder that names it is on the disk too."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _refused(error: OSError, path: Path) -> ArchiveError:
    if error.errno in _FULL:
        return ArchiveFull(
            f"The archive's disk is full or failing: {path} was left as it was ({error.strerror})."
        )
    return ArchiveUnwritable(f"The archive {path} cannot be written: {error.strerror}.")


def _at(place: Place) -> str:
    return f"In {place.file} at byte {place.offset}"


# From a snapshot to records.


def _response(snapshot: Snapshot) -> bytes:
    block = _block(snapshot)
    # Readers find a payload behind a head only under http(s); elsewhere the block is the payload.
    payload = snapshot.payload if _is_http(snapshot.url) else block
    member = _member(
        "response",
        snapshot.at,
        block,
        _record_id("response", snapshot),
        ("WARC-Target-URI", snapshot.url),
        ("WARC-Payload-Digest", _digest(payload)),
        ("Content-Type", "application/http; msgtype=response"),
    )
    _refuse_unfaithful(snapshot, member)
    return member


def _request(snapshot: Snapshot) -> bytes:
    """The request's record; none for a body that was not asked for over HTTP."""
    if not snapshot.request_headers:
        return b""
    parts = urlsplit(snapshot.url)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    head = _head(f"GET {path} HTTP/1.1", snapshot.request_headers)
    return _member(
        "request",
        snapshot.at,
        head,
        _record_id("request", snapshot),
        ("WARC-Concurrent-To", _record_id("response", snapshot)),
        ("WARC-Target-URI", snapshot.url),
        ("WARC-Payload-Digest", _digest(b"" if _is_http(snapshot.url) else head)),
        ("Content-Type", "application/http; msgtype=request"),
    )


def _warcinfo(night: date, at: datetime) -> bytes:
    name = f"impact-{night:%Y-%m-%d}.warc.gz"
    return _member(
        "warcinfo",
        at,
        _INFO.encode(),
        _urn(name),
        ("WARC-Filename", name),
        ("Content-Type", "application/warc-fields"),
    )


def _member(kind: str, at: datetime, block: bytes, record_id: str, *fields: tuple[str, str]) -> bytes:
    """One record as one gzip member.

    warcio lays the record out, but the block and the digests are ours: its own writer re-encodes
    headers that are not ASCII, and compresses at level 9 only.
    """
    head = [
        ("WARC-Type", kind),
        ("WARC-Record-ID", record_id),
        ("WARC-Date", f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%S.%fZ}"),
        *fields,
        ("WARC-Block-Digest", _digest(block)),
    ]
    headers = StatusAndHeaders("", head, protocol=_WARC)
    record = ArcWarcRecord("warc", kind, headers, BytesIO(block), None, None, len(block))
    out = BytesIO()
    WARCWriter(out, gzip=False, warc_version=_WARC).write_record(record)
    return gzip.compress(out.getvalue(), GZIP_LEVEL, mtime=0)


def _block(snapshot: Snapshot) -> bytes:
    status = f"HTTP/1.1 {snapshot.status} {snapshot.reason}"
    return _head(status, _stored(snapshot.headers, len(snapshot.payload))) + snapshot.payload


def _head(first: str, headers: Headers) -> bytes:
    """A head as on the wire: Latin-1 gives every byte back as it came."""
    lines = [first, *(f"{name}: {value}" for name, value in headers)]
    try:
        return "\r\n".join([*lines, "", ""]).encode("latin-1")
    except UnicodeEncodeError as error:
        raise Unstorable(f"A header holds {error.object[error.start]!r}, which HTTP cannot carry.") from error


def _stored(headers: Headers, size: int) -> Headers:
    """``headers`` such that they are true of the stored body.

    The body has no transfer encoding any more.  If a header says otherwise, or gives another length,
    such headers are set aside under a prefix and the true length is added at the end.
    """
    if all(_tells_true(name, value, size) for name, value in headers):
        return headers
    aside = (*_FRAMING, _ORIGINAL.lower())
    kept = ((_ORIGINAL + name if name.lower().startswith(aside) else name, value) for name, value in headers)
    return (*kept, ("Content-Length", str(size)))


def _tells_true(name: str, value: str, size: int) -> bool:
    lower = name.lower()
    if lower == "content-length":
        return value == str(size)
    return lower != "transfer-encoding" and not lower.startswith(_ORIGINAL.lower())


def _original(headers: Headers) -> Headers:
    """The headers as received: the reverse of ``_stored``."""
    if not any(name.startswith(_ORIGINAL) for name, _ in headers):
        return headers
    return tuple((name.removeprefix(_ORIGINAL), value) for name, value in headers[:-1])


def _refuse_unfaithful(snapshot: Snapshot, member: bytes) -> None:
    """An archive that gives back something else is worse than none: read before writing."""
    try:
        kept = _parsed(gzip.decompress(member), snapshot.url)
    except BrokenArchive as error:
        raise Unstorable(f"{snapshot.url} cannot be kept: {error}") from error
    for name in ("url", "at", "status", "reason", "headers", "payload", "content"):
        if getattr(kept, name) != getattr(snapshot, name):
            raise Unstorable(f"{snapshot.url} cannot be kept: its {name} would not come back as it is.")


# From a record to a snapshot.


def _parsed(record: bytes, where: str) -> Snapshot:
    """The snapshot in an uncompressed response record.

    Raises:
        BrokenArchive: it is not such a record, or not the one that its digest was made for.
    """
    try:
        fields, block = _unwrapped(record)
        if fields.get_header("WARC-Block-Digest") != _digest(block):
            raise BrokenArchive(f"{where}, the bytes do not match their digest.")
        head, _, payload = block.partition(b"\r\n\r\n")
        status, reason, headers = _parsed_head(head)
        return Snapshot(
            url=fields.get_header("WARC-Target-URI"),
            at=datetime.fromisoformat(fields.get_header("WARC-Date")),
            status=status,
            reason=reason,
            request_headers=(),
            headers=headers,
            payload=payload,
            content=decode(payload, headers, LARGEST_CONTENT),
        )
    except (ArchiveLoadFailed, StatusAndHeadersParserException, StopIteration) as error:
        raise BrokenArchive(f"{where}, there is no WARC record.") from error
    except DecodingError as error:
        raise BrokenArchive(f"{where}, the body {error}.") from error
    except (ValueError, TypeError) as error:
        raise BrokenArchive(f"{where}, there is no HTTP response.") from error


def _unwrapped(record: bytes) -> tuple[StatusAndHeaders, bytes]:
    """The WARC fields and the block of one record, the HTTP head untouched."""
    warc = next(WARCIterator(BytesIO(record), no_record_parse=True))
    return warc.rec_headers, warc.raw_stream.read()


def _parsed_head(head: bytes) -> tuple[int, str, Headers]:
    first, *lines = head.decode("latin-1").split("\r\n")
    _, status, reason = first.split(" ", 2)
    pairs = (line.partition(": ") for line in lines)
    return int(status), reason, _original(tuple((name, value) for name, _, value in pairs))


def _is_http(url: str) -> bool:
    return url.startswith(("http:", "https:"))


def _digest(data: bytes) -> str:
    return f"sha256:{base64.b32encode(hashlib.sha256(data).digest()).decode()}"


def _record_id(kind: str, snapshot: Snapshot) -> str:
    """The same exchange has the same id wherever and whenever it is written."""
    return _urn(
        f"{kind} {snapshot.url} {snapshot.at.astimezone(UTC).isoformat()} {_digest(snapshot.payload)}"
    )


def _urn(name: str) -> str:
    return f"<urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, name)}>"
