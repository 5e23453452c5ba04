"""The deadline of a whole fetch: how much is left of it, and what ends a transfer that outlives it.

A socket timeout bounds the silence between two bytes, so a server that sends one byte a
second never meets it.  A watchdog shuts the socket instead; and since a shut socket reads
like the end of an answer, it also says that it did so: a killed transfer is never taken
for a short page.
"""

import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Lock, Timer
from time import monotonic
from types import TracebackType
from typing import Self


class Watchdog:
    """Shuts the watched socket ``seconds`` after entering, and remembers it in ``fired``."""

    def __init__(self, seconds: float) -> None:
        self.fired = False
        self._end = monotonic() + seconds
        self._timer = Timer(max(seconds, 0.0), self._fire)
        self._timer.daemon = True
        self._lock = Lock()
        self._sock: socket.socket | None = None

    def __enter__(self) -> Self:
        self._timer.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._timer.cancel()
        with self._lock:
            self._forget()

    @property
    def left(self) -> float:
        """Seconds left, at least one millisecond (a socket takes zero for "do not block")."""
        return max(self._end - monotonic(), 0.001)

    def watch(self, sock: socket.socket) -> None:
        """Take ``sock`` in charge.

        The descriptor is duplicated, because TLS takes the original away from its object;
        shutting one shuts the connection of both.
        """
        with self._lock:
            self._forget()
            self._sock = sock.dup()
            if self.fired:
                self._shut()

    def _fire(self) -> None:
        with self._lock:
            self.fired = True
            self._shut()

    def _shut(self) -> None:
        if self._sock is not None:
            with suppress(OSError):  # the other side was faster
                self._sock.shutdown(socket.SHUT_RDWR)

    def _forget(self) -> None:
        if self._sock is not None:
            self._sock.close()
            self._sock = None


class Budget:
    """The seconds that one fetch may still spend on the network."""

    def __init__(self, seconds: float) -> None:
        self.whole = seconds
        self.left = seconds

    @contextmanager
    def spend(self) -> Iterator[Watchdog]:
        """A watchdog over what is left; the time of the block is spent."""
        start = monotonic()
        try:
            with Watchdog(self.left) as watchdog:
                yield watchdog
        finally:
            self.left -= monotonic() - start
