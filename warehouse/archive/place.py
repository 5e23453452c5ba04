"""Where things are in the archive: one WARC file per night, and what stands beside it."""

import re
from dataclasses import dataclass
from datetime import date

_NIGHT = re.compile(r"impact-(\d{4}-\d\d-\d\d)\.warc\.gz")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a record stands: a file under the root (POSIX), and a span of bytes in it."""

    file: str
    offset: int
    length: int

    def __str__(self) -> str:
        return f"{self.file} at byte {self.offset}"


def warc_of(night: date) -> str:
    """The night's file, under the root."""
    return f"{night:%Y}/impact-{night:%Y-%m-%d}.warc.gz"


def night_of(file: str) -> date | None:
    """The night of a file of the archive, given with or without its folder; None for any other file."""
    match = _NIGHT.fullmatch(file.rpartition("/")[2])
    return date.fromisoformat(match[1]) if match else None


def beside(file: str, kind: str) -> str:
    """What stands beside a WARC file: its ``cdxj``, its ``manifest.json``.

    >>> beside("2026/impact-2026-01-02.warc.gz", "cdxj")
    '2026/impact-2026-01-02.cdxj'
    """
    return f"{file.removesuffix('.warc.gz')}.{kind}"
