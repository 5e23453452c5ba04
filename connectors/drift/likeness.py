"""How much a figure somewhere on a page is like the one that was lost: its name, and its value."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from difflib import SequenceMatcher
from typing import Generic, TypeVar

from connectors.selectors import label
from connectors.service import Metric

T = TypeVar("T")

NAMED, RENAMED, RELATED = 0.99, 0.5, 0.25
"""The same name stands beside it; a close rewording of it; words in common."""

EQUAL, GROWN, NEAR, POSSIBLE = 1.0, 0.8, 0.6, 0.4
"""How close a value is to the last: the same; grown by 5 % at most, by a quarter; within what is believed."""

CLEARLY = 0.1  # by how much the best must be better than the next
_WORD = re.compile(r"[^\W\d_]{2,}")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_FALLEN = Decimal("0.98")  # what a total may lose when its service tidies up


@dataclass(frozen=True, slots=True)
class Likeness:
    """How much a place is like the figure lost: from 0 to 1, by name and by value."""

    name: float
    value: float
    distinctive: bool

    @property
    def score(self) -> float:
        """From 0, which is not believed, to 1."""
        if not self.value or not self._believed:
            return 0.0
        return round(0.5 * self.name + 0.45 * self.value, 3)

    @property
    def _believed(self) -> bool:
        """By its name; by a rewording and hardly another value; or by the value and a word or digits."""
        if self.name >= NAMED:
            return True
        if self.name >= RENAMED:
            return self.value >= GROWN
        return self.value == EQUAL and (self.distinctive or self.name >= RELATED)

    @property
    def reasons(self) -> tuple[str, ...]:
        """What the score rests on, in words."""
        name = (
            "the same words name it"
            if self.name >= NAMED
            else "a close rewording names it" if self.name >= RENAMED else "other words name it"
        )  # fmt: skip
        value = {EQUAL: "its value is the last one", GROWN: "its value has grown a little"}.get(
            self.value, "its value is believable after the last one"
        )
        return (name, value)


def words(name: str) -> list[str]:
    """The words of a name or of a key (``nb_usersCount``), in one case, without plural."""
    parted = _CAMEL.sub(" ", label(name)).replace("_", " ").casefold()
    return [word.rstrip("sx") if len(word) > 3 else word for word in _WORD.findall(parted)]


def alike(old: str, new: str) -> float:
    """How much a name is like another: 1 when all words of one stand in the other, in their order."""
    before, after = words(old), words(new)
    if not before or not after:
        return 0.0
    if _within(before, after):
        return 1.0
    common = len(set(before) & set(after)) / len(set(before) | set(after))
    return max(common, SequenceMatcher(None, " ".join(before), " ".join(after)).ratio() - 0.15, 0.0)


def _within(few: Sequence[str], many: Sequence[str]) -> bool:
    return any(list(many[at : at + len(few)]) == list(few) for at in range(len(many) - len(few) + 1))


def closeness(last: Decimal | None, now: Decimal | None, metric: Metric) -> float:
    """How believable a value is after the last one; 0 when it is not.

    A total does not fall, nothing grows beyond what the metric expects, and its bounds hold.
    """
    if now is None:
        return POSSIBLE if last is None else 0.0
    if not _within_bounds(now, metric):
        return 0.0
    if last is None or not last:
        return POSSIBLE
    return EQUAL if now == last else _after(now / last, metric)


def _within_bounds(now: Decimal, metric: Metric) -> bool:
    low, high = metric.expect.min, metric.expect.max
    return (low is None or now >= low) and (high is None or now <= high)


def _after(ratio: Decimal, metric: Metric) -> float:
    """How believable a ratio to the last value is."""
    factor = metric.expect.factor
    if not 1 / factor <= ratio <= factor or (metric.nature == "cumulative" and ratio < _FALLEN):
        return 0.0
    if _FALLEN <= ratio <= Decimal("1.05"):
        return GROWN
    return NEAR if Decimal("0.8") <= ratio <= Decimal("1.25") else POSSIBLE


def is_distinctive(exact: str) -> bool:
    """Whether these digits hardly stand on a page twice by chance: four at least, of no round number."""
    digits = re.sub(r"\D", "", exact)
    return len(digits.rstrip("0")) > 2 and len(digits) > 3


@dataclass(frozen=True, slots=True)
class Judged(Generic[T]):
    """Something, and how much it is like the figure lost."""

    what: T
    likeness: Likeness


def nearest(old: str, names: Iterable[str], most: int = 3) -> list[str]:
    """The names that are likest to an old one, each at least a rewording; of equal ones the shorter first."""
    known = ((alike(old, name), name) for name in dict.fromkeys(names))
    ranked = sorted((like, -len(name), name) for like, name in known if like >= RENAMED)
    return [name for *_, name in ranked[::-1][:most]]


def best(judged: Iterable[Judged[T]]) -> Judged[T] | None:
    """The one that is clearly more like the figure lost than any other; none when two are equally good."""
    ranked = sorted((each for each in judged if each.likeness.score), key=lambda each: -each.likeness.score)
    if not ranked or (len(ranked) > 1 and ranked[0].likeness.score - ranked[1].likeness.score < CLEARLY):
        return None
    return ranked[0]
