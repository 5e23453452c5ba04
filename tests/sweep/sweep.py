"""Kill, run again, compare."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from math import ceil

from tests.sweep.commands import COMMANDS, night
from tests.sweep.place import Place, State

KILLED = -9


@dataclass
class Found:
    """What a sweep found.

    ``kinds`` counts the steps known, by kind; ``killed`` are the points at which it died, ``equal`` of which
    left the same state in the end; ``different`` names the others, with what differs.
    """

    kinds: Counter[str]
    killed: int = 0
    equal: int = 0
    different: dict[int, str] = field(default_factory=dict)


class Sweep:
    """A command in a place, ready to be killed; ``expected`` is the state that it leaves when it is not."""

    def __init__(self, place: Place, name: str) -> None:
        self.place = place
        swept = COMMANDS[name]
        place.put_back(None)
        for day in swept.nights:
            _must_end(place, night(place, day))
        swept.prepare(place)
        self.arguments = swept.arguments(place)
        self.before = f"before_{name.replace('-', '_')}"
        place.keep(self.before)
        _must_end(place, self.arguments)
        self.steps = place.steps()
        self.expected = place.state()

    def killed_at(self, point: int) -> str | None:
        """Kill it before this step, run it again; the tables that differ then, or "" when none does.

        None when it never came to that step: it may take more or fewer from run to run, as answers come.
        """
        self.place.put_back(self.before)
        if self.place.run(self.arguments, at=point).status != KILLED:
            return None
        _must_end(self.place, self.arguments)
        return ", ".join(_differences(self.expected, self.place.state()))

    def all(self, most: int) -> Found:
        """Every kill point; of a kind with more than ``most``, every n-th."""
        found = Found(Counter(map(_kind, self.steps)))
        for point in points(self.steps, most):
            different = self.killed_at(point)
            found.killed += different is not None
            found.equal += different == ""
            if different:
                found.different[point] = different
        return found


def points(steps: Sequence[str], most: int) -> list[int]:
    """The kill points, from 1: of each kind of step all, or every n-th so that they are ``most`` or fewer."""
    kinds: defaultdict[str, list[int]] = defaultdict(list)
    for point, step in enumerate(steps, 1):
        kinds[_kind(step)].append(point)
    return sorted(point for each in kinds.values() for point in each[:: ceil(len(each) / most)])


def sample(steps: Collection[object], count: int) -> list[int]:
    """So many kill points: the last one, and others evenly before it."""
    last = len(steps)
    return sorted({last - last * part // count for part in range(count)})


def _kind(step: str) -> str:
    return step.split()[0]


def _must_end(place: Place, arguments: list[str]) -> None:
    end = place.run(arguments)
    assert end.status == 0, f"{arguments[0]} ended with {end.status}: {end.err}"


def _differences(expected: State, found: State) -> Iterator[str]:
    for name in expected:
        if expected[name] != found[name]:
            yield name
