"""Numbers as printed: one line per form that a page has used, or might."""

import re
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from connectors.extraction import Notation
from warehouse.errors import UnreadableNumber
from warehouse.normalisation.numbers import LONGEST, Printed, read, show

BILAN = Path(__file__).parents[3] / "shared" / "seeds" / "001_d8ae26e58aa90034.txt"

# What is expected is written: value ±margin, a qualifier that is not "exact", a kind that is not
# "amount", and the unit after a colon.
NOTHING = ["ND", "N/D", "n.d.", "nd", "NC", "n.c.", "N/A", "n/a", "-", "–", "—", "indisponible"]
FRENCH = {
    "printed in the annual report for 2023": {
        "2,7 millions de dossiers déposés": "2700000 ±50000: dossiers déposés",
        "3 millions de dossiers déposés": "3000000 ±500000: dossiers déposés",
        "5 714 démarches": "5714: démarches",
        "Coût par dossier : 0,42€": "0.42 ±0.005: €",
        "Coût par dossier : 0,5€": "0.5 ±0.05: €",
        "11€ par dossier": "11: € par dossier",
        "39 %": "39 percent: %",
        "57 % des adresses": "57 percent: % des adresses",
        "26,06 millions d'adresses": "26060000 ±5000: adresses",
        "35 091 communes françaises": "35091: communes françaises",
        "24 617 600 appels en consultation": "24617600: appels en consultation",
        "Budget : 1,2 million par an": "1200000 ±50000: par an",
        "83 746": "83746",
        "218 481 dossiers validés": "218481: dossiers validés",
        "Coût de traitement d'un dossier : ND": "not_available",
        "Coût de traitement d'un dossier: 0,72 €": "0.72 ±0.005: €",
        "58 000 promesses d'action": "58000: promesses d'action",
        "500 000 euros": "500000: euros",
        "1 575 332 simulations terminées": "1575332: simulations terminées",
        "3 113 222 de tonnes de déchets": "3113222: tonnes de déchets",
        "5 491 633 de tonnes": "5491633: tonnes",
        "93 935 nouveaux établissements": "93935: nouveaux établissements",
        "+ 25 036 nouveaux": "25036: nouveaux",
        "+10 %": "10 percent: %",
        "+18 pts": "18 points: pts",
        "+18 pts d'adresses": "18 points: pts d'adresses",
        "+198 %": "198 percent: %",
        "x16": "16 multiple: x",
        "x16 rendez-vous": "16 multiple: x rendez-vous",
        "510 000 bénévoles": "510000: bénévoles",
        "800 000 trajets": "800000: trajets",
        "1,30€": "1.3 ±0.005: €",
        "Plus de 10 000 conventions signées": "10000 at_least: conventions signées",
        "95% de taux d'acheminement": "95 percent: % de taux d'acheminement",
        "Plus 400 000 dossiers enregistrés": "400000 at_least: dossiers enregistrés",
        "4,2/5 : note de satisfaction": "4.2 ±0.05 score: /5 : note de satisfaction",
        "48 millions de bâtiments": "48000000 ±500000: bâtiments",
        "47%": "47 percent: %",
    },
    "printed in earlier reports": {
        "+ de 1000 membres": "1000 at_least: membres",
        "5 M€ par an": "5000000 ±500000: € par an",
        "20 millions d'informations": "20000000 ±500000: informations",
        "plus d'1 million d'euros": "1000000 at_least: euros",
        "173 services en cours dʼaccompagnement": "173: services en cours d'accompagnement",
        "12 %": "12 percent: %",
    },
    "thousands": {
        "1\u202f575\u202f332": "1575332",
        "1\u00a0575\u00a0332": "1575332",
        "1\u2009575\u2009332": "1575332",
        "1\u2007575\u2007332": "1575332",
        "1\u202f575\u00a0332": "1575332",
        "2156695": "2156695",
        "0": "0",
        "7": "7",
        "999": "999",
        "1 000": "1000",
        "999 999 999 999 999": "999999999999999",
        "\n      1 234\n   ": "1234",
        "1 234\n   dossiers": "1234: dossiers",
    },
    "decimals": {
        "0,5": "0.5 ±0.05",
        "12,50": "12.5 ±0.005",
        "1 234,5": "1234.5 ±0.05",
        "1 234,567": "1234.567 ±0.0005",
        "1234,567": "1234.567 ±0.0005",
        "0,123": "0.123 ±0.0005",
        "3,1416": "3.1416 ±0.00005",
        "16,0 %": "16 ±0.05 percent: %",
    },
    "magnitudes": {
        "1,2\u00a0M": "1200000 ±50000",
        "1,2M": "1200000 ±50000",
        "10 k": "10000 ±500",
        "10K": "10000 ±500",
        "10k€": "10000 ±500: €",
        "12 M€": "12000000 ±500000: €",
        "12 M. d'euros": "12000000 ±500000: euros",
        "1,5 Md€": "1500000000 ±50000000: €",
        "2 Mds d'euros": "2000000000 ±500000000: euros",
        "40 mille": "40000 ±500",
        "20 milliers d'usagers": "20000 ±500: usagers",
        "1 millier": "1000 ±500",
        "3 Millions": "3000000 ±500000",
        "3 MILLIONS": "3000000 ±500000",
        "1,25 milliard": "1250000000 ±5000000",
        "67\n   millions": "67000000 ±500000",
        "1,234 million": "1234000 ±500",
        "-1,2 million": "-1200000 ±50000",
        "12 MWh": "12: mwh",
        "12 Mo": "12: mo",
    },
    "more than": {
        "plus de 2,7 millions": "2700000 at_least",
        "PLUS DE 400": "400 at_least",
        "+de 400": "400 at_least",
        "150+": "150 at_least",
        "150+ dossiers": "150 at_least: dossiers",
        "2 M+": "2000000 at_least",
        "au moins 12": "12 at_least",
        "12 au moins": "12 at_least",
        "12 dossiers ou plus": "12 at_least: dossiers",
        "pas moins de 12": "12 at_least",
        "supérieur à 12 %": "12 at_least percent: %",
        "supérieure ou égale à 12": "12 at_least",
        "à partir de 12 €": "12 at_least: €",
        "au-delà de 12": "12 at_least",
        "> 12": "12 at_least",
        "≥12": "12 at_least",
        ">= 12": "12 at_least",
        "12 minimum": "12 at_least",
        "dépasse les 12 millions": "12000000 at_least",
    },
    "less than": {
        "moins de 5 %": "5 at_most percent: %",
        "moins d'1 million": "1000000 at_most",
        "au plus 12": "12 at_most",
        "jusqu'à 12": "12 at_most",
        "jusqu’à 12": "12 at_most",
        "12 maximum": "12 at_most",
        "12 jours au maximum": "12 at_most: jours",
        "pas plus de 12": "12 at_most",
        "inférieur à 12": "12 at_most",
        "< 5": "5 at_most",
        "≤ 5": "5 at_most",
    },
    "about": {
        "environ 58 000": "58000 ±500 about",
        "près de 60": "60 ±5 about",
        "près de 39 %": "39 ±0.5 about percent: %",
        "près des 400 000": "400000 ±50000 about",
        "environ 2,7 millions": "2700000 ±50000 about",
        "environ 10 millions": "10000000 ±5000000 about",
        "~ 27 000 t": "27000 ±500 about: t",
        "~27 000": "27000 ±500 about",
        "≈ 450": "450 ±5 about",
        "autour de 450": "450 ±5 about",
        "quelque 450 réseaux": "450 ±5 about: réseaux",
        "presque 450": "450 ±5 about",
        "450 environ": "450 ±5 about",
        "450 dossiers environ": "450 ±5 about: dossiers",
        "de l'ordre de 450": "450 ±5 about",
        "à peu près 450": "450 ±5 about",
        "environ 2,50": "2.5 ±0.05 about",
        "environ 0": "0 ±0.5 about",
        "plus ou moins 450": "450 ±5 about",
        "bientôt 450": "450 ±5 about",
        "quasiment 450": "450 ±5 about",
    },
    "no figure": dict.fromkeys(
        ["Non disponible", "non communiquée", "non renseigné", "Budget : non communiqué", " ND ", *NOTHING],
        "not_available",
    ),
    "signs": {
        "-5 %": "-5 percent: %",
        "−5 %": "-5 percent: %",
        "–5 %": "-5 percent: %",
        "− 5 %": "-5 percent: %",
        "+ 121 %": "121 percent: %",
        "(+5 %)": "5 percent: %",
        "-3 pts": "-3 points: pts",
        "+1,5 point": "1.5 ±0.05 points: pts",
        "+12% depuis un an": "12 percent: % depuis un an",
    },
    "units": {
        "0,72\u00a0€": "0.72 ±0.005: €",
        "1 000 €/an": "1000: €/an",
        "8,31/10": "8.31 ±0.005 score: /10",
        "8,31 / 10": "8.31 ±0.005 score: /10",
        "4,2 sur 5": "4.2 ±0.05 score: /5",
        "86 pour cent": "86 percent: %",
        "18 points de pourcentage": "18 points: pts",
        "18 points d'accès": "18: points d'accès",
        "16 fois": "16 multiple: x",
        "16x": "16 multiple: x",
        "× 16": "16 multiple: x",
        "240 RDV": "240: rdv",
        "RDV créés (240)": "240: rdv créés",
        "150dossiers": "150: dossiers",
        "24h": "24: h",
        "27 000 t CO2": "27000: t co2",
        "27 000 tCO₂e": "27000: tco₂e",
        "450 m²": "450: m²",
        "57 %*": "57 percent: %",
        "« 57 % »": "57 percent: %",
        "12 345 dossiers.": "12345: dossiers",
        "• 500 bénévoles": "500: bénévoles",
        "€ 500": "500: €",
        "400 000 e\u0301tablissements": "400000: établissements",
    },
}
DOT = {
    "45.23%": "45.23 ±0.005 percent: %",
    "24.62": "24.62 ±0.005",
    "1.234": "1.234 ±0.0005",
    "1 234.5": "1234.5 ±0.05",
    "12": "12",
}
JSON = {
    "218481": "218481",
    "0": "0",
    "-5": "-5",
    "1.50": "1.5",
    "24.62": "24.62",
    "1e6": "1000000",
    "2.5E3": "2500",
    "1234567.25": "1234567.25",
    "999999999999999": "999999999999999",
}
REFUSED = {
    "two numbers": [
        "39 % des 26,06 millions",
        "12 34",
        "400 000 5 000",
        "2,7 millions (soit 7,5 millions en cumulé)",
        "Budget 2023 : 770 000 euros",
        "En janvier 2024, plus de 400 immersions",
        "10-20",
        "entre 400 et 500",
        "1 an 1/2",
        "12h30",
        "1€30",
        "31/12/2023",
        "24/7",
        "3 000, 12 %",
        "12\n345",
    ],
    "thousands or decimals": [
        "1.234",
        "1,234",
        "12,345",
        "999,999 dossiers",
        "1.234,5",
        "1,234.5",
        "1,234,567",
        "45.23%",
        "12 345.67",
    ],
    "groups that are not of three": [
        "12 3456",
        "1234 567",
        "1 23",
        "1  234",
        "0 123",
        "007",
        "01 23 45 67 89",
        "1 234\u202f567",
        "1,234 567",
        "1'234",
        "1_234",
    ],
    "words that change the number": [
        "3 millions et demi",
        "2 millions cinq cent mille",
        "2 tiers",
        "3 quarts",
        "en milliers : 240",
        "240 (en milliers)",
        "Budget (k€) : 500",
        "deux fois 400",
        "moins 5",
        "pas 400",
        "12 m",
        "5 m€",
        "5 md€",
        "5 MM€",
        "5 MEUR",
        "5 mn",
        "3 mrd",
        "12 dossiers par million d'habitants",
        "400 dossiers environ par mois",
        "200 pour mille",
    ],
    "qualifiers that contradict": [
        "plus de environ 40",
        "au moins 40 ou moins",
        "jusqu'à plus de 40",
        "~40+",
    ],
    "signs": [
        "- 5 %",
        "– 500 bénévoles",
        "--5",
        "++5",
        "+-5",
        "±5",
        "covid-19",
        "x-3",
        "-0",
        "-0,0 %",
        "-4/5",
    ],
    "stuck to something": [
        "12O",
        "12O 000",
        "1 OOO",
        "l 100",
        "' 100",
        ", 100",
        "O12",
        "1l",
        "l2",
        "v2",
        "2e",
        "1er",
        "3ème",
        "n°5",
        "#5",
        ".5",
        ",5",
        "5°",
        "5‰",
        "12,- €",
        "5_",
        "3D",
        "prix16",
    ],
    "scores above their maximum": ["6/5", "12/10", "10,1/10", "101 sur 100"],
    "characters that deceive": [
        "٣",
        "1٣",
        "５",
        "1²",
        "57 %¹",
        "½",
        "Ⅷ",
        "1\u200b234",
        "12\u2060",
        "\u200f12",
        "\u202e12",
        "1\u00ad234",
        "\ufeff12",
        "5\u0336",
        "5 М",
        "5 ％",
        "1\u2002234",
        "▲ 12 %",
        "12\x00",
    ],
    "no number": [
        "",
        "   ",
        "-,-",
        "un million",
        "null",
        "None",
        "NaN",
        "%",
        "Chargement…",
        "La moitié",
        "NDA",
        "€",
    ],
    "too many digits": ["1 234 567 890 123 456", "1,0000000000000001", "0,1234567", "1 000 000 milliards"],
}
REFUSED_DOT = ["45,23", "1,234", "1,234.5", "1.234.5", "1.2.3"]
REFUSED_JSON = [
    "-0",
    "-0.0",
    "1e400",
    "1e15",
    "01",
    "1.",
    ".5",
    "+5",
    "1 000",
    "0x1F",
    "NaN",
    "Infinity",
    "null",
]
REFUSED_JSON += ["true", '"12"', "", "1e", "1,5", "1_000", "12 %", "1234567890123456", "1e" + "9" * 150, "٣"]

