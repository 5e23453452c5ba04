"""Refusals: every reason for which a growth is not computed, with the sentence that staff read."""

from warehouse.errors import NotComparable

_SENTENCES = {
    # The two figures cannot be compared.
    "unit_changed": "L'unité a changé ({}) : les deux valeurs ne se comparent pas.",
    "nature_changed": "La nature du chiffre a changé ({}) : les deux valeurs ne se comparent pas.",
    "definition_changed": "Ce qui est compté a changé ({}) : les deux valeurs ne se comparent pas.",
    "not_available": "L'une des deux valeurs n'est pas disponible (ND).",
    "from_zero": "La valeur de départ est zéro : aucune évolution en pourcentage n'est définie.",
    "negative_base": "La valeur de départ est négative : aucune évolution en pourcentage n'a de sens.",
    "sign_changed": "La valeur a changé de signe : aucune évolution en pourcentage n'a de sens.",
    "undetermined": "Les précisions imprimées ne bornent l'évolution d'aucun côté.",
    "unreadable_growth": "« {} » n'est pas une évolution lisible.",
    # There are no two figures to compare.
    "no_data": "Aucun relevé {}.",
    "held_back": "Le relevé du {} est retenu par un contrôle.",
    "withdrawn": "La page ne montre plus le chiffre du {} qu'elle montrait.",
    "period": "Les relevés ne couvrent pas {} : rien ne commence le {}.",
    "unfinished": "{}, la période relevée n'était pas terminée.",
    "lengths": "Les deux relevés ne couvrent pas des durées égales ({} et {} jours).",
    "same_reading": "Les deux dates renvoient au même relevé, celui du {}.",
    "wrong_order": "La date de départ ({}) doit précéder la date d'arrivée ({}).",
    "not_yet": "Le {} n'est pas encore passé.",
}


def refusal(code: str, *details: object) -> NotComparable:
    """The refusal of this short name, to be raised; ``details`` fill its sentence."""
    return NotComparable(code, _SENTENCES[code].format(*details))
