"""Foreign WARC files: captures made by any tool become snapshots of their own date.

A file is checked whole before any of it is used: one torn or altered record, and nothing of
it can be trusted.  WARC 1.0 and 1.1 (ISO 28500), gzip or not.  What warcio would pass over
with a warning (a torn member, a wrong length) is refused here with the record's offset.
"""

import base64
import hashlib
import re
import tempfile
import zlib
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from io import BytesIO
from operator import itemgetter
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

import sqlalchemy as sa
from warcio.bufferedreaders import ChunkedDataException, ChunkedDataReader
from warcio.recordloader import ArcWarcRecordLoader
from warcio.statusandheaders import (
    StatusAndHeaders,
    StatusAndHeadersParser,
    StatusAndHeadersParserException,
)

from connectors.fetching.encodings import DecodingError, decode
from connectors.secrets import safe_address
from connectors.snapshot import Snapshot
from warehouse.archive import LARGEST_CONTENT, Archive
from warehouse.errors import BrokenArchive, MalformedWarc, Unstorable
from warehouse.snapshots import place_of
from warehouse.tables import snapshots

LARGEST_FILE = 20_000_000_000
"""What a gzip file may expand to, in bytes, on the disk of temporary files."""

_LARGEST_HEAD = 1 << 16
_CHUNK = 1 << 16
"""Compressed bytes expanded at once: gzip gives at most a thousand times as many."""

_CAPTURES = frozenset({"response", "resource", "revisit"})
_END_OF_HEAD = re.compile(rb"\r?\n\r?\n")
_CHUNK_SIZE = re.compile(rb"[0-9A-Fa-f]+[ \t]*(;[^\r\n]*)?\r\n")
_ALGORITHMS = frozenset({"md5", "sha1", "sha256", "sha384", "sha512"})
_SECOND = timedelta(seconds=1)
_LOOKED_AT = 50
"""Kept exchanges of one address that are opened in search of what a revisit refers to."""

Headers = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Capture:
    """Where one exchange stands in a foreign file, light enough to hold them all.

    ``offset`` is that of the record in the file, or of the gzip member it is in.  ``digest`` is the
    payload's, as the file labels it (``sha1:…``).  The ``refers_…`` of a revisit say what it repeats.
    """

    file: Path
    offset: int
    position: int
    kind: str
    url: str
    at: datetime
    record_id: str
    digest: str | None
    truncated: bool
    refers_id: str | None = None
    refers_url: str | None = None
    refers_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class _Record:
    """One record: where it is, its fields, and where its block is, in the expanded file."""

    offset: int
    position: int
    fields: StatusAndHeaders
    start: int
    length: int

    def field(self, name: str) -> str | None:
        value: str | None = self.fields.get_header(name)
        return value.strip() if value else None


