"""Visiting: the pages of a service, fetched, or found in the night's archive; nothing is recorded here."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass

from connectors.errors import (
    ConnectorError,
    FetchError,
    Forbidden,
    Gone,
    NotFound,
    NotKept,
    NotVisited,
    ReadingError,
)
from connectors.extraction import Document
from connectors.extractor import Extractor
from connectors.fetcher import Cookies, Fetcher
from connectors.first_page import filled, withheld
from connectors.secrets import safe_address
from connectors.service import Page, Service
from warehouse import snapshots
from warehouse.archive import Archive
from warehouse.errors import BrokenArchive
from warehouse.history import Row
from warehouse.night import Night
from warehouse.snapshots import Visit

ROUNDS = 4
"""A page leads to at most this many rounds of addresses (a first page, its own, a dashboard, its cards)."""


@dataclass(frozen=True, slots=True)
class PageVisit:
    """One page: its bodies, the exchanges that are new, and the error that ended it, if one did.

    ``troubles`` are the sentences of addresses that failed: what they would have given is absent.
    """

    page: Page
    documents: tuple[Document, ...]
    visits: tuple[Visit, ...]
    error: ConnectorError | None = None
    troubles: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _WayIn:
    """What a first page gave for the requests after it; it ends with the visit of the page."""

    cookies: Cookies | None = None
    token: str = ""


@dataclass(frozen=True, slots=True)
class _Answer:
    """What one address gave: its body or why there is none, or both when the body says why."""

    document: Document | None = None
    visit: Visit | None = None
    error: ConnectorError | None = None


_Firsts = dict[str, _Answer]
"""The first pages fetched for a service, by address: its pages that share one see the same."""


@dataclass(frozen=True, slots=True)
class Visitor:
    """Goes to pages, or finds them in the archive; used by threads, changes nothing.

    ``kept`` are the night's answers in the archive, by service and address asked.
    """

    fetcher: Fetcher
    extractor: Extractor
    archive: Archive
    night: Night
    kept: Mapping[tuple[str | None, str], Row]

    def visit(self, service: Service) -> list[PageVisit]:
        """Every page of one service, in the order of its file; whatever happens is in the visits."""
        firsts: _Firsts = {}
        return [self._page_or_why_not(service.id, page, firsts) for page in service.on(self.night.day).pages]

    def _page_or_why_not(self, service_id: str, page: Page, firsts: _Firsts) -> PageVisit:
        try:
            return _Tour(self, service_id, page, firsts).run()
        except BrokenArchive as error:
            return PageVisit(page, (), (), NotKept(str(error), url=str(page.url)))
        except Exception as error:  # noqa: BLE001
            # A fault of ours, met on one page, must not cost the others their night.
            sentence = f"The visit of {page.url} failed: {type(error).__name__}: {error}"
            return PageVisit(page, (), (), FetchError(sentence[:500], url=str(page.url)))

    def is_kept(self, service_id: str, url: str) -> bool:
        """Whether the night's archive has an answer."""
        return (service_id, safe_address(url)) in self.kept

    def go(self, service_id: str, url: str, way_in: _WayIn, anew: bool = False) -> _Answer:
        """The answer of an address; ``anew`` asks even when the archive has one, on the night itself."""
        kept = self.kept.get((service_id, safe_address(url)))
        if kept and not (anew and self.night.live):
            snapshot = self.archive.open(snapshots.place_of(kept))
            return _Answer(snapshots.document(url, snapshot))
        if not self.night.live:
            return _Answer(error=NotVisited(f"Nobody collected {url} on {self.night.day}.", url=url))
        return self._fetch(service_id, url, way_in)

    def _fetch(self, service_id: str, url: str, way_in: _WayIn) -> _Answer:
        """Ask for an address; it is known by what the service file says, not by the token of the night."""
        fetched = self.fetcher.fetch(filled(url, way_in.token), way_in.cookies)
        visit = Visit(service_id, url, fetched.hops, (way_in.token,)) if fetched.hops else None
        if fetched.error is None:
            return _Answer(snapshots.document(url, fetched.answer), visit)
        fetched.error.args = (withheld(str(fetched.error), way_in.token),)
        refused = isinstance(fetched.error, (Forbidden, Gone)) and fetched.hops
        document = snapshots.document(url, fetched.hops[-1]) if refused else None
        return _Answer(document, visit, fetched.error)


class _Tour:
    """The visit of one page as it goes."""

    def __init__(self, visitor: Visitor, service_id: str, page: Page, firsts: _Firsts) -> None:
        self.visitor = visitor
        self.service_id = service_id
        self.page = page
        self.firsts = firsts
        self.way_in = _WayIn()
        self.documents: list[Document] = []
        self.visits: list[Visit] = []
        self.troubles: list[str] = []

    def run(self) -> PageVisit:
        """Ask for the page, then for what it leads to."""
        asked: set[str] = set()
        wanted: Sequence[str] = (self.visitor.extractor.address(self.page),)
        for _ in range(ROUNDS):
            wanted = [url for url in wanted if url not in asked]
            for url in wanted:
                asked.add(url)
                error = self._ask(url)
                if error:
                    return PageVisit(self.page, (), tuple(self.visits), error)
            if not wanted:
                break
            wanted = self.visitor.extractor.follow(self.page, tuple(self.documents))
        return PageVisit(self.page, tuple(self.documents), tuple(self.visits), troubles=tuple(self.troubles))

    def _ask(self, url: str) -> ConnectorError | None:
        """Ask for one address; the error is what leaves nothing to read: one card costs no other."""
        if self.page.first and not self.documents:
            return self._enter(url)
        answer = self._noted(self.visitor.go(self.service_id, url, self.way_in))
        if answer.error is None:
            return None
        if answer.document and self.visitor.extractor.understands(self.page, answer.document):
            self.documents.append(answer.document)
        elif len(self.documents) <= bool(self.page.first):
            return answer.error
        self.troubles.append(str(answer.error))
        return None

    def _noted(self, answer: _Answer) -> _Answer:
        if answer.visit:
            self.visits.append(answer.visit)
        if answer.document and answer.error is None:
            self.documents.append(answer.document)
        return answer

    def _enter(self, url: str) -> ConnectorError | None:
        """Visit the first page, and take what it gives; what its body lacks is told by the reading."""
        answer = self._noted(self._first(url))
        if answer.document is None or answer.error:
            return answer.error
        cookies = Cookies(answer.visit.hops) if answer.visit and self._wants_cookies else None
        if cookies and not cookies.header(str(self.page.url)):
            return NotFound(f"the first page {url} sets no cookie for {self.page.url}")
        with suppress(ReadingError):
            token = self.visitor.extractor.found(self.page, answer.document) if self._wants_token else ""
            self.way_in = _WayIn(cookies, token)
        return None

    def _first(self, url: str) -> _Answer:
        """The first page, asked anew while what it opens is not in the archive: what opens a page expires."""
        own = self.page.model_copy(update={"first": None})
        opened = self._wants_cookies or self._wants_token
        if not opened or self.visitor.is_kept(self.service_id, self.visitor.extractor.address(own)):
            return self.visitor.go(self.service_id, url, _WayIn())
        if url not in self.firsts:
            self.firsts[url] = self.visitor.go(self.service_id, url, _WayIn(), anew=True)
        return self.firsts[url]

    @property
    def _wants_cookies(self) -> bool:
        return bool(self.page.first and self.page.first.cookie)

    @property
    def _wants_token(self) -> bool:
        return bool(self.page.first and self.page.first.token)
