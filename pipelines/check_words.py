"""The checks of a night in French: what each says, why, and what it does when it fails."""

SCOPES = {
    "figure": "retient le chiffre",
    "whole": "bloque la publication",
    "warning": "avertit",
}
"""What a check does when it fails."""

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
