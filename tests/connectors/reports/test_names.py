"""Which product a printed name is, and which it only resembles."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.portfolio import Product
from connectors.reports.names import Names
from tests.connectors.reports.values import NAMES


@pytest.mark.parametrize(
    ("printed", "service", "match"),
    [
        ("MON VERGER", "mon-verger", "certain"),
        ("Mon\nVerger", "mon-verger", "certain"),
        ("mon-verger.gouv.fr", "mon-verger", "certain"),
        ("Mon•Verger", "mon-verger", "certain"),
        ("https://www.verger.example.fr/", "mon-verger", "certain"),
        ("Logo de Mon Verger", "mon-verger", "certain"),
        ("eclaireur", "eclaireur", "certain"),
        ("LANTERNE", "eclaireur", "certain"),
        ("L'Éclaireur", "eclaireur", "certain"),
        ("Éclaireurs", "eclaireur", "likely"),
        ("Relais pour le logement", "relais", "likely"),
        ("Carnets de bord", "carnet", "likely"),
        ("Un tout autre service", None, "none"),
        ("", None, "none"),
        ("de", None, "none"),
    ],
)
def test_titles(printed: str, service: str | None, match: str) -> None:
    found = NAMES.find(printed)
    assert (found.service_id, found.match) == (service, match)
    assert found.reason


TWO = Names(
    [
        Product("a", "Mes Aides"),
        Product("b", "mes-aides.fr"),
        Product("c", "Aides Jeunes", link="https://x.fr/a"),
    ]
)


def test_a_name_that_two_products_bear_is_a_question() -> None:
    found = TWO.find("MES AIDES")
    assert (found.service_id, found.match, found.candidates) == (None, "none", ("a", "b"))


def test_the_address_of_a_part_of_a_site_is_no_name_of_the_site() -> None:
    assert TWO.find("x.fr").match == "none"


RENAMED = Names(
    [
        Product("vergers", "Vergers de France", "Compter les arbres", link="https://v.fr"),
        Product("autre", "Autre"),
    ],
    former=[Product("verger", "Mon Verger", "Compter les arbres"), Product("autre", "Jadis")],
    aliases={"autre": ["Naguère"]},
)


@pytest.mark.parametrize(
    ("printed", "service"),
    [("Mon Verger", "vergers"), ("verger", "vergers"), ("Jadis", "autre"), ("NAGUERE", "autre")],
)
def test_former_names_lead_to_the_ids_of_today(printed: str, service: str) -> None:
    assert RENAMED.find(printed).service_id == service


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("Grâce à Mon Verger, 12 arbres", [("Mon Verger", "certain")]),
        ("Le mon verger du voisin", []),
        ("Éclaireur a compté 12 lycées", [("Éclaireur", "likely")]),
        ("Éclaireur : 12 lycées", [("Éclaireur", "certain")]),
        ("Avec Éclaireur et Carnet de bord", [("Éclaireur", "certain"), ("Carnet de bord", "certain")]),
    ],
)
def test_mentions(sentence: str, expected: list[tuple[str, str]]) -> None:
    found = NAMES.mentions(sentence, 0, len(sentence))
    assert [(sentence[m.start : m.end], m.match.match) for m in found] == expected


@pytest.mark.parametrize(
    ("url", "service"),
    [
        ("https://verger.example.fr", "mon-verger"),
        ("https://beta.gouv.fr/startups/tri-facile.html", "tri-facile"),
        ("https://beta.gouv.fr/startups/inconnu.html", None),
        ("https://verger.example.fr/presse", None),
        ("#", None),
        ("https://[", None),
    ],
)
def test_addresses(url: str, service: str | None) -> None:
    assert NAMES.at(url).service_id == service


def test_words_alone_are_never_certain() -> None:
    about = NAMES.about("Suivre les trajets des professionnels", "", {})
    assert (about.service_id, about.match) == ("carnet", "likely")
    assert NAMES.about("Suivre le vent", "", {}).match == "none"
    elsewhere = {"relais": "120 saisonniers logés", "carnet": "12 agences"}
    counted = NAMES.about("Trouver un toit", "150 saisonniers logés", elsewhere)
    assert (counted.service_id, counted.match) == ("relais", "likely")


def test_what_a_product_counts_tells_it_where_its_purpose_does_not() -> None:
    products = [Product("navette", "Navette", pitch="Partir"), Product("verger", "Verger", pitch="Cueillir")]
    said = "12 tonnes de pommes ramassées"
    assert Names(products).about(said, "", {}).match == "none"
    known = Names(products, counted={"verger": ["Pommes ramassées (tonnes)"]})
    assert known.about(said, "", {}).candidates[0] == "verger"
    assert known.about(said, "", {}).match == "likely"


@given(st.text())
def test_any_name_has_an_answer(name: str) -> None:
    assert NAMES.find(name).match in ("certain", "likely", "none")


@pytest.mark.parametrize(
    ("name", "url", "found"),
    [
        ("Un autre nom", "/startups/carnet.html", ("carnet", "certain")),
        ("Un autre nom", "https://passerelle.example.fr", ("passerelle", "certain")),
        ("Un autre nom", "/bilan/2023", (None, "none")),
        ("Tri Facile", "/startups/inconnu.html", ("tri-facile", "certain")),
        ("Tri Facile", "/startups/carnet.html", (None, "none")),
    ],
)
def test_a_name_and_its_link(name: str, url: str, found: tuple[str | None, str]) -> None:
    match = NAMES.named(name, url)
    assert (match.service_id, match.match) == found
