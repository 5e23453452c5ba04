"""Hostile contents: pages, numbers, data and files.  A new way of being hostile is a new line."""

from collections.abc import Callable
from itertools import pairwise

from connectors.locators import ChartLocator, HtmlLocator
from tests.hostile.trial import GIVEN, RIGHT, Case, Trial, data, page, spec, warc, whole_portfolio
from tests.tools.server import answer, encoded, late

MB = 10**6


def html(figure: str | bytes, around: bytes = b"%s", kind: str = "text/html; charset=utf-8") -> Trial:
    """A page that prints these characters as its figure."""
    printed = figure.encode() if isinstance(figure, str) else figure
    return page(answer(around.replace(b"%s", b"<p class=n>" + printed + b"</p>"), [("Content-Type", kind)]))


def charset(name: str, figure: bytes = b"83 746") -> Trial:
    """A page that announces this encoding."""
    return html(figure, kind=f"text/html; charset={name}")


def squeezed(make: Callable[[], bytes]) -> Trial:
    """A page sent under gzip: small on the wire."""
    return page(late(lambda: encoded(make(), "gzip")))


def json(value: str | bytes) -> Trial:
    """A JSON body ``{"n": value}``."""
    return data(answer(b'{"n": ' + (value.encode() if isinstance(value, str) else value) + b"}"))


def attributes() -> bytes:
    """The figure in an element with ever more attributes."""
    return GIVEN.replace(b">8", b"".join(b" a%d" % n for n in range(200_000)) + b">8")


def numbers() -> bytes:
    """A long list beside the figure."""
    return b'{"a": [' + b"1," * 2 * MB + b'1], "n": 83746}'


def lists() -> bytes:
    """As many small things as fit in 18 MB."""
    return b"[" + b"[]," * 6 * MB + b"[]]"


def dashboard(make: Callable[[], bytes]) -> Trial:
    """A dashboard of Superset that answers so when it is asked for its charts."""
    charts = {"/api/v1/dashboard/x/charts": late(lambda: encoded(make(), "gzip"))}
    path = "/superset/dashboard/x/"
    return page(answer(b""), ChartLocator(chart="x"), protocol="superset", path=path, others=charts)


def labelled(body: str) -> Trial:
    """A page whose figure is found by its label."""
    return page(answer(body.encode()), HtmlLocator(label="Dossiers", within="div", value="p"))


def aliases() -> bytes:
    """The billion laughs of YAML."""
    return b"a: &a [x]\n" + b"".join(
        b"%c: &%c [*%c, *%c]\n" % (c, c, c - 1, c - 1) for c in range(ord("b"), ord("z"))
    )


def entities() -> bytes:
    """The billion laughs of XML."""
    names = "abcdefghij"
    laughs = (f"<!ENTITY {b} '{f'&{a};' * 10}'>" for a, b in pairwise(names))
    return f"<!DOCTYPE p [<!ENTITY a '9'>{''.join(laughs)}]>%s".encode()


def record(*fields: str, block: bytes = b"") -> bytes:
    """A WARC record with these fields and no other."""
    head = "".join(f"{field}\r\n" for field in ("WARC/1.1", "WARC-Type: response", *fields))
    return head.encode() + b"\r\n" + block + b"\r\n\r\n"


DEEP, STRANGE = "wrong_format: more than 4,000 elements deep", "unreadable_number"
ENTITY = b"<!DOCTYPE p [<!ENTITY x SYSTEM 'file:///etc/passwd'>]>%s"

PAGES = (
    Case("100,000 nested tags", html("83 746", b"<div>" * 100_000 + b"%s" + b"</div>" * 100_000), DEEP),
    Case("100,000 tags never closed", html("83 746", b"<b><table>" * 50_000 + b"%s"), DEEP),
    Case("200,000 attributes", squeezed(attributes), RIGHT),
    Case("two million elements", squeezed(lambda: b"<b>1</b>" * 2 * MB), "reading_too_long"),
    Case("a comment never closed", html("83 746", b"<!-- %s"), "not_found"),
    Case("a byte of zero", html(b"83\x00746"), STRANGE),
    Case("invalid UTF-8", charset("utf-8", b"83\xff746"), f"{STRANGE}: U+FFFD"),
    Case("Latin-1 announced as UTF-8", charset("utf-8", "83\u00a0746".encode("latin-1")),
         f"{STRANGE}: U+FFFD"),
    Case("UTF-8 announced as Latin-1", charset("latin-1", "83\u202f746".encode()), STRANGE),
    Case("UTF-16 announced for ASCII", charset("utf-16"), "wrong_format: no HTML tag"),
    Case("a charset that is a compression", charset("zlib"), RIGHT),
    Case("a charset that nobody knows", charset("x-martian"), RIGHT),
    Case("XML entities, nested nine times", html("&j;", entities()), f"{STRANGE}: no number in digits"),
    Case("an XML entity that reads a file", html("&x;", ENTITY), f"{STRANGE}: no number in digits"),
    Case("the label twice",
         labelled("<div><b>Dossiers</b><p>12</p></div><div><b>Dossiers</b><p>15</p></div>"),
         "ambiguous: 2 places match"),
    Case("the place twice", html("12</p><p class=n>15"), "ambiguous: 2 places match"),
    Case("a page of nothing", page(answer(b"")), "wrong_format: the body is empty"),
)  # fmt: skip

