"""LastSeen: a figure as it was last read.  Mend: where it seems to stand now."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from connectors.extraction import Extraction, Notation
from connectors.locators import Locator

Understand = Callable[[str, Notation, str], Decimal | None]
"""The value of printed characters in a unit; none when they are no number, or one of another unit.

What figures are worth is not this folder's to know: whoever asks for a mend brings the reader of numbers.
"""


@dataclass(frozen=True, slots=True)
class LastSeen:
    """The characters of a figure when it was last read, and the few words around them."""

    exact: str
    prefix: str
    suffix: str
    notation: Notation = "french"
    period_text: str | None = None

    @classmethod
    def of(cls, extraction: Extraction) -> "LastSeen":
        """What an extraction remembers of its figure."""
        return cls(
            extraction.exact,
            extraction.prefix,
            extraction.suffix,
            extraction.notation,
            extraction.period_text,
        )


@dataclass(frozen=True, slots=True)
class Mend:
    """A locator that gave ``exact`` on the page of tonight, with the ``anchor`` that goes with it.

    ``confidence`` runs from 0 to 1 and ``reasons`` say what it rests on: a person decides.  ``key`` is what
    of the service file is mended: the metric's ``locate``, or the page's ``dated``.
    """

    locate: Locator
    anchor: str | None
    exact: str
    confidence: float
    reasons: tuple[str, ...]
    key: Literal["locate", "dated"] = "locate"
