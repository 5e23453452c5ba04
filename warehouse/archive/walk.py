"""A night's file from its first byte to its last, record after record; and what it weighs."""

import hashlib
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from warehouse.archive.place import Place
from warehouse.archive.reading import Record, unwrapped
from warehouse.errors import BrokenArchive

_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class Weighed:
    """What is sealed of a file: its first ``size`` bytes, their SHA-256, and the records in them."""

    size: int
    sha256: str
    records: int


def records(root: Path, file: str, end: int | None = None) -> Iterator[tuple[Place, Record]]:
    """Every record of a file, in its order, each with its place.

    Args:
        root: of the archive.
        file: under the root.
        end: the file is read up to this byte; to its own end when not given.

    Raises:
        BrokenArchive: at the first record that is torn or altered.
    """
    for place, data in _members(root, file, end):
        yield place, unwrapped(data, str(place))


def weigh(root: Path, file: str, end: int) -> Weighed:
    """What a manifest says of a file; raises as ``records``."""
    count = sum(1 for _ in records(root, file, end))
    return Weighed(end, sha256_of(root, file, end), count)


def sha256_of(root: Path, file: str, end: int) -> str:
    """SHA-256 of the first ``end`` bytes of a file.

    Raises:
        BrokenArchive: it cannot be read.
    """
    hashed = hashlib.sha256()
    for chunk in _chunks(root, file, end):
        hashed.update(chunk)
    return hashed.hexdigest()


def _members(root: Path, file: str, end: int | None) -> Iterator[tuple[Place, bytes]]:
    """Every gzip member, expanded."""
    offset, position = 0, 0
    member, plain = zlib.decompressobj(wbits=31), bytearray()
    for chunk in _chunks(root, file, end):
        position += len(chunk)
        rest = chunk
        while rest:
            plain += _expanded(member, rest, file, offset)
            rest = member.unused_data
            if member.eof:
                after = position - len(rest)
                yield Place(file, offset, after - offset), bytes(plain)
                offset, member, plain = after, zlib.decompressobj(wbits=31), bytearray()
    if position > offset:
        raise BrokenArchive(f"In {Place(file, offset, 0)}, the record is torn: the file ends before it does.")


def _expanded(member: "zlib._Decompress", data: bytes, file: str, offset: int) -> bytes:
    try:
        return member.decompress(data)
    except zlib.error as error:
        raise BrokenArchive(f"In {Place(file, offset, 0)}, the record is torn: {error}.") from error


def _chunks(root: Path, file: str, end: int | None) -> Iterator[bytes]:
    left = end
    try:
        with (root / file).open("rb") as stream:
            while chunk := stream.read(_CHUNK if left is None else min(_CHUNK, left)):
                yield chunk
                left = None if left is None else left - len(chunk)
    except OSError as error:
        raise BrokenArchive(f"The file {file} of the archive cannot be read: {error.strerror}.") from error