# Clear to a person, and refused: no form has needed them yet.
GAPS = {
    "3 millions et demi": "3500000",
    "un million": "1000000",
    "Tonnes de CO2 évitées : 27 000": "27000: tonnes de co2 évitées",
    "9 usagers sur 10": "9 score: /10",
    "entre 400 et 500": "450 ±50",
    "Budget 2023 : 770 000 euros": "770000: euros",
    "1 h 30": "90: minute",
}


def said(printed: Printed) -> str:
    """A reading in short."""
    if printed.value is None:
        return printed.qualifier
    margin = (
        (printed.high - printed.value) if printed.high is not None and printed.low is not None else Decimal(0)
    )
    words = [
        f"{printed.value}",
        f"±{margin.normalize():f}" if margin else "",
        printed.qualifier if printed.qualifier != "exact" else "",
        printed.kind if printed.kind != "amount" else "",
    ]
    return " ".join(filter(None, words)) + (f": {printed.unit_text}" if printed.unit_text else "")


EXAMPLES: list[tuple[Notation, str, str]] = [
    *(("french", text, expected) for group in FRENCH.values() for text, expected in group.items()),
    *(("dot", text, expected) for text, expected in DOT.items()),
    *(("json", text, expected) for text, expected in JSON.items()),
]
REFUSALS: list[tuple[Notation, str]] = [
    *(("french", text) for group in REFUSED.values() for text in group),
    *(("dot", text) for text in REFUSED_DOT),
    *(("json", text) for text in REFUSED_JSON),
]


