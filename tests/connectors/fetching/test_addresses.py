"""Where a request may go, by example."""

import time

import pytest

from connectors.errors import DeadlinePassed, NameNotResolved, RefusedAddress
from connectors.fetching.addresses import (
    Resolver,
    Target,
    is_exempt,
    is_public,
    public_addresses,
    system_resolver,
)

PUBLIC = [
    "1.1.1.1",
    "8.8.8.8",
    "172.15.255.255",
    "172.32.0.1",
    "192.0.1.1",
    "192.167.255.255",
    "100.63.255.255",
    "100.128.0.1",
    "198.17.255.255",
    "198.20.0.1",
    "223.255.255.255",
    "2001:4860:4860::8888",
    "2a01:e0c:1::1",
    "2606:4700:4700::1111",
    "::ffff:8.8.8.8",
    "64:ff9b::8.8.8.8",
    "2002:0808:0808::1",
]

PRIVATE = [
    "0.0.0.0",
    "0.1.2.3",
    "10.0.0.1",
    "100.64.0.1",
    "100.127.255.255",
    "127.0.0.1",
    "127.255.255.254",
    "168.63.129.16",
    "169.254.169.254",
    "172.16.0.1",
    "172.31.255.255",
    "192.0.0.1",
    "192.0.0.9",
    "192.0.0.170",
    "192.0.2.1",
    "192.31.196.1",
    "192.52.193.1",
    "192.88.99.1",
    "192.168.1.1",
    "192.175.48.1",
    "198.18.0.1",
    "198.19.255.255",
    "198.51.100.1",
    "203.0.113.1",
    "224.0.0.1",
    "239.255.255.250",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::7f00:1",
    "::8.8.8.8",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "::ffff:0:8.8.8.8",
    "64:ff9b::127.0.0.1",
    "64:ff9b::a00:1",
    "64:ff9b:1::1",
    "100::1",
    "2001::1",
    "2001:0:808:808::f7f7:f7f7",
    "2001:2::1",
    "2001:20::1",
    "2001:db8::1",
    "2002:7f00:1::1",
    "2002:c0a8:101::1",
    "2620:4f:8000::1",
    "3fff::1",
    "5f00::1",
    "4000::1",
    "fc00::1",
    "fd00:ec2::254",
    "fe80::1",
    "fe80::1%eth0",
    "fec0::1",
    "ff02::1",
    "not-an-address",
]


@pytest.mark.parametrize("address", PUBLIC)
def test_public(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize("address", PRIVATE)
def test_not_public(address: str) -> None:
    assert not is_public(address)


REFUSED_URLS = [
    "",
    "stats.example.fr",
    "//stats.example.fr/",
    "ftp://stats.example.fr/",
    "file:///etc/passwd",
    "gopher://stats.example.fr/",
    "javascript:alert(1)",
    "data:text/html,12",
    "httpx://stats.example.fr/",
    "http:stats.example.fr",
    "http:///stats",
    "http://",
    "http://:80/",
    "http://user@stats.example.fr/",
    "http://user:secret@stats.example.fr/",
    "http://@stats.example.fr/",
    "http://stats.example.fr@127.0.0.1/",
    "http://stats.example.fr\\@127.0.0.1/",
    "http://stats.example.fr\\.evil.test/",
    "http://stats.example.fr/\r\nHost: evil.test",
    "http://stats.example.fr/\x00",
    "http://stats\texample.fr/",
    "http://stats.example.fr/\x7f",
    "http://stats.example.fr/\x85",
    "http://stats example.fr/",
    "http://stats.example.fr:99999/",
    "http://stats.example.fr:port/",
    "http://[::1/",
    "http://[not-ipv6]/",
    "http://*.example.fr/",
]


@pytest.mark.parametrize("url", REFUSED_URLS)
def test_url_refused(url: str) -> None:
    with pytest.raises(RefusedAddress) as caught:
        Target.parse(url)
    assert str(caught.value).endswith(".")
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("url", "normalised", "authority"),
    [
        ("http://Stats.Example.FR", "http://stats.example.fr/", "stats.example.fr:80"),
        ("HTTPS://stats.example.fr/a#b", "https://stats.example.fr/a", "stats.example.fr:443"),
        ("https://stats.example.fr:8443/?q=1", "https://stats.example.fr:8443/?q=1", "stats.example.fr:8443"),
        ("https://stats.example.fr:/a", "https://stats.example.fr/a", "stats.example.fr:443"),
        ("http://stats.example.fr/a b/é", "http://stats.example.fr/a%20b/%C3%A9", "stats.example.fr:80"),
        ("http://stats.example.fr/?a@b", "http://stats.example.fr/?a@b", "stats.example.fr:80"),
        ("http://santé.example.fr/", "http://xn--sant-epa.example.fr/", "xn--sant-epa.example.fr:80"),
        ("http://[2001:DB8::1]:81/", "http://[2001:db8::1]:81/", "2001:db8::1:81"),
    ],
)
def test_url_normalised(url: str, normalised: str, authority: str) -> None:
    target = Target.parse(url)
    assert (target.url, target.authority) == (normalised, authority)
    assert Target.parse(target.url) == target


