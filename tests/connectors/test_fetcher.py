"""The fetcher against real servers, good and bad."""

import tracemalloc
import zlib
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from itertools import pairwise
from pathlib import Path

import pytest

from connectors.errors import (
    DeadlinePassed,
    FetchError,
    Forbidden,
    Gone,
    NameNotResolved,
    RefusedAddress,
    ServerTrouble,
    TlsFailure,
    TooManyRedirects,
    Unreachable,
)
from connectors.fetcher import Fetched, Fetcher, Manners
from connectors.fetching.encodings import DecodingError, OversizedError, decode
from tests.tools.server import (
    ENCODERS,
    Behaviour,
    Site,
    Wire,
    answer,
    certificate,
    chunked,
    drip,
    encoded,
    hang,
    head,
    lie,
    never_ending,
    raw,
    redirect,
)

PAGE = "<p>1 575 332 simulations terminées</p>".encode()
NOON = datetime(2026, 1, 2, 12, tzinfo=UTC)
QUICK = Manners(deadline=5, pace=0, attempts=1)
HURRIED = Manners(deadline=1, pace=0, attempts=1)
TWICE = Manners(deadline=5, pace=0, attempts=2)


def fetcher(site: Site, manners: Manners = QUICK) -> Fetcher:
    return Fetcher(manners=manners, allow_hosts=[site.authority], clock=lambda: NOON)


def fetch(behaviour: Behaviour | list[Behaviour], manners: Manners = QUICK) -> Fetched:
    """What comes of one page that behaves like this."""
    with Site({"/stats": behaviour}) as site:
        return fetcher(site, manners).fetch(site.url("/stats"))


# An answer.


def test_an_exchange_is_kept_as_it_was_received() -> None:
    received = (("X-B", "1"), ("content-type", "text/html"), ("X-a", "é"), ("X-B", "2"))
    with Site({"/stats": answer(PAGE, received, reason="Tout va bien")}) as site:
        snapshot = fetcher(site).fetch(site.url("/stats#figures")).answer
        sent = site.visits("/stats")[0].headers.items()
    assert snapshot.url == site.url("/stats")
    assert (snapshot.at, snapshot.status, snapshot.reason) == (NOON, 200, "Tout va bien")
    assert snapshot.headers == (*received, ("Content-Length", str(len(PAGE))))
    assert snapshot.payload == snapshot.content == PAGE
    assert snapshot.request_headers == tuple(sent)


def test_a_folded_header_is_unfolded() -> None:
    folded = b"HTTP/1.1 200 OK\r\nX-Long: one\r\n  two \r\nContent-Length: 0\r\n\r\n"
    assert fetch(raw(folded)).answer.headers == (("X-Long", "one two"), ("Content-Length", "0"))


@pytest.mark.parametrize("behaviour", [chunked(PAGE[:5], PAGE[5:]), raw(head() + PAGE)])
def test_a_body_without_length(behaviour: Behaviour) -> None:
    assert fetch(behaviour).answer.payload == PAGE


def test_nothing_of_a_visit_is_carried_to_the_next() -> None:
    with Site({"/stats": answer(PAGE, [("Set-Cookie", "id=1")])}) as site:
        shared = fetcher(site)
        shared.fetch(site.url("/stats"))
        shared.fetch(site.url("/stats"))
    assert [request.headers["Cookie"] for request in site.requests] == [None, None, None]


