"""Criteria: the three conditions of "impact national", each judged by a rule set on what is known."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Literal, NamedTuple

from connectors.portfolio import Phase, Product, classify_url
from warehouse import words
from warehouse.derived.evidence import (
    Evidence,
    Finding,
    JudgedFigure,
    PrintedFigure,
    StatisticsProof,
    Verdict,
    all_of,
    any_of,
    finding,
)
from warehouse.derived.rules import Requirement, RuleSet, Threshold

_COUNTED = ("stock", "flow", "cumulative")
"""The natures that count something, and can therefore reach a threshold."""

# --- criterion 1 --------------------------------------------------------------------------


def deployment(phase: Phase | None, product: Product, rules: RuleSet, on: date) -> Finding:
    """The portfolio tells the phase, not the territory covered: the phase decides, while it lasts."""
    if phase is None:
        return Finding("unknown", (_no_phase(product, "phase"),))
    verdict = _phase_verdict(phase, rules, on)
    over = f", terminée le {phase.end:%d/%m/%Y}" if phase.end and _is_over(phase, on) else ""
    says = _PHASE_SAYS["over" if over and verdict == "unknown" else verdict]
    sentence = f"{_phase_told(phase)}{over} : {says}."
    return Finding(verdict, (Evidence("phase", _phase_ref(product, phase), sentence, verdict, "phase"),))


def _phase_verdict(phase: Phase, rules: RuleSet, on: date) -> Verdict:
    if phase.name not in (*rules.deployment.accepted, *rules.deployment.refused) or _is_over(phase, on):
        return "unknown"
    return "met" if phase.name in rules.deployment.accepted else "not_met"


def _is_over(phase: Phase, on: date) -> bool:
    """True when the stated end is past and no other phase followed; a stop has no end."""
    return phase.end is not None and phase.end < on and phase.meaning != "stopped"


def _no_phase(product: Product, about: str) -> Evidence:
    sentence = "Aucune phase n'est en cours à cette date."
    return Evidence("phase", f"{product.id}/phases", sentence, "unknown", about)


_PHASE_SAYS: Mapping[str, str] = {
    "met": "le service est en déploiement ou pérennisé",
    "not_met": "le service n'est pas, ou n'est plus, déployé nationalement",
    "unknown": "les règles ne connaissent pas cette phase",
    "over": "le portefeuille ne dit pas ce qui a suivi",
}


def _phase_told(phase: Phase) -> str:
    since = f"depuis le {phase.start:%d/%m/%Y}" if phase.start else "à une date non renseignée"
    return f"Phase « {words.phase(phase.name)} » {since}"


def _phase_ref(product: Product, phase: Phase) -> str:
    return f"{product.id}/phases/{phase.name}/{phase.start or ''}"


# --- criterion 2 --------------------------------------------------------------------------


def impact(figures: Sequence[JudgedFigure], printed: Sequence[PrintedFigure], rules: RuleSet) -> Finding:
    """One figure above its threshold is proof; figures below it, all of them, are proof of the contrary.

    What a report prints counts as much as what was collected: both stand side by side, but for a printed
    figure that leaves open what the same figure, collected since, settles.
    """
    collected = [figure for figure in figures if figure.nature in _COUNTED]
    found = [one for figure in collected if (one := _collected(figure, rules))]
    for figure in printed:
        one = _reported(figure, rules)
        if one and not (one.verdict == "unknown" and _is_settled(figure, collected)):
            found.append(one)
    if not found:
        sentence = "Aucun chiffre publié ne se compare à un seuil."
        return Finding("unknown", (Evidence("rule", rules.id, sentence, "unknown", "figure"),))
    return finding(any_of(evidence.verdict for evidence in found), found)


def _is_settled(figure: PrintedFigure, collected: Sequence[JudgedFigure]) -> bool:
    """True when the report does not say whether this is a total, and the total itself was collected since."""
    return figure.nature is None and any(
        one.metric_id in figure.metrics and one.period_end >= figure.period_end and not one.held_back
        for one in collected
    )


_Counted = JudgedFigure | PrintedFigure
_Position = tuple[Verdict, str, str]
"""What a figure says of a threshold, what that is about, and why in words."""


def _collected(figure: JudgedFigure, rules: RuleSet) -> Evidence | None:
    threshold = rules.impact.get(figure.reach)
    if threshold is None:
        return None
    held: _Position = ("unknown", "release", "chiffre retenu par un contrôle")
    verdict, about, because = held if figure.held_back else _position(figure, threshold)
    sentence = f"{figure.label} : {_told(figure)}, {because}."
    return Evidence("figure", figure.observation_id, sentence, verdict, about)


def _reported(figure: PrintedFigure, rules: RuleSet) -> Evidence | None:
    """A printed figure of which nobody declared what it counts has no threshold, and proves nothing."""
    threshold = rules.impact.get(figure.reach) if figure.reach else None
    if figure.reach and threshold is None:
        return None
    untold: _Position = ("unknown", "reach", figure.doubt)
    verdict, about, because = _position(figure, threshold) if threshold else untold
    sentence = f"{figure.source}, « {figure.label} » : {_told(figure)}, {because}."
    return Evidence("claim", figure.claim_id, sentence, verdict, about)


def _position(figure: _Counted, threshold: Threshold) -> _Position:
    """Where a figure stands; a flow below tells one period only, not all that the service reached."""
    limit = _number(threshold.at_least)
    low, high = _bounds(figure)
    if low is not None and low >= threshold.at_least:
        return "met", "threshold", f"au moins égal au seuil de {limit}"
    if high is None or high >= threshold.at_least:
        return "unknown", "precision", f"ce qui ne permet pas de dire si le seuil de {limit} est atteint"
    if figure.nature == "flow":
        return "unknown", "total", f"sous le seuil de {limit}, mais sur une période seulement"
    if figure.nature is None:
        return "unknown", "total", f"sous le seuil de {limit}, sans qu'il soit dit si c'est un total"
    if threshold.below == "unknown":
        return "unknown", "target", f"sous {limit}, ce qui ne prouve rien sans la taille de la cible"
    return "not_met", "threshold", f"sous le seuil de {limit}"


def _bounds(figure: _Counted) -> tuple[Decimal | None, Decimal | None]:
    """The interval of a figure; with none given, an exact figure is itself and "plus de" is open above."""
    if (figure.low, figure.high) != (None, None) or figure.value is None:
        return figure.low, figure.high
    low = figure.value if figure.qualifier in ("exact", "at_least") else None
    high = figure.value if figure.qualifier in ("exact", "at_most") else None
    return low, high


_QUALIFIERS = {"at_least": "plus de ", "at_most": "moins de ", "about": "environ "}


def _told(figure: _Counted) -> str:
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


def quality(phase: Phase | None, product: Product, proof: StatisticsProof, rules: RuleSet) -> Finding:
    """Every requirement of the rule set, all to be met; and the DashLord page, for who wants to look."""
    known = _Known(phase, product, proof, rules)
    found = [_REQUIREMENTS[name](known) for name in rules.quality]
    return finding(all_of(evidence.verdict for evidence in found), [*found, *_dashlord(product)])


def _accessibility(known: _Known) -> Evidence:
    status = known.product.accessibility_status
    verdict: Verdict = "met" if status else "unknown"
    sentence = (
        f"Accessibilité déclarée : « {status} »."
        if status
        else "Aucun état d'accessibilité n'est déclaré dans le portefeuille."
    )
    return Evidence("field", f"{known.product.id}/accessibility_status", sentence, verdict, "accessibility")


def _statistics(known: _Known) -> Evidence:
    """The requirement we prove ourselves; a page that we fail to read is our failure first."""
    verdict, sentence = _statistics_told(known.proof)
    because = f" ({known.proof.reason.rstrip('.')})" if known.proof.reason and verdict != "met" else ""
    ref = f"{known.product.id}/statistics"
    return Evidence("collection", ref, f"{sentence}{because}.", verdict, "statistics")


def _statistics_told(proof: StatisticsProof) -> tuple[Verdict, str]:
    if not proof.collected:
        return "unknown", "Les statistiques n'ont pas été collectées"
    if not proof.figures_found or proof.fresh is None:
        return "unknown", "La page de statistiques répond, sans chiffre dont la date soit établie"
    if not proof.fresh:
        return "not_met", "Les statistiques en ligne ne sont plus mises à jour"
    return "met", f"Statistiques collectées et à jour ({_figures(proof.figures_found)})"


def _team(known: _Known) -> Evidence:
    phase, team = known.phase, known.rules.team
    if phase is None:
        return _no_phase(known.product, "team")
    verdict: Verdict = (
        "met" if phase.name in team.active else "not_met" if phase.name in team.ended else "unknown"
    )
    sentence = f"{_phase_told(phase)} : {_TEAM_SAYS[verdict]}."
    return Evidence("phase", _phase_ref(known.product, phase), sentence, verdict, "team")


_TEAM_SAYS: Mapping[Verdict, str] = {
    "met": "une équipe est à l'œuvre",
    "not_met": "il n'y a plus d'équipe",
    "unknown": "le portefeuille ne dit rien de l'équipe",
}


def _address(
    field: Literal["repository", "budget_url"], about: Requirement, found: str, missing: str
) -> "_Check":
    """A requirement that a usable address in the portfolio meets, and that its absence leaves open."""

    def check(known: _Known) -> Evidence:
        url = classify_url(getattr(known.product, field), known.product.link).url
        sentence = f"{found} : {url}." if url else missing
        return Evidence("field", f"{known.product.id}/{field}", sentence, "met" if url else "unknown", about)

    return check


def _dashlord(product: Product) -> list[Evidence]:
    """DashLord watches the standards from outside; what it measures is not read here."""
    url = classify_url(product.dashlord_url, product.link).url
    return [Evidence("field", f"{product.id}/dashlord_url", f"Suivi par DashLord : {url}.")] if url else []


def _figures(count: int) -> str:
    return f"{count} chiffre{'s' if count > 1 else ''}"


_Check = Callable[[_Known], Evidence]
_REQUIREMENTS: Mapping[Requirement, _Check] = {
    "accessibility": _accessibility,
    "statistics": _statistics,
    "team": _team,
    "source": _address(
        "repository",
        "source",
        "Code source ouvert",
        "Aucun dépôt de code n'est indiqué dans le portefeuille.",
    ),
    "budget": _address(
        "budget_url", "budget", "Budget publié", "Aucun budget n'est indiqué dans le portefeuille."
    ),
}
