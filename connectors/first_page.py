"""The page that must be visited before another can be read: what it gives, whatever the protocol.

The first document of such a page is that of its first page; those of its protocol come after it.
"""

import re
from urllib.parse import quote, urljoin, urlsplit

from bs4.element import Tag
from pydantic import HttpUrl, ValidationError

from connectors.errors import Empty, NotFound, ReadingError, WrongFormat
from connectors.extraction import Document
from connectors.locators import TokenLocator
from connectors.selectors import exactly_one
from connectors.service import First, Page
from connectors.specs.first_page import PLACES
from connectors.text.html_text import parse

LONGEST = 4096
"""Characters that a token, or the address of a frame, may have."""

SHORTEST = 6
"""Characters from which on a token is one that could be misused."""

_FRAME_ATTRIBUTES = ("src", "data-src")  # data-src: a frame that a consent wall holds back


def address(page: Page, first: First) -> str:
    """The first page's address; a page that frames another is its own first page."""
    return str(first.url or page.url)


def find(page: Page, document: Document) -> str:
    """What the first page of ``page`` gives: the token, the address framed, or nothing (cookies are no body).

    Raises:
        ReadingError: it is not there, there are several, or it is of no use; the sentence names the page.
    """
    first = page.first
    if first is None or first.cookie:
        return ""
    try:
        if first.token:
            return _token(document, first.token)
        return _framed(document, first.frame or "")
    except ReadingError as error:
        what = "token" if first.token else "frame"
        raise type(error)(f"the first page {address(page, first)} gives no {what}: {error}") from error


def entered(page: Page, found: str) -> Page:
    """The page as its protocol sees it, by what :func:`find` gave.

    Raises:
        WrongFormat: the address framed is none.
    """
    if page.first is None or page.first.frame is None:
        return page
    try:
        return page.model_copy(update={"url": HttpUrl(found)})
    except ValidationError as error:
        raise WrongFormat(f"the first page {page.url} frames {found[:200]!r}, which is no address") from error


def filled(url: str, token: str) -> str:
    """An address that is asked for, with the token that it leaves open."""
    return PLACES.sub(lambda _: quote(token, safe=""), url)


def withheld(text: str, token: str) -> str:
    """``text`` without the token: whoever reads it may not use it.  A word so short is none."""
    for written in (quote(token, safe=""), token):
        text = text.replace(written, "{token}") if len(token) >= SHORTEST else text
    return text


def _token(document: Document, locate: TokenLocator) -> str:
    element = _element(document, locate.css)
    text = _attribute(element, (locate.attribute,)) if locate.attribute else element.get_text()
    if locate.pattern:
        what = f"the pattern {locate.pattern!r}"
        text = exactly_one(list(re.finditer(locate.pattern, text)), what)["token"] or ""
    return _usable(text.strip(), f"the selector {locate.css!r}")


def _framed(document: Document, css: str) -> str:
    written = _usable(_attribute(_element(document, css), _FRAME_ATTRIBUTES).strip(), f"the selector {css!r}")
    try:
        framed = urljoin(document.final_url or document.url, written)
        if urlsplit(framed).scheme in ("http", "https"):
            return framed
    except ValueError:
        pass
    raise WrongFormat(f"{written[:200]!r} is no address that can be asked for")


def _element(document: Document, css: str) -> Tag:
    return exactly_one(list(parse(document).select(css)), f"the selector {css!r}")


def _attribute(element: Tag, names: tuple[str, ...]) -> str:
    value = next((element[name] for name in names if element.get(name)), None)
    if value is None:
        raise NotFound(f"the element <{element.name}> has no attribute {' or '.join(names)}")
    return str(value)


def _usable(text: str, where: str) -> str:
    if not text:
        raise Empty(f"{where} holds no text")
    if len(text) > LONGEST or not text.isprintable() or " " in text:
        raise WrongFormat(f"{where} holds {len(text)} characters that are neither a token nor an address")
    return text
