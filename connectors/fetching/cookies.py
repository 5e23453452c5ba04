"""The cookies that one page sets, for the requests of the same visit."""

from collections.abc import Sequence
from email.message import Message
from http.cookiejar import CookieJar
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlsplit
from urllib.request import Request

from connectors.snapshot import Snapshot

LONGEST = 8190
"""Characters that a header may have: servers refuse more."""


class Cookies:
    """What a host set in one exchange and its redirects, and gets back; no other host ever does.

    They live as long as this object.  Path, expiry and ``Secure`` are obeyed as by the standard library;
    ``Domain`` cannot widen the circle: some names that look like a host's own are shared by strangers.
    """

    def __init__(self, hops: Sequence[Snapshot]) -> None:
        self._host = urlsplit(hops[0].url).hostname if hops else None
        self._jar = CookieJar()
        for hop in hops:
            if urlsplit(hop.url).hostname == self._host:
                self._jar.extract_cookies(_response(hop), _request(hop.url))

    def header(self, url: str) -> str | None:
        """The value of the ``Cookie`` header of a request for ``url``, if it has one."""
        if urlsplit(url).hostname != self._host:
            return None
        request = _request(url)
        self._jar.add_cookie_header(request)
        value = request.get_header("Cookie")
        return value if value and len(value) <= LONGEST else None


def _request(url: str) -> Request:
    """What a cookie jar looks at; nothing is opened with it."""
    return Request(url)  # noqa: S310


def _response(hop: Snapshot) -> Any:
    """The only thing that a cookie jar asks of a response."""
    headers = Message()
    for name, value in hop.headers:
        if name.lower() == "set-cookie":
            headers["Set-Cookie"] = value
    return SimpleNamespace(info=lambda: headers)
