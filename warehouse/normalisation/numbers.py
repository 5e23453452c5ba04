"""Numbers, as French pages print them.

What is printed is more than a value.  "2,7 millions" is 2 700 000 give or take 50 000, "plus de
10 000" has no upper bound, "ND" is an answer and not a gap: a :class:`Printed` keeps all of it.
What could be read in two ways is refused, never guessed.  The variety is in the tables below; the
functions only apply them, in the order in which a figure is written: words, sign, digits,
magnitude, unit.
"""

import re
import unicodedata
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_EVEN, Decimal
from typing import Literal

from connectors.extraction import Notation
from warehouse.errors import UnreadableNumber
from warehouse.normalisation.units import printed_unit

Qualifier = Literal["exact", "at_least", "at_most", "about", "not_available"]
Kind = Literal["amount", "percent", "points", "multiple", "score"]

LONGEST = 200
"""Characters.  No figure is longer; the limit is what makes any text cheap to refuse."""
DIGITS, PLACES = 15, 6
"""Significant digits and decimals that every database we use keeps exactly."""


@dataclass(frozen=True, slots=True)
class Printed:
    """One figure, as its printed form is understood.

    ``text`` is verbatim.  ``value`` is in units (magnitudes applied), and ``None`` only for
    ``not_available``.  ``low`` and ``high`` bound what the printed form allows, both included;
    ``None`` is unbounded.  ``unit_text`` is what follows the number, in lower case, or what
    precedes it when nothing follows.
    """

    text: str
    value: Decimal | None
    low: Decimal | None
    high: Decimal | None
    qualifier: Qualifier
    unit_text: str = ""
    kind: Kind = "amount"


# ------------------------------------------------------------------------------------- tables

_FOLD = str.maketrans(
    dict.fromkeys("\u202f\u2009\u2007", "\u00a0") | dict.fromkeys("’ʼ‘", "'") | {"\u2011": "-"}
)
_BEYOND_LATIN = "\u00a0€…«»•·×≈≥≤−–—‰†"

_INTEGER = "0|[1-9][0-9]{0,2}(?:(?P<separator>[\u00a0 ])[0-9]{3}(?:(?P=separator)[0-9]{3})*)|[1-9][0-9]*"
_GRAMMARS = {
    "french": re.compile(rf"(?P<integer>{_INTEGER})(?:,(?P<decimals>[0-9]+))?"),
    "dot": re.compile(rf"(?P<integer>{_INTEGER})(?:\.(?P<decimals>[0-9]+))?"),
}
_JSON = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]{1,3})?")

# Words, sign, digits, words.
_SHAPE = re.compile("([^0-9]*?)((?:[+−–-][\u00a0 ]?)?)([0-9](?:[0-9., \u00a0]*[0-9])?)(.*)", re.DOTALL)
# What may touch the digits: not a letter ("v2", "12O"), not a second sign, not a stray comma.
_TOUCHES_BEFORE = re.compile(r"(?![.,'_])(?:.*(?:[\s:(\[«\"~≈<>≤≥=]|(?<!\w)d'))?", re.DOTALL | re.IGNORECASE)
_TOUCHES_AFTER = re.compile(r"$|[\s%€)\]»\"*…]|\+(?:\s|$)|[.,;:!?](?:\s|$)|/[^\W\d_]")
_WORD = re.compile(r"[^\W\d_]+")
_PUNCTUATION = ' \u00a0.,;:!?…*†()[]«»"=•·'

_MAGNITUDES = {
    "mille": 10**3, "millier": 10**3, "milliers": 10**3, "k": 10**3, "K": 10**3,
    "million": 10**6, "millions": 10**6, "M": 10**6,
    "milliard": 10**9, "milliards": 10**9, "Md": 10**9, "Mds": 10**9,
}  # fmt: skip
# Letters keep their case (12 m is not 12 M), words do not.
_MAGNITUDE = re.compile(r"\s*(k|K|M|Mds?|(?i:mille|milliers?|millions?|milliards?))(?![^\W\d_])")

