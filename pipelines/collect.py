"""Collecting: every page of a night, in parallel, archived and read as it comes.

Threads fetch; this thread archives, records, and hands the bodies to the reading
processes.  What is in the archive for this night is read again from there, never fetched.
Nothing that one service does can stop the others: its failure becomes its absences.
"""

from collections import deque
from collections.abc import Callable, Collection, Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from queue import Empty, SimpleQueue
from time import monotonic

import sqlalchemy as sa

from connectors.errors import ConnectorError, NotKept, NotVisited
from connectors.extraction import Absence, Reading
from connectors.extractor import Extractor
from connectors.fetcher import Fetcher
from connectors.service import Page, Service
from pipelines.exchanges import Exchanges
from pipelines.visiting import PageVisit, Visitor
from warehouse import extractions, snapshots
from warehouse.archive import Archive
from warehouse.errors import Unstorable
from warehouse.night import Night

THREADS = 128
"""Services visited at once.  A visit mostly sleeps: between robots.txt and a page, its host has its pause."""

VISITS = 2 * THREADS
"""Services given to the threads at once: more than they are, so that none waits for this one."""

AT_ONCE = 32
"""The most that is recorded at once: the readers wait for what was visited."""

GATHERING = 0.05
"""Seconds for which what ends is gathered: each recording costs a transaction and a wait for the disk."""

MOST_UNREAD = 64_000_000
"""Bytes that may wait for the readers; while more do, no visit starts."""


@dataclass(frozen=True, slots=True)
class Tools:
    """What collecting works with."""

    engine: sa.Engine
    archive: Archive
    fetcher: Fetcher
    extractor: Extractor
    most_unread: int = MOST_UNREAD


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


OnDone = Callable[[Outcome], None]


