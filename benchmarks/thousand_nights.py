"""A thousand nights over a fleet that fails at random: nothing lost, nothing wrong.

    python -m benchmarks thousand_nights [--nights 1000] [--services 20]

Each night 5 % of the services fail, each in one of the ways of ``fleet.py``; the choice is seeded, so that
every run is the same.  The web alone is simulated: exchanges are archived, read in a reader process,
understood, judged and derived as on any night.  After each night everything it told is compared with the
truth, which the simulation knows.
"""

import argparse
import random
import statistics
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path

import sqlalchemy as sa

from benchmarks import world
from benchmarks.fleet import Fleet, truth
from benchmarks.measure import table
from connectors.catalog import Catalog
from connectors.extractor import Extractor
from expectations.judge import judge
from pipelines import stages
from pipelines.collect import Tools, collect
from pipelines.portfolio import take_portfolio
from warehouse import metrics, nights, observations, seals
from warehouse.archive import Archive
from warehouse.database import open_database
from warehouse.night import PARIS, Night
from warehouse.observations import Tonight
from warehouse.tables import metadata

FIRST = datetime(2024, 1, 1, 23, tzinfo=PARIS)

SEED = 352


@dataclass
class Record:
    """What was seen of all nights; the lists must stay empty."""

    seconds: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)
    sizes: list[tuple[int, float, float, int]] = field(default_factory=list)
    reasons: Counter[str] = field(default_factory=Counter)
    figures: int = 0
    lost: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    unexplained: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Simulation:
    """A warehouse, and the services that feed it night after night."""

    folder: Path
    engine: sa.Engine
    extractor: Extractor
    services: Catalog
    record: Record

    @property
    def archive(self) -> Archive:
        """Its archive."""
        return Archive(self.folder / "archive")

    def night(self, day: int, dice: random.Random) -> None:
        """One night, measured; then compared with the truth."""
        night = Night.of(FIRST + timedelta(days=day))
        fleet = Fleet(night, day, len(self.services), dice)
        began, used = time.perf_counter(), time.process_time()
        tonight = self._run(night, fleet)
        self.record.seconds.append(time.perf_counter() - began)
        self.record.cpu.append(time.process_time() - used)
        self._compare(night, fleet, tonight)

    def _run(self, night: Night, fleet: Fleet) -> Tonight:
        """All that a night does, in the order of its assets."""
        engine, services, archive = self.engine, self.services, self.archive
        take_portfolio(engine, archive, fleet, str(self.folder / "portfolio.json"), night)
        stages.derive_from_portfolio(engine, services, night)
        stages.judge_portfolio(engine, night)
        with engine.begin() as connection:
            metrics.declare(connection, services.values(), night)
        collect(services.services, night, Tools(engine, archive, fleet, self.extractor))
        with archive.lock(), engine.begin() as connection:
            seals.seal(connection, archive, night)
        with engine.begin() as connection:
            tonight = observations.tell(connection, services, night)
        stages.judge_figures(engine, services, night)
        stages.derive_growth(engine, services, night)
        stages.derive_qualifications(engine, services, night)
        return tonight

    def _compare(self, night: Night, fleet: Fleet, tonight: Tonight) -> None:
        with self.engine.connect() as connection:
            summary = nights.summary(connection, night)
            absent = {
                (row["service_id"], row["metric_id"]): row
                for row in nights.missing(connection, night, tonight)
            }
        # Fewer than half of the services understood is no night to publish: being blocked is then right.
        most_failed = 2 * (len(self.services) - len(fleet.failing)) < len(self.services)
        if summary is None or summary["state"] != ("blocked" if most_failed else "publishable"):
            self.record.lost.append(f"{night.day}: {summary and summary['reason']}")
        shown = {(row["service_id"], row["metric_id"]): row["value"] for row in tonight.rows}
        for number, service in enumerate(self.services.services):
            for place, metric_id in enumerate(world.FIGURES):
                key, way = (service.id, metric_id), fleet.failing.get(number)
                told = absent[key]["reason"] if key in absent else None
                self._compare_one(night, key, shown.get(key), told, way, _value(number, place, fleet.day))

    def _compare_one(
        self,
        night: Night,
        key: tuple[str, str],
        value: Decimal | None,
        told: str | None,
        way: str | None,
        true: Decimal,
    ) -> None:
        about = f"{night.day} {'/'.join(key)}"
        self.record.figures += value is not None
        if value is not None and (value != true or way):
            self.record.wrong.append(f"{about}: {value} for {true} ({way})")
        expected = way.split(":")[0] if way else None
        if told != expected:
            self.record.unexplained.append(f"{about}: {told} for {way}")
        if told:
            self.record.reasons[told] += 1

    def size(self, day: int) -> None:
        """Note how large the database and the archive are, and how many rows there are."""
        database = sum(file.stat().st_size for file in self.folder.glob("impact.sqlite*"))
        archive = sum(file.stat().st_size for file in (self.folder / "archive").rglob("*") if file.is_file())
        with self.engine.connect() as connection:
            counts = (
                connection.scalar(sa.select(sa.func.count()).select_from(each))
                for each in metadata.tables.values()
            )
            self.record.sizes.append(
                (day, database / 1e6, archive / 1e6, sum(count or 0 for count in counts))
            )


