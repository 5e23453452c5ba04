"""French words for what staff read: the short names that the tables keep, said in a few words."""

import re
from collections.abc import Iterable

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

PHASES: dict[str, str] = {
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

NO_SOURCE = "aucune source publique"
SOURCES: dict[str, str] = {"portfolio": "portefeuille du programme", NO_SOURCE: NO_SOURCE}
"""Where the result of an indicator comes from."""

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

TO_DO: dict[str, str] = {
    "unreachable": "Relancer la nuit ; si cela dure, demander au service si son site a changé d'adresse.",
    "name_not_resolved": "Relancer la nuit ; si cela dure, corriger l'adresse dans le fichier de service.",
    "deadline_passed": "Relancer la nuit ; si cela dure, demander au service une page plus légère.",
    "tls_failure": "Demander au service de renouveler son certificat.",
    "server_trouble": "Relancer la nuit plus tard : c'est le service qui est en panne.",
    "forbidden": "Demander au service d'ouvrir ses statistiques à notre robot.",
    "robots_refused": "Demander au service d'autoriser notre robot dans son robots.txt.",
    "gone": "La page a changé d'adresse : la corriger dans le fichier de service.",
    "too_large": "Donner dans le fichier de service une page ou une source plus légère.",
    "too_many_redirects": "Donner dans le fichier de service l'adresse où la page finit par arriver.",
    "refused_address": "Corriger l'adresse dans le fichier de service.",
    "fetch_error": "Lire le message technique : il nomme la cause.",
    "not_kept": "Regarder le fichier d'archive nommé : ce qui ne se prouve pas ne se publie pas.",
    "not_visited": "Rien à faire : personne n'a relevé cette page cette nuit-là.",
    "not_a_statistics_page": "Demander au service de montrer ses statistiques sans compte.",
    "login_page": "Demander au service de montrer ses statistiques sans compte.",
    "challenge_page": "Demander au service de laisser passer notre robot.",
    "maintenance_page": "Relancer la nuit plus tard : le site dit lui-même qu'il est indisponible.",
    "cookie_wall": "Demander au service de montrer ses statistiques à qui n'accepte pas de cookies.",
    "soft_404": "La page a changé d'adresse : la corriger dans le fichier de service.",
    "empty_shell": "Désigner dans le fichier de service les données que la page charge.",
    "split_figure": "Désigner dans le fichier de service l'élément qui contient le nombre entier.",
    "scale_unclear": "Désigner le chiffre avec son échelle dans le fichier de service.",
    "count_up": "Désigner l'attribut qui contient le chiffre, ou les données que la page charge.",
    "not_found": "La page a changé : corriger l'emplacement dans le fichier de service.",
    "ambiguous": "Préciser l'emplacement dans le fichier de service.",
    "closed_to_visitors": "Demander à l'équipe d'ouvrir le tableau de bord et ses données aux visiteurs.",
    "empty": "Relancer la nuit, puis prévenir le service : sa page laisse le chiffre vide.",
    "refused": "Demander au service d'ouvrir ses statistiques ; si elles ont déménagé, corriger l'adresse.",
    "wrong_format": "La source a changé : corriger l'adresse ou le protocole dans le fichier de service.",
    "reading_too_long": "Donner dans le fichier de service une page plus légère.",
    "reading_error": "Lire le message technique : il nomme la cause.",
    "not_available": "Rien à faire : le service ne donne pas de chiffre pour l'instant.",
    "unreadable_number": "Désigner le chiffre seul, ou déclarer son signe décimal, dans le fichier.",
    "unknown_period": "Donner une période, ou l'emplacement de la date, dans le fichier de service.",
    "unit_mismatch": "Regarder la page : on y lit un autre chiffre, ou elle a changé d'unité.",
    "moved_off_site": "Si ce site est bien celui du service, mettre son adresse dans le fichier de service.",
    "frozen": "Demander au service si sa page vit encore ; si c'est son rythme, relever max_age_days.",
    "fell": "Demander au service ce qui a changé ; si on compte autre chose, déclarer un autre chiffre.",
    "shrank": "Regarder la liste sur la page : ce qu'elle ne montre plus reste enregistré.",
    "scale_changed": "Comparer l'unité de la page à celle du fichier de service, et corriger le fichier.",
    "notation_changed": "Rien à faire si les deux écritures disent la même chose ; regarder une fois.",
    "not_turned": "Rien à faire : le chiffre est publié dès que la page montre la nouvelle période.",
    "jumped": "Regarder la page ; s'il est juste, élargir « factor » dans le fichier de service.",
    "below_minimum": "Regarder la page ; s'il est juste, baisser « min » dans le fichier de service.",
    "above_maximum": "Regarder la page ; s'il est juste, relever « max » dans le fichier de service.",
    "out_of_bounds": "C'est un autre chiffre : corriger l'emplacement dans le fichier de service.",
}
"""What a person should do about an incident, by its kind: the ``advice`` of the rows, for staff."""

TOLD_IN_FRENCH = frozenset(
    {"fell", "jumped", "not_turned", "below_minimum", "out_of_bounds", "scale_changed"}
)
"""Incidents whose sentence a check wrote, in French; that of any other is for engineers, in English."""

RESTATED: dict[str, str] = {
    "revision": "Révision (même définition, nouvelle valeur)",
    "redefinition": "Redéfinition (on ne compte plus la même chose)",
    "correction": "Correction (nous avions mal lu)",
    "withdrawal": "Retrait (la page ne le montre plus)",
    "technical": "Relecture technique (mêmes octets, meilleur lecteur)",
}
"""Why a past value is no longer said, by the ``kind`` of ``restatements``."""

COUNTED: dict[str, str] = {"unit": "l'unité", "nature": "la nature", "definition": "la définition"}
"""What says which thing is counted, by the column that holds it."""

REFUSALS: dict[str, str] = {
    "unit_changed": "les deux chiffres ont la même unité",
    "nature_changed": "les deux chiffres sont de même nature",
    "definition_changed": "les deux chiffres comptent la même chose",
    "not_available": "les deux chiffres sont disponibles",
    "from_zero": "la valeur de départ n'est pas zéro",
    "negative_base": "la valeur de départ n'est pas négative",
    "sign_changed": "la valeur ne change pas de signe",
    "undetermined": "les précisions imprimées bornent l'évolution",
    "unreadable_growth": "l'évolution imprimée est lisible",
    "no_data": "un relevé existe à moins de 31 jours de chaque date",
    "held_back": "aucun des deux chiffres n'est retenu par un contrôle",
    "withdrawn": "la page montre encore les deux chiffres",
    "period": "les relevés couvrent les deux périodes sans trou",
    "unfinished": "les deux périodes étaient finies quand elles ont été relevées",
    "lengths": "les deux relevés couvrent des durées égales",
    "same_reading": "les deux dates renvoient à deux relevés",
    "wrong_order": "la date de départ précède la date d'arrivée",
    "not_yet": "la date d'arrivée est passée",
}
"""The rule that refuses a growth (what must hold, and does not), by the ``reason`` of ``refusals``."""

FRESHNESS: dict[str, str] = {
    "fresh": "la dernière nuit",
    "recent": "il y a moins de 31 jours",
    "old": "il y a 31 jours ou plus",
    "never": "jamais",
}
"""When a service last gave a figure."""


def reason(code: str) -> str:
    """Why a figure is missing, in French; an unknown code is shown as it is."""
    return REASONS.get(code, code)


def trouble(kind: str) -> str:
    """What an incident is about, in French; an unknown kind is shown as it is."""
    return TROUBLES.get(kind, reason(kind))


def phase(name: str) -> str:
    """A phase in French; an unknown name is shown as it is."""
    return PHASES.get(name, name)


def counted(changes: Iterable[tuple[str, str | None, str | None]]) -> str:
    """What is counted and is another thing now (``restatements.changes``), in French.

    >>> counted([("unit", "dossier", "agent"), ("definition", None, "actifs")])
    "l'unité, « dossier » puis « agent » ; la définition, non dite puis « actifs »"
    """
    told = (f"{COUNTED[name]}, {_counted(before)} puis {_counted(after)}" for name, before, after in changes)
    return " ; ".join(told)


def _counted(value: str | None) -> str:
    return f"« {NATURES.get(value, value)} »" if value else "non dite"


def place(text: str | None) -> str | None:
    """Where in a report a claim stands, in French.

    >>> place("page 3, Bilan, line 12")
    'page 3, Bilan, ligne 12'
    """
    return text and _LINE.sub(r"\1ligne \2", text)


_LINE = re.compile(r"(^|, )line (\d+)$")
