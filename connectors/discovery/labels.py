"""What labels tell: whether they name a figure at all, and how they are written down."""

import re

from connectors.discovery.meaning import counted
from connectors.discovery.texts import MOST_WORDS
from connectors.selectors import fold

_NO_FIGURE = re.compile(
    r"\b(?:étapes?|step|classement|position|rang|page|version|contact|tél(?:éphone)?|fax|siret|siren"
    r"|code postal|codes?\b(?= ?$)|insee|adresse postale|numéro (?!\d)|référence|réf\.|mise? à jour|date d\w*"
    r"|répondants?|échantillon|périmètre|participants? à l'enquête|chapitre|lecture|tarifs?|prix|abonnement"
    r"|objectif|cible|prime|salaire|rémunération|publié le|postes? à pourvoir|avis(?! (?:posit|favor))"
    r"|partages?|lighthouse|écoindice|anniversaire|résultats (?:affichés|trouvés|par page))\b",
    re.IGNORECASE,
)
_NO_FIGURE_AT_ALL = re.compile(
    r"^(?:durée|horaires?|capacité|surface|âge|jours?|heures?|minutes?|secondes?|adresse|édition|pages?"
    r"|recrutements?)$|\b(?:trouv|affich|sélectionn)ée?s?$",
    re.IGNORECASE,
)
"""How labels begin of what is no figure, or says how a figure was made; and whole labels."""
_BRACKETED = re.compile(r"\([^)]*\)")
HEAD = 4
"""Words with which a label says what it names; what follows tells more of it ("traités après contact")."""
_TIME = re.compile(
    r"(?:min(?:utes?)?|secondes?|s|h|heures?|jours?|semaines?|mois|ans|années?)(?: \d+ ?\w{0,3})?\.?",
    re.IGNORECASE,
)
_ARTICLE = re.compile(r"^(?:de |des |d'|:|(?:et|ont|par|avec|pour) (?=\d))")


def is_no_figure(label: str) -> bool:
    """Whether a label names something that is no figure."""
    said = _BRACKETED.sub(" ", fold(label)).strip(" .:")
    head = " ".join(said.split()[:HEAD])
    return bool(_NO_FIGURE.search(head) or _NO_FIGURE_AT_ALL.search(said))


def is_span_of_time(label: str) -> bool:
    """Whether a label is nothing but a unit of time: "12 mois" alone is a choice, or a rule."""
    return bool(_TIME.fullmatch(fold(label).strip(" .:;,")))


def is_postcode(exact: str, after: str) -> bool:
    """Whether five digits before a capital are those of a place: "67000 Strasbourg"."""
    return bool(re.fullmatch(r"\d{5}", exact) and re.match(r"[A-ZÉÈ][a-zà-ÿ]", after)) and not counted(after)


def tidy(label: str) -> str:
    """The words of a label: without a leading article, remarks in brackets that hold numbers, or a tail."""
    words = re.sub(r"^[^\w(«<>~+-]+(?=\w)|\s*\([^)]*\d[^)]*(?:\)|$)", "", fold(label)).strip(" .:;,–-")
    words = " ".join(_ARTICLE.sub("", words, count=1).split()[:MOST_WORDS])
    paired = words.count("(") == words.count(")") and not words.startswith("(")
    return words if paired else words.strip("() ")
