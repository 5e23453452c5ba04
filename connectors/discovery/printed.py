"""Which characters of a text may be a figure, and which only look like one.

A light recogniser: it says *where* numbers stand.  What a number is worth is the warehouse's to say.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_SAME = str.maketrans("\u2019\u02bc\u2018\u00a0\u202f\u2009\u2007\n\t\r", "'''       ")

_LEAD = (
    r"(?:(?:plus|moins|près|au-delà|de l'ordre|autour) (?:de |d'|des )|(?:environ|presque|quelque|bientôt)s? "
    r"|\+ ?(?:de |d')|au moins |[~≈>≥<≤] ?)"
)
_DIGITS = r"(?:\d{1,3}(?: \d{3})+(?!\d)|\d+)(?:[.,]\d+)?"
_MAGNITUDE = r"(?: ?(?:milliards?|millions?|milliers?|mille|Mds?|[kKM])(?![\w']))"
_SYMBOL = r"(?: ?(?:(?:Mds?|[Mk])?€|%|‰|/ ?(?:5|10|20|100)(?!\d)|sur (?:5|10|20|100)(?!\d)|pts?(?!\w)))"
MENTION = rf"{_LEAD}?(?:[+−–-] ?|[x×] ?)?{_DIGITS}{_MAGNITUDE}?{_SYMBOL}?(?: ?\+(?![\w ]))?"
"""A number as French pages print it, with what belongs to it: qualifier, magnitude, symbol of unit."""

_ENDS = r"(?:(?=(?:ha|km|kg|[kMGT]Wh?|min)(?!\w))|(?![\w/-]|[.,]\d))"
"""Where a number ends: at no letter, but for those of a measure that some pages write without a space."""
_MENTION = re.compile(rf"(?<![\w.,/°'#&-]){MENTION}{_ENDS}", re.IGNORECASE)

_MONTH = (
    r"(?:janv(?:ier)?|févr?(?:ier)?|mars|avr(?:il)?|mai|juin|juil(?:let)?|août|sept(?:embre)?|oct(?:obre)?"
    r"|nov(?:embre)?|déc(?:embre)?)\.?"
)
_ORDERED = (
    r"étape|question|page|chapitre|figure|fig\.|tableau|annexe|tome|lot|niveau|zone|top|partie|module|vague"
    r"|phase|axe|fiche|volet|saison|épisode|acte|rang|porte|bâtiment|salle|appartement|étage|catégorie|groupe"
)
_ROAD = r"(?:bis |ter )?,? ?(?:rue|avenue|av\.|boulevard|bd|quai|place|allée|impasse|chemin|square)\b"

NOT_FIGURES: tuple[tuple[str, str], ...] = (
    ("date", rf"\b\d{{1,2}}(?:er)? {_MONTH}(?:,? \d{{4}})?(?!\w)"),
    ("date", r"\b\d{1,2}([/.-])\d{1,2}\1\d{2,4}\b|\b\d{4}-\d{2}(?:-\d{2})?\b|\b\d{1,2}/\d{4}\b"),
    ("month", rf"(?<!\w){_MONTH} \d{{4}}\b"),
    ("year", (r"(?:\b(?:en|depuis|fin|début|mi|année|bilan|avant|après|d'ici|campagne|été|juillet|dès|pour)"
             r"|©|\(c\)) ?(?:à )?(?:19|20)\d\d(?! ?\d)(?: ?[-–/] ?(?:19|20)?\d\d)?")),
    ("years", r"\b(?:19|20)\d\d ?[-–/à] ?(?:19|20)\d\d\b"),
    ("period", r"\b\d+ (?:derni|proch|premi|meilleur)\w+|\b(?:derni|proch|premi)\w+ \d+\b"),
    ("period", (r"\b(?:depuis|il y a|en|sur|ces|les|chaque) \d+ "
                r"(?:ans?|mois|jours?|semaines?|heures?|minutes?)\b")),
    ("time", (r"\b\d{1,2} ?h(?: ?\d{2}\b|(?= ?(?:à|-|et|,|\.|$)))|(?:à|dès|avant|vers|de) \d{1,2} ?h\b"
             r"|\b\d{1,2}:\d{2}(?::\d{2})?\b|24 ?h?(?:/| sur )24|7 ?j?(?:ours)?(?:/| sur )7")),
    ("phone", r"(?:\+33|\b0)[ .-]?(?:\(0\))?[1-9](?:[ .-]?\d{2}){4}\b|\b0 ?8\d\d(?:[ .]?\d{2,3}){2,3}\b"),
    ("phone", (r"\b(?:téléphone|tél\.?|appelez|joindre|composez|numéro(?: vert)?|contactez|appel)(?: \w+)?"
              r" ?(?::|au|le)? ?(?:\d{4}|\d\d(?: \d\d)+)(?: ou \d{2} ?\d{2})*(?! ?\d)")),
    ("zero first", r"(?<![\d,.])0\d[\d .]*"),
    ("address", (rf"\b\d+ ?{_ROAD}|\b(?:BP|CS|cedex) ?\d+"
                 r"|\b\d{5}(?= (?:[\w'-]+ ){0,4}cedex)")),
    ("address", (r"(?:code postal ?:?|[,–-]) \d{5}(?= (?-i:[A-ZÉ]))"
                 r"|[\w,] (?-i:[A-ZÉ][\w'-]+) \(\d{5}\)")),
    ("identifier", (r"(?:\b(?:siret|siren|rcs|rna|isbn|issn|tva|iban|réf\w*|id)|n[°º]s?|\bno\.) ?:?"
                   r" ?[a-z]{0,2} ?\d[\d ./-]*")),
    ("legal reference", (r"\b(?:articles?|art\.|alinéas?|loi|décret|arrêté|règlement|directive|[LRD]\.)"
                        r"(?: (?:[LRD]\.?|n°|du|\(ue\)))* ?\d[\d./-]*")),
    ("version", (r"\bv\.? ?\d[\d.]*|\b(?:bêta|beta|alpha|release) ?\d[\d.]*"
                r"|\bversion (?:de l'api )?:? ?\d[\d.]*|\b\d+\.\d+\.\d[\d.]*"
                r"|\b(?:rgaa|wcag|iso|etalab|licence|http|ipv|web)[ -]\d[\d.]*")),
    ("ordinal", r"\b\d+(?:ers?|res?|ères?|èmes?|es?|è|nde?|de)\b"),
    ("rank", rf"\b(?:{_ORDERED}) ?:? ?\d+"),
    ("pagination", (r"page \d+ ?(?:sur|/|of) ?\d+|résultats? \d+ ?(?:à|-|–) ?\d+(?: sur \d+)?"
                    rf"|{_DIGITS} résultats?\b")),
    ("range", (r"\b\d+(?:[.,]\d+)? ?%? ?(?:à|-|–) ?\d+(?:[.,]\d+)?(?: ?(?:ans|%|€|jours|salariés))?"
               r"(?![\w ]\d)")),
    ("age", r"(?:(?:plus|moins) de |de )?\b\d+ ans\b"),
    ("size of a file", r"\b\d+(?:[.,]\d+)? ?(?:[kKMGT]o|octets?)\b"),
    ("price", (r"(?<!\d )(?<![.,\d])\d{1,3}(?:[.,]\d\d?)? ?€ ?"
               r"(?:H\.?T|T\.?T\.?C|/ ?(?:mois|an)|par (?:mois|an)\b(?! (?:et )?par))")),
    ("change", r"\b\d+(?:[.,]\d+)? ?% (?:de |d'entre eux )?(?:plus|moins)\b(?! de)"),
    ("up to", (r"\b(?:jusqu'à|à partir de|dans la limite de|plafonn\w+ à|moins de|au plus"
               rf"|(?:in|sup)érieure?s? à) {_DIGITS}(?! ?%)|\bjusqu'à {_DIGITS} ?[%€]"
               rf"|{_DIGITS} [\w'-]+ (?:maximum|max\.|minimum|au plus)")),
    ("length of time", (r"\b\d+ ?(?:min|mn|h|m) ?\d{1,2}(?: ?s(?:ec)?)?\b|\b\d+ ?min\.? \d+ ?s\b"
                        r"|\(\d+ ?(?:j|h|min|jours?|mois|ans?|heures?|semaines?)\.?\)")),
    ("between", rf"\bentre {_DIGITS} ?\S{{0,3}} et {_DIGITS}"),
    ("opinions", rf"{_DIGITS} ?★|[★☆]+ ?{_DIGITS}|{_DIGITS} avis\b|\bpartager {_DIGITS}"),
    ("distance", r"\bà \d+(?:[.,]\d+)? k?m\b"),
    ("one in so many", r"\b(?:une?|\d+) \w+ sur \d+\b|\b\d sur [2-46-9]\b(?! ?\d)"),
    ("sample", (rf"\bn ?= ?{_DIGITS}|\b(?:auprès|échantillon|panel|base) (?:de |d'|des )(?:\w+ de )?"
                rf"{_DIGITS}")),
    ("steps", (r"\b\d+ (?:(?:bon|grand|petit|nouve)\w+ )?(?:étapes?|conseils?|clics?|cookies?|questions?"
              r"|raisons?|minutes? de lecture|façons?|idées?|astuces?|nouveautés?|nouvelles fonction\w+"
              r"|fonctionnalités?|piliers?|principes?)\b")),
    ("time of reading", r"temps de lecture ?:? ?\d+"),
    ("note", r"^ ?(?:\(\d\)|\[\d+\]|\d\)|\d\.)(?= )|\[\d+\]"),
    ("name", (r"\b(?:France|Horizon|Agenda|Covid|Plan|Europe|Paris|Objectif|Action publique)[ -]\d{2,4}\b"
              r"(?! ?\d)")),
    ("frequency", r"\b\d+(?:[.,]\d)? ?(?:FM|MHz|px|dpi|ko/s)\b"),
    ("deadline", (r"\b(?:sous|dans les|délai de|pendant|durera|dure|toutes les) \d+ "
                  r"(?:heures?|jours?|semaines?|mois|minutes?)\b")),
)  # fmt: skip
"""What is no figure: what it is, and a pattern of it (any case, plain spaces)."""

_NOT_FIGURES = tuple(re.compile(pattern, re.IGNORECASE) for _, pattern in NOT_FIGURES)
_CHANGE = re.compile(
    r"^(?:stable\b|[↑↓↗↘▲▼=→]|(?:en )?(?:légère )?(?:hausse|baisse|progression|augmentation)\b(?! de))"
    r"|^(?:en )?(?:hausse|baisse|augmentation|progression|diminution|évolution) de ?\d[\d ]*(?:[.,]\d+)?"
    r" ?(?:%|pts?\b|points?\b)$"
    r"|^(?:(?:en )?(?:hausse|baisse|augmentation|progression|évolution) de )?\(?[+−–-] ?\d[\d ]*(?:[.,]\d+)?"
    r"(?: ?(?:%|pts?\b|points?\b)|.*(?:ce mois|cette semaine|cette année|depuis|vs|par rapport|en un an))",
    re.IGNORECASE,
)
_YEAR = re.compile(r"(?:19|20)\d\d")
_AIM = re.compile(
    r"\b(?:objectifs?|ambition\w*|vis(?:e|ons|er)|cible|d'ici|prochaine?s?|feuille de route|à venir)\b",
    re.IGNORECASE,
)
_RULE = re.compile(
    r"\b(?:plafon\w+|dans la limite|maximum|minimum|seuils?|inférieure?s?|supérieure?s?|à condition|si vous"
    r"|bénéficier|éligib\w+|vous pouvez|selon (?:la|le|votre|vos|les)|doit|doivent|préparez|obligatoire"
    r"|moins de)\b",
    re.IGNORECASE,
)
LONGEST = 4000
"""Characters of a text that is looked through; a longer one is no place for a key figure."""
_GREW = re.compile(rf"\bpass\w+ de {_DIGITS}(?: ?%)? à (?P<now>{_DIGITS})", re.IGNORECASE)
_SIGNED = re.compile(r"[+−–-] ?\d.*(?:%|pts?)$", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Mention:
    """A number in a text: where, and whether it is written like a year."""

    start: int
    end: int
    like_a_year: bool


def spaced(text: str) -> str:
    """``text``, character by character, with plain spaces and straight apostrophes."""
    return text.translate(_SAME)


def is_change(text: str) -> bool:
    """Whether a text is the change beside a figure ("+12 % depuis 1 an"), and not a figure."""
    return bool(_CHANGE.match(spaced(text).strip()))


def is_datum(text: str) -> bool:
    """Whether a text is nothing but a date, a telephone number or the like."""
    rest = spaced(text)
    for pattern in _NOT_FIGURES:
        rest = pattern.sub(" ", rest)
    return rest != spaced(text) and not re.search(r"[^\W\d_]{3,}|\d", rest)


def is_one_number(text: str) -> bool:
    """Whether a text is nothing but one number, however its pieces are set."""
    return bool(_MENTION.fullmatch(" ".join(spaced(text).split())))


def is_aim(text: str) -> bool:
    """Whether a sentence tells what is aimed at, not what is."""
    return bool(_AIM.search(spaced(text)))


def is_rule(text: str) -> bool:
    """Whether a sentence tells what is allowed or needed, not what was counted."""
    return bool(_RULE.search(spaced(text)))


def mentions(text: str) -> Iterator[Mention]:
    """The numbers of ``text`` that may be figures, in their order."""
    if len(text) > LONGEST:
        return
    plain = spaced(text)
    barred = [match.span() for pattern in _NOT_FIGURES for match in pattern.finditer(plain)]
    grown = {match.start("now") for match in _GREW.finditer(plain)}
    for match in _MENTION.finditer(plain):
        start, end = match.span()
        digits = next(index for index in range(start, end) if plain[index].isdigit())
        in_other = any(first <= digits < last for first, last in barred) and digits not in grown
        if in_other or _SIGNED.fullmatch(match[0]):
            continue
        yield Mention(start, end, bool(_YEAR.fullmatch(match[0])))
