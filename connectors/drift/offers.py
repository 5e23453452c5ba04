"""Offers: the locators that may find a lost figure now; of these at most one is believed."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice

from connectors.drift.last_seen import LastSeen, Mend, Understand
from connectors.drift.likeness import (
    GROWN,
    RENAMED,
    Judged,
    Likeness,
    alike,
    best,
    closeness,
    is_distinctive,
)
from connectors.drift.verified import Option, taken, verified
from connectors.extraction import Document, Extraction
from connectors.locators import Locator
from connectors.service import Metric, Page

MOST, MOST_READ = 5000, 500
"""Offers looked at, and those of the likest names that are read: a body with more is data, not figures."""


A_SERIES = 3
"""Points from which on two equal series are one that the page shows twice, and no chance."""


@dataclass(frozen=True, slots=True)
class Offer:
    """A locator, what the place was called, and what the place that it designates is called.

    ``within`` is the title of the card whose result it reads: two cards may give the very same bytes.
    """

    locate: Locator
    old: str
    new: str
    within: str = ""

    @property
    def name(self) -> float:
        """How much one name is like the other."""
        return alike(self.old, self.new)


def chosen(
    page: Page,
    metric_id: str,
    seen: LastSeen,
    documents: Sequence[Document],
    understand: Understand,
    offers: Iterable[Offer],
) -> Mend | None:
    """The mend that the only believable offer makes; None when there is none, or two are equally good.

    An offer is read with the readers of the night, and compared at the date at which the figure was last
    seen: what it reads there is the value known or hardly another, and no other metric's figure.
    """
    metric = page.metrics[metric_id]
    ranked = sorted(islice(offers, MOST), key=lambda each: -each.name)[:MOST_READ]
    options: dict[str, Option] = {
        f"m{rank}": (each.locate, metric.anchor) for rank, each in enumerate(ranked)
    }
    given = verified(page, metric, options, documents)
    read = {_place(each) for each in taken(page, metric_id, documents)}
    believed: dict[object, Judged[tuple[Offer, str]]] = {}
    for rank, offer in enumerate(ranked):
        figures = given.get(f"m{rank}", [])
        figure = _same(figures, seen)
        if figure and not any(_place(each) in read for each in figures):
            value, distinctive = _agreement(figure, seen, metric, understand), is_distinctive(figure.exact)
            name = offer.name if distinctive or offer.name >= RENAMED else 0.0  # "12" stands everywhere
            like = Likeness(name, value, distinctive)
            believed.setdefault((offer.within, _reading(figures)), Judged((offer, figure.exact), like))
    found = best(believed.values())
    if found is None:
        return None
    offer, exact = found.what
    reasons = (*found.likeness.reasons, "the new locator finds it, and it alone")
    return Mend(offer.locate, metric.anchor, exact, found.likeness.score, reasons)


def _reading(figures: Sequence[Extraction]) -> object:
    """What tells one answer from another: two ways to say one place are one, as are a chart and its table."""
    if len(figures) >= A_SERIES:
        return tuple((each.period_text, each.exact) for each in figures)
    return tuple((each.period_text, *_place(each)) for each in figures)


def _place(found: Extraction) -> tuple[str, int, int]:
    return found.body_sha256, found.start, found.end


def _same(figures: Sequence[Extraction], seen: LastSeen) -> Extraction | None:
    """Of the figures that a locator gives, the one to compare: that of the same date, else the only one."""
    if len(figures) == 1:
        return figures[0]
    return next((each for each in figures if each.period_text == seen.period_text is not None), None)


def _agreement(figure: Extraction, seen: LastSeen, metric: Metric, understand: Understand) -> float:
    """How close a value is to the last; 0 unless it is the same, or has hardly grown."""
    last = understand(seen.exact, seen.notation, metric.unit)
    now = understand(figure.exact, figure.notation, metric.unit)
    value = closeness(last, now, metric) if last is not None and now is not None else 0.0
    return value if value >= GROWN else 0.0
