"""The result of a Metabase card: which cells hold the figures, and which their dates."""

from collections.abc import Mapping, Sequence
from typing import Any

from connectors.errors import Ambiguous, Empty, NotFound, ReadingError, WrongFormat
from connectors.locators import CardLocator, Names
from connectors.selectors import exactly_one, label
from connectors.text.json_text import Body, Place

NUMERIC = {"type/Integer", "type/BigInteger", "type/Float", "type/Decimal", "type/Number"}
WHOLE = {"type/Integer", "type/BigInteger"}
TEMPORAL = ("type/Date", "type/Time", "type/Instant")

Columns = Sequence[Mapping[str, Any]]


def places(body: Body, locate: CardLocator) -> list[Place | ReadingError]:
    """One place for a card that shows one figure; one for each row when the spec names a date column.

    Raises:
        ReadingError: the query failed, or its result has no such figure.
    """
    data = _completed(body)
    kept = _kept(data, locate)
    if not kept:
        raise Empty(f"the card {locate.card!r} gives no row")
    date = _date_column(data["cols"], locate)
    if date is None and len(kept) > 1:
        raise Ambiguous(f"the card {locate.card!r} gives {len(kept)} rows: name its date column")
    figure = _figure_column(data, kept[0], locate, date)
    return [_place(data, row, figure, date) for row in kept] + _truncation(data)


def _completed(body: Body) -> Mapping[str, Any]:
    """The ``data`` of a query that succeeded, with rows as wide as its columns."""
    value = body.value if isinstance(body.value, dict) else {}
    if value.get("status") != "completed":
        said = str(value.get("error") or value.get("status") or "no status")
        raise Empty(f"Metabase could not run the query: {said[:200]}")
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


def _kept(data: Mapping[str, Any], locate: CardLocator) -> list[int]:
    """The ranks of the rows that have the cells which the locator says.

    Raises:
        NotFound: there are rows, and none has them.
    """
    wanted = [(_named(data["cols"], name), label(cell)) for name, cell in locate.where.items()]
    kept = [
        rank
        for rank, row in enumerate(data["rows"])
        if all(label(str(row[column])) == cell for column, cell in wanted)
    ]
    if data["rows"] and not kept:
        raise NotFound(f"no row of the card {locate.card!r} has {locate.where}")
    return kept


def _place(data: Mapping[str, Any], row: int, figure: int, date: int | None) -> Place | ReadingError:
    """The place of one figure, unless the instance formatted a whole number in a way that may mislead."""
    cell, kind = data["rows"][row][figure], data["cols"][figure].get("base_type")
    if isinstance(cell, str) and kind in WHOLE and ("," in cell or "." in cell):
        return Ambiguous(f"the whole number {cell!r} is formatted with a mark that may be a decimal one")
    when = None if date is None else ("data", "rows", row, date)
    return Place(("data", "rows", row, figure), when)


def _truncation(data: Mapping[str, Any]) -> list[ReadingError]:
    """Metabase says in ``rows_truncated`` that it cut a long result: the rest is missing, and we say so."""
    if not data.get("rows_truncated"):
        return []
    return [WrongFormat(f"Metabase cut the result after {len(data['rows'])} rows")]


def _named(columns: Columns, names: Names) -> int:
    """The column that goes by one of the names."""
    wanted = {label(name) for name in ((names,) if isinstance(names, str) else names)}
    matches = [
        index
        for index, column in enumerate(columns)
        if wanted & {label(str(column.get(key, ""))) for key in ("name", "display_name")}
    ]
    said = repr(names) if isinstance(names, str) else " or ".join(map(repr, names))
    return exactly_one(matches, f"the column {said} among {_names(columns)}")


def _names(columns: Columns) -> str:
    return ", ".join(repr(column.get("display_name") or column.get("name")) for column in columns)


def _date_column(columns: Columns, locate: CardLocator) -> int | None:
    """The column named, or the only one of dates."""
    if locate.date is None:
        return None
    if locate.date is not True:
        return _named(columns, locate.date)
    temporal = [index for index, column in enumerate(columns) if _is_temporal(column)]
    return exactly_one(temporal, f"a column of dates among {_names(columns)}")


def _is_temporal(column: Mapping[str, Any]) -> bool:
    """By type; a date cut to its month or year says so in ``unit``, whatever its type."""
    kinds = (str(column.get(key, "")) for key in ("effective_type", "base_type"))
    return any(kind.startswith(TEMPORAL) for kind in kinds) or column.get("unit") in ("month", "year")


def _figure_column(data: Mapping[str, Any], row: int, locate: CardLocator, date: int | None) -> int:
    """The column named; else the only one beside the date; else the only numeric one."""
    columns = data["cols"]
    if locate.column:
        return _named(columns, locate.column)
    taken = {date, *(_named(columns, name) for name in locate.where)}
    others = [index for index in range(len(columns)) if index not in taken]
    if len(others) != 1:
        others = [index for index in others if _is_numeric(data, row, index)]
    return exactly_one(others, f"a numeric column among {_names(columns)}")


def _is_numeric(data: Mapping[str, Any], row: int, index: int) -> bool:
    value = data["rows"][row][index]
    numeric = isinstance(value, (int, float)) and not isinstance(value, bool)
    return numeric or data["cols"][index].get("base_type") in NUMERIC
