"""A printed report as it was read: what it claims, word for word, and where.

::

    Report
    ├── claims      figures and growths, each with its quote, place, service, words and period
    ├── indicators  rows of a table of results: result of last year, target, result of this year
    ├── questions   what a person must decide: a service or words matched below certainty
    ├── unplaced    numbers that no rule could give a meaning to, with their passage
    └── skipped     numbers that count nothing: dates, page numbers, telephone numbers

Every number printed is in ``claims``, ``unplaced`` or ``skipped``.  Nothing here is understood yet:
a figure is its characters, a period is its words.
"""

from dataclasses import dataclass
from typing import Literal

Kind = Literal["figure", "growth"]
Certainty = Literal["certain", "likely", "none"]
PeriodFrom = Literal["sentence", "column", "table", "heading"]
Role = Literal["result", "target"]
Sense = Literal["up", "down"]


@dataclass(frozen=True, slots=True)
class Quote:
    """Characters of a report: ``report.text[start:end] == text``."""

    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Place:
    """Where a passage stands: page from 1 (where pages are known), headings above it, line from 1."""

    page: int | None
    path: tuple[str, ...]
    line: int


@dataclass(frozen=True, slots=True)
class ServiceMatch:
    """Which product a passage is about.

    ``certain`` only when its name, alias or address is printed there.  ``likely`` is a guess that a
    person must confirm; then, and for ``none``, ``candidates`` are ids, best first.  ``reason`` is a
    sentence.
    """

    service_id: str | None
    match: Certainty
    candidates: tuple[str, ...] = ()
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Claim:
    """One figure, or one growth, as printed.

    ``passage`` is the whole paragraph, item or row.  ``exact`` is the figure with all that changes its
    value ("Plus de 95 000", "4,2/5", "2,7 millions", "+18 pts").  ``words`` name what is counted;
    ``unit`` is the symbol inside ``exact`` or the word that follows it.  ``period`` is the date as
    printed, and ``period_from`` says where; ``column`` is the year above the list, even when the
    sentence names another; ``rhythm`` is what is said of accumulation ("par mois", "en cumulé").

    ``measure`` names a figure of the programme itself, by the names of the portfolio counts and PLF
    indicators, or ``fast_award``.  ``role`` tells a table's results from its targets.  ``doubt`` is a
    sentence when the words were found by order and not beside the figure.

    A growth has a ``sense`` and, where the report prints them, the two figures it compares.
    """

    kind: Kind
    place: Place
    passage: Quote
    exact: Quote
    service: ServiceMatch
    words: Quote | None
    unit: Quote | None = None
    period: Quote | None = None
    period_from: PeriodFrom | None = None
    column: Quote | None = None
    rhythm: Quote | None = None
    measure: str | None = None
    role: Role | None = None
    doubt: str = ""
    sense: Sense | None = None
    base: "Claim | None" = None
    result: "Claim | None" = None


@dataclass(frozen=True, slots=True)
class IndicatorRow:
    """One row of a table of results.  ``code`` is the PLF indicator when its words leave no doubt."""

    place: Place
    words: Quote
    code: str | None
    before: Claim | None
    target: Claim | None
    result: Claim | None


@dataclass(frozen=True, slots=True)
class Question:
    """Something to be decided by a person, and the claims that wait for it."""

    kind: Literal["service", "words"]
    sentence: str
    candidates: tuple[str, ...]
    claims: tuple[Claim, ...]


@dataclass(frozen=True, slots=True)
class Unplaced:
    """A number without a meaning, and why; ``number`` may be in words ("la moitié")."""

    number: Quote
    passage: Quote
    place: Place
    reason: str


@dataclass(frozen=True, slots=True)
class Skipped:
    """A number that counts nothing, and the rule that says so."""

    number: Quote
    rule: str


@dataclass(frozen=True, slots=True)
class Report:
    """A whole report.  ``text`` is its text without markup, which every quote points into."""

    edition: int
    sha256: str
    format: Literal["html", "text", "pdf"]
    text: str
    claims: tuple[Claim, ...]
    indicators: tuple[IndicatorRow, ...]
    questions: tuple[Question, ...]
    unplaced: tuple[Unplaced, ...]
    skipped: tuple[Skipped, ...]
