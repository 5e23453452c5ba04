"""A Metabase public dashboard, by its public API: no account, no key.

``GET /api/public/dashboard/{uuid}`` lists the cards; one more request for each card
that a metric names gives its result, as rows under named columns.  The query of a card
answers 202 and tells its own success in ``status``.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from connectors.errors import Ambiguous, Empty, NotFound, ReadingError, WrongFormat
from connectors.extraction import Document, Reading
from connectors.json_text import Body, Place, figures, parse
from connectors.protocol import Found, Protocol, absent, gather
from connectors.selectors import exactly_one, label
from connectors.service import CardLocator, Metric, Page
from connectors.specs.rules import DASHBOARD_PATH

NAME, VERSION = "metabase", 1
NUMERIC = {"type/Integer", "type/BigInteger", "type/Float", "type/Decimal", "type/Number"}


@dataclass(frozen=True, slots=True)
class Card:
    """A question on a dashboard: the titles it goes by, and the path of its result."""

    titles: tuple[str, ...]
    path: str


def address(page: Page) -> str:
    """The API of the dashboard that people see at ``page.url``; a path prefix before it is kept.

    Raises:
        ValueError: the URL is not that of a public dashboard (the catalogue refuses such a spec).
    """
    parts = urlsplit(str(page.url))
    match = DASHBOARD_PATH.fullmatch(parts.path)
    if not match:
        raise ValueError(f"{page.url} is not …/public/dashboard/<uuid>")
    path = f"{match['prefix']}/api/public/dashboard/{match['uuid']}"
    return urlunsplit((parts.scheme, parts.netloc, path, "", ""))


def follow(page: Page, documents: Sequence[Document]) -> tuple[str, ...]:
    """The result of each card that a metric names and that no document gives yet."""
    if not documents:
        return ()
    cards = _cards(parse(documents[0]))
    named = (_entitled(cards, _locator(metric).card) for metric in page.metrics.values())
    certain = [matches[0] for matches in named if len(matches) == 1]
    return tuple(
        dict.fromkeys(address(page) + card.path for card in certain if not _answers(card, documents))
    )


def read(service_id: str, page: Page, documents: Sequence[Document]) -> Reading:
    """Read every metric of ``page`` on the dashboard (first document) and its cards' results."""
    dashboard = documents[0]
    try:
        cards = _cards(parse(dashboard))
    except ReadingError as error:
        return absent(service_id, page, error, dashboard.sha256)
    find = partial(_find, cards, documents[1:])
    return gather(service_id, page, f"{NAME}/{VERSION}", dashboard.sha256, find)


def _find(
    cards: Sequence[Card], documents: Sequence[Document], metric: Metric
) -> Iterator[Found | ReadingError]:
    locate = _locator(metric)
    card = _card(cards, locate.card)
    answers = _answers(card, documents)
    if not answers:
        raise Empty(f"the card {locate.card!r} is on the dashboard, but its result was not received")
    body = parse(answers[-1])
    return figures(body, _places(_completed(body), locate), metric)


def _locator(metric: Metric) -> CardLocator:
    if not isinstance(metric.locate, CardLocator):
        raise TypeError(f"a Metabase page needs a CardLocator, not {type(metric.locate).__name__}")
    return metric.locate


def _cards(body: Body) -> list[Card]:
    """The questions of a dashboard; texts and headings, which have no ``card_id``, are left out."""
    value = body.value if isinstance(body.value, dict) else {}
    dashcards = value.get("dashcards", value.get("ordered_cards"))  # ordered_cards before Metabase 0.48
    if not isinstance(dashcards, list):
        raise WrongFormat("the answer is not a Metabase dashboard: it has no list of cards")
    return [
        Card(_titles(each), f"/dashcard/{each['id']}/card/{each['card_id']}")
        for each in dashcards
        if isinstance(each, dict) and isinstance(each.get("id"), int) and isinstance(each.get("card_id"), int)
    ]


