"""Proposal: a figure that a page seems to print, and how far to believe it."""

from dataclasses import dataclass
from typing import Literal

from connectors.extraction import Notation
from connectors.locators import (
    CardLocator,
    EmbeddedLocator,
    HtmlLocator,
    JsonLocator,
    MatomoLocator,
    SeriesLocator,
    TableLocator,
)
from connectors.service import Dimension, Nature, PeriodRule, Reach
from connectors.specs.rules import KINDS


@dataclass(frozen=True, slots=True)
class Proposal:
    """One figure, verbatim, with a locator that was verified to give exactly these characters.

    ``label`` is the text beside the figure, ``around`` all words that speak of it, ``unit_words`` those
    that directly follow it, ``anchor`` those that must stand beside it, ``points`` all those that its locator
    gives where it gives a series, each a date and characters.  ``confidence`` runs from 0 to 1 and
    ``reasons`` say what it rests on.  The rest are guesses, to be confirmed by a person.
    """

    label: str
    exact: str
    locator: (
        HtmlLocator
        | JsonLocator
        | EmbeddedLocator
        | CardLocator
        | SeriesLocator
        | MatomoLocator
        | TableLocator
    )
    notation: Notation
    around: str
    unit_words: str
    nature: Nature
    period: PeriodRule | None
    reach: Reach
    dimension: Dimension
    kind: Literal["usage", "impact"]
    confidence: float
    reasons: tuple[str, ...]
    points: tuple[tuple[str, str], ...] = ()
    anchor: str | None = None

    @property
    def dates(self) -> tuple[str, ...]:
        """The dates of a series, as they are printed."""
        return tuple(date for date, _ in self.points)

    @property
    def protocol(self) -> str:
        """The protocol whose locator it has, as service files name it."""
        return next(name for name, kind in KINDS.items() if type(self.locator) is kind)
