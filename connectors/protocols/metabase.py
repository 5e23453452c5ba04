"""A Metabase dashboard or question, public or embedded in a page: no account, no key.

``GET /api/public/dashboard/{uuid}`` lists the cards; one more request for each card
that a metric names gives its result, as rows under named columns.  The query of a card
answers 202 and tells its own success in ``status``.  A question is one card.  The same holds below
``/api/embed/`` with a token in place of the id.

An address that is not Metabase's own is that of a page that embeds it, or that redirects to it: the
page is asked first.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import Any

from connectors.drift.likeness import nearest
from connectors.errors import Empty, NotFound, ReadingError, WrongFormat
from connectors.extraction import Document, Reading
from connectors.locators import CardLocator
from connectors.metabase.address import Shown, refusal, shown_at, shown_on
from connectors.metabase.result import places
from connectors.metabase.typed import Typed, figure_in, says
from connectors.protocol import Found, Protocol, absent, gather, written
from connectors.selectors import exactly_one, label, words_around
from connectors.service import Metric, Page
from connectors.text.html_text import decode, sign_of
from connectors.text.json_text import Body, figures, normalised, parse, spans
from connectors.text.mapped_text import unescaped
from connectors.text.soup import soup_of

NAME, VERSION = "metabase", 1


@dataclass(frozen=True, slots=True)
class Card:
    """A question: the titles it goes by, and the address of its result."""

    titles: tuple[str, ...]
    address: str


@dataclass(frozen=True, slots=True)
class Board:
    """A dashboard, or a question as a dashboard of one card; ``body`` is that of a dashboard received."""

    titles: tuple[str, ...]
    cards: tuple[Card, ...]
    typed: tuple[Typed, ...] = ()
    body: Body | None = None


def address(page: Page) -> str:
    """The API of what people see at ``page.url``; the page itself when it embeds it."""
    shown = shown_at(str(page.url))
    return shown.address if shown else str(page.url)


def follow(page: Page, documents: Sequence[Document]) -> tuple[str, ...]:
    """The dashboards that the page embeds, then the result of each card that a metric names."""
    if not documents:
        return ()
    shown, received = _shown(page, documents), _received(page, documents)
    meant = [_meant(shown, _locator(metric)) for metric in page.metrics.values()]
    missing = [each.address for some in meant for each in some if each.address not in received]
    if not missing:
        cards = [
            card
            for some, metric in zip(meant, page.metrics.values(), strict=True)
            for card in _certain(some, received, metric)
        ]
        missing = [card.address for card in cards if card.address not in received]
    return tuple(dict.fromkeys(missing))


def _certain(shown: Sequence[Shown], received: Mapping[str, Document], metric: Metric) -> list[Card]:
    """The only card that a metric may mean; what is wrong with one metric is told by :func:`read`.

    Where no card has the title any more, those of the likest titles: their results are what a mend compares.
    """
    with suppress(ReadingError):
        boards, locate = _chosen(_boards(shown, received), _locator(metric)), _locator(metric)
        cards = _entitled(boards, locate)
        if cards:
            return cards if len(cards) == 1 else []
        return _nearest(boards, locate)
    return []


def _nearest(boards: Sequence[Board], locate: CardLocator) -> list[Card]:
    if locate.card is None or any(says(each.text, locate) for board in boards for each in board.typed):
        return []
    cards = [card for board in boards for card in board.cards]
    titles = nearest(locate.card, (title for card in cards for title in card.titles[:1]))
    return [card for title in titles for card in cards if title in card.titles]


def read(service_id: str, page: Page, documents: Sequence[Document]) -> Reading:
    """Read every metric of ``page`` on the page (first document), its dashboards and their cards' results."""
    first = documents[0]
    shown = _shown(page, documents)
    if not shown:
        return absent(service_id, page, _nothing_shown(first), first.sha256)
    find = partial(_find, shown, _received(page, documents))
    return gather(service_id, page, f"{NAME}/{VERSION}", first.sha256, find)


def _shown(page: Page, documents: Sequence[Document]) -> list[Shown]:
    first = documents[0]
    shown = shown_at(str(page.url)) or shown_at(first.final_url)
    return [shown] if shown else shown_on(decode(first), first.final_url or str(page.url))


def _received(page: Page, documents: Sequence[Document]) -> dict[str, Document]:
    """The documents by address, the last of each; the first is the answer to the page's own."""
    received = {document.url.partition("?")[0]: document for document in documents}
    return {address(page): documents[0]} | received


def _nothing_shown(document: Document) -> ReadingError:
    sign = sign_of(soup_of(decode(document)))
    return sign or NotFound("the page embeds no dashboard or question of Metabase")


def _locator(metric: Metric) -> CardLocator:
    if not isinstance(metric.locate, CardLocator):
        raise TypeError(f"a Metabase page needs a CardLocator, not {type(metric.locate).__name__}")
    return metric.locate


# --------------------------------------------------------------------------------- dashboards


def _meant(shown: Sequence[Shown], locate: CardLocator) -> list[Shown]:
    """Those that ``dashboard`` may mean: a title may be that of any, until all are received."""
    if isinstance(locate.dashboard, int):
        return list(shown[locate.dashboard - 1 : locate.dashboard])
    by_key = [each for each in shown if locate.dashboard and each.key == locate.dashboard.lower()]
    return by_key or list(shown)


def _boards(shown: Sequence[Shown], received: Mapping[str, Document]) -> list[Board]:
    """What is known of each; of one that was not received, its title on the page."""
    return [_board(each, received.get(each.address)) for each in shown]