def _titles(dashcard: Mapping[str, Any]) -> tuple[str, ...]:
    """The title that the dashboard gives to the card, if it does, and the card's own name."""
    settings, card = dashcard.get("visualization_settings"), dashcard.get("card")
    given = settings.get("card.title") if isinstance(settings, dict) else None
    name = card.get("name") if isinstance(card, dict) else None
    return tuple(label(title) for title in (given, name) if isinstance(title, str))


def _entitled(cards: Sequence[Card], title: str) -> list[Card]:
    return [card for card in cards if label(title) in card.titles]


def _card(cards: Sequence[Card], title: str) -> Card:
    matches = _entitled(cards, title)
    if not matches:
        there = ", ".join(repr(card.titles[0]) for card in cards[:10] if card.titles) or "none"
        raise NotFound(f"no card is entitled {title!r}; the dashboard has: {there}")
    return exactly_one(matches, f"the card title {title!r}")


def _answers(card: Card, documents: Sequence[Document]) -> list[Document]:
    return [each for each in documents if urlsplit(each.url).path.endswith(card.path)]


def _completed(body: Body) -> Mapping[str, Any]:
    """The ``data`` of a query that succeeded, with rows as wide as its columns."""
    value = body.value if isinstance(body.value, dict) else {}
    if value.get("status") != "completed":
        raise Empty(
            f"Metabase could not run the query: {value.get('error') or value.get('status') or 'no status'}"
        )
    data = value.get("data")
    if not isinstance(data, dict) or not _is_table(data.get("cols"), data.get("rows")):
        raise WrongFormat("the result of the card is not a table of columns and rows")
    return data


def _is_table(columns: object, rows: object) -> bool:
    return (
        isinstance(columns, list)
        and isinstance(rows, list)
        and all(isinstance(column, dict) for column in columns)
        and all(isinstance(row, list) and len(row) == len(columns) for row in rows)
    )


def _places(data: Mapping[str, Any], locate: CardLocator) -> list[Place | ReadingError]:
    """One place for a card that shows one figure; one for each row when the spec names a date column."""
    columns, rows = data["cols"], data["rows"]
    if not rows:
        raise Empty(f"the card {locate.card!r} gives no row")
    if not locate.date:
        if len(rows) > 1:
            raise Ambiguous(f"the card {locate.card!r} gives {len(rows)} rows: name its date column")
        return [Place(("data", "rows", 0, _figure_column(data, locate, None)))]
    date = _named(columns, locate.date)
    figure = _figure_column(data, locate, date)
    places: list[Place | ReadingError] = [
        Place(("data", "rows", row, figure), ("data", "rows", row, date)) for row in range(len(rows))
    ]
    return places + _truncation(data)


def _truncation(data: Mapping[str, Any]) -> list[ReadingError]:
    """Metabase says in ``rows_truncated`` that it cut a long result: the rest is missing, and we say so."""
    if not data.get("rows_truncated"):
        return []
    return [WrongFormat(f"Metabase cut the result after {len(data['rows'])} rows")]


def _named(columns: Sequence[Mapping[str, Any]], name: str) -> int:
    matches = [
        index
        for index, column in enumerate(columns)
        if label(name) in {label(str(column.get(key, ""))) for key in ("name", "display_name")}
    ]
    return exactly_one(matches, f"the column {name!r} among {_names(columns)}")


def _names(columns: Sequence[Mapping[str, Any]]) -> str:
    return ", ".join(repr(column.get("display_name") or column.get("name")) for column in columns)


def _figure_column(data: Mapping[str, Any], locate: CardLocator, date: int | None) -> int:
    """The column named; else the only one beside the date; else the only numeric one."""
    if locate.column:
        return _named(data["cols"], locate.column)
    others = [index for index in range(len(data["cols"])) if index != date]
    if len(others) != 1:
        others = [index for index in others if _is_numeric(data, index)]
    return exactly_one(others, f"a numeric column among {_names(data['cols'])}")


def _is_numeric(data: Mapping[str, Any], index: int) -> bool:
    value = data["rows"][0][index]
    numeric = isinstance(value, (int, float)) and not isinstance(value, bool)
    return numeric or data["cols"][index].get("base_type") in NUMERIC


PROTOCOL = Protocol(NAME, VERSION, read, address, follow)
