"""French words and forms of the site: dates, numbers, and the codes that pages show."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from urllib.parse import urlsplit

from pipelines.trace_words import RESTATED, VALUES
from warehouse import words
from warehouse.night import PARIS
from warehouse.normalisation.numbers import show
from warehouse.normalisation.units import UNITS

_MONTHS = (
    "janvier", "février", "mars", "avril", "mai", "juin",
    "juillet", "août", "septembre", "octobre", "novembre", "décembre",
)  # fmt: skip

Row = Mapping[str, Any]

SCOPES = {
    "figure": "retient le chiffre",
    "whole": "bloque la publication",
    "warning": "avertit",
}
"""What a check does when it fails."""

CODES: Mapping[str, Mapping[str, str]] = {
    "agreement": words.AGREEMENTS,
    "comparison": words.COMPARISONS,
    "criterion": words.CRITERIA,
    "finding": words.FINDINGS,
    "freshness": words.FRESHNESS,
    "kind": words.KINDS,
    "nature": words.NATURES,
    "qualifier": words.QUALIFIERS,
    "reach": words.REACHES,
    "restated": RESTATED,
    "trouble": words.REASONS | words.TROUBLES,
    "scope": SCOPES,
    "verdict": words.VERDICTS,
}
"""The codes that pages show, by what they are about."""

PHASES = {
    "investigation": "investigation",
    "construction": "construction",
    "acceleration": "accélération",
    "success": "pérennisé",
    "transfer": "transfert",
    "transfere": "transféré",
    "consolidation": "consolidation",
    "opere": "opéré",
    "alumni": "terminé",
    "abandon": "abandonné",
    "abandon-investigation": "abandonné après investigation",
}
"""A phase as people say it; a name that is not here is shown as the portfolio writes it."""

CHECKS = {
    "above_minimum": (
        "Pas sous le minimum",
        "Un compteur à zéro est une page qui se charge encore.",
        "figure",
    ),
    "cumulative_never_falls": (
        "Un cumul ne baisse pas",
        "Quand il baisse, ce qui est compté a changé, ou la page se trompe.",
        "figure",
    ),
    "ratio_within_bounds": (
        "Une proportion est entre 0 et 100 %",
        "Sinon, c'est un autre chiffre.",
        "figure",
    ),
    "no_jump": (
        "Pas de bond",
        "Un chiffre trop loin du dernier chiffre sûr a sans doute perdu son unité.",
        "figure",
    ),
    "period_turned": (
        "Le compteur a tourné",
        "Au début d'une année ou d'un mois, une page peut encore montrer les précédents.",
        "figure",
    ),
    "below_maximum": ("Pas au-dessus du maximum", "Ce peut être vrai : quelqu'un doit regarder.", "warning"),
    "not_frozen": ("Le chiffre bouge", "Une page figée répond encore.", "warning"),
    "nothing_lost": (
        "Rien n'est perdu",
        "Un chiffre connu qui disparaît est une page qui a changé.",
        "warning",
    ),
    "portfolio_not_empty": ("Le portefeuille n'est pas vide", "", "whole"),
    "service_ids_unique": (
        "Chaque produit est une seule ligne",
        "Un doublon serait compté deux fois.",
        "whole",
    ),
    "portfolio_not_collapsed": (
        "Le portefeuille garde au moins quatre produits sur cinq",
        "Un fichier coupé n'est pas une nouvelle.",
        "whole",
    ),
    "figures_not_empty": ("Au moins un chiffre est compris", "Une nuit vide n'a rien à publier.", "whole"),
    "observation_ids_unique": ("Chaque observation est une seule ligne", "", "whole"),
    "observations_have_their_extraction": (
        "Chaque chiffre mène aux caractères imprimés",
        "",
        "whole",
    ),
    "observations_have_their_snapshot": ("Chaque chiffre mène aux octets archivés", "", "whole"),
    "absences_have_a_reason": (
        "Chaque absence dit sa raison",
        "Un trou silencieux ressemble à un zéro.",
        "whole",
    ),
    "services_tried": ("Au moins un service a été visité", "", "whole"),
    "coverage": (
        "Assez de services sont compris",
        "Sous la moitié, la nuit en dit plus sur nous que sur eux.",
        "whole",
    ),
}
"""Each check of a night: what it says, why, and its scope (``expectations`` has them in English)."""


def check(name: str) -> str:
    """What a check says; one that is not listed is named as it is."""
    return CHECKS[name][0] if name in CHECKS else name


def proven(archive: str) -> str:
    """What reading and hashing the archived bytes again found (``lineage`` tells it in English)."""
    return VALUES.get(archive, archive.replace("BROKEN", "ROMPU"))


def word(code: str | None, about: str) -> str | None:
    """A code in French; one that no table has is shown as it is."""
    return CODES[about].get(code, code) if code else code


def phase(name: str) -> str:
    """A phase in French."""
    return PHASES.get(name, name)


def day(value: date | None) -> str:
    """Such as "31 décembre 2023", "1er mars 2024"."""
    if value is None:
        return "date inconnue"
    first = "1er" if value.day == 1 else str(value.day)
    return f"{first}\u00a0{_MONTHS[value.month - 1]}\u00a0{value.year}"


def moment(value: datetime | None) -> str:
    """Such as "31 décembre 2023 à 23 h 00 (Paris)"."""
    if value is None:
        return "moment inconnu"
    there = value.astimezone(PARIS)
    return f"{day(there.date())} à {there:%H}\u00a0h\u00a0{there:%M} (Paris)"


def number(value: Decimal | int | None) -> str:
    """In French typography; nothing where there is none."""
    return "" if value is None else show(Decimal(value))


def amount(value: Decimal | None, unit: str) -> str:
    """Such as "1 575 332 simulations", "57 %", "4,2/5"; a unit that the table lost is shown as written."""
    if value is None:
        return ""
    known = UNITS.get(unit)
    if known is None or known.kind in ("percent", "score", "money"):
        return show(value, unit)
    return show(value, known.plural if abs(value) >= 2 else known.singular)


def period(row: Row) -> str:
    """What a figure describes: "au 31 décembre 2023", "du … au …", "depuis le lancement, au …"."""
    start, end = row["period_start"], row["period_end"]
    if start is None:
        return f"depuis le lancement, au {day(end)}"
    return f"au {day(end)}" if start == end else f"du {day(start)} au {day(end)}"


def address(url: str | None) -> str | None:
    """An address that a link may lead to; None for any other (``javascript:``, a relative one)."""
    try:
        parts = urlsplit(url or "")
    except ValueError:
        return None
    return url if parts.scheme in ("http", "https") and parts.netloc else None


def plural(count: int, one: str, several: str) -> str:
    """Such as "12 services", "0 service"."""
    return f"{show(Decimal(count))}\u00a0{several if abs(count) >= 2 else one}"


FILTERS: Mapping[str, Callable[..., Any]] = {
    "address": address,
    "amount": amount,
    "check": check,
    "day": day,
    "moment": moment,
    "number": number,
    "period": period,
    "phase": phase,
    "plural": plural,
    "proven": proven,
    "word": word,
}
"""What templates call by these names."""
