"""Hostile transfers: servers, redirects and addresses.  A new way of being hostile is a new line."""

from tests.hostile.trial import CELLS, GIVEN, RIGHT, SOON, Case, Trial, address, name, page, portfolio, table
from tests.tools.server import (
    ENCODERS,
    Behaviour,
    answer,
    bomb,
    chunked,
    drip,
    encoded,
    flood,
    hang,
    head,
    huge,
    late,
    lie,
    never_ending,
    raw,
    redirect,
)

GB, MB = 10**9, 10**6
BOMB = 200 * MB

LATE = "deadline_passed: did not answer within 1.5 s"
WIRE, CONTENT = "too_large: sends more than 5,000,000 bytes", "too_large: expands to more than 20,000,000"


def slow(behave: Behaviour) -> Trial:
    """A page that makes us wait for the deadline."""
    return page(behave, manners=SOON)


def bomb_of_a_redirect() -> Behaviour:
    """A redirect with a body that nobody wants."""
    headers = [("Location", "/b"), ("Content-Encoding", "gzip")]
    return answer(ENCODERS["gzip"](bytes(BOMB)), headers, 302)


def attribute(size: int) -> bytes:
    """A page of one element, whose attribute is so long."""
    return b"<p class=n title='" + b"x" * size + b"'>83 746</p>"


SLOW = (
    Case("a body that never ends", slow(never_ending), LATE),
    Case("one byte a second", slow(drip(head() + GIVEN, 1.0)), LATE),
    Case("a head, one byte at a time", slow(drip(head() * 99, 0.05)), LATE),
    Case("silence", slow(hang), LATE),
    Case("100 Continue, for ever", slow(drip(b"HTTP/1.1 100 C\r\n\r\n" * 999, 0.01)), LATE),
    Case("a chunk size that never ends",
         slow(drip(head(headers=[("Transfer-Encoding", "chunked")]) + b"0" * 9999, 0.01)), LATE),
    Case("a robots.txt that never ends",
         page(answer(GIVEN), manners=SOON, others={"/robots.txt": never_ending}), LATE),
)  # fmt: skip

TOO_MUCH = (
    Case("2 GB, announced", page(huge(2 * GB, announced=True)), "too_large: announces more than 5,000,000"),
    Case("2 GB, not announced", page(huge(2 * GB, announced=False)), WIRE),
    Case("a flood without end", page(flood), WIRE),
    Case("a robots.txt of 2 GB", page(answer(GIVEN), others={"/robots.txt": huge(2 * GB, announced=False)}),
         WIRE),
    Case("a length of 10^18", page(lie(b"", 10**18)), "too_large: announces more than 5,000,000"),
    *(Case(f"a {kind} bomb", page(bomb(BOMB, kind)), CONTENT) for kind in ("gzip", "deflate", "br", "zstd")),
    Case("a gzip bomb in gzip", page(bomb(BOMB, "gzip", "gzip")), CONTENT),
    Case("a br bomb in zstd", page(bomb(BOMB, "br", "zstd")), CONTENT),
    Case("three encodings", page(encoded(GIVEN, "gzip", "br", "zstd")), "too_large: compressed 3 times over"),
    Case("a hundred encodings", page(answer(GIVEN, [("Content-Encoding", "gzip, " * 99 + "gzip")])),
         "too_large: compressed 100 times over"),
    Case("a bomb behind a redirect", page(redirect("/b"), others={"/b": bomb(BOMB, "gzip")}), CONTENT),
    Case("a redirect whose body is a bomb", page(late(bomb_of_a_redirect)), CONTENT),
    Case("a thousand headers", page(raw(b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 1000 + b"\r\n")),
         "unreachable"),
    Case("a header of 100 KB", page(raw(head(headers=[("X", "y" * 100_000)]))),
         "unreachable: gave no answer"),
    Case("50 MB of one attribute", page(late(lambda: answer(attribute(50 * MB)))), "too_large: announces"),
    Case("50 MB of one attribute, squeezed", page(late(lambda: encoded(attribute(50 * MB), "gzip"))),
         CONTENT),
    Case("15 MB of one attribute, squeezed", page(late(lambda: encoded(attribute(15 * MB), "gzip"))), RIGHT),
)  # fmt: skip

