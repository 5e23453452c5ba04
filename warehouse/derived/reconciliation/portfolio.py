"""Figures of the programme itself, beside what the portfolio gives: counts, and PLF indicators."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from warehouse.derived.reconciliation.record import Compared, Record, Verdict
from warehouse.derived.reconciliation.values import agreement, shown
from warehouse.derived.reconciliation.words import stems
from warehouse.history import Row
from warehouse.normalisation.numbers import plain, show

COUNTS = (
    "services_supported",
    "investigations",
    "incubators",
    "impact_national_total",
    "impact_national_new",
)
STANDING = frozenset(COUNTS) - {"impact_national_new"}
"""Counts of what stands on a day; the new ones are those of a year."""

INDICATORS = ("investigated", "launched", "launched_dinum", "stopped", "fast", "impact_national_new")
MEASURES = frozenset((*COUNTS, *INDICATORS))
"""What the portfolio can say of a printed figure."""

_DATED = ("impact_national_total", "impact_national_new")
"""What rests on dated designations; the rest depends on when somebody typed the phases."""


def compared(record: Record) -> Iterator[Compared]:
    """Every count, every result and every target of a table, beside the portfolio."""
    for claim in record.figures():
        measure, role = claim["measure"], claim["role"]
        if role == "target":
            yield _aim(record, claim)
        elif measure in COUNTS and role is None:
            yield _count(record, claim)
        elif measure in INDICATORS or (role == "result" and not claim["service_id"]):
            yield _indicator(record, claim)


def days_of(claim: Row) -> list[date]:
    """The days that a count can be about, likeliest first.

    "En janvier 2024" is one day.  "173 en 2022" is the end of that year, or its start: a report that
    begins a year with so many says no more than one that ends it so.
    """
    named = claim["period"] or ""
    if len(named) == len("2023-12-31"):
        return [date.fromisoformat(named)]
    if len(named) == len("2023-12"):
        return [date.fromisoformat(f"{named}-01")]
    last = date(claim["edition"] + 1, 1, 1)
    if not named.isdigit():
        return [last]
    ends = [date(int(named) + 1, 1, 1), date(int(named), 1, 1)]
    if claim["measure"] == "impact_national_new":
        ends.pop()
    return [day for day in ends if day <= last] or [last]


def day_of(record: Record, claim: Row) -> date:
    """The day that a count is about: the one on which the portfolio says the same, else the likeliest."""
    days = days_of(claim)
    counts = ((day, record.count(claim["measure"], day)) for day in days)
    return next((day for day, count in counts if count and count.value == claim["value"]), days[0])


def _count(record: Record, claim: Row) -> Compared:
    day = day_of(record, claim)
    count = record.count(claim["measure"], day)
    if count is None:
        reason = f"Aucun portefeuille n'est au dossier autour du {day:%d/%m/%Y}."
        return Compared("portfolio", claim, "no_data", reason, day.year - 1)
    source, year = f"Le portefeuille au {count.seen_on:%d/%m/%Y}", day.year - 1
    active = (
        record.count("impact_national_active", day) if claim["measure"] == "impact_national_total" else None
    )
    if active and active.value == claim["value"] != count.value:
        gone = show(count.value - active.value)
        reason = (
            f"{source} en donne {show(count.value)}, dont {gone} arrêté(s) depuis : restent ceux imprimés."
        )
        proof = (("portfolio_count", count.id), ("portfolio_count", active.id))
        return Compared("portfolio", claim, "consistent", reason, year, show(active.value), proof)
    return _beside(claim, count.value, source, ("portfolio_count", count.id), year)


def _indicator(record: Record, claim: Row) -> Compared:
    year = record.year_of(claim)
    aim = _target(record, claim)
    row = record.indicator(claim["measure"], year) if claim["measure"] in INDICATORS else None
    if row is None:
        known = claim["measure"] in INDICATORS
        reason = (
            f"L'année {year} n'est pas encore calculée." if known else "Aucune source publique ne le donne."
        )
        return Compared("portfolio", claim, "no_data", f"{aim}{reason}", year)
    source = f"{aim}Le portefeuille de {year}"
    return _beside(claim, row["value"], source, ("plf_indicator", row["id"]), year)


def _aim(record: Record, claim: Row) -> Compared:
    """A target is set by the budget, and known from what is printed alone."""
    results = (f" Le résultat imprimé est {shown(one)}." for one in record.figures() if _same_row(one, claim))
    reason = f"Aucune source publique ne donne cet objectif, hors le bilan lui-même.{next(results, '')}"
    return Compared("portfolio", claim, "no_data", reason, record.year_of(claim))


def _target(record: Record, claim: Row) -> str:
    """Whether a result of a table reached the target printed beside it, in words."""
    for other in record.figures():
        if _same_row(claim, other):
            reached = "atteint" if claim["value"] >= other["value"] else "non atteint"
            return f"Objectif {shown(other)} : {reached}. "
    return ""


def _same_row(result: Row, target: Row) -> bool:
    """True for the result and the target of one row and one year of a table."""
    same = all(result[name] == target[name] for name in ("measure", "period"))
    words = stems(result["metric"]) == stems(target["metric"])
    return same and words and (result["role"], target["role"]) == ("result", "target")


def _beside(claim: Row, value: Decimal, source: str, proof: tuple[str, str], year: int) -> Compared:
    counted = {"value": value, "low": value, "high": value, "qualifier": "exact"}
    agreed: Verdict = agreement(claim, counted)
    gap = show(plain(value - claim["value"]), signed=True)
    said = {
        "exact": "comme imprimé.",
        "consistent": "compatible avec ce qui est imprimé.",
        "inconsistent": f"écart {gap} avec le chiffre imprimé.",
    }
    reason = f"{source} en donne {shown(counted)}, {said[agreed]}"
    if agreed == "inconsistent" and claim["measure"] not in _DATED:
        agreed = "not_comparable"
        reason += " Le portefeuille n'a pas forcément daté les phases comme le bilan les a comptées."
    return Compared("portfolio", claim, agreed, reason, year, shown(counted), (proof,))
