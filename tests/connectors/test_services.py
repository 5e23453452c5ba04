"""The service files that ship, against what they must agree with."""

from pathlib import Path

import pytest

from connectors import portfolio
from connectors.catalog import load, load_file
from connectors.extractor import Extractor
from tests.tools.replica_server import OF_2023, PAGES, SAVED, SPECS, body_of, days
from warehouse.normalisation.units import unit

FILES = sorted(SPECS.glob("*.yml"))
READ = [file for file in FILES if load_file(file).pages]
GROWN = {
    "demarches-simplifiees.fr": ("dossiers_deposes", "flow"),
    "ban": ("part_adresses", "ratio"),
    "dossierfacile": ("dossiers_valides", "cumulative"),
    "signalement": ("promesses_action", "cumulative"),
    "nosgestesclimat": ("simulations_terminees", "cumulative"),
    "rdv-service-public": ("rendez_vous_pris", "cumulative"),
    "trackdechets": ("tonnes_traitees", "cumulative"),
    "conseillers-entreprises": ("besoins_traites", "cumulative"),
}
"""The figure whose growth the annual report of 2023 prints, and its nature."""

LATEST_PORTFOLIO = Path(__file__).parents[3] / "shared" / "data" / "startups-2026-08-20.json"

of_each_file = pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
of_each_read = pytest.mark.parametrize("file", READ, ids=lambda file: file.stem)


def test_the_fourteen_services_of_the_report_of_2023_are_there() -> None:
    assert set(GROWN) < set(OF_2023) <= set(load())


def test_every_service_that_is_read_has_a_saved_page_and_its_answers() -> None:
    read = {service.id for service in load().services if service.pages}
    assert read == set(SAVED)
    assert all((PAGES / each / str(day) / "answers.json").is_file() for each in SAVED for day in days(each))


@of_each_file
def test_a_file_is_named_after_its_service_and_announces_its_schema(file: Path) -> None:
    assert load_file(file).id == file.stem
    assert file.read_text("utf-8").startswith("# yaml-language-server: $schema=../services.schema.json\n")


@of_each_read
def test_every_page_is_public_and_has_a_saved_body_for_every_day(file: Path) -> None:
    service = load_file(file)
    for day in days(service.id):
        for page in service.on(day).pages:
            address = Extractor().address(page)
            assert page.url.scheme == "https"
            assert body_of(service.id, day, address), (day, address)


@of_each_file
def test_every_unit_is_in_the_table(file: Path) -> None:
    codes = {metric.unit for metric in load_file(file).metrics.values()}
    assert {unit(code).code for code in codes} == codes


@of_each_read
def test_one_figure_is_the_headline_and_the_report_grows_it(file: Path) -> None:
    headlines = [(name, metric.nature) for name, metric in load_file(file).metrics.items() if metric.headline]
    assert len(headlines) == 1
    assert headlines[0] == GROWN.get(file.stem, headlines[0])


@of_each_file
def test_what_was_not_read_in_source_says_how_it_is_known(file: Path) -> None:
    unexplained = [
        name for name, m in load_file(file).metrics.items() if m.evidence != "source" and not m.note
    ]
    assert unexplained == []


@of_each_file
def test_the_portfolio_knows_the_service_and_its_incubator(file: Path) -> None:
    if not LATEST_PORTFOLIO.exists():
        pytest.skip(f"{LATEST_PORTFOLIO.name} is not there")
    service = load_file(file)
    known = portfolio.read(LATEST_PORTFOLIO.read_bytes()).products
    assert service.incubator == next(each.incubator for each in known if each.id == service.id)
