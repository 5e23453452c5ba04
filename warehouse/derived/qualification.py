"""Qualification: what may be said of a service, criterion by criterion, with the evidence.

Each criterion is *met*, *not met* or *unknown*.  Unknown is never counted as no: "plus de
95 000" against a threshold of 100 000 may well be above it, a field missing from the portfolio
does not prove that the thing is missing, and no figure at all proves nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from connectors.portfolio import Product, phase_at
from warehouse.derived.criteria import deployment, impact, quality
from warehouse.derived.evidence import (
    Criterion,
    Finding,
    JudgedFigure,
    PrintedFigure,
    StatisticsProof,
    Verdict,
    all_of,
)
from warehouse.derived.rules import Cohorts, RuleSet

FIRST_LATE_EVENT = 2023
"""From this year on, events dated January to April belong to the cohort of the year before."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """The three criteria of one service on one day, and what they give together."""

    verdict: Verdict
    criteria: Mapping[Criterion, Finding]
    rule_set: str


# --- what the programme says --------------------------------------------------------------


def cohort_of(product: Product, cohorts: Cohorts) -> int | None:
    """The cohort of a designated service: the printed lists first, then its event, else ``None``.

    Designations are announced with the annual report, in the first months of the next year, and
    since 2023 the event often bears the day of the announcement.
    """
    if product.id in cohorts.by_id:
        return cohorts.by_id[product.id]
    day = _event_day(product)
    if day is None:
        return None
    return day.year - 1 if day.year >= FIRST_LATE_EVENT and day.month <= 4 else day.year


def designated_on(product: Product, cohorts: Cohorts) -> date | None:
    """The day from which a service counts as designated: in its cohort's year, whatever the event says."""
    cohort = cohort_of(product, cohorts)
    if cohort is None:
        return None
    day = _event_day(product)
    return day if day and day.year == cohort else date(cohort, 12, 31)


def _event_day(product: Product) -> date | None:
    return min(
        (event.date for event in product.events if event.name == "national_impact" and event.date),
        default=None,
    )


# --- what the rules derive ----------------------------------------------------------------


def judge(
    product: Product,
    figures: Sequence[JudgedFigure],
    proof: StatisticsProof,
    rules: RuleSet,
    on: date,
    printed: Sequence[PrintedFigure] = (),
) -> Judgement:
    """The three criteria of ``product`` on day ``on``, under ``rules``.

    Args:
        product: as the portfolio tells it.
        figures: those collected.
        proof: what our visits prove of the statistics page.
        rules: the rule set.
        on: the day; what describes a later one is not looked at.
        printed: the figures that reports print of it: evidence of impact beside those collected.
    """
    phase = phase_at(product.phases, on)
    criteria: dict[Criterion, Finding] = {
        "deployment": deployment(phase, product, rules, on),
        "impact": impact(
            [figure for figure in figures if figure.period_end <= on],
            [figure for figure in printed if figure.period_end <= on],
            rules,
        ),
        "quality": quality(phase, product, proof, rules),
    }
    return Judgement(all_of(finding.verdict for finding in criteria.values()), criteria, rules.id)


def disagreement(judgement: Judgement, designated: date | None) -> str | None:
    """How the rules and the official designation differ, in one French sentence; ``None`` if they do not."""
    if designated is None:
        return (
            "Les règles l'établissent, mais aucune désignation n'est connue."
            if judgement.verdict == "met"
            else None
        )
    causes = [
        _cause(name, finding) for name, finding in judgement.criteria.items() if finding.verdict != "met"
    ]
    if not causes:
        return None
    verb = "contredisent" if judgement.verdict == "not_met" else "ne confirment pas"
    said = f"Désigné le {designated:%d/%m/%Y}, ce que les règles ({judgement.rule_set}) {verb}"
    return f"{said} : {' ; '.join(causes)}."


_CRITERIA: Mapping[Criterion, str] = {
    "deployment": "déploiement",
    "impact": "impact",
    "quality": "respect des standards",
}
_VERDICTS: Mapping[Verdict, str] = {"met": "atteint", "not_met": "non atteint", "unknown": "indéterminé"}


def _cause(criterion: Criterion, finding: Finding) -> str:
    """The criterion, its verdict, and the first evidence: the one that decided."""
    because = finding.evidence[0].sentence_fr.rstrip(".")
    return f"{_CRITERIA[criterion]} {_VERDICTS[finding.verdict]} ({because})"
