"""In the process of a command: counts its durable steps, and kills it just before one of them.

A durable step is what another process would see after a crash: a commit, a file brought to the disk, renamed,
removed or cut.  What is written between two of them stands where nobody reads before the next one: in a file
under another name, or in the archive beyond the end that the database knows.

======================  =====================================================
``SWEEP_AT``            the step at which to be killed, from 1; 0 for none
``SWEEP_STEPS``         a file, to which each step adds a line before it is taken
``SWEEP_UNDER``         the folder whose files count
``SWEEP_DATABASE``      the database whose commits count, as in its URL
``SWEEP_NOW``           the moment at which the clock stands still
======================  =====================================================
"""

import os
import signal
import sys
from datetime import datetime
from pathlib import Path
from threading import Lock

import sqlalchemy as sa

_PATHS = {
    "os.rename": (1, 3),
    "os.remove": (0, 1),
    "os.truncate": (0, None),
    "os.link": (1, 3),
}
"""Audit events of durable steps: which argument is the path that changes, which the folder it starts from."""


class Steps:
    """The steps of this process."""

    def __init__(self, at: int, told: Path, under: str, database: str) -> None:
        self.at = at
        self.under = under
        self.database = database
        self.count = 0
        self._told = os.open(told, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        self._lock = Lock()
        self._fsync = os.fsync

    def take(self, what: str) -> None:
        """Note a step, and die before it when it is the one."""
        with self._lock:
            self.count += 1
            os.write(self._told, f"{what}\n".encode())
            if self.count == self.at:
                os.kill(os.getpid(), signal.SIGKILL)

    def commit(self, connection: sa.Connection) -> None:
        """A transaction is about to be committed."""
        if connection.engine.url.database == self.database:
            self.take("commit")

    def fsync(self, descriptor: int) -> None:
        """A file, or a folder, is about to be brought to the disk."""
        self._path("fsync", str(Path(f"/proc/self/fd/{descriptor}").readlink()))
        self._fsync(descriptor)

    def audit(self, event: str, arguments: tuple[object, ...]) -> None:
        """What Python does with files."""
        if event in _PATHS:
            path, folder = _PATHS[event]
            self._path(event.removeprefix("os."), _place(arguments[path], folder and arguments[folder]))

    def _path(self, what: str, path: str) -> None:
        if path.startswith(self.under):
            self.take(f"{what} {path.removeprefix(self.under)}")


def _place(path: object, folder: object) -> str:
    """Where a path leads, from the process's folder or from an open one; nothing for a descriptor."""
    if not isinstance(path, (str, Path)):
        return ""
    opened = isinstance(folder, int) and folder >= 0
    start = Path(f"/proc/self/fd/{folder}").readlink() if opened else Path.cwd()
    return os.path.normpath(start / path)


def _stop_clock(now: datetime) -> None:
    """Wherever the clock has been imported: a run killed, and run again, knows at the same moment."""
    for module in list(sys.modules.values()):
        if hasattr(module, "utc_now"):
            vars(module)["utc_now"] = lambda: now


def install() -> None:
    """Count from here on, as the environment says."""
    steps = Steps(
        int(os.environ["SWEEP_AT"]),
        Path(os.environ["SWEEP_STEPS"]),
        os.environ["SWEEP_UNDER"],
        os.environ["SWEEP_DATABASE"],
    )
    _stop_clock(datetime.fromisoformat(os.environ["SWEEP_NOW"]))
    sa.event.listen(sa.Engine, "commit", steps.commit)
    os.fsync = steps.fsync  # type: ignore[assignment]
    sys.addaudithook(steps.audit)
