"""The benchmarks still run, on a world that is what it says it is."""

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks import world
from benchmarks.measure import cpu_of_tree, spread, table
from connectors import catalog, portfolio
from connectors.extraction import Document
from connectors.extractor import read_now

ROOT = Path(__file__).parents[2]

pytestmark = pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="the benchmarks need Linux")


def rows(*arguments: str) -> list[list[str]]:
    """The cells of the table that a benchmark prints."""
    command = [sys.executable, "-m", "benchmarks", *arguments]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in done.stdout.splitlines()]


def test_the_pages_are_collected_beside_whatever_there_is() -> None:
    names, _, ours, *others = rows("pages", "--services", "3", "--rounds", "1", "--latency", "0.01")
    assert names == ["runner", "× Scrapy 64", "× Scrapy 16", "wall s", "CPU s", "peak MB"]
    assert ours[0].startswith("impact")
    assert all(float(cell) > 0 for cell in ours[3:])
    assert len(others) in (0, 2)


def test_the_nights_are_run_with_and_without_dagster() -> None:
    names, _, *measures = rows("orchestration", "--sizes", "3", "--nights", "2")
    assert names[:4] == ["services", "nights", "what", "all"]
    assert [row[:2] for row in measures] == [["3", "2"]] * 6
    adds, adds_kept, plain, through, kept, megabytes = (float(row[3]) for row in measures)
    assert min(plain, through, kept, megabytes) > 0
    assert 0 not in (adds, adds_kept)


def test_an_archive_is_replayed_beside_a_plain_parse() -> None:
    names, _, *measures = rows("replay", "--services", "3", "--nights", "2")
    assert names == ["what", "× parsed once", "pages/s", "three years, h", "wall s", "CPU s", "peak MB"]
    assert [row[1] for row in measures[:1]] == ["1.00"]
    assert len(measures) == 3
    for ratio, rate, hours, wall, cpu, peak in (map(float, row[1:]) for row in measures):
        assert min(ratio, rate, hours, wall, peak) > 0
        assert cpu >= 0  # counted in hundredths of a second: a few pages may take none


def test_the_nights_of_a_fleet_that_fails_lose_nothing() -> None:
    names, _, *measures = rows("thousand_nights", "--nights", "4", "--services", "6")
    assert names[:4] == ["nights", "night, ms", "CPU, ms", "database, MB"]
    assert [row[0] for row in measures[:4]] == ["1", "2", "3", "4"]
    assert measures[-3:] == [["nights lost: 0"], ["wrong figures: 0"], ["absences without their reason: 0"]]


def test_which_one_must_be_said() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (
        1,
        "Say which: python -m benchmarks pages|orchestration|replay|collecting|site|thousand_nights\n",
    )


def test_a_page_has_its_weight_and_its_figures() -> None:
    for number, body in ((7, world.body(7)), (8, world.body(8))):
        assert len(body) == world.PAGE_BYTES
        assert read(number, body) == [world.figure(number, place) for place in range(6)]
    assert world.body(7) != world.body(8)


def test_a_small_page_has_the_figures_of_its_day() -> None:
    assert read(7, world.small_body(7, day=3)) == [world.figure(7, place, day=3) for place in range(6)]


def read(number: int, body: bytes) -> list[str]:
    document = Document("", "text/html", body, hashlib.sha256(body).hexdigest())
    service = world.service(number, port=80)
    return [found.exact for found in read_now(service.id, service.pages[0], [document]).extractions]


def test_each_service_has_a_host_a_file_and_a_product(tmp_path: Path) -> None:
    services = world.services(450, port=80)
    assert len(set(world.hosts(450))) == 450
    few = world.services(3, port=80)
    assert list(catalog.load(world.write(few, tmp_path)).services) == list(few.services)
    products = portfolio.read(world.portfolio(450)).products
    assert {product.id for product in products} == set(services)


def test_a_child_that_ended_is_counted() -> None:
    before = cpu_of_tree(os.getpid())
    subprocess.run([sys.executable, "-c", "sum(range(20_000_000))"], check=True)
    assert cpu_of_tree(os.getpid()) > before


def test_a_table_says_the_median_and_the_extremes() -> None:
    assert spread([3.0]) == "3.0"
    assert spread([3.0, 1.0, 2.0]) == "2.0 (1.0–3.0)"
    assert table(["a", "b"], [["one", 2]]) == "| a   | b |\n| --- | - |\n| one | 2 |"
