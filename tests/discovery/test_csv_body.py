"""A saved table is discovered as a page is: each column of numbers, at its latest date."""

import pytest

from connectors.discovery.proposals import propose
from connectors.extraction import Document
from connectors.locators import TableLocator

MONTHS = "\ufeffmois;nombre de visites;taux de réponse\r\n2026-09;15 877;71,5\r\n2026-08;12 204;70,2\r\n"
NATIONAL = (
    "indicateur,valeur,unite_mesure,est_cible,date,est_periode\n"
    "Jeux publiés,51220,unité,FALSE,2026-09-30,FALSE\n"
    "Jeux publiés,51904,unité,FALSE,2026-10-31,FALSE\n"
)


def found(text: str, encoding: str = "utf-8") -> list[tuple[str, str]]:
    document = Document("https://service.example/export", "", text.encode(encoding), "0" * 64)
    return [(each.label, each.exact) for each in propose(document)]


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252", "utf-16"])
def test_the_latest_date_is_chosen_wherever_its_row_stands(encoding: str) -> None:
    text = MONTHS if encoding == "utf-8" else MONTHS.removeprefix("\ufeff")
    assert found(text, encoding) == [("nombre de visites", "15 877"), ("taux de réponse", "71,5")]


def test_names_that_part_the_dates_are_a_series_each() -> None:
    text = (
        "date,canal,dossiers\n2026-09-01,web,12\n2026-09-01,poste,7\n2026-10-01,web,14\n2026-10-01,poste,5\n"
    )
    assert found(text) == [("web", "14"), ("poste", "5")]


def test_the_national_schema_is_read_by_its_indicators() -> None:
    document = Document("https://service.example/export", "", NATIONAL.encode(), "0" * 64)
    (only,) = propose(document)
    assert (only.label, only.exact, only.locator) == (
        "Jeux publiés",
        "51904",
        TableLocator(value="Jeux publiés"),
    )


def test_a_list_of_names_and_numbers_needs_no_date() -> None:
    assert found("indicateur;valeur\nDossiers reçus;1 204\nCommunes;88\n") == [
        ("Dossiers reçus", "1 204"),
        ("Communes", "88"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "region,nb_structures\nBretagne,120\nBretagne,98\n",
        "Bonjour,\nnous avons reçu 12 messages, merci.\n",
        "nom,prenom\nA,B\n",
        "",
    ],
)
def test_what_is_no_dated_table_gives_nothing(text: str) -> None:
    assert found(text) == []
