"""Mending the locator of a card of Metabase or of a chart of Superset: its title, or a column of its result.

The results of the cards whose titles are likest to the one that is gone are asked for on the same night, so
that their figures can be compared; a card whose result was not received is no answer.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from connectors.drift.columns import Grid, column_offers
from connectors.drift.last_seen import LastSeen, Mend, Understand
from connectors.drift.offers import Offer, chosen
from connectors.errors import ReadingError
from connectors.extraction import Document
from connectors.locators import CardLocator, ChartLocator
from connectors.metabase.typed import pieces
from connectors.selectors import label
from connectors.service import Page
from connectors.text.json_text import parse


@dataclass(frozen=True, slots=True)
class _Kind:
    """How one kind is written: the key of a title in a locator, the titles, the rows of a result."""

    key: str
    titles: Callable[[Mapping[str, Any]], Iterator[str]]
    grid: Callable[[Mapping[str, Any]], Grid | None]


def mend_cards(
    page: Page, metric_id: str, seen: LastSeen, documents: Sequence[Document], understand: Understand
) -> Mend | None:
    """The card that shows a figure now; see :func:`connectors.drift.mend.mend`."""
    metric = page.metrics[metric_id]
    if not isinstance(metric.locate, CardLocator | ChartLocator):
        return None
    offers = _offers(metric.locate, list(_answers(documents)), metric.label)
    return chosen(page, metric_id, seen, documents, understand, offers)


def _answers(documents: Sequence[Document]) -> Iterator[Mapping[str, Any]]:
    for document in documents:
        with suppress(ReadingError):  # the page that embeds a dashboard
            value = parse(document).value
            if isinstance(value, dict):
                yield value


def _offers(
    old: CardLocator | ChartLocator, answers: Sequence[Mapping[str, Any]], called: str
) -> Iterator[Offer]:
    kind = _METABASE if isinstance(old, CardLocator) else _SUPERSET
    title = getattr(old, kind.key)
    titles = dict.fromkeys(each for answer in answers for each in kind.titles(answer))
    entitled = [old]
    if title is not None and label(title) not in titles:
        entitled = [old.model_copy(update={kind.key: each}) for each in titles]
        yield from (Offer(new, title, each, each) for new, each in zip(entitled, titles, strict=True))
    for grid in filter(None, map(kind.grid, answers)):
        for each in entitled:
            yield from column_offers(old, each, grid, called)


# ------------------------------------------------------------------------------------ Metabase


def _metabase_titles(board: Mapping[str, Any]) -> Iterator[str]:
    """The titles of a dashboard's cards, then what stands in its text cards, which somebody typed."""
    for each in _listed(board.get("dashcards") or board.get("ordered_cards")):
        match each:
            case {"card_id": None, "visualization_settings": {"text": str() as text}}:
                yield from (label(text[start:end]) for start, end in pieces(text))
            case {"card_id": int(), "visualization_settings": {"card.title": str() as title}}:
                yield label(title)
            case {"card_id": int(), "card": {"name": str() as title}}:
                yield label(title)


def _metabase_grid(result: Mapping[str, Any]) -> Grid | None:
    match result:
        case {"data": {"cols": list() as columns, "rows": list() as rows}} if all(
            isinstance(each, dict) for each in columns
        ):
            names = [str(each.get("display_name") or each.get("name")) for each in columns]
            return Grid(names, len(rows), lambda row, column: _text(rows[row], column))
    return None


def _text(row: object, column: int) -> str:
    return str(row[column]) if isinstance(row, list) and column < len(row) else ""


# ------------------------------------------------------------------------------------ Superset


def _superset_titles(board: Mapping[str, Any]) -> Iterator[str]:
    for each in _listed(board.get("result")):
        match each:
            case {"slice_name": str() as title}:
                yield label(title)


def _superset_grid(answer: Mapping[str, Any]) -> Grid | None:
    """The rows of a chart that makes one query; of several, the columns say which is meant."""
    match answer:
        case {"result": [{"colnames": list() as names, "data": list() as rows}]}:
            columns = [str(each) for each in names]
            return Grid(columns, len(rows), lambda row, column: _cell(rows[row], columns[column]))
    return None


def _cell(row: object, column: str) -> str:
    return str(row.get(column)) if isinstance(row, dict) else ""


def _listed(value: object) -> list[object]:
    return value if isinstance(value, list) else []


_METABASE = _Kind("card", _metabase_titles, _metabase_grid)
_SUPERSET = _Kind("chart", _superset_titles, _superset_grid)
