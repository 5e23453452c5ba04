"""What a run took, and how a table of such runs is printed."""

import os
import statistics
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass
class Taken:
    """``wall`` and ``cpu`` in seconds, this process and those below it; ``rss_mb`` is this process's peak."""

    wall: float = 0.0
    cpu: float = 0.0
    rss_mb: float = 0.0


@contextmanager
def measured() -> Iterator[Taken]:
    """Measures its block; read what it gave after the block."""
    taken = Taken()
    began, used = time.perf_counter(), cpu_of_tree(os.getpid())
    yield taken
    taken.wall = time.perf_counter() - began
    taken.cpu = cpu_of_tree(os.getpid()) - used
    taken.rss_mb = peak_mb()


def peak_mb() -> float:
    """The most memory that this process has had, in megabytes; unlike ``getrusage``, since it began."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.split("VmHWM:")[1].split()[0]) / 1024


def cpu_of_tree(root: int) -> float:
    """CPU seconds of a process and of all below it, those that ended included (0 where there is no /proc)."""
    stats = {int(folder.name): _stat(folder) for folder in Path("/proc").glob("[0-9]*")}
    below = {root}
    while more := {pid for pid, stat in stats.items() if stat and int(stat[1]) in below} - below:
        below |= more
    ticks = sum(int(ticks) for pid in below if (stat := stats.get(pid)) for ticks in stat[11:15])
    return ticks / os.sysconf("SC_CLK_TCK")


def _stat(folder: Path) -> list[str]:
    """The fields of ``/proc/PID/stat`` from the state on; none when the process has gone."""
    try:
        return (folder / "stat").read_text().rsplit(")", 1)[1].split()
    except OSError:
        return []


def spread(values: Sequence[float], digits: int = 1) -> str:
    """The median, and the extremes when there are several."""
    middle = f"{statistics.median(values):.{digits}f}"
    return middle if len(values) == 1 else f"{middle} ({min(values):.{digits}f}–{max(values):.{digits}f})"


def table(names: Sequence[str], rows: Sequence[Sequence[Any]]) -> str:
    """A Markdown table, aligned."""
    lines = [[str(cell) for cell in row] for row in (names, *rows)]
    widths = [max(len(line[place]) for line in lines) for place in range(len(names))]
    lines.insert(1, ["-" * width for width in widths])
    padded = (
        " | ".join(f"{cell:<{width}}" for cell, width in zip(line, widths, strict=True)) for line in lines
    )
    return "\n".join(f"| {line} |" for line in padded)
