"""The data of a Superset chart: which cells hold the figures, and which their dates.

``{result: [{status, data: [{column: cell}], colnames, coltypes}]}``, one entry for each query that the
chart makes; ``coltypes`` gives for each column 0 (number), 1 (text), 2 (moment) or 3 (truth).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from connectors.errors import Ambiguous, Empty, NotFound, ReadingError, WrongFormat
from connectors.locators import ChartLocator, Names
from connectors.selectors import exactly_one, label
from connectors.text.json_text import Body, Place

NUMERIC, TEMPORAL = 0, 2


@dataclass(frozen=True, slots=True)
class Answer:
    """What one query of a chart gave: its rank, the columns by name with their types, the rows."""

    rank: int
    columns: tuple[str, ...]
    kinds: tuple[object, ...]
    rows: Sequence[Mapping[str, Any]]


def places(body: Body, locate: ChartLocator) -> list[Place | ReadingError]:
    """One place for a chart that shows one figure; one for each row when the spec names a date column.

    Raises:
        ReadingError: a query failed, or no query gives such a figure.
    """
    answer = _answer(body, locate)
    kept = _kept(answer, locate)
    date = _date_column(answer, locate)
    if date is None and len(kept) > 1:
        raise Ambiguous(f"the chart {locate.chart!r} gives {len(kept)} rows: name its date column")
    figure = _figure_column(answer, locate, date)
    return [_place(answer, row, figure, date) for row in kept]


def _answer(body: Body, locate: ChartLocator) -> Answer:
    """The answer that has the column named, or the only one there is."""
    answers = _answers(body)
    if len(answers) == 1:
        return answers[0]
    if not locate.column:
        raise Ambiguous(f"the chart {locate.chart!r} makes {len(answers)} queries: name its column")
    having = [each for each in answers if _named(each, locate.column)]
    return exactly_one(
        having, f"a query of the chart {locate.chart!r} with the column {_said(locate.column)}"
    )


def _answers(body: Body) -> list[Answer]:
    """The answers of a chart's queries, when all of them succeeded."""
    value = body.value if isinstance(body.value, dict) else {}
    results = value.get("result")
    if not isinstance(results, list) or not results:
        if value.get("status") in ("pending", "running"):
            raise Empty("Superset computes the chart and gives its data later")
        raise WrongFormat("the answer is not the data of a Superset chart: it has no list of results")
    return [_completed(rank, each) for rank, each in enumerate(results)]


def _completed(rank: int, result: object) -> Answer:
    match result:
        case {"error": str() as error} if error:
            raise Empty(f"Superset could not run the query: {' '.join(error.split())[:200]}")
        case {"status": str() as status} if status not in ("success", "fetched"):
            raise Empty(f"Superset could not run the query: it is {status!r}")
        case {"data": list() as rows, "colnames": list() as names, "coltypes": list() as kinds} if (
            len(names) == len(kinds)
            and all(isinstance(name, str) for name in names)
            and all(isinstance(row, dict) for row in rows)
        ):
            return Answer(rank, tuple(names), tuple(kinds), rows)
    raise WrongFormat("the data of the chart are not rows under named and typed columns")


def _kept(answer: Answer, locate: ChartLocator) -> list[int]:
    """The ranks of the rows that have the cells which the locator says.

    Raises:
        Empty: there is no row.
        NotFound: there are rows, and none has these cells.
    """
    if not answer.rows:
        raise Empty(f"the chart {locate.chart!r} gives no row")
    wanted = [(_column(answer, name), label(cell)) for name, cell in locate.where.items()]
    kept = [
        rank
        for rank, row in enumerate(answer.rows)
        if all(label(str(row.get(column))) == cell for column, cell in wanted)
    ]
    if not kept:
        raise NotFound(f"no row of the chart {locate.chart!r} has {locate.where}")
    return kept


def _place(answer: Answer, row: int, figure: str, date: str | None) -> Place | ReadingError:
    there = answer.rows[row]
    if figure not in there or (date is not None and date not in there):
        return NotFound(f"the row {row} lacks its figure or its date")
    here = ("result", answer.rank, "data", row)
    return Place((*here, figure), None if date is None else (*here, date))


def _named(answer: Answer, names: Names) -> list[str]:
    wanted = {label(name) for name in ((names,) if isinstance(names, str) else names)}
    return [column for column in answer.columns if label(column) in wanted]


def _column(answer: Answer, names: Names) -> str:
    """The column that goes by one of the names."""
    return exactly_one(_named(answer, names), f"the column {_said(names)} among {_there(answer)}")


def _said(names: Names) -> str:
    return repr(names) if isinstance(names, str) else " or ".join(map(repr, names))


def _there(answer: Answer) -> str:
    return ", ".join(repr(name[:60]) for name in answer.columns[:20])


def _of_kind(answer: Answer, kind: int, but: Sequence[str | None] = ()) -> list[str]:
    columns = zip(answer.columns, answer.kinds, strict=True)
    return [name for name, each in columns if each == kind and each is not False and name not in but]


def _date_column(answer: Answer, locate: ChartLocator) -> str | None:
    """The column named, or the only one of moments."""
    if locate.date is None:
        return None
    if locate.date is not True:
        return _column(answer, locate.date)
    return exactly_one(_of_kind(answer, TEMPORAL), f"a column of dates among {_there(answer)}")


def _figure_column(answer: Answer, locate: ChartLocator, date: str | None) -> str:
    """The column named, else the only numeric one beside the date and the cells that choose the rows."""
    if locate.column:
        return _column(answer, locate.column)
    taken = [date, *(_column(answer, name) for name in locate.where)]
    return exactly_one(_of_kind(answer, NUMERIC, taken), f"a numeric column among {_there(answer)}")
