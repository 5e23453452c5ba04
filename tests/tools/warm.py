"""The command ``impact`` as a process of its own, started without waiting for its imports.

Dagster and Great Expectations take seconds to import, and the tests start the command a hundred times.
So one process per test process imports everything once and then forks: each command is a process
like any other, with its own folder, environment, standard output and errors, and can be killed.

::

    test ── socket ──> server (everything imported) ── fork ──> supervisor ── fork ──> the command
                                                     waits for it, tells how it ended
"""

import atexit
import functools
import json
import os
import resource
import select
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from importlib import import_module
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self

_ASKED = 1 << 20
"""Bytes that a request may have."""


class Command:
    """A running command; as far as the tests use it, what ``subprocess.Popen`` is."""

    def __init__(
        self,
        arguments: Sequence[str],
        folder: Path,
        environment: Mapping[str, str],
        largest: int | None,
        before: str = "",
    ) -> None:
        """Start it.

        Args:
            arguments: of the command.
            folder: where it runs.
            environment: all of it.
            largest: the bytes that any file it writes may have.
            before: a function to call first in its process, as ``module:name``.
        """
        self._out, self._err = tempfile.TemporaryFile(), tempfile.TemporaryFile()  # noqa: SIM115
        self._socket = socket.socket(socket.AF_UNIX)
        self._socket.connect(_server())
        asked = {"arguments": [*arguments], "folder": str(folder), "environment": {**environment}}
        message = json.dumps(asked | {"largest": largest, "before": before}).encode()
        socket.send_fds(self._socket, [message], [self._out.fileno(), self._err.fileno()])
        self._told = self._socket.makefile("r")
        self.pid = int(self._told.readline())
        self.returncode: int | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.wait()
        for each in (self._out, self._err, self._told, self._socket):
            each.close()

    def poll(self) -> int | None:
        """How it ended (minus the signal's number when one killed it); None while it runs."""
        return self._ended(0)

    def wait(self, timeout: float | None = None) -> int:
        """Wait for its end.

        Raises:
            subprocess.TimeoutExpired: it still runs.
        """
        status = self._ended(timeout)
        if status is None:
            raise subprocess.TimeoutExpired("impact", timeout or 0)
        return status

    def communicate(self, timeout: float | None = None) -> tuple[str, str]:
        """Wait for its end; what it said on standard output and on standard error."""
        self.wait(timeout)
        return _read(self._out), _read(self._err)

    def send_signal(self, number: int) -> None:
        """Send it a signal, unless it has ended."""
        if self.poll() is None:
            os.kill(self.pid, number)

    def kill(self) -> None:
        """Kill it."""
        self.send_signal(signal.SIGKILL)

    def _ended(self, timeout: float | None) -> int | None:
        if self.returncode is None and select.select([self._socket], [], [], timeout)[0]:
            self.returncode = int(self._told.readline())
        return self.returncode


def _read(file: IO[bytes]) -> str:
    file.seek(0)
    return file.read().decode()


@functools.cache
def _server() -> str:
    """The address of the process that has imported everything; it ends with this one."""
    folder = tempfile.TemporaryDirectory()
    address = f"{folder.name}/warm"
    environment = os.environ | {"OPENBLAS_NUM_THREADS": "1", "PYTHONPATH": str(Path(__file__).parents[2])}
    server = subprocess.Popen(
        [sys.executable, "-m", "tests.tools.warm", address], stdout=subprocess.PIPE, env=environment
    )
    assert server.stdout
    server.stdout.readline()
    atexit.register(folder.cleanup)
    atexit.register(server.wait)
    atexit.register(server.kill)
    return address


def main() -> None:
    """Import, listen, fork; in each forked process, run the command that was asked for."""
    _import_everything()
    listening = socket.socket(socket.AF_UNIX)
    listening.bind(sys.argv[1])
    listening.listen()
    print("ready", flush=True)
    asked = _next(listening)
    os.environ.clear()
    os.environ.update(asked["environment"])
    os.chdir(asked["folder"])
    if asked["largest"] is not None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (asked["largest"],) * 2)
    if asked["before"]:
        module, _, name = asked["before"].partition(":")
        getattr(import_module(module), name)()
    sys.argv = ["impact", *asked["arguments"]]

    from pipelines.cli import main as impact

    impact()


def _import_everything() -> None:
    from tests.tools.expectations import import_great_expectations

    import_great_expectations()
    import pipelines.cli
    import pipelines.night
    import pipelines.report
    import pipelines.warc_import  # noqa: F401


def _next(listening: socket.socket) -> dict[str, Any]:
    """Returns once for each command, in the process that is to run it; never in the server."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for the supervisors
    while True:
        connection, _ = listening.accept()
        if os.fork():
            connection.close()
            continue
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        listening.close()
        return _supervised(connection)


def _supervised(connection: socket.socket) -> dict[str, Any]:
    """Returns in the process of the command; the supervisor stays here until that has ended."""
    message, descriptors, _, _ = socket.recv_fds(connection, _ASKED, 2)
    child = os.fork()
    if child:
        connection.sendall(f"{child}\n".encode())
        status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        connection.sendall(f"{status}\n".encode())
        os._exit(0)
    connection.close()
    for descriptor, standard in zip(descriptors, (1, 2), strict=True):
        os.dup2(descriptor, standard)
        os.close(descriptor)
    asked: dict[str, Any] = json.loads(message)
    return asked


if __name__ == "__main__":
    main()
