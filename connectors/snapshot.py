"""Snapshot: one HTTP exchange, as it was received."""

import hashlib
from collections.abc import Collection
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from typing import Self

from connectors.secrets import safe_address, safe_header

_FRAMES = ("content-length", "transfer-encoding", "content-encoding")


@dataclass(frozen=True)
class Snapshot:
    """One request and its response.

    ``url`` is the address of this very hop; ``at`` is UTC.  ``request_headers`` and
    ``headers`` keep order and case.  ``payload`` is the response body as it was on
    the wire with the transfer encoding removed and the content encoding kept;
    ``content`` is the same, decoded.  A body that was read from a file has no
    headers and status 200.
    """

    url: str
    at: datetime
    status: int
    reason: str
    request_headers: tuple[tuple[str, str], ...]
    headers: tuple[tuple[str, str], ...]
    payload: bytes = field(repr=False)
    content: bytes = field(repr=False)

    @cached_property
    def sha256(self) -> str:
        """Hexadecimal SHA-256 of ``content``: the identity of what the page said."""
        return hashlib.sha256(self.content).hexdigest()

    @property
    def content_type(self) -> str:
        """The ``Content-Type`` header, or an empty string."""
        return next((value for name, value in self.headers if name.lower() == "content-type"), "")

    @property
    def location(self) -> str | None:
        """Where a redirect leads, as written in the ``Location`` header."""
        return next((value for name, value in self.headers if name.lower() == "location"), None)

    @property
    def unframed(self) -> bool:
        """True when nothing in the response says where its body ends, but that the connection closed there.

        RFC 9112, 6.3: a transfer that was cut looks the same.  A compressed body tells its own end.
        """
        framed = any(name.lower() in _FRAMES for name, _ in self.headers)
        return self.url.startswith(("http://", "https://")) and not framed

    def without_secrets(self, given: Collection[str] = ()) -> Self:
        """The same exchange as it may be kept: address and headers without secrets, the body untouched.

        Args:
            given: further secrets, which only whoever asked for the page can tell.
        """
        return replace(
            self,
            url=safe_address(self.url, given),
            reason=safe_address(self.reason, given),
            request_headers=_safe(self.request_headers, given),
            headers=_safe(self.headers, given),
        )


def _safe(headers: tuple[tuple[str, str], ...], given: Collection[str]) -> tuple[tuple[str, str], ...]:
    return tuple((name, safe_header(name, value, given)) for name, value in headers)
