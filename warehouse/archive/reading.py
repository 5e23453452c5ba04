"""From a record to a snapshot: only what still matches its digest is given back."""

import gzip
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO

from warcio.archiveiterator import WARCIterator
from warcio.exceptions import ArchiveLoadFailed
from warcio.statusandheaders import StatusAndHeaders, StatusAndHeadersParserException

from connectors.fetching.encodings import DecodingError, decode
from connectors.snapshot import Snapshot
from warehouse.archive.writing import ORIGINAL, Headers, Original, digest, is_http, record_id
from warehouse.errors import BrokenArchive

LARGEST_CONTENT = 200_000_000
"""What a body may decode to when it is opened, in bytes: far above what the fetcher accepts."""

_END_OF_HEAD = b"\r\n\r\n"


@dataclass(frozen=True, slots=True)
class Record:
    """One WARC record whose block is the one that its digest was made for; ``where`` names its place."""

    fields: StatusAndHeaders
    block: bytes
    where: str

    def field(self, name: str) -> str:
        """A field of the record's head; empty when it has none such."""
        return self.fields.get_header(name) or ""

    @property
    def kind(self) -> str:
        """``warcinfo``, ``request``, ``response`` or ``revisit``."""
        return self.field("WARC-Type")

    @property
    def id(self) -> str:
        """Its id, a URN between angle brackets."""
        return self.field("WARC-Record-ID")

    @property
    def url(self) -> str:
        """The address of the exchange."""
        return self.field("WARC-Target-URI")

    @property
    def payload_digest(self) -> str:
        """The digest of the body, without its head."""
        if self.kind == "revisit" or is_http(self.url):
            return self.field("WARC-Payload-Digest")
        return digest(self.payload)

    @property
    def payload(self) -> bytes:
        """The body that stands in the record: none in a revisit."""
        return self.block.partition(_END_OF_HEAD)[2]

    @property
    def original(self) -> Original:
        """What a revisit refers to."""
        names = ("Filename", "", "Target-URI", "Date")
        return Original(*(self.field(f"WARC-Refers-To-{name}".removesuffix("-")) for name in names))


def unpacked(member: bytes, where: str) -> Record:
    """The record in one gzip member.

    Raises:
        BrokenArchive: it is torn, no record, or not the one that its digest was made for.
    """
    try:
        return unwrapped(gzip.decompress(member), where)
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise BrokenArchive(f"In {where}, the record is torn: {error}.") from error


def unwrapped(data: bytes, where: str) -> Record:
    """The record in uncompressed bytes; raises as ``unpacked``."""
    with _broken(where):
        warc = next(WARCIterator(BytesIO(data), no_record_parse=True))
        record = Record(warc.rec_headers, warc.raw_stream.read(), where)
    if record.field("WARC-Block-Digest") != digest(record.block):
        raise BrokenArchive(f"In {where}, the bytes do not match their digest.")
    return record


def snapshot_of(record: Record, payload: bytes) -> Snapshot:
    """The exchange in a ``response`` or ``revisit`` record, but for its request headers.

    Args:
        record: the record.
        payload: the body; that of a revisit is in the record it refers to.

    Raises:
        BrokenArchive: it is no exchange, or not the one that its id and its digest were made for.
    """
    where = record.where
    with _broken(where):
        status, reason, headers = _parsed_head(record.block.partition(_END_OF_HEAD)[0])
        at = datetime.fromisoformat(record.field("WARC-Date"))
        if record.payload_digest != digest(payload):
            raise BrokenArchive(f"In {where}, the body does not match its digest.")
        if record.id != record_id(record.kind, record.url, at, record.payload_digest):
            raise BrokenArchive(f"In {where}, address, moment and body are not those its id was made for.")
        return Snapshot(
            url=record.url,
            at=at,
            status=status,
            reason=reason,
            request_headers=(),
            headers=headers,
            payload=payload,
            content=decode(payload, headers, LARGEST_CONTENT),
        )


@contextmanager
def _broken(where: str) -> Iterator[None]:
    try:
        yield
    except (ArchiveLoadFailed, StatusAndHeadersParserException, StopIteration) as error:
        raise BrokenArchive(f"In {where}, there is no WARC record.") from error
    except DecodingError as error:
        raise BrokenArchive(f"In {where}, the body {error}.") from error
    except (ValueError, TypeError) as error:
        raise BrokenArchive(f"In {where}, there is no HTTP response.") from error


def _parsed_head(head: bytes) -> tuple[int, str, Headers]:
    first, *lines = head.decode("latin-1").split("\r\n")
    _, status, reason = first.split(" ", 2)
    pairs = (line.partition(": ") for line in lines)
    return int(status), reason, _original(tuple((name, value) for name, _, value in pairs))


def _original(headers: Headers) -> Headers:
    """The headers as received: without what was set aside or added for readers of the stored body."""
    if not any(name.startswith(ORIGINAL) for name, _ in headers):
        return headers
    return tuple((name.removeprefix(ORIGINAL), value) for name, value in headers[:-1])
