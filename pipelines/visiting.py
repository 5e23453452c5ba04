"""Visiting: the pages of a service, fetched, or found in the night's archive; nothing is recorded here."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

from connectors.errors import (
    ConnectorError,
    FetchError,
    Forbidden,
    Gone,
    NotFound,
    NotKept,
    ReadingError,
)
from connectors.extraction import Document
from connectors.extractor import Extractor
from connectors.fetcher import Cookies
from connectors.first_page import withheld
from connectors.service import First, Page, Service
from pipelines.exchanges import Exchanges, WayIn
from warehouse import snapshots
from warehouse.errors import BrokenArchive
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
class _Answer:
    """What one address gave: its body or why there is none, or both when the body says why."""

    document: Document | None = None
    visit: Visit | None = None
    error: ConnectorError | None = None


_Answers = dict[tuple[str, First | None], _Answer]
"""What the addresses of a service gave, each behind the first page that opened it: its pages share them."""


@dataclass(frozen=True, slots=True)
class Visitor:
    """Goes to pages, or finds them in the archive; used by threads, changes nothing."""

    exchanges: Exchanges
    extractor: Extractor

    def visit(self, service: Service) -> list[PageVisit]:
        """Every page of one service, in the order of its file; whatever happens is in the visits."""
        answers: _Answers = {}
        pages = service.on(self.exchanges.night.day).pages
        return [self._page_or_why_not(service.id, page, answers) for page in pages]

    def _page_or_why_not(self, service_id: str, page: Page, answers: _Answers) -> PageVisit:
        try:
            return _Tour(self, service_id, page, answers).run()
        except BrokenArchive as error:
            return PageVisit(page, (), (), NotKept(str(error), url=str(page.url)))
        except Exception as error:  # noqa: BLE001
            # A fault of ours, met on one page, must not cost the others their night.
            sentence = f"The visit of {page.url} failed: {type(error).__name__}: {error}"
            return PageVisit(page, (), (), FetchError(sentence[:500], url=str(page.url)))

    def go(self, service_id: str, url: str, way_in: WayIn, anew: bool = False) -> _Answer:
        """The answer of an address; ``anew`` asks even when the archive has one, on the night itself."""
        asked = self.exchanges.ask(service_id, url, way_in, anew)
        fetched, error = asked.fetched, asked.fetched.error
        if error is None:
            return _Answer(snapshots.document(url, fetched.answer), asked.visit)
        error.args = (withheld(str(error), way_in.token),)
        refused = isinstance(error, (Forbidden, Gone)) and fetched.hops
        document = snapshots.document(url, fetched.hops[-1]) if refused else None
        return _Answer(document, asked.visit, error)


class _Tour:
    """The visit of one page as it goes."""

    def __init__(self, visitor: Visitor, service_id: str, page: Page, answers: _Answers) -> None:
        self.visitor = visitor
        self.service_id = service_id
        self.page = page
        self.answers = answers
        self.way_in = WayIn()
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
        answer = self._noted(self._answer(url))
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
            self.way_in = WayIn(cookies, token)
        return None

    def _first(self, url: str) -> _Answer:
        """The first page, asked anew while what it opens is not in the archive: what opens a page expires."""
        own = self.page.model_copy(update={"first": None})
        opened = self._wants_cookies or self._wants_token
        return self._answer(url, anew=opened and not self._is_kept(self.visitor.extractor.address(own)))

    def _answer(self, url: str, anew: bool = False) -> _Answer:
        """What an address gives: asked once for all pages that lead to it by the same way."""
        if self._is_kept(url) and not anew:
            return self.visitor.go(self.service_id, url, self.way_in)
        key = url, self.page.first if self.way_in else None
        if key not in self.answers:
            self.answers[key] = self.visitor.go(self.service_id, url, self.way_in, anew)
        return self.answers[key]

    def _is_kept(self, url: str) -> bool:
        return self.visitor.exchanges.is_kept(self.service_id, url)

    @property
    def _wants_cookies(self) -> bool:
        return bool(self.page.first and self.page.first.cookie)

    @property
    def _wants_token(self) -> bool:
        return bool(self.page.first and self.page.first.token)
