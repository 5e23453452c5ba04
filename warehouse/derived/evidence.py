"""Evidence: what speaks for or against a criterion, and how verdicts add up.

Unknown is never counted as no: what is missing does not prove that there is nothing.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal, NamedTuple

from connectors.service import Reach

Verdict = Literal["met", "not_met", "unknown"]
Criterion = Literal["deployment", "impact", "quality"]


@dataclass(frozen=True, slots=True)
class JudgedFigure:
    """The last known figure of one metric; ``value`` is ``None`` where none is available.

    An open side (``at_least``) is ``None`` in ``low`` or ``high``, as in ``observations``.
    """

    metric_id: str
    label: str
    value: Decimal | None
    low: Decimal | None
    high: Decimal | None
    qualifier: str
    unit: str
    nature: str
    reach: Reach
    kind: Literal["usage", "impact"]
    observation_id: str
    held_back: bool
    period_end: date


@dataclass(frozen=True, slots=True)
class PrintedFigure:
    """A figure that a report prints of a service; open sides as in ``JudgedFigure``.

    ``label`` is what is counted, in the report's words, and ``source`` where they stand (French).
    ``nature`` is ``None`` where the report does not say it; ``reach`` is ``None`` where no declared metric
    does, and ``doubt`` then says why (French).  ``metrics`` are the declared ones that bear the same words.
    """

    claim_id: str
    label: str
    value: Decimal
    low: Decimal | None
    high: Decimal | None
    qualifier: str
    nature: str | None
    reach: Reach | None
    doubt: str
    source: str
    period_end: date
    metrics: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class StatisticsProof:
    """What our own collection proves about the statistics page; ``None``: not tried, not known."""

    collected: bool | None
    fresh: bool | None
    figures_found: int
    reason: str | None


@dataclass(frozen=True, slots=True)
class Evidence:
    """One thing that speaks for a verdict: what kind of thing, where it is, and the sentence staff read.

    ``verdict`` is what it says on its own, ``None`` where it decides nothing and is only worth a look.
    ``about`` is the short name of what was asked of it: the key of what is lacking where it is not met.
    """

    kind: str
    ref: str
    sentence_fr: str
    verdict: Verdict | None = None
    about: str = ""


class Finding(NamedTuple):
    """A verdict with its evidence."""

    verdict: Verdict
    evidence: tuple[Evidence, ...]


def all_of(verdicts: Iterable[Verdict | None]) -> Verdict:
    """Met if all are, not met if one is not, else unknown."""
    found = set(verdicts) - {None}
    return "not_met" if "not_met" in found else "unknown" if "unknown" in found else "met"


def any_of(verdicts: Iterable[Verdict | None]) -> Verdict:
    """Met if one is, not met if there are some and none is or may be, else unknown."""
    found = set(verdicts) - {None}
    return "met" if "met" in found else "not_met" if found == {"not_met"} else "unknown"


def finding(verdict: Verdict, evidence: Iterable[Evidence]) -> Finding:
    """A verdict with all the evidence, that which decided it first."""
    return Finding(verdict, tuple(sorted(evidence, key=lambda one: one.verdict != verdict)))
