"""What locators give with the readers of the night: a mend is believed only after that."""

from collections.abc import Mapping, Sequence

from connectors.extraction import Document, Extraction
from connectors.extractor import read_now
from connectors.locators import Locator
from connectors.service import Metric, Page

Option = tuple[Locator, str | None]
"""A locator, and the anchor that goes with it."""


def verified(
    page: Page, metric: Metric, options: Mapping[str, Option], documents: Sequence[Document]
) -> dict[str, list[Extraction]]:
    """What each option, by a name of the caller's, gives in place of the metric's own locator."""
    if not options:
        return {}
    metrics = {
        name: metric.model_copy(update={"locate": locate, "anchor": anchor})
        for name, (locate, anchor) in options.items()
    }
    given: dict[str, list[Extraction]] = {}
    for found in read_now("mended", page.model_copy(update={"metrics": metrics}), documents).extractions:
        given.setdefault(found.metric_id, []).append(found)
    return given


def taken(page: Page, metric_id: str, documents: Sequence[Document]) -> list[Extraction]:
    """The figures that the other metrics of the page found tonight: none of them is the one lost."""
    found = read_now("mended", page, documents).extractions
    return [each for each in found if each.metric_id != metric_id]
