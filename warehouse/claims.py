"""Claims: what printed reports say, observations of their own provenance.

A claim leads to the report's bytes (``report_sha256`` → ``snapshots`` → archive) and to its characters
there (``start``, ``end`` in the report's text).  They are kept apart from what machines collected.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from connectors.report import Claim, Place, Question, Report, Unplaced
from warehouse import claim_decisions
from warehouse.claim_decisions import Decisions
from warehouse.claim_meaning import READER, understand, year_in
from warehouse.history import Row, append_changes, current, identity
from warehouse.tables import claim_questions, claims, reports, snapshots, unplaced_passages

CONFIRMED = ("certain", "decided")
"""The matches that need nobody's answer."""

_OF_A_SERVICE = ("fast_award",)
"""The measures that are not the programme's own."""

_KEY = ("claim_id",)
_QUESTION_KEY = ("report_sha256", "question_id")
_PASSAGE_KEY = ("report_sha256", "start", "end")


def keep(
    connection: sa.Connection, report: Report, source: str, present: Mapping[str, str], at: datetime
) -> int:
    """Record what a report says, as read now; return the rows added.

    The same bytes are one report: told again they add nothing, read better or told under another
    edition they add rows beside, and what is no longer read is withdrawn.

    Args:
        connection: an open transaction.
        report: as read.
        source: the address or file it came from.
        present: by former portfolio id, the present one.
        at: the moment.
    """
    decided = claim_decisions.standing(connection, at)
    told = _Telling(report, present, decided)
    header = {
        "sha256": report.sha256,
        "edition": report.edition,
        "source": source,
        "format": report.format,
        "skipped": len(report.skipped),
        "reader": READER,
    }
    quiet = ("source",)  # the same bytes from elsewhere are no news
    same = reports.c.sha256 == report.sha256
    added = append_changes(connection, reports, ("sha256",), [header], at, same, quiet=quiet)
    parts: list[tuple[sa.Table, Sequence[str], list[Row]]] = [
        (claims, _KEY, list(told.claims())),
        (claim_questions, _QUESTION_KEY, list(told.questions())),
        (unplaced_passages, _PASSAGE_KEY, [told.unplaced(one) for one in report.unplaced]),
    ]
    for table, key, rows in parts:
        added += append_changes(connection, table, key, rows, at, table.c.report_sha256 == report.sha256)
    return added


class _Telling:
    """A report as rows."""

    def __init__(self, report: Report, present: Mapping[str, str], decided: Decisions) -> None:
        self.report = report
        self.present = present
        self.decided = decided
        self.about = {"edition": report.edition, "report_sha256": report.sha256}
        self.all = _all(report)
        self.names = _names(self.all.values(), report.sha256)

    def claims(self) -> Iterator[Row]:
        for claim in self.all.values():
            meaning = understand(claim)
            yield {
                **self.about,
                "claim_id": self._name(claim),
                **self._service(claim),
                "measure": claim.measure,
                "role": claim.role,
                "period": meaning.period,
                "period_text": claim.period.text if claim.period else None,
                "period_from": claim.period_from,
                "column_year": year_in(claim.column.text) if claim.column else None,
                "nature": meaning.nature,
                "rhythm": claim.rhythm.text if claim.rhythm else None,
                "text": claim.exact.text,
                "passage": claim.passage.text,
                "place": place_in_words(claim.place),
                "start": claim.exact.start,
                "end": claim.exact.end,
                "kind": claim.kind,
                "sense": claim.sense,
                "base_claim": self._name(claim.base) if claim.base else None,
                "result_claim": self._name(claim.result) if claim.result else None,
                "value": meaning.value,
                "low": meaning.low,
                "high": meaning.high,
                "qualifier": meaning.qualifier,
                "unit": meaning.unit,
                "trouble": meaning.trouble,
                "doubt": claim.doubt or None,
                "reader": READER,
            }

    def _name(self, claim: Claim) -> str:
        return self.names[_where(claim)]

    def _service(self, claim: Claim) -> Row:
        """The service and the words, as read or as a person decided."""
        name = self._name(claim)
        match: str = claim.service.match
        service = claim.service.service_id
        words = " ".join(claim.words.text.split()) if claim.words else None
        if claim.measure not in (None, *_OF_A_SERVICE):
            match, service = "none", None  # a figure of the programme, whatever heading it stands under
        elif (name, "service") in self.decided:
            match, service = "decided", self.decided[name, "service"]
        return {
            "service_id": self.present.get(service, service) if service else None,
            "match": match,
            "metric": self.decided.get((name, "words"), words),
        }

    def questions(self) -> Iterator[Row]:
        """Those that nobody answered."""
        for question in self.report.questions:
            open_claims = [
                self._name(claim)
                for claim in question.claims
                if _where(claim) in self.names and (self._name(claim), question.kind) not in self.decided
            ]
            if open_claims or not question.claims:
                yield {
                    **self.about,
                    "question_id": self._question_name(question),
                    "kind": question.kind,
                    "sentence": question.sentence,
                    "candidates": [self.present.get(one, one) for one in question.candidates],
                    "claims": open_claims,
                }

    def _question_name(self, question: Question) -> str:
        about = [self.names.get(_where(claim), "") for claim in question.claims]
        return identity("question", self.report.sha256, question.kind, about or question.sentence)[:10]

    def unplaced(self, one: Unplaced) -> Row:
        return {
            **self.about,
            "number": one.number.text,
            "passage": one.passage.text,
            "place": place_in_words(one.place),
            "start": one.number.start,
            "end": one.number.end,
            "reason": one.reason,
        }


