"""Figures in running text: each becomes a claim, or says why it is none."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import takewhile

from connectors.report import Claim, PeriodFrom, Place, Quote, ServiceMatch, Skipped, Unplaced
from connectors.reports.cards import Card
from connectors.reports.layout import Block, Layout
from connectors.reports.names import NOBODY, Names
from connectors.reports.numerals import Numeral, dates
from connectors.reports.phrases import Phrase, sentences, trimmed
from connectors.reports.pieces import Piece
from connectors.reports.words import AWARD, MEASURES, SPENT, flat


@dataclass(slots=True)
class Found:
    """What was read so far."""

    claims: list[Claim] = field(default_factory=list)
    unplaced: list[Unplaced] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads the pieces of one card, which is about ``service``."""

    layout: Layout
    names: Names
    card: Card
    service: ServiceMatch
    _passages: dict[int, Quote] = field(default_factory=dict)

    def read(self, piece: Piece, found: Found) -> None:
        """Put every numeral of a piece where it belongs."""
        counted: list[Numeral] = []
        for numeral in piece.numerals:
            if numeral.kind in ("figure", "growth") and piece.role != "meta":
                counted.append(numeral)
            else:
                self.leave(piece, numeral, found)
        for numeral, claim in self._claims(piece, counted):
            if claim.words is None:
                why = "no words beside it say what it counts"
                self.leave(piece, Numeral("unread", numeral.start, numeral.end, why), found)
            else:
                found.claims.append(claim)

    def leave(self, piece: Piece, numeral: Numeral, found: Found) -> None:
        """List a numeral that is no claim, with its reason."""
        number = self.layout.quote(numeral.start, numeral.end)
        if numeral.kind == "skipped" or piece.role == "meta":
            found.skipped.append(Skipped(number, numeral.rule or "front matter"))
        else:
            passage, place = self.passage(piece), self.place(piece.block)
            found.unplaced.append(Unplaced(number, passage, place, numeral.rule))

    def passage(self, piece: Piece) -> Quote:
        """The block, with the words below a bare figure when they continue it."""
        if piece.block.start not in self._passages:  # a long row is quoted by each of its cells
            near = piece.words if piece.words and not piece.doubt else None
            end = near.end if near else piece.block.end
            self._passages[piece.block.start] = self.layout.quote(piece.block.start, end)
        return self._passages[piece.block.start]

    def place(self, block: Block) -> Place:
        """Where a block stands."""
        path = tuple(self.layout.said(above) for above in self.card.blocks if above.start != block.start)
        return Place(block.page, path, self.layout.line(block.start))

    def heading(self) -> Quote | None:
        """The nearest heading."""
        above = [
            block for block in self.card.blocks if block.kind == "heading" or block is not self.card.title
        ]
        return self.layout.quote(above[-1].start, above[-1].end) if above else None

    def heading_date(self, piece: Piece) -> Quote | None:
        """The date of the nearest heading that has one."""
        for block in reversed(self.card.blocks):
            spans = (
                dates(self.layout.text, block.start, block.end) if block.start != piece.block.start else []
            )
            if spans:
                return self.layout.quote(*spans[-1])
        return None

    def _claims(self, piece: Piece, numerals: list[Numeral]) -> Iterator[tuple[Numeral, Claim]]:
        for span in sentences(self.layout, piece.block):
            phrase = Phrase.of(self.layout, self.names, piece.block, span, numerals)
            lone = piece.role == "bare"
            words = [self._below(piece)] if lone and phrase.numerals else phrase.words()
            for at, (numeral, said) in enumerate(zip(phrase.numerals, words, strict=True)):
                yield numeral, self._claim(piece, phrase, at, said)

    def _claim(self, piece: Piece, phrase: Phrase, at: int, words: Quote | None) -> Claim:
        numeral = phrase.numerals[at]
        if words is None and numeral.symbol and "€" in self.layout.text[slice(*numeral.symbol)]:
            words = self.award()
        words = words or self._above(piece)
        service = NOBODY if piece.role == "section" else self._service(phrase, at)
        period, source = self._period(piece, phrase, at)
        exact = self.layout.quote(numeral.start, numeral.end)
        return Claim(
            kind="growth" if numeral.kind == "growth" else "figure",
            place=self.place(piece.block),
            passage=self.passage(piece),
            exact=exact,
            service=service,
            words=words,
            unit=phrase.unit(at, words),
            period=period,
            period_from=source,
            column=None if phrase.is_earlier(at) else piece.column,
            rhythm=phrase.rhythm(at),
            measure=self._measure(exact, words, service),
            doubt="" if self._is_granted(piece) else piece.doubt,
            sense=numeral.sense,
        )

    def _above(self, piece: Piece) -> Quote | None:
        """The item that a figure alone is listed under."""
        if piece.role != "item":
            return None
        before = takewhile(lambda other: other is not piece, self.card.pieces)
        over = [
            other for other in before if other.block.kind == "item" and other.block.level < piece.block.level
        ]
        if not over or over[-1].role != "item":
            return None
        end = next((numeral.start for numeral in over[-1].numerals), over[-1].block.end)
        return trimmed(self.layout, over[-1].block.start, end)

    def _below(self, piece: Piece) -> Quote | None:
        """What a bare figure counts: the words below it, or what the heading says is granted."""
        if piece.words is None or self._is_granted(piece):
            return self.award()
        return trimmed(self.layout, piece.words.start, piece.words.end)

    def _is_granted(self, piece: Piece) -> bool:
        """Under laureates, what stands below a lone amount begins the next one's card."""
        if piece.role != "bare" or piece.words is None or self.award() is None:
            return False
        symbol = piece.numerals[0].symbol
        money = symbol is not None and "€" in self.layout.text[slice(*symbol)]
        return money and not SPENT.search(flat(self.layout.said(piece.words)))

    def award(self) -> Quote | None:
        """The heading, when amounts under it are what services were granted."""
        heading = self.heading()
        return heading if heading and AWARD.search(flat(heading.text)) else None

    def _period(self, piece: Piece, phrase: Phrase, at: int) -> tuple[Quote | None, PeriodFrom | None]:
        """The date in the sentence, else the column's year, else the nearest heading's."""
        if said := piece.date or self._date_below(piece) or phrase.date(at):
            return said, "sentence"
        if phrase.is_earlier(at) or piece.undated:
            return None, None
        if piece.column is not None:
            return piece.column, "column"
        above = self.heading_date(piece)
        return above, "heading" if above else None

    def _date_below(self, piece: Piece) -> Quote | None:
        """The date in the words below a bare figure."""
        spans = (
            dates(self.layout.text, piece.words.start, piece.words.end)
            if piece.words and not piece.doubt
            else []
        )
        return self.layout.quote(*spans[0]) if spans else None

    def _service(self, phrase: Phrase, at: int) -> ServiceMatch:
        """The card's service when it is certain, unless the sentence begins with the name of another."""
        named = phrase.service(at)
        if self.service.match == "certain":
            return named if phrase.begins_with_a_name() and named.match == "certain" else self.service
        return named if named.match == "certain" or self.service is NOBODY else self.service

    def _measure(self, exact: Quote, words: Quote | None, service: ServiceMatch) -> str | None:
        """The programme's own figure that this is, if its words leave no doubt."""
        if words is None:
            return None
        if words == self.award() and exact.start > words.end:
            return "fast_award"
        if service is not NOBODY or "€" in exact.text or "euro" in exact.text:
            return None
        text = self.layout.text
        before = "dont " if text[max(0, exact.start - 6) : exact.start].strip()[-4:] == "dont" else ""
        spans = [span for end in (words.end, exact.end) for span in dates(text, end, end + 12)]
        dated = " en" if any(flat(text[start : start + 3]) == "en " for start, _ in spans) else ""
        said = f"{before}# {' '.join(flat(words.text).split())}{dated}"
        return next((measure for measure, form in MEASURES if re.search(form, said)), None)
