"""HTML as it was written: each tag and script, with where it stands.

A tree says what belongs to what and forgets where it was written; here it is the other way round.
One pass, in a time that grows with the length whatever the page holds.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from connectors.text.mapped_text import Span, unquoted

_TAG = re.compile(
    r"<!--[\s\S]*?(?:-->|\Z)"
    r"|<(?P<closing>/?)(?P<name>[a-zA-Z][^\s/>]*+)(?P<inside>(?:[^<>\"']|\"[^\"]*+\"|'[^']*+')*+)(?:>|\Z)"
)
_ATTRIBUTE = re.compile(
    r"(?P<name>[^\s\"'<>/=]++)(?:\s*+=\s*+(?:\"(?P<double>[^\"]*+)\"|'(?P<single>[^']*+)'|(?P<bare>[^\s\"'=<>`]++)))?"
)
_RAW = {
    name: re.compile(rf"</{name}[\s/>]|\Z", re.IGNORECASE)
    for name in ("script", "style", "textarea", "title", "xmp")
}


@dataclass(frozen=True, slots=True)
class Markup:
    """One tag: its lower-case name, the span of each attribute's value, and its own span.

    ``inside`` is the span of what a script, style or text area holds, which is no markup.
    """

    name: str
    closing: bool
    attributes: Mapping[str, Span]
    start: int
    end: int
    inside: Span | None = None

    def get(self, text: str, name: str) -> str | None:
        """The value of an attribute, decoded."""
        span = self.attributes.get(name)
        return unquoted(text, *span).text if span else None


def tags(text: str) -> Iterator[Markup]:
    """Every tag in the order of the text; comments, and what scripts and styles hold, are passed over."""
    at = 0
    while match := _TAG.search(text, at):
        at = match.end()
        if match["name"] and match[0].endswith(">"):  # browsers drop a tag that the text ends within
            tag = _tag(text, match)
            at = tag.inside[1] if tag.inside else at
            yield tag


def _tag(text: str, match: re.Match[str]) -> Markup:
    name, closing = match["name"].lower(), bool(match["closing"])
    inside = None
    if name in _RAW and not closing:
        end = _RAW[name].search(text, match.end())
        inside = match.end(), end.start() if end else len(text)
    return Markup(name, closing, _attributes(text, *match.span("inside")), *match.span(), inside)


def _attributes(text: str, start: int, end: int) -> dict[str, Span]:
    """Of two attributes of one name, browsers keep the first."""
    found: dict[str, Span] = {}
    for match in _ATTRIBUTE.finditer(text, start, end):
        value = next((key for key in ("double", "single", "bare") if match[key] is not None), None)
        found.setdefault(match["name"].lower(), match.span(value) if value else (match.end(), match.end()))
    return found