@pytest.mark.parametrize(("notation", "text", "expected"), EXAMPLES)
def test_a_figure_is_read_as_printed(notation: Notation, text: str, expected: str) -> None:
    printed = read(text, notation=notation)
    assert said(printed) == expected
    assert printed.text == text


@pytest.mark.parametrize(("notation", "text"), REFUSALS)
def test_what_could_be_misread_is_refused(notation: Notation, text: str) -> None:
    with pytest.raises(UnreadableNumber) as refusal:
        read(text, notation=notation)
    assert str(refusal.value).startswith(repr(text)[:40])
    assert str(refusal.value).endswith(".")


@pytest.mark.parametrize(("text", "expected"), GAPS.items())
@pytest.mark.xfail(raises=UnreadableNumber, reason="known gap: refused, not misread")
def test_known_gaps(text: str, expected: str) -> None:
    assert said(read(text)) == expected


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("2,7 millions", 2_650_000, 2_750_000),
        ("39 %", 39, 39),
        ("plus de 10 000", 10_000, None),
        ("moins de 5", None, 5),
        ("environ 58 000", 57_500, 58_500),
        ("-1,2 million", -1_250_000, -1_150_000),
    ],
)
def test_the_bounds(text: str, low: int | None, high: int | None) -> None:
    printed = read(text)
    assert (printed.low, printed.high) == (low, high)


