"""Rows of JSON: the figure and the date of each, by queries relative to it."""

from jsonpath_rfc9535 import JSONPathNode

from connectors.errors import ReadingError
from connectors.locators import BY_KEY
from connectors.selectors import exactly_one
from connectors.text.json_text import Location, Place, name_of, query


def only(path: str, value: object) -> Location:
    """Where the only value that a query matches stands.

    Raises:
        NotFound: the query matches nothing.
        Ambiguous: it matches several.
    """
    return exactly_one(query(path, value), f"the query {path!r}").location


def in_row(row: JSONPathNode, value: str, date: str | None) -> Place | ReadingError:
    """The place of one row's figure and of its date, which may be the name of the row (``BY_KEY``).

    A row without one is reported and costs no other row.
    """
    try:
        figure = (*row.location, *only(value, row.value))
        if date == BY_KEY:
            return Place(figure, key=name_of(row.location))
        return Place(figure, (*row.location, *only(date, row.value)) if date else None)
    except ReadingError as error:
        return told_of(row, error)


def told_of(row: JSONPathNode, error: ReadingError) -> ReadingError:
    """The same error, with the row that it is about."""
    return type(error)(f"in the row {row.path()}, {error}")