def _board(shown: Shown, document: Document | None) -> Board:
    titles = tuple(title for title in (shown.key, shown.title) if title)
    if shown.is_question:
        return Board(titles, (Card(titles, shown.address),))
    if document is None:
        return Board(titles, ())
    body = parse(document, refusal)
    name = body.value.get("name") if isinstance(body.value, dict) else None
    key, dashcards = _dashcards(body)
    return Board(
        (*titles, label(name)) if isinstance(name, str) else titles,
        tuple(_cards(shown.api, dashcards)),
        tuple(_typed(key, dashcards)),
        body,
    )


def _chosen(boards: Sequence[Board], locate: CardLocator) -> list[Board]:
    """The boards that have the title which the locator says; all of them when it says none.

    Raises:
        NotFound: none has it.
    """
    if not isinstance(locate.dashboard, str):
        return list(boards)
    wanted = {label(locate.dashboard), locate.dashboard.lower()}
    chosen = [each for each in boards if wanted & set(each.titles)]
    if not chosen:
        there = ", ".join(repr(each.titles[-1]) for each in boards)
        raise NotFound(f"no dashboard of the page is {locate.dashboard!r}; it has: {there}")
    return chosen


def _dashcards(body: Body) -> tuple[str, list[object]]:
    """The cards of a dashboard, under the key that its version of Metabase has for them."""
    value = body.value if isinstance(body.value, dict) else {}
    key = "dashcards" if "dashcards" in value else "ordered_cards"  # ordered_cards before Metabase 0.48
    dashcards = value.get(key)
    if not isinstance(dashcards, list):
        raise WrongFormat("the answer is not a Metabase dashboard: it has no list of cards")
    return key, dashcards


def _cards(api: str, dashcards: Sequence[object]) -> Iterator[Card]:
    """The questions of a dashboard, with those that a chart draws beside its own (``series``)."""
    for each in dashcards:
        match each:
            case {"id": int() as rank, "card_id": int() as card, **more}:
                yield Card(_titles(more), f"{api}/dashcard/{rank}/card/{card}")
                beside = more.get("series")
                for other in beside if isinstance(beside, list) else ():
                    match other:
                        case {"id": int() as card, "name": str() as name}:
                            yield Card((label(name),), f"{api}/dashcard/{rank}/card/{card}")


def _typed(key: str, dashcards: Sequence[object]) -> Iterator[Typed]:
    """The texts and headings of a dashboard, which have no ``card_id``: somebody typed them."""
    for rank, each in enumerate(dashcards):
        match each:
            case {"card_id": None, "visualization_settings": {"text": str() as text}}:
                yield Typed((key, rank, "visualization_settings", "text"), text)


def _titles(dashcard: Mapping[Any, Any]) -> tuple[str, ...]:
    """The title that the dashboard gives to the card, if it does, and the card's own name."""
    settings, card = dashcard.get("visualization_settings"), dashcard.get("card")
    given = settings.get("card.title") if isinstance(settings, dict) else None
    name = card.get("name") if isinstance(card, dict) else None
    return tuple(label(title) for title in (given, name) if isinstance(title, str))


# -------------------------------------------------------------------------------------- cards


def _find(
    shown: Sequence[Shown], received: Mapping[str, Document], metric: Metric
) -> Iterator[Found | ReadingError]:
    locate = _locator(metric)
    meant = _meant(shown, locate)
    if not meant:
        raise NotFound(f"the page embeds {len(shown)} dashboards: there is no number {locate.dashboard}")
    boards = _chosen(_boards(meant, received), locate)
    cards = [] if locate.pattern else _entitled(boards, locate)
    if not cards and any(says(typed.text, locate) for board in boards for typed in board.typed):
        return iter([_typed_figure(boards, metric)])
    return _result(_card(boards, cards, locate), received, metric)


def _entitled(boards: Sequence[Board], locate: CardLocator) -> list[Card]:
    cards = [card for board in boards for card in board.cards]
    return cards if locate.card is None else [card for card in cards if label(locate.card) in card.titles]


def _card(boards: Sequence[Board], cards: Sequence[Card], locate: CardLocator) -> Card:
    if not cards:
        all_titles = [card.titles[0] for board in boards for card in board.cards if card.titles]
        there = ", ".join(map(repr, all_titles[:10])) or "none"
        raise NotFound(f"no card is entitled {locate.card!r}; the dashboard has: {there}")
    return exactly_one(cards, f"the card title {locate.card!r}" if locate.card else "a card without a title")


def _result(card: Card, received: Mapping[str, Document], metric: Metric) -> Iterator[Found | ReadingError]:
    """The figures of a card's result."""
    locate = _locator(metric)
    if card.address not in received:
        raise Empty(f"the card {locate.card!r} is on the dashboard, but its result was not received")
    body = parse(received[card.address], refusal)
    return figures(body, places(body, locate), metric)


def _typed_figure(boards: Sequence[Board], metric: Metric) -> Found:
    """A figure that somebody typed into the dashboard; its locator says so."""
    locate = _locator(metric)
    texts = [(board, typed) for board in boards for typed in board.typed if says(typed.text, locate)]
    board, typed = exactly_one(texts, f"a text card that says {locate.card or locate.pattern!r}")
    assert board.body is not None
    body = board.body
    start, end = spans(body.text, [typed.location])[typed.location]
    written_in = unescaped(body.text, start + 1, end - 1)
    first, last = figure_in(typed.text, locate)
    span = written_in.span(first, last)
    return Found(
        body.sha256,
        "jsonpath",
        f"{normalised(typed.location)} (typed by hand)",
        typed.text[first:last],
        *words_around(body.text, *span),
        *span,
        written(metric),
    )


PROTOCOL = Protocol(NAME, VERSION, read, address, follow, refusal)
