"""Units: one table, and whether what a page prints agrees with what a service file says.

A new unit is a new row.  Counts need only their word; the other kinds also say how large they
are in the base unit of their kind.
"""

import re
from dataclasses import dataclass
from decimal import Decimal
from difflib import get_close_matches
from typing import Literal

from warehouse.errors import UnitMismatch, UnknownUnit

Kind = Literal[
    "count", "money", "percent", "points", "multiple", "score", "mass", "energy", "duration", "length", "area"
]


@dataclass(frozen=True, slots=True)
class Unit:
    """One unit.

    ``code`` is what service files and tables write.  ``scale`` is the size in the base unit of
    the kind (gram, watt-hour, minute, metre, square metre, euro); for a score, its maximum.
    ``spellings`` are the other ways in which pages print it.
    """

    code: str
    singular: str
    plural: str
    kind: Kind
    scale: Decimal
    spellings: tuple[str, ...] = ()


def _count(singular: str, *spellings: str, plural: str = "") -> Unit:
    """A thing counted.  Its code is its singular; ``plural`` only where an *s* does not make it."""
    return Unit(singular, singular, plural or singular + "s", "count", Decimal(1), spellings)


def _measure(code: str, kind: Kind, scale: str, singular: str, plural: str, *spellings: str) -> Unit:
    """A unit of measure, whose code is its symbol or its name."""
    return Unit(code, singular, plural, kind, Decimal(scale), spellings)


_TABLE = (
    _count("accompagnement"),
    _count("adresse"),
    _count("agent"),
    _count("aidant"),
    _count("appel"),
    _count("autorisation"),
    _count("BAL", "base adresse locale", "bases adresses locales", plural="BAL"),
    _count("besoin"),
    _count("bordereau", plural="bordereaux"),
    _count("bâtiment"),
    _count("bénéficiaire"),
    _count("bénévole"),
    _count("candidat", "candidate", "candidates"),
    _count("candidature"),
    _count("certification"),
    _count("collectivité"),
    _count("commune"),
    _count("compte"),
    _count("convention"),
    _count("courrier"),
    _count("demande"),
    _count("donnée"),
    _count("dossier"),
    _count("démarche"),
    _count("embauche"),
    _count("entreprise"),
    _count("habitant"),
    _count("immersion"),
    _count("incubateur"),
    _count("jeu de données", plural="jeux de données"),
    _count("lieu", plural="lieux"),
    _count("logement"),
    _count("membre"),
    _count("message"),
    _count("mission"),
    _count("opérateur"),
    _count("organisation"),
    _count("participation"),
    _count("personne"),
    _count("place"),
    _count("plateforme"),
    _count("professionnel"),
    _count("projet"),
    _count("promesse"),
    _count("recherche"),
    _count("rendez-vous", "rdv", "rendez vous", plural="rendez-vous"),
    _count("réponse"),
    _count("réutilisation"),
    _count("service"),
    _count("signalement"),
    _count("simulation"),
    _count("structure"),
    _count("territoire"),
    _count("téléchargement"),
    _count("trajet"),
    _count("unité"),
    _count("usager", "usagère", "usagères"),
    _count("utilisateur", "utilisatrice", "utilisatrices"),
    _count("visite"),
    _count("visiteur", "visiteuse", "visiteuses"),
    _count("vulnérabilité"),
    _count("établissement"),
    _count("évaluation"),
    _measure("€", "money", "1", "euro", "euros", "eur"),
    _measure("%", "percent", "1", "%", "%", "pour cent"),
    _measure("‰", "percent", "0.1", "‰", "‰", "pour mille"),
    _measure("pts", "points", "1", "pt", "pts", "points de pourcentage"),
    _measure("x", "multiple", "1", "fois", "fois", "×"),
    _measure("/5", "score", "5", "sur 5", "sur 5"),
    _measure("/10", "score", "10", "sur 10", "sur 10"),
    _measure("/20", "score", "20", "sur 20", "sur 20"),
    _measure("/100", "score", "100", "sur 100", "sur 100"),
    _measure("kg", "mass", "1000", "kilogramme", "kilogrammes", "kilo", "kilos", "kgco2e", "kgco2", "kgco₂e"),
    _measure("tonne", "mass", "1000000", "tonne", "tonnes", "t", "tco2", "tco₂", "tco2e", "tco₂e"),
    _measure("kWh", "energy", "1000", "kilowattheure", "kilowattheures"),
    _measure("MWh", "energy", "1000000", "mégawattheure", "mégawattheures"),
    _measure("GWh", "energy", "1000000000", "gigawattheure", "gigawattheures"),
    _measure("minute", "duration", "1", "minute", "minutes", "min"),
    _measure("heure", "duration", "60", "heure", "heures", "h"),
    _measure("jour", "duration", "1440", "jour", "jours", "j"),
    _measure("semaine", "duration", "10080", "semaine", "semaines"),
    _measure("mois", "duration", "43830", "mois", "mois"),
    _measure("an", "duration", "525960", "an", "ans", "année", "années"),
    _measure("km", "length", "1000", "kilomètre", "kilomètres"),
    _measure("m²", "area", "1", "mètre carré", "mètres carrés", "m2"),
    _measure("ha", "area", "10000", "hectare", "hectares"),
)


def _fold(text: str) -> str:
    """One case, single spaces."""
    return " ".join(text.casefold().split())


UNITS = {unit.code: unit for unit in _TABLE}
"""Every unit, by its code."""

_SPELLINGS = {
    _fold(spelling): unit
    for unit in _TABLE
    for spelling in (unit.code, unit.singular, unit.plural, *unit.spellings)
}
_LONGEST = max(len(spelling.split()) for spelling in _SPELLINGS)


def unit(code: str) -> Unit:
    """The unit that a service file names, by its code or any spelling of it.

    Raises:
        UnknownUnit: the table has no such unit; the sentence names the nearest ones.
    """
    found = _SPELLINGS.get(_fold(code))
    if found is None:
        near = dict.fromkeys(_SPELLINGS[name].code for name in get_close_matches(_fold(code), _SPELLINGS))
        hint = f"; did you mean {' or '.join(near)}?" if near else ""
        raise UnknownUnit(f"No unit is called {code!r}{hint or '.'}")
    return found


def printed_unit(text: str) -> Unit | None:
    """The unit that printed words begin with ("dossiers déposés": dossier), if the table has it."""
    words = re.sub("([%‰€])", r"\1 ", _fold(text)).split()
    heads = (" ".join(words[:length]).rstrip(",.;:)") for length in range(_LONGEST, 0, -1))
    return next((_SPELLINGS[head] for head in heads if head in _SPELLINGS), None)


def agrees(metric_unit: str, printed_unit_text: str) -> bool:
    """Whether the printed unit can be the declared one.

    Pages word what they count in many ways, so any two counts agree, and words that the table
    does not know contradict nothing.  Two kinds, or two sizes within one kind ("/5" and "/10"), do.

    Raises:
        UnknownUnit: the declared unit is not in the table.
    """
    declared, printed = unit(metric_unit), printed_unit(printed_unit_text)
    return printed is None or (declared.kind, declared.scale) == (printed.kind, printed.scale)


def check(metric_unit: str, printed_unit_text: str) -> None:
    """Refuse a figure whose printed unit contradicts the declared one.

    Raises:
        UnitMismatch: they cannot both be right.
        UnknownUnit: the declared unit is not in the table.
    """
    if not agrees(metric_unit, printed_unit_text):
        raise UnitMismatch(
            f"The page prints {printed_unit_text!r} where the service file says {metric_unit!r}."
        )
