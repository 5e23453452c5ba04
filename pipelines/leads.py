"""Where a page leads that gives no figure itself: dashboards, frames, scripts, usual endpoints, Matomo.

Every body is parsed in a worker process, whoever sent it; every request is one of the fetcher's.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Protocol, TypeVar
from urllib.parse import urljoin

from connectors.discovery.dashboards import (
    card_page,
    propose_cards,
    public_address,
    question_page,
    results_of,
)
from connectors.discovery.json_body import propose_json
from connectors.discovery.sight import Sight, dashboards_in, see
from connectors.discovery.trackers import propose_visits, visits_address
from connectors.errors import FetchError, ReadingError
from connectors.extraction import Document
from connectors.extractor import Extractor
from connectors.fetcher import Fetched
from connectors.metabase.address import Shown, shown_at
from connectors.service import Page
from pipelines.discovered import Discovered, understand
from warehouse.snapshots import document as document_of

MOST_FRAMES, MOST_SCRIPTS, MOST_BOARDS = 3, 5, 4
"""Frames and scripts of a page, and dashboards, that are looked into."""

USUAL = (
    "/api/stats?periodicity=month&since=3",
    "/data/stats.json",
    "/documents/stats.json",
    "/stats/digest/",
    "/stats.json",
    "/api/stats",
)
"""Where services publish their statistics for machines; the first is ADEME's convention."""

T = TypeVar("T")
Figures = tuple[Discovered, ...]


class Fetches(Protocol):
    """What fetches an address with the fetcher's manners: the fetcher, or one that keeps record."""

    def fetch(self, url: str, /) -> Fetched:
        """The exchanges that an address led to."""


@dataclass(slots=True)
class Visit:
    """One address visited: what it showed, and every body that gave a figure."""

    fetcher: Fetches
    extractor: Extractor
    document: Document
    sight: Sight
    received: list[Document] = field(default_factory=list)

    @property
    def base(self) -> str:
        """The address that answered."""
        return self.document.final_url or self.document.url

    def figures(self) -> Figures:
        """The figures of the page and of its dashboards; where there are none, those of its leads in turn."""
        found = self._keep(self.document, self.sight) + self._of_boards(self.sight.dashboards, self.document)
        for lead in (self._of_frames, self._of_scripts, self._of_usual_endpoints, self._of_matomo):
            if found:
                break
            found = lead()
        return found

    # ------------------------------------------------------------------------------- leads

    def _of_frames(self) -> Figures:
        """One level down: the figures of framed pages, and of the dashboards that these show."""
        found: Figures = ()
        for address in self.sight.frames[:MOST_FRAMES]:
            inner = self._ask(address)
            sight = self._see(inner) if inner else None
            if inner and sight:
                found += self._keep(inner, sight) + self._of_boards(sight.dashboards, inner)
        return found

    def _of_scripts(self) -> Figures:
        """The dashboards that the page's own scripts name, each under its own address."""
        for address in self.sight.scripts[:MOST_SCRIPTS]:
            script = self._ask(address)
            shown = self._work(dashboards_in, script, self.base) if script else None
            found = self._of_boards(shown or (), None)
            if found:
                return found
        return ()

    def _of_usual_endpoints(self) -> Figures:
        """The first usual endpoint on the page's host that answers with figures."""
        for path in USUAL:
            answer = self._ask(urljoin(self.base, path))
            found = understand(answer.url, self._work(propose_json, answer) or ()) if answer else ()
            if answer and found:
                self.received.append(answer)
                return found
        return ()

    def _of_matomo(self) -> Figures:
        """The visits that the page's tracker counts, where everyone may read them."""
        site = self.sight.tracker
        asked = visits_address(site) if site else None
        answer = self._ask(asked) if asked else None
        if not site or not answer:
            return ()
        found = understand(site, self._work(propose_visits, site, answer) or ())
        self.received += [answer] if found else []
        return found

    # --------------------------------------------------------------------------- dashboards

    def _of_boards(self, shown: Iterable[Shown], embedding: Document | None) -> Figures:
        """The figures of dashboards: under the page that embeds them, else each under its own address."""
        some = list(shown)[:MOST_BOARDS]
        boards = [each for each in some if not each.is_question]
        found: Figures = ()
        if embedding is not None:
            found += self._of_cards(embedding.url, [embedding], boards)
        else:
            for each in boards:
                found += self._of_cards(public_address(each), [], [each])
        for each in some:
            found += self._of_question(each) if each.is_question else ()
        return found

    def _of_cards(self, url: str, first: Sequence[Document], shown: Sequence[Shown]) -> Figures:
        boards = [answer for each in shown if (answer := self._ask(each.address))]
        page = self._work(card_page, url, boards) if boards else None
        if page is None:
            return ()
        return self._proposed(page, [*([] if shown_at(url) else first), *boards])

    def _of_question(self, shown: Shown) -> Figures:
        result = self._ask(shown.address)
        pages = [question_page(shown, dated=dated) for dated in (False, True)]
        return next((found for page in pages if result and (found := self._proposed(page, [result]))), ())

    def _proposed(self, page: Page, documents: Sequence[Document]) -> Figures:
        wanted = self._work(results_of, page, documents) or ()
        received = [*documents, *(answer for each in wanted if (answer := self._ask(each)))]
        found = understand(str(page.url), self._work(propose_cards, page, received) or ())
        self.received += received if found else []
        return found

    # ------------------------------------------------------------------------------- bodies

    def _keep(self, document: Document, sight: Sight) -> Figures:
        found = understand(document.url, sight.proposals)
        self.received += [document] if found else []
        return found

    def _ask(self, url: str) -> Document | None:
        try:
            return document_of(url, self.fetcher.fetch(url).answer)
        except FetchError:
            return None

    def _see(self, document: Document) -> Sight | None:
        return self._work(see, document)

    def _work(self, work: Callable[..., T], *arguments: object) -> T | None:
        """What a worker makes of bodies; nothing where they cost it too much."""
        try:
            return self.extractor.run(work, *arguments).result()
        except ReadingError:
            return None
