"""Sums: the total of one year plus the new ones, beside the next year's total."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from warehouse.derived.reconciliation.portfolio import day_of
from warehouse.derived.reconciliation.record import Compared, Finding, Record, Verdict
from warehouse.derived.reconciliation.values import added, agreement, shown
from warehouse.derived.reconciliation.words import NEW, likeness, stems
from warehouse.history import Row
from warehouse.normalisation.numbers import show

_TOTAL, _NEW, _ACTIVE = "impact_national_total", "impact_national_new", "impact_national_active"
_ALIKE = 0.5

_Known = tuple[Decimal, tuple[str, str], bool]
"""A number, its proof, and whether a report prints it."""


def compared(record: Record) -> Iterator[Compared]:
    """The totals of services of national impact, and the totals since launch of each service."""
    for claim in record.figures():
        if claim["measure"] == _TOTAL:
            yield _national(record, claim)
        elif not claim["measure"] and claim["nature"] == "cumulative":
            yield from _since_launch(record, claim)


# --- services of national impact ----------------------------------------------------------


def _national(record: Record, claim: Row) -> Compared:
    """One total explained: the one of a year before, plus the new ones, less those stopped since."""
    day = day_of(record, claim)
    year = day.year - 1
    before, new = _total(record, day.year - 1), _new(record, year)
    if before is None or new is None:
        reason = f"Le total au 1er janvier {year} ou les nouveaux de {year} ne sont pas au dossier."
        return Compared("sum", claim, "no_data", reason, year)
    sentence, proofs = _chain(record, year, before, new)
    proved = (before[1], new[1], *proofs)
    told = before[0] + new[0]
    stopped = _stopped(record, year)
    stopped = stopped if claim["value"] == told - stopped else _inactive(record, day)
    verdict, ending = _summed(claim["value"], told, stopped, printed=before[2] and new[2])
    finding: Finding | None = "slip" if verdict == "inconsistent" else None
    return Compared("sum", claim, verdict, f"{sentence}{ending}", year, show(told), proved, finding=finding)


def _summed(total: Decimal, told: Decimal, stopped: Decimal, *, printed: bool) -> tuple[Verdict, str]:
    if total == told:
        return "exact", ", comme imprimé."
    if stopped and total == told - stopped:
        return "consistent", f" ; moins {show(stopped)} arrêté(s) depuis, le compte y est."
    ending = f", et non {show(total)}"
    if printed:
        return "inconsistent", f"{ending} : les nombres imprimés ne s'additionnent pas."
    return "not_comparable", f"{ending} ; mais tous ces nombres ne sont pas imprimés."


def _chain(record: Record, year: int, before: _Known, new: _Known) -> tuple[str, tuple[tuple[str, str], ...]]:
    """The sum in words, and that of the year before when it adds up: "12 + 6 = 18 ; 18 + 6 = 24"."""
    last = f"{show(before[0])} au 1er janvier {year} + {show(new[0])} en {year} = {show(before[0] + new[0])}"
    earlier, then = _total(record, year - 1), _new(record, year - 1)
    if earlier is None or then is None or earlier[0] + then[0] != before[0]:
        return last, ()
    first = (
        f"{show(earlier[0])} au 1er janvier {year - 1} + {show(then[0])} en {year - 1} = {show(before[0])}"
    )
    return f"{first} ; {last}", (earlier[1], then[1])


def _total(record: Record, year: int) -> _Known | None:
    """The total at the start of a year: as an edition printed it, else as the portfolio gives it."""
    printed = {
        row["value"]: row
        for row in (*record.own, *record.others)
        if row["measure"] == _TOTAL and row["value"] is not None and day_of(record, row) == date(year, 1, 1)
    }
    if len(printed) == 1:
        value, row = printed.popitem()
        return value, ("claim", row["claim_id"]), True
    counted = record.count(_TOTAL, date(year, 1, 1))
    return (counted.value, ("portfolio_count", counted.id), False) if counted else None


def _new(record: Record, year: int) -> _Known | None:
    """The new ones of a year: as printed by the edition of that year, by another, or as designated."""
    printed = [
        row
        for row in (*record.own, *record.others)
        if row["measure"] == _NEW
        and row["role"] != "target"
        and row["value"] is not None
        and record.year_of(row) == year
    ]
    for row in sorted(printed, key=lambda one: one["edition"] != year):
        return row["value"], ("claim", row["claim_id"]), True
    counted = record.indicator(_NEW, year)
    return (counted["value"], ("plf_indicator", counted["id"]), False) if counted else None


def _stopped(record: Record, year: int) -> Decimal:
    """The services of national impact stopped in a year, as the portfolio dates it."""
    gone = [_inactive(record, date(start, 1, 1)) for start in (year, year + 1)]
    return max(gone[1] - gone[0], Decimal(0))


def _inactive(record: Record, day: date) -> Decimal:
    total, active = record.count(_TOTAL, day), record.count(_ACTIVE, day)
    return total.value - active.value if total and active else Decimal(0)


# --- totals since launch ------------------------------------------------------------------


def _since_launch(record: Record, claim: Row) -> Iterator[Compared]:
    """A total since launch, where the total of the year before and the new ones are printed too."""
    year, about = record.year_of(claim), record.service_of(claim)
    before = _printed(record, claim, year - 1, "cumulative")
    new = _printed(record, claim, year, "flow")
    if not about or not before or not new or new["claim_id"] == claim["claim_id"]:
        return
    told = added(before, new)
    agreed: Verdict = agreement(claim, told)
    sentence = f"{shown(before)} fin {year - 1} + {shown(new)} nouveaux = {shown(told)}"
    ending = ", et non " + shown(claim) if agreed == "inconsistent" else ", ce que le total imprimé permet"
    yield Compared(
        "sum",
        claim,
        agreed,
        f"{sentence}{ending}.",
        year,
        shown(told),
        (("claim", before["claim_id"]), ("claim", new["claim_id"])),
        finding="slip" if agreed == "inconsistent" else None,
        service_id=about.service_id,
    )


def _printed(record: Record, claim: Row, year: int, nature: str) -> Row | None:
    """The figure of the same service, in words that are alike, of a year and a nature."""
    said = stems(claim["metric"]) - {NEW}
    found = [
        row
        for row in (*record.own, *record.others)
        if row["kind"] == "figure"
        and row["value"] is not None
        and row["nature"] == nature
        and row["unit"] == claim["unit"]
        and not (nature == "flow" and row["rhythm"])
        and record.year_of(row) == year
        and _of(record, row) == _of(record, claim)
        and likeness(said, stems(row["metric"]) - {NEW}).common > _ALIKE
    ]
    return found[0] if len(found) == 1 else None


def _of(record: Record, claim: Row) -> str | None:
    about = record.service_of(claim)
    return about.service_id if about else None
