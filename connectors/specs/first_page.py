"""What a service file may say of the page to visit before another one (``first``)."""

import re
from collections.abc import Iterator

from connectors.locators import TokenLocator
from connectors.service import First, Page
from connectors.specs.patterns import css_fault, pattern_fault

Broken = tuple[tuple[str | int, ...], str]

PLACES = re.compile(r"\{token\}|%7Btoken%7D", re.IGNORECASE)
"""Where the token goes in an address, as written and as addresses write braces."""

GIVES = ("cookie", "token", "frame")


def first_faults(page: Page) -> Iterator[Broken]:
    """Whether a page and its first page go together."""
    first = page.first
    if PLACES.search(str(page.url)) and not (first and first.token):
        yield ("url",), "`{token}` in an address is what `first: {url, token}` gives"
    if first is None:
        return
    given = [key for key in GIVES if getattr(first, key)]
    if len(given) != 1:
        yield ("first",), "exactly one of `cookie: true`, `token` and `frame` is required"
        return
    for location, sentence in RULES[given[0]](page, first):
        yield ("first", *location), sentence


def _visited_before(page: Page, first: First) -> Iterator[Broken]:
    if first.url is None:
        yield ("url",), "field required: the page to visit first"
    elif first.url == page.url:
        yield ("url",), "this is the page itself: the page to visit first is another one"


def _cookie_faults(page: Page, first: First) -> Iterator[Broken]:
    yield from _visited_before(page, first)
    if first.url and first.url.host != page.url.host:
        yield ("url",), f"cookies go to the host that set them: {first.url.host} is not {page.url.host}"


def _token_faults(page: Page, first: First) -> Iterator[Broken]:
    yield from _visited_before(page, first)
    if not PLACES.search(str(page.url)):
        yield ("token",), "the page's address has no `{token}` where it could go"
    if first.token:
        for location, sentence in _locator_faults(first.token):
            yield ("token", *location), sentence


def _locator_faults(token: TokenLocator) -> Iterator[Broken]:
    if sentence := css_fault(token.css):
        yield ("css",), sentence
    if token.pattern and (sentence := pattern_fault(token.pattern, "token")):
        yield ("pattern",), sentence


def _frame_faults(page: Page, first: First) -> Iterator[Broken]:  # noqa: ARG001
    if first.url:
        yield ("url",), "a frame stands on the page itself: give its address as the page's `url`"
    if sentence := css_fault(first.frame or ""):
        yield ("frame",), sentence


RULES = {"cookie": _cookie_faults, "token": _token_faults, "frame": _frame_faults}
"""The rules of a first page, by what it gives."""
