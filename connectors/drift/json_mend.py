"""Mending a JSON locator: a key that was renamed, or that stands elsewhere."""

import re
from collections.abc import Iterator, Sequence

from connectors.drift.last_seen import LastSeen, Mend, Understand
from connectors.drift.likeness import Judged, Likeness, alike, best, closeness, is_distinctive
from connectors.drift.verified import Option, taken, verified
from connectors.errors import ReadingError
from connectors.extraction import Document, Extraction
from connectors.locators import BY_KEY, JsonLocator
from connectors.service import Page
from connectors.text.json_text import Location, normalised, parse, query

_PLAIN = re.compile(r"[A-Za-z_]\w*")
_MOST = 500  # leaves and options looked at: a body with more is data, not figures


def mend_json(
    page: Page, metric_id: str, seen: LastSeen, documents: Sequence[Document], understand: Understand
) -> Mend | None:
    """Where a figure stands now in a JSON body; see :func:`connectors.drift.mend.mend`."""
    metric = page.metrics[metric_id]
    if not isinstance(metric.locate, JsonLocator) or metric.locate.date == BY_KEY:
        return None  # rows named by their dates have no key that could have been renamed
    value = parse(documents[0]).value
    locators = list(_rows(metric.locate, value) if metric.locate.rows else _leaves(value))[:_MOST]
    options: dict[str, Option] = {f"m{rank}": (each, None) for rank, each in enumerate(locators)}
    given = verified(page, metric, options, documents)
    read = {each.locator for each in taken(page, metric_id, documents)}
    last = understand(seen.exact, seen.notation, metric.unit)

    def judged(name: str, figure: Extraction) -> Judged[tuple[str, str]]:
        now = understand(figure.exact, figure.notation, metric.unit)
        old, new = (_name(options[each][0]) if each else _name(metric.locate) for each in ("", name))
        value = closeness(last, now, metric) if now is not None else 0.0
        return Judged((name, figure.exact), Likeness(alike(old, new), value, is_distinctive(figure.exact)))

    figures = ((name, figure) for name, some in given.items() if (figure := _same(some, seen)))
    found = best(judged(name, figure) for name, figure in figures if figure.locator not in read)
    if found is None:
        return None
    name, exact = found.what
    reasons = (*found.likeness.reasons, "the new query finds it, and it alone")
    return Mend(options[name][0], metric.anchor, exact, found.likeness.score, reasons)


def _same(figures: Sequence[Extraction], seen: LastSeen) -> Extraction | None:
    """Of the figures that a locator gives, the one to compare: that of the same date, else the only one."""
    if len(figures) == 1:
        return figures[0]
    return next((each for each in figures if each.period_text == seen.period_text is not None), None)


def _name(locate: object) -> str:
    """The last key of a query that is a name, which is what names a figure in JSON."""
    assert isinstance(locate, JsonLocator)
    keys = re.findall(r"[A-Za-zÀ-ÿ_][\wÀ-ÿ-]*", f"{locate.rows or ''} {locate.value}")
    return keys[-1] if keys else ""


def _leaves(value: object, here: Location = ()) -> Iterator[JsonLocator]:
    """A locator for each value that may be a figure, in no list: a place in a list is no name."""
    if isinstance(value, dict):
        for key, inside in value.items():
            yield from _leaves(inside, (*here, key))
    elif isinstance(value, (int, float, str)) and not isinstance(value, bool):
        yield JsonLocator(value=_path(here))


def _rows(old: JsonLocator, value: object) -> Iterator[JsonLocator]:
    """A locator for each list of rows and each key of its rows, dated as before or by another key."""
    for here, row in _lists(value):
        keys = [f"$.{key}" for key in row if _PLAIN.fullmatch(key)] if isinstance(row, dict) else []
        values = [old.value] if _answers(old.value, row) else keys
        dates = [old.date] if old.date is None or _answers(old.date, row) else keys
        for each in values:
            for date in dates:
                if each != date:
                    yield JsonLocator(rows=f"{_path(here)}[*]", value=each, date=date)


def _lists(value: object, here: Location = ()) -> Iterator[tuple[Location, object]]:
    """Each list, with its last row."""
    if isinstance(value, dict):
        for key, inside in value.items():
            yield from _lists(inside, (*here, key))
    elif isinstance(value, list) and value:
        yield here, value[-1]


def _answers(path: str, row: object) -> bool:
    try:
        return len(query(path, row)) == 1
    except ReadingError:
        return False


def _path(location: Location) -> str:
    """The shortest way to write a location, as service files do."""
    if all(isinstance(step, str) and _PLAIN.fullmatch(step) for step in location):
        return "".join(["$", *(f".{step}" for step in location)])
    return normalised(location)
