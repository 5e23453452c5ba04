"""Progress: who is told as each service's visit ends.  Nobody, unless a terminal asks."""

from collections.abc import Callable
from contextvars import ContextVar

from pipelines.collect import Outcome

_listener: ContextVar[Callable[[Outcome], None] | None] = ContextVar("listener", default=None)


def listen(listener: Callable[[Outcome], None] | None) -> None:
    """From now on, tell ``listener`` (or nobody) in this context."""
    _listener.set(listener)


def report(outcome: Outcome) -> None:
    """One service's visit has ended."""
    listener = _listener.get()
    if listener:
        listener(outcome)
