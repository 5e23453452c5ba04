"""What Dagster costs: nights through the job, beside the same stages called as plain functions.

    python -m benchmarks orchestration [--sizes 250 1000] [--nights 20 3]

Each way has a warehouse of its own.  Before each night every archive is given the pages of that day,
on which every figure has grown, so that nothing is fetched and everything else is done; the ways then
take turns.  Dagster is measured twice: as ``impact night`` runs it when there is no ``DAGSTER_HOME``,
and with all nights of one size kept by one instance (``pipelines/dagster.yaml``), as in service.
"""

import argparse
import os
import shutil
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import sqlalchemy as sa

from benchmarks import world
from benchmarks.measure import table
from connectors import catalog
from connectors.catalog import Catalog
from connectors.extractor import Extractor
from connectors.fetcher import Fetcher
from connectors.service import Service
from connectors.snapshot import Snapshot
from expectations.judge import judge
from pipelines import definitions, stages
from pipelines.assets import SHARD
from pipelines.collect import Tools, collect
from pipelines.night import run_night
from pipelines.portfolio import take_portfolio
from pipelines.settings import Settings
from warehouse import metrics, observations, snapshots
from warehouse.archive import Archive
from warehouse.database import open_database
from warehouse.night import PARIS, Night
from warehouse.snapshots import Visit

Runner = Callable[[Settings, datetime], None]

INSTANCE = Path(definitions.__file__).with_name("dagster.yaml")

FIRST = datetime(2026, 1, 1, 23, tzinfo=PARIS)


@dataclass(frozen=True)
class Size:
    """The nights of so many services: their seconds, in each way; and the megabytes that Dagster keeps."""

    services: int
    seconds: Mapping[Runner, list[float]]
    kept_mb: float

    def cost(self, runner: Runner) -> list[float]:
        """For each night, what Dagster adds, in milliseconds per service."""
        pairs = zip(self.seconds[runner], self.seconds[plain_night], strict=True)
        return [1000 * (through - plain) / self.services for through, plain in pairs]


@contextmanager
def opened(settings: Settings) -> Iterator[tuple[sa.Engine, Archive]]:
    """The database, closed at the end, and the archive."""
    engine = open_database(settings.database_url)
    try:
        yield engine, Archive(settings.archive)
    finally:
        engine.dispose()


def dagster_night(settings: Settings, at: datetime) -> None:
    """A night through the job."""
    told = run_night(settings, at=at)
    if not told.completed:
        raise SystemExit(f"The night of {at:%Y-%m-%d} did not complete: {' '.join(told.failures)}")


def kept_night(settings: Settings, at: datetime) -> None:
    """The same, kept by an instance beside the warehouse."""
    os.environ["DAGSTER_HOME"] = str(settings.archive.with_name("dagster"))
    try:
        dagster_night(settings, at)
    finally:
        del os.environ["DAGSTER_HOME"]


def plain_night(settings: Settings, at: datetime) -> None:
    """All that a night does, in the order of its assets, called as functions."""
    night = Night.of(at)
    services = catalog.load(settings.services or catalog.SERVICES)
    with opened(settings) as (engine, archive):
        take_portfolio(engine, archive, Fetcher(), settings.portfolio, night)
        stages.derive_from_portfolio(engine, services, night)
        stages.judge_portfolio(engine, night)
        with engine.begin() as connection:
            metrics.declare(connection, services.values(), night)
        for shard in shards(services):
            with Extractor() as readers:
                collect(shard, night, Tools(engine, archive, Fetcher(), readers))
        with engine.begin() as connection:
            observations.tell(connection, services, night)
        stages.judge_figures(engine, services, night)
        stages.derive_growth(engine, services, night)
        stages.derive_qualifications(engine, services, night)


def shards(services: Catalog) -> list[Sequence[Service]]:
    """The services as Dagster's steps share them."""
    return [services.services[start : start + SHARD] for start in range(0, len(services), SHARD)]


