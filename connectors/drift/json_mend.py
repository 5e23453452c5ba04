"""Mending a JSON locator: a key that was renamed, or that stands elsewhere."""

from collections.abc import Sequence

from connectors.drift.json_places import name, places
from connectors.drift.last_seen import LastSeen, Mend, Understand
from connectors.drift.offers import Offer, chosen
from connectors.extraction import Document
from connectors.locators import JsonLocator
from connectors.service import Page
from connectors.text.json_text import parse


def mend_json(
    page: Page, metric_id: str, seen: LastSeen, documents: Sequence[Document], understand: Understand
) -> Mend | None:
    """Where a figure stands now in a JSON body; see :func:`connectors.drift.mend.mend`."""
    old = page.metrics[metric_id].locate
    if not isinstance(old, JsonLocator):
        return None
    offers = (Offer(each, name(old), name(each)) for each in places(old, parse(documents[0]).value))
    return chosen(page, metric_id, seen, documents, understand, offers)