_BEFORE_DIGITS: dict[Qualifier, str] = {
    "at_least": r"pas moins|plus|\+(?= ?d)|au moins|(?:au )?minimum|min\.?|à partir|au[- ]delà|dépass\w+"
    r"|supérieure?s? (?:ou égale?s? )?à|>=?|≥",
    "at_most": r"pas plus|moins(?= d)|au plus|(?:au )?maximum|max\.?|jusqu'à"
    r"|inférieure?s? (?:ou égale?s? )?à|<=?|≤",
    "about": r"à peu près|près|environ|env\.|autour|aux alentours|de l'ordre"
    r"|quelques?|presque|approximativement|pratiquement|quasi(?:ment)?|proches?|bientôt"
    r"|à peine|plus ou moins|~|≈",
}
_AFTER_DIGITS: dict[Qualifier, str] = {
    "at_least": r"\+|(?:ou|et) plus|au moins|(?:au )?minimum",
    "at_most": r"ou moins|au plus|(?:au )?maximum|max",
    "about": r"environ|approximativement|à peu près",
}
_LEADING = {
    qualifier: re.compile(rf"(?<!\w)(?:{words})\s?(?:des?|du|les|d'|)\s?$", re.IGNORECASE)
    for qualifier, words in _BEFORE_DIGITS.items()
}
_TRAILING = {
    qualifier: re.compile(rf"^\s?(?:{words})(?!\w)|(?<!\w)(?:{words})$", re.IGNORECASE)
    for qualifier, words in _AFTER_DIGITS.items()
}
_NOT_AVAILABLE = re.compile(
    r"n[./]?[dca]\.?|s\.?o\.?|[-–—]"
    r"|(?:donnée |chiffre )?(?:non (?:disponible|communiquée?|renseignée?)|indisponible)s?",
    re.IGNORECASE,
)

# What follows the magnitude: its kind, and how the unit is then written.
_KINDS: tuple[tuple[Kind, re.Pattern[str], str], ...] = (
    ("score", re.compile(r"\s*(?:/|sur)\s*(5|10|20|100)(?![0-9]|[.,][0-9])", re.IGNORECASE), r"/\1"),
    ("percent", re.compile(r"\s*(?:%|pour cents?(?!\w)|pourcents?(?!\w))", re.IGNORECASE), "%"),
    ("points", re.compile(r"\s*(?:pts?(?!\w)|points? de (?:pourcentage(?!\w)|%))", re.IGNORECASE), "pts"),
    ("multiple", re.compile(r"\s*(?:[x×]|fois)(?!\w)", re.IGNORECASE), "x"),
)
_SIGNED_POINTS = re.compile(r"\s*points?(?!\w)", re.IGNORECASE)
_TIMES = re.compile(r"(?<!\w)(?:[x×]|multipli\w* par|fois)\s?$", re.IGNORECASE)
_PARTICLE = re.compile(r"^(?:de |des |du |d')", re.IGNORECASE)

# Units that have a digit in their own name.
_DIGITED = re.compile(r"(?<![^\W\d_])(?:(?:t|kg|g)?co[2₂](?:e|eq)?|k?m[²³23])(?!\w)", re.IGNORECASE)

