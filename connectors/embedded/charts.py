"""How chart libraries and chart elements make series of their data."""

import re
from collections.abc import Callable, Iterator, Mapping

from connectors.embedded.data import Carried, Series, Text, carried
from connectors.errors import ReadingError, WrongFormat
from connectors.text import js_literal
from connectors.text.json_text import Location
from connectors.text.mapped_text import Span, unquoted
from connectors.text.markup import Markup

Points = tuple[tuple[str | None, Location], ...]

DSFR = re.compile(r"(line|bar|bar-line|pie|scatter|radar|gauge|map)-chart(-reg)?")
"""The elements of DSFR Chart."""

_AXES = (
    ("x", "y", "name"),
    ("x", "y-bar", "name-bar"),
    ("x", "y-line", "name-line"),
    ("date", "valuenat", "name"),
    ("date", "valuereg", "name"),
    ("", "percent", "name"),
)
"""The attributes of DSFR charts: labels, values, and the names of the series."""

_LABELS = ("data-months", "data-labels", "data-categories", "data-dates")


# ---------------------------------------------------------------------------- libraries


def chartkick_series(value: object) -> Iterator[Series]:
    """``[["2023-01", 1], …]``, ``{"2023-01": 1, …}``, or a list of ``{name, data}`` of these."""
    match value:
        case [_, str() as address, *_]:
            raise WrongFormat(f"the chart's data come from {address!r}: make it the page's URL")
        case [_, list() as several, *_] if several and all(isinstance(each, dict) for each in several):
            for rank, each in enumerate(several):
                yield Series(_name(each), _pairs(each.get("data"), (1, rank, "data")))
        case [_, data, *_]:
            yield Series("", _pairs(data, (1,)))


def plotly_series(value: object) -> Iterator[Series]:
    """The traces of a figure."""
    match value:
        case [_, {"data": list() as traces}, *_]:
            here: Location = (1, "data")
        case [_, list() as traces, *_]:
            here = (1,)
        case _:
            return
    for rank, trace in enumerate(traces):
        if isinstance(trace, dict):
            yield Series(_name(trace), _trace((*here, rank), trace))


def _trace(here: Location, trace: Mapping[str, object]) -> Points:
    """A bar chart that lies down has its labels on the other axis."""
    if "value" in trace:
        return ((None, (*here, "value")),)
    axes = ("labels", "values") if "values" in trace else ("x", "y")
    labels, values = reversed(axes) if trace.get("orientation") == "h" else axes
    if isinstance(trace.get(values), dict):
        raise WrongFormat("the chart's values are written in binary")
    return _zipped(trace.get(labels), trace.get(values), (*here, values))


def chart_js_series(value: object) -> Iterator[Series]:
    """The datasets of a chart."""
    match value:
        case [_, {"data": {"datasets": list() as datasets} as data}, *_]:
            for rank, each in enumerate(datasets):
                if isinstance(each, dict):
                    here: Location = (1, "data", "datasets", rank, "data")
                    yield Series(_name(each), _dataset(data.get("labels"), each.get("data"), here))


# --------------------------------------------------------------------------- attributes


def elements(wanted: Callable[[Markup], bool], page: Text) -> Iterator[Carried | ReadingError]:
    """The attributes of each element that is ``wanted``."""
    return (_attributes(page, tag) for tag in page.tags if not tag.closing and wanted(tag))


def _attributes(page: Text, tag: Markup) -> Carried:
    """The attributes of an element: data where they are written as data, else text."""
    values: dict[str, object] = {}
    found: dict[Location, Span] = {}
    for name, span in tag.attributes.items():
        inside = unquoted(page.text, *span)
        literal = _written(inside.text) or js_literal.Literal(inside.text, {(): (0, len(inside.text))}, 0)
        values[name] = literal.value
        for place, (start, end) in literal.spans.items():
            found[name, *place] = inside.span(start, end) if end > start else span
    names = (page.of(tag, "id"), page.of(tag, "title"), page.of(tag, "aria-label"))
    return carried(js_literal.Literal(values, found, tag.end), *(each for each in names if each))