def collect(
    services: Collection[Service],
    night: Night,
    tools: Tools,
    on_done: OnDone = lambda _outcome: None,
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
    """
    with tools.archive.lock():
        with tools.engine.begin() as connection:
            snapshots.clear_torn_tail(connection, tools.archive, night.day)
        return _Collection(services, night, tools, on_done).run()


def _outcome(service: Service, pages: Iterable[PageVisit]) -> Outcome:
    outcome = Outcome(service.id)
    for page in pages:
        outcome.bytes += sum(len(document.content) for document in page.documents)
        hops = [hop for visit in page.visits for hop in visit.hops]
        outcome.status = hops[-1].status if hops else outcome.status
        outcome.sha256 = page.documents[-1].sha256 if page.documents else outcome.sha256
        outcome.errors += [str(page.error)] if page.error else page.troubles
    return outcome


@dataclass(frozen=True, slots=True)
class _Visited:
    """The visit of a service has ended."""

    service: Service
    pages: Future[list[PageVisit]]


@dataclass(frozen=True, slots=True)
class _Read:
    """A page of a service has been read."""

    service_id: str


class _Collection:
    """A collection as it goes: what ends in the threads and processes is recorded in this one.

    What has ended meanwhile is recorded together: the slower the disk, the more at once.
    """

    def __init__(self, services: Collection[Service], night: Night, tools: Tools, on_done: OnDone) -> None:
        self.tools = tools
        self.night = night
        self.on_done = on_done
        with tools.engine.connect() as connection:
            kept = snapshots.answers(connection, night.day)
            self.told = extractions.told_services(connection, night.day)
        self.visitor = Visitor(Exchanges(tools.fetcher, tools.archive, night, kept), tools.extractor)
        self.to_visit = deque(services)
        self.visiting = 0
        self.reading: dict[str, list[Future[Reading]]] = {}
        self.unread = 0
        self.outcomes: dict[str, Outcome] = {}
        self.ended: SimpleQueue[_Visited | _Read] = SimpleQueue()

    def run(self) -> list[Outcome]:
        threads = ThreadPoolExecutor(THREADS, "visit")
        try:
            while self.to_visit or self.visiting or self.reading:
                self._start_visits(threads)
                self._record(self._ended())
        finally:
            threads.shutdown(cancel_futures=True)
        return [self.outcomes[key] for key in sorted(self.outcomes)]

    def _start_visits(self, threads: ThreadPoolExecutor) -> None:
        """Enough for no thread to wait for us, unless the readers have enough to do."""
        while self.to_visit and self.visiting < VISITS and self.unread < self.tools.most_unread:
            service = self.to_visit.popleft()
            self.visiting += 1
            threads.submit(self.visitor.visit, service).add_done_callback(self._visit_ended(service))

    def _visit_ended(self, service: Service) -> Callable[[Future[list[PageVisit]]], None]:
        return lambda pages: self.ended.put(_Visited(service, pages))

    def _ended(self) -> list[_Visited | _Read]:
        """What has ended since the last time, at least one."""
        ended = [self.ended.get()]
        until = monotonic() + GATHERING
        with suppress(Empty):
            while len(ended) < AT_ONCE:
                ended.append(self.ended.get(timeout=max(0.0, until - monotonic())))
        return ended

    def _record(self, ended: Sequence[_Visited | _Read]) -> None:
        visited = [(one.service, one.pages.result()) for one in ended if isinstance(one, _Visited)]
        read = self._read_whole({one.service_id for one in ended if isinstance(one, _Read)})
        readings = [reading for each in read.values() for reading in each]
        with self.tools.engine.begin() as connection:
            kept = self._keep(connection, visited)
            extractions.keep(connection, self.night, readings)
        for service, pages in kept:
            self._start_reading(service, pages)
        for service_id, each in read.items():
            self._finish(service_id, each)

    def _keep(
        self, connection: sa.Connection, visited: Sequence[tuple[Service, list[PageVisit]]]
    ) -> Sequence[tuple[Service, list[PageVisit]]]:
        """Archive the visits; where one cannot be kept as it is, its page has that for its reason."""
        try:
            visits = [visit for _, pages in visited for page in pages for visit in page.visits]
            snapshots.keep(connection, self.tools.archive, self.night, visits)
        except Unstorable:  # said before anything is written: again, one page at a time
            return [(service, [self._kept(connection, page) for page in pages]) for service, pages in visited]
        return visited

    def _kept(self, connection: sa.Connection, page: PageVisit) -> PageVisit:
        try:
            snapshots.keep(connection, self.tools.archive, self.night, page.visits)
        except Unstorable as error:
            return PageVisit(page.page, (), (), NotKept(str(error), url=str(page.page.url)))
        return page

    def _read_whole(self, service_ids: Iterable[str]) -> dict[str, list[Reading]]:
        """The readings of those services of which every page has been read by now."""
        asked = (key for key in service_ids if key in self.reading)
        whole = [key for key in asked if all(page.done() for page in self.reading[key])]
        return {key: [page.result() for page in self.reading.pop(key)] for key in whole}

    def _start_reading(self, service: Service, pages: Sequence[PageVisit]) -> None:
        self.visiting -= 1
        self.outcomes[service.id] = _outcome(service, pages)
        self.unread += self.outcomes[service.id].bytes
        self.reading[service.id] = [self._reading(service, page) for page in pages]
        for page in self.reading[service.id]:
            page.add_done_callback(lambda _: self.ended.put(_Read(service.id)))

    def _reading(self, service: Service, page: PageVisit) -> Future[Reading]:
        if page.error is None:
            return self.tools.extractor.read(service.id, page.page, page.documents)
        failed: Future[Reading] = Future()
        # A past night keeps the reasons it gave at the time; only a night that knows nothing says so.
        told = isinstance(page.error, NotVisited) and service.id in self.told
        failed.set_result(Reading((), ()) if told else _nothing(service.id, page.page, page.error))
        return failed

    def _finish(self, service_id: str, readings: Sequence[Reading]) -> None:
        outcome = self.outcomes[service_id]
        self.unread -= outcome.bytes
        outcome.figures = sum(len(reading.extractions) for reading in readings)
        outcome.absent = sum(len(reading.absences) for reading in readings)
        outcome.reasons = [absence.sentence for reading in readings for absence in reading.absences]
        self.on_done(outcome)


def _nothing(service_id: str, page: Page, error: ConnectorError) -> Reading:
    """Every figure of a page that did not come, absent for one reason."""
    return Reading((), tuple(Absence.because(error, service_id, metric_id) for metric_id in page.metrics))
