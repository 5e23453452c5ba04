"""Superset: the addresses it is asked at, the service files it accepts, and results that are odd."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.errors import ClosedToVisitors
from connectors.extraction import Document, Reading
from connectors.extractor import read_now
from connectors.locators import ChartLocator, Locator, MatomoLocator, SeriesLocator
from connectors.protocols import superset
from connectors.specs.rules import page_faults
from connectors.superset.refusal import refusal
from tests.connectors.values import document, json_document, metric, page, told

BOARD = "https://superset.example/superset/dashboard/lasuite/"
API = "https://superset.example/api/v1"
BODIES = Path(__file__).with_name("bodies") / "superset"
LISTED = document((BODIES / "dashboard.json").read_bytes(), url=f"{API}/dashboard/lasuite/charts")
ACTIVE = ChartLocator(chart="Agents actifs")


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        (BOARD, f"{API}/dashboard/lasuite/charts"),
        (BOARD.rstrip("/"), f"{API}/dashboard/lasuite/charts"),
        (BOARD + "?standalone=1&show_filters=0#TAB-x", f"{API}/dashboard/lasuite/charts"),
        ("https://s.example/a/b/superset/dashboard/12/", "https://s.example/a/b/api/v1/dashboard/12/charts"),
        (BOARD.replace("lasuite", "pilotage"), f"{API}/dashboard/pilotage/charts"),
    ],
)
def test_the_charts_of_a_dashboard_are_asked_first(url: str, expected: str) -> None:
    asked = page("superset", ACTIVE, url=url)
    assert list(page_faults(asked)) == []
    assert superset.address(asked) == expected


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("https://superset.example/", "a Superset dashboard is at …/superset/dashboard/<id or slug>/"),
        ("https://superset.example/explore/?slice_id=3", "a Superset dashboard is at"),
        ("https://superset.example/superset/dashboard/p/xY12/", "a Superset dashboard is at"),
        (BOARD + "?native_filters_key=x", "'native_filters_key' would not be applied"),
        (BOARD + "?preselect_filters={}", "'preselect_filters' would not be applied"),
    ],
)
def test_an_address_that_would_not_be_read_as_it_is_shown_is_refused(url: str, sentence: str) -> None:
    ((location, said),) = page_faults(page("superset", ACTIVE, url=url))
    assert location == ("url",)
    assert said.startswith(sentence)


@pytest.mark.parametrize(
    ("protocol", "url", "locate"),
    [
        ("matomo", "https://m.example/?idSite=3", MatomoLocator(value="nb_visits")),
        ("stats_json", "https://s.example/api/stats", SeriesLocator()),
    ],
)
def test_a_convention_without_quarters_is_not_asked_for_them(
    protocol: str, url: str, locate: Locator
) -> None:
    quarterly = page(protocol, url=url, metrics={"a": metric(locate, periodicity="quarter")})
    here = ("metrics", "a", "periodicity")
    assert list(page_faults(quarterly)) == [(here, f"{protocol} counts by day, week, month or year")]


def test_each_chart_is_asked_once_and_only_those_that_are_named() -> None:
    asked = page(
        "superset", ACTIVE, ACTIVE, ChartLocator(chart="Vide"), ChartLocator(chart="Doublon"), url=BOARD
    )
    urls = (f"{API}/chart/41/data/", f"{API}/chart/49/data/")
    assert superset.follow(asked, []) == ()
    assert superset.follow(asked, [LISTED]) == urls
    assert superset.follow(asked, [LISTED, json_document({}, urls[0])]) == urls[1:]


def reading(result: object, **locate: Any) -> Reading:
    asked = page("superset", ChartLocator(chart="Agents actifs", **locate), url=BOARD)
    return read_now("s", asked, [LISTED, json_document(result, f"{API}/chart/41/data/")])


GOOD: Mapping[str, Any] = {"status": "success", "colnames": ["n"], "coltypes": [0], "data": [{"n": 12}]}


@pytest.mark.parametrize(
    "changed",
    [
        {"colnames": None}, {"colnames": ["n", "m"]}, {"colnames": [3]}, {"coltypes": "0"}, {"data": None},
        {"data": [[12]]}, {"data": {"n": 12}}, {"coltypes": [False]}, {"coltypes": [1]}, {"data": [{}]},
        {"data": [{"n": True}]}, {"data": [{"n": {"v": 1}}]}, {"data": [{"n": "1\0"}]}, {"status": "stopped"},
        {"error": "boom"}, {"data": [{"n": 12}, {"n": 13}]},
    ],
    ids=str,
)  # fmt: skip
def test_an_odd_result_gives_a_reason_and_no_figure(changed: dict[str, Any]) -> None:
    assert told(reading({"result": [{**GOOD}]})) == {"a": "12"}
    read = reading({"result": [{**GOOD, **changed}]})
    assert not read.extractions
    assert {each.reason for each in read.absences}.isdisjoint({"reading_error"})


JSONS = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(
                ["result", "data", "colnames", "coltypes", "status", "error", "message", "msg", "n"]
            ),
            inner,
            max_size=5,
        )
    ),
    max_leaves=20,
)


@given(listed=JSONS, result=JSONS)
def test_whatever_superset_answers_no_reader_breaks(listed: object, result: object) -> None:
    asked = page("superset", ACTIVE, url=BOARD)
    for first in (LISTED, json_document(listed, LISTED.url)):
        given_ = [first, json_document(result, f"{API}/chart/41/data/")]
        superset.follow(asked, given_)
        assert "reading_error" not in {each.reason for each in read_now("s", asked, given_).absences}


def answered(status: int, body: object, final_url: str = "") -> Document:
    return Document(LISTED.url, "", json.dumps(body).encode(), "0" * 64, final_url, status)


@pytest.mark.parametrize(
    ("document_", "closed"),
    [
        (answered(401, {"msg": "Missing Authorization Header"}), True),
        (answered(403, {"message": "Forbidden"}), True),
        (answered(403, None), True),
        (answered(200, {"message": "Access is denied"}), True),
        (answered(200, "", "https://superset.example/login/?next=/"), True),
        (answered(200, "", "https://superset.example/prefix/login"), True),
        (answered(200, {"result": [], "message": "ok"}), False),
        (answered(200, {"message": 3}), False),
        (answered(404, {"message": "Not found"}), False),
        (answered(500, {"message": "Fatal error"}), False),
    ],
)
def test_a_refusal_is_told_from_a_failure(document_: Document, closed: bool) -> None:
    assert isinstance(refusal(document_), ClosedToVisitors) == closed
