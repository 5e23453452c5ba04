"""JSON as it was written: values, and the characters each one stands in.

The standard decoder says what a body means but not where; a figure needs both.
:func:`parse` decodes strictly, then :func:`spans` walks the same text along the
few locations that matter, letting the decoder jump over everything else.
"""

import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache, reduce
from typing import Any

from jsonpath_rfc9535 import JSONPathError, JSONPathNode, JSONPathQuery
from jsonpath_rfc9535 import compile as compile_path

from connectors.errors import Empty, NotFound, ReadingError, WrongFormat
from connectors.extraction import Document
from connectors.protocol import Found, not_ours, written
from connectors.selectors import words_around
from connectors.service import Metric
from connectors.text.html_text import html_instead

Location = tuple[int | str, ...]
Span = tuple[int, int]

_HTML = re.compile(r"\s*<(!--|(!doctype\s+html|html|head|body)\b)", re.IGNORECASE)
_BLANK = re.compile(r"[ \t\n\r]*")
_LONGEST_INTEGER = 4000  # beyond 4300 digits int() refuses; the text, not the number, is the proof


@dataclass(frozen=True, slots=True)
class Body:
    """A JSON body: ``text`` (without byte order mark), the ``value`` it means, its hash."""

    text: str
    value: object
    sha256: str


@dataclass(frozen=True, slots=True)
class Place:
    """The locations of a figure and, when it has its own, of its date; ``key`` is a date that is no value."""

    value: Location
    date: Location | None = None
    key: str | None = None


def parse(document: Document, refusal: Callable[[Document], ReadingError | None] = not_ours) -> Body:
    """The JSON of ``document``: RFC 8259, in UTF-8, without duplicate keys.

    ``refusal`` tells what a document says in place of an answer, where its protocol has words for that.

    Raises:
        ReadingError: what ``refusal`` told.
        NotAStatisticsPage: an HTML page came instead.
        WrongFormat: anything else that is not JSON; the sentence says what and where.
    """
    if refused := refusal(document):
        raise refused
    try:
        text = document.content.decode("utf-8-sig")
        if is_html(text):
            raise html_instead(text, "JSON")
        return Body(text, decoded(text), document.sha256)
    except UnicodeDecodeError as error:
        raise WrongFormat(f"the body is not UTF-8: byte {error.start} cannot be read") from error


def decoded(text: str) -> object:
    """The value of a JSON text.

    Raises:
        WrongFormat: it is not JSON, or nested too deep.
    """
    try:
        return _DECODER.decode(text)
    except RecursionError as error:
        raise WrongFormat("the body is nested too deep to be read") from error
    except ValueError as error:
        raise WrongFormat(f"the body is not JSON: {error}") from error


def is_html(text: str) -> bool:
    """Whether a text begins as an HTML page does."""
    return _HTML.match(text) is not None


def _integer(token: str) -> int | float:
    return int(token) if len(token) < _LONGEST_INTEGER else float(token)


