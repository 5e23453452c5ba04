"""What the words beside a figure say of its meaning: tables, first row that matches wins.  All guesses."""

import re
from typing import Literal, NamedTuple

from connectors.discovery.periods import NAMED
from connectors.selectors import fold
from connectors.service import Dimension, Nature, PeriodRule, Reach


class Meaning(NamedTuple):
    """What a figure seems to be, in the words of a service file."""

    nature: Nature
    period: PeriodRule | None
    reach: Reach
    dimension: Dimension
    kind: Literal["usage", "impact"]


NATURES: tuple[tuple[str, Nature, PeriodRule | None], ...] = (
    (r"/ ?(?:5|10|20|100)\b|sur (?:5|10|20)\b|\bnotes?\b", "score", None),
    (r"\bcoûts?\b|\bcoûte", "cost", None),
    (r"%|‰|\btaux\b|\bpart (?:d|moyenne)|\bpourcentage|\bproportion\b|(?<!\w)[x×] ?\d", "ratio", None),
    (r"\b30 (?:derniers )?jours|\bdernier mois", "flow", "last_30_days"),
    (r"\b12 derniers mois|\ban glissant|\bdernière année\b|\b365", "flow", "last_12_months"),
    (r"\bdepuis le (?:1er janvier(?! (?:19|20)\d)|début de l'année)|\bcette année\b|\bdans l'année", "flow",
     "year_to_date"),
    (r"\bdepuis\b|\bau total\b|\(total\)|\bcumul|\btotal(?:e|es|aux)?\b", "cumulative", None),
    (rf"\bpar mois\b|\bmensuel|\bce mois|/mois|\ble mois dernier|\ben (?:{NAMED})\w*\.? (?:19|20)\d\d\b",
     "flow", "calendar_month"),
    (r"\bpar an\b|\bannuel|\ben (?:19|20)\d\d\b|\bl'an dernier|/an\b", "flow", "calendar_year"),
    (r"\b(?:inscrit|acti[fv]|disponible|référencé|raccordé|partenaire|habilité|utilisat|couvert|publié)",
     "stock", None),
    ((r"\b(?:créé|envoyé|déposé|délivré|réalisé|traité|validé|signé|téléchargé|transmis|reçu|visite|consult"
     r"|accompagn(?:é|em)|simulation|rendez-vous|message|servi|corrigé|évité)"), "cumulative", None),
)  # fmt: skip
"""A sign, and what it makes of the figure; a flow says over which period."""

REACHES: tuple[tuple[str, Reach], ...] = (
    (r"\b(?:agents?|conseill\w+|aidants?|enseignant\w*|professionnel\w*|instructeur\w*|médecins?)\b",
     "agents"),
    (r"\b(?:entreprises?|établissements?|employeurs?|dirigeant\w*|TPE|PME|opérateurs?)\b", "companies"),
    ((r"\b(?:communes?|collectivités?|structures?|associations?|organisations?|organismes?|administrations?"
     r"|ministères?|départements?|régions?|territoires?|préfectures?|cantines?|écoles?|partenaires?|caisses?)\b"),
     "organisations"),
    ((r"\b(?:personnes?|usag[eè]r\w*|utilisat\w+|citoyen\w*|habitants?|bénévoles?|élèves?|jeunes|candidat\w*"
     r"|bénéficiaires?|comptes?|locataires?|lycéens?|étudiants?|visiteu\w+|inscrits?|mentors?)\b"), "people"),
    (r"\b(?:tonnes?|adresses?|logements?|bâtiments?|lieux|places?|jeux de données|kwh|vulnérabilit\w+)\b",
     "things"),
)  # fmt: skip
"""Nouns of what is counted; anything else is counted as uses."""

DIMENSIONS: dict[Nature, Dimension] = {"cost": "efficient", "score": "utile", "ratio": "utile"}
"""The row of the impact matrix that a nature suggests; else the figure tells of use."""

_USAGE = re.compile(r"\b(?:visite|visiteu|utilisat|compte|connexion|inscrit|page|acti[fv])", re.IGNORECASE)


def counted(text: str) -> bool:
    """Whether a text begins with something that public services count, an article or adjective aside."""
    head = " ".join(fold(text).strip().split()[:4])
    return any(re.search(noun, head, re.IGNORECASE) for noun, _ in REACHES) or bool(_USES.match(head))


_USES = re.compile(
    r"(?:de |d'|nouve\w+ )?(?:dossier|demande|simulation|rendez-vous|visite|signalement|message|démarche"
    r"|trajet"
    r"|téléchargement|attestation|candidature|réponse|recherche|accompagnement|mission|fiche|contrat)",
    re.IGNORECASE,
)


def guess(words: str) -> Meaning:
    """What a figure seems to be, from the words about it, its own characters included."""
    said = fold(words)
    found = ((nature, period) for sign, nature, period in NATURES if re.search(sign, said, re.IGNORECASE))
    nature, period = next(found, ("stock", None))
    reach: Reach = next((it for noun, it in REACHES if re.search(noun, said, re.IGNORECASE)), "uses")
    usage = nature in ("stock", "flow", "cumulative") and bool(_USAGE.search(said))
    return Meaning(nature, period, reach, DIMENSIONS.get(nature, "utilisé"), "usage" if usage else "impact")


_TOTAL = re.compile(r"\bdepuis\b|\bau total\b|\(total\)|\bcumul|\btotal(?:e|es|aux)?\b", re.IGNORECASE)


def guess_series(words: str, *, dated: bool) -> Meaning:
    """What the figures of a series seem to be: flows over its dates, unless the words say otherwise."""
    meaning = guess(words)
    amounts = meaning.nature in ("stock", "flow", "cumulative") and not _TOTAL.search(fold(words))
    return meaning._replace(nature="flow", period="dated") if dated and amounts else meaning
