"""WARC files as other tools write them, for the tests of the import."""

import base64
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

from warcio.recordbuilder import RecordBuilder
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

HTML = ("Content-Type", "text/html; charset=utf-8")
SAME_BODY = "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"


@dataclass(frozen=True)
class Shot:
    """One record to be written: a response, unless ``kind`` says otherwise."""

    url: str
    at: datetime
    body: bytes = b""
    status: str = "200 OK"
    headers: tuple[tuple[str, str], ...] = (HTML,)
    kind: str = "response"
    more: dict[str, str] = field(default_factory=dict)


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def sha1(body: bytes) -> str:
    """A digest as most tools label it."""
    return f"sha1:{base64.b32encode(hashlib.sha1(body).digest()).decode()}"


def chunked(body: bytes, size: int = 7) -> bytes:
    parts = [body[start : start + size] for start in range(0, len(body), size)]
    return b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in parts) + b"0\r\n\r\n"


def write(path: Path, shots: Iterable[Shot], *, gzip: bool = True, version: str = "1.1") -> list[int]:
    """Write a file as warcio does; the offset of each record, the ``warcinfo`` that begins it left out."""
    with path.open("wb") as out:
        writer = WARCWriter(out, gzip=gzip, warc_version=version)
        writer.write_record(writer.create_warcinfo_record(path.name, {"software": "another tool"}))
        return [_write(writer, out.tell(), shot) for shot in shots]


def _write(writer: WARCWriter, offset: int, shot: Shot) -> int:
    writer.write_record(_record(writer, shot))
    return offset


def _record(builder: RecordBuilder, shot: Shot) -> object:
    """With its digests: warcio, when it has to make them, leaves temporary files open."""
    http = None
    if shot.kind not in ("resource", "metadata"):
        http = StatusAndHeaders(shot.status, list(shot.headers), protocol="HTTP/1.1")
        http.compute_headers_buffer()
    block = (http.headers_buff if http else b"") + shot.body
    digests = {"WARC-Payload-Digest": sha1(shot.body), "WARC-Block-Digest": sha1(block)}
    fields = {"WARC-Date": f"{shot.at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}", **digests, **shot.more}
    return builder.create_warc_record(
        shot.url,
        shot.kind,
        payload=BytesIO(shot.body),
        length=len(shot.body),
        http_headers=http,
        warc_content_type="text/html" if shot.kind == "resource" else "",
        warc_headers_dict={name: value for name, value in fields.items() if value},
    )
