"""From a snapshot to WARC 1.1 records (ISO 28500:2017), each one gzip member.

A body that an earlier night already holds becomes a ``revisit`` record: tonight's head, and where the
body is.  ``WARC-Refers-To-Filename``, an extension that web archives use, names the file it is in.
"""

import base64
import gzip
import hashlib
import uuid
from dataclasses import dataclass
from datetime import UTC, date, datetime
from io import BytesIO
from urllib.parse import urlsplit

from warcio.recordloader import ArcWarcRecord
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from connectors.snapshot import Snapshot
from warehouse.errors import Unstorable

GZIP_LEVEL = 6
"""Half the time of level 9 for 2 % more bytes."""

SAME_BODY = "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"

ORIGINAL = "X-Archive-Orig-"
"""The prefix of headers that would mislead a reader of the stored body."""

_WARC = "WARC/1.1"
_INFO = "software: impact-night\r\nformat: WARC File Format 1.1\r\n"

# Headers that describe the wire rather than the body we keep.
_FRAMING = frozenset({"transfer-encoding", "content-length"})

Headers = tuple[tuple[str, str], ...]
Fields = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Original:
    """The record whose body a revisit repeats: its file's name, its id, its address and its moment."""

    filename: str
    record_id: str
    url: str
    date: str


def response(snapshot: Snapshot, original: Original | None = None) -> bytes:
    """The response's record; with an ``original``, a revisit of it."""
    head = http_head(snapshot)
    kind, block = ("revisit", head) if original else ("response", head + snapshot.payload)
    # Readers find a payload behind a head only under http(s); elsewhere the block is the payload.
    payload = snapshot.payload if is_http(snapshot.url) else block
    return _member(
        kind,
        snapshot.at,
        block,
        record_id(kind, snapshot.url, snapshot.at, digest(snapshot.payload)),
        ("WARC-Target-URI", snapshot.url),
        *(_refers_to(original) if original else ()),
        ("WARC-Payload-Digest", digest(payload)),
        ("Content-Type", "application/http; msgtype=response"),
    )


def _refers_to(original: Original) -> Fields:
    return (
        ("WARC-Profile", SAME_BODY),
        ("WARC-Refers-To", original.record_id),
        ("WARC-Refers-To-Target-URI", original.url),
        ("WARC-Refers-To-Date", original.date),
        ("WARC-Refers-To-Filename", original.filename),
    )


def request(snapshot: Snapshot, kind: str = "response") -> bytes:
    """The request's record; none for a body that was not asked for over HTTP.

    Args:
        snapshot: the exchange.
        kind: of the record that keeps its answer.
    """
    if not snapshot.request_headers:
        return b""
    parts = urlsplit(snapshot.url)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    head = _head(f"GET {path} HTTP/1.1", snapshot.request_headers)
    about = snapshot.url, snapshot.at, digest(snapshot.payload)
    return _member(
        "request",
        snapshot.at,
        head,
        record_id("request", *about),
        ("WARC-Concurrent-To", record_id(kind, *about)),
        ("WARC-Target-URI", snapshot.url),
        ("WARC-Payload-Digest", digest(b"" if is_http(snapshot.url) else head)),
        ("Content-Type", "application/http; msgtype=request"),
    )


def warcinfo(night: date, at: datetime) -> bytes:
    """The record that begins a night's file."""
    name = f"impact-{night:%Y-%m-%d}.warc.gz"
    return _member(
        "warcinfo",
        at,
        _INFO.encode(),
        _urn(name),
        ("WARC-Filename", name),
        ("Content-Type", "application/warc-fields"),
    )


def _member(kind: str, at: datetime, block: bytes, its_id: str, *fields: tuple[str, str]) -> bytes:
    """One record as one gzip member.

    warcio lays the record out, but the block and the digests are ours: its own writer re-encodes
    headers that are not ASCII, and compresses at level 9 only.  It is not told of revisits, because it would
    leave out their block.
    """
    head = [
        ("WARC-Type", kind),
        ("WARC-Record-ID", its_id),
        ("WARC-Date", f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%S.%fZ}"),
        *fields,
        ("WARC-Block-Digest", digest(block)),
    ]
    headers = StatusAndHeaders("", head, protocol=_WARC)
    record = ArcWarcRecord("warc", "response", headers, BytesIO(block), None, None, len(block))
    out = BytesIO()
    WARCWriter(out, gzip=False, warc_version=_WARC).write_record(record)
    return gzip.compress(out.getvalue(), GZIP_LEVEL, mtime=0)


def http_head(snapshot: Snapshot) -> bytes:
    """The head of the answer, true of the stored body."""
    status = f"HTTP/1.1 {snapshot.status} {snapshot.reason}"
    return _head(status, _stored(snapshot.headers, len(snapshot.payload)))


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
    aside = (*_FRAMING, ORIGINAL.lower())
    kept = ((ORIGINAL + name if name.lower().startswith(aside) else name, value) for name, value in headers)
    return (*kept, ("Content-Length", str(size)))


def _tells_true(name: str, value: str, size: int) -> bool:
    lower = name.lower()
    if lower == "content-length":
        return value == str(size)
    return lower != "transfer-encoding" and not lower.startswith(ORIGINAL.lower())


def is_http(url: str) -> bool:
    """Whether an address is one of the web."""
    return url.startswith(("http:", "https:"))


def digest(data: bytes) -> str:
    """A digest as WARC labels it."""
    return f"sha256:{base64.b32encode(hashlib.sha256(data).digest()).decode()}"


def record_id(kind: str, url: str, at: datetime, payload_digest: str) -> str:
    """The same exchange has the same id wherever and whenever it is written."""
    return _urn(f"{kind} {url} {at.astimezone(UTC).isoformat()} {payload_digest}")


def _urn(name: str) -> str:
    return f"<urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, name)}>"
