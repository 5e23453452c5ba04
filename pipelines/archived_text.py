"""Archived text: the characters of a kept body around a figure, found again by its selectors.

The text is that of the reader (``connectors.extraction.Extraction`` says which), made again from the bytes; a
figure that stands there escaped is the same figure.
"""

import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from connectors.errors import ReadingError
from connectors.extraction import Document
from connectors.secrets import without_secrets_around
from connectors.snapshot import Snapshot
from connectors.text import csv_text, html_text, json_text
from connectors.text.html_tree import Html
from connectors.text.mapped_text import unescaped, unquoted
from warehouse.lineage.annotation import in_attribute

AROUND = 400
"""Characters shown on either side of a figure."""


@dataclass(frozen=True, slots=True)
class Passage:
    """A figure in the text of its body; ``found`` says whether the characters are there, and how."""

    before: str
    figure: str
    after: str
    found: str

    @property
    def good(self) -> bool:
        """True when the characters on record are those of the archived body."""
        return self.found in _FOUND


SAME, ESCAPED, ATTRIBUTE, OTHERS, UNREADABLE = "same", "escaped", "attribute", "others", "unreadable"
_FOUND = (SAME, ESCAPED, ATTRIBUTE)

_TAG = re.compile("<[^<>]*>")
_EMPTY_LINES = re.compile(r"[ \t\r]*\n\s*")


def close(text: str) -> str:
    """The text around a figure without the empty lines that markup leaves."""
    return _EMPTY_LINES.sub("\n", text)


def passage(extraction: Mapping[str, Any], snapshot: Snapshot) -> Passage:
    """What stands at the place of an extraction (a row of ``extractions``) in its archived body."""
    document = Document(snapshot.url, snapshot.content_type, snapshot.content, snapshot.sha256)
    try:
        if in_attribute(extraction):
            return _attribute(extraction, document)
        text = text_of(extraction, document)
    except (ReadingError, UnicodeDecodeError):
        return Passage("", "", "", UNREADABLE)
    start, end = extraction["start"], extraction["end"]
    figure = text[start:end]
    before, after = without_secrets_around(text, start, end, AROUND)
    return Passage(before, figure, after, _compared(extraction, figure))


def text_of(extraction: Mapping[str, Any], document: Document) -> str:
    """The text in which the offsets of an extraction count.

    Raises:
        ReadingError: the body is not what its reader read.
    """
    if extraction["reader"].startswith("embedded/"):
        return html_text.decode(document).replace("\0", "\ufffd")
    kind = extraction["locator_kind"]
    return _kept(kind, document) if len(document.content) < _SMALL else _TEXTS[kind](document)


_SMALL = 500_000
"""Bytes of a body whose text is kept for the next figure of the same page."""


@lru_cache(maxsize=50)
def _kept(kind: str, document: Document) -> str:
    return _TEXTS[kind](document)


_TEXTS: Mapping[str, Callable[[Document], str]] = {
    "css": lambda document: Html(html_text.parse(document)).content,
    "jsonpath": lambda document: json_text.parse(document).text,
    "csv": lambda document: csv_text.decode(document.content),
}


def portfolio_passage(kind: str, row: Mapping[str, Any], snapshot: Snapshot) -> Passage | None:
    """A phase or an event (a row of its table) in the archived portfolio; None where it is not found."""
    document = Document(snapshot.url, "", snapshot.content, snapshot.sha256)
    with suppress(ReadingError):
        body = json_text.parse(document)
        location = _location(body.value, kind, row)
        if location:
            start, end = json_text.spans(body.text, [location])[location]
            before, after = without_secrets_around(body.text, start, end, AROUND)
            return Passage(before, body.text[start:end], after, SAME)
    return None


def _location(portfolio: Any, kind: str, row: Mapping[str, Any]) -> json_text.Location | None:
    """Where the API prints it: the only one of the product with this name and day."""
    day = str(row.get("start") or row.get("date") or "")
    found: list[json_text.Location] = [
        ("data", place, "attributes", f"{kind}s", number)
        for place, product in enumerate(portfolio.get("data", ()))
        if product.get("id") == row["service_id"]
        for number, part in enumerate(product.get("attributes", {}).get(f"{kind}s") or ())
        if part.get("name") == row["name"] and str(part.get("start") or part.get("date") or "")[:10] == day
    ]
    return found[0] if len(found) == 1 else None


def _attribute(extraction: Mapping[str, Any], document: Document) -> Passage:
    css, _, name = extraction["locator"].rpartition("@")
    elements = Html(html_text.parse(document)).select(css)
    value = str(elements[0].get(name, "")) if len(elements) == 1 else ""
    before, figure, after = value.partition(extraction["exact"])
    return Passage(before, figure, after, ATTRIBUTE if figure else OTHERS)


def _compared(extraction: Mapping[str, Any], figure: str) -> str:
    exact = extraction["exact"]
    if figure == exact:
        return SAME
    return ESCAPED if exact in _unescaped(figure) else OTHERS


def _unescaped(text: str) -> set[str]:
    """What characters may mean where they stand: in a script, an attribute, both, a cell of a table."""
    attribute = unquoted(text, 0, len(text)).text
    said = {unescaped(one, 0, len(one)).text for one in (text, attribute)}
    said |= {attribute, text.replace('""', '"'), unquoted(bare := _TAG.sub("", text), 0, len(bare)).text}
    return said | {one.strip() for one in said}
