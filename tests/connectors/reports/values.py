"""The services of the reports that we wrote ourselves, and what a report says as plain rows."""

from pathlib import Path
from typing import Any

from connectors.portfolio import Product
from connectors.report import Claim, Report
from connectors.reports.names import Names

PRINTED = Path(__file__).parent / "printed"
SEEDS = Path(__file__).parents[4] / "shared" / "seeds"
PORTFOLIOS = Path(__file__).parents[4] / "shared" / "data"

NAMES = Names(
    [
        Product(
            "mon-verger", "Mon Verger", "Tenir l'inventaire des fruitiers", link="https://verger.example.fr/"
        ),
        Product("carnet", "Carnet de bord", pitch="Suivre les trajets professionnels"),
        Product("passerelle", "Passerelle Mobilité", link="https://passerelle.example.fr"),
        Product("eclaireur", "Éclaireur (ex Lanterne)", pitch="Orienter les lycéens"),
        Product("tri-facile", "Tri Facile"),
        Product("relais", "Relais Logement"),
    ]
)


def row(claim: Claim) -> dict[str, Any]:
    """A claim in the words of an answers file: what is not there is left out."""
    said = {
        "exact": claim.exact.text,
        "words": claim.words and claim.words.text,
        "service": claim.service.service_id,
        "match": claim.service.match if claim.service.match == "likely" else None,
        "period": claim.period and claim.period.text,
        "from": claim.period_from,
        "rhythm": claim.rhythm and claim.rhythm.text,
        "measure": claim.measure,
        "target": True if claim.role == "target" else None,
        "doubt": True if claim.doubt else None,
        "growth": [claim.base and claim.base.exact.text, claim.result and claim.result.exact.text]
        if claim.kind == "growth"
        else None,
    }
    return {
        name: " ".join(v.split()) if isinstance(v, str) else v for name, v in said.items() if v is not None
    }


def answers(report: Report) -> dict[str, Any]:
    """A report in the words of an answers file."""
    return {
        "claims": [row(claim) for claim in report.claims],
        "indicators": [
            [i.code, *(claim and claim.exact.text for claim in (i.before, i.target, i.result))]
            for i in report.indicators
        ],
        "questions": [
            [q.kind, list(q.candidates), [c.exact.text for c in q.claims]] for q in report.questions
        ],
        "unplaced": [[u.number.text, u.reason] for u in report.unplaced],
    }
