"""Importing captures made by any tool: each is kept, read and understood as a visit of its own date.

What is captured decides, not what should have been: an address nobody captured is no absence here,
and nothing is ever fetched.  A night that is imported is not judged as a whole.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import sqlalchemy as sa

from connectors.catalog import Catalog
from connectors.clock import utc_now
from connectors.errors import NotVisited
from connectors.extraction import Absence, Document, Reading
from connectors.extractor import Extractor
from connectors.fetcher import refusal
from connectors.secrets import safe_address, without_tokens
from connectors.service import Page, Service
from connectors.snapshot import Snapshot
from pipelines import late
from pipelines.night import ONE_NIGHT
from pipelines.services import services_of
from pipelines.settings import Settings
from pipelines.visiting import ROUNDS
from warehouse import extractions, metrics, seals, snapshots
from warehouse.archive import Archive
from warehouse.database import opened
from warehouse.errors import MalformedWarc, Unstorable
from warehouse.history import Row
from warehouse.night import Night, paris_day
from warehouse.snapshots import Visit
from warehouse.warc_import import Capture, Captures, WarcFile, archived

CHAIN = timedelta(minutes=10)
"""A redirect leads to a capture of its target made by the same tool, at most this much later."""

MOST_HOPS = 6
_PORTS = {"http": 80, "https": 443}

Address = tuple[str, int | None, str, str]
"""What two addresses of one page share: host, unusual port, path without its last slash, query."""


@dataclass(slots=True)
class FileTold:
    """What became of one file.

    ``records`` of every kind; ``captures`` of web pages; ``kept`` are those that were new, ``known`` those
    that were on record (or twice in the file: same address, second and answer); ``nights`` are the days
    that the file tells something of; ``figures`` were found on its pages.  ``refused`` says why
    nothing of it was kept; ``aside`` why single captures were not; ``foreign`` are the addresses that no
    service file names; ``tolerated`` are pairs (as captured, as the service file says).
    """

    path: Path
    records: int = 0
    captures: int = 0
    kept: int = 0
    known: int = 0
    figures: int = 0
    nights: set[date] = field(default_factory=set)
    refused: str | None = None
    aside: list[str] = field(default_factory=list)
    foreign: list[str] = field(default_factory=list)
    tolerated: set[tuple[str, str]] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of an import.

    ``figures`` are those understood on the nights imported, ``held`` those of them that a check holds
    back; ``blocked`` is the last night when it was blocked: then nothing was derived.
    """

    files: tuple[FileTold, ...]
    figures: int
    held: int
    blocked: date | None

    @property
    def refused(self) -> list[FileTold]:
        """The files of which nothing was kept."""
        return [file for file in self.files if file.refused]


def import_files(settings: Settings, files: Sequence[Path], *, at: datetime | None = None) -> Imported:
    """Import WARC files; those that are not sound are refused, the others are imported.

    Args:
        settings: where everything is.
        files: any number of WARC files; a revisit may repeat what is in another of them.
        at: the moment at which we learn of it; the real one when not given.

    Raises:
        InvalidSpec: a service file cannot be used.
        ArchiveError: the archive is busy, full or unwritable.
        DatabaseUnavailable: the database cannot be opened.
    """
    services = services_of(settings)
    now = Night.of(at or utc_now())
    archive = Archive(settings.archive)
    with ExitStack() as stack:
        stack.enter_context(archive.lock(ONE_NIGHT))
        engine = stack.enter_context(opened(settings.database_url))
        told = {path: FileTold(path) for path in files}
        sound = list(_sound(told.values(), stack))
        import_ = _Import(engine, archive, services, now, told)
        if not sound:
            return Imported(tuple(told.values()), 0, 0, None)
        return import_.run(Captures(sound, import_.archived))


def _sound(files: Iterable[FileTold], stack: ExitStack) -> Iterator[WarcFile]:
    for told in files:
        try:
            file = stack.enter_context(WarcFile(told.path))
        except MalformedWarc as error:
            told.refused = f"{error} {error.advice}"
        except OSError as error:
            told.refused = f"{told.path} cannot be read: {error.strerror}."
        else:
            told.records, told.captures = file.records, len(file.captures)
            yield file


def address_of(url: str) -> Address:
    """The address without scheme, fragment and last slash: what captures of one page share.

    >>> address_of("http://a.fr/stats/#top") == address_of("https://A.fr/stats")
    True
    """
    try:
        parts = urlsplit(url)
        port = parts.port if parts.port != _PORTS.get(parts.scheme) else None
    except ValueError:  # no address at all: like itself only
        return ("", None, url, "")
    return (parts.hostname or "", port, parts.path.rstrip("/"), parts.query)


