"""Missing evidence: for each service in acceleration or later, what each criterion lacks to be met.

A service team reads it as a list of what to do.  What is known to be below a threshold is listed too,
as *not met*: there is nothing to prove, and something to grow.
"""

from collections.abc import Iterator, Mapping
from datetime import date

from connectors.portfolio import Product, phase_at
from warehouse.derived.evidence import Criterion, Evidence, Finding
from warehouse.derived.qualification import Judgement
from warehouse.history import Row

CONCERNED = ("acceleration", "success", "transfer", "alumni", "consolidation", "opere", "transfere")
"""The phases from which a service may be of national impact, in both vocabularies of the portfolio."""

_LACKS: Mapping[str, str] = {
    # Deployment.
    "phase": "Il manque une phase en cours qui dise le déploiement, dans la fiche du portefeuille",
    # Impact.
    "figure": "Il manque un chiffre public qui compte des personnes, des structures ou des usages",
    "threshold": "Il manque un chiffre public qui atteigne le seuil",
    "precision": "Il manque un chiffre public assez précis pour être comparé au seuil",
    "total": "Il manque un total depuis le lancement, ou un chiffre de période qui atteigne le seuil",
    "target": "Il manque la taille du public visé, ou un chiffre qui atteigne le seuil sans elle",
    "reach": "Il manque un chiffre déclaré qui dise ce que compte un chiffre imprimé",
    "release": "Il manque un chiffre que les contrôles acceptent",
    # Quality.
    "accessibility": "Il manque l'état d'accessibilité, dans la fiche du portefeuille",
    "statistics": "Il manque des statistiques publiques, lisibles et à jour",
    "team": "Il manque la preuve qu'une équipe est à l'œuvre",
    "source": "Il manque l'adresse du code source, dans la fiche du portefeuille",
    "budget": "Il manque l'adresse d'une page de budget, dans la fiche du portefeuille",
}
"""What is lacking, by its short name."""


def missing(product: Product, judgement: Judgement, on: date) -> list[Row]:
    """What a product lacks on a day: rows of ``missing_evidence`` without service, day and rule set.

    None for a product that is not yet in acceleration, or was abandoned.
    """
    phase = phase_at(product.phases, on)
    if phase is None or phase.name not in CONCERNED:
        return []
    return [
        row
        for criterion, finding in judgement.criteria.items()
        if finding.verdict != "met"
        for row in _of_criterion(criterion, finding)
    ]


def _of_criterion(criterion: Criterion, finding: Finding) -> Iterator[Row]:
    """One row for each thing that is lacking, with all the evidence that says so."""
    said: dict[str, list[Evidence]] = {}
    for evidence in finding.evidence:
        if evidence.verdict in ("unknown", "not_met"):
            said.setdefault(evidence.about, []).append(evidence)
    for lacks, found in said.items():
        because = " ; ".join(one.sentence_fr.rstrip(".") for one in found)
        yield {
            "criterion": criterion,
            "lacks": lacks,
            "verdict": found[0].verdict,
            "sentence": f"{_LACKS[lacks]} ({because}).",
        }
