"""Where a request may go: URLs of the public web, at addresses of the public internet.

A URL from a catalogue or from a redirect is untrusted input: it may aim at this machine
or at its neighbours.  Spelling is not what is judged (there are endless ways to write
127.0.0.1) but the address that the name resolves to, and that address is then the one
connected to.
"""

import re
import socket
from collections.abc import Callable, Collection, Iterator
from concurrent.futures import Future
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from threading import Thread
from typing import Self
from urllib.parse import urljoin, urlsplit

import requests
from urllib3.util import Url, parse_url

from connectors.errors import DeadlinePassed, NameNotResolved, RefusedAddress

Resolver = Callable[[str, int], list[str]]
"""From a host name and a port to its IP addresses, as text."""

_PORTS = {"http": 80, "https": 443}

# Control characters and backslashes: two readers of one URL disagree about the host they leave.
_UNSAFE = re.compile(r"[\x00-\x1f\x7f-\x9f\\]")

# The IANA special-purpose registries (RFC 6890) and what else is no place for a public page.
# ``is_global`` knows most of them; which ones depends on the version of Python.
_SPECIAL = tuple(
    ip_network(line.split()[0])
    for line in """
    0.0.0.0/8           this network
    10.0.0.0/8          private
    100.64.0.0/10       carrier-grade NAT
    127.0.0.0/8         loopback
    168.63.129.16/32    metadata of a large cloud, on an address that looks public
    169.254.0.0/16      link-local, and the metadata of the other clouds
    172.16.0.0/12       private
    192.0.0.0/24        IETF protocols
    192.0.2.0/24        documentation
    192.31.196.0/24     AS112
    192.52.193.0/24     AMT
    192.88.99.0/24      6to4 relays
    192.168.0.0/16      private
    192.175.48.0/24     AS112
    198.18.0.0/15       benchmarks
    198.51.100.0/24     documentation
    203.0.113.0/24      documentation
    224.0.0.0/4         multicast
    240.0.0.0/4         reserved, and broadcast
    2001::/23           IETF protocols, Teredo among them
    2001:db8::/32       documentation
    2620:4f:8000::/48   AS112
    3fff::/20           documentation
    """.strip().splitlines()
)

# Unicast addresses have only ever been allotted from this block (RFC 4291, 2.4): what lies
# outside is loopback, private, multicast, or an IPv4 address in disguise.
_UNICAST = ip_network("2000::/3")
_NAT64 = ip_network("64:ff9b::/96")


