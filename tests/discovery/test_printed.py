"""Which characters may be a figure: the ways of printing one, and all that only looks like one."""

import pytest

from connectors.discovery.printed import is_change, is_datum, mentions


def found(text: str) -> list[str]:
    return [text[each.start : each.end].strip() for each in mentions(text)]


@pytest.mark.parametrize(
    ("text", "figure"),
    [
        ("1\u202f575\u202f332 simulations", "1\u202f575\u202f332"),
        ("Plus de 400 000 dossiers", "Plus de 400 000"),
        ("+ de 25 000 lycéens", "+ de 25 000"),
        ("2,7\u00a0millions", "2,7\u00a0millions"),
        ("93 % des utilisateurs", "93 %"),
        ("note de 4,6/5", "4,6/5"),
        ("45.23%", "45.23%"),
        ("150+", "150+"),
        ("~ 450", "~ 450"),
        ("1,9 M€ d'économies", "1,9 M€"),
        ("x3", "x3"),
        ("Appels : 1 204", "1 204"),
        ("Téléchargements : 31 204", "31 204"),
        ("120 places", "120"),
    ],
)
def test_a_figure_is_found_with_all_that_belongs_to_it(text: str, figure: str) -> None:
    assert found(text) == [figure]


@pytest.mark.parametrize(
    "text",
    [
        "12 mars 2024", "le 02/05/2024", "mars 2024", "depuis 2019", "© 2018-2024",
        "sur les 30 derniers jours",
        "de 9h à 17h30", "à 14h", "24h/24 et 7j/7", "01 42 75 80 00", "+33 1 42 75 80 00", "0 809 54 06 60",
        "Appelez le 3939", "Nous joindre : 3939 ou 36 46", "20 avenue de Ségur, 75007 Paris",
        "92055 La Défense Cedex",
        "SIRET 130 025 265 00013", "n° 2015-1437", "article 13", "loi du 6 juillet 1989", "version 3.7",
        "v2.14.3",
        "RGAA 4.1", "Étape 1", "Page 1 sur 12", "128 résultats", "le 2e étage", "de 10 à 20 ans",
        "CSV, 2,3 Mo",
        "49 € HT / mois", "1 usager sur 2", "n = 1 204", "auprès de 1 150 dirigeants", "en 3 étapes",
        "France 2030",
        "+12 % depuis 1 an", "10 % de plus", "CO2", "sous 48 heures", "101.3 FM",
    ],
)  # fmt: skip
def test_what_only_looks_like_a_figure_is_none(text: str) -> None:
    assert found(text) == []


def test_a_change_is_told_from_a_figure() -> None:
    assert is_change("+12 % depuis 1 an")
    assert is_change("-2 % depuis le mois dernier")
    assert is_change("stable")
    assert not is_change("+ de 25 000")
    assert not is_change("12 %")


def test_a_datum_has_no_words() -> None:
    assert is_datum("03/06/2024")
    assert is_datum("01 40 15 80 00")
    assert not is_datum("Trajets en 2023")
