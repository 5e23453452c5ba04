"""Discovery from end to end: pages, JSON, dashboards, frames, and the files that it writes."""

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

import pytest
from typer.testing import CliRunner

from connectors.catalog import load_file
from connectors.discovery.locators import verify
from connectors.discovery.proposals import MOST, propose
from connectors.discovery.sight import see
from connectors.errors import InvalidSpec
from connectors.extraction import Document
from connectors.extractor import Extractor
from connectors.fetcher import Fetcher, Manners
from pipelines.cli import app
from pipelines.discover import look, look_at, saved
from pipelines.discovered import Discovery
from pipelines.errors import AlreadyThere, NothingDiscovered
from pipelines.saved_page import read_saved_page
from pipelines.scaffold import scaffold
from tests.tools.server import Behaviour, Site, answer, redirect

TILES = """<main><div class="tile"><p class="n">12 840</p><p>dossiers déposés depuis 2019</p></div>
<div class="tile"><p class="n">64</p> millions <p>d'habitants couverts</p></div>
<div class="tile"><p class="n" data-target="412">0</p><p>communes partenaires</p></div>
<p>93 % des usagers se disent satisfaits.</p></main>"""

NAMES = ("Visites", "Recherches", "Fiches")
STATS = [{"date": "2024-02-01", "value": 9}, {"date": "2024-01-01", "value": 7}]
KEYED = '{"2024-02": {"nb_visits": 9, "avg_time": 4}, "2024-01": {"nb_visits": 7, "avg_time": 5}}'
COLUMNS = '"cols": [{"name": "mois"}, {"name": "n", "display_name": "Nombre de demandes"}]'
CELLS = f'{{"rows": [["2024-02-01T00:00:00+01:00", 9], ["2024-01-01T00:00:00+01:00", 7]], {COLUMNS}}}'
PARTS = '{"columns": ["Statut", "Nombre"], "rows": [["Reçu", 4], ["Refusé", 2]]}'
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


def test_a_figure_known_by_its_place_has_an_anchor() -> None:
    """Where two figures change places, none is read for the other."""
    rows = "<main><p>{} créés</p><dl><dt>{}</dt><dd>12 840</dd><dt>{}</dt><dd>3 412</dd></dl></main>"
    page = document(rows.format(7, "Communes en 2024", "Dossiers en 2024"))
    [figure] = [each for each in propose(page) if each.exact == "3 412"]
    swapped = document(rows.format(7, "Dossiers en 2024", "Communes en 2024"))
    given = verify(swapped, "html", {"m": figure.locator}, {"m": figure.anchor} if figure.anchor else {})
    assert "3 412" not in [each.exact for each in given.get("m", [])]


def test_a_cell_is_found_by_its_column_and_its_row() -> None:
    rows = [
        "<tr><td>Corse</td><td>88</td><td>12</td></tr>",
        "<tr><td>Bretagne</td><td>120</td><td>45</td></tr>",
    ]
    table = "<main><table><tr><th>Région</th><th>Usagers</th><th>Agents</th></tr>{}</table></main>"
    found = {each.label: each.locator for each in propose(document(table.format("".join(rows))))}
    turned = document(table.format("".join(reversed(rows))))
    [again] = verify(turned, "embedded", {"m": found["Bretagne, Agents"]})["m"]
    assert again.exact == "45"


def test_a_series_has_no_point_in_a_total() -> None:
    table = """<main><table><tr><th>Mois</th><th>Visites</th></tr><tr><td>Mars 2024</td><td>7</td></tr>
    <tr><td>Avril 2024</td><td>9</td></tr><tr><td>Total</td><td>16</td></tr></table></main>"""
    assert {each.exact for each in propose(document(table))} == {"16", "9"}


