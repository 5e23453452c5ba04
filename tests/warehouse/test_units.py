"""Units: the table, and what contradicts what."""

from collections import Counter
from pathlib import Path

import pytest
import yaml

from warehouse.errors import UnitMismatch, UnknownUnit
from warehouse.normalisation import units
from warehouse.normalisation.numbers import read

SERVICES = sorted((Path(__file__).parents[2] / "connectors" / "services").glob("*.yml"))


def test_a_unit_is_found_by_any_of_its_spellings() -> None:
    for one in units.UNITS.values():
        for spelling in (one.code, one.singular, one.plural, one.plural.upper(), *one.spellings):
            assert units.unit(spelling) is one


def test_no_spelling_means_two_units() -> None:
    spellings = Counter(
        spelling.casefold()
        for one in units.UNITS.values()
        for spelling in {name.casefold() for name in (one.code, one.singular, one.plural, *one.spellings)}
    )
    assert [spelling for spelling, times in spellings.items() if times > 1] == []


@pytest.mark.parametrize("path", SERVICES, ids=lambda path: path.stem)
def test_every_unit_of_the_service_files_is_in_the_table(path: Path) -> None:
    pages = yaml.safe_load(path.read_text())["pages"]
    used = {metric["unit"] for page in pages for metric in page["metrics"].values()}
    assert {units.unit(code).code for code in used} == used


def test_an_unknown_unit_is_refused_with_the_nearest_ones() -> None:
    with pytest.raises(UnknownUnit, match=r"'dosier'; did you mean dossier\?"):
        units.unit("dosier")
    with pytest.raises(UnknownUnit, match=r"No unit is called 'qwxz'\.$"):
        units.unit("qwxz")


@pytest.mark.parametrize(
    ("declared", "printed"),
    [
        ("dossier", "240 dossiers déposés"),
        ("dossier", "240"),
        ("dossier", "240 démarches"),
        ("promesse", "58 000 bidules"),
        ("%", "39 % des adresses"),
        ("%", "39%"),
        ("%", "39 pour cent"),
        ("€", "1,30€"),
        ("€", "1 000 €/an"),
        ("€", "770 000 euros"),
        ("€", "12 M€"),
        ("€", "plus d'1 million d'euros"),
        ("/5", "4,2/5 : note"),
        ("/10", "8,31 sur 10"),
        ("tonne", "5 491 633 de tonnes"),
        ("tonne", "27 000 t CO2"),
        ("tonne", "27 000 tCO₂e"),
        ("rendez-vous", "240 RDV"),
        ("pts", "+18 pts d'adresses"),
        ("points de pourcentage", "+18 pts"),
        ("BAL", "240 bases adresses locales"),
    ],
)
def test_a_printed_unit_that_agrees(declared: str, printed: str) -> None:
    units.check(declared, read(printed).unit_text)


@pytest.mark.parametrize(
    ("declared", "printed"),
    [
        ("dossier", "45 %"),
        ("dossier", "0,72 €"),
        ("dossier", "4,2/5"),
        ("dossier", "12 tonnes"),
        ("dossier", "12 kg"),
        ("dossier", "+18 pts"),
        ("dossier", "x16"),
        ("dossier", "12 jours"),
        ("%", "45 dossiers"),
        ("%", "+18 pts"),
        ("%", "5 ‰"),
        ("€", "45 %"),
        ("/5", "8,3/10"),
        ("/5", "86 %"),
        ("tonne", "12 kg"),
        ("tonne", "12 dossiers"),
        ("MWh", "12 kWh"),
        ("MWh", "12 tonnes"),
    ],
)
def test_a_printed_unit_that_contradicts(declared: str, printed: str) -> None:
    text = "‰" if "‰" in printed else read(printed).unit_text
    assert not units.agrees(declared, text)
    with pytest.raises(UnitMismatch, match=f"where the service file says {declared!r}"):
        units.check(declared, text)
