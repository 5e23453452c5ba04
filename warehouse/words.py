"""French words for what staff read: the short names that the tables keep, said in a few words."""

import re

_LINE = re.compile(r"\bline (?=\d+$)")

REASONS: dict[str, str] = {
    "unreachable": "la page n'a pas répondu",
    "name_not_resolved": "le nom du site n'a pas été trouvé",
    "deadline_passed": "la page a mis trop de temps à répondre",
    "tls_failure": "le certificat du site n'est pas valable",
    "server_trouble": "le site est en panne",
    "forbidden": "le site nous refuse l'accès",
    "robots_refused": "le site demande aux robots de ne pas lire cette page",
    "gone": "la page n'existe plus à cette adresse",
    "too_large": "la page est trop lourde",
    "too_many_redirects": "la page renvoie sans fin d'une adresse à l'autre",
    "refused_address": "l'adresse n'est pas publique",
    "fetch_error": "la visite de la page a échoué",
    "not_kept": "la réponse n'a pas pu être archivée telle quelle",
    "not_visited": "personne n'a visité la page cette nuit-là",
    "not_a_statistics_page": "la page n'est pas une page de statistiques",
    "login_page": "la page demande de se connecter",
    "challenge_page": "le site nous prend pour un robot et bloque la page",
    "maintenance_page": "le site est en maintenance",
    "cookie_wall": "la page exige d'accepter des cookies",
    "soft_404": "la page dit qu'elle n'existe pas",
    "empty_shell": "la page est vide sans navigateur",
    "split_figure": "le chiffre est coupé en plusieurs morceaux",
    "scale_unclear": "l'échelle du chiffre (milliers, millions, %) n'est pas sûre",
    "count_up": "la page affiche zéro avant que le navigateur ne compte",
    "not_found": "le chiffre n'est plus à sa place sur la page",
    "ambiguous": "plusieurs endroits de la page répondent à la description",
    "closed_to_visitors": "le tableau de bord est fermé aux visiteurs sans compte",
    "empty": "la page laisse le chiffre vide",
    "refused": "le site refuse de donner ce chiffre",
    "wrong_format": "la page n'est plus au format attendu",
    "reading_too_long": "la lecture de la page a pris trop de temps",
    "reading_error": "la lecture de la page a échoué",
    "not_available": "la page dit que le chiffre n'est pas disponible",
    "unreadable_number": "les caractères trouvés ne sont pas un nombre sûr",
    "unknown_period": "la date du chiffre n'est pas sûre",
    "unit_mismatch": "l'unité imprimée n'est pas celle attendue",
}
"""Why a figure is missing, by the ``reason`` of ``absences``."""

VERDICTS: dict[str, str] = {"met": "oui", "not_met": "non", "unknown": "indéterminé"}
"""A criterion's verdict."""

AGREEMENTS: dict[str, str] = {
    "exact": "identique",
    "consistent": "compatible avec l'arrondi",
    "inconsistent": "différent",
    "not_comparable": "non comparable",
    "no_data": "pas de donnée",
}
"""What is derived, or printed elsewhere, beside what is printed."""

COMPARISONS: dict[str, str] = {
    "growth": "les évolutions, à côté de celles de l'entrepôt",
    "own_figures": "les évolutions, à côté de leurs deux chiffres imprimés",
    "observation": "les chiffres, à côté des relevés",
    "portfolio": "le programme, à côté du portefeuille",
    "sum": "les totaux, à côté de leur somme",
    "period": "les années que le bilan ne peut pas connaître",
    "edition": "les chiffres, à côté des autres éditions",
}
"""What a printed claim is set beside."""

FINDINGS: dict[str, str] = {
    "slip": "faute probable",
    "restated": "chiffre révisé",
    "redefined": "définition changée",
}
"""What explains a difference, where it can be told."""


STATES: dict[str, str] = {"published": "publié", "refused": "refusé par un contrôle"}
"""Whether a published row has a figure, or the reason why there is none."""

KINDS: dict[str, str] = {"usage": "usage", "impact": "impact"}
"""What a figure tells, in the national schema."""

NATURES: dict[str, str] = {
    "stock": "stock, à une date",
    "flow": "flux, sur une période",
    "cumulative": "cumul depuis le lancement",
    "ratio": "proportion",
    "cost": "coût",
    "score": "note",
}
"""What a figure is."""

QUALIFIERS: dict[str, str] = {
    "exact": "tel quel",
    "at_least": "au moins",
    "at_most": "au plus",
    "about": "environ",
}
"""How sure the page says that it is."""

REACHES: dict[str, str] = {
    "people": "des personnes",
    "companies": "des entreprises",
    "agents": "des agents publics",
    "organisations": "des organisations",
    "uses": "des usages",
    "things": "des choses",
}
"""What a figure counts."""

GROWTHS: dict[str, str] = {"percent": "pourcentage", "points": "points", "multiple": "multiple"}
"""How a growth is told."""

RULES: dict[str, str] = {"truncate": "tronqué vers zéro", "round": "arrondi"}
"""How a growth is cut to the digits shown."""

CRITERIA: dict[str, str] = {
    "deployment": "Déploiement nationalisé",
    "impact": "Preuve d'impact significatif",
    "quality": "Haute qualité",
}
"""The criteria of national impact."""

MEASURES: dict[str, str] = {
    "services_supported": "services accompagnés ou pérennisés",
    "investigations": "investigations en cours",
    "impact_national_total": "services désignés d'impact national, depuis toujours",
    "impact_national_active": "services d'impact national non arrêtés",
    "impact_national_new": "nouveaux services d'impact national de l'année écoulée",
    "incubators": "incubateurs ayant un service accompagné",
    "phase": "produits en phase",
    "incubator": "services accompagnés de l'incubateur",
}
"""What is counted over the portfolio; ``phase`` and ``incubator`` are followed by a name."""

TROUBLES: dict[str, str] = {
    "moved_off_site": "l'adresse mène à un autre site",
    "frozen": "le chiffre ne bouge plus",
    "fell": "un cumul a baissé",
    "shrank": "la page montre moins de périodes qu'avant",
    "scale_changed": "l'unité du chiffre semble avoir changé",
    "notation_changed": "le chiffre est écrit autrement",
    "jumped": "le chiffre a bondi",
    "not_turned": "la page montre peut-être encore la période précédente",
    "below_minimum": "le chiffre est sous le minimum attendu",
    "above_maximum": "le chiffre dépasse le maximum attendu",
    "out_of_bounds": "la proportion n'est pas entre 0 et 100 %",
}
"""Incidents that only the history shows; the others are ``REASONS``."""

FRESHNESS: dict[str, str] = {
    "fresh": "relevé la dernière nuit",
    "recent": "relevé depuis moins de 31 jours",
    "old": "plus relevé depuis 31 jours ou plus",
    "never": "jamais relevé",
}
"""How long ago a service gave a figure."""


def reason(code: str) -> str:
    """Why a figure is missing, in French; an unknown code is shown as it is."""
    return REASONS.get(code, code)


def place(told: str | None) -> str:
    """Where a claim stands; the reader of reports counts the lines in English.

    >>> place("page 12, EVA › IMPACT, line 400")
    'page 12, EVA › IMPACT, ligne 400'
    """
    return _LINE.sub("ligne ", told or "")
