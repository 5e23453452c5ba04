"""A process of its own that serves the pages of the benchmarks, one loopback address to a service.

    python -m benchmarks.page_server --services 1000 --latency 0.2

prints its port when it listens, and serves until its standard input closes.  Loopback addresses
other than 127.0.0.1 exist without configuration on Linux only.
"""

import argparse
import asyncio
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from benchmarks import world

ROBOTS = b"User-agent: *\nAllow: /\n"


def serving_socket(address: str, port: int) -> socket.socket:
    """A listening socket; port 0 takes a free one."""
    sock = socket.create_server((address, port), backlog=64)
    sock.setblocking(False)
    return sock


async def serve(services: int, latency: float) -> None:
    """Serve until standard input closes, each answer after ``latency`` seconds."""
    first = serving_socket(world.host(0), 0)
    port = first.getsockname()[1]
    sockets = [first, *(serving_socket(world.host(number), port) for number in range(1, services))]
    for number, sock in enumerate(sockets):
        await asyncio.start_server(_Site(number, latency), sock=sock)
    print(port, flush=True)
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)


class _Site:
    """One host: a robots.txt that allows everything, and one page."""

    def __init__(self, number: int, latency: float) -> None:
        self.number = number
        self.latency = latency

    async def __call__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(asyncio.IncompleteReadError, ConnectionError):  # the client has left
            while request := await reader.readuntil(b"\r\n\r\n"):
                await asyncio.sleep(self.latency)
                writer.write(self._answer(request))
                await writer.drain()
                if b"connection: close" in request.lower():
                    break
        writer.close()

    def _answer(self, request: bytes) -> bytes:
        robots = request.split(b" ", 2)[1] == b"/robots.txt"
        kind = "text/plain" if robots else "text/html; charset=utf-8"
        content = ROBOTS if robots else world.body(self.number)
        head = f"HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\nContent-Length: {len(content)}\r\n\r\n"
        return head.encode() + content


@contextmanager
def running(services: int, latency: float) -> Iterator[int]:
    """The server in a process of its own; gives its port."""
    command = [sys.executable, "-m", __name__, "--services", str(services), "--latency", str(latency)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        assert server.stdin is not None
        try:
            yield int(server.stdout.readline())
        finally:
            server.stdin.close()


def main() -> None:
    """Serve."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--services", type=int, default=1000)
    parser.add_argument("--latency", type=float, default=0.2, help="seconds before each answer")
    options = parser.parse_args()
    asyncio.run(serve(options.services, options.latency))


if __name__ == "__main__":
    main()
