"""The forms in which numbers are printed, as one ordered table: the first form that fits has the digits.

All patterns are searched in ``flat`` text (lower case, no accents, plain blanks).
"""

import re
from dataclasses import dataclass
from typing import Literal

from connectors.report import Sense
from connectors.reports.words import FALL, NUMBERED, RISE

Kind = Literal["figure", "growth", "skipped", "unread"]


@dataclass(frozen=True, slots=True)
class Form:
    """One form.

    ``rule`` names what a skipped number is, or why one is not read.  In ``pattern`` a group ``said`` is
    the part that counts, ``symbol`` the unit, ``sign`` the sense of a growth that has none here.
    """

    kind: Kind
    rule: str
    pattern: re.Pattern[str]
    sense: Sense | None = None


_GAP = r"[ ]*+"
DIGITS = r"(?:\d{1,3}(?:[ ]\d{3})+(?!\d)(?:,\d+)?|\d+(?:[.,]\d+)*)"
_NUMBER = rf"(?<!\w)(?<!\d[.,]){DIGITS}"
_MAGNITUDE = rf"(?:{_GAP}(?:millions?|milliards?|milliers?|mille|mds?|[mk](?=[€\s.,;)]|$|d'))(?![a-z]))?"
_PERCENT = rf"{_GAP}(?:%|‰|points? de pourcentage|points?(?![a-z])|pts?(?![a-z]))"
_SYMBOL = (
    rf"(?P<symbol>{_GAP}(?:€|d'euros|euros?(?![a-z])|%|‰|pts?(?![a-z])|points? de pourcentage)"
    r"|\s?/\s?(?:5|10|20|100)(?!\d))?"
)
_QUALIFIER = (
    r"(?:(?:pas moins de|pas plus de|plus de|plus d'|plus|au moins|moins de|pres de|environ|autour de|jusqu'a"
    r"|presque|quelque|au-dela de|depass\w{1,4} (?:les? )?|\+ ?de|[<>~≈≥≤]=?|\+|(?<![\w)])[-−](?=\d))\s*)?"
)
_WORD = r"\S{1,200}"
# "hausse de 12 %", "diminue le délai de 12 %"; but "baisse de 12 % à 9 %" prints two figures.
_STEP = rf"\sde\s(?:plus de\s|pres de\s)?{_NUMBER}{_PERCENT}(?!\sa\s\d)"
_FAR = r"[^\d.;:()]{1,60}?"
_SOME = r"[^\d]{0,12}"

ADDRESSES = (
    Form("skipped", "address", re.compile(rf"https?://{_WORD}|www\.{_WORD}|(?<!\S){_WORD}@{_WORD}")),
    Form(
        "skipped", "address",
        re.compile(r"(?<![\w.@-])(?:[a-z][\w-]{0,60}\.){1,5}(?:fr|com|org|net|eu|io)(?![\w-])(?:/\S{0,200})?"),
    ),
    Form("skipped", "telephone", re.compile(r"(?<!\d)(?:\+33\s?|0)[1-9](?:[ .-]?\d\d){4}(?!\d)")),
)  # fmt: skip
"""What must be known before dates are looked for."""

HEADING = (
    Form("skipped", "numbering", re.compile(r"(?<=[a-z] )\d{1,3}(?=\s*(?:[(\[]\d|$))")),
    Form(
        "skipped", "numbering", re.compile(r"^\d{1,2}(?:\.\d{1,2})*[.)](?=\s)|^\d{1,2}(?:\.\d{1,2})+(?=\s)")
    ),
)
"""What tells one heading from the next: "FAST 12" at its end, "2.1." at its beginning."""

