"""What broke: every incident that lasts, with the one change that would mend it, and those that ended."""

from collections.abc import Iterator

from pipelines.site.page import Page
from pipelines.site.record import Record, file_of

ENDED = 50
"""How many of the incidents that ended are listed."""


def pages(record: Record) -> Iterator[Page]:
    """The page of the incidents."""
    rows = [row | {"file": file_of(row["service_id"])} for row in record.incidents]
    ended = [row for row in rows if row["last_night"] is not None]
    yield Page(
        "incidents.html",
        "incidents.html.j2",
        {
            "lasting": [row for row in rows if row["last_night"] is None],
            "ended": ended[:ENDED],
            "ended_count": len(ended),
        },
    )
