"""The convention of ADEME's services: ``{description?, stats: [{date, value}]}``.

One endpoint gives one figure, period by period (``?periodicity=month&since=24``), in either order
and with dates of several kinds.  Whether the values are totals or flows it does not say; the spec does.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import partial

from connectors.errors import Empty, ReadingError, WrongFormat
from connectors.extraction import Document, Reading
from connectors.locators import SeriesLocator
from connectors.protocol import Found, Protocol, absent, gather
from connectors.service import Metric, Page
from connectors.text.json_text import Body, Place, figures, normalised, parse

NAME, VERSION = "stats_json", 1

MOMENTS = range(10**9, 10**10)
"""UNIX seconds from 2001 to 2286: a smaller number is a year or a rank, a larger one milliseconds."""


def read(service_id: str, page: Page, documents: Sequence[Document]) -> Reading:
    """Read every metric of ``page`` on the first document."""
    document = documents[0]
    try:
        body = parse(document)
        rows = _rows(body)
    except ReadingError as error:
        return absent(service_id, page, error, document.sha256)
    return gather(service_id, page, f"{NAME}/{VERSION}", document.sha256, partial(_find, body, rows))


def _find(body: Body, rows: Sequence[object], metric: Metric) -> Iterator[Found | ReadingError]:
    if not isinstance(metric.locate, SeriesLocator):
        raise TypeError(f"a stats_json page needs a SeriesLocator, not {type(metric.locate).__name__}")
    return figures(body, [_place(index, row) for index, row in enumerate(rows)], metric)


def _rows(body: Body) -> list[object]:
    rows = body.value.get("stats") if isinstance(body.value, dict) else None
    if not isinstance(rows, list):
        raise WrongFormat("the answer has no list `stats`")
    if not rows:
        raise Empty("the list `stats` has no row")
    return rows


def _place(index: int, row: object) -> Place | ReadingError:
    """The place of a row's figure; a row that cannot be dated is reported and costs no other row."""
    here = normalised(("stats", index))
    if not isinstance(row, dict) or not {"date", "value"} <= row.keys():
        return WrongFormat(f"{here} is not a date and a value")
    if not _is_date(row["date"]):
        return WrongFormat(f"{here} has no valid date: {str(row['date'])[:40]!r}")
    return Place(("stats", index, "value"), ("stats", index, "date"))


def _is_date(value: object) -> bool:
    """Whether a value is a day or a moment in ISO 8601, or UNIX seconds."""
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return MOMENTS[0] <= value <= MOMENTS[-1]
    try:
        return isinstance(value, str) and bool(datetime.fromisoformat(value))
    except ValueError:
        return False


PROTOCOL = Protocol(NAME, VERSION, read)
