"""Candidate: characters that may be a figure, before it is known how a spec would point at them."""

from dataclasses import dataclass

from bs4.element import Tag

from connectors.locators import EmbeddedLocator


@dataclass(slots=True, eq=False)
class Candidate:
    """A number on an HTML page, and the words that seem to name it.

    ``element`` holds the figure, in its text or in ``attribute``; ``said`` is the element that says
    the label when that is another one; ``cell`` finds a cell of a table by the names of its column and
    its row.  ``reasons`` add up to the confidence.
    """

    element: Tag
    exact: str
    label: str
    around: str
    unit_words: str
    reasons: tuple[str, ...]
    said: Tag | None = None
    attribute: str | None = None
    follows: str = ""
    precedes: str = ""
    place: int = 0
    cell: EmbeddedLocator | None = None
