"""Sight: all that one body shows to somebody who looks for figures, and where it leads."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

from bs4 import BeautifulSoup

from connectors.discovery.dashboards import is_board
from connectors.discovery.proposal import Proposal
from connectors.discovery.proposals import propose
from connectors.discovery.trackers import tracker
from connectors.errors import ReadingError, WrongFormat
from connectors.extraction import Document
from connectors.metabase.address import Shown, shown_at, shown_on
from connectors.text.html_text import decode, parse, sign_of

_BEGINNING = 1000
LARGEST_SCRIPT = 3_000_000
"""Bytes of a script that is looked through."""


@dataclass(frozen=True, slots=True)
class Sight:
    """The figures of a body, and its leads to others.

    ``dashboards`` are those of Metabase, ``frames`` and ``scripts`` addresses (scripts of the same host
    only), ``tracker`` the site of Matomo that counts its visits.  ``otherwise`` says what the body seems
    to be in place of a statistics page, when it seems so.
    """

    proposals: tuple[Proposal, ...]
    dashboards: tuple[Shown, ...] = ()
    frames: tuple[str, ...] = ()
    scripts: tuple[str, ...] = ()
    tracker: str | None = None
    otherwise: str = ""


def see(document: Document) -> Sight:
    """Look at a body.  Never raises for what it holds; to be called where time and memory have limits."""
    base = document.final_url or document.url
    text = decode(document)
    shown = shown_at(base)
    dashboards = (shown,) if shown else tuple(shown_on(text, base))
    try:
        soup = _page(document)
    except (ReadingError, RecursionError) as error:
        return Sight(propose(document), dashboards, otherwise=_instead(document) or str(error))
    return Sight(
        propose(document),
        dashboards,
        frames=_addresses(soup, "iframe[src]", "src", base),
        scripts=_same_host(_addresses(soup, "script[src]", "src", base), base)
        + _same_host(_addresses(soup, "link[rel=modulepreload][href]", "href", base), base),
        tracker=tracker(text, base),
        otherwise=str(sign_of(soup) or ""),
    )


def _page(document: Document) -> BeautifulSoup:
    if b"\0" in document.content[:_BEGINNING]:
        raise WrongFormat("it is no text")
    return parse(document)


def _instead(document: Document) -> str:
    """What a body that is no page is, in place of one."""
    if is_board(document):
        return "it lists the cards of a Metabase dashboard, whose figures are asked for at its public address"
    start = document.content[:_BEGINNING].lstrip()
    signs = {b"%PDF": "it is a PDF document", b"PK": "it is an archive or an office document"}
    known = next((name for sign, name in signs.items() if start.startswith(sign)), "")
    data = "it is JSON, with no count and no dated series that we know" if start[:1] in (b"{", b"[") else ""
    return known or data


def dashboards_in(script: Document, base: str) -> tuple[Shown, ...]:
    """The dashboards that a script names, for the page at ``base``."""
    return tuple(shown_on(decode(script), base)) if len(script.content) <= LARGEST_SCRIPT else ()


def _addresses(soup: BeautifulSoup, css: str, attribute: str, base: str) -> tuple[str, ...]:
    return tuple(filter(None, (_joined(base, str(each[attribute])) for each in soup.select(css))))


def _joined(base: str, address: str) -> str:
    try:
        return urljoin(base, address)
    except ValueError:  # what is no URL leads nowhere
        return ""


def _same_host(addresses: Sequence[str], base: str) -> tuple[str, ...]:
    host = urlsplit(base).netloc
    return tuple(each for each in addresses if urlsplit(each).netloc == host)
