"""Reading again: the pages of a past night, from the archive alone.

Nothing is fetched and nothing is recorded here.  What a page gives depends on its bodies and on its
version in the service file only, so that a page that did not change is read once.
"""

from collections import OrderedDict
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import Future
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any

import sqlalchemy as sa

from connectors.catalog import Catalog
from connectors.errors import ConnectorError
from connectors.extraction import Document, Reading
from connectors.extractor import Extractor
from connectors.fetcher import Fetcher
from connectors.service import Page, Service
from pipelines.exchanges import Exchanges
from pipelines.visiting import Visitor
from warehouse import snapshots
from warehouse.archive import Archive
from warehouse.history import Row
from warehouse.night import PARIS, Night
from warehouse.tables import snapshots as snapshot_table

REMEMBERED = 4096
"""Readings that are kept for pages that come again."""

Rows = Mapping[tuple[str | None, str], Row]
"""Rows of ``snapshots`` by service and address asked."""


@dataclass(frozen=True, slots=True)
class Answers:
    """What a night has in the archive: the good answers, and the refusals of addresses that gave none."""

    good: Rows
    refused: Rows


def answers(connection: sa.Connection, day: date) -> Answers:
    """What the archive has of a night, as the database knows it now."""
    last = sa.select(snapshot_table).where(snapshot_table.c.night == day, snapshot_table.c.answer)
    rows = connection.execute(last.order_by(snapshot_table.c.fetched_at, snapshot_table.c.id)).mappings()
    ends = {(row["service_id"], row["asked_url"]): dict(row) for row in rows if row["status"] >= 400}
    good = snapshots.answers(connection, day)
    return Answers(good, {about: row for about, row in ends.items() if about not in good})


@dataclass(frozen=True, slots=True)
class PageAgain:
    """A page of a past night: what its bodies give, or why there is none (``NotVisited``, ``NotKept``)."""

    service: Service
    page: Page
    reading: Future[Reading] | None
    error: ConnectorError | None


@dataclass(frozen=True, slots=True)
class _LookingBack(Visitor):
    """Goes to the archive only; a refusal is an answer where its protocol understands it, as on the night."""

    refused: Rows

    def go(self, service_id: str, url: str, way_in: Any, anew: bool = False) -> Any:
        """What the night had for an address, a refusal's body included."""
        answer = Visitor.go(self, service_id, url, way_in, anew)
        row = self.refused.get((service_id, url))
        if row is None or answer.error is None:
            return answer
        snapshot = self.exchanges.archive.open(snapshots.place_of(row))
        return replace(answer, document=snapshots.document(url, snapshot))


class Rereader:
    """Reads past nights again; the reading processes work while this one opens bodies."""

    def __init__(self, archive: Archive, extractor: Extractor) -> None:
        self._archive = archive
        self._extractor = extractor
        self._fetcher = Fetcher()
        self._known: OrderedDict[tuple[object, ...], Future[Reading]] = OrderedDict()
        self.pages = 0

    def night(self, services: Catalog, day: date, kept: Answers) -> list[PageAgain]:
        """Every page of a night that these services have, read as they say; the futures never raise."""
        exchanges = Exchanges(self._fetcher, self._archive, looked_back_at(day), kept.good)
        visitor = _LookingBack(exchanges, self._extractor, kept.refused)
        visited = {service_id for service_id, _ in (*kept.good, *kept.refused)}
        return [
            self._page(service, visit.page, visit.documents, visit.error)
            for service in services.services
            if service.id in visited
            for visit in visitor.visit(service)
        ]

    def _page(
        self, service: Service, page: Page, documents: tuple[Document, ...], error: ConnectorError | None
    ) -> PageAgain:
        self.pages += error is None
        reading = self._reading(service.id, page, documents) if error is None else None
        return PageAgain(service, page, reading, error)

    def _reading(self, service_id: str, page: Page, documents: tuple[Document, ...]) -> Future[Reading]:
        bodies = tuple(
            (one.url, one.final_url, one.status, one.content_type, one.sha256, one.unframed)
            for one in documents
        )
        key = (service_id, str(page.url), page.version, bodies)
        if key not in self._known:
            self._known[key] = self._extractor.read(service_id, page, documents)
            while len(self._known) > REMEMBERED:
                self._known.popitem(last=False)
        self._known.move_to_end(key)
        return self._known[key]


def looked_back_at(day: date) -> Night:
    """A night seen from the day after: nothing of it can be fetched any more."""
    return Night(day, datetime.combine(day + timedelta(days=1), time(12), PARIS))


def readings(pages: Iterable[PageAgain]) -> Iterator[Reading]:
    """What the pages gave, waiting for each."""
    for page in pages:
        if page.reading is not None:
            yield page.reading.result()
