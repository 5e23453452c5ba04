"""Numbers in a text: which are figures, which are growths, which count nothing.

Every run of digits of a span ends in exactly one numeral.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from connectors.report import Sense
from connectors.reports.forms import ADDRESSES, FIGURES, FORMS, HEADING, Form, Kind
from connectors.reports.layout import Span
from connectors.reports.words import COMPARED, COUNTED, CUE, DATED, IN_WORDS, RHYTHM, flat

_DIGIT = re.compile(r"\d")
_RUN = re.compile(r"\d+")
_YEAR_LAST = re.compile(r"(?:19|20)\d\d$")
_NAME = re.compile(r"[a-z][\w.-]*\d")
_LONGEST_NAME = 60


@dataclass(frozen=True, slots=True)
class Numeral:
    """A number and all that changes its value; ``symbol`` is the span of the unit inside it.

    ``rule`` says why a ``skipped`` one counts nothing, or why an ``unread`` one was not understood.
    """

    kind: Kind
    start: int
    end: int
    rule: str = ""
    symbol: Span | None = None
    sense: Sense | None = None


def numerals(text: str, start: int, end: int, *, heading: bool = False) -> list[Numeral]:
    """The numerals of one block or cell, in order; in a heading, its own number counts nothing."""
    plain = flat(text[start:end])
    sieve = _Sieve(plain, bytearray(len(plain)))
    forms = [*(HEADING if heading else ()), *FORMS, *FIGURES]
    found = [*sieve.take(ADDRESSES), *sieve.dates(), *sieve.take(forms), *sieve.rest()]
    return sorted((_moved(numeral, start) for numeral in found), key=lambda numeral: numeral.start)


def dates(text: str, start: int, end: int) -> list[Span]:
    """Where dates are printed in a span, little words before them included; not those compared with."""
    plain = flat(text[start:end])
    found = (
        m for m in DATED.finditer(plain) if _is_date(plain, m) and not COMPARED.search(plain, 0, m.start())
    )
    return [(m.start() + start, m.end() + start) for m in found]


def rhythms(text: str, start: int, end: int) -> list[Span]:
    """Where a span says how a figure accumulates."""
    return [(m.start() + start, m.end() + start) for m in RHYTHM.finditer(flat(text[start:end]))]


@dataclass(frozen=True, slots=True)
class _Sieve:
    """A plain text, and which of its characters are explained."""

    plain: str
    taken: bytearray

    def take(self, forms: Iterable[Form]) -> Iterator[Numeral]:
        """The numbers that have one of these forms, the first form first."""
        for form in forms:
            for match in form.pattern.finditer(self.plain):
                said = form.kind != "skipped" or _DIGIT.search(match[0])
                if said and (span := self._free(*_counting(match))):
                    yield Numeral(form.kind, *span, form.rule, _symbol(match), form.sense or _sense(match))

    def dates(self) -> Iterator[Numeral]:
        """The dates that hold digits."""
        for match in DATED.finditer(self.plain):
            if (
                _DIGIT.search(match[0])
                and _is_date(self.plain, match)
                and (span := self._free(*match.span()))
            ):
                yield Numeral("skipped", *span, "date")

    def rest(self) -> Iterator[Numeral]:
        """Digits inside a name ("C2I"), digits that touch letters, and numbers in words."""
        for match in _RUN.finditer(self.plain):
            if span := self._free(*match.span()):
                word = self.plain[max(0, span[0] - _LONGEST_NAME) : span[1]].split()[-1]
                named = _NAME.match(word)
                yield Numeral(
                    "skipped" if named else "unread", *span, "name" if named else "letters touch the digits"
                )
        for match in IN_WORDS.finditer(self.plain):
            if span := self._free(*match.span()):
                yield Numeral("unread", *span, "a number in words")

    def _free(self, start: int, end: int) -> Span | None:
        """The span, marked as explained, unless part of it already is or it says nothing."""
        if start == end or any(self.taken[start:end]):
            return None
        self.taken[start:end] = b"\1" * (end - start)
        return start, end


def _counting(match: re.Match[str]) -> Span:
    """The part of a match that counts, without the preposition that may begin it."""
    start, end = match.span("said") if match.groupdict().get("said") else match.span()
    said = match.string[start:end]
    return end - len(said.removeprefix(" de ").lstrip()), end - len(said) + len(said.rstrip())


def _symbol(match: re.Match[str]) -> Span | None:
    if not match.groupdict().get("symbol"):
        return None
    end = match.end("symbol")
    return end - len(match["symbol"].lstrip().removeprefix("d'")), end


def _sense(match: re.Match[str]) -> Sense | None:
    sign = match.groupdict().get("sign")
    return None if sign is None else "up" if sign == "+" else "down"


def _is_date(plain: str, match: re.Match[str]) -> bool:
    """A match that is four digits alone may count something ("2000 communes")."""
    if not _YEAR_LAST.fullmatch(match[0]):
        return True
    before, after = plain[max(0, match.start() - 30) : match.start()], plain[match.end() : match.end() + 30]
    return bool(CUE.search(before)) or not COUNTED.match(after)


def _moved(numeral: Numeral, by: int) -> Numeral:
    symbol = numeral.symbol and (numeral.symbol[0] + by, numeral.symbol[1] + by)
    return replace(numeral, start=numeral.start + by, end=numeral.end + by, symbol=symbol)
