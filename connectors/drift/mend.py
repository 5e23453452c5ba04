"""The mend of a service file: where a lost figure seems to stand now, verified on the page of tonight."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress

from connectors import first_page
from connectors.drift.card_mend import mend_cards
from connectors.drift.date_mend import mend_date
from connectors.drift.embedded_mend import mend_embedded
from connectors.drift.html_mend import mend_html
from connectors.drift.json_mend import mend_json
from connectors.drift.last_seen import LastSeen, Mend, Understand
from connectors.drift.matomo_mend import mend_matomo
from connectors.drift.table_mend import mend_table
from connectors.errors import ReadingError
from connectors.extraction import Document
from connectors.service import Page

Mender = Callable[[Page, str, LastSeen, Sequence[Document], Understand], Mend | None]

MENDERS: Mapping[str, Mender] = {
    "html": mend_html,
    "json": mend_json,
    "metabase": mend_cards,
    "superset": mend_cards,
    "table": mend_table,
    "embedded": mend_embedded,
    "matomo": mend_matomo,
}
"""The protocols whose locators can be mended; a series of ``stats_json`` has none."""


def mend(
    page: Page, metric_id: str, seen: LastSeen, documents: Sequence[Document], understand: Understand
) -> Mend | None:
    """Where a metric that ``page`` no longer finds on ``documents`` seems to stand now.

    The place bears the old name or a close rewording of it, or the very digits last seen; its value is
    believable after the last one; the locator finds it alone.  None when there is no such place, when two
    are equally good, or when the bodies cannot be read.
    """
    menders = [MENDERS.get(page.protocol), mend_date if page.dated else None]
    with suppress(ReadingError):
        own, bodies = _entered(page, documents)
        for mender in filter(None, menders if bodies else ()):
            with suppress(ReadingError, RecursionError):
                found = mender(own, metric_id, seen, bodies, understand)
                if found:
                    return found
    return None


def _entered(page: Page, documents: Sequence[Document]) -> tuple[Page, Sequence[Document]]:
    """The page and its bodies as its protocol sees them, without the first page that led to them."""
    if page.first is None or not documents:
        return page, documents
    entered = first_page.entered(page, first_page.find(page, documents[0]))
    return entered.model_copy(update={"first": None}), documents[1:]