def place_in_words(place: Place) -> str:
    """Such as "page 12, EVA › IMPACT, line 400"."""
    page = [f"page {place.page}"] if place.page else []
    return ", ".join([*page, *([" › ".join(place.path)] if place.path else []), f"line {place.line}"])


_Where = tuple[str, int, int]


def _where(claim: Claim) -> _Where:
    return claim.kind, claim.exact.start, claim.exact.end


def _all(report: Report) -> dict[_Where, Claim]:
    """Every claim once, those that only a growth or a row of a table holds included."""
    held = [
        *(claim for row in report.indicators for claim in (row.before, row.target, row.result)),
        *(side for claim in report.claims for side in (claim.base, claim.result)),
    ]
    return {_where(claim): claim for claim in (*filter(None, held), *report.claims)}


def _names(every: Iterable[Claim], sha256: str) -> dict[_Where, str]:
    """A name for each claim that rests on its words, so that another reader's offsets do not change it."""
    seen: Counter[tuple[object, ...]] = Counter()
    names = {}
    for claim in sorted(every, key=lambda one: (one.exact.start, one.exact.end)):
        words = (claim.kind, claim.passage.text, claim.exact.text, claim.exact.start - claim.passage.start)
        names[_where(claim)] = identity("claim", sha256, *words, seen[words])
        seen[words] += 1
    return names


# --- reading ------------------------------------------------------------------------------


def on_record(connection: sa.Connection, at: datetime, edition: int | None = None) -> list[Row]:
    """The claims of one edition, or of every report, as known at a moment, in the order of their text."""
    rows = [row for row in current(connection, claims, _KEY, at) if edition in (None, row["edition"])]
    return sorted(rows, key=lambda row: (row["edition"], row["report_sha256"], row["start"], row["end"]))


def figures(
    connection: sa.Connection, at: datetime, *, service_id: str | None = None, edition: int | None = None
) -> list[Row]:
    """The printed figures that are understood, as evidence beside observations.

    Args:
        connection: the warehouse.
        at: as known at this moment.
        service_id: of this service only; a match that nobody confirmed counts as none.
        edition: of this edition only.

    Returns:
        Rows of ``claims`` with a value; the text printed is ``text``, its source ``edition`` and ``place``.
    """
    return [
        row
        for row in on_record(connection, at, edition)
        if row["kind"] == "figure"
        and row["value"] is not None
        and (service_id is None or (row["service_id"] == service_id and row["match"] in CONFIRMED))
    ]


def questions(connection: sa.Connection, at: datetime, edition: int | None = None) -> list[Row]:
    """The questions that wait for a person."""
    rows = current(connection, claim_questions, _QUESTION_KEY, at)
    return sorted(
        (row for row in rows if edition in (None, row["edition"])), key=lambda row: row["question_id"]
    )


def unplaced(connection: sa.Connection, at: datetime, edition: int | None = None) -> list[Row]:
    """The numbers without a meaning, in the order of the text."""
    rows = current(connection, unplaced_passages, _PASSAGE_KEY, at)
    return sorted((row for row in rows if edition in (None, row["edition"])), key=lambda row: row["start"])


def editions(connection: sa.Connection, at: datetime) -> dict[int, list[Row]]:
    """The reports on record, by edition."""
    found: dict[int, list[Row]] = {}
    for row in current(connection, reports, ("sha256",), at):
        found.setdefault(row["edition"], []).append(row)
    return found


def proof(connection: sa.Connection, claim: Mapping[str, Any]) -> Row | None:
    """The exchange that brought the report of a claim: a row of ``snapshots``, and so its bytes."""
    query = sa.select(snapshots).where(snapshots.c.sha256 == claim["report_sha256"], snapshots.c.answer)
    first = query.order_by(snapshots.c.fetched_at, snapshots.c.id).limit(1)
    row = connection.execute(first).mappings().first()
    return dict(row) if row else None
