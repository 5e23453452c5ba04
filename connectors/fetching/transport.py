"""One HTTP exchange: a checked address, a deadline, caps, and every byte kept.

``requests`` is used by its adapter, not by its sessions: a session reads the environment
(proxies, ``.netrc``), keeps cookies, and decompresses without a limit the body of a
redirect that it does not follow.
"""

import re
import socket
from collections.abc import Callable, Collection, Mapping
from contextlib import closing
from datetime import datetime
from functools import partial
from http.client import HTTPException
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from urllib3 import BaseHTTPResponse
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError
from urllib3.exceptions import TimeoutError as SilenceError

from connectors.errors import DeadlinePassed, FetchError, TlsFailure, TooLarge, Unreachable
from connectors.fetching import encodings
from connectors.fetching.addresses import Resolver, Target, public_addresses
from connectors.fetching.deadline import Budget, Watchdog
from connectors.fetching.encodings import DecodingError, OversizedError
from connectors.fetching.manners import Manners
from connectors.snapshot import Snapshot

_CHUNK = 65_536

_FOLD = re.compile(r"[ \t]*[\r\n]+[ \t]*")

# What the libraries underneath raise when the other side misbehaves.  ValueError is there for
# http.client, which lets int() speak for itself on some malformed heads.
_TROUBLE = (requests.RequestException, HTTPError, HTTPException, OSError, ValueError)

_TOO_LATE = (DeadlinePassed, requests.Timeout, SilenceError, TimeoutError)

Dial = Callable[[str, int], socket.socket]


class _Dialled:
    """A connection that gets its socket from ``dial`` instead of resolving its host by itself.

    TLS comes afterwards and on top, so the certificate, SNI and the Host header still speak of the name.
    """

    _dns_host: str
    port: int

    def __init__(self, *args: Any, dial: Dial, **options: Any) -> None:
        super().__init__(*args, **options)
        self._dial = dial

    def _new_conn(self) -> socket.socket:
        return self._dial(self._dns_host, self.port)


class _Http(_Dialled, HTTPConnection):
    pass


class _Https(_Dialled, HTTPSConnection):
    pass


_CONNECTIONS: dict[str, type[_Dialled]] = {"http": _Http, "https": _Https}


class _DialledAdapter(HTTPAdapter):
    """An adapter all of whose connections are made by ``dial``."""

    def __init__(self, dial: Dial) -> None:
        super().__init__()
        self._dial = dial

    def get_connection_with_tls_context(
        self,
        request: requests.PreparedRequest,
        verify: bool | str | None,
        proxies: Mapping[str, str] | None = None,
        cert: Any = None,
    ) -> Any:
        pool: Any = super().get_connection_with_tls_context(request, verify, proxies, cert)
        pool.ConnectionCls = partial(_CONNECTIONS[pool.scheme], dial=self._dial)
        return pool


