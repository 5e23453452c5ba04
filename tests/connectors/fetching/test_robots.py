"""What a robots.txt means for us, read alone and obeyed on a real server."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from connectors.errors import DeadlinePassed, RefusedAddress, RobotsRefused, ServerTrouble, Unreachable
from connectors.fetcher import Fetched, Fetcher, Manners
from connectors.fetching.manners import USER_AGENT
from connectors.fetching.robots import MAX_BYTES, MAX_DELAY, OPEN, Rules
from tests.tools.server import Behaviour, Site, answer, encoded, hang, raw, redirect

QUICK = Manners(deadline=5, pace=0, attempts=1)


@pytest.mark.parametrize(
    ("text", "path", "allowed"),
    [
        ("", "/stats", True),
        ("User-agent: *\nDisallow: /", "/stats", False),
        ("User-agent: *\nDisallow:", "/stats", True),
        ("User-agent: *\nDisallow: /admin", "/stats", True),
        ("User-agent: *\nDisallow: /\nAllow: /stats", "/stats", True),
        ("User-agent: *\nDisallow: /*.json$", "/stats.json", False),
        ("User-agent: *\nDisallow: /*.json$", "/stats.json?x", True),
        ("User-agent: *\nDisallow: /\n\nUser-agent: impact-night\nAllow: /", "/stats", True),
        ("User-agent: Impact-Night\nDisallow: /stats\n\nUser-agent: *\nAllow: /", "/stats", False),
        ("User-agent: otherbot\nDisallow: /", "/stats", True),
        ("\ufeffUser-agent: *\nDisallow: /", "/stats", False),
        ("<!doctype html><title>Accueil</title>", "/stats", True),
        ("User-agent: *\r\nDisallow: /stats # closed\r\n", "/stats", False),
        ("User-agent: *\nDisallow: /chiffres-clés", "/chiffres-cl%C3%A9s", False),
    ],
)
def test_rules(text: str, path: str, allowed: bool) -> None:
    assert Rules.parse(text.encode()).allow(f"https://a.fr{path}") is allowed


@pytest.mark.parametrize(
    ("text", "delay"),
    [
        ("", 0.0),
        ("User-agent: *\nCrawl-delay: 3", 3.0),
        ("User-agent: *\nCrawl-delay: 86400", MAX_DELAY),
        ("User-agent: *\nCrawl-delay: soon", 0.0),
        ("User-agent: *\nCrawl-delay: inf", 0.0),
    ],
)
def test_delay(text: str, delay: float) -> None:
    assert Rules.parse(text.encode()).delay == delay


def test_what_stands_after_the_cap_is_not_read() -> None:
    text = b"#" * MAX_BYTES + b"\nUser-agent: *\nDisallow: /"
    assert Rules.parse(text).allow("https://a.fr/stats")


def test_bytes_that_are_not_utf8_are_read() -> None:
    assert not Rules.parse(b"# \xe9\xff\nUser-agent: *\nDisallow: /").allow("https://a.fr/stats")


def test_open_allows_everything() -> None:
    assert OPEN.allow("https://a.fr/anything")


def _fetch(robots: Behaviour | list[Behaviour], manners: Manners = QUICK) -> tuple[Fetched, Site]:
    with Site({"/robots.txt": robots, "/stats": answer(b"12")}) as site:
        return Fetcher(manners=manners, allow_hosts=[site.authority]).fetch(site.url("/stats")), site


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 451])
def test_4xx_means_open(status: int) -> None:
    fetched, _ = _fetch(answer(b"no", status=status))
    assert fetched.answer.content == b"12"


@pytest.mark.parametrize("status", [429, 500, 502, 503])
def test_trouble_means_that_we_stay_out(status: int) -> None:
    fetched, site = _fetch(answer(b"no", status=status))
    assert isinstance(fetched.error, ServerTrouble)
    assert "robots.txt" in str(fetched.error)
    assert fetched.hops == ()
    assert site.visits("/stats") == []


@pytest.mark.parametrize(("robots", "error"), [(raw(b""), Unreachable), (hang, DeadlinePassed)])
def test_no_answer_means_that_we_stay_out(robots: Behaviour, error: type[Exception]) -> None:
    fetched, site = _fetch(robots, Manners(deadline=1, pace=0, attempts=1))
    assert type(fetched.error) is error
    assert site.visits("/stats") == []


def test_a_closed_page_is_not_visited() -> None:
    fetched, site = _fetch(answer(b"User-agent: *\nDisallow: /stats"))
    assert isinstance(fetched.error, RobotsRefused)
    assert site.visits("/stats") == []


def test_robots_is_redirected_and_decoded() -> None:
    closed = encoded(b"User-agent: *\nDisallow: /", "br")
    with Site({"/robots.txt": redirect("/r2"), "/r2": closed, "/stats": answer(b"12")}) as site:
        fetched = Fetcher(manners=QUICK, allow_hosts=[site.authority]).fetch(site.url("/stats"))
    assert isinstance(fetched.error, RobotsRefused)


def test_robots_is_under_the_same_guard() -> None:
    fetched, site = _fetch(redirect("http://10.0.0.1/robots.txt"))
    assert isinstance(fetched.error, RefusedAddress)
    assert site.visits("/stats") == []


def test_robots_in_a_circle_is_no_robots() -> None:
    fetched, _ = _fetch(redirect("/robots.txt"))
    assert fetched.answer.content == b"12"


def test_robots_is_asked_once_per_authority_and_never_archived() -> None:
    with Site({"/robots.txt": answer(b"User-agent: *\nDisallow: /x"), "/stats": answer(b"12")}) as site:
        fetcher = Fetcher(manners=QUICK, allow_hosts=[site.authority])
        with ThreadPoolExecutor(8) as pool:
            answers = list(pool.map(fetcher.fetch, [site.url("/stats")] * 8))
    assert [each.answer.content for each in answers] == [b"12"] * 8
    assert {hop.url for each in answers for hop in each.hops} == {site.url("/stats")}
    assert len(site.visits("/robots.txt")) == 1


def test_a_failure_is_asked_again_later() -> None:
    with Site({"/robots.txt": [answer(status=503), answer(b"")], "/stats": answer(b"12")}) as site:
        fetcher = Fetcher(manners=QUICK, allow_hosts=[site.authority])
        assert isinstance(fetcher.fetch(site.url("/stats")).error, ServerTrouble)
        assert fetcher.fetch(site.url("/stats")).answer.content == b"12"


def test_each_hop_asks_its_own_site() -> None:
    closed = {"/robots.txt": answer(b"User-agent: *\nDisallow: /"), "/stats": answer(b"12")}
    with Site(closed) as shut, Site({"/stats": redirect(shut.url("/stats"))}) as site:
        fetched = Fetcher(manners=QUICK, allow_hosts=["127.0.0.1"]).fetch(site.url("/stats"))
    assert isinstance(fetched.error, RobotsRefused)
    assert [hop.status for hop in fetched.hops] == [302]
    assert shut.visits("/stats") == []


def test_crawl_delay_is_waited_for() -> None:
    delay = 0.6
    with Site({"/robots.txt": answer(f"User-agent: *\nCrawl-delay: {delay}".encode())}) as site:
        Fetcher(manners=QUICK, allow_hosts=[site.authority]).fetch(site.url("/stats"))
    robots, page = site.requests
    assert page.at - robots.at >= delay * 0.9


def test_we_say_who_we_are() -> None:
    _, site = _fetch(answer(b""))
    assert [request.headers["User-Agent"] for request in site.requests] == [USER_AGENT] * 2
    assert "impact-night/" in USER_AGENT
    assert "Mozilla" not in USER_AGENT
