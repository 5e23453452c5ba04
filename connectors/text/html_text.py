"""What every reader of HTML needs first: the characters of a page, its tree, and whether it is one at all."""

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass

from bs4 import BeautifulSoup
from bs4.dammit import EncodingDetector
from bs4.element import CData, NavigableString, Tag

from connectors.errors import (
    ChallengePage,
    CookieWall,
    EmptyShell,
    LoginPage,
    MaintenancePage,
    NotAStatisticsPage,
    SoftNotFound,
    WrongFormat,
)
from connectors.extraction import Document
from connectors.selectors import fold, label
from connectors.text.soup import soup_of

ENCODINGS = {
    "utf-8": "utf-8",
    "ascii": "cp1252",  # browsers read ASCII and Latin-1 as Windows-1252
    "iso8859-1": "cp1252",
    "cp1252": "cp1252",
    "iso8859-15": "iso8859-15",
    "utf-16": "utf-16",
    "utf-16-le": "utf-16-le",
    "utf-16-be": "utf-16-be",
}
"""Encodings that a page may announce, by Python's name; any other announcement is not believed."""

_CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w.:-]+)", re.IGNORECASE)
_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_ANNOUNCED_WITHIN = 32768  # bytes; looking for the announcement takes the square of that
_XML_DECLARATION = re.compile(r"\s*<\?xml[^>]*\?>")
_TAG = re.compile(r"<[a-zA-Z!]")
_FURNITURE = ("header", "nav", "footer", "head")
_FIGURES = re.compile(r"(?<![\w.,-])(?:\d{1,3}(?: \d{3})+(?!\d)|\d+(?:,\d+)? ?%|(?<!.)\d{3,}(?!.))")
TEXT = (NavigableString, CData)
"""The nodes that people read."""


@dataclass(frozen=True, slots=True)
class Sign:
    """What tells a page that is no statistics page; the conditions given must all hold.

    ``css`` matches something, ``words`` (a regular expression, in any case) are in the text, the text
    has at ``most`` so many characters, and the page shows fewer than ``figures`` figures: one that shows
    them is a statistics page, whatever else it offers.
    """

    told: type[NotAStatisticsPage]
    name: str
    css: str | None = None
    words: str | None = None
    most: int | None = None
    figures: int = 1


SIGNS = (
    Sign(LoginPage, "a login page", css="input[type=password i]", figures=2),
    Sign(LoginPage, "a login page", css=".proconnect-button, .agentconnect-button, .fr-connect", figures=2),
    Sign(
        LoginPage,
        "a login page",
        css="form:is([action*=connect i], [action*='/realms/'], [action*='/cas/login'])",
        figures=2,
    ),
    Sign(
        ChallengePage,
        "a challenge page",
        words="request unsuccessful|just a moment|checking your browser|vérification de votre navigateur",
        most=2000,
    ),
    Sign(
        ChallengePage,
        "a challenge page",
        words="access denied|accès (refusé|bloqué)|captcha|incapsula|êtes (bien )?un humain|not a robot",
        most=2000,
    ),
    Sign(
        MaintenancePage,
        "a maintenance page",
        words="maintenance|(momentané|temporaire)ment indisponible",
        most=1500,
    ),
    Sign(MaintenancePage, "a page of a site in trouble", words="erreur (500|502|503|interne)", most=1500),
    Sign(
        SoftNotFound,
        "an error page",
        words="page (est )?(introuvable|non trouvée|not found)|erreur 404|page (demandée )?n'existe",
        most=2500,
    ),
    Sign(
        CookieWall,
        "a wall of cookies",
        words=r"(cookies|traceurs|trackers)\b.{0,400}\b(accepter|acceptez|refuser|consentement|consent)"
        r"|(accepter|acceptez|consentement|consent)\b.{0,400}\b(cookies|traceurs|trackers)",
        most=1500,
    ),
    Sign(ChallengePage, "a challenge page", css="meta[name=robots i][content*=noindex i]", most=600),
    Sign(
        EmptyShell,
        "an empty page that only a browser fills",
        css="#root, #app, #__next, #__nuxt, #svelte, app-root, noscript, script[type=module]",
        most=200,
    ),
)
"""Pages that answer 200 and are something else.  They only speak when no locator matched at all."""


def texts(element: Tag) -> Iterator[NavigableString]:
    """The text nodes inside ``element``, in document order: no comment, script, style or template."""
    return (node for node in element.descendants if isinstance(node, NavigableString) and type(node) in TEXT)


def parse(document: Document) -> BeautifulSoup:
    """The tree of an HTML document.

    Raises:
        WrongFormat: the body is empty, announced as something else, or holds no tag.
    """
    announced = document.content_type.split(";")[0].strip().lower()
    if announced and not re.search(r"html|xml|^text/", announced):
        raise WrongFormat(f"the body is {announced}, not HTML")
    text = _XML_DECLARATION.sub("", decode(document), count=1)
    if not _TAG.search(text):
        raise WrongFormat("the body holds no HTML tag" if text.strip() else "the body is empty")
    return soup_of(text)


def is_whole(document: Document) -> bool:
    """Whether a body ends as a page does, with a tag: a transfer that was cut may look complete."""
    return document.content.rstrip(b" \t\r\n\f\0").endswith(b">")


def decode(document: Document) -> str:
    """The characters of a page: by the header, the byte order mark, the page, else UTF-8 or Windows-1252."""
    header = _CHARSET.search(document.content_type)
    mark = next((name for bom, name in _MARKS if document.content.startswith(bom)), None)
    beginning = document.content[:_ANNOUNCED_WITHIN]
    inside = EncodingDetector.find_declared_encoding(beginning, is_html=True, search_entire_document=True)
    for announced in (mark, header and header[1], inside):
        encoding = _known(announced)
        if encoding:
            return document.content.decode(encoding, "replace").removeprefix("\ufeff")
    try:
        return document.content.decode()
    except UnicodeDecodeError:
        return document.content.decode("cp1252", "replace")


def _known(announced: str | None) -> str | None:
    try:
        return ENCODINGS.get(codecs.lookup(announced).name) if announced else None
    except LookupError:
        return None


def sign_of(soup: BeautifulSoup) -> NotAStatisticsPage | None:
    """The first sign that the page is something else than a statistics page, if there is one."""
    text, figures = fold(" ".join(texts(soup))).strip(), _figures(soup)
    sign = next((sign for sign in SIGNS if figures < sign.figures and _shows(sign, soup, text)), None)
    if sign is None:
        return None
    return sign.told(f"the page is {sign.name}: its {len(text)} characters begin with {text[:80]!r}")


def html_instead(text: str, expected: str) -> NotAStatisticsPage:
    """The error for an HTML page that answered where something else was ``expected``."""
    sentence = f"an HTML page answered where {expected} was expected"
    sign = sign_of(soup_of(text))
    return type(sign)(f"{sentence}: {sign}") if sign else NotAStatisticsPage(sentence)


def _figures(soup: BeautifulSoup) -> int:
    """How many figures the page shows, outside of what surrounds every page of a site."""
    return sum(
        len(_FIGURES.findall(words))
        for text in texts(soup)
        if (words := label(text)) and not any(each.name in _FURNITURE for each in text.parents)
    )


def _shows(sign: Sign, soup: BeautifulSoup, text: str) -> bool:
    return (
        (sign.most is None or len(text) <= sign.most)
        and (sign.words is None or re.search(sign.words, text, re.IGNORECASE) is not None)
        and (sign.css is None or soup.select_one(sign.css) is not None)
    )