def bring(settings: Settings, services: Catalog, day: int) -> None:
    """Put the pages of a day in the archive, as a night that was killed after fetching leaves them."""
    night = Night.of(FIRST + timedelta(days=day))
    visits = [_visit(service, number, night, day) for number, service in enumerate(services.services)]
    with opened(settings) as (engine, archive), archive.lock(), engine.begin() as connection:
        snapshots.keep(connection, archive, night, visits)


def _visit(service: Service, number: int, night: Night, day: int) -> Visit:
    url, body = str(service.pages[0].url), world.small_body(number, day)
    headers = (("Content-Type", "text/html; charset=utf-8"), ("Content-Length", str(len(body))))
    answer = Snapshot(url, night.at, 200, "OK", (("Host", "127.0.0.1"),), headers, body, body)
    return Visit(service.id, url, (answer,))


def nights(count: int, size: int, folder: Path) -> Size:
    """So many nights of so many services, each in the three ways."""
    services = world.services(size, port=80)
    runners = (plain_night, dagster_night, kept_night)
    settings = {runner: _settings(runner, services, folder) for runner in runners}
    taken: dict[Runner, list[float]] = {runner: [] for runner in settings}
    for day in range(count):
        for runner, its in settings.items():
            bring(its, services, day)
            began = time.perf_counter()
            runner(its, FIRST + timedelta(days=day))
            taken[runner].append(time.perf_counter() - began)
    kept = settings[kept_night].archive.with_name("dagster").rglob("*")
    return Size(size, taken, sum(file.stat().st_size for file in kept if file.is_file()) / 1e6)


def _settings(runner: Runner, services: Catalog, folder: Path) -> Settings:
    """A warehouse and an archive of its own, and a Dagster instance."""
    own = folder / runner.__name__
    (own / "dagster").mkdir(parents=True)
    shutil.copy(INSTANCE, own / "dagster")
    portfolio = folder / "portfolio.json"
    portfolio.write_bytes(world.portfolio(len(services)))
    return Settings(
        database_url=f"sqlite:///{own / 'impact.sqlite'}",
        archive=own / "archive",
        portfolio=str(portfolio),
        services=world.write(services, folder / "services"),
        webhook=None,
        pace=0.0,
        deadline=30.0,
    )


def run(sizes: Sequence[int], counts: Sequence[int]) -> list[Size]:
    """Every size, for its number of nights."""
    os.environ.pop("DAGSTER_HOME", None)
    judge("nights", [])  # Great Expectations takes seconds to import: not in the first night
    measured = []
    for size, count in zip(sizes, counts, strict=True):
        with tempfile.TemporaryDirectory() as folder:
            measured.append(nights(count, size, Path(folder)))
    return measured


def shown(sizes: Sequence[Size]) -> str:
    """The table: for each measure the median of all nights; of six or more, of the first and last three."""
    names = ["services", "nights", "what", "all", "first 3", "last 3", "last ÷ first"]
    return table(names, [row for size in sizes for row in _rows(size)])


def _rows(size: Size) -> list[list[str]]:
    measures = {
        "Dagster adds, ms per service": size.cost(dagster_night),
        "Dagster adds when it keeps the nights, ms per service": size.cost(kept_night),
        "a night without Dagster, s": size.seconds[plain_night],
        "a night through Dagster, s": size.seconds[dagster_night],
        "a night that Dagster keeps, s": size.seconds[kept_night],
    }
    count = len(size.seconds[plain_night])
    about = [str(size.services), str(count)]
    return [
        *([*about, what, *_medians(values)] for what, values in measures.items()),
        [*about, "kept by Dagster, MB per night", f"{size.kept_mb / count:.1f}", "", "", ""],
    ]


def _medians(values: Sequence[float]) -> list[str]:
    whole = f"{statistics.median(values):.2f}"
    if len(values) < 6:
        return [whole, "", "", ""]
    first, last = statistics.median(values[:3]), statistics.median(values[-3:])
    return [whole, f"{first:.2f}", f"{last:.2f}", f"{last / first:.2f}"]


def main() -> None:
    """Run, and print the table."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=[250, 1000])
    parser.add_argument("--nights", type=int, nargs="+", default=[20, 3], help="for each size")
    options = parser.parse_args()
    print(shown(run(options.sizes, options.nights)))
