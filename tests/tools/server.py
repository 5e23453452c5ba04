"""A web site on the loopback interface that behaves as badly as it is told to.

    with Site({"/stats": answer(b"<p>12</p>")}) as site:
        fetch(site.url("/stats"))
        site.requests[0].headers["User-Agent"]

Each path has one behaviour, or a list of them: one per visit, the last one for all that
follow.  A path that nobody declared answers 404, ``/robots.txt`` included.  Behaviours
write raw bytes, so that everything a real server can do wrong can be done here.
"""

import gzip
import socket
import socketserver
import ssl
import subprocess
import time
import zlib
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from email.message import Message
from functools import partial
from http.client import HTTPException, parse_headers
from pathlib import Path
from threading import Event, Lock, Thread
from types import TracebackType
from typing import Protocol, Self

import brotli  # type: ignore[import-untyped]
import zstandard

Headers = Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Request:
    """A request as the site received it; ``at`` is ``time.monotonic()``."""

    path: str
    headers: Message
    at: float = field(default_factory=time.monotonic)


class Sink(Protocol):
    """Where bytes go."""

    def write(self, data: bytes, /) -> int: ...
    def flush(self) -> None: ...


@dataclass(frozen=True)
class Wire:
    """The site's end of a connection: what was asked, where to write, and when to give up."""

    request: Request
    out: Sink
    closing: Event

    def send(self, data: bytes) -> None:
        self.out.write(data)
        self.out.flush()

    def every(self, seconds: float) -> bool:
        """Sleep that long; False when the site is closing."""
        return not self.closing.wait(seconds)


Behaviour = Callable[[Wire], None]


def head(status: int = 200, headers: Headers = (), reason: str = "OK") -> bytes:
    lines = [f"HTTP/1.1 {status} {reason}", *(f"{name}: {value}" for name, value in headers)]
    return "\r\n".join([*lines, "", ""]).encode("latin-1")


def raw(data: bytes) -> Behaviour:
    """Exactly these bytes, then the end of the connection."""
    return lambda wire: wire.send(data)


def answer(body: bytes = b"", headers: Headers = (), status: int = 200, reason: str = "OK") -> Behaviour:
    """A well-behaved answer."""
    return raw(head(status, [*headers, ("Content-Length", str(len(body)))], reason) + body)


def for_cookie(wanted: str, behave: Behaviour) -> Behaviour:
    """``behave`` for whoever sends exactly this ``Cookie`` header; 400 for all others."""
    refusal = answer(b"no session", status=400, reason="Bad Request")
    return lambda wire: (behave if wire.request.headers.get_all("Cookie") == [wanted] else refusal)(wire)


def redirect(location: str, status: int = 302) -> Behaviour:
    return answer(b"elsewhere", [("Location", location)], status, "Found")


def chunked(*chunks: bytes, headers: Headers = (), end: bytes = b"0\r\n\r\n") -> Behaviour:
    """The chunks as they are given; ``end=b""`` cuts the body before its last chunk."""
    body = b"".join(b"%x\r\n%s\r\n" % (len(chunk), chunk) for chunk in chunks)
    return raw(head(headers=[*headers, ("Transfer-Encoding", "chunked")]) + body + end)


def lie(body: bytes, promised: int) -> Behaviour:
    """Fewer bytes than the Content-Length promises."""
    return raw(head(headers=[("Content-Length", str(promised))]) + body)


def hang(wire: Wire) -> None:
    """Accept the request, and say nothing for ever."""
    wire.closing.wait()


def drip(data: bytes, seconds: float = 0.1) -> Behaviour:
    """One byte at a time."""

    def behave(wire: Wire) -> None:
        for byte in data:
            wire.send(bytes([byte]))
            if not wire.every(seconds):
                return

    return behave


def never_ending(wire: Wire) -> None:
    """A chunked body that goes on for ever, slowly enough to stay under any cap."""
    wire.send(head(headers=[("Transfer-Encoding", "chunked")]))
    while wire.every(0.05):
        wire.send(b"1\r\nx\r\n")