FORMS = (
    Form("skipped", "numbering", re.compile(r"[(\[]\d{1,3} ?/ ?\d{1,3}[)\]]")),
    Form(
        "skipped", "numbering",
        re.compile(
            rf"(?<!\w)(?:{NUMBERED})\s?(?:n° ?)?\d+(?:\.\d+)*+(?![\d]|[ ]\d{{3}}|,\d|\s?[%€])"
            r"(?:\s?(?:et|,|a|-)\s?\d+(?!\d))*"
        ),
    ),
    Form(
        "skipped", "time",
        re.compile(r"(?<!\w)(?:\d{1,2} ?h(?:\d\d)?(?:/\d+)?|(?:24|\d ?j) ?/ ?\d ?j?)(?!\w)"),
    ),
    Form("skipped", "size of a file", re.compile(r"(?<!\w)\d+(?:[.,]\d+)?\s?(?:[kmg][bo]|octets)(?!\w)")),
    Form("skipped", "name", re.compile(r"(?<![\w-])[a-z]{2,}-\d+(?:\.\d+)*(?![\w-])")),
    Form("skipped", "ordinal", re.compile(r"(?<!\w)\d+(?:er|ere|e|eme|nd|nde)s?(?!\w)")),
    Form(
        "skipped", "duration",
        re.compile(
            r"(?<!\w)(?:tou(?:s|tes) les|depuis|pendant|sous|dans les|les|ces|d'ici|apres|il y a|pour les)"
            r"\s(?:les )?\d+(?:\s(?:a|ou|et)\s\d+)?\s(?:(?:prochain|dernier|premier)e?s\s)?"
            r"(?:minutes|heures|jours|semaines|mois|ans|annees)(?!\w)"
        ),
    ),
    Form(
        "unread", "a range, not one number",
        re.compile(rf"(?<!\w)entre\s{_SOME}{_NUMBER}{_SOME}\set\s{_SOME}\b{DIGITS}{_MAGNITUDE}{_SYMBOL}"),
    ),
    Form(
        "unread", "a threshold, not a result",
        re.compile(rf"(?<!\w)(?:superieur|inferieur)e?s? (?:ou egale?s? )?a\s{_NUMBER}{_MAGNITUDE}{_SYMBOL}"),
    ),
    Form(
        "unread", "a range, not one number",
        re.compile(rf"(?P<sign>[+\-−–])\s?{_NUMBER}(?:{_PERCENT})?\sa\s[+\-−–]?{DIGITS}{_PERCENT}"),
    ),
    # "+80 % des services ont…" is a share of them, at least; "+80 % de services" is a growth.
    Form(
        "growth", "",
        re.compile(rf"(?P<sign>[+\-−–])\s?{_NUMBER}{_MAGNITUDE}(?P<symbol>{_PERCENT})(?!(?<=%)\s?des\s)"),
    ),
    Form("growth", "", re.compile(rf"(?<!\w)[x×]\s?{DIGITS}(?!\w)"), "up"),
    Form("growth", "", re.compile(rf"(?<!\w)multiplie?\w{{0,3}} par\s{_NUMBER}"), "up"),
    Form("growth", "", re.compile(rf"{_NUMBER}\sfois plus(?!\w)"), "up"),
    Form("growth", "", re.compile(rf"(?<!\w)(?:{RISE})(?:{_STEP}|{_FAR}(?P<said>{_STEP}))"), "up"),
    Form("growth", "", re.compile(rf"(?<!\w)(?:{FALL})(?:{_STEP}|{_FAR}(?P<said>{_STEP}))"), "down"),
)  # fmt: skip
"""What counts nothing, what cannot be one figure, and growths."""

FIGURES = (
    Form(
        "figure", "",
        re.compile(rf"{_QUALIFIER}{_NUMBER}{_MAGNITUDE}{_SYMBOL}(?:\s?\+(?!\w))?(?!\w|[.,]\d)"),
    ),
    Form(
        "figure", "",
        re.compile(r"(?:(?<=:)|(?<=: )|^)\s*(?P<said>n\.?d\.?|n\.?c\.?|n/a|non disponible)\s*$"),
    ),
)  # fmt: skip
"""What remains; "ND" is an answer too."""