def test_the_environment_is_not_trusted(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    assert fetch(answer(PAGE)).answer.content == PAGE


# Content encodings.


@pytest.mark.parametrize("name", ENCODERS)
def test_a_body_is_decoded_and_kept_encoded(name: str) -> None:
    snapshot = fetch(encoded(PAGE, name)).answer
    assert snapshot.content == PAGE
    assert snapshot.payload == ENCODERS[name](PAGE)


@pytest.mark.parametrize("names", [("gzip", "gzip"), ("zstd", "br"), ("deflate", "gzip")])
def test_two_layers_are_decoded(names: tuple[str, str]) -> None:
    assert fetch(encoded(PAGE, *names)).answer.content == PAGE


@pytest.mark.parametrize("name", ENCODERS)
def test_a_bomb_is_not_expanded_in_memory(name: str) -> None:
    payload = ENCODERS[name](bytes(100_000_000))
    tracemalloc.start()
    try:
        with pytest.raises(OversizedError):
            decode(payload, [("Content-Encoding", name)], 5_000_000)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 20_000_000


@pytest.mark.parametrize("name", ENCODERS)
def test_a_compressed_body_that_stops_early_is_no_success(name: str) -> None:
    cut = ENCODERS[name](PAGE * 100)[:-9]
    fetched = fetch(raw(head(headers=[("Content-Encoding", name)]) + cut))
    assert isinstance(fetched.error, Unreachable)
    assert "was cut" in str(fetched.error)


@pytest.mark.parametrize("name", ENCODERS)
def test_a_body_that_is_not_what_it_says(name: str) -> None:
    with pytest.raises(DecodingError):
        decode(PAGE, [("Content-Encoding", name)], 1000)


@pytest.mark.parametrize(
    ("payload", "headers", "content"),
    [
        (PAGE, [("Content-Encoding", "utf-8")], PAGE),
        (PAGE, [("Content-Encoding", "identity, none")], PAGE),
        (b"", [("Content-Encoding", "gzip")], b""),
        (zlib.compress(PAGE)[2:-4], [("content-encoding", "DEFLATE")], PAGE),
        (ENCODERS["gzip"](PAGE) * 3, [("Content-Encoding", "gzip")], PAGE * 3),
        (ENCODERS["zstd"](PAGE) * 3, [("Content-Encoding", "zstd")], PAGE * 3),
        (
            ENCODERS["br"](ENCODERS["gzip"](PAGE)),
            [("Content-Encoding", "gzip"), ("Content-Encoding", "br")],
            PAGE,
        ),
    ],
)
def test_decode(payload: bytes, headers: list[tuple[str, str]], content: bytes) -> None:
    assert decode(payload, headers, 1000) == content


# Refusals.


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (401, Forbidden),
        (403, Forbidden),
        (451, Forbidden),
        (400, Gone),
        (404, Gone),
        (410, Gone),
        (304, Gone),
        (429, ServerTrouble),
        (500, ServerTrouble),
        (503, ServerTrouble),
    ],
)
def test_a_status_is_an_error_and_its_exchange_is_kept(status: int, error: type[FetchError]) -> None:
    fetched = fetch(answer(b"" if status == 304 else b"sorry", status=status))
    assert type(fetched.error) is error
    assert fetched.error.status == status
    assert [hop.status for hop in fetched.hops] == [status]
    with pytest.raises(error, match=str(status)):
        _ = fetched.answer


