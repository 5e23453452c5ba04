"""The vocabulary of annual reports: the one place where French words are listed.

Patterns are searched in text that ``flat`` made plain: lower case, no accents, same length.
"""

import re
import unicodedata
from functools import lru_cache

_ODD = str.maketrans(dict.fromkeys("’ʼ‘", "'") | dict.fromkeys("\u00a0\u202f\u2009\u2007\t\n", " "))

_PARTED = re.compile(r"(?<=\d)[\n\t](?=\d)")  # the end of a line parts two numbers


@lru_cache(maxsize=4096)
def _plain(character: str) -> str:
    base = unicodedata.normalize("NFD", character)[0].lower()
    return base if len(base) == 1 else character


def flat(text: str) -> str:
    """``text`` in lower case, without accents, with plain blanks and apostrophes; of the same length."""
    return "".join(map(_plain, _PARTED.sub("\v", text).translate(_ODD)))


LABELS = re.compile(
    r"(?:notre |nos |sa |son |ses |leurs? |l[ea]s? )?(?:missions?|impacts?|statistiques?|chiffres(?: cles)?"
    r"|resultats?|usages?|bilan|objectifs?|en (?:quelques )?chiffres|indicateurs?|mesures? d'impact"
    r"|financements?|montant)\s*:?"
)
"""Words that name the parts of a service's card; alone in their block they are no title."""

CALL = re.compile(r"(?:voir|decouvrir|acceder|visiter|consulter|plus d(?:e |'))\b.{0,60}")
"""What a link to follow says."""

VISIT = re.compile(r"(?:voir|decouvrir|acceder|visiter|consulter) (?:au|le|ce) (?:service|site|produit)")
"""What the link to the service of a card says."""

YEARS = re.compile(r"(?:(?:en|annee|au cours de|fin|au 31 decembre)?\s*(?P<year>(?:19|20)\d\d)\s*:?\s*)+")
"""A block that says nothing but a year, or the years of columns."""

CONNECTIVES = {"dont", "soit", "et", "contre", "ainsi", "puis", "plus", "ou"}

NUMBERED = (
    r"pages?|pp?\.|n°|n\.|numeros?|criteres?|etapes?|phases?|parties?|articles?|annexes?|figures?|tableaux?"
    r"|fast|sections?|diapositives?|versions?|chapitres?|axes?|leviers?|piliers?|promos?|promotions?|saisons?|editions?|lois?|programmes?|titres?"
    r"|semaines?|cohortes?|niveaux?|lots?|arrondissements?|decrets?|volets?|fiches?"
)
"""What a number follows that names one thing and counts none ("page 12")."""

_MONTH = "janvier|fevrier|mars|avril|mai|juin|juillet|aout|septembre|octobre|novembre|decembre"
_YEAR = r"(?:19[5-9]\d|20\d\d)"
_LEAD = (
    r"(?:(?:en|depuis|pour|sur|au cours de|a|au|a la|du|le|la|des|dans|entre|d'ici|a partir de|jusqu'en"
    r"|jusqu'a|jusqu'au|courant)\s+)?"
    r"(?:(?:fin|debut|mi-?|(?:l'|la |le )?(?:annee|rentree|ete|automne|hiver|printemps))\s*)?"
)
DATED = re.compile(
    rf"(?<!\w){_LEAD}(?:"
    rf"(?:\d{{1,2}}(?:er)?\s+)?(?:{_MONTH})(?:\s+{_YEAR}(?!\d))?(?!\w)"
    rf"|\d{{1,2}}[/.-]\d{{1,2}}[/.-](?:{_YEAR}|\d\d)(?!\d)|{_YEAR}-\d\d-\d\d(?!\d)"
    rf"|{_YEAR}\s?[-/–]\s?(?:{_YEAR}|\d\d)(?!\d)"
    rf"|(?:(?:\d|premier|deuxieme|second|troisieme|dernier)(?:er|e|eme)?\s+)?(?:trimestre|semestre)\s+{_YEAR}(?!\d)"
    rf"|[tqs][1-4]\s?{_YEAR}(?!\d)"
    rf"|(?<![\d,.]){_YEAR}(?![\d%€,.]\d|\d|\s?[%€]|\s\d{{3}})(?:\s+et\s+{_YEAR}(?!\d))?"
    r"|(?:les|l') ?(?:annees? precedentes?|an dernier|annee derniere)(?!\w)"
    r")"
)
"""A date as printed, with the little words before it."""

CUE = re.compile(
    rf"(?:\b(?:en|depuis|annees?|ans?|fin|debut|mi|courant|jusqu'en|bilan|rapport|edition|plf|sondage|rentree|ete"
    rf"|{_MONTH}|etude|enquete|{_YEAR}(?: et|,| ou|-)?)\s*|[(/–-]\s?)$"
)
"""What stands before four digits that are a year."""

COMPARED = re.compile(r"(?:qu'|\bque |\bcomme |\bpar rapport (?:a |en |au )?|\bcontre )$")
"""What stands before a date that a figure is compared with, and does not describe."""

COUNTED = re.compile(
    r"\s*(?!(?:nous|vous|ils|elles|plus|apres|ans|dans|mais|sans|vers|puis|sous|lors|alors|pas|tous|toutes)\b)"
    r"(?:(?:nouve(?:aux|lles)|d')\s?)?[a-z]{3,}[sx](?!\w)"
)
"""What follows four digits that may count something."""