class _Import:
    """An import as it goes, night after night, oldest first."""

    def __init__(
        self, engine: sa.Engine, archive: Archive, services: Catalog, now: Night, told: dict[Path, FileTold]
    ) -> None:
        self.engine = engine
        self.archive = archive
        self.services = services
        self.now = now
        self.told = told

    def run(self, captures: Captures) -> Imported:
        by_day = self._by_day(captures)
        with self.engine.begin() as connection:
            metrics.declare(connection, self.services.values(), self.now)
        days = []
        with Extractor() as extractor:
            for day in sorted(by_day):
                night = _ImportedNight(self, Night(day, self.now.at), by_day[day], captures, extractor)
                days += [day] if night.run() else []
        figures, held = late.understand(self.engine, self.services, days, self.now.at)
        blocked = late.derive(self.engine, self.services, self.now)
        self._seal(days)
        return Imported(tuple(self.told.values()), figures, held, blocked)

    def _by_day(self, captures: Captures) -> dict[date, list[Capture]]:
        by_day: dict[date, list[Capture]] = defaultdict(list)
        for capture in sorted(captures.all, key=lambda one: one.at):
            if capture.at > self.now.at:
                self.leave(capture, "its date is in the future")
            else:
                by_day[paris_day(capture.at)].append(capture)
        return by_day

    def _seal(self, days: Iterable[date]) -> None:
        for day in days:
            with self.archive.lock(), self.engine.begin() as connection:
                seals.seal(connection, self.archive, Night(day, self.now.at))

    def archived(self, revisit: Capture) -> Snapshot | None:
        """What a revisit repeats, in our own archive."""
        with self.engine.connect() as connection:
            return archived(connection, self.archive, revisit)

    def leave(self, capture: Capture, why: str) -> None:
        """Note why one capture is not kept."""
        self.told[capture.file].aside.append(f"{capture.url} (byte {capture.offset}): {why}")


@dataclass(slots=True)
class _PageRead:
    """A page as the captures of one day show it: from which files, its bodies, and the exchanges."""

    service: Service
    page: Page
    files: set[Path] = field(default_factory=set)
    documents: list[Document] = field(default_factory=list)
    visits: list[Visit] = field(default_factory=list)


class _ImportedNight:
    """The captures of one day: kept in the archive of that night, then read."""

    def __init__(
        self,
        import_: _Import,
        night: Night,
        captures: Sequence[Capture],
        source: Captures,
        extractor: Extractor,
    ) -> None:
        self.import_ = import_
        self.night = night
        self.captures = captures
        self.source = source
        self.extractor = extractor
        self.loaded: dict[Capture, Snapshot | None] = {}
        self.used: set[Capture] = set()
        self.answers: dict[tuple[str | None, str], Row] = {}
        self.by_address: dict[Address, list[Capture]] = defaultdict(list)
        for capture in captures:
            self.by_address[address_of(capture.url)].append(capture)

    def run(self) -> bool:
        """Keep and read; True when something of this day belongs to a service."""
        archive, engine = self.import_.archive, self.import_.engine
        with archive.lock():
            with engine.begin() as connection:
                snapshots.clear_torn_tail(connection, archive, self.night.day)
            with engine.begin() as connection:
                self.answers = snapshots.answers(connection, self.night.day)
                pages = [read for read in self._pages(connection) if read.files]
        self._tell_foreign()
        readings = [(read, self._reading(read)) for read in pages]
        with engine.begin() as connection:
            extractions.keep(connection, self.night, [self._counted(*each) for each in readings])
        return bool(pages)

    def _pages(self, connection: sa.Connection) -> Iterator[_PageRead]:
        for service in self.import_.services.values():
            for page in service.on(self.night.day).pages:
                read = _PageRead(service, page)
                self._collect(connection, read)
                yield read

    def _collect(self, connection: sa.Connection, read: _PageRead) -> None:
        """Keep what was captured of a page and of what follows from it; its bodies are the night's."""
        asked: set[str] = set()
        addresses: Sequence[str] = (self.extractor.address(read.page),)
        for _ in range(ROUNDS):
            for url in addresses:
                self._keep(connection, read, url)
                read.documents += self._documents(read.service, url)
            asked |= set(addresses)
            followed = self.extractor.follow(read.page, tuple(read.documents)) if read.documents else ()
            addresses = [url for url in followed if url not in asked]
            if not addresses:
                return

    def _keep(self, connection: sa.Connection, read: _PageRead, url: str) -> None:
        """Keep every capture of an address, each with the captures that it redirects to."""
        passed: set[Capture] = set()
        for capture in self.by_address.get(address_of(url), ()):
            chain = {} if capture in passed else self._chain(capture)
            visit = Visit(read.service.id, url, tuple(chain.values()))
            if chain and self._is_kept(connection, capture, visit):
                read.visits.append(visit)
                read.files.add(capture.file)
                passed.update(chain)
        self.used |= passed
        if passed:
            self.answers = snapshots.answers(connection, self.night.day)

    def _is_kept(self, connection: sa.Connection, capture: Capture, visit: Visit) -> bool:
        told = self.import_.told[capture.file]
        try:
            new = snapshots.keep(connection, self.import_.archive, self.night, [visit])
        except Unstorable as error:
            self._leave(capture, error)
            return False
        told.kept += new
        told.known += len(visit.hops) - new
        told.nights.add(self.night.day)
        if capture.url.partition("#")[0] != visit.asked_url.partition("#")[0]:
            told.tolerated.add((capture.url, visit.asked_url))
        return True

    def _documents(self, service: Service, url: str) -> list[Document]:
        """The last good answer of an address on this night, whoever saw it; none when there is none."""
        row = self.answers.get((service.id, safe_address(url)))
        if row is None:
            return []
        return [snapshots.document(url, self.import_.archive.open(snapshots.place_of(row)))]

    def _chain(self, capture: Capture) -> dict[Capture, Snapshot]:
        """A capture and those that it redirects to, in order; none when it cannot be kept itself."""
        chain: dict[Capture, Snapshot] = {}
        onward: Capture | None = capture
        while onward and onward not in chain and len(chain) < MOST_HOPS:
            snapshot = self._snapshot(onward)
            if snapshot is None:
                break
            chain[onward] = snapshot
            onward = self._redirected(capture, snapshot)
        return chain

    def _redirected(self, first: Capture, snapshot: Snapshot) -> Capture | None:
        if not (300 <= snapshot.status < 400 and snapshot.location):
            return None
        target = _target(snapshot)
        near = (
            one
            for one in self.by_address.get(address_of(target), ())
            if one.url.partition("#")[0] == target and first.at <= one.at <= first.at + CHAIN
        )
        return next(near, None)

    def _snapshot(self, capture: Capture) -> Snapshot | None:
        if capture not in self.loaded:
            try:
                self.loaded[capture] = self.source.snapshot(capture)
            except Unstorable as error:
                self.loaded[capture] = None
                self._leave(capture, error)
        return self.loaded[capture]

    def _leave(self, capture: Capture, error: Unstorable) -> None:
        self.used.add(capture)
        self.import_.leave(capture, str(error))

    def _tell_foreign(self) -> None:
        for capture in self.captures:
            if capture not in self.used:
                self.import_.told[capture.file].foreign.append(capture.url)

    def _reading(self, read: _PageRead) -> Future[Reading]:
        if read.documents:
            return self.extractor.read(read.service.id, read.page, read.documents)
        failed: Future[Reading] = Future()
        failed.set_result(_absent(read, self.night.day))
        return failed

    def _counted(self, read: _PageRead, reading: Future[Reading]) -> Reading:
        """The reading; its figures are told of each file that shows the page."""
        for path in read.files:
            self.import_.told[path].figures += len(reading.result().extractions)
        return reading.result()


