"""Which address of Matomo's API answers for a metric."""

from datetime import date
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from connectors.locators import MatomoLocator
from connectors.protocols import matomo
from connectors.service import Page
from connectors.specs.rules import locator_faults, page_faults
from tests.connectors.values import json_document, metric, page
from warehouse.normalisation.periods import period_of

UI = "https://stats.example/index.php?module=CoreHome&action=index&idSite=12&period=day&date=yesterday"
API = "https://stats.example/index.php?module=API&idSite=12"
VISITS = MatomoLocator(value="nb_visits")
SEARCHES = MatomoLocator(value="nb_events", event="action", label="Recherche")
MONTHLY: dict[str, Any] = {"nature": "flow", "period": "dated", "periodicity": "month"}


def spec(url: str = UI, locate: MatomoLocator = VISITS, **more: Any) -> Page:
    return page("matomo", url=url, metrics={"a": metric(locate, **more)})


def asked(url: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}


@pytest.mark.parametrize(
    ("url", "site", "path"),
    [
        (UI, "12", "/index.php"),
        (UI + "#?period=month&date=2023-01-01&idSite=4&category=General_Visitors", "12", "/index.php"),
        ("https://stats.example/index.php#?idSite=4&period=year", "4", "/index.php"),
        ("https://stats.example/index.php#/?idSite=4", "4", "/index.php"),
        ("https://stats.example/matomo/?idSite=7", "7", "/matomo/index.php"),
        ("https://stats.example?idSite=7", "7", "/index.php"),
    ],
)
def test_the_site_is_read_in_the_query_and_then_in_the_fragment(url: str, site: str, path: str) -> None:
    address = matomo.address(spec(url))
    assert (urlsplit(address).path, urlsplit(address).fragment) == (path, "")
    assert asked(address) == {
        "module": "API",
        "method": "VisitsSummary.get",
        "idSite": site,
        "period": "month",
        "date": "last24",
        "format": "JSON",
        "filter_limit": "-1",
    }


@pytest.mark.parametrize(
    ("url", "more", "expected"),
    [
        (API, {"periodicity": "week"}, {"period": "week", "date": "last52"}),
        (API, {"nature": "flow", "period": "calendar_year"}, {"period": "year", "date": "last5"}),
        (API + "&method=API.get", {}, {"method": "API.get"}),
        (API + "&date=2024-08-01,today&period=month", {}, {"date": "2024-08-01,today"}),
        (API + "&format=xml", {}, {"format": "JSON"}),
        (API + "&token_auth=anonymous", {}, {"token_auth": None}),
        (API + "&segment=deviceType%3D%3Dmobile", {}, {"segment": "deviceType==mobile"}),
        (UI + "&segment=countryCode%3D%3DFR", {}, {"segment": "countryCode==FR"}),
    ],
)
def test_an_address_of_the_api_keeps_what_it_asks(
    url: str, more: dict[str, Any], expected: dict[str, str | None]
) -> None:
    given = asked(matomo.address(spec(url, **more)))
    assert {name: given.get(name) for name in expected} == expected


def test_each_question_is_asked_once() -> None:
    metrics = {
        "a": metric(VISITS, **MONTHLY),
        "b": metric(MatomoLocator(value="nb_actions"), **MONTHLY),
        "c": metric(SEARCHES, **MONTHLY),
        "d": metric(VISITS, **MONTHLY | {"periodicity": "year"}),
    }
    several = page("matomo", url=UI, metrics=metrics)
    first = json_document({"2023-12": {"nb_visits": 5, "nb_actions": 9}}, matomo.address(several))
    assert matomo.follow(several, []) == ()
    urls = matomo.follow(several, [first])
    assert [(asked(url)["method"], asked(url)["period"]) for url in urls] == [
        ("Events.getAction", "month"),
        ("VisitsSummary.get", "year"),
    ]
    events = json_document({"2023-12": [{"label": "Recherche", "nb_events": 7}]}, urls[0])
    assert matomo.follow(several, [first, events]) == urls[1:]
    reading = matomo.read("s", several, [first, events])
    assert {it.metric_id: it.exact for it in reading.extractions} == {"a": "5", "b": "9", "c": "7"}
    assert [each.sentence for each in reading.absences] == [
        "the answer of VisitsSummary.get was not received"
    ]


def test_an_extraction_carries_its_whole_proof() -> None:
    body = json_document({"2023-12": {"nb_visits": 5}}, matomo.address(spec()))
    (it,) = matomo.read("s", spec(), [body]).extractions
    assert (it.locator_kind, it.locator, it.reader) == ("jsonpath", "$['2023-12']['nb_visits']", "matomo/1")


@pytest.mark.parametrize(("day", "complete"), [(date(2023, 12, 20), False), (date(2024, 1, 1), True)])
def test_the_month_that_runs_is_marked(day: date, complete: bool) -> None:
    body = json_document({"2023-12": {"nb_visits": 5}}, matomo.address(spec(**MONTHLY)))
    (it,) = matomo.read("s", spec(**MONTHLY), [body]).extractions
    period = period_of(spec(**MONTHLY).metrics["a"], day, it.period_text)
    assert (period.start, period.end, period.complete) == (date(2023, 12, 1), date(2023, 12, 31), complete)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (spec(), []),
        (spec("https://stats.example"), ["a Matomo page names one site: …?idSite=<number>"]),
        (spec("https://stats.example/?idSite=all"), ["a Matomo page names one site: …?idSite=<number>"]),
        (spec(UI + "&token_auth=0123abcd"), ["no token is sent to Matomo: take `token_auth` out"]),
        (spec(API + "&period=day", periodicity="month"), ["the address asks for figures by 'day'"]),
    ],
)
def test_an_address_that_cannot_be_asked_is_told(given: Page, expected: list[str]) -> None:
    assert [sentence for _, sentence in page_faults(given)] == expected


@pytest.mark.parametrize(("event", "label"), [("category", None), (None, "Recherche")])
def test_an_event_has_a_kind_and_a_label(event: Any, label: str | None) -> None:
    faults = locator_faults(MatomoLocator(value="nb_events", event=event, label=label))
    assert [sentence for _, sentence in faults] == [
        "`event` (category or action) and its `label` go together"
    ]
