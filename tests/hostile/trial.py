"""One hostile input, led down the whole path of a night: fetched, archived, read, understood.

A trial says what came of it, as lines: ``figure: 83746 dossier`` for what is understood, and
``code: sentence`` for each reason told, in the words that a person reads the next morning.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

import sqlalchemy as sa
import yaml

from connectors.catalog import Catalog, load_file
from connectors.errors import ConnectorError
from connectors.extractor import Extractor
from connectors.fetcher import Fetcher, Manners
from connectors.fetching.addresses import Resolver, system_resolver
from connectors.locators import HtmlLocator, JsonLocator, Locator, TableLocator
from connectors.service import Page, Service
from pipelines.candidates import explore
from pipelines.collect import Tools, collect
from pipelines.errors import NightError
from pipelines.portfolio import take_portfolio
from pipelines.settings import Settings
from pipelines.warc_import import import_files
from tests.connectors.values import page as page_of
from tests.tools.server import Behaviour, Site
from warehouse import metrics, nights, observations
from warehouse.archive import Archive
from warehouse.night import Night

NIGHT = Night.of(datetime(2026, 3, 1, 2, tzinfo=UTC))
SOON = Manners(deadline=1.5, pace=0, attempts=1)
"""For those who would make us wait for ever: the deadline is theirs to wait for."""
IN_TIME = Manners(deadline=60, pace=0, attempts=1)
"""For those who are stopped by something else than the deadline."""

FIGURE = HtmlLocator(css=".n")
CELL = TableLocator(column="n")
VALUE = JsonLocator(value="$.n")
GIVEN = b"<p class=n>83 746</p>"
CELLS = b"nom;n\r\ntotal;83 746"
RIGHT = "figure: 83746 dossier"


@dataclass(frozen=True)
class Bench:
    """A warehouse, an archive and readers for one trial; ``folder`` is its own."""

    folder: Path
    engine: sa.Engine
    extractor: Extractor

    @property
    def archive(self) -> Archive:
        return Archive(self.folder / "archive")

    def tools(self, fetcher: Fetcher) -> Tools:
        return Tools(self.engine, self.archive, fetcher, self.extractor)


Routes = Mapping[str, Behaviour | list[Behaviour]]
"""What a site answers, by path."""


@dataclass(frozen=True)
class Served:
    """The site of a trial, wherever it runs."""

    port: int

    def url(self, host: str = "127.0.0.1", path: str = "/stats") -> str:
        """The address of a page of its own."""
        return f"http://{host}:{self.port}{path}"


@dataclass(frozen=True)
class Trial:
    """``lead`` takes the input through the night and gives the lines told; ``routes`` are served."""

    lead: Callable[[Bench, Served], list[str]]
    routes: Routes = field(default_factory=dict)

    def run(self, bench: Bench) -> list[str]:
        """Serve and lead, in this process."""
        with Site(self.routes) as site:
            return self.lead(bench, Served(site.port))


class Case(NamedTuple):
    """A hostile input and what is told of it: ``code: words of the sentence``.

    Where a page is odd and its figure is right all the same, it is the figure: see ``RIGHT``.
    """

    name: str
    trial: Trial
    told: str


def fetcher(site: Served, manners: Manners, resolve: Resolver = system_resolver) -> Fetcher:
    """A fetcher for which the site, and nothing else of this machine, is on the public web."""
    allowed = [f"127.0.0.1:{site.port}", f"stats.test:{site.port}"]
    return Fetcher(manners=manners, allow_hosts=allowed, clock=lambda: NIGHT.at, resolve=resolve)


def night(bench: Bench, page: Page, fetch: Fetcher) -> list[str]:
    """What a night says of a service that has this page."""
    service = Service(id="hostile", name="Hostile", incubator="ailleurs", pages=(page,))
    catalog = Catalog((service,))
    with bench.engine.begin() as connection:
        metrics.declare(connection, catalog.values(), NIGHT)
    collect(catalog.services, NIGHT, bench.tools(fetch))
    with bench.engine.begin() as connection:
        tonight = observations.tell(connection, catalog, NIGHT)
        missing = nights.missing(connection, NIGHT, tonight)
    figures = [f"figure: {row['value']:f} {row['unit']}" for row in tonight.rows]
    return figures + [f"{row['reason']}: {row['sentence']}" for row in missing]


# ------------------------------------------------------------------------- kinds of trials


def page(
    behave: Behaviour | list[Behaviour],
    locate: Locator = FIGURE,
    *,
    protocol: str = "html",
    manners: Manners = IN_TIME,
    path: str = "/stats",
    others: Mapping[str, Behaviour] = MappingProxyType({}),
) -> Trial:
    """A statistics page that behaves like this; ``others`` are the site's other pages, by path."""

    def lead(bench: Bench, site: Served) -> list[str]:
        return night(bench, page_of(protocol, locate, url=site.url(path=path)), fetcher(site, manners))

    return Trial(lead, {path: behave, **others})


