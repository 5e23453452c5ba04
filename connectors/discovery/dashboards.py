"""Figures of the Metabase dashboards that an address shows or a page embeds: the cards of one number."""

from collections import Counter
from collections.abc import Iterator, Sequence

from connectors.discovery.meaning import guess
from connectors.discovery.proposal import Proposal
from connectors.errors import ReadingError
from connectors.extraction import Document, Extraction
from connectors.extractor import read_now
from connectors.metabase.address import Shown, shown_at, shown_on
from connectors.selectors import label
from connectors.service import CardLocator, Metric, Page
from connectors.text.html_text import decode
from connectors.text.json_text import parse

NUMBERS = frozenset({"scalar", "smartscalar", "progress", "gauge"})
"""Displays of one number."""


def dashboards(document: Document, url: str) -> list[Shown]:
    """What of Metabase stands at ``url``, or on the page that answered there."""
    shown = shown_at(url)
    return [shown] if shown else shown_on(decode(document), url)


def card_page(url: str, boards: Sequence[Document]) -> Page | None:
    """A page that names every card of these dashboards once; nothing when they have none."""
    cards = [card for board in boards for card in _cards(board)]
    count = Counter(title for title, _ in cards)
    numbers = [title for title, display in cards if count[title] == 1 and display in NUMBERS]
    metrics = {f"m{i}": _metric(title) for i, title in enumerate(numbers)}
    return Page.model_validate({"url": url, "protocol": "metabase", "metrics": metrics}) if metrics else None


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


def _listed(value: object) -> list[object]:
    found = value.get("dashcards", value.get("ordered_cards")) if isinstance(value, dict) else None
    return found if isinstance(found, list) else []


def _metric(title: str) -> Metric:
    locate = CardLocator(card=title)
    return Metric(
        label=title, unit="?", nature="stock", dimension="utilisé", kind="usage", reach="uses", locate=locate
    )


def propose_cards(page: Page, documents: Sequence[Document]) -> tuple[Proposal, ...]:
    """The numbers that the cards of ``page`` show, from all documents received for it."""
    reading = read_now("discovered", page, documents)
    return tuple(_proposal(page.metrics[each.metric_id], each) for each in reading.extractions)


def _proposal(metric: Metric, found: Extraction) -> Proposal:
    locate = metric.locate
    assert isinstance(locate, CardLocator)
    return Proposal(
        label=metric.label,
        exact=found.exact,
        locator=locate,
        notation=found.notation,
        around=metric.label,
        unit_words="",
        confidence=0.9,
        reasons=("a card of one number",),
        **guess(f"{metric.label} {found.exact}")._asdict(),
    )
