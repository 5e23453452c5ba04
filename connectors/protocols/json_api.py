"""A JSON endpoint: figures by RFC 9535 queries.

Offsets are in the body decoded as UTF-8, without byte order mark.  A number is kept
as its token; a string without its quotes and unescaped.
"""

from collections.abc import Iterator, Sequence
from functools import partial

from jsonpath_rfc9535 import JSONPathNode

from connectors.errors import NotFound, ReadingError
from connectors.extraction import Document, Reading
from connectors.protocol import Found, Protocol, absent, gather
from connectors.selectors import exactly_one
from connectors.service import BY_KEY, JsonLocator, Metric, Page
from connectors.text.json_text import Body, Location, Place, figures, name_of, parse, printed, query

NAME, VERSION = "json", 1


def read(service_id: str, page: Page, documents: Sequence[Document]) -> Reading:
    """Read every metric of ``page`` on the first document."""
    document = documents[0]
    try:
        body = parse(document)
    except ReadingError as error:
        return absent(service_id, page, error, document.sha256)
    return gather(service_id, page, f"{NAME}/{VERSION}", document.sha256, partial(_find, body, page.dated))


def _find(body: Body, dated: object, metric: Metric) -> Iterator[Found | ReadingError]:
    locate = metric.locate
    if not isinstance(locate, JsonLocator):
        raise TypeError(f"a JSON page needs a JsonLocator, not {type(locate).__name__}")
    if locate.rows is None:
        places: list[Place | ReadingError] = [Place(_only(locate.value, body.value))]
    else:
        places = [_row(locate, row) for row in _some(locate.rows, body.value)]
    page_date = None if locate.date else _page_date(body, dated)
    return figures(body, places, metric, page_date)


def _row(locate: JsonLocator, row: JSONPathNode) -> Place | ReadingError:
    """The place of one row's figure; a row without one is reported and costs no other row."""
    try:
        value = (*row.location, *_only(locate.value, row.value))
        if locate.date == BY_KEY:
            return Place(value, key=name_of(row.location))
        date = (*row.location, *_only(locate.date, row.value)) if locate.date else None
    except ReadingError as error:
        return type(error)(f"in the row {row.path()}, {error}")
    return Place(value, date)


def _only(path: str, value: object) -> Location:
    return exactly_one(query(path, value), f"the query {path!r}").location


def _some(path: str, value: object) -> list[JSONPathNode]:
    rows = query(path, value)
    if not rows:
        raise NotFound(f"no row matches the query {path!r}")
    return rows


def _page_date(body: Body, dated: object) -> str | None:
    """The date that the page states for all its figures, when the spec says where."""
    return printed(body, _only(dated.value, body.value)) if isinstance(dated, JsonLocator) else None


PROTOCOL = Protocol(NAME, VERSION, read)