def test_the_word_beside_a_number_names_it_before_those_of_its_neighbours() -> None:
    cards = "".join(f"<p><span>{n} 120</span><span>{name}</span></p>" for n, name in enumerate(NAMES, 1))
    assert exacts(f"<main>{cards}</main>") == {"Visites": "1 120", "Recherches": "2 120", "Fiches": "3 120"}


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (b"%PDF-1.7\n", "it is a PDF document"),
        (b"\0\1\2<a>", "it is no text"),
        (b'{"dashcards": [{"id": 1, "card_id": 2}]}', "it lists the cards of a Metabase dashboard"),
        (b'{"ok": true}', "it is JSON"),
    ],
)
def test_a_body_that_is_no_page_is_named(body: bytes, told: str) -> None:
    found = see(Document("https://s.example/stats", "", body, "0" * 64))
    assert found.proposals == ()
    assert found.otherwise.startswith(told)


def test_what_is_neither_a_file_nor_an_address_is_refused() -> None:
    told = CliRunner().invoke(app, ["discover", "no-such-file.html"])
    assert told.exit_code == 1
    assert "no file that is there" in told.stderr


def test_a_page_of_a_thousand_numbers_gives_the_surest() -> None:
    tiles = "".join(f"<div class='tile'><h3>{n}</h3><p>dossiers {n}</p></div>" for n in range(1000, 2000))
    assert len(propose(document(f"<main>{tiles}</main>"))) <= MOST


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("218481", {"valeur": "218481"}),
        ('{"total_bsdd": 12, "id": 4, "updatedAt": 1700000000}', {"total bsdd": "12"}),
        ('{"ban": {"nbAdresses": 26060000, "lat": 48.8}}', {"ban nb adresses": "26060000"}),
        ('{"taux": "24.62"}', {"taux": "24.62"}),
        (json.dumps({"description": "Simulations", "stats": STATS}), {"Simulations": "9"}),
        ('{"broken": ', {}),
        ('{"demandes_this_month": 12, "month": 4, "cacheTtl": 300}', {"demandes this month": "12"}),
        (KEYED, {"nb visits": "9"}),
        (CELLS, {"Nombre de demandes": "9"}),
        (PARTS, {"Reçu, Nombre": "4", "Refusé, Nombre": "2"}),
        (
            '{"rows": [[125034]], "cols": [{"display_name": "Total des dossiers"}]}',
            {"Total des dossiers": "125034"},
        ),
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


# ------------------------------------------------------------------------------ visiting


@pytest.fixture(scope="module")
def extractor() -> Iterator[Extractor]:
    with Extractor(workers=1) as extractor:
        yield extractor


Visited = Callable[..., Discovery]


@pytest.fixture
def visited(extractor: Extractor) -> Visited:
    """What a visit of a path finds on a site."""

    def found(site: Site, path: str = "/stats", others: Sequence[Site] = ()) -> Discovery:
        hosts = [f"{name}:{each.port}" for each in (site, *others) for name in ("127.0.0.1", "localhost")]
        return look(site.url(path), Fetcher(manners=Manners(pace=0), allow_hosts=hosts), extractor)

    return found


def html(text: str) -> Behaviour:
    return answer(text.encode(), HTML)


def data(value: object, status: int = 200) -> Behaviour:
    return answer(json.dumps(value).encode(), JSON, status=status)


def asked(site: Site) -> list[str]:
    return [each.path for each in site.requests if each.path != "/robots.txt"]


EMPTY = "<body><div id='app'></div></body>"
MONTHS = {"2024-07": {"nb_visits": 810}, "2024-08": {"nb_visits": 920}, "2024-09": {"nb_visits": 12}}
TRACKED = "<script>_paq.push(['setTrackerUrl', 'URL/matomo.php']); _paq.push(['setSiteId', '7'])</script>"


def test_a_frame_is_looked_into_one_level_down(visited: Visited) -> None:
    framed = html("<main><iframe src='/inner'></iframe></main>")
    with Site({"/stats": framed, "/inner": html(TILES)}) as site:
        assert {each.url for each in visited(site).figures} == {site.url("/inner")}