def _constant(token: str) -> object:
    raise ValueError(f"{token} is not a JSON number")


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object whose keys are all different: of two values under one key, which is the figure?"""
    value = dict(pairs)
    if len(value) < len(pairs):
        twice = Counter(key for key, _ in pairs).most_common(1)[0][0]
        raise ValueError(f"the key {twice!r} is written twice in one object")
    return value


_DECODER = json.JSONDecoder(parse_int=_integer, parse_constant=_constant, object_pairs_hook=_once)
_SKIPPER = json.JSONDecoder(parse_int=str, parse_float=str)


@lru_cache(maxsize=512)
def _compiled(path: str) -> JSONPathQuery:
    return compile_path(path)


def query(path: str, value: object) -> list[JSONPathNode]:
    """The nodes that an RFC 9535 query matches.

    Raises:
        WrongFormat: the query cannot be answered on this value (too deep, or of another type).
    """
    try:
        return list(_compiled(path).find(value))  # type: ignore[arg-type]
    except JSONPathError as error:
        raise WrongFormat(f"the query {path!r} cannot be answered: {error}") from error


def normalised(location: Location) -> str:
    """The RFC 9535 normalised path of a location: ``$['stats'][3]['value']``."""
    return JSONPathNode(value=None, location=location, parent=None, root=None).path()


def spans(text: str, locations: Iterable[Location]) -> dict[Location, Span]:
    """Where the value of each location stands in ``text``, which :func:`parse` accepted.

    A span is that of the whole JSON token or structure, quotes and brackets included.
    """
    wanted: dict[int | str, Any] = {}
    for location in locations:
        reduce(lambda branch, step: branch.setdefault(step, {}), location, wanted)
    found: dict[Location, Span] = {}
    start = _after_blank(text, 0)
    _walk(text, (start, _SKIPPER.raw_decode(text, start)[1]), wanted, (), found)
    return found


def _walk(
    text: str, span: Span, wanted: Mapping[int | str, Any], here: Location, found: dict[Location, Span]
) -> None:
    """Note the span of ``here``, then of everything wanted inside it."""
    found[here] = span
    if wanted:
        children = _members if text[span[0]] == "{" else _items
        for step, inner in children(text, span[0]):
            if step in wanted:
                _walk(text, inner, wanted[step], (*here, step), found)


def _members(text: str, at: int) -> Iterator[tuple[int | str, Span]]:
    """Each key of the object that opens at ``at``, with the span of its value."""
    at = _after_blank(text, at + 1)
    while text[at] != "}":
        key, at = _SKIPPER.raw_decode(text, at)
        start = _after_blank(text, _after_blank(text, at) + 1)
        end = _SKIPPER.raw_decode(text, start)[1]
        yield key, (start, end)
        at = _after_comma(text, end)


def _items(text: str, at: int) -> Iterator[tuple[int | str, Span]]:
    """Each index of the array that opens at ``at``, with the span of its value."""
    at, index = _after_blank(text, at + 1), 0
    while text[at] != "]":
        end = _SKIPPER.raw_decode(text, at)[1]
        yield index, (at, end)
        at, index = _after_comma(text, end), index + 1


def _after_blank(text: str, at: int) -> int:
    match = _BLANK.match(text, at)
    return match.end() if match else at


def _after_comma(text: str, at: int) -> int:
    at = _after_blank(text, at)
    return _after_blank(text, at + 1) if text[at] == "," else at


def figures(
    body: Body, places: Sequence[Place | ReadingError], metric: Metric, page_date: str | None = None
) -> Iterator[Found | ReadingError]:
    """The figure at each place, or the reason why there is none; errors among places pass through."""
    good = [place for place in places if isinstance(place, Place)]
    locations = [place.value for place in good] + [place.date for place in good if place.date is not None]
    where = spans(body.text, locations)
    for place in places:
        try:
            yield place if isinstance(place, ReadingError) else _figure(body, place, where, metric, page_date)
        except ReadingError as error:
            yield error


def _figure(
    body: Body, place: Place, where: Mapping[Location, Span], metric: Metric, page_date: str | None
) -> Found:
    exact, (start, end) = _printed(body, place.value, where)
    prefix, suffix = words_around(body.text, start, end)
    date = _printed(body, place.date, where)[0] if place.date is not None else place.key or page_date
    number = not isinstance(value_at(body, place.value), str)
    notation = "json" if number else written(metric)
    path = normalised(place.value)
    return Found(body.sha256, "jsonpath", path, exact, prefix, suffix, start, end, notation, date)


def value_at(body: Body, location: Location) -> object:
    """The value at a location that exists."""
    return reduce(lambda value, step: value[step], location, body.value)  # type: ignore[index]


def name_of(location: Location) -> str:
    """The name under which a value stands in its object.

    Raises:
        NotFound: it stands in a list, or nowhere.
    """
    if not location or not isinstance(location[-1], str):
        raise NotFound("it stands in a list: it has no name that could be its date")
    return location[-1]


def printed(body: Body, location: Location) -> str:
    """The characters of one value: a number's token, or a string without its quotes.

    Raises:
        ReadingError: it is empty, or no number and no text.
    """
    return _printed(body, location, spans(body.text, [location]))[0]


def _printed(body: Body, location: Location, where: Mapping[Location, Span]) -> tuple[str, Span]:
    value, (start, end) = value_at(body, location), where[location]
    exact = said(value, normalised(location), body.text[start:end])
    return exact, (start + 1, end - 1) if isinstance(value, str) else (start, end)


def said(value: object, place: str, token: str) -> str:
    """The characters of one value: a number's ``token`` as written, or a string unescaped.

    Raises:
        Empty: it is null, or an empty text.
        NotFound: it is no number and no text.
        WrongFormat: it holds what is not text.
    """
    if value is None or value == "" or (isinstance(value, str) and not value.strip()):
        raise Empty(f"{place} is {'null' if value is None else 'an empty text'}")
    if isinstance(value, str):
        return _storable(value, place)
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise NotFound(f"{place} is {_kind(value)}, not a figure")
    return token


def _storable(value: str, place: str) -> str:
    r"""``value``, unless an escape such as ``\u0000`` or ``\ud800`` made it a text no database keeps."""
    if "\0" in value or any("\ud800" <= character <= "\udfff" for character in value):
        raise WrongFormat(f"{place!r} holds a character that is not text")
    return value


def _kind(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return "an object" if isinstance(value, dict) else "a list" if isinstance(value, list) else str(value)