@pytest.mark.parametrize(
    ("url", "name", "robots"),
    [
        ("http://a.fr/x", "a.fr", "http://a.fr/robots.txt"),
        ("https://a.fr:443/x?y", "a.fr", "https://a.fr/robots.txt"),
        ("https://a.fr:80/x", "a.fr:80", "https://a.fr:80/robots.txt"),
        ("http://[2001:db8::1]/", "[2001:db8::1]", "http://[2001:db8::1]/robots.txt"),
    ],
)
def test_host_header_and_robots(url: str, name: str, robots: str) -> None:
    target = Target.parse(url)
    assert (target.name, target.robots.url) == (name, robots)


@pytest.mark.parametrize(
    ("location", "url"),
    [
        ("/b", "https://a.fr/b"),
        ("b?c", "https://a.fr/stats/b?c"),
        ("//b.fr/c", "https://b.fr/c"),
        ("http://b.fr", "http://b.fr/"),
        ("/chiffres clés".encode().decode("latin-1"), "https://a.fr/chiffres%20cl%C3%A9s"),
        ("/clés", "https://a.fr/cl%EF%BF%BDs"),  # a Latin-1 byte that is no UTF-8
    ],
)
def test_redirect_target(location: str, url: str) -> None:
    assert Target.parse("https://a.fr/stats/page").join(location).url == url


@pytest.mark.parametrize(
    "location", ["/\\evil.test", "/a\r\nb", "ftp://a.fr", "http://u@a.fr/", "http://", "http://[::1"]
)
def test_redirect_refused(location: str) -> None:
    with pytest.raises(RefusedAddress):
        Target.parse("https://a.fr/").join(location)


@pytest.mark.parametrize(
    "spelling",
    ["127.0.0.1", "127.1", "0x7f.1", "0x7f000001", "2130706433", "0177.0.0.1", "017700000001", "::1"],
)
def test_loopback_is_refused_however_it_is_spelt(spelling: str) -> None:
    with pytest.raises(RefusedAddress, match="not on the public internet"):
        public_addresses(spelling, 80, resolve=system_resolver, allow_hosts=(), seconds=5)


def _answering(*addresses: str) -> Resolver:
    return lambda host, port: list(addresses)


def test_one_private_address_condemns_the_name() -> None:
    with pytest.raises(RefusedAddress, match=r"10\.0\.0\.1"):
        public_addresses("a.fr", 80, resolve=_answering("8.8.8.8", "10.0.0.1"), allow_hosts=(), seconds=5)


def test_public_addresses_are_given_once_and_in_order() -> None:
    resolve = _answering("8.8.8.8", "1.1.1.1", "8.8.8.8")
    assert public_addresses("a.fr", 80, resolve=resolve, allow_hosts=(), seconds=5) == ["8.8.8.8", "1.1.1.1"]


@pytest.mark.parametrize(
    ("host", "port", "allowed", "exempt"),
    [
        ("a.fr", 80, ["a.fr"], True),
        ("a.fr", 80, ["A.FR:80"], True),
        ("a.fr.", 80, ["a.fr"], True),
        ("a.fr", 80, ["a.fr:81"], False),
        ("b.a.fr", 80, ["a.fr"], False),
        ("a.fr", 80, [], False),
        ("::1", 80, ["[::1]:80"], True),
        ("::1", 80, ["::1"], True),
    ],
)
def test_exemption(host: str, port: int, allowed: list[str], exempt: bool) -> None:
    assert is_exempt(host, port, allowed) is exempt


def test_name_without_address() -> None:
    with pytest.raises(NameNotResolved):
        public_addresses("a.fr", 80, resolve=_answering(), allow_hosts=(), seconds=5)
    with pytest.raises(NameNotResolved):
        public_addresses("x" * 70 + ".fr", 80, resolve=system_resolver, allow_hosts=(), seconds=5)


def test_resolution_is_bounded() -> None:
    def slow(host: str, port: int) -> list[str]:
        time.sleep(10)
        return ["8.8.8.8"]

    with pytest.raises(DeadlinePassed):
        public_addresses("a.fr", 80, resolve=slow, allow_hosts=(), seconds=0.1)
