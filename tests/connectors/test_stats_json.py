"""A series under ADEME's convention: what is no series, and what the address must agree with."""

import pytest

from connectors.extraction import Document
from connectors.locators import SeriesLocator
from connectors.protocols import stats_json
from connectors.specs.rules import page_faults
from tests.connectors.values import document, json_document, metric, page, told

SPEC = page("stats_json", SeriesLocator())


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (json_document({}), "wrong_format: the answer has no list `stats`"),
        (json_document([]), "wrong_format: the answer has no list `stats`"),
        (json_document({"stats": {"date": "2023-12-01", "value": 1}}),
         "wrong_format: the answer has no list `stats`"),
        (json_document({"stats": []}), "empty: the list `stats` has no row"),
        (json_document({"stats": [{"date": "2023-12-01", "value": "beaucoup\0"}]}),
         "wrong_format: \"$['stats'][0]['value']\" holds a character that is not text"),
        (document("<html><body>"), "not_a_statistics_page: an HTML page answered where JSON was expected"),
        (document('{"stats": ['),
         "wrong_format: the body is not JSON: Expecting value: line 1 column 12 (char 11)"),
    ],
)  # fmt: skip
def test_an_answer_that_is_no_series_has_its_reason(body: Document, expected: str) -> None:
    assert told(stats_json.read("s", SPEC, [body])) == {"a": expected}


def test_two_figures_under_one_date_are_none() -> None:
    rows = [{"date": "2023-11-01", "value": 1}, {"date": "2023-12-01", "value": 2}]
    reading = stats_json.read("s", SPEC, [json_document({"stats": [*rows, {**rows[1], "value": 3}]})])
    assert [it.exact for it in reading.extractions] == ["1"]
    assert [each.sentence for each in reading.absences] == ["2 figures have the date '2023-12-01': 2 and 3"]


@pytest.mark.parametrize(("periodicity", "faults"), [("month", 0), ("year", 1), (None, 1)])
def test_the_address_asks_for_the_periods_of_the_metric(periodicity: str | None, faults: int) -> None:
    one = metric(SeriesLocator(), periodicity=periodicity)
    asking = page(
        "stats_json", url="https://service.example/s?periodicity=month&since=24", metrics={"a": one}
    )
    assert [sentence for _, sentence in page_faults(asking)] == [
        "the address asks for figures by 'month'"
    ] * faults
