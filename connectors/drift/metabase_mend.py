"""Mending the locator of a Metabase card: its title, reworded."""

from collections.abc import Iterator, Sequence

from connectors.drift.last_seen import LastSeen, Mend, Understand
from connectors.drift.likeness import NAMED, RENAMED, Judged, Likeness, alike, best
from connectors.extraction import Document
from connectors.locators import CardLocator
from connectors.selectors import label
from connectors.service import Page
from connectors.text.json_text import parse

_NOT_RECEIVED = 0.6  # times the likeness of a title: the result of the card was never asked for


def mend_metabase(
    page: Page,
    metric_id: str,
    seen: LastSeen,  # noqa: ARG001
    documents: Sequence[Document],
    understand: Understand,  # noqa: ARG001
) -> Mend | None:
    """The card whose title is nearest to the one that is gone; see :func:`connectors.drift.mend.mend`.

    The result of a card that no metric names is not fetched, so the value cannot be compared: the mend
    says so and is less sure.  A title that another metric names, or that two cards have, is no answer.
    """
    locate = page.metrics[metric_id].locate
    if not isinstance(locate, CardLocator) or locate.card is None:
        return None
    titles = list(_titles(parse(documents[0]).value))
    taken = {getattr(metric.locate, "card", None) for metric in page.metrics.values()}
    free = [title for title in titles if titles.count(title) == 1 and title not in taken]
    judged = (Judged(title, Likeness(alike(locate.card, title), 1.0, distinctive=False)) for title in free)
    found = best(judged)
    if found is None or locate.card in titles:
        return None
    said = "contains the old title" if found.likeness.name >= NAMED else "is the nearest to the old one"
    return Mend(
        locate.model_copy(update={"card": found.what}),
        page.metrics[metric_id].anchor,
        None,
        round(max(found.likeness.name, RENAMED) * _NOT_RECEIVED, 2),
        (
            f"the title {found.what!r} {said}",
            "its result was not fetched tonight: compare it before adopting",
        ),
    )


def _titles(value: object) -> Iterator[str]:
    """The title of each card of a dashboard: the one given there, else the card's own name."""
    board = value if isinstance(value, dict) else {}
    for each in board.get("dashcards") or board.get("ordered_cards") or ():
        match each:
            case {"card_id": int(), "visualization_settings": {"card.title": str() as title}}:
                yield label(title)
            case {"card_id": int(), "card": {"name": str() as title}}:
                yield label(title)