def test_decimals_beyond_what_is_kept_widen_a_json_number() -> None:
    printed = read("0.8333333333333334", notation="json")
    assert (printed.low, printed.value, printed.high) == tuple(
        map(Decimal, ("0.833333", "0.833333", "0.833334"))
    )


def test_a_long_text_is_refused_for_its_length() -> None:
    with pytest.raises(UnreadableNumber, match="1000000 characters"):
        read("1 " * 500_000)
    assert read("12" + " " * (LONGEST - 2)).value == 12


def test_a_refusal_shows_what_the_eye_cannot_see() -> None:
    with pytest.raises(UnreadableNumber, match=r"\\u202e.*RIGHT-TO-LEFT OVERRIDE"):
        read("\u202e12")


@pytest.mark.skipif(not BILAN.exists(), reason="the text of the annual report for 2023 is not here")
def test_every_growth_of_the_annual_report_is_read() -> None:
    growths = re.findall(r"^(\+[0-9]+ (?:%|pts)|x[0-9]+)$", BILAN.read_text(), re.MULTILINE)
    kinds = [read(growth).kind for growth in growths]
    assert sorted(kinds) == ["multiple", *["percent"] * 6, "points"]


# --------------------------------------------------------------------------------- properties

SPACES = " \u00a0\u202f\u2009\u2007"
MAGNITUDES = {"": 1, " k": 10**3, "K": 10**3, " milliers": 10**3, " M": 10**6, "\u00a0M": 10**6}
MAGNITUDES |= {" million": 10**6, " millions": 10**6, " Md": 10**9, " milliards": 10**9}
QUALIFIERS = {"": "exact", "plus de ": "at_least", "+ de ": "at_least", "au moins ": "at_least"}
QUALIFIERS |= {
    "moins de ": "at_most",
    "jusqu’à ": "at_most",
    "près de ": "about",
    "environ ": "about",
    "~": "about",
}
SIGNS = {"": 1, "+": 1, "-": -1, "−": -1, "–": -1}
UNITS = ["", " %", "%", "\u00a0€", "€", " dossiers", " d'adresses", " de tonnes", " €/an"]


