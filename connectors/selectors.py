"""Exactly one, or a typed reason; text as people compare it; the words around a figure.

What the protocols share.  Nothing here knows HTML or JSON.
"""

import re
from collections.abc import Sequence
from typing import TypeVar

from connectors.errors import Ambiguous, NotFound
from connectors.secrets import without_secrets_around

T = TypeVar("T")

AROUND = 64
"""How many characters of context are kept on either side of a figure."""

_SPACES = re.compile(r"\s+")  # for text, \s covers U+00A0, U+202F and U+2009
_APOSTROPHES = "\u2019\u02bc"


def exactly_one(matches: Sequence[T], what: str) -> T:
    """The only match.

    Raises:
        NotFound: there is none.
        Ambiguous: there are several; choosing one would be guessing.
    """
    if not matches:
        raise NotFound(f"nothing matches {what}")
    if len(matches) > 1:
        raise Ambiguous(f"{len(matches)} places match {what}")
    return matches[0]


def fold(text: str) -> str:
    """``text`` with every run of white space as one space and every apostrophe straight."""
    return _straight(_SPACES.sub(" ", text))


def _straight(text: str) -> str:
    for apostrophe in _APOSTROPHES:
        text = text.replace(apostrophe, "'")
    return text


def label(text: str) -> str:
    """``text`` as labels are compared: folded, trimmed, without a final colon; case is kept."""
    # Splitting at white space and joining again is what folding and trimming do, in a tenth of the time.
    return _straight(" ".join(text.split())).removesuffix(":").rstrip()


def trim(text: str, start: int, end: int) -> tuple[int, int]:
    """The same span of ``text`` without the white space at its ends."""
    inside = text[start:end]
    start += len(inside) - len(inside.lstrip())
    return start, start + len(inside.strip())


def figure_span(pattern: str, text: str) -> tuple[int, int]:
    """Where the group ``figure`` of ``pattern`` stands in ``text``.

    The pattern is searched in the *folded* text, so that it can be written with plain spaces and
    apostrophes; the span is that of the untouched characters.

    Raises:
        NotFound: the pattern, or its group, matches nowhere.
        Ambiguous: it matches several times.
    """
    matches = [m for m in re.finditer(pattern, fold(text)) if m.start("figure") >= 0]
    start, end = exactly_one(matches, f"the pattern {pattern!r} in {fold(text).strip()[:120]!r}").span(
        "figure"
    )
    origins = [*_origins(text), len(text)]
    return origins[start], origins[end - 1] + 1 if end > start else origins[start]


def _origins(text: str) -> list[int]:
    """For each character of ``fold(text)``, the index in ``text`` of the one it comes from."""
    return [i for i, c in enumerate(text) if not (c.isspace() and i and text[i - 1].isspace())]


def words_around(text: str, start: int, end: int) -> tuple[str, str]:
    """At most ``AROUND`` characters before and after a span of ``text``, and no secret among them."""
    return without_secrets_around(text, start, end, AROUND)
