"""Kill, run again, compare."""

from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field

from tests.sweep.commands import COMMANDS, night
from tests.sweep.place import Place, State

KILLED = -9


@dataclass
class Found:
    """What a sweep found: how many steps of each kind, and the kill points that left another state."""

    points: int = 0
    kinds: Counter[str] = field(default_factory=Counter)
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

    def all(self, every: int = 1) -> Found:
        """Every kill point, or one in so many, until the command outlives it."""
        found = Found(kinds=Counter(step.split()[0] for step in self.steps))
        point = 1
        while (different := self.killed_at(point)) is not None:
            found.points += 1
            if different:
                found.different[point] = different
            point += every
        return found


def sample(steps: Collection[object], count: int) -> list[int]:
    """So many kill points: the last one, and others evenly before it."""
    last = len(steps)
    return sorted({last - last * part // count for part in range(count)})


def _must_end(place: Place, arguments: list[str]) -> None:
    end = place.run(arguments)
    assert end.status == 0, f"{arguments[0]} ended with {end.status}: {end.err}"


def _differences(expected: State, found: State) -> Iterator[str]:
    for name in expected:
        if expected[name] != found[name]:
            yield name
