"""Manifests: what the archive held when a night was sealed, each naming the one before.

A manifest stands beside its night's file, ``<root>/<YYYY>/impact-<day>.manifest.json``; a night
that grew later gets another (``….manifest-2.json``), and the first stays: it is a link of the chain.
Whoever knows the last one's SHA-256 can tell whether anything before it was changed, without
trusting whoever holds the archive.
"""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from warehouse.archive import disk
from warehouse.archive.place import beside, warc_of
from warehouse.archive.walk import Weighed
from warehouse.errors import BrokenArchive

_FORMAT = "impact-night manifest 1"
_MOMENT = "%Y-%m-%dT%H:%M:%S.%fZ"
_ALL = "[0-9]*/impact-*.manifest*.json"


@dataclass(frozen=True, slots=True)
class Manifest:
    """One seal.

    ``number`` is its place in the chain, from 1; ``version`` its place among those of its night.
    ``previous`` is the SHA-256 of the manifest sealed before it, whatever its night: nights may be
    sealed in any order.  ``replaces`` is that of its night's manifest before it.
    """

    night: date
    number: int
    version: int
    known_at: datetime
    held: Weighed
    previous: str | None
    replaces: str | None

    @property
    def file(self) -> str:
        """Its own file, under the root."""
        kind = "manifest.json" if self.version == 1 else f"manifest-{self.version}.json"
        return beside(warc_of(self.night), kind)

    @property
    def sha256(self) -> str:
        """SHA-256 of its bytes."""
        return hashlib.sha256(self.as_bytes()).hexdigest()

    def as_bytes(self) -> bytes:
        """Its only form: sorted keys, no spaces, one line."""
        said = {
            "format": _FORMAT,
            "night": self.night.isoformat(),
            "number": self.number,
            "version": self.version,
            "known_at": self.known_at.astimezone(UTC).strftime(_MOMENT),
            "files": [
                {
                    "name": warc_of(self.night),
                    "size": self.held.size,
                    "sha256": self.held.sha256,
                    "records": self.held.records,
                }
            ],
            "previous": self.previous,
            "replaces": self.replaces,
        }
        return json.dumps(said, sort_keys=True, separators=(",", ":")).encode() + b"\n"


def read(root: Path, file: str) -> Manifest:
    """A manifest of the archive under ``root``.

    Raises:
        BrokenArchive: it cannot be read, or does not stand in its only form, under its own name.
    """
    try:
        data = (root / file).read_bytes()
        manifest = _parsed(json.loads(data))
    except OSError as error:
        raise BrokenArchive(f"The manifest {file} cannot be read: {error.strerror}.") from error
    except (ValueError, LookupError, TypeError) as error:
        raise BrokenArchive(f"The manifest {file} is not one that we wrote.") from error
    if manifest.as_bytes() != data or manifest.file != file:
        raise BrokenArchive(f"The manifest {file} is not as we wrote it.")
    return manifest


def _parsed(said: Any) -> Manifest:
    (held,) = said["files"]
    return Manifest(
        night=date.fromisoformat(said["night"]),
        number=said["number"],
        version=said["version"],
        known_at=datetime.strptime(said["known_at"], _MOMENT).replace(tzinfo=UTC),
        held=Weighed(held["size"], held["sha256"], held["records"]),
        previous=said["previous"],
        replaces=said["replaces"],
    )


def files(root: Path, night: date | None = None) -> Iterator[str]:
    """The files of all manifests, or of those of a night, under the root, sorted."""
    own = beside(warc_of(night), "manifest*.json") if night else _ALL
    for path in sorted(root.glob(own)):
        yield path.relative_to(root).as_posix()


def count(root: Path) -> int:
    """How many manifests there are; none of them is opened."""
    return sum(1 for _ in root.glob(_ALL))


def chain(root: Path) -> list[Manifest]:
    """All manifests, in the order in which they were sealed.

    Raises:
        BrokenArchive: one of them cannot be used.
    """
    return sorted((read(root, file) for file in files(root)), key=lambda manifest: manifest.number)


def write(root: Path, manifest: Manifest) -> None:
    """Put a manifest beside its night's file; raises as ``disk.replace``."""
    disk.replace(root / manifest.file, manifest.as_bytes())