# Words that change the number they stand beside ("3 millions et demi", "en milliers", "2 tiers",
# "moins 5"), letters that may be digits ("1 OOO"), or a magnitude as well as a metre ("12 m").
_ALTERS = re.compile(
    r"(?<!\w)(?:demie?s?|moitié|deux|trois|quatre|cinq|six|sept|huit|dix|onze|douze|treize|quatorze|quinze|seize"
    r"|vingts?|trente|quarante|cinquante|soixante|cents?|(?:diz|douz|quinz|vingt|trent|cinquant|cent)aines?"
    r"|mille|milliers?|millions?|milliards?|billions?|mio|mln|mrds?|bn|environ|approximativement"
    r"|(?:[kmgb]+|mds?)(?:€|eur|euros?)|(?-i:[OolI_]+))(?!\w)",
    re.IGNORECASE,
)
_ALTERS_BEFORE = re.compile(r"(?<!\w)(?:moins|pas|ni|non|sans|sauf|hors|jamais)\s?$", re.IGNORECASE)
_ALTERS_AFTER = re.compile(r"\s*(?:tiers|quarts?|neuf|m|mn|mds?|b)(?!\w)", re.IGNORECASE)


# ------------------------------------------------------------------------------------ reading


def read(text: str, *, notation: Notation = "french") -> Printed:
    """What a printed figure says.

    ``notation`` is how the digits are written: ``french`` (comma decimals), ``dot`` (dot
    decimals, where a service file says so) or ``json`` (a JSON number token).  Thousands are in
    groups of exactly three, separated by U+0020 or by the no-break kinds U+00A0, U+202F, U+2009
    and U+2007.  The no-break kinds may be mixed in one number (editors do); an ASCII space among
    them may not, because it may part two numbers.

    Precision is a rule of the project.  A magnitude or decimals announce a rounding: half a unit
    of the last printed place on either side.  A whole number without magnitude is itself, whole
    percentages included, because the annual report subtracts those as printed.  "About" is wider:
    half a unit of the last digit that is not zero ("environ 58 000": 500 on either side).  "More
    than" starts at the value, "less than" ends there.  A JSON number is itself; decimals beyond
    what a database keeps (15 digits, 6 decimals) are rounded off, and the bounds enclose the token.

    "1,234" alone is refused: it is 1.234 in French and 1 234 in English, which pages do mix in.

    Raises:
        UnreadableNumber: there is no number, or two, or one that could be read in two ways, or
            characters that deceive the eye; the sentence says which.
    """
    if len(text) > LONGEST:
        raise UnreadableNumber(
            f"{text[:40]!r}…: {len(text)} characters, and no figure has more than {LONGEST}."
        )
    try:
        return _token(text) if notation == "json" else _figure(text, notation)
    except _Refusal as refusal:
        raise UnreadableNumber(f"{text!r}: {refusal}.") from None


class _Refusal(Exception):
    """Why a text is refused; :func:`read` puts the text before it."""


def _refuse(condition: object, why: str) -> None:
    if condition:
        raise _Refusal(why)


def _token(text: str) -> Printed:
    """A JSON number token."""
    token = text.strip()
    _refuse(not _JSON.fullmatch(token), "not a JSON number")
    value = Decimal(token)
    _refuse(value.is_zero() and value.is_signed(), "a zero with a minus sign")
    _refuse(value.adjusted() >= DIGITS, f"more than {DIGITS} digits before the decimals")
    place = Decimal(1).scaleb(max(-PLACES, value.adjusted() - DIGITS + 1, int(value.as_tuple().exponent)))
    nearest, low, high = (
        plain(value.quantize(place, rounding)) for rounding in (ROUND_HALF_EVEN, ROUND_FLOOR, ROUND_CEILING)
    )
    return Printed(text, nearest, low, high, "exact")


def _figure(text: str, notation: Literal["french", "dot"]) -> Printed:
    """A figure set in type."""
    folded = unicodedata.normalize("NFC", text).translate(_FOLD).strip()
    _refuse_strange(folded)
    shape = _SHAPE.fullmatch(folded)
    if shape is None:
        return _without_digits(text, folded)
    before, sign, digits, after = shape.groups()
    times, before = bool(_TIMES.search(before)), _TIMES.sub("", before)
    _refuse_touching("" if times else before, after)
    power, after = _magnitude(after)
    number = _number(digits, notation, alone=power == 1)
    qualifier, before, after = _qualified(before, after)
    kind, symbol, rest = _kind(after, times=times, signed=bool(sign))
    _refuse_altered(before, rest)
    number = _signed(number, sign, kind, symbol)
    low, high = _bounds(number, power, qualifier)
    return Printed(text, _kept(number * power), low, high, qualifier, _unit_text(before, symbol + rest), kind)


