"""A page that changed: which version of it serves which night."""

from datetime import date
from pathlib import Path

import pytest

from connectors.catalog import load_file
from connectors.errors import InvalidSpec
from connectors.service import Service

UNTIL_JUNE, UNTIL_2024, TODAY = "old", "middle", "new"

FILE = """
id: essai
name: Essai
incubator: dinum
pages:
  - url: https://essai.example/new
    protocol: html
    metrics:
      dossiers: &
      usagers: &
  - url: https://essai.example/old
    protocol: html
    valid_until: 2023-06-30
    metrics:
      dossiers: &
  - url: https://essai.example/middle
    protocol: html
    valid_until: 2024-12-31
    metrics:
      dossiers: &
  - url: https://essai.example/autre
    protocol: html
    metrics:
      avis: &
"""
METRIC = (
    "{label: Dossiers, unit: dossier, nature: stock, dimension: utilisé, "
    "kind: usage, reach: uses, locate: {css: b}}"
)


@pytest.fixture
def service(tmp_path: Path) -> Service:
    return load_file(saved(tmp_path, FILE))


def saved(folder: Path, text: str) -> Path:
    file = folder / "essai.yml"
    file.write_text(text.replace("&", METRIC), encoding="utf-8")
    return file


@pytest.mark.parametrize(
    ("day", "serves"),
    [
        ("2022-01-01", UNTIL_JUNE),
        ("2023-06-30", UNTIL_JUNE),
        ("2023-07-01", UNTIL_2024),
        ("2024-12-31", UNTIL_2024),
        ("2025-01-01", TODAY),
    ],
)
def test_the_version_of_a_night_is_the_first_that_has_not_ended(
    service: Service, day: str, serves: str
) -> None:
    pages = service.on(date.fromisoformat(day)).pages
    assert [(page.url.path or "").strip("/") for page in pages if "dossiers" in page.metrics] == [serves]
    assert [page.url.path for page in pages if "avis" in page.metrics] == ["/autre"]


def test_the_metrics_of_a_service_are_those_of_the_latest_versions(service: Service) -> None:
    assert set(service.metrics) == {"dossiers", "usagers", "avis"}
    assert service.metrics["dossiers"] is service.pages[0].metrics["dossiers"]


def test_a_page_that_ended_serves_no_more(service: Service) -> None:
    ended = service.model_copy(update={"pages": service.pages[1:3]})
    assert ended.on(date(2025, 1, 1)).pages == ()


def test_the_day_until_which_a_page_is_right_changes_nothing_of_how_it_is_read(service: Service) -> None:
    page = service.pages[1]
    assert page.version == page.model_copy(update={"valid_until": None}).version


@pytest.mark.parametrize("anchor", ["Dossiers déposés", "Dossiers validés"])
def test_the_words_that_name_a_figure_decide_how_it_is_read(service: Service, anchor: str) -> None:
    page = service.pages[3]
    named = page.metrics["avis"].model_copy(update={"anchor": anchor})
    assert page.version != page.model_copy(update={"metrics": {"avis": named}}).version


def refusal(folder: Path, text: str) -> str:
    with pytest.raises(InvalidSpec) as refused:
        load_file(saved(folder, text))
    return str(refused.value)


def test_two_versions_that_end_the_same_day_are_one_too_many(tmp_path: Path) -> None:
    text = FILE.replace("2024-12-31", "2023-06-30")
    said = "metric id already used on another page that serves until the same day"
    assert refusal(tmp_path, text) == f"essai.yml:20: pages[2].metrics.dossiers: {said}"


def test_a_service_without_pages_says_why(tmp_path: Path) -> None:
    text = FILE.split("pages:")[0] + "pages: []\n"
    assert refusal(tmp_path, text) == "essai.yml:2: unread: either pages, or `unread`: why nothing is read"
    unread = text + "unread: Its figures stand on a page that needs an account.\n"
    assert load_file(saved(tmp_path, unread)).pages == ()


def test_a_service_with_pages_is_read(tmp_path: Path) -> None:
    assert "either pages, or `unread`" in refusal(tmp_path, FILE + "unread: No source.\n")
