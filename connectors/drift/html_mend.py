"""Mending an HTML locator: the old label where it stands now, or the old digits under a new label."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import product

import soupsieve
from bs4.element import Tag

from connectors.drift.html_places import Spot, neighbours, spots
from connectors.drift.last_seen import LastSeen, Mend, Understand
from connectors.drift.likeness import RELATED, Judged, Likeness, alike, best, closeness, is_distinctive
from connectors.drift.verified import Option, taken, verified
from connectors.extraction import Document
from connectors.locators import HtmlLocator
from connectors.selectors import fold, label
from connectors.service import Metric, Page
from connectors.text.html_text import parse
from connectors.text.html_tree import Html, as_read

_MADE_UP = re.compile(r"^(?:css|sc|jsx|jss|svelte|emotion)-|[0-9a-f]{6,}|__\w{5}$|^_|\d{3,}|[:\[\]/]")
"""Classes that a build makes up anew: a locator that names one breaks at the next."""

_LONGEST = 200
"""Characters of an anchor or of a path: a longer one breaks at the next change."""


@dataclass(frozen=True, slots=True)
class _Lost:
    """The figure looked for: its metric, how it was last read, and the names of the page's other figures."""

    metric: Metric
    seen: LastSeen
    understand: Understand
    others: tuple[str, ...] = ()

    @property
    def names(self) -> list[str]:
        """What the page called it."""
        return _names_on_page(self.metric)

    def likeness(self, spot: Spot) -> Likeness:
        """How much a place is like it."""
        value = self.understand(spot.exact, self.seen.notation, self.metric.unit)
        if value is None and re.search(r"\d", spot.exact):
            return Likeness(0, 0, False)
        last = self.understand(self.seen.exact, self.seen.notation, self.metric.unit)
        name = max(alike(old, new) for old in self.names for new in spot.names)
        if spot.neighbours and not spot.neighbours & neighbours(self.seen.prefix, self.seen.suffix):
            name = min(name, RELATED)  # a sentence with several numbers names this one by its nearest words
        if any(alike(other, new) > name for other in self.others for new in spot.names):
            return Likeness(name, 0, distinctive=False)  # it is another figure of the page
        return Likeness(name, closeness(last, value, self.metric), is_distinctive(spot.exact))


def _names_on_page(metric: Metric) -> list[str]:
    """The anchor, the label beside the figure, else what staff call it."""
    said = [metric.anchor, getattr(metric.locate, "label", None)]
    return [name for name in said if name] or [metric.label]


def mend_html(
    page: Page, metric_id: str, seen: LastSeen, documents: Sequence[Document], understand: Understand
) -> Mend | None:
    """Where a figure stands now on an HTML page; see :func:`connectors.drift.mend.mend`."""
    metric = page.metrics[metric_id]
    others = (each for name, each in page.metrics.items() if name != metric_id)
    lost = _Lost(metric, seen, understand, tuple(name for each in others for name in _names_on_page(each)))
    html = Html(parse(documents[0]))
    read = {each.start for each in taken(page, metric_id, documents)}
    free = (spot for spot in _distinct(spots(html)) if spot.start not in read)
    found = best(Judged(spot, lost.likeness(spot)) for spot in free)
    if found is None:
        return None
    options = {f"m{rank}": option for rank, option in enumerate(_options(html, found.what, lost.names))}
    given = verified(page, metric, options, documents)
    for name, (locate, anchor) in options.items():
        if [fold(each.exact) for each in given.get(name, ())] == [fold(found.what.exact)]:
            reasons = (*found.likeness.reasons, "the new locator finds it, and it alone")
            return Mend(locate, anchor, given[name][0].exact, found.likeness.score, reasons)
    return None


def _distinct(found: Iterable[Spot]) -> Iterator[Spot]:
    """One of each: the same characters told in two ways, or printed again under the same words.

    Pages print a figure twice, for telephones and for desks; as long as both agree, neither is wrong.
    """
    starts: set[tuple[int, str | None]] = set()
    printed: set[tuple[str, str]] = set()
    for spot in found:
        place, print_ = (spot.start, spot.attribute), (fold(spot.exact), spot.box.words)
        if place not in starts and print_ not in printed:
            yield spot
        starts.add(place)
        printed.add(print_)


def _options(html: Html, spot: Spot, names: Sequence[str]) -> Iterator[Option]:
    """Locators of a place, with their anchors: those that survive small changes first."""
    more = {"attribute": spot.attribute, "pattern": spot.pattern}
    if spot.pattern is None:
        for said in _labels(spot):
            for within, value in product(_names_of(spot.box.element), _names_of(spot.element)):
                yield HtmlLocator(label=said, within=within, value=value, attribute=spot.attribute), None
    anchor = next((name for name in names if spot.box.says(name)), spot.box.words)
    if len(anchor) <= _LONGEST:
        for css in _selectors(html, spot.element):
            yield HtmlLocator(css=css, **more), anchor


def _labels(spot: Spot) -> Iterator[str]:
    """The texts of the box that an element beside the figure says, if it says all of them."""
    for element in spot.box.element.find_all(True):
        said = as_read(element)
        if said and said == label(spot.box.words) and element is not spot.element:
            yield said
            return


def _selectors(html: Html, element: Tag) -> Iterator[str]:
    yield from (name for name in _names_of(element) if name.startswith("."))
    if element.parent is not None:
        for outer, inner in product(_names_of(element.parent), _names_of(element)):
            yield f"{outer} > {inner}"
    path = html.path(element)
    if len(path) <= _LONGEST:
        yield path


def _names_of(element: Tag) -> list[str]:
    """Ways to select an element by its own name, the most telling first."""
    classes = [each for each in str(element.get("class") or "").split() if not _MADE_UP.search(each)]
    return [f".{soupsieve.escape(each)}" for each in classes[:3]] + [soupsieve.escape(element.name)]