def _target(snapshot: Snapshot) -> str:
    """Where a redirect leads, without fragment; empty when that is no address."""
    try:
        return urljoin(snapshot.url, snapshot.location or "").partition("#")[0]
    except ValueError:
        return ""


def _absent(read: _PageRead, day: date) -> Reading:
    """Every figure of a page whose captures are no answer, absent for the reason of the last one."""
    last = read.visits[-1].hops[-1]
    error = refusal(last, urlsplit(last.url).netloc)
    if 300 <= last.status < 400:
        sentence = f"{last.url} redirects to {_target(last) or 'nowhere'}, which nobody captured on {day}."
        error = NotVisited(sentence, url=last.url, status=last.status)
    assert error is not None
    absences = (Absence.because(error, read.service.id, metric_id) for metric_id in read.page.metrics)
    return Reading((), tuple(absences))


# In words.

SHOWN = 10
"""Single captures told one by one, of each kind; the others are counted."""


def in_words(imported: Imported) -> Iterator[str]:
    """What became of an import, line by line."""
    for file in imported.files:
        yield from _file_in_words(file)
    if len(imported.refused) < len(imported.files):
        yield f"{_many(imported.figures, 'figure')} understood, {imported.held} held back by a check."
    if imported.blocked:
        yield (
            f"The night of {imported.blocked} was blocked: growth and qualifications stay as they were "
            "until a night passes."
        )


def _file_in_words(file: FileTold) -> Iterator[str]:
    if file.refused:
        yield f"{file.path}: refused."
        return
    days = sorted(file.nights)
    span = f" ({days[0]} to {days[-1]})" if days else ""
    yield (
        f"{file.path}: {_many(file.records, 'record')}, {_many(file.captures, 'capture')}, {file.kept} kept, "
        f"{_many(len(days), 'night')}{span}, {_many(file.figures, 'figure')} found."
    )
    if file.known:
        yield f"  already on record: {file.known}"
    tolerated = [f"{captured} for {asked}" for captured, asked in sorted(file.tolerated)]
    yield from _listed("taken for the address of a service file", tolerated)
    yield from _listed("left aside", file.aside)
    yield from _listed("not in any service file", sorted(set(file.foreign)), len(file.foreign))


def _many(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"


def _listed(what: str, items: Sequence[str], count: int | None = None) -> Iterator[str]:
    if items:
        yield f"  {what}: {count or len(items)}"
        yield from (f"    {without_tokens(item)}" for item in items[:SHOWN])
        if len(items) > SHOWN:
            yield f"    and {len(items) - SHOWN} more"
