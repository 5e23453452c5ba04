"""Figures in the data that a page carries for its scripts, and in its tables.

Offsets are in the body as decoded, markup included.  A number is kept as its token; a string
unescaped, its offsets those of the characters that write it.  The locator names the source, then the
place in its data as a normalised JSONPath: ``chartkick#chart-1 $[1][0][1]``.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial, reduce

from jsonpath_rfc9535 import JSONPathNode

from connectors.embedded.data import Carried, Series, Text
from connectors.embedded.sources import SOURCES
from connectors.embedded.tables import is_total
from connectors.errors import Ambiguous, NotFound, ReadingError, WrongFormat
from connectors.extraction import Document, Reading
from connectors.locators import EmbeddedLocator
from connectors.protocol import Found, Protocol, absent, gather, nothing_matched, written
from connectors.selectors import exactly_one, label, words_around
from connectors.service import Metric, Page
from connectors.text.html_text import decode, sign_of
from connectors.text.js_literal import NOT_DATA
from connectors.text.json_rows import in_row, only, told_of
from connectors.text.json_text import Location, Place, normalised, query, said
from connectors.text.mapped_text import Span
from connectors.text.soup import soup_of

NAME, VERSION = "embedded", 2


@dataclass(frozen=True, slots=True)
class Body:
    """The page, and its hash."""

    page: Text
    sha256: str


@dataclass(frozen=True, slots=True)
class Chosen:
    """Data of a page, how a locator names them, and the places of the figures in them."""

    name: str
    data: Carried
    places: list[Place | ReadingError]


def read(service_id: str, page: Page, documents: Sequence[Document]) -> Reading:
    """Read every metric of ``page`` on the first document."""
    document = documents[0]
    # A NUL is no text, in HTML as in a database; browsers read this character in its place.
    body = Body(Text(decode(document).replace("\0", "\ufffd")), document.sha256)
    reading = gather(service_id, page, f"{NAME}/{VERSION}", document.sha256, partial(_find, body))
    sign = _sign(body) if nothing_matched(reading) else None
    return absent(service_id, page, sign, document.sha256) if sign else reading


def _sign(body: Body) -> ReadingError | None:
    return sign_of(soup_of(body.page.text)) if body.page.tags else None


def _find(body: Body, metric: Metric) -> Iterator[Found | ReadingError]:
    locate = metric.locate
    if not isinstance(locate, EmbeddedLocator):
        raise TypeError(f"an embedded page needs an EmbeddedLocator, not {type(locate).__name__}")
    chosen = _by_path(body, locate) if locate.path else _by_series(body, locate)
    return _figures(body, chosen, metric)


def _carried(body: Body, locate: EmbeddedLocator) -> list[tuple[str, Carried]]:
    """The data that the page carries in this way, under the name or rank that the locator says.

    Raises:
        NotFound: there are none, or none of this name.
        ReadingError: what is wrong with the only ones there are.
    """
    found = list(SOURCES[locate.source].find(body.page))
    good = [(rank, each) for rank, each in enumerate(found, 1) if isinstance(each, Carried)]
    named = [(_named(locate, rank, each), each) for rank, each in good if _is(locate.chart, rank, each)]
    if named:
        return named
    broken = next((each for each in found if isinstance(each, ReadingError)), None)
    if broken:
        raise broken
    there = ", ".join(repr(name) for _, each in good for name in each.names[:1]) or "none"
    raise NotFound(
        f"the page carries no {locate.source} {locate.chart or ''}".rstrip() + f"; it has: {there}"
    )


def _is(wanted: int | str | None, rank: int, carried: Carried) -> bool:
    if isinstance(wanted, str):
        return label(wanted) in map(label, carried.names)
    return wanted is None or wanted == rank


def _named(locate: EmbeddedLocator, rank: int, carried: Carried) -> str:
    return f"{locate.source}#{carried.names[0]}" if any(carried.names[:1]) else f"{locate.source}[{rank}]"


# ---------------------------------------------------------------------------------- by path


def _by_path(body: Body, locate: EmbeddedLocator) -> Chosen:
    """The only data in which the query of the figure, or of its rows, matches."""
    assert locate.path
    first = locate.rows or locate.path
    matched = [(name, data) for name, data in _carried(body, locate) if query(first, data.value)]
    name, data = exactly_one(matched, f"the query {first!r} in {locate.source}")
    if locate.rows is None:
        return Chosen(name, data, [Place(only(locate.path, data.value))])
    return Chosen(name, data, [_row(locate, data, row) for row in query(locate.rows, data.value)])


def _row(locate: EmbeddedLocator, data: Carried, row: JSONPathNode) -> Place | ReadingError:
    """The place of one row's figure; its date is kept as text, a number as JSON would write it."""
    place = in_row(row, locate.path or "$", locate.date if isinstance(locate.date, str) else None)
    if isinstance(place, ReadingError) or place.date is None:
        return place
    value = _value(data, place.date)
    try:
        return Place(place.value, key=said(value, normalised(place.date), str(value)))
    except ReadingError as error:
        return told_of(row, error)


