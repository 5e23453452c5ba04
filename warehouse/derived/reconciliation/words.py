"""Words: whether two ways to say what is counted speak of one thing."""

import re
import unicodedata
from typing import NamedTuple

_EMPTY = frozenset((
    "le", "la", "les", "un", "une", "des", "de", "du", "et", "en", "au", "aux", "par", "pour", "sur", "dans",
    "dont", "avec", "que", "qui", "se", "ses", "sa", "son", "ont", "ete", "est", "sont", "nombre", "total",
    "cumule", "cumul", "depuis", "lancement", "ouverture", "annee", "an", "mois", "jour", "chaque", "plus",
    "service", "services",
))  # fmt: skip
_ENDING = re.compile(r"(?:ees|es|ee|e|s|x)$")

NEW = "nouve"
"""The stem that makes another figure of the same words: those of the year, not all of them."""


_PACE = re.compile(
    r"\b(?:par|chaque|/ ?)\s?(jour|semaine|mois|trimestre|an)"
    r"|\b(quotidien|hebdomadaire|mensuel|trimestriel|annuel)"
)
_PACES = {
    "quotidien": "jour",
    "hebdomadaire": "semaine",
    "mensuel": "mois",
    "trimestriel": "trimestre",
    "annuel": "an",
}


def pace(*said: str | None) -> str | None:
    """The time in which something is counted ("par semaine"), by these words; a year goes without saying."""
    found = _PACE.search(" ".join(filter(None, said)).casefold())
    named = (found[1] or _PACES[found[2]]) if found else None
    return None if named == "an" else named


class Likeness(NamedTuple):
    """Shares, from 0 to 1, of the words that are common: of the first text's, of the second's, of both's."""

    covered: float
    covers: float
    common: float


def stems(text: str | None) -> frozenset[str]:
    """The beginnings of the words that say something, without accents, number and gender.

    >>> stems("Tonnes de déchets traitées") == stems("de tonnes de déchets traités")
    True
    """
    apart = unicodedata.normalize("NFD", (text or "").casefold().replace("’", "'"))
    plain = "".join(character for character in apart if not unicodedata.combining(character))
    words = re.findall(r"[a-z]{2,}", plain)
    return frozenset(_stem(word) for word in words if word not in _EMPTY)


def _stem(word: str) -> str:
    return NEW if word.startswith(NEW) else _ENDING.sub("", word)[:9]


def likeness(one: frozenset[str], other: frozenset[str]) -> Likeness:
    """How much two texts have in common."""
    shared = len(one & other)
    if not shared:
        return Likeness(0, 0, 0)
    return Likeness(shared / len(one), shared / len(other), shared / len(one | other))
