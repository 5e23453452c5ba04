"""Golden bodies of the protocols that have no page of their own, and what becomes of them when they break.

``bodies/<protocol>/answers.yml`` says for each body, and a locator, every figure and every reason.
"""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from connectors.catalog import json_schema, load_file
from connectors.errors import InvalidSpec
from connectors.extraction import Document, Reading
from connectors.extractor import Extractor, read_now
from connectors.fetcher import Fetcher
from connectors.fetching.manners import Manners
from connectors.locators import MatomoLocator
from connectors.protocols import PROTOCOLS
from connectors.service import Page, Service
from connectors.specs.rules import KINDS, UNDATED
from connectors.text.csv_text import decode
from tests.connectors.values import document, metric, page
from tests.tools.server import Behaviour, Site, answer
from warehouse.normalisation.numbers import read
from warehouse.normalisation.periods import read_period

BODIES = Path(__file__).with_name("bodies")
USUAL = {
    "stats_json": "https://service.example/api/stats",
    "matomo": "https://stats.example/index.php?module=CoreHome&idSite=12&period=day&date=yesterday",
    "table": "https://service.example/chiffres.csv",
    "superset": "https://superset.example/superset/dashboard/lasuite/",
}
"""Where the bodies of a protocol are, unless the case says otherwise."""

CASES = [
    pytest.param(protocol, case, id=f"{protocol}/{case['body']}-{rank}")
    for protocol in USUAL
    for rank, case in enumerate(yaml.safe_load((BODIES / protocol / "answers.yml").read_text("utf-8")))
]
of_each_case = pytest.mark.parametrize(("protocol", "case"), CASES)


def spec(protocol: str, case: dict[str, Any]) -> Page:
    where = {column: str(cell) for column, cell in case.get("locate", {}).get("where", {}).items()}
    given = {**case.get("locate", {})} | ({"where": where} if where else {})
    one = metric(KINDS[protocol](**given), **case.get("metric", {}))
    return page(protocol, url=case.get("url", USUAL[protocol]), metrics={"a": one})


def saved(protocol: str, name: str, url: str) -> Document:
    return document((BODIES / protocol / name).read_bytes(), url=url)


def documents(protocol: str, case: dict[str, Any]) -> list[Document]:
    """The bodies of a case, asked for as a night does."""
    first = saved(protocol, case["body"], PROTOCOLS[protocol].address(spec(protocol, case)))
    followed = PROTOCOLS[protocol].follow(spec(protocol, case), [first])
    files = case.get("files", {})
    return [first, *(saved(protocol, files[url], url) for url in followed if url in files)]


def lines(reading: Reading) -> list[str]:
    figures = [f"{it.exact} · {it.period_text} · {it.notation}" for it in reading.extractions]
    return figures + [f"{each.reason}: {each.sentence}" for each in reading.absences]


@of_each_case
def test_every_figure_of_a_body_is_read_as_its_answer_says(protocol: str, case: dict[str, Any]) -> None:
    assert lines(read_now("s", spec(protocol, case), documents(protocol, case))) == case["told"]


@of_each_case
def test_a_figure_stands_where_it_says_and_can_be_understood(protocol: str, case: dict[str, Any]) -> None:
    given = documents(protocol, case)
    texts = {each.sha256: decode(each.content) for each in given}
    for it in read_now("s", spec(protocol, case), given).extractions:
        text = texts[it.body_sha256]
        assert text[it.start : it.end] == it.exact
        assert text.startswith(it.prefix + it.exact + it.suffix, it.start - len(it.prefix))
        assert read(it.exact, notation=it.notation).value is not None
        assert it.period_text is None or read_period(it.period_text)


# --------------------------------------------------------------------------- when bodies break