def _value(number: int, place: int, day: int) -> Decimal:
    return Decimal(world.figure(number, place, truth(number, day)).replace("\u202f", ""))


def simulate(count: int, services: int, folder: Path) -> Record:
    """So many nights of so many services."""
    judge("nights", [])  # Great Expectations takes seconds to import: not in the first night
    catalog, record, dice = world.services(services, port=80), Record(), random.Random(SEED)
    (folder / "portfolio.json").write_bytes(world.portfolio(services))
    engine = open_database(f"sqlite:///{folder / 'impact.sqlite'}")
    try:
        with Extractor(workers=1) as extractor:
            simulation = Simulation(folder, engine, extractor, catalog, record)
            for day in range(count):
                simulation.night(day, dice)
                if (day + 1) % max(1, count // PARTS) == 0:
                    simulation.size(day + 1)
    finally:
        engine.dispose()
    return record


PARTS = 10
"""The table has so many lines."""


def shown(record: Record) -> str:
    """The table: time and size as a function of the nights; then what was lost, wrong or unexplained."""
    rows, before = [], (0, 0.0, 0.0, 0)
    for size in record.sizes:
        part, new = slice(before[0], size[0]), size[0] - before[0]
        rows.append(
            [
                size[0],
                f"{1000 * statistics.median(record.seconds[part]):.0f}",
                f"{1000 * statistics.median(record.cpu[part]):.0f}",
                f"{size[1]:.1f}",
                f"{1000 * (size[1] - before[1]) / new:.1f}",
                f"{(size[3] - before[3]) / new:.1f}",
                f"{size[2]:.1f}",
            ]
        )
        before = size
    names = [
        "nights",
        "night, ms",
        "CPU, ms",
        "database, MB",
        "kB per night",
        "rows per night",
        "archive, MB",
    ]
    faults = {
        "nights lost": record.lost,
        "wrong figures": record.wrong,
        "absences without their reason": record.unexplained,
    }
    lines = [table(names, rows), ""]
    lines += [
        f"{len(record.seconds):,} nights, {record.figures:,} figures, {record.reasons.total():,} absences."
    ]
    lines += [
        f"{name}: {len(found)}" + "".join(f"\n  {one}" for one in found[:5]) for name, found in faults.items()
    ]
    return "\n".join(lines)


def main() -> None:
    """Run, and print the table; exit status 1 when a night was lost, or anything wrong or unexplained."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--nights", type=int, default=1_000)
    parser.add_argument("--services", type=int, default=20)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        record = simulate(options.nights, options.services, Path(folder))
    print(shown(record))
    raise SystemExit(bool(record.lost or record.wrong or record.unexplained))
