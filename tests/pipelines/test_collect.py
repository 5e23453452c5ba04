"""A collection lets no more bodies wait than it may, and still comes to its end."""

import time
from collections.abc import Sequence
from concurrent.futures import Future
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pydantic import HttpUrl

from connectors.extraction import Document, Reading
from connectors.extractor import Extractor, read_now
from connectors.fetcher import Fetcher, Manners
from connectors.locators import HtmlLocator
from connectors.service import Metric, Page, Service
from pipelines.collect import VISITS, Tools, collect
from tests.tools.server import Site, answer
from warehouse.archive import Archive
from warehouse.database import open_database
from warehouse.night import Night

COUNT = VISITS + 40


class Hesitant(Extractor):
    """Reads nothing until ``VISITS`` bodies wait; says how many pages had been asked for by then."""

    def __init__(self, site: Site) -> None:
        super().__init__(workers=1)
        self.site = site
        self.asked_by_then = 0
        self.waiting: list[tuple[Future[Reading], str, Page, Sequence[Document]]] = []

    def read(self, service_id: str, page: Page, documents: Sequence[Document]) -> Future[Reading]:
        future: Future[Reading] = Future()
        self.waiting.append((future, service_id, page, documents))
        if len(self.waiting) == VISITS and not self.asked_by_then:
            time.sleep(0.5)  # whoever else is on its way has time to ask
            self.asked_by_then = len([one for one in self.site.requests if one.path != "/robots.txt"])
        if self.asked_by_then:
            for waiting, name, spec, bodies in self.waiting:
                waiting.set_result(read_now(name, spec, bodies))
            self.waiting.clear()
        return future


def service(number: int, site: Site) -> Service:
    metric = Metric(
        label="Dossiers",
        unit="dossier",
        nature="cumulative",
        dimension="utile",
        kind="usage",
        reach="uses",
        locate=HtmlLocator(css="p"),
    )
    page = Page(url=HttpUrl(site.url(f"/stats/{number}")), protocol="html", metrics={"dossiers": metric})
    return Service(id=f"s{number:03}", name="S", incubator="i", pages=(page,))


@pytest.mark.parametrize(("most_unread", "asked_by_then"), [(1, VISITS), (64_000_000, COUNT)])
def test_what_waits_is_bounded_and_every_service_is_collected(
    tmp_path: Path, most_unread: int, asked_by_then: int
) -> None:
    routes = {f"/stats/{number}": answer(b"<p>%d</p>" % number) for number in range(COUNT)}
    engine = open_database(f"sqlite:///{tmp_path / 'impact.sqlite'}")
    with Site(routes) as site, Hesitant(site) as readers:
        fetcher = Fetcher(manners=Manners(pace=0), allow_hosts=[site.authority])
        tools = Tools(engine, Archive(tmp_path / "archive"), fetcher, readers, most_unread)
        services = [service(number, site) for number in range(COUNT)]
        outcomes = collect(services, Night.of(datetime.now(UTC)), tools)
    engine.dispose()
    assert readers.asked_by_then == asked_by_then
    assert [one.service_id for one in outcomes] == [one.id for one in services]
    assert all((one.figures, one.absent, one.errors) == (1, 0, []) for one in outcomes)