class WarcFile:
    """One foreign file, checked whole when it is opened; a context manager.

    Attributes:
        path: the file.
        records: how many records it holds, of every kind.
        captures: its exchanges over http and https, in the order of the file.

    Raises:
        MalformedWarc: on opening, with the offset of the record at fault.
        OSError: the file cannot be read.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.records = 0
        self.captures: tuple[Capture, ...] = ()
        with ExitStack() as opened:
            self._plain, self._members = _opened(path, opened)
            self._size = self._plain.seek(0, 2)
            self.captures = tuple(self._checked())
            self._opened = opened.pop_all()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._opened.close()

    def load(self, capture: Capture) -> Snapshot:
        """The exchange of a ``response`` or ``resource`` record of this file.

        Raises:
            Unstorable: it is no HTTP exchange, or its body is cut or not what its headers say.
        """
        record = self._record(capture.position)
        if capture.truncated:
            raise Unstorable("the tool that captured it kept a part only")
        if record.length > LARGEST_CONTENT:
            raise Unstorable(f"it is larger than {LARGEST_CONTENT:,} bytes")
        block = self._block(record)
        if capture.kind == "resource":
            return _from_resource(capture, record.field("Content-Type") or "", block)
        return _from_response(capture, block)

    def _checked(self) -> Iterator[Capture]:
        position = 0
        while position < self._size:
            record = self._record(position)
            if record.length <= LARGEST_CONTENT:
                self._check_digests(record, self._block(record))
            position = self._after(record)
            self.records += 1
            if record.field("WARC-Type") in _CAPTURES and _is_http(_url(record)):
                yield self._capture(record)
        if not self.records:
            raise MalformedWarc(self.path, 0, "there is no record")

    def _record(self, position: int) -> _Record:
        self._plain.seek(position)
        data = self._plain.read(_LARGEST_HEAD)
        end = _END_OF_HEAD.search(data)
        offset = self._offset(position)
        try:
            if not end:
                raise StatusAndHeadersParserException("no end of head", "")
            fields = _WARC.parse(BytesIO(data[: end.end()]))
            length = int(fields.get_header("Content-Length"))
        except (StatusAndHeadersParserException, EOFError, ValueError, TypeError) as error:
            raise MalformedWarc(self.path, offset, "there is no head of a WARC record") from error
        if length < 0 or not fields.get_header("WARC-Type"):
            raise MalformedWarc(self.path, offset, "the head of the record lacks its type or its length")
        record = _Record(offset, position, fields, position + end.end(), length)
        if record.start + length > self._size:
            raise MalformedWarc(self.path, offset, "the record is longer than what is left of the file")
        return record

    def _block(self, record: _Record) -> bytes:
        self._plain.seek(record.start)
        return self._plain.read(record.length)

    def _after(self, record: _Record) -> int:
        """Where the next record begins: a record ends with blank lines, or the file does."""
        end = record.start + record.length
        self._plain.seek(end)
        rest = self._plain.read(64)
        blank = len(rest) - len(rest.lstrip(b"\r\n"))
        if rest and not blank:
            raise MalformedWarc(self.path, record.offset, "the record does not end where its length says")
        return end + blank

    def _check_digests(self, record: _Record, block: bytes) -> None:
        if not _agrees(record.field("WARC-Block-Digest"), block):
            raise MalformedWarc(self.path, record.offset, "the record does not match its block digest")
        whole = record.field("WARC-Type") in ("response", "resource")
        if whole and not _agrees(record.field("WARC-Payload-Digest"), block, *_payloads(block)):
            raise MalformedWarc(self.path, record.offset, "the body does not match its payload digest")

    def _offset(self, position: int) -> int:
        """Where, in the file as it is, a position of the expanded file is."""
        if not self._members:
            return position
        return self._members[bisect_right(self._members, position, key=itemgetter(0)) - 1][1]

    def _capture(self, record: _Record) -> Capture:
        return Capture(
            file=self.path,
            offset=record.offset,
            position=record.position,
            kind=record.field("WARC-Type") or "",
            url=_url(record),
            at=self._moment(record, "WARC-Date") or self._undated(record),
            record_id=record.field("WARC-Record-ID") or "",
            digest=record.field("WARC-Payload-Digest"),
            truncated=bool(record.field("WARC-Truncated") or record.field("WARC-Segment-Number")),
            refers_id=record.field("WARC-Refers-To"),
            refers_url=record.field("WARC-Refers-To-Target-URI"),
            refers_at=self._moment(record, "WARC-Refers-To-Date"),
        )

    def _moment(self, record: _Record, name: str) -> datetime | None:
        text = record.field(name)
        if text is None:
            return None
        try:
            moment = datetime.fromisoformat(text)
            return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
        except (ValueError, OverflowError) as error:  # OverflowError: the year 0 in UTC
            raise MalformedWarc(self.path, record.offset, f"{name} is no date: {text!r}") from error

    def _undated(self, record: _Record) -> datetime:
        raise MalformedWarc(self.path, record.offset, "the record has no WARC-Date")


_WARC = StatusAndHeadersParser(ArcWarcRecordLoader.WARC_TYPES)


def _opened(path: Path, opened: ExitStack) -> tuple[BinaryIO, list[tuple[int, int]]]:
    """The file without gzip, and for each member where it begins: expanded, and in the file."""
    source = opened.enter_context(path.open("rb"))
    if source.read(2) != b"\x1f\x8b":
        return source, []
    source.seek(0)
    plain = opened.enter_context(tempfile.TemporaryFile())  # noqa: SIM115
    members: list[tuple[int, int]] = []
    rest = source.read(_CHUNK)
    while rest:
        members.append((plain.tell(), source.tell() - len(rest)))
        rest = _expand(path, source, plain, members[-1][1], rest) or source.read(_CHUNK)
    return plain, members


def _expand(path: Path, source: BinaryIO, plain: BinaryIO, offset: int, data: bytes) -> bytes:
    """Expand the member at ``offset``, which begins with ``data``; what was read of the next one."""
    member = zlib.decompressobj(wbits=31)
    try:
        while data and not member.eof:
            plain.write(member.decompress(data))
            if plain.tell() > LARGEST_FILE:
                raise MalformedWarc(path, offset, f"the file expands to more than {LARGEST_FILE:,} bytes")
            data = member.unused_data if member.eof else source.read(_CHUNK)
    except zlib.error as error:
        raise MalformedWarc(path, offset, f"the gzip member is damaged ({error})") from error
    if not member.eof:
        raise MalformedWarc(path, offset, "the gzip member is torn")
    return data


def _url(record: _Record) -> str:
    """The address; some tools put it between the angle brackets that WARC 1.0 seemed to ask for."""
    return (record.field("WARC-Target-URI") or "").removeprefix("<").removesuffix(">")


def _is_http(url: str) -> bool:
    return url.lower().startswith(("http://", "https://"))


# Digests.


def _agrees(label: str | None, *candidates: bytes) -> bool:
    """Whether a digest is that of one of the candidates; an algorithm we do not have accuses nobody."""
    algorithm, value = _labelled(label)
    return not algorithm or any(_is_digest(algorithm, value, each) for each in candidates)


def _proves(label: str | None, payload: bytes) -> bool:
    algorithm, value = _labelled(label)
    return bool(algorithm) and _is_digest(algorithm, value, payload)


def _labelled(label: str | None) -> tuple[str, str]:
    """The algorithm, empty when we do not have it, and the value."""
    name, _, value = (label or "").partition(":")
    name = name.lower().replace("-", "")
    return (name if value and name in _ALGORITHMS else ""), value.strip()


def _is_digest(algorithm: str, value: str, data: bytes) -> bool:
    """Tools write base 32, with or without padding, or hexadecimal."""
    digest = hashlib.new(algorithm, data, usedforsecurity=False)
    base32 = base64.b32encode(digest.digest()).decode().rstrip("=")
    return value.upper().rstrip("=") == base32 or value.lower() == digest.hexdigest()


def _payloads(block: bytes) -> Iterator[bytes]:
    """What tools take for the payload of a response: the body as it came, or without its chunks."""
    end = _END_OF_HEAD.search(block, 0, _LARGEST_HEAD)
    if end and block.startswith(b"HTTP/"):
        yield block[end.end() :]
        with suppress(Unstorable):
            yield _without_chunks(block[end.end() :])


# From a record to a snapshot.


def _from_resource(capture: Capture, content_type: str, block: bytes) -> Snapshot:
    """A body without an exchange: as if it had been answered with success."""
    return Snapshot(capture.url, capture.at, 200, "OK", (), (("Content-Type", content_type),), block, block)


def _from_response(capture: Capture, block: bytes) -> Snapshot:
    end = _END_OF_HEAD.search(block, 0, _LARGEST_HEAD)
    if not end:
        raise Unstorable("it holds no HTTP response")
    status, reason, headers = _http_head(block[: end.start()])
    payload = block[end.end() :]
    if any(name.lower() == "transfer-encoding" and "chunked" in value.lower() for name, value in headers):
        payload = _without_chunks(payload)
    try:
        content = decode(payload, headers, LARGEST_CONTENT)
    except DecodingError as error:
        raise Unstorable(f"its body {error}") from error
    return Snapshot(capture.url, capture.at, status, reason, (), headers, payload, content)


def _http_head(head: bytes) -> tuple[int, str, Headers]:
    """Status, reason and headers; a line that continues the one before is joined to it (RFC 9112, 5.2)."""
    text = re.sub(r"\r?\n[ \t]+", " ", head.decode("latin-1"))
    first, *lines = re.split(r"\r?\n", text)
    match = re.fullmatch(r"HTTP/\d(?:\.\d)? (\d{3})(?: (.*))?", first.rstrip(" "))
    if not match:
        raise Unstorable("it holds no HTTP response")
    pairs = (line.partition(":") for line in lines if ":" in line)
    headers = tuple((name.strip(), value.strip(" \t")) for name, _, value in pairs)
    return int(match[1]), match[2] or "", headers


def _without_chunks(payload: bytes) -> bytes:
    """The body; many tools remove the chunks and leave the header that announces them.

    Raises:
        Unstorable: it ends in the middle of a chunk.
    """
    if not _CHUNK_SIZE.match(payload):
        return payload
    try:
        body: bytes = ChunkedDataReader(BytesIO(payload), raise_exceptions=True).read()
    except ChunkedDataException as error:
        raise Unstorable("its body ends in the middle of a chunk") from error
    return body


# Several files at once.

Elsewhere = Callable[[Capture], Snapshot | None]
"""Finds, outside the files imported, what a revisit repeats."""


class Captures:
    """The captures of several sound files, revisits included.

    A revisit record says that the same body came again, and holds none: its snapshot has the answer
    of the record it refers to, at its own address and time.
    """

    def __init__(self, files: Sequence[WarcFile], elsewhere: Elsewhere) -> None:
        self._files = {file.path: file for file in files}
        self._elsewhere = elsewhere
        self.all = tuple(capture for file in files for capture in file.captures)
        whole = [one for one in reversed(self.all) if one.kind != "revisit" and not one.truncated]
        self._by_id = {one.record_id: one for one in whole if one.record_id}
        self._by_exchange = {(one.url, one.at): one for one in whole}
        self._by_digest = {one.digest: one for one in whole if one.digest}

    def snapshot(self, capture: Capture) -> Snapshot:
        """The exchange of a capture.

        Raises:
            Unstorable: see ``WarcFile.load``; or a revisit whose body is nowhere.
        """
        if capture.kind != "revisit":
            return self._files[capture.file].load(capture)
        original = self._original(capture)
        answer = self._files[original.file].load(original) if original else self._elsewhere(capture)
        if answer is None:
            raise Unstorable("it repeats a capture that is in none of these files, nor in the archive")
        return replace(answer, url=capture.url, at=capture.at, request_headers=())

    def _original(self, revisit: Capture) -> Capture | None:
        """By its digest, which proves the body; else by what it says it refers to, if no digest denies it."""
        exchange = (revisit.refers_url or revisit.url, revisit.refers_at or revisit.at)
        found = (
            self._by_digest.get(revisit.digest or ""),
            self._by_id.get(revisit.refers_id or ""),
            self._by_exchange.get(exchange),
        )
        return next((one for one in found if one and not _denies(one.digest, revisit.digest)), None)


def _denies(one: str | None, other: str | None) -> bool:
    """True for two digests of one algorithm that differ."""
    (algorithm, value), (its_algorithm, its_value) = _labelled(one), _labelled(other)
    return bool(algorithm) and algorithm == its_algorithm and value.lower() != its_value.lower()


def archived(connection: sa.Connection, archive: Archive, revisit: Capture) -> Snapshot | None:
    """What a revisit repeats, among the exchanges that our own archive holds; None when it has none."""
    url = safe_address(revisit.refers_url or revisit.url)
    query = sa.select(snapshots).where(snapshots.c.url == url, snapshots.c.fetched_at <= revisit.at)
    newest = query.order_by(snapshots.c.fetched_at.desc(), snapshots.c.id).limit(_LOOKED_AT)
    for row in connection.execute(newest).mappings():
        with suppress(BrokenArchive):
            kept = archive.open(place_of(dict(row)))
            if _proves(revisit.digest, kept.payload) or _is_named(revisit, kept):
                return kept
    return None


def _is_named(revisit: Capture, kept: Snapshot) -> bool:
    """A revisit without a digest that we can check names a moment, to the second at least."""
    if _labelled(revisit.digest)[0] or not revisit.refers_at:
        return False
    return abs(kept.at - revisit.refers_at) < _SECOND
