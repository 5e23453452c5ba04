"""What a person sees of printed reports on a terminal: what was read, and the reconciliation in French."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from rich.markup import escape
from rich.table import Table

from pipelines.report import console
from pipelines.reports import Imported
from warehouse.claims import CONFIRMED
from warehouse.derived.reconciliation.record import ORDER
from warehouse.history import Row
from warehouse.words import AGREEMENTS, COMPARISONS, FINDINGS

_SHOWN = 90
"""Characters of a passage."""

_STYLES = {"exact": "green", "consistent": "green", "inconsistent": "red", "no_data": "dim"}


def print_imported(told: Imported) -> None:
    """What was read of a report, what waits for a person, and what could not be placed."""
    for line in _imported(told):
        console.print(escape(line), highlight=False, soft_wrap=True)


def _imported(told: Imported) -> Iterator[str]:
    counted = Counter(row["kind"] for row in told.claims)
    services = Counter(row["match"] for row in told.claims)
    matched = sum(services[match] for match in CONFIRMED)
    yield f"Report {told.report.edition} ({told.report.format}, sha256 {told.report.sha256[:12]}…)"
    if told.trouble:
        yield f"Names come from the service files only: {told.trouble}"
    yield (
        f"{len(told.claims)} claims ({counted['figure']} figures, {counted['growth']} growths): {matched} of"
        f" a service named there, {services['likely']} of a likely one, {services['none']} of no service."
    )
    yield from _parts("Not understood", [f"{_where(row)}: {row['trouble']}" for row in _troubled(told)])
    yield from _parts(
        "Questions", [line for row in told.questions for line in _question(row)], len(told.questions)
    )
    placed = [
        f"{_where(row)}: {row['number']!r}, {row['reason']}: {_short(row['passage'])}"
        for row in told.unplaced
    ]
    yield from _parts("Unplaced", placed)
    yield f"{len(told.report.skipped)} numbers count nothing (dates, pages…). {told.added} rows added."
    if told.blocked:
        yield f"The night of {told.blocked} was blocked: qualifications stay as they were until one passes."


def _parts(title: str, lines: Sequence[str], count: int | None = None) -> Iterator[str]:
    yield f"{title}: {len(lines) if count is None else count}"
    yield from (f"  {line}" for line in lines)


def _troubled(told: Imported) -> list[Row]:
    return [row for row in told.claims if row["trouble"]]


def _question(row: Row) -> Iterator[str]:
    yield f"{row['question_id']}  {row['sentence']} ({len(row['claims'])} claims)"
    if row["candidates"]:
        yield f"            candidates: {', '.join(row['candidates'])}"


def _where(row: Row) -> str:
    return str(row["place"])


def _short(passage: str) -> str:
    line = " ".join(passage.split())
    return line if len(line) <= _SHOWN else f"{line[:_SHOWN]}…"


def imported_as_json(told: Imported) -> dict[str, Any]:
    """The same for scripts: the rows as kept."""
    return {
        "edition": told.report.edition,
        "sha256": told.report.sha256,
        "claims": told.claims,
        "questions": told.questions,
        "unplaced": told.unplaced,
        "skipped": len(told.report.skipped),
        "added": told.added,
        "blocked": told.blocked,
    }


def print_reconciliation(rows: Sequence[Row], edition: int, *, every: bool = False) -> None:
    """One table per kind of comparison, in French, then the sums."""
    for comparison in ORDER:
        kept = [row for row in rows if row["comparison"] == comparison]
        shown = [row for row in kept if every or row["verdict"] != "no_data"]
        if shown:
            console.print(_table(shown, f"Bilan {edition} : {COMPARISONS[comparison]}"))
        if kept:
            console.print(_sum(kept), highlight=False)
    found = Counter(row["finding"] for row in rows if row["finding"])
    if found:
        told = ", ".join(f"{FINDINGS[name]} : {count}" for name, count in found.items())
        console.print(f"À regarder : {told}.", highlight=False)


def _table(rows: Sequence[Row], title: str) -> Table:
    table = Table(title=title, title_justify="left")
    for name in ("service", "ce qui est imprimé", "ce que l'entrepôt calcule", "verdict", "raison"):
        table.add_column(name, overflow="fold")
    for row in rows:
        printed = f"{row['printed']} {row['metric'] or ''}".strip()
        verdict = AGREEMENTS[row["verdict"]]
        found = f"{verdict} ({FINDINGS[row['finding']]})" if row["finding"] else verdict
        cells = (row["service_id"] or "—", _short(printed), row["computed"] or "—", found, row["reason"])
        table.add_row(*map(escape, cells), style=_STYLES.get(row["verdict"]))
    return table


def _sum(rows: Sequence[Row]) -> str:
    counted = Counter(row["verdict"] for row in rows)
    return f"{len(rows)} : " + ", ".join(
        f"{AGREEMENTS[name]} {counted[name]}" for name in AGREEMENTS if counted[name]
    )