def data(behave: Behaviour, locate: Locator = VALUE) -> Trial:
    """A JSON endpoint that answers like this."""
    return page(behave, locate, protocol="json")


def table(behave: Behaviour) -> Trial:
    """A CSV file that answers like this."""
    return page(behave, CELL, protocol="table")


def address(url: str, *answers: list[str]) -> Trial:
    """A service file whose page is at this address; ``answers`` are what DNS says in turn."""
    file = yaml.safe_dump(
        {"id": "hostile", "name": "Hostile", "incubator": "ailleurs", "pages": [_page_of_file(url)]}
    )

    def lead(bench: Bench, site: Served) -> list[str]:
        path = bench.folder / "hostile.yml"
        path.write_text(file, "utf-8")
        try:
            asked = load_file(path).pages[0]
        except ConnectorError as error:
            return [f"{error.code}: {error}"]
        return night(bench, asked, fetcher(site, SOON, in_turn(answers) if answers else system_resolver))

    return Trial(lead)


def in_turn(answers: Sequence[list[str]]) -> Resolver:
    """A resolver that gives these answers, one at each question."""
    told = list(answers)
    return lambda host, port: told.pop(0)


def _page_of_file(url: str) -> dict[str, Any]:
    metric = page_of("html", FIGURE).metrics["a"].model_dump(mode="json", exclude_defaults=True)
    return {"url": url, "protocol": "html", "metrics": {"a": metric}}


def name(behave: Behaviour, *answers: list[str]) -> Trial:
    """A page on a host of its own name, which DNS gives these addresses in turn."""

    def lead(bench: Bench, site: Served) -> list[str]:
        asked = page_of("html", FIGURE, url=site.url("stats.test"))
        return night(bench, asked, fetcher(site, SOON, in_turn(answers)))

    return Trial(lead, {"/stats": behave})


RELATIONS = {"incubator": {"data": {"type": "incubator", "id": "ailleurs"}}}


def portfolio(stats_url: str) -> Trial:
    """A product of the portfolio that says it publishes its statistics there, and has no service file."""

    product = {"name": "Hostile", "phases": [], "events": [], "stats_url": stats_url}
    told = {"data": [{"id": "hostile", "type": "startup", "attributes": product, "relationships": RELATIONS}]}
    return whole_portfolio(json.dumps(told | {"included": []}).encode())


def whole_portfolio(content: bytes) -> Trial:
    """A portfolio of these bytes; its products are then visited."""

    def lead(bench: Bench, site: Served) -> list[str]:
        file = bench.folder / "portfolio.json"
        file.write_bytes(content)
        fetch = fetcher(site, SOON)
        try:
            take_portfolio(bench.engine, bench.archive, fetch, str(file), NIGHT)
        except NightError as error:
            return [f"refused: {error}"]
        explored = explore(Catalog(()), NIGHT, bench.tools(fetch))
        return [f"{one.outcome}: {one.sentence}" for one in explored]

    return Trial(lead)


def spec(content: bytes) -> Trial:
    """A service file of these bytes."""

    def lead(bench: Bench, site: Served) -> list[str]:
        file = bench.folder / "hostile.yml"
        file.write_bytes(content)
        try:
            return [f"service: {load_file(file).id}"]
        except ConnectorError as error:
            return [f"{error.code}: {error}"]

    return Trial(lead)


def warc(content: bytes) -> Trial:
    """A WARC file of these bytes, imported."""

    def lead(bench: Bench, site: Served) -> list[str]:
        file = bench.folder / "hostile.warc"
        file.write_bytes(content)
        settings = Settings(
            database_url=bench.engine.url.render_as_string(hide_password=False),
            archive=bench.folder / "archive",
        )
        [told] = import_files(settings, [file], at=NIGHT.at).files
        aside = [f"aside: {each}" for each in told.aside]
        return [f"malformed_warc: {told.refused}"] if told.refused else aside or [f"kept: {told.kept}"]

    return Trial(lead)
