"""Where a table can be downloaded, and which file of a dataset is the one."""

from dataclasses import replace
from typing import Any

import pytest

from connectors.extraction import Document
from connectors.locators import TableLocator
from connectors.protocols import table
from connectors.service import Page
from connectors.specs.rules import locator_faults, page_faults
from tests.connectors.values import document, json_document, metric, page, told

DATASET = "https://data.example/fr/datasets/chiffres/"
API = "https://data.example/api/1/datasets/chiffres/"


def spec(url: str = DATASET, **locate: Any) -> Page:
    return page("table", url=url, metrics={"a": metric(TableLocator(**{"column": "n"} | locate))})


def dataset(*resources: object) -> Document:
    return json_document({"resources": resources}, API)


def file(title: str, day: str | None, **more: Any) -> dict[str, Any]:
    url = f"https://static.example/{title.replace(' ', '-')}"
    return {"title": title, "format": "csv", "url": url, "last_modified": day, **more}


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        (DATASET, API),
        ("https://data.example/datasets/chiffres", API),
        ("https://data.example/api/2/datasets/chiffres/?x=1", API),
        (API, API),
        ("https://data.example/fr/datasets/r/5e7e104a", "https://data.example/fr/datasets/r/5e7e104a"),
        (
            "https://docs.example/spreadsheets/d/1AbC-d_E/edit?usp=sharing#gid=42",
            "https://docs.example/spreadsheets/d/1AbC-d_E/export?format=csv&gid=42",
        ),
        (
            "https://docs.example/spreadsheets/d/1AbC-d_E/edit?gid=7#gid=42",
            "https://docs.example/spreadsheets/d/1AbC-d_E/export?format=csv&gid=7",
        ),
        (
            "https://docs.example/spreadsheets/d/1AbC-d_E",
            "https://docs.example/spreadsheets/d/1AbC-d_E/export?format=csv",
        ),
        (
            "https://docs.example/spreadsheets/d/e/2PACX/pub?output=csv",
            "https://docs.example/spreadsheets/d/e/2PACX/pub?output=csv",
        ),
        (
            "https://grist.example/api/docs/d/tables/T/records",
            "https://grist.example/api/docs/d/tables/T/records",
        ),
        (
            "https://service.example/chiffres.csv?annee=2023",
            "https://service.example/chiffres.csv?annee=2023",
        ),
    ],
)
def test_the_table_is_found_from_the_address_people_see(url: str, expected: str) -> None:
    assert table.address(spec(url)) == expected


@pytest.mark.parametrize(
    ("resources", "part", "expected"),
    [
        ([file("b", "2024-01-02T00:00:00"), file("a", "2024-01-03T00:00:00+00:00")], None, "a"),
        ([file("a", "2024-01-02T23:30:00-02:00"), file("b", "2024-01-03T00:30:00+00:00")], None, "a"),
        ([file("2022", "2024-01-02"), file("2023", "2024-01-02")], None, "2023"),
        ([file("a", None), file("b", "2001-01-01"), file("c", "hier")], None, "b"),
        ([file("Chiffres 2023", "2024-01-02"), file("Budget", "2024-01-03")], "CHIFFRES", "Chiffres-2023"),
        ([file("a", "2024-01-02"), file("b", "2024-01-03", format="xlsx")], None, "a"),
    ],
)
def test_the_latest_csv_file_of_a_dataset_is_followed(
    resources: list[object], part: str | None, expected: str
) -> None:
    assert table.follow(spec(resource=part), [dataset(*resources)]) == (f"https://static.example/{expected}",)


@pytest.mark.parametrize(
    ("resources", "expected"),
    [
        ([], "not_found: no CSV file of the dataset has '' in its title; its CSV files: none"),
        ([None, 3, {}, {"format": "csv"}, file("a", "2024-01-02", url="ftp://x/a")],
         "not_found: no CSV file of the dataset has '' in its title; its CSV files: none"),
        ([file("a", "2024-01-02"), file("a", "2024-01-02", url="https://static.example/b")],
         "ambiguous: 2 places match the latest CSV file"),
    ],
)  # fmt: skip
def test_a_dataset_without_one_latest_file_has_its_reason(resources: list[object], expected: str) -> None:
    assert table.follow(spec(), [dataset(*resources)]) == ()
    assert told(table.read("s", spec(), [dataset(*resources)])) == {"a": expected}


