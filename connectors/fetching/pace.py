"""The pace: two requests to one authority are never closer than they should be."""

from collections import defaultdict
from dataclasses import dataclass, field
from threading import Lock
from time import monotonic, sleep


@dataclass
class _Lane:
    """One authority: its own lock, so that a slow host never delays another."""

    gap: float
    free_at: float = 0.0
    held_until: float = 0.0
    lock: Lock = field(default_factory=Lock)

    @property
    def delay(self) -> float:
        return max(self.free_at, self.held_until) - monotonic()


class Pace:
    """The next free moment of every authority ("host:port"); safe across threads."""

    def __init__(self, seconds: float) -> None:
        self._lock = Lock()
        self._lanes: defaultdict[str, _Lane] = defaultdict(lambda: _Lane(seconds))

    def wait(self, authority: str) -> None:
        """Sleep until a request to ``authority`` is decent, and count that request."""
        lane = self._lane(authority)
        with lane.lock:
            while (delay := lane.delay) > 0:
                sleep(delay)
            lane.free_at = monotonic() + lane.gap

    def slow_down(self, authority: str, seconds: float) -> None:
        """From now on leave at least ``seconds`` between two requests (its Crawl-delay)."""
        lane = self._lane(authority)
        lane.gap = max(lane.gap, seconds)
        lane.free_at = max(lane.free_at, monotonic() + lane.gap)

    def hold(self, authority: str, seconds: float) -> None:
        """Send nothing for the next ``seconds`` (its Retry-After)."""
        lane = self._lane(authority)
        lane.held_until = max(lane.held_until, monotonic() + seconds)

    def _lane(self, authority: str) -> _Lane:
        with self._lock:
            return self._lanes[authority]
