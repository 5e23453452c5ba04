"""An archive replayed, beside reading the same bytes and parsing each page once.

    python -m benchmarks replay [--services 250] [--nights 30] [--changed 1.0]

The archive is made first, with the program's own functions and nothing fetched.  Each way is a process
of its own with two workers, and they take turns on the same files.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import lxml.html  # type: ignore[import-untyped]
from warcio.archiveiterator import ArchiveIterator

from benchmarks import world
from benchmarks.measure import measured, table
from connectors import catalog
from connectors.extractor import Extractor
from connectors.snapshot import Snapshot
from pipelines.replay import replay
from pipelines.rereading import Rereader, answers, readings
from pipelines.settings import Settings
from warehouse import seals, snapshots
from warehouse.archive import Archive
from warehouse.database import open_database
from warehouse.night import Night
from warehouse.snapshots import Visit

FIRST = date(2025, 1, 1)
PORT = 80
THREE_YEARS = 3 * 365 * 250
"""Pages that 250 services show in three years."""

HEADERS = (("Content-Type", "text/html; charset=utf-8"), ("Cache-Control", "no-store"))


def settings(folder: Path) -> Settings:
    """Where the synthetic archive is."""
    return Settings(
        database_url=f"sqlite:///{folder / 'impact.sqlite'}",
        archive=folder / "archive",
        services=folder / "services",
    )


def make(folder: Path, services: int, nights: int, changed: float) -> None:
    """Nights as they would have been kept; the share ``changed`` of the pages is new each night."""
    world.write(world.services(services, PORT), folder / "services")
    catalogue = catalog.load(folder / "services")
    engine, archive = open_database(settings(folder).database_url), Archive(folder / "archive")
    for day in range(nights):
        night = Night.of(datetime.combine(FIRST + timedelta(days=day), datetime.min.time(), UTC))
        visits = [
            _visit(one.id, str(one.pages[0].url), number, _day_of(number, day, services, changed), night.at)
            for number, one in enumerate(catalogue.services)
        ]
        with engine.begin() as connection:
            snapshots.keep(connection, archive, night, visits)
            seals.seal(connection, archive, night)
    engine.dispose()


def _day_of(number: int, day: int, services: int, changed: float) -> int:
    """The day whose page a service shows: its own share of the nights brings a new one."""
    return int((day + number / services) * changed)


def _visit(service_id: str, url: str, number: int, day: int, at: datetime) -> Visit:
    body = world.body(number, day)
    return Visit(service_id, url, (Snapshot(url, at, 200, "OK", (("Host", "stats"),), HEADERS, body, body),))


def parsed_once(folder: Path) -> int:
    """The bytes read by warcio and parsed by lxml, in two processes, and nothing else."""
    with ProcessPoolExecutor(2) as pool:
        return sum(pool.map(_parse, sorted((folder / "archive").glob("*/*.warc.gz"))))


def _parse(file: Path) -> int:
    pages = 0
    with file.open("rb") as stream:
        for record in ArchiveIterator(stream):
            if record.rec_type == "response":
                lxml.html.document_fromstring(record.content_stream().read())
                pages += 1
    return pages


def read_again(folder: Path) -> int:
    """Every page opened, checked against its digests and read as its service file says; nothing recorded."""
    services = catalog.load(folder / "services")
    engine, archive = open_database(settings(folder).database_url), Archive(folder / "archive")
    with Extractor() as extractor, engine.connect() as connection:
        reader = Rereader(archive, extractor)
        before: list[object] = []
        for night in archive.nights():
            pages = reader.night(services, night, answers(connection, night))
            _wait(before)
            before = [pages]
        _wait(before)
    engine.dispose()
    return reader.pages


def _wait(waiting: Sequence[object]) -> None:
    for pages in waiting:
        list(readings(pages))  # type: ignore[arg-type]


def replayed(folder: Path) -> int:
    """The verb: read again, recorded, understood, checked, derived."""
    return replay(settings(folder)).pages


WAYS: dict[str, Callable[[Path], int]] = {
    "read and parsed once (warcio, lxml)": parsed_once,
    "read again: checked, figures found": read_again,
    "replayed: recorded, understood, checked": replayed,
}


def run(services: int, nights: int, changed: float) -> Iterator[list[str]]:
    """The rows of the table, the plain parse first."""
    with tempfile.TemporaryDirectory() as folder:
        make(Path(folder), services, nights, changed)
        plain = 0.0
        for name in WAYS:
            command = [sys.executable, "-m", "benchmarks", "replay", "--way", name, "--folder", folder]
            taken = json.loads(subprocess.run(command, stdout=subprocess.PIPE, check=True, text=True).stdout)
            plain = plain or taken["wall"] / taken["pages"]
            yield _row(name, taken, plain)


def _row(name: str, taken: dict[str, float], plain: float) -> list[str]:
    wall, pages = taken["wall"], taken["pages"]
    hours = wall / pages * THREE_YEARS / 3600
    ratio = wall / pages / plain
    return [
        name, f"{ratio:.2f}", f"{pages / wall:.3g}", f"{hours:.3g}", f"{wall:.3g}", f"{taken['cpu']:.3g}",
        f"{taken['rss_mb']:.0f}",
    ]  # fmt: skip


def main() -> None:
    """Run, and print the table."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--services", type=int, default=250)
    parser.add_argument("--nights", type=int, default=30)
    parser.add_argument(
        "--changed", type=float, default=1.0, help="share of the pages that is new each night"
    )
    parser.add_argument("--way", choices=WAYS, help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.way:
        with measured() as taken:
            pages = WAYS[options.way](options.folder)
        print(json.dumps(asdict(taken) | {"pages": pages}))
        return
    names = ["what", "× parsed once", "pages/s", "three years, h", "wall s", "CPU s", "peak MB"]
    print(table(names, list(run(options.services, options.nights, options.changed))))