def test_the_documentation_of_a_dataset_is_no_table_of_it() -> None:
    described = file("dictionnaire", "2024-06-01", type="documentation")
    asked = table.follow(spec(), [dataset(file("chiffres", "2024-01-01", format="text/csv"), described)])
    assert asked == ("https://static.example/chiffres",)


def test_an_answer_that_is_no_dataset_is_a_wrong_format() -> None:
    expected = "wrong_format: the answer is not a dataset: it has no list of resources"
    assert told(table.read("s", spec(), [json_document({"message": "non"}, API)])) == {"a": expected}


def test_each_file_is_followed_once_and_read_for_its_own_metric() -> None:
    locators = {"a": "2023", "b": "2022", "c": "2023"}
    metrics = {name: metric(TableLocator(column="n", resource=part)) for name, part in locators.items()}
    several = page("table", url=DATASET, metrics=metrics)
    first = dataset(file("2022", "2024-01-02"), file("2023", "2024-01-02"))
    urls = table.follow(several, [first])
    assert urls == ("https://static.example/2023", "https://static.example/2022")
    files = [document(f"n\n{rank}", url=url) for rank, url in enumerate(urls)]
    assert table.follow(several, [first, *files]) == ()
    assert told(table.read("s", several, [first, *files])) == {"a": "0", "b": "1", "c": "0"}


def test_an_extraction_carries_its_whole_proof() -> None:
    body = document("mois;n\r\n2023-12;«\u00a01 204\u00a0»\r\n", url="https://service.example/a.csv")
    (it,) = table.read("s", spec("https://service.example/a.csv", date="mois"), [body]).extractions
    assert (it.exact, it.period_text, it.body_sha256) == ("«\u00a01 204\u00a0»", "2023-12", body.sha256)
    assert (it.locator_kind, it.locator, it.reader) == ("csv", "cell=2,2", "table/2")
    assert (it.prefix, it.suffix, it.start, it.end) == ("mois;n\r\n2023-12;", "\r\n", 16, 25)


def test_a_page_in_place_of_a_table() -> None:
    reading = table.read("s", spec("https://service.example/a.csv"), [document("<!doctype html><p>1")])
    assert told(reading)["a"] == "not_a_statistics_page: an HTML page answered where a table was expected"


@pytest.mark.parametrize("given", [{}, {"column": "n", "value": "Dossiers"}])
def test_a_figure_has_a_column_or_is_an_indicateur(given: dict[str, str]) -> None:
    expected = "either `column`, or `value` (an indicateur of the national schema), is required"
    assert [sentence for _, sentence in locator_faults(TableLocator(**given))] == [expected]


def test_an_indicateur_is_dated_by_its_schema() -> None:
    assert TableLocator(value="Dossiers").date == "date"
    assert TableLocator(column="n").date is None


def test_one_file_of_a_dataset_has_its_own_address() -> None:
    faults = page_faults(spec(DATASET + "#/resources/5e7e104a"))
    expected = "one file of a dataset has an address of its own: …/datasets/r/<id>"
    assert [sentence for _, sentence in faults] == [expected]


def test_only_the_last_row_of_a_torn_table_is_refused() -> None:
    """Its last cell may have lost its end; the rows before have theirs."""
    torn = replace(document("nom;n\nx;12\ny;34"), unframed=True)
    where = ({"nom": name} for name in "xy")
    its_page = page("table", *(TableLocator(column="n", where=one) for one in where))
    assert told(table.read("s", its_page, [torn])) == {
        "a": "12",
        "b": "split_figure: the table stops in row 3, and nothing says that its transfer was whole",
    }
