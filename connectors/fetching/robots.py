"""robots.txt (RFC 9309): what a site asks of robots, and what it asks of us by name."""

from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from threading import Lock
from typing import Self

from protego import Protego

from connectors.errors import FetchError
from connectors.fetching.addresses import Target
from connectors.fetching.manners import PRODUCT

MAX_BYTES = 500_000
"""What is read of a robots.txt; RFC 9309, 2.5 asks for 500 KiB at least and lets the rest be ignored."""

MAX_DELAY = 10.0
"""The longest Crawl-delay, in seconds, that is honoured: a night is short."""


@dataclass(frozen=True)
class Rules:
    """The rules of one authority, as they apply to us."""

    _parsed: Protego

    @classmethod
    def parse(cls, content: bytes) -> Self:
        """Read a robots.txt; anything can be read, and what is not a rule is passed over."""
        return cls(Protego.parse(content[:MAX_BYTES].decode("utf-8-sig", "replace")))

    def allow(self, url: str) -> bool:
        """Whether we may ask for ``url``."""
        return bool(self._parsed.can_fetch(url, PRODUCT))

    @property
    def delay(self) -> float:
        """Seconds to leave between two requests; zero when the site asks for none."""
        return min(float(self._parsed.crawl_delay(PRODUCT) or 0.0), MAX_DELAY)


OPEN = Rules.parse(b"")
"""The rules of a site that has no robots.txt."""


class Robots:
    """The rules of every authority, each asked for once; safe across threads."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._known: dict[str, Future[Rules]] = {}

    def rules(self, target: Target, ask: Callable[[], Rules]) -> Rules:
        """The rules that cover ``target``; ``ask`` fetches them when nobody has yet.

        Threads that come while the question is out wait for its answer.  They share a failure
        too (a dead host costs one deadline, not one per page), but it is not kept: whoever
        comes later asks again.

        Raises:
            FetchError: the rules could not be known, so the site is left alone.
        """
        origin = target.robots.url
        with self._lock:
            asked = origin in self._known
            answer = self._known.setdefault(origin, Future())
        if not asked:
            self._settle(origin, answer, ask)
        return answer.result()

    def _settle(self, origin: str, answer: Future[Rules], ask: Callable[[], Rules]) -> None:
        try:
            answer.set_result(ask())
        except FetchError as error:
            self._forget(origin)
            answer.set_exception(error)
        except BaseException as error:  # whatever happened, those who wait must not wait for ever
            self._forget(origin)
            answer.set_exception(error)
            raise

    def _forget(self, origin: str) -> None:
        with self._lock:
            del self._known[origin]
