"""Mending the locator of a Matomo event: its label, reworded.

Nothing else of Matomo can be mended: a measure has the name that Matomo gives it, and a site or a segment
that moved is an error in place of an answer, which its absence quotes.
"""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from urllib.parse import unquote_plus

from connectors.drift.last_seen import LastSeen, Mend, Understand
from connectors.drift.offers import Offer, chosen
from connectors.errors import ReadingError
from connectors.extraction import Document
from connectors.locators import MatomoLocator
from connectors.selectors import label
from connectors.service import Page
from connectors.text.json_text import parse


def mend_matomo(
    page: Page, metric_id: str, seen: LastSeen, documents: Sequence[Document], understand: Understand
) -> Mend | None:
    """The event that bears another label now; see :func:`connectors.drift.mend.mend`."""
    old = page.metrics[metric_id].locate
    if not isinstance(old, MatomoLocator) or old.label is None:
        return None
    labels = dict.fromkeys(each for document in documents for each in _labels(document))
    offers = (Offer(old.model_copy(update={"label": each}), old.label, each) for each in labels)
    return chosen(page, metric_id, seen, documents, understand, offers)


def _labels(document: Document) -> Iterator[str]:
    """The labels of the events of an answer, as people read them: Matomo writes them as in a URL."""
    value: object = None
    with suppress(ReadingError):
        value = parse(document).value
    for rows in [value, *(value.values() if isinstance(value, dict) else ())]:
        for row in rows if isinstance(rows, list) else ():
            match row:
                case {"label": str() as written}:
                    yield label(unquote_plus(written))
