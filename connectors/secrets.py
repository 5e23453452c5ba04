"""Secrets: what opens something to whoever reads it, and what stands in its place on record.

Bodies are kept byte for byte: what a page publishes is its own affair, and our proof.  Everything that is
written *about* an exchange (addresses, headers, sentences) goes through one of the functions below.

A secret of an address is replaced by the beginning of its hash: addresses that differ stay apart, and a past
night finds its documents again.  A secret short enough to be guessed from that hash protects nothing anyway.
Elsewhere nothing is looked up, and a word is enough.
"""

import hashlib
import re
from collections.abc import Callable, Collection, Iterator
from urllib.parse import quote

SHORTEST = 6
"""Characters from which on a word given as secret is one that could be misused, and is no common word."""

WORD = "withheld"
"""What stands for a secret in a header."""

_SIGNED = r"(?<![\w-])eyJ[\w-]+(?:\.[\w-]*){2,4}"  # RFC 7519, and RFC 7516 with its five parts
_NAMED = (
    r"[\w.-]{0,64}?(?:token(?:_auth)?|jwt|api_?-?key|signature|secret|passw(?:or)?d|session_?-?id)"
    r"|key|sig|sid|auth|pwd"
)
# The address of one page may stand inside that of another, its delimiters encoded.
_ASKED = rf"(?:[?&;#]|%3F|%26|%3B|%23)(?:{_NAMED})(?:=|%3D)"
_VALUE = r"(?!\{|%7B|<token>)(?:(?!%26|%23)[^&;#\s\"'<>])+"
_IN_ADDRESS = re.compile(
    rf"(?P<signed>{_SIGNED})|(?P<before>{_ASKED})(?P<asked>{_VALUE})|(?<=//)(?P<user>[^/?#\s@\"'<>]+)(?=@)",
    re.IGNORECASE,
)
# What a page says for its scripts: "apiToken": "…", or name="api-token" content="…".
_IN_DATA = re.compile(
    r"[\"'][\w.-]{0,64}?(?:token(?:_auth)?|jwt|api_?-?key|signature|secret|passw(?:or)?d|session_?-?id)[\"']"
    r"(?:\s*:\s*|\s+(?:content|value)\s*=\s*)[\"'](?P<said>[^\"'\s<>]{6,})",
    re.IGNORECASE,
)
_NAME, _LONGEST = 100, 4096  # characters of what names a secret, and of a secret
_ENDS = " \t\r\n\"'<>"
_STAND_IN = re.compile(rf"{WORD}-[0-9a-f]{{12}}")
_END_OF_WORDS = re.compile(r"[.,:)]*$")

_SECRET_HEADER = re.compile(
    r"(?:proxy-)?authorization|(?:.*[-_])?(?:token|secret|jwt|session|session-?id|api-?key|signature)",
    re.IGNORECASE,
)


def stand_in(secret: str) -> str:
    """What stands for a secret in an address: only characters that no address needs to encode."""
    return (
        secret
        if _STAND_IN.fullmatch(secret)
        else f"{WORD}-{hashlib.sha256(secret.encode('utf-8', 'surrogatepass')).hexdigest()[:12]}"
    )


def is_withheld(url: str) -> bool:
    """Whether an address is one on record that lacks its secret: nobody answers there."""
    return _STAND_IN.search(url) is not None


def without_tokens(sentence: str) -> str:
    """A sentence without signed tokens, nor what its addresses give as tokens, keys, names and passwords."""

    def word(secret: str) -> str:
        end = _END_OF_WORDS.search(secret)
        return "<token>" + (end[0] if end else "")

    return _replaced(sentence, word)


def safe_address(url: str, given: Collection[str] = ()) -> str:
    """An address as it may be kept: still an address, the same for the same secret; of itself, itself.

    Args:
        url: any address.
        given: further secrets, which only whoever asked for the address can tell.
    """
    return _replaced(_without(url, given, stand_in), stand_in)


def without_secrets_around(text: str, start: int, end: int, width: int) -> tuple[str, str]:
    """At most ``width`` characters before and after a span of a body, as they stand there, up to a secret.

    Whoever quotes a page quotes the characters beside the figure; a secret, whole or in part, is never one.
    """
    first, last = max(0, start - width), min(len(text), end + width)
    for opens, closes in _secrets(text, first, last):
        if opens < start:
            first = max(first, min(closes, start))
        if closes > end:
            last = min(last, max(opens, end))
    return text[first:start], text[end:last]


def _secrets(text: str, first: int, last: int) -> Iterator[tuple[int, int]]:
    """The spans of the secrets that reach into a part of a text, from where they begin to where they end."""
    head, tail = text[max(0, first - _LONGEST) : first], text[last : last + _LONGEST]
    within = len(head) - max(head.rfind(mark) for mark in _ENDS)
    since = max(0, first - within - _NAME)
    after = last + min((at for mark in _ENDS if (at := tail.find(mark)) >= 0), default=len(tail))
    near = text[since:after]
    for pattern, names in ((_IN_ADDRESS, ("signed", "asked", "user")), (_IN_DATA, ("said",))):
        for match in pattern.finditer(near):
            opens, closes = next(match.span(name) for name in names if match[name])
            if since + closes > first and since + opens < last:
                yield since + opens, since + closes


def safe_header(name: str, value: str, given: Collection[str] = ()) -> str:
    """The value of a header as it may be kept: of a cookie, its name and attributes."""
    lower = name.lower()
    if lower == "set-cookie":
        cookie, mark, attributes = value.partition(";")
        return _cookie(cookie) + mark + attributes
    if lower == "cookie":
        return ";".join(map(_cookie, value.split(";")))
    if _SECRET_HEADER.fullmatch(lower):
        return WORD
    return safe_address(value, given)


def _cookie(written: str) -> str:
    """A cookie without its value; one without a name is all value."""
    name, equals, _ = written.partition("=")
    return f"{name}={WORD}" if equals else WORD


def _replaced(text: str, by: Callable[[str], str]) -> str:
    def instead(match: re.Match[str]) -> str:
        before = match["before"] or ""
        return before + by(match["signed"] or match["asked"] or match["user"])

    return _IN_ADDRESS.sub(instead, text)


def _without(text: str, given: Collection[str], by: Callable[[str], str]) -> str:
    """``text`` without the words given; the longest first, as one may hold another."""
    for secret in sorted((one for one in given if len(one) >= SHORTEST), key=len, reverse=True):
        for written in (secret, quote(secret, safe="")):
            text = text.replace(written, by(secret))
    return text