def flood(wire: Wire) -> None:
    """A body without length that goes on for ever, as fast as it can."""
    wire.send(head())
    while not wire.closing.is_set():
        wire.send(bytes(65_536))


def huge(size: int, *, announced: bool) -> Behaviour:
    """A body of ``size`` zeros, as fast as the connection takes it; its length is announced, or not."""

    def behave(wire: Wire) -> None:
        wire.send(head(headers=[("Content-Length", str(size))] if announced else []))
        for _ in range(size // 65_536):
            if wire.closing.is_set():
                return
            wire.send(bytes(65_536))

    return behave


ENCODERS: Mapping[str, Callable[[bytes], bytes]] = {
    "gzip": partial(gzip.compress, mtime=0),
    "x-gzip": partial(gzip.compress, mtime=0),
    "deflate": zlib.compress,
    "br": partial(brotli.compress, quality=1),
    "zstd": zstandard.ZstdCompressor().compress,
}


def encoded(body: bytes, *names: str) -> Behaviour:
    """``body`` under these content encodings, in the order in which they are applied."""
    for name in names:
        body = ENCODERS[name](body)
    return answer(body, [("Content-Encoding", ", ".join(names))])


def late(make: Callable[[], Behaviour]) -> Behaviour:
    """What is made when it is asked for: a heavy body costs nothing before."""

    def behave(wire: Wire) -> None:
        make()(wire)

    return behave


def bomb(size: int, *names: str) -> Behaviour:
    """A small body that expands to ``size`` zeros."""
    return late(lambda: encoded(bytes(size), *names))


class _Handler(socketserver.BaseRequestHandler):
    server: "_Server"

    def handle(self) -> None:
        # The client left in the middle: what many tests are about.
        gone = suppress(OSError, ValueError, IndexError, HTTPException)
        with gone, self._secured() as connection, connection.makefile("rwb") as stream:
            line = stream.readline(65_536).decode("latin-1").split(" ")
            request = Request(line[1], parse_headers(stream))
            self.server.site.behaviour(request)(Wire(request, stream, self.server.site.closing))

    def _secured(self) -> socket.socket:
        tls = self.server.tls
        return tls.wrap_socket(self.request, server_side=True) if tls else self.request


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 128

    def __init__(self, site: "Site", tls: ssl.SSLContext | None) -> None:
        self.site = site
        self.tls = tls
        super().__init__(("127.0.0.1", 0), _Handler)


class Site:
    """A site with its own port; a context manager.  ``tls`` makes it https."""

    def __init__(
        self,
        routes: Mapping[str, Behaviour | list[Behaviour]],
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self.closing = Event()
        self.requests: list[Request] = []
        self._routes = {path: each if isinstance(each, list) else [each] for path, each in routes.items()}
        self._lock = Lock()
        self._server = _Server(self, tls)
        self.scheme = "https" if tls else "http"
        self.port: int = self._server.server_address[1]
        self.authority = f"127.0.0.1:{self.port}"

    def __enter__(self) -> Self:
        Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.closing.set()
        self._server.shutdown()
        self._server.server_close()

    def url(self, path: str = "/", host: str = "127.0.0.1") -> str:
        return f"{self.scheme}://{host}:{self.port}{path}"

    def behaviour(self, request: Request) -> Behaviour:
        """What to do with ``request``, which is also put on record."""
        with self._lock:
            self.requests.append(request)
            script = self._routes.get(request.path, [answer(b"nothing here", status=404, reason="Not Found")])
            return script.pop(0) if len(script) > 1 else script[0]

    def visits(self, path: str) -> list[Request]:
        return [request for request in self.requests if request.path == path]


def certificate(folder: Path, *names: str) -> tuple[Path, ssl.SSLContext]:
    """A self-signed certificate for ``names``: its file, and what a server needs to use it.

    Raises:
        FileNotFoundError: there is no openssl command.
    """
    cert, key = folder / "cert.pem", folder / "key.pem"
    subject = ",".join(f"DNS:{name}" for name in names)
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=test"]
    files = ["-keyout", str(key), "-out", str(cert), "-addext", f"subjectAltName={subject}"]
    subprocess.run([*command, *files], check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(cert, key)
    return cert, context
