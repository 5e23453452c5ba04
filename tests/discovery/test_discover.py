"""Discovery from end to end: pages, JSON, dashboards, frames, and the files that it writes."""

import hashlib
import json
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from typer.testing import CliRunner

from connectors.catalog import load_file
from connectors.discovery.locators import verify
from connectors.discovery.proposals import propose
from connectors.extraction import Document
from connectors.fetcher import Fetcher, Manners
from pipelines.cli import app
from pipelines.discover import NothingDiscovered, look, look_at, saved
from pipelines.saved_page import read_saved_page
from pipelines.scaffold import AlreadyThere, scaffold
from tests.tools.server import Site, answer

TILES = """<main><div class="tile"><p class="n">12 840</p><p>dossiers déposés depuis 2019</p></div>
<div class="tile"><p class="n">64</p> millions <p>d'habitants couverts</p></div>
<div class="tile"><p class="n" data-target="412">0</p><p>communes partenaires</p></div>
<p>93 % des usagers se disent satisfaits.</p></main>"""

STATS = [{"date": "2024-02-01", "value": 9}, {"date": "2024-01-01", "value": 7}]
UUID = "8c6560e3-c27a-487b-b242-eb1636912f1a"
HTML = (("Content-Type", "text/html; charset=utf-8"),)
JSON = (("Content-Type", "application/json"),)


def document(text: str, kind: str = "text/html") -> Document:
    content = text.encode()
    return Document("https://s.example/stats", kind, content, hashlib.sha256(content).hexdigest())


def exacts(text: str, kind: str = "text/html") -> dict[str, str]:
    return {each.label: each.exact for each in propose(document(text, kind))}


def test_a_figure_is_proposed_with_what_its_words_suggest() -> None:
    first = next(each for each in propose(document(TILES)) if each.exact == "12 840")
    assert (first.nature, first.reach, first.period) == ("cumulative", "uses", None)
    assert first.reasons
    assert 0 < first.confidence < 1


def test_a_magnitude_outside_the_element_belongs_to_the_figure() -> None:
    assert exacts(TILES)["habitants couverts"] == "64 millions"


def test_a_count_up_is_read_from_its_attribute() -> None:
    counted = next(each for each in propose(document(TILES)) if each.label == "communes partenaires")
    assert counted.exact == "412"
    assert counted.locator.model_dump()["attribute"] == "data-target"


def test_a_locator_survives_another_number() -> None:
    [figure] = [each for each in propose(document(TILES)) if each.exact == "93 %"]
    [again] = verify(document(TILES.replace("93 %", "7 %")), "html", {"m": figure.locator})["m"]
    assert again.exact == "7 %"


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("218481", {"valeur": "218481"}),
        ('{"total_bsdd": 12, "id": 4, "updatedAt": 1700000000}', {"total bsdd": "12"}),
        ('{"ban": {"nbAdresses": 26060000, "lat": 48.8}}', {"ban nb adresses": "26060000"}),
        ('{"taux": "24.62"}', {"taux": "24.62"}),
        (json.dumps({"description": "Simulations", "stats": STATS}), {"Simulations": "9"}),
        ('{"broken": ', {}),
    ],
)
def test_json_gives_its_counts_and_the_latest_of_its_series(body: str, expected: Mapping[str, str]) -> None:
    assert exacts(body, "application/json") == expected


def test_a_state_speaks_only_where_the_page_is_silent() -> None:
    state = (
        '<script id="__NEXT_DATA__" type="application/json">{"props": {"nbVues": 81234, "page": 3}}</script>'
    )
    assert exacts(f"<body>{state}</body>") == {"props nb vues": "81234"}
    assert "81234" not in exacts(f"<body>{TILES}{state}</body>").values()


def test_a_page_nested_without_end_gives_nothing() -> None:
    assert propose(document("<main>" + "<div>" * 5000 + "12 840 dossiers" + "</div>" * 5000)) == ()


def fetcher(site: Site) -> Fetcher:
    return Fetcher(manners=Manners(pace=0), allow_hosts=[f"127.0.0.1:{site.port}"])


