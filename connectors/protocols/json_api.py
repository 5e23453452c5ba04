"""A JSON endpoint: figures by RFC 9535 queries.

Offsets are in the body decoded as UTF-8, without byte order mark.  A number is kept
as its token; a string without its quotes and unescaped.
"""

from collections.abc import Iterator, Sequence
from functools import partial

from jsonpath_rfc9535 import JSONPathNode

from connectors.errors import NotFound, ReadingError
from connectors.extraction import Document, Reading
from connectors.locators import JsonLocator
from connectors.protocol import Found, Protocol, absent, gather
from connectors.service import Metric, Page
from connectors.text.json_rows import in_row, only
from connectors.text.json_text import Body, Place, figures, parse, printed, query

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
        places: list[Place | ReadingError] = [Place(only(locate.value, body.value))]
    else:
        places = [in_row(row, locate.value, locate.date) for row in _some(locate.rows, body.value)]
    page_date = None if locate.date else _page_date(body, dated)
    return figures(body, places, metric, page_date)


def _some(path: str, value: object) -> list[JSONPathNode]:
    rows = query(path, value)
    if not rows:
        raise NotFound(f"no row matches the query {path!r}")
    return rows


def _page_date(body: Body, dated: object) -> str | None:
    """The date that the page states for all its figures, when the spec says where."""
    return printed(body, only(dated.value, body.value)) if isinstance(dated, JsonLocator) else None


PROTOCOL = Protocol(NAME, VERSION, read)