def _written(text: str) -> js_literal.Literal | None:
    """The data that are the whole of a text."""
    try:
        literal = js_literal.parse(text)
    except WrongFormat:
        return None
    return literal if js_literal.after_blank(text, literal.end) == len(text) else None


def dsfr_series(value: object) -> Iterator[Series]:
    """The series of a DSFR chart, axis by axis."""
    if isinstance(value, dict):
        for labels, values, names in _AXES:
            if values in value:
                yield from _axis(value.get(labels), value[values], value.get(names), (values,))


def _axis(labels: object, values: object, names: object, here: Location) -> Iterator[Series]:
    """The series of one axis: a list of lists, one list, or one value."""
    if not isinstance(values, list):
        yield Series(str(names or ""), ((_label(labels), here),))
        return
    nested = all(isinstance(each, list) for each in values)
    for rank, each in enumerate(values if nested else [values]):
        name = names[rank] if isinstance(names, list) and rank < len(names) else names
        place = (*here, rank) if nested else here
        yield Series(str(name or ""), _zipped(_nth(labels, rank), each, place))


def _nth(labels: object, rank: int) -> object:
    """The labels of a series: its own, or those that all share."""
    match labels:
        case [list() as first, *_] as several:
            return several[rank] if rank < len(several) else first
        case _:
            return labels


def data_series(value: object) -> Iterator[Series]:
    """``data-series='[{"name", "data": […]}]'`` beside the labels that all series share."""
    attributes = value if isinstance(value, dict) else {}
    several = attributes.get("data-series")
    labels = next((attributes[key] for key in _LABELS if key in attributes), None)
    for rank, each in enumerate(several if isinstance(several, list) else ()):
        if isinstance(each, dict):
            yield Series(_name(each), _dataset(labels, each.get("data"), ("data-series", rank, "data")))


# ------------------------------------------------------------------------------- points


def _dataset(labels: object, data: object, here: Location) -> Points:
    """Values beside the labels of the chart, or points that carry their own."""
    own = isinstance(data, dict) or (isinstance(data, list) and any(isinstance(each, dict) for each in data))
    return _pairs(data, here) if own else _zipped(labels, data, here)


def _pairs(data: object, here: Location) -> Points:
    """The points of ``[[label, value], …]``, ``[{x, y}, …]`` or ``{label: value, …}``."""
    if isinstance(data, dict):
        return tuple((key, (*here, key)) for key in data)
    points = data if isinstance(data, list) else []
    return tuple(_pair(point, (*here, rank)) for rank, point in enumerate(points))


def _pair(point: object, here: Location) -> tuple[str | None, Location]:
    match point:
        case [label, _]:
            return _label(label), (*here, 1)
        case {"x": label, "y": _}:
            return _label(label), (*here, "y")
        case _:
            return None, here


def _zipped(labels: object, values: object, here: Location) -> Points:
    """Values with the labels of the same ranks.

    Raises:
        WrongFormat: there are not as many of the ones as of the others, or the values are no list.
    """
    if not isinstance(values, list):
        raise WrongFormat("the chart's values are no list")
    if not isinstance(labels, list):
        return tuple((None, (*here, rank)) for rank in range(len(values)))
    if len(labels) != len(values):
        raise WrongFormat(f"the chart has {len(labels)} labels and {len(values)} values")
    return tuple((_label(each), (*here, rank)) for rank, each in enumerate(labels))


def _name(part: Mapping[str, object]) -> str:
    return next((str(part[key]) for key in ("name", "label") if isinstance(part.get(key), (str, int))), "")


def _label(value: object) -> str | None:
    """A label as text; an expression or a list is none."""
    number = isinstance(value, (int, float)) and not isinstance(value, bool)
    return value if isinstance(value, str) else str(value) if number else None