RHYTHM = re.compile(
    r"(?<!\w)(?:par (?:an|mois|jour|semaine|heure|minute)|chaque (?:annee|mois|jour|semaine)"
    r"|/ ?(?:an|mois|jour)|(?:en |au )?cumule?e?s?|au total|en tout|a ce jour|a date"
    r"|(?:mensuel|quotidien|annuel)lement"
    r"|depuis (?:le|la|son|sa|leur|l')\s?(?:lancement|ouverture|creation|debut|origine|demarrage|naissance"
    r"|mise en (?:service|ligne))(?: (?:du service|du site|de la plateforme))?"
    r"|(?:sur )?les (?:12|douze|30|trente|6|six|3|trois) derniers (?:mois|jours))(?!\w)"
)
"""How a figure accumulates."""

_DOZENS = "di[sz]aine|douzaine|quinzaine|vingtaine|trentaine|quarantaine|cinquantaine|soixantaine|centaine"
IN_WORDS = re.compile(
    r"(?<!\w)(?:(?:la |une |pres de la )?moitie|un tiers|deux tiers|un quart|trois quarts"
    r"|multiplie\w{0,3} par (?:deux|trois|quatre|cinq|dix|cent)|une? \w+ sur (?:deux|trois|quatre|cinq|dix)"
    rf"|(?:une |des |plusieurs )?(?:{_DOZENS}|millier|million|milliard)s?(?: de (?:milliers|millions))?"
    r"|double[erz]?s?|triple[erz]?s?|quadruple[erz]?s?)(?!\w)"
)
"""Numbers without digits: never understood, always shown."""

RISE = r"hausse|augment[a-z]+|progress[a-z]+|croissance|bondi?|accr[a-z]+"
FALL = r"baiss[a-z]+|diminu[a-z]+|redui[a-z]+|reduction|recul[a-z]*|chut[a-z]+"

_PRODUCT = r"(?:produits?|services?|startups?)"
_NATIONAL = rf"{_PRODUCT}.{{0,60}}\bimpact national"

_NUMBER_OF = r"^(?:nombre (?:de |d'))?(?:nouveaux )?"

INDICATORS: tuple[tuple[str, str], ...] = (
    ("fast", rf"{_NUMBER_OF}{_PRODUCT} (?:accompagne|laureat|soutenu|finance)\w* .{{0,20}}\bfast\b"),
    ("launched_dinum", rf"{_NUMBER_OF}{_PRODUCT} lances? par la (?:dinum|dinsic)\b"),
    ("launched", rf"{_NUMBER_OF}{_PRODUCT} lances?\b(?! par)"),
    ("stopped", rf"{_NUMBER_OF}{_PRODUCT} abandonnes?\b"),
    ("investigated", rf"{_NUMBER_OF}problemes? investigues?\b"),
    (
        "impact_national_new",
        rf"{_NUMBER_OF}{_PRODUCT} (?:numeriques? )?(?:devenus? )?(?:a|d')\s?impact national",
    ),
)
"""Rows of the tables that Parliament reads; a row that fits none is kept under its words alone."""

MEASURES: tuple[tuple[str, str], ...] = (
    ("investigations", r"^# investigations? (?:en cours|menees? actuellement)"),
    ("impact_national_new", rf"^dont # .*{_NATIONAL}.* en$"),
    ("impact_national_total", rf"^dont # (?:.*{_NATIONAL}|a impact national)"),
    ("impact_national_total", rf"^# {_NATIONAL}.*\bau total"),
    ("impact_national_new", rf"^# nouveaux {_NATIONAL}"),
    ("impact_national_new", rf"^# {_PRODUCT} .*\bont atteint .*\bimpact national"),
    # With a year, the same words may mean those of the year or all until then.
    ("impact_national_total", rf"^# {_NATIONAL}(?!.* en$)"),
    (
        "services_supported",
        rf"^# {_PRODUCT}.{{0,20}} (?:en cours d'accompagnement|accompagnes|en portefeuille)",
    ),
    ("incubators", r"^# incubateurs?(?: partenaires?)?(?: sont|$)"),
    ("fast", r"^# laureats?\b"),
)
"""Figures of the programme itself: ``#`` is the figure, after "dont" if that is printed; "en" ends the words
when a year follows them."""

AWARD = re.compile(r"\blaureat|^(?:promo\w* )?fast(?: \d+)?$")
"""A heading under which an amount of money is what a service was granted."""

SPENT = re.compile(r"\b(?:engage|attribue|accorde|alloue|verse|octroye|distribue|total|montant|enveloppe)")
"""Words below such an amount that make it what was spent on all services together."""

BEFORE, TARGET, GROWTH = (
    re.compile(r"resultat|realis|obtenu|atteint"),
    re.compile(r"objectif|cible|prevision|attendu|plf"),
    re.compile(r"evolution|variation|croissance|progression"),
)
"""What the headers of a table of results say."""

SAYS_NOTHING = {
    "ans", "aux", "avec", "ces", "chaque", "contre", "dans", "des", "donc", "dont", "elle", "elles",
    "entre", "est", "etc", "les", "mais", "ont", "par", "plus", "pour", "puis", "que", "qui", "ses",
    "soit", "son", "sont", "sur", "une", "via",
}  # fmt: skip
"""Words that do not tell what a figure counts."""
