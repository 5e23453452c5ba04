"""A folder of exported files, replaced as a whole: each file at once, and its description last.

Every file is first written beside the old one and brought to the disk; then each takes its place in one step.
Whoever is killed on the way leaves every old file whole, and a description that tells the new files from
those that it describes by their hashes.  A file that would be the same stays as it is.
"""

import contextlib
import fcntl
import hashlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pipelines.errors import ExportUnwritable
from warehouse.archive import disk

_PART = ".export-part"


@dataclass(frozen=True, slots=True)
class Written:
    """A file: its name in the folder, its size in bytes, its SHA-256."""

    name: str
    bytes: int
    sha256: str


class Folder:
    """Files on their way into a folder, which ``replacing`` opens."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._ready: list[tuple[Path, Path]] = []

    @contextlib.contextmanager
    def file(self, name: str) -> Iterator[Path]:
        """Where to write the file of this name; it waits there until all are ready."""
        part = self.path / f".{name}{_PART}"
        yield part
        disk.sync(part)
        self._ready.append((part, self.path / name))

    def written(self) -> list[Written]:
        """The files that are ready."""
        return [_described(part, place.name) for part, place in self._ready]

    def replace(self) -> None:
        """Put every file in its place, in the order in which they were written."""
        for part, place in self._ready:
            if place.is_file() and _described(part, "") == _described(place, ""):
                part.unlink()
            else:
                part.replace(place)
        disk.sync(self.path)


@contextlib.contextmanager
def replacing(path: Path) -> Iterator[Folder]:
    """A folder whose files are replaced when the block ends, and left as they are when it fails.

    Of two exports into one folder the second waits for the first.

    Raises:
        ExportUnwritable: the folder, or a file in it, cannot be written.
    """
    try:
        path.mkdir(parents=True, exist_ok=True)
        with _alone(path):
            folder = Folder(path)
            yield folder
            folder.replace()
    except OSError as error:
        why = error.strerror or str(error)
        raise ExportUnwritable(f"The export into {path} was not written: {why}.") from error


@contextlib.contextmanager
def _alone(path: Path) -> Iterator[None]:
    """The system lets the folder go when the process ends, however it ends; what it left is then removed."""
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        _sweep(path)
        yield
    finally:
        _sweep(path)
        os.close(descriptor)


def _sweep(path: Path) -> None:
    for part in path.glob(f".*{_PART}"):
        part.unlink(missing_ok=True)


def _described(path: Path, name: str) -> Written:
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return Written(name, path.stat().st_size, digest)
