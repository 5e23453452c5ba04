"""Mending a locator of columns, whoever publishes the rows: tables, results of cards, data of charts."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, product
from typing import Any

from connectors.drift.offers import Offer
from connectors.locators import CardLocator, ChartLocator, Names, TableLocator
from connectors.selectors import label

Columned = TableLocator | CardLocator | ChartLocator

MOST_CELLS = 200
"""Different cells of one column that are looked at: a column with more names nothing."""

_NAMED = ("card", "chart", "value")


@dataclass(frozen=True, slots=True)
class Grid:
    """Rows under named columns; ``cell`` gives the text of one, by the ranks of its row and column."""

    columns: Sequence[str]
    rows: int
    cell: Callable[[int, int], str]

    def cells(self, column: str) -> dict[str, None]:
        """The different texts of a column, as labels are compared."""
        at = list(self.columns).index(column)
        texts = dict.fromkeys(label(self.cell(row, at)) for row in range(self.rows))
        return texts if len(texts) <= MOST_CELLS else {}

    def has(self, names: Names | None) -> bool:
        """Whether a column goes by one of the names; nothing to name is always there."""
        wanted = (names,) if isinstance(names, str) else names or ()
        there = {label(each).casefold() for each in self.columns}
        return not wanted or any(label(each).casefold() in there for each in wanted)


def column_offers(lost: Columned, old: Columned, grid: Grid, called: str) -> Iterator[Offer]:
    """The locators like ``old`` in which the names that the grid lacks are replaced by names that it has.

    ``lost`` is the locator to be mended, from which ``old`` may differ by the title of its table; ``called``
    is what the figure is called where no column is named.
    """
    columns = _instead(grid, old.column)
    for column, date, where in product(columns, _dates(grid, old.date), _wheres(grid, old.where)):
        if column is None or column not in (date, *where):
            new = old.model_copy(update={"column": column, "date": date, "where": where})
            yield Offer(new, _said(lost, called), _said(new, called), _title(new))


def _said(locate: Columned, called: str) -> str:
    """What names the figure: its column and the cells that choose its row, under the title of its table.

    The column of dates names no figure, and its rows are compared at one date.
    """
    column = locate.column if isinstance(locate.column, str) else (locate.column or (called,))[0]
    return " ".join(each for each in (_title(locate), column, *locate.where.values()) if each)


def _title(locate: Columned) -> str:
    return next((title for name in _NAMED if (title := getattr(locate, name, None))), "")


def _instead(grid: Grid, names: Names | None) -> list[Any]:
    return [names] if names is not None and grid.has(names) else [names, *grid.columns]


def _dates(grid: Grid, date: Any) -> list[Any]:
    if date is None:
        return [None]
    return [True, *grid.columns] if date is True else _instead(grid, date)


def _wheres(grid: Grid, where: Mapping[str, str]) -> Iterator[dict[str, str]]:
    """The rows that ``where`` may mean: its cell under another column, or another cell in its column."""
    return map(dict, product(*(list(_pairs(grid, *pair)) for pair in where.items())))


def _pairs(grid: Grid, column: str, cell: str) -> Iterator[tuple[str, str]]:
    own = [each for each in grid.columns if label(each).casefold() == label(column).casefold()]
    if own and label(cell) in grid.cells(own[0]):
        yield column, cell
        return
    under = ((each, cell) for each in grid.columns if label(cell) in grid.cells(each))
    yield from chain(under, ((column, other) for each in own for other in grid.cells(each)))