@pytest.mark.parametrize(
    "behaviour",
    [
        lie(PAGE, len(PAGE) + 1),
        lie(b"", 10),
        chunked(PAGE, end=b""),
        chunked(PAGE, end=b"zz\r\n"),
        raw(b""),
        raw(b"SSH-2.0-server\r\n"),
        raw(b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabcd"),
        raw(b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 1000 + b"\r\n"),
        raw(b"HTTP/1.1 200 OK\r\nX: " + b"y" * 100_000 + b"\r\n\r\n"),
        raw(b"HTTP/1.1 999999 OK\r\n\r\n"),
    ],
)
def test_what_is_not_a_whole_answer_is_no_success(behaviour: Behaviour) -> None:
    fetched = fetch(behaviour)
    assert type(fetched.error) is Unreachable
    assert fetched.hops == ()
    assert str(fetched.error).count("\n") == 0


def test_nobody_listens() -> None:
    with Site({}) as site:
        url, allowed = site.url("/stats"), site.authority
    error = Fetcher(manners=QUICK, allow_hosts=[allowed]).fetch(url).error
    assert type(error) is Unreachable
    assert "refused" in str(error)


# The deadline.


@pytest.mark.parametrize(
    "behaviour",
    [
        hang,
        never_ending,
        drip(head() + PAGE),
        drip(b"HTTP/1.1 100 Continue\r\n\r\n" * 100, 0.01),
        drip(head(headers=[("Content-Length", "1000")]) + PAGE * 100),
        drip(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + b"0" * 1000),
    ],
)
def test_the_deadline_ends_every_kind_of_slowness(behaviour: Behaviour) -> None:
    with Site({"/stats": behaviour}) as site:
        error = fetcher(site, HURRIED).fetch(site.url("/stats")).error
    assert isinstance(error, DeadlinePassed)
    assert str(error) == f"{site.authority} did not answer within 1 s."
    assert error.url == site.url("/stats")


def test_a_killed_transfer_is_never_a_short_page() -> None:
    """Headers and some bytes came, with no length: a shut socket looks exactly like the end."""

    def stall(wire: Wire) -> None:
        raw(head() + PAGE)(wire)
        hang(wire)

    fetched = fetch(stall, HURRIED)
    assert isinstance(fetched.error, DeadlinePassed)
    assert fetched.hops == ()


def test_redirects_share_the_deadline() -> None:
    slow = [drip(head(302, [("Location", f"/{n}"), ("Content-Length", "0")]), 0.015) for n in range(1, 6)]
    with Site({f"/{n}": each for n, each in enumerate(slow)}) as site:
        fetched = fetcher(site, Manners(deadline=3, pace=0, attempts=1)).fetch(site.url("/0"))
    assert isinstance(fetched.error, DeadlinePassed)
    assert 0 < len(fetched.hops) < 5


def test_attempts_share_the_deadline() -> None:
    with Site({"/stats": hang}) as site:
        error = fetcher(site, Manners(deadline=1, pace=0, attempts=5)).fetch(site.url("/stats")).error
    assert isinstance(error, DeadlinePassed)
    assert len(site.visits("/stats")) == 1


# Redirects.


def test_each_hop_is_kept() -> None:
    routes = {"/stats": redirect("/b"), "/b": redirect("/c?d", 308), "/c?d": answer(PAGE)}
    with Site(routes) as site:
        fetched = fetcher(site).fetch(site.url("/stats"))
    assert [(hop.url, hop.status) for hop in fetched.hops] == [
        (site.url("/stats"), 302),
        (site.url("/b"), 308),
        (site.url("/c?d"), 200),
    ]
    assert fetched.answer.content == PAGE


def test_a_circle() -> None:
    with Site({"/stats": redirect("/b"), "/b": redirect("/stats")}) as site:
        fetched = fetcher(site).fetch(site.url("/stats"))
    assert isinstance(fetched.error, TooManyRedirects)
    assert len(fetched.hops) == 2


@pytest.mark.parametrize(("count", "error"), [(5, None), (6, TooManyRedirects)])
def test_five_redirects_are_followed_and_no_more(count: int, error: type[FetchError] | None) -> None:
    routes: dict[str, Behaviour] = {f"/{n}": redirect(f"/{n + 1}") for n in range(count)}
    with Site({**routes, f"/{count}": answer(PAGE)}) as site:
        fetched = fetcher(site).fetch(site.url("/0"))
    assert error is None if fetched.error is None else type(fetched.error) is error
    assert len(fetched.hops) == 6


# Addresses.


def test_this_machine_is_refused_unless_it_is_named() -> None:
    with Site({"/stats": answer(PAGE)}) as site:
        fetched = Fetcher(manners=QUICK, allow_hosts=["127.0.0.2", "127.0.0.1:1"]).fetch(site.url("/stats"))
    assert isinstance(fetched.error, RefusedAddress)
    assert fetched.hops == ()
    assert site.requests == []


def test_a_name_is_asked_for_once_per_exchange_and_its_answer_is_the_one_used() -> None:
    """Rebinding: the second answer of this resolver would lead elsewhere, and is never asked for."""
    asked: list[str] = []

    def rebinding(host: str, port: int) -> list[str]:
        asked.append(host)
        return ["127.0.0.1"] if len(asked) <= 2 else ["127.0.0.9"]

    with Site({"/stats": answer(PAGE)}) as site:
        rebound = Fetcher(manners=QUICK, allow_hosts=["stats.test"], resolve=rebinding)
        assert rebound.fetch(site.url("/stats", "stats.test")).answer.content == PAGE
    assert asked == ["stats.test"] * 2  # robots.txt, then the page
    assert site.visits("/stats")[0].headers["Host"] == f"stats.test:{site.port}"


def test_a_name_that_turns_private_between_two_exchanges_is_refused() -> None:
    turns = iter([["127.0.0.1"], ["10.0.0.1"]])
    with Site({"/stats": answer(PAGE)}) as site:
        shared = Fetcher(
            manners=QUICK, allow_hosts=[f"other.test:{site.port}"], resolve=lambda *_: next(turns)
        )
        assert isinstance(shared.fetch(site.url("/stats", "stats.test")).error, RefusedAddress)
        assert isinstance(shared.fetch(site.url("/stats", "stats.test")).error, RefusedAddress)
    assert site.requests == []


def test_the_next_address_is_tried_when_one_refuses() -> None:
    with Site({"/stats": answer(PAGE)}) as site:
        shared = Fetcher(
            manners=QUICK, allow_hosts=["stats.test"], resolve=lambda *_: ["127.0.0.77", "127.0.0.1"]
        )
        assert shared.fetch(site.url("/stats", "stats.test")).answer.content == PAGE


def test_a_name_without_address() -> None:
    def unknown(host: str, port: int) -> list[str]:
        raise OSError("no such name")

    error = Fetcher(manners=QUICK, resolve=unknown).fetch("https://stats.test/").error
    assert isinstance(error, NameNotResolved)
    assert error.url == "https://stats.test/robots.txt"


# TLS.


def test_tls_proves_the_name_although_the_address_is_pinned(tmp_path: Path) -> None:
    try:
        ca_file, tls = certificate(tmp_path, "stats.test")
    except FileNotFoundError:
        pytest.skip("no openssl command")
    asked: list[str | None] = []
    tls.sni_callback = lambda sock, name, context: asked.append(name)
    with Site({"/stats": answer(PAGE), "/slow": never_ending, "/hang": hang}, tls) as site:

        def ask(host: str, path: str = "/stats", trusted: bool = True) -> Fetched:
            return Fetcher(
                manners=HURRIED,
                allow_hosts=["stats.test", "other.test"],
                resolve=lambda *_: ["127.0.0.1"],
                ca_file=str(ca_file) if trusted else None,
            ).fetch(site.url(path, host))

        assert ask("stats.test").answer.content == PAGE
        assert set(asked) == {"stats.test"}
        assert isinstance(ask("other.test").error, TlsFailure)
        assert isinstance(ask("stats.test", trusted=False).error, TlsFailure)
        assert isinstance(ask("stats.test", "/slow").error, DeadlinePassed)
        assert isinstance(ask("stats.test", "/hang").error, DeadlinePassed)


def test_a_handshake_that_never_comes() -> None:
    with Site({}) as site:
        error = fetcher(site, HURRIED).fetch(f"https://{site.authority}/").error
    assert isinstance(error, Unreachable)


# Pace, and asking again.


def test_two_requests_to_one_authority_are_apart() -> None:
    pace = 0.2
    with Site({"/stats": answer(PAGE)}) as site:
        shared = fetcher(site, Manners(deadline=5, pace=pace))
        with ThreadPoolExecutor(4) as pool:
            fetched = list(pool.map(shared.fetch, [site.url("/stats")] * 4))
    assert all(each.error is None for each in fetched)
    moments = sorted(request.at for request in site.requests)
    assert len(moments) == 5
    assert all(later - earlier > pace * 0.75 for earlier, later in pairwise(moments))


def test_waiting_for_our_turn_is_not_counted_in_the_deadline() -> None:
    with Site({"/stats": answer(PAGE)}) as site:
        assert fetcher(site, Manners(deadline=0.5, pace=0.8)).fetch(site.url("/stats")).answer.content == PAGE


def test_a_passing_trouble_is_tried_again_and_only_the_last_attempt_is_kept() -> None:
    fetched = fetch([answer(status=503), answer(PAGE)], TWICE)
    assert [hop.status for hop in fetched.hops] == [200]


def test_a_lasting_trouble_is_tried_as_often_as_said() -> None:
    with Site({"/stats": raw(b"")}) as site:
        assert isinstance(fetcher(site, TWICE).fetch(site.url("/stats")).error, Unreachable)
    assert len(site.visits("/stats")) == 2


@pytest.mark.parametrize("status", [403, 404])
def test_what_will_not_change_is_not_tried_again(status: int) -> None:
    with Site({"/stats": answer(status=status)}) as site:
        fetcher(site, TWICE).fetch(site.url("/stats"))
    assert len(site.visits("/stats")) == 1


DATE = format_datetime(NOON, usegmt=True)
IN_A_SECOND = format_datetime(NOON + timedelta(seconds=1), usegmt=True)
TOMORROW = format_datetime(NOON + timedelta(days=1), usegmt=True)


@pytest.mark.parametrize(
    ("headers", "visits", "delay"),
    [
        ([("Retry-After", "1")], 2, 1.0),
        ([("Retry-After", IN_A_SECOND), ("Date", DATE)], 2, 1.0),
        ([("Retry-After", IN_A_SECOND)], 2, 1.0),
        ([("Retry-After", DATE), ("Date", TOMORROW)], 2, 0.0),
        ([("Retry-After", "soon")], 2, 0.0),
        ([("Retry-After", "²")], 2, 0.0),
        ([("Retry-After", "3600")], 1, 0.0),
        ([("Retry-After", "9" * 400)], 1, 0.0),
        ([("Retry-After", TOMORROW), ("Date", DATE)], 1, 0.0),
    ],
)
def test_retry_after(headers: list[tuple[str, str]], visits: int, delay: float) -> None:
    with Site({"/stats": [answer(b"", headers, 429), answer(PAGE)]}) as site:
        fetched = fetcher(site, TWICE).fetch(site.url("/stats"))
    moments = [request.at for request in site.visits("/stats")]
    assert (len(moments), fetched.error is None) == (visits, visits == 2)
    assert moments[-1] - moments[0] >= delay * 0.9