def _refuse_strange(folded: str) -> None:
    """Refuse any character outside French typography: it may hide, reverse or counterfeit a digit."""
    for character in _DIGITED.sub("", folded):
        ascii_text = character.isascii() and (character.isprintable() or character in "\t\r\n")
        latin = character.isalpha() and ord(character) < 0x180
        name = f"U+{ord(character):04X} {unicodedata.name(character, '')}".strip()
        _refuse(not (ascii_text or latin or character in _BEYOND_LATIN), f"{name} has no place in a figure")


def _without_digits(text: str, folded: str) -> Printed:
    """Words that say that there is no figure, perhaps after a label and a colon."""
    said = folded.rpartition(":")[2].strip()
    _refuse(not _NOT_AVAILABLE.fullmatch(said), "no number in digits" if folded else "no text")
    return Printed(text, None, None, None, "not_available")


def _refuse_touching(before: str, after: str) -> None:
    """Refuse digits that are stuck to something else than a sign, a magnitude or a known unit."""
    _refuse(not _TOUCHES_BEFORE.fullmatch(before), f"{before[-1:]!r} touches the digits")
    word = _WORD.match(after)
    known = _MAGNITUDE.match(after) or _DIGITED.match(after) or (word and printed_unit(word[0]))
    fits = known or _TOUCHES_AFTER.match(after) or any(pattern.match(after) for _, pattern, _ in _KINDS)
    _refuse(not fits, f"{after[:1]!r} touches the digits")


def _magnitude(after: str) -> tuple[int, str]:
    """The power of ten that follows the digits, and the rest."""
    found = _MAGNITUDE.match(after)
    if found is None:
        return 1, after
    name = found[1] if found[1] in _MAGNITUDES else found[1].lower()
    return _MAGNITUDES[name], after[found.end() :]


def _number(digits: str, notation: Literal["french", "dot"], *, alone: bool) -> Decimal:
    """The digits as printed, with as many decimals as printed; ``alone`` without magnitude."""
    shape = _GRAMMARS[notation].fullmatch(digits)
    if shape is None:
        _refuse(notation == "french" and "." in digits, "a dot may part thousands or decimals")
        raise _Refusal("not one number with thousands in groups of three")
    whole, decimals = re.sub("[ \u00a0]", "", shape["integer"]), shape["decimals"] or ""
    english = notation == "french" and alone and len(decimals) == 3 and len(whole) < 4 and whole != "0"
    _refuse(english, "a comma before exactly three digits may part thousands or decimals")
    _refuse(len((whole + decimals).lstrip("0")) > DIGITS, f"more than {DIGITS} digits")
    return Decimal(f"{whole}.{decimals}")


def _qualified(before: str, after: str) -> tuple[Qualifier, str, str]:
    """The qualifier said before or after the digits, and the words without it."""
    leading, before = _cut(_LEADING, before)
    trailing, after = _cut(_TRAILING, after)
    again = _cut(_LEADING, before)[0] or _cut(_TRAILING, after)[0]
    said = {leading, trailing, again} - {None}
    _refuse(again or len(said) > 1, "two qualifiers")
    return leading or trailing or "exact", before, after


def _cut(table: dict[Qualifier, re.Pattern[str]], words: str) -> tuple[Qualifier | None, str]:
    """The qualifier that starts first ("pas plus de" before "plus de"), and the words without it."""
    found = [
        (match.start(), match.end(), name) for name, form in table.items() if (match := form.search(words))
    ]
    if not found:
        return None, words
    start, end, name = min(found)
    return name, words[:start] + words[end:]


