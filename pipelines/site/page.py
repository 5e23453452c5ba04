"""Page: what one file of the site shows, and how it becomes a file."""

import hashlib
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from pipelines.archived_text import close
from pipelines.elements import clean
from pipelines.site import words

HERE = Path(__file__).parent

Says = Mapping[str, Any]


def nothing_more() -> Says:
    """For a page that its record says whole."""
    return {}


@dataclass(frozen=True, slots=True)
class Page:
    """One file.

    Attributes:
        path: where it stands in the site, with ``/``; at most one folder deep.
        template: what shapes it.
        says: all that decides what is written: the same ``says`` is the same file, which is then not
            written again.
        more: what is read (from the archive) only when the file is written; ``says`` must decide it.
    """

    path: str
    template: str
    says: Says
    more: Callable[[], Says] = field(default=nothing_more)

    def hash(self, program: str) -> str:
        """The hash of all that decides what is written, with what the program itself is."""
        told = json.dumps([program, self.template, self.says], default=str, ensure_ascii=False)
        return hashlib.sha256(told.encode("utf-8", "surrogatepass")).hexdigest()


class Renderer:
    """Templates, once; whatever a template prints is text, never markup."""

    def __init__(self, shared: Says) -> None:
        self.environment = Environment(
            loader=FileSystemLoader(HERE / "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            finalize=_printable,
        )
        self.environment.filters |= dict(words.FILTERS) | _OURS
        self.environment.globals |= dict(shared)

    def render(self, page: Page) -> bytes:
        """The bytes of a page."""
        root = "../" * page.path.count("/")
        told = {**page.says, **page.more()}
        text = self.environment.get_template(page.template).render(told, root=root, path=page.path)
        shown = spaced(text) if page.path.endswith(".html") else text
        return shown.encode("utf-8")


_VERBATIM = re.compile(r"(<(?:pre|code)\b.*?</(?:pre|code)>|<[^>]*>)", re.DOTALL)
_SPACES = (
    ("« ", "«\u00a0"),
    *((f" {mark}", f"\u00a0{mark}") for mark in ":%»"),
    *((f" {mark}", f"\u202f{mark}") for mark in ";!?"),
)


def spaced(html: str) -> str:
    """A page whose lines do not break before the high punctuation of French; quoted texts and codes stay.

    >>> spaced("<p>Pourquoi ?</p><pre>a ?</pre>")
    '<p>Pourquoi\u202f?</p><pre>a ?</pre>'
    """
    parts = _VERBATIM.split(html)
    for place in range(0, len(parts), 2):
        if " " in parts[place]:
            for space, kept in _SPACES:
                parts[place] = parts[place].replace(space, kept)
    return "".join(parts)


_MOST = 300
"""Characters of a name that somebody else wrote; the portfolio's longest is far below."""


def _printable(value: Any) -> Any:
    if value is None:
        return ""
    return clean(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def plain(text: str | None) -> str:
    """Somebody else's words where no element can stand (a title): nothing in them turns what follows."""
    kept = "".join(character for character in text or "" if character not in _TURNING)
    return kept if len(kept) <= _MOST else f"{kept[:_MOST]}…"


_TURNING = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Characters that change the direction of what follows them."""


def foreign(text: str | None) -> Markup:
    """Somebody else's words, apart from the direction and the length of the rest of the line."""
    cut = text if text is None or len(text) <= _MOST else f"{text[:_MOST]}…"
    return Markup("<bdi>{}</bdi>").format(clean(cut)) if cut else Markup()


def lines(text: str | None) -> list[str]:
    """The lines of a cell that holds several."""
    return (text or "").splitlines()


_OURS = {"close": close, "foreign": foreign, "lines": lines, "plain": plain}
"""What templates call by these names, beside ``words.FILTERS``."""
