r"""A text that is written in another one: its characters, and where each is written.

An HTML attribute writes ``"`` as ``&quot;``, a script writes it as ``\"``.  What such a text says
and where it stands are both needed for a figure.
"""

import html
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import chain

Span = tuple[int, int]

ESCAPE = re.compile(
    r"\\u\{[0-9a-fA-F]+\}"
    r"|\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}"
    r"|\\u[0-9a-fA-F]{4}|\\x[0-9a-fA-F]{2}|\\(?:\r\n|[\s\S])"
)
"""One escape of a JavaScript string; those of JSON are among them."""

ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|\w{1,32});?")
"""One character reference of HTML."""

_LETTERS = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", "v": "\v", "\n": "", "\r\n": ""}


@dataclass(frozen=True, slots=True)
class Mapped:
    """``text``; its character ``i`` is written from ``starts[i]`` to ``ends[i]`` of the outer text."""

    text: str
    starts: Sequence[int]
    ends: Sequence[int]

    def span(self, start: int, end: int) -> Span:
        """Where the characters from ``start`` to ``end`` (at least one) are written."""
        return self.starts[start], self.ends[end - 1]


def plain(text: str, start: int, end: int) -> Mapped:
    """A part of a text, written as it is."""
    return Mapped(text[start:end], range(start, end), range(start + 1, end + 1))


def joined(pieces: Iterable[Mapped]) -> Mapped:
    """Several texts as one."""
    kept = list(pieces)
    return Mapped(
        "".join(piece.text for piece in kept),
        list(chain.from_iterable(piece.starts for piece in kept)),
        list(chain.from_iterable(piece.ends for piece in kept)),
    )


def rewritten(
    text: str, start: int, end: int, codes: re.Pattern[str], mean: Callable[[str, str | None], str]
) -> Mapped:
    """A part of a text in which every match of ``codes`` stands for the characters that ``mean`` gives.

    ``mean`` is given the characters matched, and the name of the group that did, if one has a name.
    """
    pieces, at = [], start
    for code in codes.finditer(text, start, end):
        said = mean(code[0], code.lastgroup)
        here = Mapped(said, [code.start()] * len(said), [code.end()] * len(said))
        pieces += [plain(text, at, code.start()), here]
        at = code.end()
    return joined([*pieces, plain(text, at, end)]) if pieces else plain(text, start, end)


def unescaped(text: str, start: int, end: int) -> Mapped:
    """The inside of a JavaScript or JSON string."""
    return rewritten(text, start, end, ESCAPE, lambda code, _: _escape(code))


def unquoted(text: str, start: int, end: int) -> Mapped:
    """The inside of an HTML attribute."""
    return rewritten(text, start, end, ENTITY, lambda code, _: html.unescape(code))


def _escape(code: str) -> str:
    body = code[1:]
    if body[0] == "u" and len(code) == 12:  # two halves of one character
        return bytes.fromhex(code[2:6] + code[8:12]).decode("utf-16-be")
    if body[0] in "ux" and len(body) > 1:
        number = int(body[1:].strip("{}"), 16)
        return chr(number) if number < 0x110000 else "\ufffd"
    return _LETTERS.get(body, body)
