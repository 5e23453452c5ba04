"""One collection of the benchmark's pages, in a process of its own; prints what it took as JSON."""

import argparse
import json
import tempfile
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

from benchmarks import world
from benchmarks.measure import measured
from connectors.extractor import Extractor
from connectors.fetcher import Fetcher
from pipelines.collect import Tools, collect
from warehouse.archive import Archive
from warehouse.database import open_database
from warehouse.night import Night


def collect_pages(services: int, port: int, folder: Path) -> dict[str, float]:
    """Fetch, archive, read and load the pages of so many services served at ``port``."""
    catalog = world.services(services, port)
    engine = open_database(f"sqlite:///{folder / 'impact.sqlite'}")
    fetcher = Fetcher(allow_hosts=list(world.hosts(services)))
    with measured() as taken, Extractor() as readers:
        tools = Tools(engine, Archive(folder / "archive"), fetcher, readers)
        outcomes = collect(list(catalog.values()), Night.of(datetime.now(UTC)), tools)
    told = {"figures": sum(one.figures for one in outcomes), "bytes": sum(one.bytes for one in outcomes)}
    return asdict(taken) | told


def main() -> None:
    """Collect once."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--services", type=int, required=True)
    parser.add_argument("--port", type=int, required=True)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        print(json.dumps(collect_pages(options.services, options.port, Path(folder))))
