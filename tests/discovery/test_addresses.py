"""What an address leads to, on the kinds of addresses that the portfolio holds."""

from pathlib import Path

import pytest

from connectors import portfolio
from connectors.discovery.addresses import classify, classify_products, summary

UUID = "8c6560e3-c27a-487b-b242-eb1636912f1a"
DATA = Path(__file__).parents[3] / "shared" / "data"

SURVEYED = {
    "own page": 175,
    "metabase dashboard": 22,
    "matomo": 13,
    "superset": 7,
    "other service": 5,
    "relative": 4,
    "document": 4,
    "grist": 2,
    "portfolio page": 2,
    "google sheets": 1,
    "wiki": 1,
}
"""The 236 statistics addresses on record in August 2026, as a survey by hand counted them."""


@pytest.mark.parametrize(
    ("url", "kind", "protocol"),
    [
        (f"https://stats.example/metabase/public/dashboard/{UUID}?tab=2", "metabase dashboard", "metabase"),
        (f"https://stats.example/public/question/{UUID}", "metabase question", "metabase"),
        ("https://stats.example/embed/dashboard/a.b.c", "metabase embedding", None),
        ("https://stats.beta.gouv.fr/index.php?module=CoreHome&action=index&idSite=4", "matomo", "matomo"),
        ("https://stats.data.gouv.fr", "matomo", None),
        ("https://s.example/superset/dashboard/a/", "superset", None),
        ("https://grist.numerique.gouv.fr/o/docs/abc/doc", "grist", "table"),
        ("https://docs.google.com/spreadsheets/d/abc/edit", "google sheets", "table"),
        ("https://docs.google.com/document/d/abc", "document", None),
        ("https://docs.numerique.gouv.fr/docs/abc/", "document", None),
        ("https://s.example/matrice.png", "image", None),
        ("https://www.data.gouv.fr/datasets/indicateurs", "dataset", "table"),
        ("https://github.com/a/b/wiki", "wiki", None),
        ("https://beta.gouv.fr/startups/a.html", "portfolio page", None),
        ("https://s.example/stats", "own page", "html"),
    ],
)
def test_the_address_says_what_is_there(url: str, kind: str, protocol: str | None) -> None:
    found = classify(url)
    assert (found.kind, found.protocol) == (kind, protocol)
    assert found.reason


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("/stats", "no address"),
        ("http://51.210.250.115:3000/stats", "IP address"),
        ("https://s.example/#/stats", "fragment"),
        ("https://clara.pole-emploi.fr/stats", "retired"),
        ("mailto:a", "no web address"),
        (None, "no address"),
    ],
)
def test_an_address_that_cannot_be_used_says_why(url: str | None, reason: str) -> None:
    found = classify(url)
    assert not found.usable
    assert reason in found.reason


def test_a_path_alone_is_that_of_the_product() -> None:
    assert classify("/stats", "https://s.example").url == "https://s.example/stats"


@pytest.mark.parametrize("name", ["startups-2024-02-10.json", "startups-2026-08-20.json"])
def test_every_address_on_record_is_classified(name: str) -> None:
    published = classify_products(_products(name))
    assert published
    assert all(one.classified.kind and one.classified.reason for one in published)


def test_the_kinds_are_as_many_as_a_survey_counted() -> None:
    rows = summary(classify_products(_products("startups-2026-08-20.json")))
    assert {kind: count for field, kind, count, _ in rows if field == "stats_url"} == SURVEYED


def _products(name: str) -> tuple[portfolio.Product, ...]:
    file = DATA / name
    if not file.is_file():
        pytest.skip(f"{file} is not here")
    return portfolio.read(file.read_bytes()).products