def board(uuid: str = UUID) -> dict[str, Behaviour]:
    """A dashboard with a card of one number, and a card of one number a month."""
    cards = [("Utilisateurs inscrits", "scalar"), ("Messages par mois", "line")]
    listed = [
        {"id": at, "card_id": at * 10, "card": {"name": name, "display": display}}
        for at, (name, display) in enumerate(cards, 1)
    ]
    api = f"/api/public/dashboard/{uuid}"
    number = {"name": "count", "display_name": "Nombre", "base_type": "type/Integer"}
    month = {"name": "month", "display_name": "Mois", "base_type": "type/Date"}
    rows = [["2024-01-01", 5], ["2024-02-01", 6]]
    return {
        api: data({"name": "Stats", "dashcards": listed}),
        f"{api}/dashcard/1/card/10": data(
            {"data": {"cols": [number], "rows": [[190000]]}, "status": "completed"}, 202
        ),
        f"{api}/dashcard/2/card/20": data(
            {"data": {"cols": [month, number], "rows": rows}, "status": "completed"}, 202
        ),
    }


def summary(found: Discovery) -> dict[str, tuple[object, object]]:
    """Of each figure, by its label, the value and the locator."""
    told = [each.as_json() for each in found.figures]
    return {each["label"]: (each["value"], each["locator"]) for each in told}


CARDS = {
    "Utilisateurs inscrits": ("190000", {"card": "Utilisateurs inscrits"}),
    "Messages par mois": ("6", {"card": "Messages par mois", "date": True}),
}


def test_a_dashboard_gives_its_numbers_and_the_latest_of_its_dated_cards(visited: Visited) -> None:
    path = f"/public/dashboard/{UUID}"
    with Site({path: html(EMPTY), **board()}) as site:
        found = visited(site, path)
        assert summary(found) == CARDS
        assert {each.proposal.protocol for each in found.figures} == {"metabase"}


def test_an_address_that_redirects_to_a_dashboard_is_that_dashboard(visited: Visited) -> None:
    path = f"/public/dashboard/{UUID}"
    with Site({"/stats": redirect(path), path: html(EMPTY), **board()}) as site:
        found = visited(site)
        assert summary(found) == CARDS
        assert {each.url for each in found.figures} == {site.url(path)}
        assert "redirects" in found.figures[0].proposal.reasons[-1]


def test_an_address_that_redirects_to_another_site_is_of_that_site(visited: Visited) -> None:
    with Site({"/tiles": html(TILES)}) as site:
        elsewhere = site.url("/tiles", host="localhost")
        with Site({"/stats": redirect(elsewhere)}) as old:
            found = visited(old, others=[site])
    assert {each.url for each in found.figures} == {elsewhere}
    assert "redirects to localhost" in found.figures[0].proposal.reasons[-1]


def test_a_page_gives_its_own_figures_and_those_of_the_dashboards_it_shows(visited: Visited) -> None:
    page = f"{TILES}<iframe src='/public/dashboard/{UUID}'></iframe>"
    with Site({"/stats": html(page), **board()}) as site:
        found = summary(visited(site))
        assert set(CARDS) | {"dossiers déposés depuis 2019"} <= set(found)


def test_a_dashboard_is_found_in_the_scripts_of_a_page(visited: Visited) -> None:
    page = html(EMPTY + "<script src='/app.js'></script><script src='https://cdn.example/x.js'></script>")
    script = answer(f'e.src="/metabase/public/dashboard/{UUID}"'.encode())
    boards = {f"/metabase{path}": behaviour for path, behaviour in board().items()}
    with Site({"/stats": page, "/app.js": script, **boards}) as site:
        found = visited(site)
        assert summary(found) == CARDS
        assert {each.url for each in found.figures} == {site.url(f"/metabase/public/dashboard/{UUID}")}