@dataclass(frozen=True, slots=True)
class Target:
    """A URL that may be asked for: checked, normalised, without fragment.

    ``host`` is in ASCII and without brackets; ``port`` is always known.
    """

    url: str
    scheme: str
    host: str
    port: int

    @classmethod
    def parse(cls, url: str) -> Self:
        """Check and normalise ``url``.

        Raises:
            RefusedAddress: it is not http(s), has no host, carries a user name, or holds
                characters that two readers would not understand alike.
        """
        _refuse_unsafe(url)
        if not re.match(r"https?://", url, re.IGNORECASE):
            raise RefusedAddress(f"{_short(url)!r} is not an http or https address.", url=_short(url))
        parts = _normalised(url)
        scheme, host = parts.scheme or "", parts.host or ""
        port = _PORTS[scheme] if parts.port is None else parts.port
        return cls(parts.url, scheme, host.strip("[]"), port)

    def join(self, location: str) -> Self:
        """Where a redirect from here leads; ``location`` as received, one character per byte.

        Raises:
            RefusedAddress: as for ``parse``.
        """
        _refuse_unsafe(location)
        readable = location.encode("latin-1", "replace").decode("utf-8", "replace")
        try:
            onward = urljoin(self.url, readable)
        except ValueError as error:
            raise RefusedAddress(
                f"{self.name} redirects to {_short(readable)!r}, which is no address."
            ) from error
        return self.parse(onward)

    @property
    def authority(self) -> str:
        """The host and the port: what manners are counted by."""
        return f"{self.host}:{self.port}"

    @property
    def name(self) -> str:
        """The host as one would say it, with its port when it is not the usual one; the Host header."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _PORTS[self.scheme] else f"{host}:{self.port}"

    @property
    def robots(self) -> Self:
        """The robots.txt that speaks for this URL."""
        return type(self)(f"{self.scheme}://{self.name}/robots.txt", self.scheme, self.host, self.port)


def _refuse_unsafe(text: str) -> None:
    if _UNSAFE.search(text):
        raise RefusedAddress(f"{_short(text)!a} holds a control character or a backslash.", url=_short(text))


def _normalised(url: str) -> Url:
    """``url`` as requests and urllib3 will understand it, so that nobody after us reads another host."""
    prepared = requests.PreparedRequest()
    try:
        if "@" in urlsplit(url).netloc:
            raise RefusedAddress("The address holds a user name; we do not log in.", url=_short(url))
        prepared.prepare_url(url, None)
        return parse_url(prepared.url or "")._replace(fragment=None)
    except (requests.RequestException, ValueError) as error:  # urllib3's own errors are ValueErrors
        raise RefusedAddress(
            f"{_short(url)!r} names no host that can be understood.", url=_short(url)
        ) from error


def _short(url: str) -> str:
    return url if len(url) <= 200 else url[:199] + "…"


def is_public(address: str) -> bool:
    """Whether ``address`` (IPv4 or IPv6, as text) is on the public internet.

    An IPv6 address that carries an IPv4 one (mapped, NAT64, 6to4, Teredo) is public when
    both are.
    """
    try:
        return all(_is_global(each) for each in _unwrapped(ip_address(address.partition("%")[0])))
    except ValueError:
        return False


def _unwrapped(address: IPv4Address | IPv6Address) -> Iterator[IPv4Address | IPv6Address]:
    """The addresses that a packet to ``address`` may reach."""
    if isinstance(address, IPv4Address):
        yield address
    elif address.ipv4_mapped:
        yield address.ipv4_mapped
    elif address in _NAT64:
        yield IPv4Address(int(address) & 0xFFFFFFFF)
    else:
        yield address
        yield from address.teredo or ()
        yield from filter(None, [address.sixtofour])


def _is_global(address: IPv4Address | IPv6Address) -> bool:
    if isinstance(address, IPv6Address) and address not in _UNICAST:
        return False
    if isinstance(address, IPv6Address) and address.sixtofour:
        return True  # judged by the IPv4 address inside
    return address.is_global and not any(address in network for network in _SPECIAL)


def is_exempt(host: str, port: int, allow_hosts: Collection[str]) -> bool:
    """Whether ``host`` was named ("host" or "host:port") as one of our own."""
    bare = host.lower().rstrip(".")
    names = {f"{name}{suffix}" for name in (bare, f"[{bare}]") for suffix in ("", f":{port}")}
    return not names.isdisjoint(item.lower() for item in allow_hosts)


def system_resolver(host: str, port: int) -> list[str]:
    """The addresses that this machine's resolver knows; also reads octal, hexadecimal and integer IPv4."""
    return [str(sockaddr[0]) for *_, sockaddr in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]


def public_addresses(
    host: str, port: int, *, resolve: Resolver, allow_hosts: Collection[str], seconds: float
) -> list[str]:
    """The addresses of ``host``, asked for once, all of them fit to be connected to.

    Raises:
        NameNotResolved: it has none.
        DeadlinePassed: no answer within ``seconds``.
        RefusedAddress: one of them is not public, and the host is not in ``allow_hosts``.
    """
    addresses = _resolved(host, port, resolve, seconds)
    if not is_exempt(host, port, allow_hosts):
        # One bad address condemns the name: which one would be used is not ours to gamble on.
        for address in addresses:
            if not is_public(address):
                raise RefusedAddress(f"{host} is not on the public internet: its address is {address}.")
    return addresses


def _resolved(host: str, port: int, resolve: Resolver, seconds: float) -> list[str]:
    answer: Future[list[str]] = Future()

    def ask() -> None:
        try:
            answer.set_result(list(dict.fromkeys(resolve(host, port))))
        except (OSError, UnicodeError) as error:  # UnicodeError: a label longer than DNS allows
            answer.set_exception(error)

    # getaddrinfo cannot be interrupted; a thread that nobody waits for can be left behind.
    Thread(target=ask, daemon=True).start()
    try:
        addresses = answer.result(timeout=seconds)
    except TimeoutError as error:
        raise DeadlinePassed(f"The name {host} was not resolved in time.") from error
    except (OSError, UnicodeError) as error:
        raise NameNotResolved(f"The name {host} has no address.") from error
    if not addresses:
        raise NameNotResolved(f"The name {host} has no address.")
    return addresses