def grouped(whole: int, separator: str) -> str:
    """The digits of a whole number, in groups of three."""
    return f"{whole:,}".replace(",", separator)


@given(
    whole=st.integers(0, 10**5),
    decimals=st.from_regex(r"([0-9]{1,2}|[0-9]{4})?", fullmatch=True),
    separator=st.sampled_from(["", *SPACES]),
    magnitude=st.sampled_from(sorted(MAGNITUDES)),
    qualifier=st.sampled_from(sorted(QUALIFIERS)),
    sign=st.sampled_from(sorted(SIGNS)),
    unit=st.sampled_from(UNITS),
)
@example(
    whole=2,
    decimals="7",
    separator="",
    magnitude=" millions",
    qualifier="environ ",
    sign="",
    unit=" de tonnes",
)
def test_any_documented_form_reads_back(
    whole: int, decimals: str, separator: str, magnitude: str, qualifier: str, sign: str, unit: str
) -> None:
    number = grouped(whole, separator) + (f",{decimals}" if decimals else "")
    value = Fraction(whole) + (Fraction(int(decimals), 10 ** len(decimals)) if decimals else 0)
    if not value and SIGNS[sign] < 0:
        sign = ""
    place = Fraction(1, 10 ** len(decimals))
    if QUALIFIERS[qualifier] == "about":
        while value and (value / place) % 10 == 0:
            place *= 10
        place = place if value else Fraction(1)
    rounded = decimals or MAGNITUDES[magnitude] > 1 or QUALIFIERS[qualifier] == "about"
    margin = place * MAGNITUDES[magnitude] / 2 if rounded else Fraction(0)
    value *= MAGNITUDES[magnitude] * SIGNS[sign]

    printed = read(qualifier + sign + number + magnitude + unit)

    bounds: dict[str, tuple[Fraction | None, Fraction | None]] = {
        "exact": (value - margin, value + margin),
        "about": (value - margin, value + margin),
        "at_least": (value, None),
        "at_most": (None, value),
    }
    low, high = bounds[QUALIFIERS[qualifier]]
    assert printed.value is not None
    assert Fraction(printed.value) == value
    assert (printed.low, printed.high) == (low, high)
    assert printed.qualifier == QUALIFIERS[qualifier]


