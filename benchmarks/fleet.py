"""A fleet of services that fail at random, without a network: real exchanges, real errors, and the truth."""

import random
import re
from collections.abc import Callable

from benchmarks import world
from connectors.errors import (
    DeadlinePassed,
    FetchError,
    NameNotResolved,
    RefusedAddress,
    RobotsRefused,
    TlsFailure,
    TooLarge,
    TooManyRedirects,
    Unreachable,
)
from connectors.fetcher import Cookies, Fetched, Fetcher, refusal
from connectors.snapshot import Snapshot
from warehouse.night import Night

FAILING = 0.05
"""The share of services that fail each night."""

CHANGES = 7
"""The figures of a service change every so many days, and not before."""

Spoilt = Callable[[bytes], bytes]
"""What is done to a good page."""


def _figures(change: Callable[[bytes], bytes]) -> Spoilt:
    """A page each figure of which is printed otherwise."""
    return lambda body: _TITLE.sub(lambda found: found[1] + change(found[2]) + found[3], body)


_TITLE = re.compile(rb'(<h3 class="fr-tile__title">)(.*?)(</h3>)')
_LOGIN = b"<html><h1>Connexion</h1><form><input type=email><input type=password></form></html>"

WAYS: dict[str, FetchError | int | Spoilt] = {
    "deadline_passed": DeadlinePassed("The host did not answer within 30 s."),
    "unreachable": Unreachable("The transfer was cut before its end."),
    "name_not_resolved": NameNotResolved("The name has no address."),
    "tls_failure": TlsFailure("The certificate does not prove the host."),
    "too_large": TooLarge("The host sends more than 5,000,000 bytes."),
    "too_many_redirects": TooManyRedirects("The host redirects in circles."),
    "refused_address": RefusedAddress("The host is not on the public internet."),
    "robots_refused": RobotsRefused("The robots.txt closes the page to us."),
    "server_trouble": 503,
    "forbidden": 403,
    "gone": 404,
    "login_page": lambda _: _LOGIN,
    "wrong_format": lambda _: b"",
    "not_found": lambda body: (
        body.replace(b"</h3>", b"</h4>").replace(b"<h3", b"<h4").replace(b"__title", b"__t")
    ),
    "ambiguous": lambda body: body.replace(b"</main>", body + b"</main>"),
    "empty": _figures(lambda _: b" "),
    "scale_unclear": _figures(lambda figure: figure[:1] + b"</h3><b>millions</b><h3>"),
    "unreadable_number: marks": _figures(lambda figure: b"\xe2\x80\x8f" + figure),
    "unreadable_number: digits": _figures(lambda _: "٨٣٧".encode()),
    "unreadable_number: dots": _figures(lambda _: b"1.234"),
    "unreadable_number: minus zero": _figures(lambda _: b"-0"),
    "unreadable_number: huge": _figures(lambda _: b"9" * 40),
    "unreadable_number: NaN": _figures(lambda _: b"NaN"),
    "unreadable_number: bytes": _figures(lambda figure: figure.replace(b"\xe2\x80\xaf", b"\xff")),
    "not_available": _figures(lambda _: b"ND"),
    "unit_mismatch": _figures(lambda figure: figure + " €".encode()),
}
"""How a service fails: the reason that each of its figures must then have, before a colon; and how it comes
about: the fetcher's error, a status, or what becomes of the page."""


class Fleet(Fetcher):
    """The web of one night, without a network: services that answer, and those that fail tonight."""

    def __init__(self, night: Night, day: int, services: int, dice: random.Random) -> None:
        super().__init__()
        self.night = night
        self.day = day
        self.failing = {
            number: dice.choice(list(WAYS)) for number in range(services) if dice.random() < FAILING
        }

    def fetch(self, url: str, cookies: Cookies | None = None) -> Fetched:  # noqa: ARG002
        """The page of a service as it is tonight."""
        number = _HOSTS[url.split("/")[2].split(":", maxsplit=1)[0]]
        page = world.small_body(number, truth(number, self.day))
        way = WAYS[self.failing[number]] if number in self.failing else None
        if isinstance(way, FetchError):
            return Fetched((), way)
        if isinstance(way, int):
            return self._refused(url, way)
        return Fetched((self._snapshot(url, 200, way(page) if way else page),), None)

    def _refused(self, url: str, status: int) -> Fetched:
        hop = self._snapshot(url, status, b"sorry")
        return Fetched((hop,), refusal(hop, "the host"))

    def _snapshot(self, url: str, status: int, body: bytes) -> Snapshot:
        headers = (("Content-Type", "text/html; charset=utf-8"), ("Content-Length", str(len(body))))
        return Snapshot(url, self.night.at, status, "OK", (("Host", "x"),), headers, body, body)


_HOSTS = {world.host(number): number for number in range(2_000)}


def truth(number: int, day: int) -> int:
    """The day whose figures a service shows: they change every seven days, not all services on the same."""
    return (day + number) // CHANGES