class Transport:
    """Makes single exchanges; holds no connection, no cookie, nothing between two of them."""

    def __init__(
        self,
        manners: Manners,
        *,
        allow_hosts: Collection[str],
        clock: Callable[[], datetime],
        user_agent: str,
        resolve: Resolver,
        ca_file: str | None,
    ) -> None:
        self._manners = manners
        self._allow_hosts = frozenset(allow_hosts)
        self._clock = clock
        self._user_agent = user_agent
        self._resolve = resolve
        self._verify: bool | str = ca_file or True

    def get(self, target: Target, budget: Budget, cookie: str | None = None) -> Snapshot:
        """Ask for ``target`` once, whatever its status; redirects are not followed.

        ``cookie`` is the value of the header of that name, when there is one.

        Raises:
            Unreachable: no complete answer (or one of its kinds: name, deadline, TLS).
            TooLarge: more bytes than accepted, on the wire or decoded.
            RefusedAddress: the host leads to an address that is not public.
        """
        with budget.spend() as watchdog:
            try:
                snapshot = self._exchange(target, watchdog, cookie)
            except (FetchError, *_TROUBLE) as error:
                raise _told(error, target, watchdog, budget) from error
            if watchdog.fired:  # the shut socket looked like the end of the body
                raise _late(target, budget)
            return snapshot

    def _exchange(self, target: Target, watchdog: Watchdog, cookie: str | None) -> Snapshot:
        headers = (*self._headers(target), *((("Cookie", cookie),) if cookie else ()))
        request = requests.Request("GET", target.url, headers=dict(headers)).prepare()
        at = self._clock()
        with closing(_DialledAdapter(partial(self._dial, watchdog))) as adapter:
            response = adapter.send(
                request, stream=True, timeout=watchdog.left, verify=self._verify, proxies={}
            )
            with response:
                received = _received(response.raw)
                encodings.layers(received)  # too many: said before a byte of the body is read
                payload = self._payload(response.raw)
        return Snapshot(
            url=target.url,
            at=at,
            status=response.status_code,
            reason=response.reason or "",
            request_headers=headers,
            headers=received,
            payload=payload,
            content=encodings.decode(payload, received, self._manners.max_content_bytes),
        )

    def _headers(self, target: Target) -> tuple[tuple[str, str], ...]:
        return (
            ("Host", target.name),
            ("User-Agent", self._user_agent),
            ("Accept", "text/html, application/json;q=0.9, */*;q=0.8"),
            ("Accept-Language", "fr, en;q=0.5"),
            ("Accept-Encoding", encodings.ACCEPTED),
            ("Connection", "close"),
        )

    def _dial(self, watchdog: Watchdog, host: str, port: int) -> socket.socket:
        """A socket to the first address of ``host`` that answers, among addresses all checked."""
        addresses = public_addresses(
            host, port, resolve=self._resolve, allow_hosts=self._allow_hosts, seconds=watchdog.left
        )
        for left_to_try, address in zip(range(len(addresses), 0, -1), addresses, strict=True):
            try:
                sock = socket.create_connection((address, port), timeout=watchdog.left / left_to_try)
            except TimeoutError:
                failure: FetchError = DeadlinePassed(f"{host} did not accept a connection in time.")
            except OSError as error:
                failure = Unreachable(f"{host} gave no answer: {_cause(error)}.")
            else:
                watchdog.watch(sock)
                return sock
        raise failure

    def _payload(self, raw: BaseHTTPResponse) -> bytes:
        """The whole body without its transfer encoding; a short one raises (urllib3 counts)."""
        limit = self._manners.max_wire_bytes
        payload = bytearray()
        if (raw.length_remaining or 0) > limit:
            raise OversizedError(f"announces more than {limit:,} bytes")
        while piece := raw.read(_CHUNK, decode_content=False):
            payload += piece
            if len(payload) > limit:
                raise OversizedError(f"sends more than {limit:,} bytes")
        return bytes(payload)


def _received(raw: BaseHTTPResponse) -> tuple[tuple[str, str], ...]:
    """The headers in the order and case of the wire; urllib3's own mapping regroups repeated ones.

    A folded value is unfolded, and the blanks around a value are not part of it (RFC 9112, 5).
    """
    message = raw._original_response.msg  # type: ignore[attr-defined]
    return tuple((name, _FOLD.sub(" ", value).strip(" \t")) for name, value in message.items())


def _late(target: Target, budget: Budget) -> DeadlinePassed:
    return DeadlinePassed(f"{target.name} did not answer within {budget.whole:g} s.", url=target.url)


def _told(error: Exception, target: Target, watchdog: Watchdog, budget: Budget) -> FetchError:
    """``error`` as one of ours, in a sentence that says who did what."""
    name, url = target.name, target.url
    match error:
        case _ if watchdog.fired or isinstance(error, _TOO_LATE):
            return _late(target, budget)
        case FetchError():
            error.url = url
            return error
        case OversizedError():
            return TooLarge(f"{name} {error} at {url}.", url=url)
        case DecodingError():
            return Unreachable(f"The transfer from {name} was cut: its body {error}.", url=url)
        case requests.exceptions.SSLError():
            return TlsFailure(
                f"The certificate of {name} does not prove that it is {name}: {_cause(error)}.", url=url
            )
        case HTTPError():
            return Unreachable(f"The transfer from {name} was cut before its end.", url=url)
        case _:
            return Unreachable(f"{name} gave no answer: {_cause(error)}.", url=url)


def _cause(error: BaseException) -> str:
    """The innermost reason, in its own words, on one line."""
    inner = error
    while (deeper := inner.__cause__ or inner.__context__) is not None:
        inner = deeper
    text = getattr(inner, "strerror", None) or getattr(inner, "verify_message", None) or str(inner)
    return " ".join(text.split()).rstrip(".") or type(inner).__name__
