"""The index of a night's file (CDXJ): which record is where, for any tool that opens one alone.

One line per exchange, sorted: the address turned around so that a site's pages stand together
(SURT), the moment, and JSON.  It says nothing that the file does not: it can be made again at any time,
and whoever opens a record through it checks what is found there.
"""

import json
from collections import OrderedDict
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

from warehouse.archive import disk
from warehouse.archive.place import Place, beside
from warehouse.archive.reading import Record
from warehouse.archive.walk import records
from warehouse.errors import BrokenArchive

_EXCHANGES = frozenset({"response", "revisit"})

MOST_KEPT = 64
"""Indexes that are kept in memory: a revisit mostly refers to one of a few nights."""


def surt(url: str) -> str:
    """The address with its host turned around, in lower case; a numeric host stays as it is.

    >>> surt("https://stats.example.fr:8443/a?b=c")
    'fr,example,stats:8443)/a?b=c'
    """
    parts = urlsplit(url)
    host = parts.hostname or ""
    if not host[-1:].isdigit() and ":" not in host:
        host = ",".join(reversed(host.split(".")))
    port = f":{parts.port}" if parts.port else ""
    query = f"?{parts.query}" if parts.query else ""
    return f"{host}{port}){parts.path or '/'}{query}".lower()


def lines(found: Iterable[tuple[Place, Record]]) -> list[str]:
    """The lines of the index of these records, sorted."""
    return sorted(line(place, record) for place, record in found if record.kind in _EXCHANGES)


def line(place: Place, record: Record) -> str:
    """The line of one exchange."""
    said = {
        "url": record.url,
        "mime": "warc/revisit" if record.kind == "revisit" else _mime(record),
        "status": record.block[9:12].decode("latin-1"),
        "digest": record.payload_digest,
        "length": str(place.length),
        "offset": str(place.offset),
        "filename": place.file.rpartition("/")[2],
        "record-id": record.id,
    }
    moment = "".join(letter for letter in record.field("WARC-Date")[:19] if letter.isdigit())
    return f"{surt(record.url)} {moment} {json.dumps(said, ensure_ascii=False)}"


def _mime(record: Record) -> str:
    head = record.block.partition(b"\r\n\r\n")[0].decode("latin-1")
    named = (line.partition(":") for line in head.split("\r\n")[1:])
    types = (value for name, _, value in named if name.lower() == "content-type")
    return next(types, "").partition(";")[0].strip() or "unk"


def text_of(root: Path, file: str, end: int | None = None) -> bytes:
    """The index of a file, as its bytes.

    Raises:
        BrokenArchive: the file cannot be read to its end.
    """
    return "".join(f"{each}\n" for each in lines(records(root, file, end))).encode()


def told(root: Path, file: str) -> set[str]:
    """The lines of the index that stands beside a file; none where there is no index."""
    path = root / beside(file, "cdxj")
    return set(path.read_text(encoding="utf-8", errors="replace").splitlines()) if path.exists() else set()


def write(root: Path, file: str, end: int | None = None) -> None:
    """Put the index of a file beside it, unless it stands there already; raises as ``text_of``."""
    path, data = root / beside(file, "cdxj"), text_of(root, file, end)
    if not path.exists() or path.read_bytes() != data:
        disk.replace(path, data)


class Index:
    """Finds records by their id, in any file of the archive."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._known: OrderedDict[str, dict[str, Place]] = OrderedDict()

    def find(self, file: str, record_id: str) -> Place:
        """Where a record is, by the index beside its file, or else by the file itself.

        Raises:
            BrokenArchive: the file does not hold it.
        """
        if record_id in self._known.get(file, {}):
            return self._known[file][record_id]
        for look in (written, walked):
            places = dict(look(self._root, file))
            if record_id in places:
                self._keep(file, places)
                return places[record_id]
        raise BrokenArchive(f"The record {record_id} is not in {file}.")

    def forget(self, file: str) -> None:
        """Look again next time: what was known of a file misled."""
        self._known.pop(file, None)

    def _keep(self, file: str, places: dict[str, Place]) -> None:
        self._known[file] = places
        while len(self._known) > MOST_KEPT:
            self._known.popitem(last=False)


def written(root: Path, file: str) -> list[tuple[str, Place]]:
    """Record ids and their places, as the index beside the file says; none where it cannot be read."""
    with suppress(OSError, ValueError, LookupError, TypeError):
        text = (root / beside(file, "cdxj")).read_text(encoding="utf-8")
        said = [json.loads(line.split(" ", 2)[2]) for line in text.splitlines()]
        return [(one["record-id"], Place(file, int(one["offset"]), int(one["length"]))) for one in said]
    return []


def walked(root: Path, file: str) -> list[tuple[str, Place]]:
    """Record ids and their places, as the file says, up to where it can be read.

    One exchange that two services made has one id, and a record for each.
    """
    found: list[tuple[str, Place]] = []
    with suppress(BrokenArchive):
        found.extend((record.id, place) for place, record in records(root, file) if record.kind in _EXCHANGES)
    return found
