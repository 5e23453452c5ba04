"""A thousand pages: fetched, archived, read and loaded; beside a Scrapy spider that keeps nothing.

    python -m benchmarks pages [--scrapy /path/to/a/python/with/scrapy]

Each runner is a process of its own, and they take turns in one run, on the same pages of one server.
Both obey robots.txt; ours also leaves a second between it and the page, as it does everywhere.
"""

import argparse
import json
import statistics
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from benchmarks import page_server, world
from benchmarks.measure import spread, table

OURS = "impact, archived, read, loaded"
BUSY = "Scrapy, 64 at once, nothing kept"
BARE = "Scrapy, as it comes (16 at once), nothing kept"

CRAWL = Path(__file__).with_name("scrapy_crawl.py")

Runs = Mapping[str, Sequence[Mapping[str, float]]]


def commands(services: int, port: int, scrapy: str) -> dict[str, list[str]]:
    """What runs, by its name in the table; Scrapy only where it is installed."""
    place = ["--services", str(services), "--port", str(port)]
    found = {OURS: [sys.executable, "-m", "benchmarks", "collecting", *place]}
    if subprocess.run([scrapy, "-c", "import scrapy"], capture_output=True, check=False).returncode == 0:
        found |= {BUSY: [scrapy, str(CRAWL), "64"], BARE: [scrapy, str(CRAWL)]}
    return found


def run(services: int, rounds: int, latency: float, scrapy: str) -> Runs:
    """Every runner once in each round."""
    with page_server.running(services, latency) as port:
        addresses = "\n".join(str(world.service(number, port).pages[0].url) for number in range(services))
        todo = commands(services, port, scrapy)
        runs: dict[str, list[dict[str, float]]] = {name: [] for name in todo}
        for _ in range(rounds):
            for name, command in todo.items():
                runs[name].append(_once(command, addresses, services))
    return runs


def _once(command: Sequence[str], addresses: str, services: int) -> dict[str, Any]:
    done = subprocess.run(command, input=addresses, text=True, stdout=subprocess.PIPE, check=True)
    told: dict[str, Any] = json.loads(done.stdout)
    if told["bytes"] != services * world.PAGE_BYTES:
        raise SystemExit(f"{command[0]} received {told['bytes']} bytes of {services * world.PAGE_BYTES}.")
    return told


def shown(runs: Runs) -> str:
    """The table: ratios of wall time first, each to the Scrapy of its column."""
    names = ["runner", "× Scrapy 64", "× Scrapy 16", "wall s", "CPU s", "peak MB"]
    return table(names, [_row(name, runs) for name in runs])


def _row(name: str, runs: Runs) -> list[str]:
    wall = [one["wall"] for one in runs[name]]
    ratios = [_ratio(wall, runs.get(other)) for other in (BUSY, BARE)]
    cpu, memory = [one["cpu"] for one in runs[name]], [one["rss_mb"] for one in runs[name]]
    return [name, *ratios, spread(wall), spread(cpu), spread(memory, 0)]


def _ratio(wall: Sequence[float], others: Sequence[Mapping[str, float]] | None) -> str:
    if others is None:
        return "no Scrapy"
    return f"{statistics.median(wall) / statistics.median(one['wall'] for one in others):.2f}"


def main() -> None:
    """Run, and print the table."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--services", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--latency", type=float, default=0.2, help="seconds before each answer")
    parser.add_argument("--scrapy", default=sys.executable, help="a Python that has Scrapy")
    options = parser.parse_args()
    print(shown(run(options.services, options.rounds, options.latency, options.scrapy)))
