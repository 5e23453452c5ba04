"""Where a Metabase dashboard or question answers: from its address, or from a page that embeds it.

An embedded one is signed at each view of the page: its token is read from the page, and serves in the
same visit, before it expires.
"""

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit, urlunsplit

from connectors.errors import ReadingError, Refused
from connectors.extraction import Document
from connectors.secrets import without_tokens
from connectors.selectors import label
from connectors.specs.rules import METABASE_PATH
from connectors.text.html_text import decode
from connectors.text.markup import Markup, tags

_WRITTEN = re.compile(
    r"(?:https?:)?(?://[\w.:-]{1,253})?(?:/[\w.~-]{1,80}){0,8}?/(?:public|embed)/(?:dashboard|question)/"
    r"[\w-]{36}[\w.-]{0,4000}"
)
_INSTANCE = re.compile(r"instanceUrl[\"']?\s*[:=]\s*[\"']([^\"'\s<>]+)")
_COMPONENT = re.compile(r"metabase-(dashboard|question)")
_EMBED_SCRIPT = "/app/embed.js"
_API = re.compile(r"/api/(?P<access>public|embed)/(?:dashboard|card)/")


@dataclass(frozen=True, slots=True)
class Shown:
    """A dashboard or a question that people see: its API, its id or token, its title on the page."""

    api: str
    is_question: bool
    key: str
    title: str = ""

    @property
    def address(self) -> str:
        """What to ask first: the cards of a dashboard, or the result of a question."""
        return self.api + "/query" if self.is_question else self.api


def refusal(document: Document) -> ReadingError | None:
    """What Metabase says in place of a dashboard or a result: it answers 400, and a few words for people."""
    api = _API.search(urlsplit(document.url).path)
    if not api or document.status != 400:
        return None
    said = without_tokens(" ".join(decode(document).split()))[:200]
    if api["access"] == "embed":
        return Refused(f"Metabase refuses the signed token that the page gives: {said!r}")
    return Refused(f"Metabase does not show this dashboard to everyone: {said!r}")


def shown_at(url: str, title: str = "") -> Shown | None:
    """What people see at ``url``, if it is an address of Metabase; a path prefix before it is kept."""
    parts = urlsplit(url)
    match = METABASE_PATH.fullmatch(parts.path)
    if not match or parts.scheme not in ("http", "https"):
        return None
    is_question = match["shows"] == "question"
    path = f"{match['prefix']}/api/{match['access']}/{'card' if is_question else 'dashboard'}/{match['key']}"
    api = urlunsplit((parts.scheme, parts.netloc, path, "", ""))
    return Shown(api, is_question, match["key"], label(title))


def shown_on(text: str, url: str) -> list[Shown]:
    """What a page embeds, once each and in its order: frames and components; else what its scripts name."""
    found = [*_framed(text, url)] or [*_named(text, url)]
    return list({shown.api: shown for shown in reversed(found)}.values())[::-1]


def _framed(text: str, url: str) -> Iterator[Shown]:
    marks = list(tags(text))
    instance = _instance(text, marks)
    for tag in marks:
        component = _COMPONENT.fullmatch(tag.name)
        if component and instance and not tag.closing:
            address = f"{instance.rstrip('/')}/embed/{component[1]}/{tag.get(text, 'token')}"
        elif tag.name == "iframe":
            address = tag.get(text, "src") or tag.get(text, "data-src") or ""
        else:
            continue
        shown = shown_at(_absolute(url, address), tag.get(text, "title") or "")
        if shown:
            yield shown


def _instance(text: str, marks: list[Markup]) -> str | None:
    """The instance that the components of a page speak to: as configured, else where their script is from."""
    configured = _INSTANCE.search(text)
    if configured:
        return configured[1].replace("\\/", "/")
    sources = (tag.get(text, "src") or "" for tag in marks if tag.name == "script")
    script = next((source for source in sources if urlsplit(source).path.endswith(_EMBED_SCRIPT)), None)
    return script.partition(_EMBED_SCRIPT)[0] if script is not None else None


def _named(text: str, url: str) -> Iterator[Shown]:
    """Addresses written in links and scripts, where the frame itself is made by a script."""
    for match in _WRITTEN.finditer(html.unescape(text).replace("\\/", "/")):
        shown = shown_at(_absolute(url, match[0].rstrip(".")))
        if shown:
            yield shown


def _absolute(url: str, address: str) -> str:
    try:
        return urljoin(url, address)
    except ValueError:  # what is no URL is no dashboard
        return ""
