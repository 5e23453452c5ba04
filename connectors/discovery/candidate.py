"""Candidate: characters that may be a figure, before it is known how a spec would point at them."""

from dataclasses import dataclass

from bs4.element import Tag


@dataclass(slots=True, eq=False)
class Candidate:
    """A number on an HTML page, and the words that seem to name it.

    ``element`` holds the figure, in its text or in ``attribute``; ``said`` is the element that says
    the label when that is another one.  ``reasons`` add up to the confidence.
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
