"""Mending the locator of a table: a column renamed, a cell that chooses its row reworded."""

from collections.abc import Iterator, Sequence
from contextlib import suppress

from connectors.drift.columns import Grid, column_offers
from connectors.drift.last_seen import LastSeen, Mend, Understand
from connectors.drift.offers import Offer, chosen
from connectors.errors import ReadingError
from connectors.extraction import Document
from connectors.locators import TableLocator
from connectors.service import Page
from connectors.text.table_text import parse

INDICATOR = "indicateur"
"""The column of the national schema whose cells name the figures."""


def mend_table(
    page: Page, metric_id: str, seen: LastSeen, documents: Sequence[Document], understand: Understand
) -> Mend | None:
    """Where a figure stands now in a table; see :func:`connectors.drift.mend.mend`."""
    old = page.metrics[metric_id].locate
    if not isinstance(old, TableLocator):
        return None
    called = page.metrics[metric_id].label
    offers = (each for grid in _grids(documents) for each in _offers(old, grid, called))
    return chosen(page, metric_id, seen, documents, understand, offers)


def _grids(documents: Sequence[Document]) -> Iterator[Grid]:
    for document in documents:
        with suppress(ReadingError):  # the list of a dataset's files is no table
            table = parse(document)
            yield Grid(table.columns, len(table.rows), table.cell)


def _offers(old: TableLocator, grid: Grid, called: str) -> Iterator[Offer]:
    """Of the national schema, whose columns are given, only the name of the figure may have changed."""
    if old.value is None:
        yield from column_offers(old, old, grid, called)
    elif grid.has(INDICATOR):
        for name in grid.cells(INDICATOR):
            yield Offer(old.model_copy(update={"value": name}), old.value, name)