LYING = (
    Case("a length too long", page(lie(GIVEN, len(GIVEN) + 1)), "unreachable: was cut before its end"),
    Case("a length too short", page(raw(head(headers=[("Content-Length", "14")]) + GIVEN)),
         "split_figure: the page stops at '83'"),
    Case("two lengths", page(raw(head(headers=[("Content-Length", "3"), ("Content-Length", "21")]) + GIVEN)),
         "unreachable"),
    Case("a body cut between two chunks", page(chunked(GIVEN, end=b"")),
         "unreachable: was cut before its end"),
    Case("a body cut inside the figure", page(raw(head() + GIVEN[:13])),
         "split_figure: the page stops at '83'"),
    Case("a table cut inside its last cell", table(raw(head() + CELLS[:-2])),
         "split_figure: the table stops in row 2"),
    Case("a table that is whole, and lacks its last end of line", table(answer(CELLS)), RIGHT),
    Case("the same in chunks", table(chunked(CELLS)), RIGHT),
    Case("the same in gzip", table(encoded(CELLS, "gzip")), RIGHT),
    Case("gzip that is none", page(answer(GIVEN, [("Content-Encoding", "gzip")])),
         "unreachable: something else"),
    Case("a status of six digits", page(raw(b"HTTP/1.1 999999 OK\r\n\r\n")), "unreachable: gave no answer"),
    Case("no HTTP at all", page(raw(b"SSH-2.0-server\r\n")), "unreachable: gave no answer"),
    Case("come back in 300 years", page(answer(b"", [("Retry-After", "9" * 10)], 503)),
         "server_trouble: 503"),
)  # fmt: skip

CIRCLE = "too_many_redirects: redirects in circles"

REDIRECTS = (
    Case("a circle of one", page(redirect("/stats")), CIRCLE),
    Case("a circle of two", page(redirect("/b"), others={"/b": redirect("/stats")}), CIRCLE),
    Case("redirects without end",
         page(redirect("/1"), others={f"/{n}": redirect(f"/{n + 1}") for n in range(1, 9)}),
         "too_many_redirects: more than 5 times"),
    *(Case(f"a redirect to {location}", page(redirect(location)), "refused_address") for location in (
        "http://127.0.0.1:1/", "http://10.0.0.1/", "http://169.254.169.254/latest/meta-data/",
        "http://[::1]/",
        "http://[::ffff:127.0.0.1]/", "http://2130706433/", "http://0177.0.0.1/", "http://0x7f.1/",
        "//localhost/",
        "https://user:secret@example.fr/", "file:///etc/passwd", "javascript:alert(1)", "gopher://x/",
        "/\\x.fr/",
        "http://stats.example.fr\\@127.0.0.1/", "//[::1")),
)  # fmt: skip

PRIVATE, NO_ADDRESS = "not on the public internet", "unreadable: It is no web address"

ADDRESSES = (
    *(Case(url, address(url), f"refused_address: {PRIVATE}") for url in (
        "http://127.0.0.1/", "http://localhost/", "http://0.0.0.0/", "http://10.1.2.3/",
        "http://192.168.0.1/",
        "http://169.254.169.254/", "http://[::1]/", "http://[::ffff:169.254.169.254]/", "http://[fe80::1]/",
        "http://[fd00:ec2::254]/", "http://[64:ff9b::7f00:1]/", "http://[2002:7f00:1::]/",
        "http://2130706433/",
        "http://0177.0.0.1/", "http://0x7f000001/", "http://0x7f.1/", "http://127.1/", "http://①②⑦.0.0.1/")),
    *(Case(url, address(url), "invalid_spec: scheme should be 'http' or 'https'") for url in (
        "file:///etc/passwd", "javascript:alert(1)", "data:text/html,12", "ftp://example.fr/")),
    *(Case(url, address(url, ["127.0.0.1"]), "refused_address") for url in (
        "http://user:secret@stats.test/", "http://stats.test@127.0.0.1/", "http://stats.test\\@127.0.0.1/")),
    Case("a name with a private address among its own",
         address("http://stats.test/", ["1.1.1.1", "127.0.0.1"]),
         f"refused_address: {PRIVATE}: its address is 127.0.0.1"),
    Case("a name that turns private", address("http://stats.test/", ["10.0.0.1"]),
         f"refused_address: {PRIVATE}"),
    Case("a name that changes between check and connection",
         name(answer(GIVEN), ["127.0.0.1"], ["127.0.0.1"], ["127.0.0.9"], ["127.0.0.9"]), RIGHT),
    *(Case(f"stats_url {url}", portfolio(url), told) for url, told in {
        "file:///etc/passwd": NO_ADDRESS, "javascript:alert(1)": NO_ADDRESS,
        "http://169.254.169.254/": f"failed: {PRIVATE}", "http://[::1]/": f"failed: {PRIVATE}",
        "http://2130706433/": f"failed: {PRIVATE}", "http://user:secret@127.0.0.1/": NO_ADDRESS,
    }.items()),
)  # fmt: skip