NUMBERS = (
    *(Case(f"the figure {figure[:20]!a} of {len(figure)}", html(figure), STRANGE) for figure in (
        "83\u200f746", "\u202e647 38\u202c", "\u206683 746\u2069", "83\u200b746", "٨٣٧٤٦", "８３ ７４６",
        "𝟖𝟑 𝟕𝟒𝟔", "8З 746", "1 OOO", "l 234", "Ⅻ", "½", "²", "1.234", "1,234", "1,234,567", "10^300", "1e300",
        "9" * 16, "9" * 301, "NaN", "Infinity", "∞", "-0", "−0", "0x1F", "12 345 6", "1 2 3", "12/03", "--5",
        "5-", "1_000", "3 + 4", "12 M 5")),
    *(Case(f"the token {token[:12]} of {len(token)}", json(token), told) for token, told in {
        "1e300": f"{STRANGE}: more than 15 digits", "-0": f"{STRANGE}: a zero with a minus sign",
        "9" * 20: f"{STRANGE}: more than 15 digits", "9" * 5000: f"{STRANGE}: 5000 characters",
        "1e9999999999": STRANGE, "NaN": "wrong_format: NaN is not a JSON number", "012": "wrong_format",
        "-Infinity": "wrong_format: -Infinity is not a JSON number", "1.234": "figure: 1.234 dossier",
        '"1.234"': f"{STRANGE}: a dot may part", '"\\ud800"': "wrong_format: a character that is not text",
        "true": "not_found: true, not a figure", "[1]": "not_found: a list, not a figure", "null": "empty",
        '""': "empty", '"83\\u200f746"': f"{STRANGE}: U+200F",
    }.items()),
)  # fmt: skip

TWICE = "wrong_format: is written twice in one object"

DATA = (
    Case("JSON of depth 10,000", json("[" * 10_000 + "]" * 10_000), "wrong_format: nested too deep"),
    Case("JSON of depth 1,000,000", json("[" * MB), "wrong_format: nested too deep"),
    Case("a key written twice", data(answer(b'{"n": 12, "n": 15}')), TWICE),
    Case("a key written twice elsewhere", data(answer(b'{"n": 12, "m": {"a": 1, "a": 2}}')), TWICE),
    Case("JSON in UTF-16", data(answer('{"n": 12}'.encode("utf-16"))), "wrong_format: not UTF-8"),
    Case("a page in place of JSON", data(answer(b"<!DOCTYPE html><p>12")),
         "not_a_statistics_page: an HTML page"),
    Case("18 MB of lists in place of a dashboard", dashboard(lists), "wrong_format"),
    Case("4 MB of JSON, squeezed", data(late(lambda: encoded(numbers(), "gzip"))), RIGHT),
)  # fmt: skip

NO_HEAD, NO_PORTFOLIO = "malformed_warc: no head of a WARC record", "refused: No portfolio can be read"

FILES = (
    Case("YAML aliases that expand without end", spec(aliases()),
         "invalid_spec: anchors and aliases are refused"),
    Case("an object of Python", spec(b"!!python/object/apply:os.system [true]\n"),
         "invalid_spec: tags are refused"),
    Case("YAML of depth 100,000", spec(b"[" * 100_000), "invalid_spec: not YAML"),
    Case("YAML blocks of depth 5,000", spec(b"".join(b" " * n + b"a:\n" for n in range(5_000))),
         "invalid_spec: not YAML"),
    Case("YAML that is not text", spec(b"\xff\xfe\x00"), "invalid_spec: not YAML"),
    Case("WARC garbage", warc(b"\x00\xff" * 5_000), NO_HEAD),
    Case("a WARC head without end", warc(b"WARC/1.1\r\n" + b"X: y\r\n" * 100_000), NO_HEAD),
    Case("a WARC record of 10^20 bytes", warc(record("Content-Length: 1" + "0" * 20)),
         "malformed_warc: longer than"),
    Case("a WARC record of -1 bytes", warc(record("Content-Length: -1")),
         "malformed_warc: lacks its type or its length"),
    Case("a WARC of the year 1, in Kiribati", warc(record(
        "WARC-Target-URI: https://a.fr/", "WARC-Date: 0001-01-01T00:00:00+14:00", "Content-Length: 2",
        block=b"ab")),
        "malformed_warc: WARC-Date is no date"),
    Case("a portfolio of depth 10,000", whole_portfolio(b"[" * 10_000), NO_PORTFOLIO),
    Case("a portfolio that is a page", whole_portfolio(b"<html>"), NO_PORTFOLIO),
    Case("a portfolio without end", whole_portfolio(b'{"data": [' + b"{}," * 10**5), NO_PORTFOLIO),
)  # fmt: skip
