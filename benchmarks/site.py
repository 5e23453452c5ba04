"""The site: what building it costs, and building it again where one service changed.

A synthetic network: so many services of ten figures, each with a value at the end of every month of
three years, each month's page archived.  The rows are written as the nights would have.
"""

import tempfile
from argparse import ArgumentParser
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from benchmarks.measure import measured, table
from connectors.extraction import Extraction, Reading
from connectors.locators import HtmlLocator
from connectors.service import Expect, Metric, Page, Service
from connectors.snapshot import Snapshot
from pipelines.settings import Settings
from pipelines.site.site import build_site
from warehouse import extractions, metrics, nights, observations, snapshots
from warehouse.archive import Archive
from warehouse.database import open_database
from warehouse.night import Night
from warehouse.snapshots import Visit

COUNTS = dict.fromkeys(("services", "reached", "read", "figures", "absent", "held"), 0)


def main() -> None:
    """Print one table."""
    arguments = ArgumentParser(prog="python -m benchmarks site", description=__doc__)
    arguments.add_argument("--services", type=int, default=250)
    arguments.add_argument("--figures", type=int, default=10)
    arguments.add_argument("--months", type=int, default=36)
    given = arguments.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        network = Network(Path(folder), given.services, given.figures)
        for on in nights_of(given.months):
            network.night(on)
        print(
            table(("what", "wall s", "CPU s", "files written", "files kept", "MB"), list(runs(network, on)))
        )


def runs(network: "Network", last: Night) -> Iterator[tuple[Any, ...]]:
    """The first building, one of the same night, and one of the night after, when one service changed."""
    after = Night.of(last.at + timedelta(days=1))
    yield network.run("from nothing", last)
    yield network.run("again, nothing changed", last)
    network.night(after, changed=1)
    yield network.run("the next night, one service changed", after)


def nights_of(months: int) -> Iterator[Night]:
    """The last night of so many months, up to December 2023."""
    for month in range(12 * 2024 - months + 1, 12 * 2024 + 1):
        first = date(month // 12, month % 12 + 1, 1)
        yield Night.of(datetime.combine(first - timedelta(1), datetime.min.time(), UTC) + timedelta(hours=3))


class Network:
    """A warehouse, an archive and a site."""

    def __init__(self, folder: Path, services: int, figures: int) -> None:
        self.folder = folder
        self.settings = Settings(
            database_url=f"sqlite:///{folder / 'impact.sqlite'}", archive=folder / "archive"
        )
        self.engine = open_database(self.settings.database_url)
        self.archive = Archive(self.settings.archive)
        self.services = [_service(number, figures) for number in range(services)]
        self.month = 0

    def night(self, on: Night, changed: int | None = None) -> None:
        """All services print their figures of the night; only the first ones ``changed``, when given."""
        self.month += 1
        by_id = {service.id: service for service in self.services}
        with self.engine.begin() as connection:
            metrics.declare(connection, self.services, on)
            printed = [
                _printed(service, number, self._month(number, changed), on)
                for number, service in enumerate(self.services)
            ]
            snapshots.keep(connection, self.archive, on, [visit for visit, _ in printed])
            extractions.keep(connection, on, [reading for _, reading in printed])
            observations.tell(connection, by_id, on)
            said = {
                "portfolio_sha256": None,
                "portfolio_trouble": None,
                "state": "publishable",
                "reason": None,
            }
            nights.close(connection, on, COUNTS | said)

    def _month(self, number: int, changed: int | None) -> int:
        return self.month if changed is None or number < changed else self.month - 1

    def run(self, what: str, on: Night) -> tuple[Any, ...]:
        """One building, measured."""
        site = self.folder / "site"
        with measured() as taken:
            built = build_site(self.settings, site, on.at)
        weight = sum(file.stat().st_size for file in site.rglob("*") if file.is_file()) / 1e6
        return what, f"{taken.wall:.1f}", f"{taken.cpu:.1f}", len(built.written), built.kept, f"{weight:.0f}"


def _service(number: int, figures: int) -> Service:
    page = Page(
        url=f"https://service-{number:03}.example/stats",
        protocol="html",
        metrics={f"chiffre_{place}": _metric(place) for place in range(figures)},
    )
    name = f"service-{number:03}"
    return Service(id=name, name=name, incubator=f"incubateur-{number % 20}", pages=(page,))


def _metric(place: int) -> Metric:
    return Metric(
        label=f"Dossiers de la sorte {place}",
        unit="dossier",
        nature="cumulative",
        dimension="utilisé",
        kind="usage",
        reach="people",
        headline=place == 0,
        locate=HtmlLocator(css=f"#c{place} b"),
        expect=Expect(min=Decimal(1)),
    )


def _printed(service: Service, number: int, month: int, on: Night) -> tuple[Visit, Reading]:
    """A page and what is read on it: the same words for the same month."""
    page = service.pages[0]
    url = str(page.url)
    figures = {key: _figure(number, place, month) for place, key in enumerate(page.metrics)}
    lines = [
        f"<p id=c{place}>Dossiers déposés : <b>{figure}</b> dossiers</p>"
        for place, figure in enumerate(figures.values())
    ]
    body = ("<!DOCTYPE html><html lang=fr><main>" + "\n".join(lines) + "</main></html>").encode()
    headers = (("Content-Type", "text/html; charset=utf-8"),)
    shot = Snapshot(url, on.at, 200, "OK", (), headers, body, body)
    text = "\n".join(f"Dossiers déposés : {figure} dossiers" for figure in figures.values())
    found = [
        _extraction(service, key, place, figure, shot, text)
        for place, (key, figure) in enumerate(figures.items())
    ]
    return Visit(service.id, url, (shot,)), Reading(tuple(found), ())


def _figure(number: int, place: int, month: int) -> str:
    return f"{1_000_000 + 7_919 * number + 101 * place + 1_300 * month:,}".replace(",", "\u202f")


def _extraction(service: Service, key: str, place: int, figure: str, shot: Snapshot, text: str) -> Extraction:
    start = text.index(figure)
    return Extraction(
        service_id=service.id,
        metric_id=key,
        body_sha256=shot.sha256,
        locator_kind="css",
        locator=f"#c{place} b",
        exact=figure,
        prefix="Dossiers déposés : ",
        suffix=" dossiers",
        start=start,
        end=start + len(figure),
        notation="french",
        period_text=None,
        spec_version=service.pages[0].version,
        reader="html/1",
    )
