"""What a number in a text is: one line, one answer."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.reports.numerals import dates, numerals, rhythms


def found(text: str, *, heading: bool = False) -> list[tuple[str, str]]:
    return [(n.kind, text[n.start : n.end]) for n in numerals(text, 0, len(text), heading=heading)]


@pytest.mark.parametrize(
    ("text", "figures"),
    [
        ("2,7 millions de dossiers (soit 7,5 millions en cumulé)", ["2,7 millions", "7,5 millions"]),
        ("Coût : 0,42€", ["0,42€"]),
        ("Coût : ND", ["ND"]),
        ("n.d.", ["n.d."]),
        ("39 % des 26,06 millions d'adresses", ["39 %", "26,06 millions"]),
        ("Plus de 95 000 évaluations", ["Plus de 95 000"]),
        ("Plus 400 000 dossiers", ["Plus 400 000"]),
        ("+ de 1000 membres", ["+ de 1000"]),
        ("150+ lycées", ["150+"]),
        ("moins de <300K€", ["<300K€"]),
        ("note de 4,2/5", ["4,2/5"]),
        ("4,16\nmillions\nd'euros", ["4,16\nmillions\nd'euros"]),
        ("1\u202f575\u202f332 simulations", ["1\u202f575\u202f332"]),
        ("2000 communes", ["2000"]),
        ("12\n345 usagers", ["12", "345"]),
        ("de 12 % à 9 %", ["12 %", "9 %"]),
        ("la baisse de 12 % à 9 %", ["12 %", "9 %"]),
        ("nos 12 incubateurs", ["12"]),
    ],
)
def test_figures(text: str, figures: list[str]) -> None:
    assert found(text) == [("figure", figure) for figure in figures]


@pytest.mark.parametrize(
    ("text", "growth", "sense"),
    [
        ("+73 %\nde dossiers", "+73 %", "up"),
        ("+18 pts d'adresses", "+18 pts", "up"),
        ("−5 % de délai", "−5 %", "down"),
        ("x16\nrendez-vous", "x16", "up"),
        ("×3 dossiers", "×3", "up"),
        ("multiplié par 3", "multiplié par 3", "up"),
        ("3 fois plus de dossiers", "3 fois plus", "up"),
        ("en hausse de 12,5 %", "hausse de 12,5 %", "up"),
        ("a diminué de 3 points", "diminué de 3 points", "down"),
        ("réduit le délai de traitement de 50 %", "50 %", "down"),
    ],
)
def test_growths(text: str, growth: str, sense: str) -> None:
    (numeral,) = numerals(text, 0, len(text))
    assert (numeral.kind, text[numeral.start : numeral.end], numeral.sense) == ("growth", growth, sense)


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("en 2023", "date"),
        ("le 1er janvier 2024", "date"),
        ("16.02.23", "date"),
        ("2022-2023", "date"),
        ("T1 2023", "date"),
        ("page 12", "numbering"),
        ("n°352", "numbering"),
        ("Version 2.1", "numbering"),
        ("les promos 12 et 13", "numbering"),
        ("(1/3)", "numbering"),
        ("01 23 45 67 89", "telephone"),
        ("https://a.fr/v2/12", "address"),
        ("a12@b.fr", "address"),
        ("9h30", "time"),
        ("7j/7", "time"),
        ("la 3e édition", "ordinal"),
        ("tous les 6 mois", "duration"),
        ("le référentiel C2I", "name"),
    ],
)
def test_what_counts_nothing(text: str, rule: str) -> None:
    assert [(n.kind, n.rule) for n in numerals(text, 0, len(text))] == [("skipped", rule)]


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("1J d'expertise", "letters touch the digits"),
        ("12² usagers", "letters touch the digits"),
        ("entre 50 % et 60 %", "a range, not one number"),
        ("supérieur à 50", "a threshold, not a result"),
        ("près de la moitié", "a number in words"),
        ("une trentaine de personnes", "a number in words"),
    ],
)
def test_what_is_not_understood(text: str, rule: str) -> None:
    assert [(n.kind, n.rule) for n in numerals(text, 0, len(text))] == [("unread", rule)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("LAURÉATS 12 (2/5)", [("skipped", "12"), ("skipped", "(2/5)")]),
        ("2.1. Les services", [("skipped", "2.1.")]),
        ("LES 17 INCUBATEURS", [("figure", "17")]),
    ],
)
def test_headings_have_numbers_of_their_own(text: str, expected: list[tuple[str, str]]) -> None:
    assert found(text, heading=True) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("12 arbres en 2022, 15 en 2023", ["en 2022", "en 2023"]),
        ("depuis septembre 2017", ["depuis septembre 2017"]),
        ("mieux qu'en 2022", []),
        ("Comme en 2022, 30 %", []),
        ("par rapport à 2022", []),
        ("les années précédentes", ["les années précédentes"]),
    ],
)
def test_dates(text: str, expected: list[str]) -> None:
    assert [text[slice(*span)] for span in dates(text, 0, len(text))] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("12 par mois", ["par mois"]),
        ("12 (en cumulé)", ["en cumulé"]),
        ("12 depuis l'ouverture du service", ["depuis l'ouverture du service"]),
        ("un usage quotidien", []),
        ("par moissonneuse", []),
    ],
)
def test_rhythms(text: str, expected: list[str]) -> None:
    assert [text[slice(*span)] for span in rhythms(text, 0, len(text))] == expected


@given(st.text(alphabet="0123456789 ,.%+-/x€kM\n\u202fdeà(en)²", max_size=60), st.booleans())
def test_every_digit_is_in_exactly_one_numeral(text: str, heading: bool) -> None:
    all_ = numerals(text, 0, len(text), heading=heading)
    covered = [at for numeral in all_ for at in range(numeral.start, numeral.end)]
    assert len(covered) == len(set(covered))
    assert {at for at, character in enumerate(text) if character.isdecimal()} <= set(covered)
