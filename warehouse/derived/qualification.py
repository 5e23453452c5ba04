"""Qualification: what may be said of a service, criterion by criterion, with the evidence.

Each criterion is *met*, *not met* or *unknown*.  Unknown is never counted as no: "plus de
95 000" against a threshold of 100 000 may well be above it, a field missing from the portfolio
does not prove that the thing is missing, and no figure at all proves nothing.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal, NamedTuple

from connectors.portfolio import Phase, Product, classify_url, phase_at
from connectors.service import Reach
from warehouse.derived.rules import Cohorts, Requirement, RuleSet, Threshold

Verdict = Literal["met", "not_met", "unknown"]
Criterion = Literal["deployment", "impact", "quality"]

_COUNTED = ("stock", "flow", "cumulative")
"""The natures that count something, and can therefore reach a threshold."""

FIRST_LATE_EVENT = 2023
"""From this year on, events dated January to April belong to the cohort of the year before."""


@dataclass(frozen=True, slots=True)
class JudgedFigure:
    """The last known figure of one metric; ``value`` is ``None`` where none is available.

    An open side (``at_least``) is ``None`` in ``low`` or ``high``, as in ``observations``.
    """

    metric_id: str
    label: str
    value: Decimal | None
    low: Decimal | None
    high: Decimal | None
    qualifier: str
    unit: str
    nature: str
    reach: Reach
    kind: Literal["usage", "impact"]
    observation_id: str
    held_back: bool
    period_end: date


@dataclass(frozen=True, slots=True)
class StatisticsProof:
    """What our own collection proves about the statistics page; ``None``: not tried, not known."""

    collected: bool | None
    fresh: bool | None
    figures_found: int
    reason: str | None


@dataclass(frozen=True, slots=True)
class Evidence:
    """One thing that speaks for a verdict: what kind of thing, where it is, and the sentence staff read."""

    kind: str
    ref: str
    sentence_fr: str


class Finding(NamedTuple):
    """A verdict with its evidence."""

    verdict: Verdict
    evidence: tuple[Evidence, ...]


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
) -> Judgement:
    """The three criteria of ``product`` on day ``on``, under ``rules``."""
    phase = phase_at(product.phases, on)
    criteria: dict[Criterion, Finding] = {
        "deployment": _deployment(phase, product, rules),
        "impact": _impact([figure for figure in figures if figure.period_end <= on], rules),
        "quality": _quality(phase, product, proof, rules),
    }
    return Judgement(_all(finding.verdict for finding in criteria.values()), criteria, rules.id)


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


def _all(verdicts: Iterable[Verdict]) -> Verdict:
    """Met if all are, not met if one is not, else unknown."""
    found = set(verdicts)
    return "not_met" if "not_met" in found else "unknown" if "unknown" in found else "met"


def _any(verdicts: Iterable[Verdict]) -> Verdict:
    """Met if one is, not met if there are some and none is or may be, else unknown."""
    found = set(verdicts)
    return "met" if "met" in found else "not_met" if found == {"not_met"} else "unknown"


def _deciding(verdict: Verdict, findings: Iterable[tuple[Verdict, Evidence]]) -> tuple[Evidence, ...]:
    """All the evidence, that of the verdict first."""
    return tuple(evidence for _, evidence in sorted(findings, key=lambda found: found[0] != verdict))


# --- criterion 1 --------------------------------------------------------------------------


def _deployment(phase: Phase | None, product: Product, rules: RuleSet) -> Finding:
    """The portfolio tells the phase, not the territory covered: the phase decides."""
    if phase is None:
        evidence = Evidence("phase", f"{product.id}/phases", "Aucune phase n'est en cours à cette date.")
        return Finding("unknown", (evidence,))
    verdict: Verdict = (
        "met"
        if phase.name in rules.deployment.accepted
        else "not_met"
        if phase.name in rules.deployment.refused
        else "unknown"
    )
    sentence = f"{_phase_told(phase)} : {_PHASE_SAYS[verdict]}."
    return Finding(verdict, (Evidence("phase", _phase_ref(product, phase), sentence),))


_PHASE_SAYS: Mapping[Verdict, str] = {
    "met": "le service est en déploiement ou pérennisé",
    "not_met": "le service n'est pas, ou n'est plus, déployé nationalement",
    "unknown": "les règles ne connaissent pas cette phase",
}


def _phase_told(phase: Phase) -> str:
    since = f"depuis le {phase.start:%d/%m/%Y}" if phase.start else "à une date non renseignée"
    return f"Phase « {phase.name} » {since}"


def _phase_ref(product: Product, phase: Phase) -> str:
    return f"{product.id}/phases/{phase.name}/{phase.start or ''}"


# --- criterion 2 --------------------------------------------------------------------------


def _impact(figures: Sequence[JudgedFigure], rules: RuleSet) -> Finding:
    """One figure above its threshold is proof; figures below it, all of them, are proof of the contrary."""
    thresholds = [(figure, rules.impact.get(figure.reach)) for figure in figures if figure.nature in _COUNTED]
    findings = [_against(figure, threshold) for figure, threshold in thresholds if threshold]
    if not findings:
        return Finding(
            "unknown", (Evidence("rule", rules.id, "Aucun chiffre publié ne se compare à un seuil."),)
        )
    verdict = _any(found for found, _ in findings)
    return Finding(verdict, _deciding(verdict, findings))


def _against(figure: JudgedFigure, threshold: Threshold) -> tuple[Verdict, Evidence]:
    verdict, because = _position(figure, threshold)
    limit = _number(threshold.at_least)
    sentence = f"{figure.label} : {_told(figure)}, {because.format(limit=limit)}."
    return verdict, Evidence("figure", figure.observation_id, sentence)


def _position(figure: JudgedFigure, threshold: Threshold) -> tuple[Verdict, str]:
    """Where a figure stands; a flow below tells one period only, not all that the service reached."""
    if figure.held_back:
        return "unknown", "chiffre retenu par un contrôle"
    low, high = _bounds(figure)
    if low is not None and low >= threshold.at_least:
        return "met", "au moins égal au seuil de {limit}"
    if high is None or high >= threshold.at_least:
        return "unknown", "ce qui ne permet pas de dire si le seuil de {limit} est atteint"
    if figure.nature == "flow":
        return "unknown", "sous le seuil de {limit}, mais sur une période seulement"
    if threshold.below == "unknown":
        return "unknown", "sous {limit}, ce qui ne prouve rien sans la taille de la cible"
    return "not_met", "sous le seuil de {limit}"


def _bounds(figure: JudgedFigure) -> tuple[Decimal | None, Decimal | None]:
    """The interval of a figure; with none given, an exact figure is itself and "plus de" is open above."""
    if (figure.low, figure.high) != (None, None) or figure.value is None:
        return figure.low, figure.high
    low = figure.value if figure.qualifier in ("exact", "at_least") else None
    high = figure.value if figure.qualifier in ("exact", "at_most") else None
    return low, high


_QUALIFIERS = {"at_least": "plus de ", "at_most": "moins de ", "about": "environ "}


def _told(figure: JudgedFigure) -> str:
    if figure.value is None:
        return "non disponible"
    return f"{_QUALIFIERS.get(figure.qualifier, '')}{_number(figure.value)}"


def _number(value: Decimal) -> str:
    """As French prints it, with narrow no-break spaces."""
    return f"{value.normalize():,f}".replace(",", "\u202f").replace(".", ",")


# --- criterion 3 --------------------------------------------------------------------------


class _Known(NamedTuple):
    """Everything that a requirement may look at."""

    phase: Phase | None
    product: Product
    proof: StatisticsProof
    rules: RuleSet


def _quality(phase: Phase | None, product: Product, proof: StatisticsProof, rules: RuleSet) -> Finding:
    """Every requirement of the rule set, all to be met."""
    known = _Known(phase, product, proof, rules)
    findings = [_REQUIREMENTS[name](known) for name in rules.quality]
    verdict = _all(found for found, _ in findings)
    return Finding(verdict, _deciding(verdict, findings))


def _accessibility(known: _Known) -> tuple[Verdict, Evidence]:
    status = known.product.accessibility_status
    ref = f"{known.product.id}/accessibility_status"
    if status:
        return "met", Evidence("field", ref, f"Accessibilité déclarée : « {status} ».")
    return "unknown", Evidence("field", ref, "Aucun état d'accessibilité n'est déclaré dans le portefeuille.")


def _statistics(known: _Known) -> tuple[Verdict, Evidence]:
    """The requirement we prove ourselves; a page that we fail to read is our failure first."""
    verdict, sentence = _statistics_told(known.proof)
    because = f" ({known.proof.reason.rstrip('.')})" if known.proof.reason and verdict != "met" else ""
    return verdict, Evidence("collection", f"{known.product.id}/statistics", f"{sentence}{because}.")


def _statistics_told(proof: StatisticsProof) -> tuple[Verdict, str]:
    if not proof.collected:
        return "unknown", "Les statistiques n'ont pas été collectées"
    if not proof.figures_found or proof.fresh is None:
        return "unknown", "La page de statistiques répond, sans chiffre dont la date soit établie"
    if not proof.fresh:
        return "not_met", "Les statistiques en ligne ne sont plus mises à jour"
    return "met", f"Statistiques collectées et à jour ({_figures(proof.figures_found)})"


def _team(known: _Known) -> tuple[Verdict, Evidence]:
    phase, team = known.phase, known.rules.team
    if phase is None:
        evidence = Evidence(
            "phase", f"{known.product.id}/phases", "Aucune phase n'est en cours à cette date."
        )
        return "unknown", evidence
    ref = _phase_ref(known.product, phase)
    if phase.name in team.active:
        return "met", Evidence("phase", ref, f"{_phase_told(phase)} : une équipe est à l'œuvre.")
    if phase.name in team.ended:
        return "not_met", Evidence("phase", ref, f"{_phase_told(phase)} : il n'y a plus d'équipe.")
    return "unknown", Evidence(
        "phase", ref, f"{_phase_told(phase)} : le portefeuille ne dit rien de l'équipe."
    )


def _address(field: Literal["repository", "budget_url"], found: str, missing: str) -> "_Check":
    """A requirement that a usable address in the portfolio meets, and that its absence leaves open."""

    def check(known: _Known) -> tuple[Verdict, Evidence]:
        url = classify_url(getattr(known.product, field), known.product.link).url
        ref = f"{known.product.id}/{field}"
        return (
            ("met", Evidence("field", ref, f"{found} : {url}."))
            if url
            else ("unknown", Evidence("field", ref, missing))
        )

    return check


def _figures(count: int) -> str:
    return f"{count} chiffre{'s' if count > 1 else ''}"


_Check = Callable[[_Known], tuple[Verdict, Evidence]]
_REQUIREMENTS: Mapping[Requirement, _Check] = {
    "accessibility": _accessibility,
    "statistics": _statistics,
    "team": _team,
    "source": _address(
        "repository", "Code source ouvert", "Aucun dépôt de code n'est indiqué dans le portefeuille."
    ),
    "budget": _address("budget_url", "Budget publié", "Aucun budget n'est indiqué dans le portefeuille."),
}
