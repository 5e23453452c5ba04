"""One edition beside another: the same year, figure and service printed twice."""

from collections.abc import Iterator
from decimal import Decimal

from warehouse.derived.reconciliation.figures import compared_one
from warehouse.derived.reconciliation.portfolio import STANDING, day_of
from warehouse.derived.reconciliation.record import Compared, Finding, Record, Verdict
from warehouse.derived.reconciliation.values import (
    agreement,
    is_rounded,
    shown,
    shown_text,
    significant,
    slip,
)
from warehouse.derived.reconciliation.words import NEW, likeness, pace, stems
from warehouse.history import Row

_ALIKE = 0.5
_REVISED = Decimal("1.25")
"""Above this ratio a number is not merely revised: what is counted has changed."""

_OTHER_PACE = 0.9
"""How alike two figures are at most, one of which counts weeks and the other years."""

_TELLING = 3
"""Digits: numbers of fewer are equal, or ten times each other, by chance."""

_NAMED = ("sentence", "column", "table")


def compared(record: Record) -> Iterator[Compared]:
    """Every figure that another edition prints too, beside it: once for each such edition."""
    for claim in record.figures():
        if claim["role"] == "target":
            continue
        for edition in sorted({row["edition"] for row in record.others}):
            other = _same_figure(record, claim, edition)
            if other:
                yield _beside(claim, other, record.year_of(claim), record)
        yield from _said_twice(record, claim)


def _when(record: Record, claim: Row) -> str:
    """What a figure is told of, as far as it is said: a month or a day of it, other days, or else a year."""
    if claim["measure"] in STANDING and claim["role"] is None:
        return f"{day_of(record, claim):%Y-%m}"
    named = claim["period"] or ""
    if "/" in named:
        return named
    return named[:7] if named[4:5] == "-" else str(record.year_of(claim))


def _same_figure(record: Record, claim: Row, edition: int) -> Row | None:
    """The figure of another edition that is about the same thing, or nothing when several are."""
    when = _when(record, claim)
    found = [
        (_likeness(record, claim, other), other)
        for other in record.others
        if other["edition"] == edition
        and other["kind"] == "figure"
        and other["value"] is not None
        and other["role"] != "target"
        and _when(record, other) == when
    ]
    best = max((like for like, _ in found), default=0.0)
    nearest = [other for like, other in found if like == best]
    if best < _ALIKE:
        return None
    agreeing = [other for other in nearest if agreement(claim, other) == "exact"]
    return next(iter(agreeing), nearest[0] if len(nearest) == 1 else None)


def _likeness(record: Record, claim: Row, other: Row) -> float:
    """From 0 to 1: one measure of the programme, or one service in words that are alike."""
    if claim["measure"] or other["measure"]:
        # What a service was granted is told once, by its name; other measures are unique.
        same = claim["measure"] == other["measure"] and claim["service_id"] == other["service_id"]
        return float(same)
    one, two = record.service_of(claim), record.service_of(other)
    if (one and one.service_id) != (two and two.service_id):
        return 0.0
    common = likeness(stems(claim["metric"]), stems(other["metric"])).common
    if not one and common < 1:
        return 0.0
    return common if _pace(claim) == _pace(other) else common * _OTHER_PACE


def _pace(claim: Row) -> str | None:
    return pace(claim["rhythm"], claim["metric"])


def _said_twice(record: Record, claim: Row) -> Iterator[Compared]:
    """A figure that the same report prints once more, with a slip of the hand between the two."""
    for other in record.figures():
        if other["start"] <= claim["start"] or other["role"] == "target" or other["unit"] != claim["unit"]:
            continue
        alike = _when(record, claim) == _when(record, other) and _likeness(record, claim, other) == 1
        typed = slip(claim, other) if alike and claim["nature"] == other["nature"] else None
        if typed and min(significant(claim), significant(other)) >= _TELLING:
            about, year = record.service_of(claim), record.year_of(claim)
            yield Compared(
                "edition",
                claim,
                "inconsistent",
                f"Pour {year}, le bilan {claim['edition']} imprime {shown_text(claim)}, puis"
                f" {shown_text(other)} : l'un des deux est une faute de frappe, {typed}.",
                year,
                shown(other),
                (("claim", other["claim_id"]),),
                against=str(claim["edition"]),
                finding="slip",
                service_id=about.service_id if about else None,
            )


