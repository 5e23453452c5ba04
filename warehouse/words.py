"""French words for what staff read: the short names that the tables keep, said in a few words."""

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
    "not_a_statistics_page": "la page n'est pas une page de statistiques (connexion, blocage ou page vide)",
    "not_found": "le chiffre n'est plus à sa place sur la page",
    "ambiguous": "plusieurs endroits de la page répondent à la description",
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
}
"""A derived growth beside a printed one."""


def reason(code: str) -> str:
    """Why a figure is missing, in French; an unknown code is shown as it is."""
    return REASONS.get(code, code)