def test_a_frame_is_looked_into_one_level_down() -> None:
    frame = answer(b"<main><iframe src='/inner'></iframe></main>", HTML)
    with Site({"/stats": frame, "/inner": answer(TILES.encode(), HTML)}) as site:
        found = look(site.url("/stats"), fetcher(site))
        assert {each.url for each in found.figures} == {site.url("/inner")}


def dashboard() -> dict[str, object]:
    card = {"name": "Utilisateurs inscrits", "display": "scalar"}
    line = {"name": "Par mois", "display": "line"}
    return {
        "name": "Stats",
        "dashcards": [{"id": 1, "card_id": 10, "card": card}, {"id": 2, "card_id": 20, "card": line}],
    }


def test_a_dashboard_gives_its_cards_of_one_number() -> None:
    api = f"/api/public/dashboard/{UUID}"
    columns = [{"name": "count", "display_name": "Nombre", "base_type": "type/Integer"}]
    result = {"data": {"cols": columns, "rows": [[190000]]}, "status": "completed"}
    paths = {
        f"/public/dashboard/{UUID}": answer(b"<div id='root'></div>", HTML),
        api: answer(json.dumps(dashboard()).encode(), JSON),
        f"{api}/dashcard/1/card/10": answer(json.dumps(result).encode(), JSON, status=202),
    }
    with Site(paths) as site:
        [figure] = look(site.url(f"/public/dashboard/{UUID}"), fetcher(site)).figures
        assert (figure.proposal.label, figure.as_json()["value"]) == ("Utilisateurs inscrits", "190000")
        assert figure.as_json()["locator"] == {"card": "Utilisateurs inscrits"}
        assert figure.as_json()["protocol"] == "metabase"


@pytest.mark.parametrize(
    ("url", "what"),
    [
        ("https://docs.google.com/document/d/a", "document"),
        ("https://s.example/superset/dashboard/a/", "superset"),
    ],
)
def test_what_holds_no_figure_is_told_before_any_visit(url: str, what: str) -> None:
    with pytest.raises(NothingDiscovered, match=what):
        look(url, Fetcher())


def test_a_page_without_figures_says_what_it_seems_to_be(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text("<form><input type=password></form>", "utf-8")
    with pytest.raises(NothingDiscovered, match="a login page"):
        look_at(saved(page))


@pytest.fixture
def page(tmp_path: Path) -> Path:
    file = tmp_path / "page.html"
    file.write_text(TILES, "utf-8")
    return file


def test_what_is_written_loads_and_reads_what_its_answers_say(page: Path, tmp_path: Path) -> None:
    found = look_at(saved(page, "https://mon-service.beta.gouv.fr/stats"))
    spec, answers, body = scaffold(found, tmp_path / "out")
    expected = json.loads(answers.read_text("utf-8"))
    assert load_file(spec).id == "mon-service"
    read = {row.metric: row.exact for row in read_saved_page(body, spec)}
    assert read == {name: one["exact"] for name, one in expected.items()}
    assert len(read) == len(found.figures) == 4


def test_a_service_file_is_never_overwritten(page: Path, tmp_path: Path) -> None:
    found = look_at(saved(page))
    spec, *_ = scaffold(found, tmp_path / "out")
    before = spec.read_bytes()
    with pytest.raises(AlreadyThere):
        scaffold(found, tmp_path / "out")
    assert spec.read_bytes() == before


@pytest.fixture
def run() -> Callable[..., tuple[int, str]]:
    def invoke(*arguments: str) -> tuple[int, str]:
        result = CliRunner().invoke(app, arguments)
        return result.exit_code, result.stdout

    return invoke


def test_the_verb_prints_figures_for_scripts(page: Path, run: Callable[..., tuple[int, str]]) -> None:
    status, printed = run("discover", str(page), "--json")
    figures = {each["label"]: each for each in json.loads(printed)}
    assert status == 0
    assert figures["dossiers déposés depuis 2019"]["value"] == "12840"
    assert set(figures["habitants couverts"]) >= {"value", "exact", "unit", "nature", "locator", "confidence"}


def test_the_verb_fails_where_nothing_is_found(tmp_path: Path, run: Callable[..., tuple[int, str]]) -> None:
    empty = tmp_path / "empty.html"
    empty.write_text("<p>Bonjour</p>", "utf-8")
    assert run("discover", str(empty)) == (1, "")
