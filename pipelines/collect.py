"""Collecting: every page of a night, in parallel, archived and read as it comes.

Threads fetch; this thread archives, records, and hands the bodies to the reading
processes.  What is in the archive for this night is read again from there, never fetched.
Nothing that one service does can stop the others: its failure becomes its absences.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field

import sqlalchemy as sa

from connectors.errors import ConnectorError, FetchError, NotVisited
from connectors.extraction import Absence, Document, Reading
from connectors.extractor import Extractor
from connectors.fetcher import Fetcher
from connectors.service import Page, Service
from warehouse import extractions, snapshots
from warehouse.archive import Archive
from warehouse.history import Row
from warehouse.night import Night
from warehouse.snapshots import Visit

THREADS = 64
"""Connections at once; at 64, threads are as fast as an event loop here, and each host is still paced."""

ROUNDS = 3
"""A page leads to at most this many further rounds of addresses (a dashboard, then its cards)."""


@dataclass(frozen=True, slots=True)
class Tools:
    """What collecting works with."""

    engine: sa.Engine
    archive: Archive
    fetcher: Fetcher
    extractor: Extractor


@dataclass(frozen=True, slots=True)
class PageVisit:
    """One page: its bodies, the exchanges that are new, and the error that ended it, if one did."""

    page: Page
    documents: tuple[Document, ...]
    visits: tuple[Visit, ...]
    error: FetchError | None = None


@dataclass(slots=True)
class Outcome:
    """What one night gave of one service."""

    service_id: str
    figures: int = 0
    absent: int = 0
    bytes: int = 0
    status: int | None = None
    sha256: str | None = None
    errors: list[str] = field(default_factory=list)
    reasons: list[str] = field(default_factory=list)

    @property
    def collected(self) -> bool:
        """True when at least one figure was found on its pages."""
        return self.figures > 0


class _Visitor:
    """Goes to pages, or finds them in the archive; used by the threads, changes nothing."""

    def __init__(self, tools: Tools, night: Night) -> None:
        self.tools = tools
        self.night = night
        with tools.engine.connect() as connection:
            self.kept = snapshots.answers(connection, night.day)

    def visit(self, service: Service) -> list[PageVisit]:
        """Every page of one service, in the order of its file."""
        return [self._page(service, page) for page in service.pages]

    def _page(self, service: Service, page: Page) -> PageVisit:
        documents: list[Document] = []
        visits: list[Visit] = []
        addresses: Sequence[str] = (self.tools.extractor.address(page),)
        for _ in range(ROUNDS):
            for url in addresses:
                document, visit, error = self._go(service.id, url)
                visits += [visit] if visit else []
                if document is None:
                    return PageVisit(page, tuple(documents), tuple(visits), error)
                documents.append(document)
            addresses = self.tools.extractor.follow(page, tuple(documents))
            if not addresses:
                break
        return PageVisit(page, tuple(documents), tuple(visits))

    def _go(self, service_id: str, url: str) -> tuple[Document | None, Visit | None, FetchError | None]:
        kept = self.kept.get((service_id, url))
        if kept:
            return self._again(url, kept), None, None
        if not self.night.live:
            return None, None, NotVisited(f"Nobody collected {url} on {self.night.day}.", url=url)
        fetched = self.tools.fetcher.fetch(url)
        visit = Visit(service_id, url, fetched.hops) if fetched.hops else None
        if fetched.error:
            return None, visit, fetched.error
        return snapshots.document(url, fetched.answer), visit, None

    def _again(self, url: str, row: Row) -> Document:
        return snapshots.document(url, self.tools.archive.open(snapshots.place_of(row)))


def collect(
    services: Collection[Service],
    night: Night,
    tools: Tools,
    on_done: Callable[[Outcome], None] = lambda _outcome: None,
) -> list[Outcome]:
    """Visit, archive and read the pages of these services.

    Args:
        services: what to visit.
        night: which night; only on its own day is anything fetched.
        tools: database, archive, fetcher and readers.
        on_done: called with each service's outcome as it comes (progress).

    Returns:
        One outcome per service, sorted by id.

    Raises:
        ArchiveError: the archive cannot be written: what was recorded before stays whole.
        BrokenArchive: bytes that the database records are not there any more.
    """
    with tools.archive.lock():
        with tools.engine.begin() as connection:
            snapshots.clear_torn_tail(connection, tools.archive, night.day)
        outcomes: dict[str, Outcome] = {}
        reading = _Readings(tools, night, outcomes, on_done)
        for batch in _in_parallel(_Visitor(tools, night), services):
            with tools.engine.begin() as connection:
                visits = [visit for _, pages in batch for page in pages for visit in page.visits]
                snapshots.keep(connection, tools.archive, night, visits)
            for service, pages in batch:
                outcomes[service.id] = _outcome(service, pages)
                reading.start(service, pages)
            reading.finish_those_done()
        reading.finish_all()
    return [outcomes[key] for key in sorted(outcomes)]


def _in_parallel(
    visitor: _Visitor, services: Collection[Service]
) -> Iterator[list[tuple[Service, list[PageVisit]]]]:
    """The services as their visits end, in batches of whatever has ended meanwhile."""
    with ThreadPoolExecutor(min(THREADS, max(1, len(services))), thread_name_prefix="visit") as threads:
        running = {threads.submit(visitor.visit, service): service for service in services}
        while running:
            done, _ = wait(running, return_when=FIRST_COMPLETED)
            yield [(running.pop(future), future.result()) for future in done]


def _outcome(service: Service, pages: Iterable[PageVisit]) -> Outcome:
    outcome = Outcome(service.id)
    for page in pages:
        outcome.bytes += sum(len(document.content) for document in page.documents)
        hops = [hop for visit in page.visits for hop in visit.hops]
        outcome.status = hops[-1].status if hops else outcome.status
        outcome.sha256 = page.documents[-1].sha256 if page.documents else outcome.sha256
        outcome.errors += [str(page.error)] if page.error else []
    return outcome


class _Readings:
    """The bodies being read, and what becomes of them."""

    def __init__(
        self, tools: Tools, night: Night, outcomes: dict[str, Outcome], on_done: Callable[[Outcome], None]
    ) -> None:
        self.tools = tools
        self.night = night
        self.outcomes = outcomes
        self.on_done = on_done
        with tools.engine.connect() as connection:
            self.told = extractions.told_services(connection, night.day)
        self.running: dict[str, list[Future[Reading]]] = {}

    def start(self, service: Service, pages: Iterable[PageVisit]) -> None:
        self.running[service.id] = [self._read(service, page) for page in pages]

    def _read(self, service: Service, page: PageVisit) -> Future[Reading]:
        if page.error is None:
            return self.tools.extractor.read(service.id, page.page, page.documents)
        failed: Future[Reading] = Future()
        # A past night keeps the reasons it gave at the time; only a night that knows nothing says so.
        told = isinstance(page.error, NotVisited) and service.id in self.told
        failed.set_result(Reading((), ()) if told else _nothing(service.id, page.page, page.error))
        return failed

    def finish_those_done(self) -> None:
        done = [key for key, futures in self.running.items() if all(future.done() for future in futures)]
        self._finish(done)

    def finish_all(self) -> None:
        for futures in list(self.running.values()):
            wait(futures)
        self._finish(list(self.running))

    def _finish(self, services: Sequence[str]) -> None:
        readings = {key: [future.result() for future in self.running.pop(key)] for key in services}
        with self.tools.engine.begin() as connection:
            extractions.keep(connection, self.night, [one for read in readings.values() for one in read])
        for key, read in readings.items():
            outcome = self.outcomes[key]
            outcome.figures = sum(len(reading.extractions) for reading in read)
            outcome.absent = sum(len(reading.absences) for reading in read)
            outcome.reasons = [absence.sentence for reading in read for absence in reading.absences]
            self.on_done(outcome)


def _nothing(service_id: str, page: Page, error: ConnectorError) -> Reading:
    """Every figure of a page that did not come, absent for one reason."""
    return Reading((), tuple(Absence.because(error, service_id, metric_id) for metric_id in page.metrics))
