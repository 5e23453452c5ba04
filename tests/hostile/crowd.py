"""What a crowd costs: services that all send all that is allowed in the same moment.

    python -m tests.hostile.crowd [SERVICES]

Prints the peak memory of the process that fetches, for bodies that are large on the wire and for bodies that
are large once expanded.
"""

import gzip
import multiprocessing
import os
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from multiprocessing.queues import Queue
from pathlib import Path

from benchmarks.measure import table
from connectors.catalog import Catalog
from connectors.extractor import Extractor
from connectors.fetcher import Fetcher, Manners
from connectors.service import Service
from pipelines.collect import THREADS, Tools, collect
from tests.connectors.values import page
from tests.hostile.test_together import NIGHT
from tests.hostile.trial import FIGURE
from tests.tools.server import Behaviour, Site, answer
from warehouse.archive import Archive
from warehouse.database import open_database

DEADLINE = 300
"""Seconds: all of them shall come to their end, however slow the machine."""

HTML = ("Content-Type", "text/html")


def plain() -> Behaviour:
    """Almost all that may come over the wire."""
    return answer(os.urandom(4_990_000).replace(b"<", b"x"), headers=(HTML,))


def squeezed() -> Behaviour:
    """Almost all that a body may expand to."""
    body = gzip.compress(b'<p a="' + b"x" * 19_900_000 + b'">')
    return answer(body, headers=(HTML, ("Content-Encoding", "gzip")))


def _serve(make: Callable[[], Behaviour], count: int, ports: "Queue[list[int]]") -> None:
    """Servers of their own process: what they hold is not ours."""
    with ExitStack() as opened:
        sites = [opened.enter_context(Site({"/stats": make()})) for _ in range(count)]
        ports.put([site.port for site in sites])
        time.sleep(10 * DEADLINE)


def _collect(ports: list[int], megabytes: "Queue[int]") -> None:
    services = tuple(
        Service(
            id=f"s{port}",
            name="Essai",
            incubator="x",
            pages=(page("html", FIGURE, url=f"http://127.0.0.1:{port}/stats"),),
        )
        for port in ports
    )
    manners = Manners(deadline=DEADLINE, pace=0, attempts=1)
    fetcher = Fetcher(manners=manners, allow_hosts=["127.0.0.1"], clock=lambda: NIGHT.at)
    with tempfile.TemporaryDirectory() as folder, Extractor() as extractor:
        engine = open_database(f"sqlite:///{folder}/warehouse.db")
        outcomes = collect(
            Catalog(services).services,
            NIGHT,
            Tools(engine, Archive(Path(folder) / "archive"), fetcher, extractor),
        )
        engine.dispose()
    assert all(one.errors or one.reasons for one in outcomes)
    high = next(line for line in Path("/proc/self/status").read_text().splitlines() if "VmHWM" in line)
    megabytes.put(int(high.split()[1]) // 1024)


def peak(make: Callable[[], Behaviour], count: int) -> int:
    """The peak of a process that collects from so many services at once, in MB."""
    processes = multiprocessing.get_context("spawn")
    ports: Queue[list[int]] = processes.Queue()
    megabytes: Queue[int] = processes.Queue()
    servers = processes.Process(target=_serve, args=(make, count, ports))
    servers.start()
    try:
        fetching = processes.Process(target=_collect, args=(ports.get(), megabytes))
        fetching.start()
        return megabytes.get()
    finally:
        servers.terminate()


def main() -> None:
    """Measure both, and print the table."""
    count = int(sys.argv[1]) if sys.argv[1:] else THREADS
    rows = [[make.__doc__, count, peak(make, count)] for make in (plain, squeezed)]
    print(table(["each sends", "services at once", "peak, MB"], rows))


if __name__ == "__main__":
    main()