# -------------------------------------------------------------------------------- by series


def _by_series(body: Body, locate: EmbeddedLocator) -> Chosen:
    """The only series of the name, or the only one there is; a chart that has none costs no other."""
    named: list[tuple[str, Carried, Series]] = []
    errors: list[ReadingError] = []
    for name, data in _carried(body, locate):
        try:
            named += [(name, data, series) for series in _series(locate, data) if _wanted(locate, series)]
        except ReadingError as error:
            errors.append(error)
    if errors and not named:
        raise errors[0]
    name, data, series = exactly_one(named, f"a series {locate.series or ''} of {locate.source}")
    return Chosen(name, data, _points(locate, series))


def _series(locate: EmbeddedLocator, data: Carried) -> Iterator[Series]:
    make = SOURCES[locate.source].series
    if make is None:
        raise TypeError(f"{locate.source} holds no series: it is read by path")
    return make(data.value)


def _wanted(locate: EmbeddedLocator, series: Series) -> bool:
    if locate.series is None:
        return not series.line
    return label(locate.series) in (label(series.name), _uncounted(series.name))


def _uncounted(name: str) -> str:
    """A name without the count that some charts write behind it: ``Agents (1 234)``."""
    return label(name).rpartition(" (")[0]


def _points(locate: EmbeddedLocator, series: Series) -> list[Place | ReadingError]:
    if locate.date:
        return [_dated(text, at) for text, at in series.points if not is_total(text or "")]
    points = [
        location
        for text, location in series.points
        if locate.row is None or (text is not None and label(text) == label(locate.row))
    ]
    if locate.row is None and len(points) > 1:
        raise Ambiguous(f"the series {series.name!r} has {len(points)} points: say `date: true`, or `row`")
    return [Place(exactly_one(points, f"the row {locate.row!r} of the series {series.name!r}"))]


def _dated(text: str | None, location: Location) -> Place | ReadingError:
    if text is None or not text.strip():
        return NotFound(f"{normalised(location)} has no label that could be its date")
    return Place(location, key=text)


# ---------------------------------------------------------------------------------- figures


def _figures(body: Body, chosen: Chosen, metric: Metric) -> Iterator[Found | ReadingError]:
    good = [place.value for place in chosen.places if isinstance(place, Place)]
    where = chosen.data.where(good)
    for place in chosen.places:
        try:
            if isinstance(place, ReadingError):
                yield place
            else:
                yield _figure(body, chosen, place, where[place.value], metric)
        except ReadingError as error:
            yield error


def _figure(body: Body, chosen: Chosen, place: Place, span: Span, metric: Metric) -> Found:
    text, value = body.page.text, _value(chosen.data, place.value)
    locator = f"{chosen.name} {normalised(place.value)}"
    if value is NOT_DATA:
        raise WrongFormat(f"{locator} is an expression, which only a browser can evaluate")
    exact = said(value, locator, _token(text, chosen.data, place.value, span))
    notation = written(metric) if isinstance(value, str) else "json"
    around = words_around(text, *span)
    return Found(body.sha256, "jsonpath", locator, exact, *around, *span, notation, place.key)


def _token(text: str, data: Carried, location: Location, span: Span) -> str:
    """A number as the page writes it."""
    whole = text[slice(*span)]
    return data.token(location) if data.token and "<" in whole else whole


def _value(data: Carried, location: Location) -> object:
    return reduce(lambda value, step: value[step], location, data.value)  # type: ignore[index]


PROTOCOL = Protocol(NAME, VERSION, read)