def _beside(claim: Row, other: Row, year: int, record: Record) -> Compared:
    verdict, finding, why = _told(claim, other)
    if finding == "slip":
        finding, why = _whose(record, claim, other, why)
    elif finding and (left := _left_over(record, claim, other, year)):
        verdict, finding, why = "inconsistent", "slip", left
    about = record.service_of(claim)
    says = f"Pour {year}, le bilan {claim['edition']} imprime {shown_text(claim)}"
    reason = f"{says}, le bilan {other['edition']} {shown_text(other)} : {why}."
    return Compared(
        "edition",
        claim,
        verdict,
        reason,
        year,
        shown(other),
        (("claim", other["claim_id"]),),
        against=str(other["edition"]),
        finding=finding,
        service_id=about.service_id if about else None,
    )


def _whose(record: Record, claim: Row, other: Row, why: str) -> tuple[Finding | None, str]:
    """Which of two claims is the slip, where machines saw the figure: the other one is not accused."""
    here, there = (compared_one(record, row).verdict in ("exact", "consistent") for row in (claim, other))
    if here == there:
        return "slip", f"l'un des deux est une faute de frappe, {why}"
    edition = (other if here else claim)["edition"]
    return None if here else "slip", f"faute de frappe dans le bilan {edition}, {why}"


def _left_over(record: Record, claim: Row, other: Row, year: int) -> str | None:
    """Whether one of two is the number of the year before, left where that of the year should stand."""
    for one, beside in ((claim, other), (other, claim)):
        before = (
            row
            for row in (*record.own, *record.others)
            if row["edition"] == beside["edition"]
            and row["value"] == one["value"]
            and row["kind"] == "figure"
            and row["role"] != "target"
            and record.year_of(row) == year - 1
            and _likeness(record, one, row) == 1
        )
        if (one["measure"] or significant(one) >= _TELLING) and any(before):
            return f"celui du bilan {one['edition']} est le chiffre de {year - 1}, laissé en place"
    return None


def _told(claim: Row, other: Row) -> tuple[Verdict, Finding | None, str]:
    """What became of a figure between two editions."""
    agreed = agreement(claim, other)
    if changed := _redefinition(claim, other):
        return "not_comparable", "redefined", changed
    if _pace(claim) != _pace(other):
        return "not_comparable", None, "ils ne comptent pas sur la même durée"
    if agreed == "exact":
        return "exact", None, "c'est le même chiffre"
    if agreed == "consistent":
        return "consistent", None, "les deux précisions imprimées sont compatibles"
    if is_rounded(claim, other):
        return "consistent", None, "l'un est l'autre, arrondi"
    typed = slip(claim, other)
    if typed:
        return "inconsistent", "slip", typed
    if _other_words(claim, other):
        return "not_comparable", None, "les mots ne sont pas les mêmes, et peut-être pas ce qui est compté"
    if _ratio(claim, other) > _REVISED:
        return (
            "not_comparable",
            "redefined",
            "l'écart est trop grand pour une révision, ce qui est compté a changé",
        )
    if not all(row["period_from"] in _NAMED for row in (claim, other)):
        return "not_comparable", "restated", "chiffre révisé, ou pris à une autre date de l'année"
    return (
        "inconsistent",
        "restated",
        f"le bilan {max(claim['edition'], other['edition'])} a révisé le chiffre",
    )


def _redefinition(claim: Row, other: Row) -> str | None:
    """How the thing counted changed, if the words or the unit say so."""
    if claim["unit"] != other["unit"] and claim["unit"] and other["unit"]:
        return f"l'unité a changé ({claim['unit']}, {other['unit']})"
    natures = {claim["nature"], other["nature"]} - {None}
    if len(natures) == 2:
        return "l'un compte un cumul, l'autre ce qui est nouveau"
    if claim["measure"] is None and NEW in stems(claim["metric"]) ^ stems(other["metric"]):
        return "l'un ne compte que les nouveaux"
    return None


def _other_words(claim: Row, other: Row) -> bool:
    """Whether each of two has words of its own: they may well count two things."""
    one, two = stems(claim["metric"]), stems(other["metric"])
    return claim["measure"] is None and bool(one - two and two - one)


def _ratio(claim: Row, other: Row) -> Decimal:
    small, large = sorted(abs(row["value"]) for row in (claim, other))
    return large / small if small else Decimal("Infinity")
