"""One case in a process of its own, and what it cost.

The site of the case runs elsewhere, at ``PORT``, so that its bodies are not counted here.
"""

import os
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from threading import Event, Thread
from typing import TypedDict

from connectors.extractor import Extractor
from tests.hostile.cases import TABLE
from tests.hostile.trial import Bench, Served
from warehouse.database import open_database


class Measured(TypedDict):
    """The lines told, the seconds, and the MB that the fetching process and the reader needed for the case.

    Of what a process had needed before the case, nothing is counted.
    """

    told: list[str]
    seconds: float
    fetching: float
    reading: float


class Peaks(Thread):
    """Looks at other processes while a case runs: the most memory that one of them had."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.most = 0.0
        self.over = Event()

    def run(self) -> None:
        """Until ``over`` is set."""
        while not self.over.wait(0.02):
            self.most = max(self.most, of_readers())


def of_readers() -> float:
    """The most memory, in MB, that a process below this one had."""
    return max((peak_of(pid) for pid in below(os.getpid())), default=0.0)


def below(pid: int) -> list[int]:
    """The processes started by one, and by those."""
    with suppress(OSError):
        tasks = Path(f"/proc/{pid}/task").glob("*/children")
        own = [int(child) for task in tasks for child in task.read_text().split()]
        return [*own, *(each for child in own for each in below(child))]
    return []


def peak_of(pid: int) -> float:
    """The most memory that a process has had, in MB; 0 when it has gone."""
    with suppress(OSError, IndexError):
        status = Path(f"/proc/{pid}/status").read_text(encoding="ascii", errors="replace")
        return int(status.split("VmHWM:")[1].split()[0]) / 1024
    return 0.0


def measure(number: int, port: int) -> Measured:
    """Lead one case through the night; its site is at ``port``."""
    with tempfile.TemporaryDirectory() as folder, Extractor(workers=1) as extractor:
        extractor.run(int).result()  # its process has started
        engine = open_database(f"sqlite:///{folder}/warehouse.db")
        bench = Bench(Path(folder), engine, extractor)
        before, reader, peaks = peak_of(os.getpid()), of_readers(), Peaks()
        peaks.start()
        began = time.perf_counter()
        told = TABLE[number].trial.lead(bench, Served(port))
        seconds = time.perf_counter() - began
        peaks.over.set()
        peaks.join()
        engine.dispose()
    return Measured(
        told=told,
        seconds=seconds,
        fetching=peak_of(os.getpid()) - before,
        reading=max(peaks.most - reader, 0.0),
    )
