"""Matching: which metric of a service a claim's words speak of."""

from typing import NamedTuple

from warehouse.derived.reconciliation.words import NEW, Likeness, likeness, stems
from warehouse.history import Row
from warehouse.normalisation.units import UNITS

_SCALES = ("ratio", "score")
_ALIKE = 0.5


class Candidate(NamedTuple):
    """A metric whose words are alike; ``sure`` when all words of the one are in the other."""

    metric: Row
    sure: bool


def candidates(metrics: list[Row], claim: Row) -> list[Candidate]:
    """The metrics that a claim may be about, best first: words first, then the headline."""
    said = stems(claim["metric"])
    found = []
    for metric in metrics:
        like = max(
            (likeness(said, stems(words)) for words in (metric["label"], metric["anchor"]) if words),
            key=lambda one: max(one.covered, one.covers),
            default=Likeness(0, 0, 0),
        )
        if max(like.covered, like.covers) >= _ALIKE and _fits(metric, claim):
            whole = like.covered == 1 or (like.covers == 1 and len(stems(metric["label"])) > 1)
            sure = whole and (NEW in said) == (NEW in stems(metric["label"]))
            found.append((sure, bool(metric["headline"]), like.common, metric["metric_id"], metric))
    found.sort(key=lambda one: (*(-part for part in one[:3]), one[3]))
    return [Candidate(one[-1], one[0]) for one in found]


def _fits(metric: Row, claim: Row) -> bool:
    """Whether the unit printed can be the metric's: points are of a scale, percentages of growth are not."""
    if claim["kind"] == "growth":
        return bool((metric["nature"] in _SCALES) == (claim["unit"] == "pts"))
    printed, own = UNITS.get(claim["unit"] or ""), UNITS.get(metric["unit"])
    if printed is None or own is None:
        return metric["nature"] not in _SCALES
    return (printed.kind, printed.scale) == (own.kind, own.scale)
