"""What must be visited before a page: cookies, a token, a frame; the same for every protocol."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from pydantic import HttpUrl

from connectors.catalog import json_schema, load_file
from connectors.errors import Gone, InvalidSpec, ReadingError
from connectors.extractor import Extractor, read_now
from connectors.fetcher import Cookies, Fetcher, Manners
from connectors.first_page import entered, filled, find, withheld
from connectors.locators import HtmlLocator, JsonLocator, TokenLocator
from connectors.secrets import without_tokens
from connectors.service import First, Page
from connectors.snapshot import Snapshot
from tests.connectors.values import document, page, told
from tests.tools.server import Site, answer, redirect
from warehouse.normalisation.periods import PARIS

STATS = "https://service.example/stats"
API = "https://api.service.example/stats?token={token}"
META = TokenLocator(css="meta[name=api-token]", attribute="content")


def tokened(locate: TokenLocator = META) -> Page:
    return page("json", JsonLocator(value="$.n"), url=API, first=First(url=HttpUrl(STATS), token=locate))


def framed(css: str = "iframe.stats") -> Page:
    return page("html", HtmlLocator(css="b"), url=STATS, first=First(frame=css))


# ------------------------------------------------------------------------- what a page gives


@pytest.mark.parametrize(
    ("body", "locate", "token"),
    [
        ('<meta name="api-token" content="a1b2">', META, "a1b2"),
        ("<script>window.token = 'x.y-z';</script>",
         TokenLocator(css="script", pattern=r"token = '(?P<token>[^']+)'"), "x.y-z"),
        ("<p id=t> abc\n</p>", TokenLocator(css="#t"), "abc"),
    ],
)  # fmt: skip
def test_a_token_is_found(body: str, locate: TokenLocator, token: str) -> None:
    assert find(tokened(locate), document(f"<html>{body}</html>")) == token


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("<p>autre page</p>",
         f"not_found: the first page {STATS} gives no token: nothing matches the selector 'meta[name=api-"),
        ('<meta name="api-token" content="a">' * 2, "ambiguous: the first page"),
        ('<meta name="api-token" content=" ">', "empty: the first page"),
        ('<meta name="api-token">', "not_found: the first page"),
        (f'<meta name="api-token" content="{"a" * 5000}">', "wrong_format: the first page"),
        ('<meta name="api-token" content="a b">', "wrong_format: the first page"),
        ("", "wrong_format: the first page"),
    ],
)  # fmt: skip
def test_a_token_that_is_not_there_says_which_page_lacks_it(body: str, reason: str) -> None:
    first, own = document(body, url=STATS), document('{"n": 12}', url=API)
    assert told(read_now("s", tokened(), [first, own]))["a"].startswith(reason)


@pytest.mark.parametrize(
    ("body", "address"),
    [
        ('<iframe class=stats src="/chiffres?a=1&amp;b=2">', "https://service.example/chiffres?a=1&b=2"),
        ('<iframe class=stats src="chiffres/">', "https://service.example/chiffres/"),
        ('<iframe class=stats src="//ailleurs.example/x">', "https://ailleurs.example/x"),
        ('<iframe class=stats data-src="https://ailleurs.example/x#y">', "https://ailleurs.example/x#y"),
    ],
)
def test_a_frame_is_an_address(body: str, address: str) -> None:
    asked = framed()
    assert str(entered(asked, find(asked, document(body, url=STATS))).url) == address


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("<p>rien</p>",
         f"not_found: the first page {STATS} gives no frame: nothing matches the selector 'iframe.stats'"),
        ("<iframe class=stats>", "not_found: the first page"),
        ("<iframe class=stats src='javascript:alert(1)'>", "wrong_format: the first page"),
        ("<iframe class=stats src='file:///etc/passwd'>", "wrong_format: the first page"),
        ("<iframe class=stats src='https://[/x'>", "wrong_format: the first page"),
    ],
)  # fmt: skip
def test_a_frame_that_is_no_address_has_its_reason(body: str, reason: str) -> None:
    first, own = document(body, url=STATS), document("<b>12</b>")
    assert told(read_now("s", framed(), [first, own]))["a"].startswith(reason)


@given(st.from_regex(r"[\w.~+/=&?%-]{6,60}", fullmatch=True))
def test_a_token_goes_into_an_address_and_out_of_a_sentence(token: str) -> None:
    address = filled(API, token)
    assert address.isascii()
    assert parse_qs(urlsplit(address).query) == {"token": [token]}
    assert (
        withheld(f"no answer from {address}, that is {token}.", token)
        == f"no answer from {API}, that is {{token}}."
    )


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("at https://a/s?token=abc.", "at https://a/s?token=<token>."),
        ("at https://a/s?api_key=abc&x=1", "at https://a/s?api_key=<token>&x=1"),
        ("at https://a/s?x=1&access_token=abc#f", "at https://a/s?x=1&access_token=<token>#f"),
        ("at https://a/s?token={token}", "at https://a/s?token={token}"),
        ("at https://a/s?page=2", "at https://a/s?page=2"),
    ],
)
def test_a_sentence_has_no_token(said: str, kept: str) -> None:
    assert str(Gone(said)) == without_tokens(said) == kept


def test_the_version_of_a_page_changes_with_its_first_page_and_only_then() -> None:
    plain = page("json", JsonLocator(value="$.n"))
    assert plain.version == "ed69ef0684bc"
    ways = [First(url=HttpUrl(STATS), cookie=True), First(url=HttpUrl(STATS), token=META), First(frame="a")]
    versions = {plain.model_copy(update={"first": each}).version for each in ways}
    assert len(versions | {plain.version}) == 4


# ----------------------------------------------------------------------------------- cookies


def hop(url: str, *cookies: str) -> Snapshot:
    headers = tuple(("Set-Cookie", each) for each in cookies)
    return Snapshot(url, datetime(2024, 1, 1, tzinfo=PARIS), 200, "OK", (), headers, b"", b"")


@pytest.mark.parametrize(
    ("set_by", "url", "sent"),
    [
        ([hop("https://a.example/", "s=1; Path=/; HttpOnly", "t=2")], "https://a.example/x", "s=1; t=2"),
        ([hop("https://a.example/", "s=1")], "https://b.example/", None),
        ([hop("https://a.example/", "s=1; Domain=example")], "https://b.example/", None),
        ([hop("https://a.gouv.fr/", "s=1; Domain=gouv.fr")], "https://b.gouv.fr/", None),
        ([hop("https://a.gouv.fr/", "s=1; Domain=.gouv.fr")], "https://a.gouv.fr/", "s=1"),
        ([hop("https://a.example/", "s=1; Path=/stats")], "https://a.example/admin", None),
        ([hop("https://a.example/", "s=1; Secure")], "http://a.example/", None),
        ([hop("https://a.example/", "s=1; Max-Age=0")], "https://a.example/", None),
        ([hop("https://a.example/", "s=1"), hop("https://b.example/", "s=2")], "https://b.example/", None),
        ([hop("https://a.example/", "s=1"), hop("https://a.example/2", "s=2")], "https://a.example/", "s=2"),
        ([hop("https://a.example/", f"s={'x' * 9000}")], "https://a.example/", None),
        ([hop("https://a.example/", "=;;=,\x00;")], "https://a.example/", None),
        ([hop("https://a.example/")], "https://a.example/", None),
    ],
)  # fmt: skip
def test_cookies_go_back_to_who_set_them(set_by: Sequence[Snapshot], url: str, sent: str | None) -> None:
    assert Cookies(set_by).header(url) == sent


def test_a_redirect_to_another_host_gets_no_cookie() -> None:
    with Site({"/": answer(b"elsewhere")}) as other:
        routes = {"/go": redirect(other.url("/", host="b.example"))}
        with Site(routes) as site:
            hosts = [f"a.example:{site.port}", f"b.example:{other.port}"]
            fetcher = Fetcher(
                manners=Manners(pace=0), allow_hosts=hosts, resolve=lambda _host, _port: ["127.0.0.1"]
            )
            url = site.url("/go", host="a.example")
            fetched = fetcher.fetch(url, Cookies([hop(url, "session=1")]))
            assert fetched.answer.content == b"elsewhere"
            assert [each.headers["Cookie"] for each in site.visits("/go")] == ["session=1"]
            assert [each.headers["Cookie"] for each in site.visits("/robots.txt")] == [None]
    assert [each.headers["Cookie"] for each in other.requests] == [None, None]


# ------------------------------------------------------------------------------ service files


def service_file(page_url: str, **first: Any) -> dict[str, Any]:
    metric = {
        "label": "Besoins", "unit": "besoin", "nature": "cumulative", "dimension": "utile",
        "kind": "impact", "reach": "companies", "locate": {"value": "$.n"},
    }  # fmt: skip
    entry = {"url": page_url, "protocol": "json", "first": first, "metrics": {"besoins": metric}}
    return {"id": "x", "name": "X", "incubator": "y", "pages": [entry]}


def faults(folder: Path, file: dict[str, Any]) -> str:
    path = folder / "x.yml"
    path.write_text(yaml.safe_dump(file), "utf-8")
    try:
        load_file(path)
    except InvalidSpec as error:
        return str(error)
    return ""


DATA = "https://service.example/stats/load_data?chart_name=needs_done"
TOKEN = {"css": "meta[name=api-token]", "attribute": "content"}


@pytest.mark.parametrize(
    "file",
    [
        service_file(DATA, url=STATS, cookie=True),
        service_file(API, url=STATS, token=TOKEN),
        service_file("https://service.example/{token}/stats", url=STATS, token=TOKEN),
        service_file(API, url=STATS, token={"css": "script", "pattern": "key='(?P<token>.+)'"}),
        service_file(STATS, frame="iframe.stats"),
    ],
)
def test_a_service_file_can_say_what_is_visited_first(tmp_path: Path, file: dict[str, Any]) -> None:
    assert faults(tmp_path, file) == ""
    assert Draft202012Validator(json_schema()).is_valid(file)


@pytest.mark.parametrize(
    ("file", "sentence"),
    [
        (service_file(DATA, url=STATS), "first: exactly one of `cookie: true`, `token` and `frame`"),
        (service_file(DATA, url=STATS, cookie=True, frame="a"), "first: exactly one of"),
        (service_file(DATA, cookie=True), "first.url: field required: the page to visit first"),
        (service_file(STATS, url=STATS, cookie=True), "first.url: this is the page itself"),
        (service_file(DATA, url="https://www.service.example/stats", cookie=True),
         "first.url: cookies go to the host that set them: www.service.example is not service.example"),
        (service_file(DATA, url=STATS, cookie="yes"), "first.cookie: "),
        (service_file(DATA, url=STATS, token=TOKEN), "first.token: the page's address has no `{token}`"),
        (service_file(STATS + "?t={token}", url=STATS, cookie=True), "url: `{token}` in an address is what"),
        (service_file(API, url=STATS, token={"css": "a["}), "first.token.css: 'a[' is not a CSS selector"),
        (service_file(API, url=STATS, token={"css": "a", "pattern": "(?P<figure>a)"}),
         "first.token.pattern: '(?P<figure>a)' needs exactly one group, named: (?P<token>…)"),
        (service_file(API, url=STATS, token={"attribute": "a"}), "first.token.css: field required"),
        (service_file(API, url=STATS, token={"css": "a", "atribute": "b"}),
         "first.token.atribute: unknown key; did you mean 'attribute'?"),
        (service_file(STATS, url=STATS, frame="iframe"), "first.url: a frame stands on the page itself"),
        (service_file(STATS, frame="iframe["), "first.frame: 'iframe[' is not a CSS selector"),
        (service_file(STATS, frames="iframe"), "first.frames: unknown key; did you mean 'frame'?"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_first_page_is_told(tmp_path: Path, file: dict[str, Any], sentence: str) -> None:
    told_line = faults(tmp_path, file)
    assert f": pages[0].{sentence}" in told_line
    assert len(told_line.splitlines()) == 1


# ------------------------------------------------------------- the door: address, then follow


def test_the_first_page_comes_first_and_the_protocol_sees_only_its_own() -> None:
    with Extractor(workers=1) as extractor:
        for asked, body, own in (
            (tokened(), '<meta name="api-token" content="a1">', API),
            (framed(), '<iframe class=stats src="https://f.example/">', "https://f.example/"),
        ):
            first = document(body, url=STATS)
            assert extractor.address(asked) == STATS
            assert extractor.follow(asked, [first]) == (own,)
            assert extractor.follow(asked, [first, document("{}", url=own)]) == ()
        assert extractor.follow(tokened(), [document("<p>rien</p>", url=STATS)]) == ()
        assert extractor.found(tokened(), document('<meta name="api-token" content="a1">')) == "a1"
        with pytest.raises(ReadingError, match="gives no token"):
            extractor.found(tokened(), document("<p>rien</p>", url=STATS))


def test_a_hostile_first_page_is_stopped() -> None:
    endless = TokenLocator(css="p", pattern=r"(?P<token>(?:a+)+)b")
    with Extractor(workers=1, seconds=1.5) as extractor:
        first = document("<p>" + "a" * 60 + "</p>", url=STATS)
        assert extractor.follow(tokened(endless), [first]) == ()
        assert (
            extractor.read("s", framed(), [document("<iframe class=stats src=/a>"), document("<b>3</b>")])
            .result(timeout=120)
            .extractions[0]
            .exact
            == "3"
        )