def _kind(after: str, *, times: bool, signed: bool) -> tuple[Kind, str, str]:
    """The kind of figure, its symbol, and the words after it; ``times`` when an "x" came before."""
    if times:
        return "multiple", "x", after
    for kind, pattern, symbol in _KINDS:
        if found := pattern.match(after):
            return kind, found.expand(symbol), after[found.end() :]
    if signed and (found := _SIGNED_POINTS.match(after)):
        return "points", "pts", after[found.end() :]
    return "amount", "", after


def _refuse_altered(before: str, rest: str) -> None:
    """Refuse a second number, in digits or in words."""
    _refuse(re.search("[0-9]", _DIGITED.sub("", rest)), "two numbers")
    altering = _ALTERS.search(before) or _ALTERS_BEFORE.search(before)
    altering = altering or _ALTERS.search(rest) or _ALTERS_AFTER.match(rest)
    _refuse(altering, f"{altering and altering[0].strip()!r} changes the number")


def _signed(number: Decimal, sign: str, kind: Kind, symbol: str) -> Decimal:
    """The number with its sign, when the two make sense together."""
    _refuse(sign[:1] in {"-", "–"} and sign[1:], "a dash and a space may be a list mark or a minus sign")
    _refuse(sign and kind in {"multiple", "score"}, f"a {kind} has no sign")
    _refuse(kind == "score" and number > Decimal(symbol.lstrip("/")), "a score above its maximum")
    minus = sign[:1] not in {"", "+"}
    _refuse(minus and not number, "a zero with a minus sign")
    return -number if minus else number


def _bounds(number: Decimal, power: int, qualifier: Qualifier) -> tuple[Decimal | None, Decimal | None]:
    """The least and the greatest value that the printed form allows."""
    value, margin = number * power, _margin(number, power, qualifier)
    low = None if qualifier == "at_most" else value - margin
    high = None if qualifier == "at_least" else value + margin
    return low if low is None else _kept(low), high if high is None else _kept(high)


def _margin(number: Decimal, power: int, qualifier: Qualifier) -> Decimal:
    """Half a unit of the last place that counts (see :func:`read`)."""
    place = int(number.as_tuple().exponent)
    if qualifier in {"at_least", "at_most"} or (qualifier == "exact" and place == 0 and power == 1):
        return Decimal(0)
    if qualifier == "about":
        place = int(number.normalize().as_tuple().exponent)
    return Decimal(1).scaleb(place) * power / 2


def _kept(value: Decimal) -> Decimal:
    """The value, when every database can keep it."""
    value = plain(value)
    fits = len(value.as_tuple().digits) <= DIGITS and int(value.as_tuple().exponent) >= -PLACES
    _refuse(not fits, f"more than the {DIGITS} digits and {PLACES} decimals that are kept")
    return value


def _unit_text(before: str, after: str) -> str:
    """The words of the unit: those after the number, else those before it."""
    words = _PARTICLE.sub("", after.strip(_PUNCTUATION)) or before.strip(_PUNCTUATION)
    return " ".join(words.casefold().split())


# ------------------------------------------------------------------------------------ showing


def plain(value: Decimal) -> Decimal:
    """The same number without trailing zeros and without an exponent (``1E+2`` becomes ``100``)."""
    return Decimal(format(value.normalize(), "f"))


def show(value: Decimal, unit: str = "", *, signed: bool = False) -> str:
    """A number in French typography: "1 575 332", "0,72 €", "+73 %", "4,2/5".

    Thousands are parted by U+202F, the unit stands after U+00A0, a minus is U+2212; nothing is
    rounded, trailing zeros stay.  ``signed`` adds the plus sign.
    """
    digits = f"{value:+,f}" if signed else f"{value:,f}"
    number = digits.replace(",", "\u202f").replace(".", ",").replace("-", "\u2212")
    return number + ("" if not unit or unit.startswith("/") else "\u00a0") + unit
