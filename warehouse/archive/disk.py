"""The disk under the archive: what is written is there after a failure, whole or not at all."""

import errno
import os
import tempfile
from contextlib import suppress
from pathlib import Path

from warehouse.errors import ArchiveError, ArchiveFull, ArchiveUnwritable

_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO})


def append(path: Path, position: int, block: bytes | bytearray) -> None:
    """Append ``block``, which starts at ``position``; on failure the file is as it was.

    Raises:
        ArchiveFull, ArchiveUnwritable: the disk refuses.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("ab") as file:
            file.write(block)
            file.flush()
            os.fsync(file.fileno())
        if not position:
            sync(path.parent)
    except OSError as error:
        with suppress(OSError):
            cut(path, position)
        raise refused(error, path) from error


def replace(path: Path, data: bytes) -> None:
    """Write a whole file at once: whoever reads meanwhile sees the old one or the new one.

    Raises:
        ArchiveFull, ArchiveUnwritable: the disk refuses.
    """
    try:
        descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            Path(name).chmod(0o644)
            Path(name).replace(path)
        except OSError:
            Path(name).unlink(missing_ok=True)
            raise
        sync(path.parent)
    except OSError as error:
        raise refused(error, path) from error


def cut(path: Path, end: int) -> None:
    """Keep the first ``end`` bytes of a file; no file when there are none."""
    if end == 0:
        path.unlink(missing_ok=True)
    else:
        os.truncate(path, end)


def sync(path: Path) -> None:
    """Bring a file, or a folder, to the disk: a new file is safe once the folder naming it is there too."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def refused(error: OSError, path: Path) -> ArchiveError:
    """What a refusal of the disk means."""
    if error.errno in _FULL:
        return ArchiveFull(
            f"The archive's disk is full or failing: {path} was left as it was ({error.strerror})."
        )
    return ArchiveUnwritable(f"The archive {path} cannot be written: {error.strerror}.")