def broken(body: bytes) -> Iterator[tuple[str, bytes]]:
    """What may come in place of a body."""
    yield "page", b"<!DOCTYPE html><html><body><h1>Connexion</h1> 12 345</body></html>"
    yield "nothing", b""
    yield "blank", b" \r\n\r\n"
    yield "depth", b"[" * 100_000
    yield "objects", b'{"stats":' * 100_000
    yield "quotes", b'"' * 99_999
    yield "zip", b"PK\x03\x04\x14\x00\x06\x00\x08\x00"
    yield "null", b"null"
    yield "rows", b'{"stats": null, "resources": null, "records": [null]}'
    for end in range(1, len(body), max(1, len(body) // 40)):
        yield f"first {end} bytes", body[:end]


@of_each_case
def test_a_broken_body_gives_reasons_and_no_other_figure(protocol: str, case: dict[str, Any]) -> None:
    first, *others = documents(protocol, case)
    good = {it.exact for it in read_now("s", spec(protocol, case), [first, *others]).extractions}
    for name, body in broken(first.content):
        reading = read_now("s", spec(protocol, case), [document(body, url=first.url), *others])
        codes = {each.reason for each in reading.absences}
        assert reading.extractions or codes, name
        assert "reading_error" not in codes, (name, lines(reading))
        if not name.startswith("first"):
            assert not reading.extractions, (name, lines(reading))
        elif case["body"].endswith(".json"):  # nothing tells a cut CSV from a whole one
            assert {it.exact for it in reading.extractions} <= good, name


NUMBERS = ["NaN", "Infinity", "-Infinity", "9" * 5000, "1e999", "-0", "true", '"\\ud800"', "{}", "[]", '""']


@pytest.mark.parametrize("token", NUMBERS, ids=lambda token: token[:9])
@pytest.mark.parametrize(
    ("protocol", "body"),
    [
        ("stats_json", '{{"stats": [{{"date": "2023-12-01", "value": {}}}]}}'),
        ("matomo", '{{"2023-12": {{"nb_visits": {}}}}}'),
        ("table", '{{"records": [{{"fields": {{"n": {}}}}}]}}'),
    ],
)
def test_a_strange_number_is_kept_as_written_or_refused(protocol: str, body: str, token: str) -> None:
    locate = {"stats_json": {}, "matomo": {"value": "nb_visits"}, "table": {"column": "n"}}[protocol]
    url = {"table": "https://grist.example/api/docs/d/tables/t/records"}.get(protocol, USUAL[protocol])
    case = {"locate": locate, "url": url}
    reading = read_now("s", spec(protocol, case), [document(body.format(token), url=url)])
    assert [it.exact for it in reading.extractions] in ([], [token])
    assert bool(reading.extractions) == (token in {"9" * 5000, "1e999", "-0"})
    assert all(each.reason != "reading_error" for each in reading.absences)


def test_every_body_has_an_answer() -> None:
    asked = {
        (protocol, name)
        for protocol in USUAL
        for case in yaml.safe_load((BODIES / protocol / "answers.yml").read_text("utf-8"))
        for name in (case["body"], *case.get("files", {}).values())
    }
    there = {(file.parent.name, file.name) for file in BODIES.rglob("*.*") if file.suffix != ".yml"}
    assert {each for each in there if each[0] in USUAL} == asked


# ------------------------------------------------------------------------------- service files


def service_file(protocol: str, case: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A service file that asks what the case asks."""
    one = spec(protocol, case).metrics["a"].model_dump(mode="json", exclude_defaults=True)
    where = {"url": case.get("url", USUAL[protocol]), "protocol": protocol}
    return {"id": "x", "name": "X", "incubator": "y", "pages": [{**where, "metrics": {"a": one}, **more}]}


def load(folder: Path, file: dict[str, Any]) -> Service:
    path = folder / "x.yml"
    path.write_text(yaml.safe_dump(file, allow_unicode=True), "utf-8")
    return load_file(path)


@of_each_case
def test_a_service_file_can_ask_it(tmp_path: Path, protocol: str, case: dict[str, Any]) -> None:
    file = service_file(protocol, case)
    assert load(tmp_path, file).metrics["a"].locate == spec(protocol, case).metrics["a"].locate
    assert Draft202012Validator(json_schema()).is_valid(file)


@pytest.mark.parametrize("protocol", USUAL)
def test_these_pages_have_no_date_of_their_own(tmp_path: Path, protocol: str) -> None:
    least = {"matomo": {"value": "nb_visits"}, "table": {"column": "n"}, "superset": {"chart": "c"}}
    locate = least.get(protocol, {})
    with pytest.raises(InvalidSpec, match=re.escape(UNDATED[protocol])):
        load(tmp_path, service_file(protocol, {"locate": locate}, dated={"value": "$.d"}))


def test_a_series_has_no_key_to_name(tmp_path: Path) -> None:
    file = service_file("stats_json", {})
    file["pages"][0]["metrics"]["a"]["locate"] = {"rows": "$[*]"}
    with pytest.raises(InvalidSpec, match="a key for protocol json; this page's locators have no key"):
        load(tmp_path, file)


# -------------------------------------------------------------------------- over a real server


def fetched(page_: Page, *sites: Site) -> list[Document]:
    """The documents of a page, in the order in which a night fetches them."""
    fetcher = Fetcher(manners=Manners(pace=0), allow_hosts=[site.authority for site in sites])
    extractor, given = Extractor(), list[Document]()
    wanted: tuple[str, ...] = (extractor.address(page_),)
    while wanted:
        for url in wanted:
            one = fetcher.fetch(url).answer
            given.append(Document(url, one.content_type, one.content, one.sha256))
        wanted = extractor.follow(page_, given)
    return given


def body(protocol: str, name: str) -> Behaviour:
    return answer((BODIES / protocol / name).read_bytes())


def test_a_dataset_leads_to_its_file_on_another_host() -> None:
    with Site({"/n.csv": body("table", "semicolons-latin1.csv")}) as files:
        file = {"title": "n", "format": "csv", "url": files.url("/n.csv"), "last_modified": "2024-01-01"}
        dataset = answer(json.dumps({"resources": [file]}).encode())
        with Site({"/api/1/datasets/chiffres/": dataset}) as catalogue:
            where = {"Région": "Corse", "Mois": "2023-12"}
            case = {"url": catalogue.url("/fr/datasets/chiffres/")}
            asked = spec("table", case | {"locate": {"column": "Délai moyen", "where": where}})
            given = fetched(asked, catalogue, files)
    assert lines(read_now("s", asked, given)) == ["8,5 · None · french"]


def test_matomo_is_asked_for_visits_and_then_for_events() -> None:
    path = "/index.php?period=month&date=last24&filter_limit=-1&idSite=3&module=API&method={}&format=JSON"
    routes = {
        path.format("VisitsSummary.get"): body("matomo", "visits-by-month.json"),
        path.format("Events.getCategory"): body("matomo", "events-by-month.json"),
    }
    event = MatomoLocator(value="nb_events", event="category", label="Recherche")
    with Site(routes) as site:
        asked = page("matomo", MatomoLocator(value="nb_actions"), event, url=site.url("/?idSite=3"))
        reading = read_now("s", asked, fetched(asked, site))
    assert [(it.metric_id, it.exact) for it in reading.extractions] == [
        ("a", "51002"),
        ("a", "48220"),
        ("a", "19000"),
        ("b", "9120"),
        ("b", "3050"),
    ]