def test_usual_endpoints_are_asked_where_a_page_gives_nothing(visited: Visited) -> None:
    convention = "/api/stats?periodicity=month&since=3"
    body = data({"description": "Simulations", "stats": STATS})
    with Site({"/stats": html(EMPTY), convention: body}) as site:
        [figure] = visited(site).figures
        told = figure.as_json()
        assert (told["label"], told["value"], told["protocol"]) == ("Simulations", "9", "stats_json")
        assert told["url"] == site.url(convention)


def test_at_most_six_endpoints_are_asked(visited: Visited) -> None:
    with Site({"/stats": html(EMPTY)}) as site:
        with pytest.raises(NothingDiscovered):
            visited(site)
        assert len(asked(site)) == 1 + 6


def test_no_endpoint_is_asked_where_the_page_speaks(visited: Visited) -> None:
    with Site({"/stats": html(TILES)}) as site:
        visited(site)
        assert asked(site) == ["/stats"]


def test_visits_are_proposed_for_want_of_anything_else_and_hardly_believed(visited: Visited) -> None:
    query = "period=month&date=last24&filter_limit=-1&idSite=7&module=API&method=VisitsSummary.get"
    with Site({f"/index.php?{query}&format=JSON": data(MONTHS)}) as matomo:
        page = EMPTY + TRACKED.replace("URL", matomo.url(""))
        with Site({"/stats": html(page)}) as site:
            [figure] = visited(site, others=[matomo]).figures
    told = figure.as_json()
    assert (told["value"], told["kind"], told["protocol"]) == ("920", "usage", "matomo")
    assert told["confidence"] < 0.3


@pytest.mark.parametrize(
    ("url", "what"),
    [
        ("https://docs.google.com/document/d/a", "document"),
        ("https://s.example/superset/dashboard/a/", "superset"),
    ],
)
def test_what_holds_no_figure_is_told_before_any_visit(url: str, what: str) -> None:
    with pytest.raises(NothingDiscovered, match=what):
        look(url, Fetcher(), Extractor())


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


def test_what_is_written_of_a_dated_series_loads_too(visited: Visited, tmp_path: Path) -> None:
    body = data({"description": "Simulations", "stats": STATS})
    with Site({"/stats": html(EMPTY), "/api/stats?periodicity=month&since=3": body}) as site:
        found = visited(site)
    spec, answers, saved_body = scaffold(found, tmp_path / "out")
    [(name, points)] = json.loads(answers.read_text("utf-8")).items()
    assert load_file(spec).pages[0].metrics[name].periodicity == "month"
    assert [(one["period"], one["value"]) for one in points] == [("2024-02-01", "9"), ("2024-01-01", "7")]
    assert [row.exact for row in read_saved_page(saved_body, spec)] == ["9", "7"]


@pytest.mark.parametrize(
    ("days", "told"),
    [
        (("2024-01-01", "2024-01-02"), "day"),
        (("2024-01-01", "2024-01-08"), "week"),
        (("2023-10-01", "2024-01-01"), "quarter"),
        (("2022-12-31", "2023-12-31"), "year"),
    ],
)
def test_the_dates_of_a_series_say_how_long_one_period_is(
    tmp_path: Path, days: tuple[str, str], told: str
) -> None:
    assert load_file(scaffold(rows(tmp_path, *days), tmp_path)[0]).metrics["dossiers"].periodicity == told


def test_where_its_dates_do_not_say_a_person_is_asked(tmp_path: Path) -> None:
    spec, *_ = scaffold(rows(tmp_path, "2024-01-01", "2024-01-20"), tmp_path)
    assert "# periodicity: day, week, month, quarter or year? Its dates" in spec.read_text("utf-8")
    with pytest.raises(InvalidSpec, match="how long is one period"):
        load_file(spec)


def rows(folder: Path, *days: str) -> Discovery:
    saved_body = folder / "chiffres.json"
    saved_body.write_text(json.dumps([{"date": day, "dossiers": 1200 + len(day)} for day in days]), "utf-8")
    return look_at(saved(saved_body))


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
