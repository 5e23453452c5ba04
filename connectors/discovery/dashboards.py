"""Figures of Metabase that an address shows or a page embeds: cards of one number, and dated series."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from connectors.discovery.meaning import guess_series
from connectors.discovery.periods import dated, latest
from connectors.discovery.proposal import Proposal
from connectors.errors import ReadingError
from connectors.extraction import Document, Extraction
from connectors.extractor import Extractor, read_now
from connectors.locators import CardLocator
from connectors.metabase.address import Shown
from connectors.selectors import label
from connectors.service import Metric, Page
from connectors.text.json_text import parse

NUMBERS = frozenset({"scalar", "smartscalar", "progress", "gauge"})
SERIES = frozenset({"line", "bar", "area", "combo"})
"""Displays of one number, and those that may be of one number for each date."""

MOST_CARDS = 40
"""Cards of one address that are asked for."""


def public_address(shown: Shown) -> str:
    """The address at which people see what is shown."""
    place = re.sub(r"/api/(public|embed)/", r"/\1/", shown.api)
    return re.sub(r"/card/([^/]+)$", r"/question/\1", place)


def card_page(url: str, boards: Sequence[Document]) -> Page | None:
    """A page that names every card of these dashboards once; nothing when they have none."""
    cards = [card for board in boards for card in _cards(board)]
    count = Counter(title for title, _ in cards)
    known = [(title, display) for title, display in cards if count[title] == 1]
    numbers = [CardLocator(card=title) for title, display in known if display in NUMBERS]
    series = [CardLocator(card=title, date=True) for title, display in known if display in SERIES]
    metrics = {f"m{i}": _metric(each) for i, each in enumerate([*numbers, *series])}
    return Page.model_validate({"url": url, "protocol": "metabase", "metrics": metrics}) if metrics else None


def question_page(shown: Shown, *, dated: bool) -> Page:
    """A page for one question: its only number, or one for each date."""
    metric = _metric(CardLocator(date=True) if dated else CardLocator(), shown.title or "question")
    return Page.model_validate(
        {"url": public_address(shown), "protocol": "metabase", "metrics": {"m": metric}}
    )


def _cards(board: Document) -> Iterator[tuple[str, str]]:
    """Title and display of each card of a dashboard."""
    try:
        value = parse(board).value
    except ReadingError:
        return
    for each in _listed(value):
        match each:
            case {"card_id": int(), "card": {"name": str() as name} as card, **more}:
                given = more.get("visualization_settings")
                title = given.get("card.title") if isinstance(given, dict) else None
                yield label(title if isinstance(title, str) else name), str(card.get("display", "scalar"))


def is_board(document: Document) -> bool:
    """Whether a body describes a dashboard: it lists cards, and holds none of their figures."""
    try:
        return any(isinstance(each, dict) and "card_id" in each for each in _listed(parse(document).value))
    except ReadingError:
        return False


def _listed(value: object) -> list[object]:
    found = value.get("dashcards", value.get("ordered_cards")) if isinstance(value, dict) else None
    return found if isinstance(found, list) else []


def _metric(locate: CardLocator, title: str = "") -> Metric:
    return Metric(
        label=title or locate.card or "?",
        unit="?",
        nature="stock",
        dimension="utilisé",
        kind="usage",
        reach="uses",
        locate=locate,
    )


def results_of(page: Page, documents: Sequence[Document]) -> tuple[str, ...]:
    """The addresses of the results that the cards of ``page`` show."""
    return Extractor().follow(page, documents)[:MOST_CARDS]


def propose_cards(page: Page, documents: Sequence[Document]) -> tuple[Proposal, ...]:
    """The figures that the cards of ``page`` show, from all documents received for it."""
    given: dict[str, list[Extraction]] = {}
    for found in read_now("discovered", page, documents).extractions:
        given.setdefault(found.metric_id, []).append(found)
    return tuple(
        _proposal(page.metrics[name], points[at], points)
        for name, points in given.items()
        if (at := _chosen(points)) is not None
    )


def _chosen(points: Sequence[Extraction]) -> int | None:
    """The only point, or that of the latest date."""
    return 0 if len(points) == 1 else latest([(each.period_text or "")[:10] for each in points])


def _proposal(metric: Metric, found: Extraction, points: Sequence[Extraction]) -> Proposal:
    locate = metric.locate
    assert isinstance(locate, CardLocator)
    words = f"{metric.label} {found.exact}"
    return Proposal(
        label=metric.label,
        exact=found.exact,
        locator=locate,
        notation=found.notation,
        around=metric.label,
        unit_words="",
        confidence=0.6 if locate.date else 0.9,
        reasons=("a card with a date in each row" if locate.date else "a card of one number",),
        points=dated(points),
        **guess_series(words, dated=len(points) > 1)._asdict(),
    )