@given(st.integers(-(10**15) + 1, 10**15 - 1), st.integers(0, 4).filter(lambda places: places != 3))
def test_what_is_shown_reads_back(digits: int, places: int) -> None:
    value = Decimal(digits).scaleb(-places)
    if len(str(abs(digits))) < 15 or places == 0:
        assert read(show(value)).value == value
        assert read(show(value, "%", signed=True)).value == value


@pytest.mark.parametrize(
    ("shown", "expected"),
    [
        (show(Decimal(1575332)), "1\u202f575\u202f332"),
        (show(Decimal("0.72"), "€"), "0,72\u00a0€"),
        (show(Decimal(73), "%", signed=True), "+73\u00a0%"),
        (show(Decimal(-5), "%"), "−5\u00a0%"),
        (show(Decimal("4.2"), "/5"), "4,2/5"),
        (show(Decimal("1E+6")), "1\u202f000\u202f000"),
    ],
)
def test_the_french_typography_of_a_number(shown: str, expected: str) -> None:
    assert shown == expected


FRENCH_CHARACTERS = st.sampled_from(
    list("0123456789012345678901234567890123456789,.+-−–/%€x~>()'’ kKMdO") + list(SPACES)
)
FRAGMENTS = st.sampled_from(
    [
        "12",
        "1 234",
        "0,5",
        " millions",
        " de ",
        "plus de ",
        "ND",
        " : ",
        "environ ",
        "/5",
        "co2",
        "m²",
        "fois",
    ]
)
TEXTS = st.text() | st.text(FRENCH_CHARACTERS, max_size=20) | st.lists(FRAGMENTS, max_size=6).map("".join)


@given(TEXTS, st.sampled_from(["french", "dot", "json"]))
def test_reading_is_total_and_bounds_hold_the_value(text: str, notation: Notation) -> None:
    try:
        printed = read(text, notation=notation)
    except UnreadableNumber:
        return
    if printed.value is None:
        assert (printed.low, printed.high, printed.qualifier) == (None, None, "not_available")
        return
    assert printed.low is None or printed.low <= printed.value
    assert printed.high is None or printed.value <= printed.high
    assert len(printed.value.as_tuple().digits) <= 15 or notation == "json"


def oracle(text: str) -> Decimal | None:
    """What a careless reader would make of digits, spaces and one comma."""
    bare = "".join(character for character in text if character not in SPACES).rstrip(",.+")
    sign, bare = (-1, bare[1:]) if bare[:1] in {"-", "−", "–"} else (1, bare.removeprefix("+"))
    whole, _, decimals = bare.partition(",")
    if not all(part.isascii() and part.isdigit() for part in filter(None, (whole, decimals))) or not whole:
        return None
    return sign * Decimal(f"{whole}.{decimals}")


@given(
    whole=st.integers(0, 10**9),
    decimals=st.sampled_from(["", ",5", ",25"]),
    separator=st.sampled_from(SPACES),
    inserted=st.sampled_from([*"0123456789,.'’_OolI٣５²+-−–", *SPACES, "\u200b", "\u202e"]),
    data=st.data(),
)
def test_a_slip_of_the_pen_never_gives_a_wrong_number(
    whole: int, decimals: str, separator: str, inserted: str, data: st.DataObject
) -> None:
    good = grouped(whole, separator) + decimals
    at = data.draw(st.integers(0, len(good)))
    dropped = data.draw(st.integers(0, 1))
    slip = good[:at] + inserted + good[at + dropped :]
    try:
        printed = read(slip)
    except UnreadableNumber:
        return
    assert printed.value == oracle(slip)


@given(
    st.integers(0, 10**6),
    st.sampled_from([" ; ", " et ", "\n", " sur ", " (", " - ", "  ", " / "]),
    st.integers(0, 10**6),
)
def test_two_numbers_are_never_one(first: int, between: str, second: int) -> None:
    if between in (" sur ", " / ") and second in (5, 10, 20, 100):
        return
    with pytest.raises(UnreadableNumber):
        read(f"{grouped(first, ' ')}{between}{grouped(second, ' ')}")
