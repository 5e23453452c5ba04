"""Every place of a JSON value that may hold a figure, as queries; a rank in a list is no name for one."""

import re
from collections.abc import Iterator

from connectors.errors import ReadingError
from connectors.locators import BY_KEY, JsonLocator
from connectors.text.json_text import Location, normalised, query

_PLAIN = re.compile(r"[A-Za-z_]\w*")


def places(old: JsonLocator, value: object) -> Iterator[JsonLocator]:
    """Queries of one figure, or of the rows of one, as ``old`` was a query of one or of rows."""
    rows = _named_rows if old.date == BY_KEY else _rows
    return iter(dict.fromkeys(_leaves(value) if old.rows is None else rows(old, value)))


def name(locate: JsonLocator) -> str:
    """The last key of a query that is a name, which is what names a figure in JSON."""
    keys = re.findall(r"[A-Za-zÀ-ÿ_][\wÀ-ÿ-]*", f"{locate.rows or ''} {locate.value}")
    return keys[-1] if keys else ""


def _leaves(value: object) -> Iterator[JsonLocator]:
    """A query for each value that may be a figure."""
    for here, inside in _inside(value):
        if isinstance(inside, (int, float, str)) and not isinstance(inside, bool):
            yield JsonLocator(value=_path(here))


def _rows(old: JsonLocator, value: object) -> Iterator[JsonLocator]:
    """Queries of each list of rows and each key of its rows, dated as before or by another key."""
    for path, row in _last_rows(old.rows or "$", value):
        keys = [f"$.{key}" for key in row if _PLAIN.fullmatch(key)] if isinstance(row, dict) else []
        values = [old.value] if _answers(old.value, row) else keys
        dates = [old.date] if old.date is None or _answers(old.date, row) else keys
        for each in values:
            for date in dates:
                if each != date:
                    yield JsonLocator(rows=path, value=each, date=date)


def _last_rows(old: str, value: object) -> Iterator[tuple[str, object]]:
    """The last of the rows that the old query still finds, then of each list, with the query of all."""
    for node in query(old, value)[-1:]:
        yield old, node.value
    for here, rows in _inside(value):
        if isinstance(rows, list) and rows:
            yield f"{_path(here)}[*]", rows[-1]


def _named_rows(old: JsonLocator, value: object) -> Iterator[JsonLocator]:
    """Queries of each object whose members are rows, named by their dates."""
    for here, rows in _inside(value):
        members = list(rows.values()) if isinstance(rows, dict) else []
        if members and _answers(old.value, members[-1]):
            yield JsonLocator(rows=f"{_path(here)}[*]", value=old.value, date=BY_KEY)


def _inside(value: object, here: Location = ()) -> Iterator[tuple[Location, object]]:
    """Each value that has a name of its own, with its location, and the whole."""
    if not here or isinstance(here[-1], str):
        yield here, value
    if isinstance(value, dict):
        for key, inside in value.items():
            yield from _inside(inside, (*here, key))
    elif isinstance(value, list):
        for rank, inside in enumerate(value):
            if isinstance(inside, (dict, list)):
                yield from _inside(inside, (*here, rank))


def _answers(path: str, row: object) -> bool:
    try:
        return len(query(path, row)) == 1
    except ReadingError:
        return False


def _path(location: Location) -> str:
    """The shortest way to write a location, as service files do: below a list, by its last names alone."""
    last = max((at for at, step in enumerate(location) if isinstance(step, int)), default=-1)
    named = location[last + 1 :]
    if all(isinstance(step, str) and _PLAIN.fullmatch(step) for step in named):
        steps = "".join(f".{step}" for step in named)
    else:
        steps = normalised(named).removeprefix("$")
    if last < 0:
        return f"${steps}"
    return f"$.{steps}" if steps.startswith(".") else f"$..{steps}"
