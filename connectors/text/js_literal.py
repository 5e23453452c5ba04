"""JavaScript data as it was written: values, and the characters each one stands in.

No script is ever run.  What is not data (a call, a sum, a function) is :data:`NOT_DATA` where it
stands, and costs none of the data around it.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Final

from connectors.errors import WrongFormat
from connectors.text.mapped_text import Span, unescaped

Location = tuple[int | str, ...]
Names = Callable[[str], "Literal | None"]
"""What a variable holds, when that is known."""

MOST = 500_000
"""Parts of one literal; a few variables that hold one another can write many more in a few bytes."""


class NotData:
    """An expression that only a browser can evaluate."""

    def __repr__(self) -> str:
        return "an expression"


NOT_DATA: Final = NotData()

STRINGS = r"""
"(?:[^"\\\n]|\\[\s\S])*+"|'(?:[^'\\\n]|\\[\s\S])*+'|`(?:[^`\\$]|\\[\s\S]|\$(?!\{))*+`
""".strip()
"""A string of JavaScript, as a regular expression."""

_BLANK = re.compile(r"(?:\s++|//[^\n]*+|/\*[\s\S]*?(?:\*/|\Z))*+")
_STRING = re.compile(STRINGS)
_NUMBER = re.compile(r"-?(?!0\d)(?:\d+(?:\.\d+)?|\.\d+)(?:[eE][+-]?\d+)?(?![\w$.])")
_WORD = re.compile(r"[A-Za-z_$][\w$]*")
_DATE = re.compile(rf"new\s+Date\s*\(\s*(?P<string>{STRINGS})\s*\)")
_BOOLEAN = re.compile(r"!([01])(?![\w.$])")
_PIECE = re.compile(rf"{STRINGS}|`(?:[^`\\]|\\[\s\S])*+`|//[^\n]*|/\*[\s\S]*?(?:\*/|\Z)|[\[\](){{}},]")
_WORDS = {"true": True, "false": False, "null": None, "undefined": None, "NaN": None}
_LONGEST_INTEGER = 4000  # beyond 4300 digits int() refuses; the text, not the number, is the proof


@dataclass(frozen=True, slots=True)
class Literal:
    """A value, the span of each of its parts, and where the text goes on.

    The span of a string is that of its inside, without the quotes.
    """

    value: object
    spans: Mapping[Location, Span]
    end: int


def no_names(name: str) -> Literal | None:  # noqa: ARG001
    """No variable is known."""
    return None


def parse(text: str, at: int = 0, names: Names = no_names) -> Literal:
    """The literal that begins at ``at``.

    Raises:
        WrongFormat: no data begins there, or it does not end.
    """
    reader = _Reader(text, names)
    try:
        value, end = reader.value(at, ())
    except RecursionError as error:
        raise WrongFormat("the script's data are nested too deep to be read") from error
    if value is NOT_DATA:
        raise WrongFormat(f"{text[at : at + 40].strip()!r} is an expression, not data")
    return Literal(value, reader.spans, end)


def arguments(text: str, at: int, names: Names = no_names) -> Literal:
    """The arguments of a call, as a list; ``at`` is just behind its opening parenthesis.

    Raises:
        WrongFormat: the call does not end, or is nested too deep.
    """
    reader = _Reader(text, names)
    try:
        value, end = reader.items(at, (), ")")
    except RecursionError as error:
        raise WrongFormat("the script's data are nested too deep to be read") from error
    return Literal(value, reader.spans, end)


def after_blank(text: str, at: int) -> int:
    """Past white space and comments."""
    match = _BLANK.match(text, at)
    return match.end() if match else at


@dataclass(slots=True)
class _Reader:
    text: str
    names: Names
    spans: dict[Location, Span] = field(default_factory=dict)

    def value(self, at: int, here: Location) -> tuple[object, int]:
        """The value that begins at ``at``, perhaps :data:`NOT_DATA`, and its end."""
        at = after_blank(self.text, at)
        opens = self.text[at : at + 1]
        if opens == "[":
            value, end = self.items(at + 1, here, "]")
        elif opens == "{":
            value, end = self._members(at + 1, here)
        else:
            return self._leaf(at, here)
        self._note(here, (at, end))
        return value, end

    def items(self, at: int, here: Location, closing: str) -> tuple[object, int]:
        """A list up to its closing bracket; a trailing comma is tolerated."""
        found: list[object] = []
        while (at := after_blank(self.text, at)) < len(self.text):
            if self.text[at] == closing:
                return found, at + 1
            value, at = self._element(at, (*here, len(found)))
            found.append(value)
            at = self._after_comma(at, closing)
        raise _unended(closing)

    def _members(self, at: int, here: Location) -> tuple[object, int]:
        found: dict[str, object] = {}
        while (at := after_blank(self.text, at)) < len(self.text):
            if self.text[at] == "}":
                return found, at + 1
            key, after = self._key(at)
            if key is None:
                at = self._expression(at)
            elif key in found:
                raise WrongFormat(f"the key {key!r} is written twice in one object")
            else:
                found[key], at = self._element(after, (*here, key))
            at = self._after_comma(at, "}")
        raise _unended("}")

    def _key(self, at: int) -> tuple[str | None, int]:
        """A key and where its value begins; no key for a method, a spread or a computed name."""
        match = _STRING.match(self.text, at) or _WORD.match(self.text, at) or _NUMBER.match(self.text, at)
        colon = after_blank(self.text, match.end()) if match else at
        if not match or self.text[colon : colon + 1] != ":":
            return None, at
        quoted = match[0][0] in "\"'`"
        key = unescaped(self.text, match.start() + 1, match.end() - 1).text if quoted else match[0]
        return key, colon + 1

    def _element(self, at: int, here: Location) -> tuple[object, int]:
        """A value followed by a comma or a bracket; anything else makes it part of an expression."""
        value, end = self.value(at, here)
        end = after_blank(self.text, end)
        if self.text[end : end + 1] in (",", "]", "}", ")"):
            return value, end
        return NOT_DATA, self._expression(at)

    def _after_comma(self, at: int, closing: str) -> int:
        at = after_blank(self.text, at)
        if self.text[at : at + 1] == ",":
            return at + 1
        if self.text[at : at + 1] != closing:
            raise _unended(closing)
        return at

    def _leaf(self, at: int, here: Location) -> tuple[object, int]:
        date = _DATE.match(self.text, at)
        string = _STRING.match(self.text, at)
        if date or string:
            start, end = date.span("string") if date else string.span()  # type: ignore[union-attr]
            self._note(here, (start + 1, end - 1))
            said = unescaped(self.text, start + 1, end - 1).text
            return said, date.end() if date else end
        number = _NUMBER.match(self.text, at)
        if number:
            self._note(here, number.span())
            return _number(number[0]), number.end()
        return self._word(at, here)

    def _word(self, at: int, here: Location) -> tuple[object, int]:
        boolean = _BOOLEAN.match(self.text, at)
        if boolean:
            return boolean[1] == "0", boolean.end()
        word = _WORD.match(self.text, at)
        if not word:
            return NOT_DATA, at
        if word[0] in _WORDS:
            return _WORDS[word[0]], self._end_of_constant(word, here)
        known = self.names(word[0])
        if known is None:
            return NOT_DATA, word.end()
        for inside, span in known.spans.items():
            self._note((*here, *inside), span)
        return known.value, word.end()

    def _end_of_constant(self, word: re.Match[str], here: Location) -> int:
        self._note(here, word.span())
        return word.end()

    def _expression(self, at: int) -> int:
        """Where an expression ends: at the comma or the bracket that is not its own."""
        depth = 0
        for piece in _PIECE.finditer(self.text, at):
            if piece[0] in ("(", "[", "{"):
                depth += 1
            elif depth == 0 and piece[0] in (")", "]", "}", ","):
                return piece.start()
            elif piece[0] in (")", "]", "}"):
                depth -= 1
        raise _unended("}")

    def _note(self, here: Location, span: Span) -> None:
        self.spans[here] = span
        if len(self.spans) > MOST:
            raise WrongFormat(f"the script's data have more than {MOST} parts")


def _number(token: str) -> int | float:
    whole = token.lstrip("-").isdigit() and len(token) < _LONGEST_INTEGER
    return int(token) if whole else float(token)


def _unended(closing: str) -> WrongFormat:
    return WrongFormat(f"the script's data do not end: {closing!r} is missing")


def in_code(pattern: str, text: str, start: int = 0) -> Iterator[re.Match[str]]:
    """The matches of ``pattern`` from ``start`` on that stand neither in a string nor in a comment."""
    anywhere = re.compile(rf"(?P<found_in_code>{pattern})|{STRINGS}|//[^\n]*|/\*[\s\S]*?(?:\*/|\Z)")
    return (match for match in anywhere.finditer(text, start) if match["found_in_code"])


def variables(text: str) -> Names:
    """What the constants of a script hold, where it is declared once and never touched again."""
    found: dict[str, Literal | None] = {}

    def known(name: str) -> Literal | None:
        if name not in found:
            found[name] = None  # while it is looked up, so that a variable that holds itself ends there
            found[name] = _declared(text, name, known)
        return found[name]

    return known


def _declared(text: str, name: str, names: Names) -> Literal | None:
    declared = list(in_code(rf"\b(?:var|let|const)\s+{re.escape(name)}\s*=(?!=)", text))
    touched = list(in_code(rf"(?<![\w$.]){re.escape(name)}\s*(?:=(?![=>])|[-+*/]=|\.|\[)", text))
    if len(declared) != 1 or len(touched) != 1:
        return None
    with suppress(WrongFormat):
        return _whole(text, declared[0].end(), names)
    return None


def _whole(text: str, at: int, names: Names) -> Literal | None:
    """The literal at ``at``, unless an operator makes it the beginning of something else."""
    literal = parse(text, at, names)
    return None if continues(text, literal.end) else literal


def after_closing(text: str, at: int) -> int:
    """Past one more closing parenthesis, if it comes next."""
    at = after_blank(text, at)
    return at + 1 if text[at : at + 1] == ")" else at


def continues(text: str, end: int) -> bool:
    """Whether an expression goes on behind what was read of it."""
    at = after_blank(text, end)
    return text[at : at + 1] in tuple(".+-*/%[(?&|<>=^")
