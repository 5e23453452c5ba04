"""Advice: for each kind of trouble, the one change that would make the page readable (French).

It is addressed to the team of the service, who owe us nothing: what we saw, and what they could change.
"""

from typing import NamedTuple


class Change(NamedTuple):
    """``seen`` follows "Ce que nous avons vu"; ``change`` is one sentence that a developer can act on."""

    seen: str
    change: str


CHANGES: dict[str, Change] = {
    "unreachable": Change(
        "La page n'a pas répondu à notre visite.",
        "Si elle a changé d'adresse, indiquez la nouvelle dans la fiche du portefeuille (champ stats_url).",
    ),
    "name_not_resolved": Change(
        "Le nom du site n'existe plus dans l'annuaire du réseau (DNS).",
        "Indiquez la nouvelle adresse dans la fiche du portefeuille (champ stats_url).",
    ),
    "deadline_passed": Change(
        "La page a mis plus de trente secondes à répondre.",
        "Gardez les résultats en cache une journée : une visite par nuit nous suffit.",
    ),
    "tls_failure": Change(
        "Le certificat du site n'est pas valable.",
        "Renouvelez le certificat, avec sa chaîne complète.",
    ),
    "server_trouble": Change(
        "Le site a répondu par une erreur interne.",
        "Un coup d'œil au journal du serveur, à l'heure de notre visite, devrait en dire la cause.",
    ),
    "forbidden": Change(
        "Le site a refusé l'accès à notre robot, qui dit qui il est.",
        "Autorisez dans le pare-feu notre agent (« impact-night ») sur la seule page de statistiques.",
    ),
    "robots_refused": Change(
        "Le fichier robots.txt demande de ne pas lire cette page, et nous le respectons.",
        "Ajoutez à robots.txt une ligne « Allow » pour l'adresse de la page de statistiques.",
    ),
    "gone": Change(
        "La page n'existe plus à cette adresse.",
        "Redirigez l'ancienne adresse vers la nouvelle, ou mettez à jour la fiche du portefeuille.",
    ),
    "soft_404": Change(
        "La page dit qu'elle n'existe pas.",
        "Redirigez l'ancienne adresse vers la nouvelle, ou mettez à jour la fiche du portefeuille.",
    ),
    "too_large": Change(
        "La page est trop lourde pour être lue en entier.",
        "Donnez les chiffres dans une page légère, ou dans un petit fichier JSON.",
    ),
    "too_many_redirects": Change(
        "La page renvoie sans fin d'une adresse à l'autre.",
        "Faites mener l'adresse publiée directement à la page.",
    ),
    "login_page": Change(
        "La page demande de se connecter.",
        "Rendez la page de statistiques publique, sans compte : c'est un standard du programme.",
    ),
    "closed_to_visitors": Change(
        "Le tableau de bord est fermé aux visiteurs sans compte.",
        "Activez le partage public du tableau de bord.",
    ),
    "challenge_page": Change(
        "Une protection contre les robots nous bloque.",
        "Exemptez la page de statistiques de cette protection.",
    ),
    "cookie_wall": Change(
        "La page exige d'accepter des cookies avant de montrer quoi que ce soit.",
        "Montrez les chiffres sans attendre le choix du visiteur.",
    ),
    "maintenance_page": Change(
        "Le site est en maintenance.",
        "Rien à faire si elle se termine bientôt ; nous repassons chaque nuit.",
    ),
    "empty_shell": Change(
        "La page est vide tant qu'un navigateur n'a pas exécuté ses scripts.",
        "Écrivez les chiffres dans le HTML que le serveur envoie, ou dans un fichier JSON public.",
    ),
    "count_up": Change(
        "La page écrit zéro, puis une animation compte jusqu'au chiffre.",
        "Écrivez le chiffre final dans le HTML ; l'animation peut partir de là.",
    ),
    "not_found": Change(
        "Le chiffre n'est plus à la place où nous le lisions.",
        "Donnez-lui un repère stable, par exemple un attribut id sur son élément, et dites-le-nous.",
    ),
    "ambiguous": Change(
        "Plusieurs endroits de la page répondent à la description du chiffre.",
        "Donnez à l'élément du chiffre un attribut id qui lui soit propre.",
    ),
    "split_figure": Change(
        "Le chiffre est coupé en plusieurs morceaux.",
        "Écrivez-le d'un seul tenant, dans un seul élément.",
    ),
    "scale_unclear": Change(
        "On ne sait pas si le chiffre est en unités, en milliers ou en millions.",
        "Écrivez l'échelle à côté du chiffre (« 2,7 millions »), ou le chiffre en entier.",
    ),
    "empty": Change(
        "La page laisse la place du chiffre vide.",
        "Vérifiez la requête qui le calcule ; s'il n'existe pas encore, « ND » le dit clairement.",
    ),
    "refused": Change(
        "La source refuse de donner ce chiffre.",
        "Vérifiez que la question ou la requête est bien partagée publiquement.",
    ),
    "wrong_format": Change(
        "La page n'est plus au format attendu.",
        "Si le format a changé pour de bon, dites-le-nous : nous adapterons la lecture.",
    ),
    "unreadable_number": Change(
        "Les caractères trouvés ne forment pas un nombre sûr.",
        "Écrivez le nombre en chiffres, à la française (« 1 234,5 »), sans autre texte dans l'élément.",
    ),
    "unknown_period": Change(
        "On ne sait pas de quand date le chiffre.",
        "Écrivez la date ou la période à côté du chiffre (« au 31/12/2023 »).",
    ),
    "unit_mismatch": Change(
        "L'unité imprimée n'est pas celle que nous attendions.",
        "Vérifiez l'unité sur la page ; si elle a changé, dites-le-nous.",
    ),
    "not_a_statistics_page": Change(
        "La page ne montre aucun chiffre d'impact.",
        "Indiquez dans la fiche du portefeuille l'adresse de la page qui les montre.",
    ),
    "moved_off_site": Change(
        "L'adresse mène à un autre site.",
        "Si ce site est le vôtre, mettez son adresse dans la fiche du portefeuille.",
    ),
    "frozen": Change(
        "Le chiffre n'a pas bougé depuis longtemps.",
        "Vérifiez que sa mise à jour automatique tourne encore ; sa date, sur la page, lèverait le doute.",
    ),
    "fell": Change(
        "Un cumul depuis le lancement a baissé.",
        "Si la définition a changé, dites-le à côté du chiffre : les deux resteront comparables.",
    ),
    "shrank": Change(
        "La page montre moins de périodes qu'avant.",
        "Si c'est possible, gardez l'historique complet : il sert à calculer les évolutions.",
    ),
    "scale_changed": Change(
        "L'unité du chiffre semble avoir changé.",
        "Écrivez l'unité à côté du chiffre.",
    ),
    "jumped": Change(
        "Le chiffre a bondi d'une visite à l'autre.",
        "Confirmez-nous qu'il est juste ; s'il ne l'est pas, la requête est à revoir.",
    ),
    "not_turned": Change(
        "Le compteur de l'année ou du mois est peut-être encore celui d'avant.",
        "Écrivez à côté du chiffre la période qu'il compte (« en 2024 », « en janvier »).",
    ),
    "below_minimum": Change(
        "Le chiffre est plus petit que tout ce que la page a montré.",
        "Confirmez-nous qu'il est juste ; s'il ne l'est pas, la requête est à revoir.",
    ),
    "above_maximum": Change(
        "Le chiffre est plus grand qu'attendu.",
        "Confirmez-nous qu'il est juste ; s'il ne l'est pas, la requête est à revoir.",
    ),
    "out_of_bounds": Change(
        "Une proportion sort de l'intervalle de 0 à 100 %.",
        "Vérifiez la requête, ou l'unité écrite à côté du chiffre.",
    ),
}

_OTHER = Change(
    "La page n'a pas pu être lue.",
    "Répondez-nous : nous regarderons ensemble.",
)

OURS = frozenset({
    "fetch_error", "not_kept", "not_visited", "reading_too_long", "reading_error", "refused_address",
    "notation_changed",
})  # fmt: skip
"""Troubles that are for us to look into: no team is asked anything."""


def mended(kind: str) -> Change:
    """What was seen and what would mend it; of a kind that is not listed, a word."""
    return CHANGES.get(kind, _OTHER)
