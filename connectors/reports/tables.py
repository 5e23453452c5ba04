"""Tables: a header that names years and roles, and rows that name an indicator or a service."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from connectors.report import Claim, IndicatorRow, Quote, Role, ServiceMatch
from connectors.reports.figures import Found, Reader
from connectors.reports.layout import Layout, Span
from connectors.reports.numerals import Numeral, dates, numerals
from connectors.reports.phrases import Phrase
from connectors.reports.pieces import Piece
from connectors.reports.words import AWARD, BEFORE, GROWTH, INDICATORS, SPENT, TARGET, flat

_YEAR = re.compile(r"(?:19|20)\d\d")
_CAPTION = 90  # characters
_REMARK = re.compile(r"\s*\([^()]*\)\s*$")
_LETTERS = re.compile(r"[^\W\d_]{2,}")


@dataclass(frozen=True, slots=True)
class Column:
    """One column, as its header says: the words without the date, the date, and the role."""

    words: Quote | None = None
    period: Quote | None = None
    role: Role = "result"
    growth: bool = False

    @property
    def year(self) -> int | None:
        """The year of the date."""
        years = _YEAR.findall(self.period.text) if self.period else []
        return int(years[-1]) if years else None


@dataclass(frozen=True, slots=True)
class Value:
    """A claim of one cell, under its column."""

    column: Column
    claim: Claim


def read_table(
    reader: Reader, above: Piece | None, rows: Sequence[Piece], found: Found
) -> list[IndicatorRow]:
    """Read rows that follow one another; return those that have a target.

    ``above`` is the piece before them: a short text there is the table's caption.
    """
    caption = (
        reader.layout.quote(above.block.start, above.block.end) if above and above.role == "text" else None
    )
    if caption is None or len(caption.text) > _CAPTION or caption.text.endswith("."):
        caption = reader.heading()
    columns: list[Column] = []
    indicators = []
    for at, piece in enumerate(rows):
        row = _Row(reader, piece, columns, found, caption)
        if at == 0 and (piece.block.level or not _counts(reader.layout, piece)):
            columns = [_column(reader.layout, cell) for cell in piece.block.cells]
            row.account(piece.block.cells)
        elif indicator := row.read():
            indicators.append(indicator)
    return indicators


def _in(layout: Layout, cell: Span) -> list[Numeral]:
    return numerals(layout.text, *cell)


def _counts(layout: Layout, piece: Piece) -> bool:
    return any(numeral.kind != "skipped" for cell in piece.block.cells for numeral in _in(layout, cell))


def _column(layout: Layout, cell: Span) -> Column:
    spans = dates(layout.text, *cell)
    words = layout.quote(cell[0], spans[-1][0] if spans and spans[-1][0] > cell[0] else cell[1])
    said = flat(layout.text[slice(*cell)])
    return Column(
        words if _LETTERS.search(words.text) else None,
        layout.quote(*spans[-1]) if spans else None,
        "target" if TARGET.search(said) and not BEFORE.search(said) else "result",
        bool(GROWTH.search(said)),
    )


@dataclass(frozen=True, slots=True)
class _Row:
    """One row: words in its first cells, values in the others."""

    reader: Reader
    piece: Piece
    columns: Sequence[Column]
    found: Found
    caption: Quote | None

    def read(self) -> IndicatorRow | None:
        """Put the claims of the row where they belong; a row with one target is an indicator."""
        cells = self.piece.block.cells
        first = self._first_value()
        self.account(cells[:first])
        label = self._label(cells[:first])
        code = _code(label) if label else None
        values = [
            Value(column, replace(claim, measure=code or self._award(claim, column)))
            for cell, column in self._aligned(first)
            for claim in self._claims(cell, column, label)
        ]
        values = _grown(values)
        self._keep([value.claim for value in values])
        targets = [column for column in self.columns if column.role == "target" and column.year]
        return (
            self._indicator(label, code, values, targets[0])
            if label and values and len(targets) == 1
            else None
        )

    def account(self, cells: Sequence[Span]) -> None:
        """List the numbers of cells that are read as words."""
        for cell in dict.fromkeys(cells):
            for numeral in _in(self.reader.layout, cell):
                kind = numeral.kind if numeral.kind == "skipped" else "unread"
                why = numeral.rule or "inside the words of a row"
                self.reader.leave(self.piece, replace(numeral, kind=kind, rule=why), self.found)

    def _first_value(self) -> int:
        """The first cell that holds a figure and is under a column of values."""
        cells = self.piece.block.cells
        dated = any(column.period for column in self.columns)
        valued = [
            at
            for at, column in enumerate(self.columns)
            if dated and (column.period or column.role == "target")
        ]
        label = max(1, len(cells) - (len(self.columns) - valued[0])) if valued else 1
        values = [at for at, cell in enumerate(cells) if at >= label and _in(self.reader.layout, cell)]
        return values[0] if values else len(cells)

    def _label(self, cells: Sequence[Span]) -> Quote | None:
        quotes = [self.reader.layout.quote(*cell) for cell in cells]
        return next((quote for quote in quotes if _LETTERS.search(quote.text)), None)

    def _aligned(self, first: int) -> list[tuple[Span, Column]]:
        """Each value's cell with its column, counted from the right: the words may span cells."""
        cells = self.piece.block.cells
        columns = list(self.columns) if len(self.columns) <= len(cells) else []
        padded = [Column()] * (len(cells) - len(columns)) + columns
        pairs = dict(zip(cells[first:], padded[first:], strict=True))
        return list(pairs.items())

    def _claims(self, cell: Span, column: Column, label: Quote | None) -> list[Claim]:
        layout = self.reader.layout
        service, words = self._named(column, label)
        claims = []
        own = self._own_words(cell) if service is not self.reader.service else {}
        for numeral in _in(layout, cell):
            if numeral.kind not in ("figure", "growth"):
                self.reader.leave(self.piece, numeral, self.found)
                continue
            claims.append(
                Claim(
                    kind="growth" if numeral.kind == "growth" else "figure",
                    place=self.reader.place(self.piece.block),
                    passage=self.reader.passage(self.piece),
                    exact=layout.quote(numeral.start, numeral.end),
                    service=service,
                    words=own.get(numeral.start) or words,
                    unit=layout.quote(*numeral.symbol) if numeral.symbol else None,
                    period=column.period or self.reader.heading_date(self.piece),
                    period_from="table" if column.period else "heading",
                    role=column.role,
                    sense=numeral.sense,
                )
            )
        return claims

    def _own_words(self, cell: Span) -> dict[int, Quote]:
        """What a service's cell itself says that its figures count ("16 000 agents connectés")."""
        counted = [
            numeral for numeral in _in(self.reader.layout, cell) if numeral.kind in ("figure", "growth")
        ]
        phrase = Phrase.of(self.reader.layout, self.reader.names, self.piece.block, cell, counted)
        said = zip(phrase.numerals, phrase.words(), strict=True)
        return {numeral.start: words for numeral, words in said if words}

    def _named(self, column: Column, label: Quote | None) -> tuple[ServiceMatch, Quote | None]:
        """The service and what is counted: where rows are services, the header or the heading says what."""
        if label is None:
            return self.reader.service, None
        match = self.reader.names.named(*self._name(label))
        if _code(label) or (match.match == "none" and not self._granted):
            return self.reader.service, _short(label)
        words = None if column.growth else column.words
        return match, words or self.caption or label

    def _name(self, label: Quote) -> tuple[str, str | None]:
        """The name that a label begins with, and where it leads: words after a colon say what it is."""
        first = next((link for link in self.piece.block.links if label.start <= link.start < label.end), None)
        if first and not self.reader.layout.text[label.start : first.start].strip():
            return self.reader.layout.quote(first.start, first.end).text, first.url
        return label.text, None

    def _award(self, claim: Claim, column: Column) -> str | None:
        """Money in the row of a service, under a heading and a header that say that it was granted."""
        money = claim.unit is not None and "€" in claim.unit.text
        said = column.words is None or SPENT.search(flat(column.words.text))
        return (
            "fast_award"
            if money and said and claim.service is not self.reader.service and self._granted
            else None
        )

    @property
    def _granted(self) -> bool:
        """Whether the table lists services that were granted something."""
        return bool(self.reader.award() or (self.caption and AWARD.search(flat(self.caption.text))))

    def _keep(self, claims: Sequence[Claim]) -> None:
        for claim in claims:
            if claim.words is None:
                unread = Numeral("unread", claim.exact.start, claim.exact.end, "no words in the row")
                self.reader.leave(self.piece, unread, self.found)
            else:
                dated = claim if claim.period else replace(claim, period_from=None)
                self.found.claims.append(dated)

    def _indicator(
        self, label: Quote, code: str | None, values: Sequence[Value], target: Column
    ) -> IndicatorRow:
        results = {value.column.year: value.claim for value in values if value.column.role == "result"}
        aimed = next((value.claim for value in values if value.column.role == "target"), None)
        place, year = self.reader.place(self.piece.block), target.year or 0
        return IndicatorRow(place, label, code, results.get(year - 1), aimed, results.get(year))


def _code(label: Quote) -> str | None:
    """The PLF indicator that words leave no doubt about."""
    said = " ".join(flat(_short(label).text).split())
    return next((code for code, form in INDICATORS if re.search(form, said)), None)


def _short(label: Quote) -> Quote:
    """The words without the explanation in parentheses."""
    text = _REMARK.sub("", label.text) or label.text
    return Quote(text, label.start, label.start + len(text))


def _grown(values: Sequence[Value]) -> list[Value]:
    """A growth beside two dated results compares the last two."""
    results = sorted(
        (v for v in values if v.claim.kind == "figure" and v.column.role == "result" and v.column.year),
        key=lambda value: value.column.year or 0,
    )
    years = {value.column.year for value in results}
    if len(years) < 2 or len(results) != len(years):
        return list(values)
    base, result = results[-2].claim, results[-1].claim
    return [
        replace(
            v, claim=replace(v.claim, base=base, result=result, period=result.period, period_from="table")
        )
        if v.claim.kind == "growth"
        else v
        for v in values
    ]
