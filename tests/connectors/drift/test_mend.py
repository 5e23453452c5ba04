"""Where a lost figure stands now: one place, verified, or none."""

from collections.abc import Callable, Sequence
from typing import Any

import pytest
from pydantic import HttpUrl

from connectors.drift.last_seen import LastSeen, Mend
from connectors.drift.mend import mend
from connectors.extraction import Document, Notation
from connectors.extractor import read_now
from connectors.locators import (
    CardLocator,
    ChartLocator,
    EmbeddedLocator,
    HtmlLocator,
    JsonLocator,
    Locator,
    MatomoLocator,
    SeriesLocator,
    TableLocator,
)
from connectors.protocols import PROTOCOLS
from connectors.service import First
from tests.connectors.drift.test_mutations import understand
from tests.connectors.values import document, json_document, metric, page

TILES = """<main><div class="tile"><p class="n">{0}</p><p class="l">Dossiers déposés</p></div>
<div class="tile"><p class="n">{1}</p><p class="l">Agents inscrits</p></div></main>"""
LOST = HtmlLocator(css=".card:first-child .value")


def mended(
    protocol: str,
    locate: Locator,
    seen: str,
    *bodies: Document,
    anchor: str | None = None,
    period: str | None = None,
    **more: Any,
) -> Mend | None:
    spec = page(protocol, locate)
    one = metric(locate, anchor=anchor, **more)
    spec = spec.model_copy(update={"metrics": {**spec.metrics, "a": one}})
    notation: Notation = "json" if protocol == "json" else "french"
    return mend(spec, "a", LastSeen(seen, "", "", notation, period), bodies, understand)


def on_tiles(seen: str, *tonight: str, anchor: str | None = "Dossiers déposés", **more: Any) -> Mend | None:
    return mended("html", LOST, seen, document(TILES.format(*tonight)), anchor=anchor, **more)


def test_the_old_name_leads_to_the_new_place() -> None:
    found = on_tiles("12 400", "12 408", "345")
    assert found
    assert found.locate == HtmlLocator(label="Dossiers déposés", within=".tile", value=".n")
    assert (found.exact, found.anchor) == ("12 408", None)
    assert found.reasons[:2] == ("the same words name it", "its value has grown a little")
    assert 0.8 < found.confidence < 1


@pytest.mark.parametrize(
    ("seen", "tonight", "why"),
    [
        ("12 400", ("11 000", "345"), "a total does not fall"),
        ("12 400", ("900 000", "345"), "nothing grows seventyfold in a night"),
        ("12 400", ("57 %", "345"), "a share is no count"),
        ("12 400", ("ND", "345"), "nothing is printed in its place"),
        ("12 400", ("Chargement", "345"), "no figure at all"),
    ],
)
def test_what_is_not_believable_is_no_mend(seen: str, tonight: tuple[str, str], why: str) -> None:
    assert on_tiles(seen, *tonight) is None, why


def test_bounds_hold_for_a_mend() -> None:
    assert on_tiles("12 400", "12 408", "345", expect={"max": 12_405}) is None


def test_a_new_name_for_the_very_digits_is_a_mend() -> None:
    found = on_tiles("12 408", "12 408", "345", anchor="Demandes reçues")
    assert found
    assert found.reasons[0] == "other words name it"


def test_the_figure_of_another_metric_is_no_mend() -> None:
    body = '<main><div class="tile"><p class="n">345</p><p class="l">Conseillers actifs</p></div></main>'
    lost = metric(HtmlLocator(css=".lost"), anchor="Médiateurs actifs", nature="stock")
    for css in (".tile .n", ".lost"):
        other = metric(HtmlLocator(css=css), anchor="Conseillers actifs", nature="stock")
        spec = page("html", LOST).model_copy(update={"metrics": {"a": lost, "b": other}})
        assert mend(spec, "a", LastSeen("345", "", ""), [document(body)], understand) is None


def test_digits_that_may_stand_there_by_chance_are_no_mend() -> None:
    assert on_tiles("12", "12", "345", anchor="Demandes reçues") is None


def test_two_places_equally_good_are_no_mend() -> None:
    assert on_tiles("12 408", "12 408", "12 408", anchor="Demandes reçues") is None


def test_a_figure_printed_twice_alike_is_one() -> None:
    body = TILES.format("12 408", "345")
    found = mended("html", LOST, "12 400", document(body + body), anchor="Dossiers déposés")
    assert found
    assert found.exact == "12 408"
    other = TILES.format("12 409", "345")
    assert mended("html", LOST, "12 400", document(body + other), anchor="Dossiers déposés") is None


def test_an_attribute_holds_what_a_script_counts_up_to() -> None:
    zero = '0</p><p class="n" data-x="1">'
    body = TILES.format("0", "345").replace('class="n">0', 'class="n" data-target="12408">0')
    found = mended("html", LOST, "12 400", document(body + zero), anchor="Dossiers déposés")
    assert found
    assert isinstance(found.locate, HtmlLocator)
    assert (found.locate.attribute, found.exact) == ("data-target", "12408")


def test_a_number_and_its_scale_in_two_elements_are_read_together() -> None:
    body = "<main><div class=tile><p class=n>2,7</p> <p>millions de dossiers déposés</p></div></main>"
    found = mended("html", LOST, "2,7 millions", document(body), anchor="dossiers déposés")
    assert found
    assert (found.exact, found.anchor) == ("2,7 millions", "dossiers déposés")


@pytest.mark.parametrize("body", ["", "{}", "<p>Connexion</p>", "<div>" * 3000 + "12 408 Dossiers déposés"])
def test_a_body_without_the_figure_gives_nothing(body: str) -> None:
    assert mended("html", LOST, "12 400", document(body), anchor="Dossiers déposés") is None


# -------------------------------------------------------------------------------------- JSON


@pytest.mark.parametrize(
    ("old", "seen", "tonight", "new"),
    [
        ("$.benevoles", "510000", {"nb_benevoles": 510100, "missions": 510}, "$.nb_benevoles"),
        ("$.benevoles", "510000", {"data": {"benevoles": 510100, "missions": 510}}, "$.data.benevoles"),
        ("$.total_companies", "93935", {"companiesTotal": 93935, "wastes": 12}, "$.companiesTotal"),
        ("$.actifs", "51234", {"a": 51234, "b": 7}, "$.a"),
        ("$.n", "51234", {"nombre de dossiers": 51234}, "$['nombre de dossiers']"),
        ("$.benevoles", "510000", {"benevoles": "510 100"}, "$.benevoles"),
    ],
)
def test_a_key_renamed_or_moved_is_found(old: str, seen: str, tonight: object, new: str) -> None:
    found = mended("json", JsonLocator(value=old), seen, json_document(tonight))
    assert found
    assert found.locate == JsonLocator(value=new)


@pytest.mark.parametrize(
    "tonight",
    [
        {},
        [510000],
        {"missions": 510},
        {"nb_benevoles": 510100, "benevoles_nb": 510100},
        {"nb_benevoles": None, "benevoles": True},
        {"benevoles_total": 12},
    ],
)
def test_no_key_or_two_are_no_mend(tonight: object) -> None:
    assert mended("json", JsonLocator(value="$.benevoles"), "510000", json_document(tonight)) is None


def test_rows_that_moved_or_were_renamed_are_found() -> None:
    old = JsonLocator(rows="$[*]", value="$.total", date="$.mois")
    tonight = {"series": [{"mois": "2023-11", "nombre": 12_300}, {"mois": "2023-12", "nombre": 12_408}]}
    found = mended("json", old, "12408", json_document(tonight), period="2023-12")
    assert found
    assert found.locate == JsonLocator(rows="$.series[*]", value="$.nombre", date="$.mois")


def test_rows_named_by_their_dates_are_found_under_another_name() -> None:
    old = JsonLocator(rows="$.parMois[*]", value="$", date="key")
    tonight = {"data": {"months": {"2023-11": 12_300, "2023-12": 12_408}}, "agents": {"2023-12": 7}}
    found = mended("json", old, "12300", json_document(tonight), period="2023-11")
    assert found
    assert found.locate == JsonLocator(rows="$.data.months[*]", value="$", date="key")


def test_below_a_list_a_key_is_found_by_its_name_alone() -> None:
    tonight = {"blocs": [{"titre": "Usages"}, {"nb_benevoles": 510100}]}
    found = mended("json", JsonLocator(value="$.benevoles"), "510000", json_document(tonight))
    assert found
    assert found.locate == JsonLocator(value="$..nb_benevoles")
    twice = {"blocs": [{"nb_benevoles": 510100}, {"nb_benevoles": 12}]}
    assert mended("json", JsonLocator(value="$.benevoles"), "510000", json_document(twice)) is None


def test_a_page_behind_a_first_page_is_mended_on_its_own_body() -> None:
    spec = page(
        "json", JsonLocator(value="$.benevoles"), first=First(url=HttpUrl("https://s.example/"), cookie=True)
    )
    given = [document("<p>Bonjour</p>"), json_document({"nb_benevoles": 510100})]
    found = mend(spec, "a", LastSeen("510000", "", "", "json"), given, understand)
    assert (found and found.locate) == JsonLocator(value="$.nb_benevoles")
    assert mend(spec, "a", LastSeen("510000", "", "", "json"), given[:1], understand) is None


# -------------------------------------------------------------------------------------- tables

CSV = """Période;Région;Demandes déposées;Demandes en cours
2023-11;Bretagne;12300;45
2023-12;Bretagne;12408;51
2023-11;Corse;98;3
"""
ROWS = TableLocator(column="Dossiers déposés", date="Mois", where={"Région": "Bretagne"})


@pytest.mark.parametrize(
    ("csv", "seen", "new"),
    [
        (CSV, "12300", {"column": "Demandes déposées", "date": "Période"}),
        (CSV.replace("Bretagne", "Région Bretagne"), "12300",
         {"column": "Demandes déposées", "date": "Période", "where": {"Région": "Région Bretagne"}}),
        (CSV.replace("Région;", "Territoire;"), "12300",
         {"column": "Demandes déposées", "date": "Période", "where": {"Territoire": "Bretagne"}}),
        (CSV.replace("Demandes déposées", "Dossiers déposés"), "12300", {"date": "Période"}),
        (CSV, "12999", None),  # what was known of November is not what the table says
        (CSV.replace("en cours", "déposées bis").replace(";45", ";12300"), "12300", None),  # two alike
        (CSV.replace("12300", "ND"), "12300", None),
        ("<html><body>Connexion</body></html>", "12300", None),
    ],
)  # fmt: skip
def test_a_column_renamed_is_found_by_what_was_known_of_a_past_month(
    csv: str, seen: str, new: dict[str, Any] | None
) -> None:
    found = mended("table", ROWS, seen, document(csv, "text/csv"), period="2023-11", nature="stock")
    assert (found.locate if found else None) == (ROWS.model_copy(update=new) if new else None)


def test_an_indicator_of_the_national_schema_is_found_under_its_new_name() -> None:
    head = "indicateur,valeur,unite_mesure,est_cible,date,est_periode\n"
    rows = "Dossiers déposés (total),12300,dossier,0,2023-12-31,0\nAgents,12,agent,0,2023-12-31,0\n"
    old = TableLocator(value="Dossiers déposés")
    found = mended("table", old, "12300", document(head + rows, "text/csv"), period="2023-12-31")
    assert (found and found.locate) == old.model_copy(update={"value": "Dossiers déposés (total)"})


# ------------------------------------------------------------------------------ Matomo, Embedded

EVENTS = {"2023-11": [{"label": "Recherche%20lanc%C3%A9e", "nb_events": 9120},
                      {"label": "Export", "nb_events": 12}]}  # fmt: skip


@pytest.mark.parametrize(
    ("label", "seen", "new"),
    [("Recherche", "9120", "Recherche lancée"), ("Recherche", "4000", None), ("Partage", "12", None)],
)
def test_an_event_is_found_under_its_new_label(label: str, seen: str, new: str | None) -> None:
    old = MatomoLocator(value="nb_events", event="category", label=label)
    spec = page("matomo", old, url="https://stats.example/index.php?idSite=3")
    answer = json_document(EVENTS, PROTOCOLS["matomo"].address(spec))
    found = mend(spec, "a", LastSeen(seen, "", "", "json", "2023-11"), [answer], understand)
    assert (found.locate if found else None) == (old.model_copy(update={"label": new}) if new else None)


def test_a_site_of_matomo_that_moved_is_an_error_and_has_no_mend() -> None:
    moved = {"result": "error", "message": "The website id 3 does not exist"}
    spec = page("matomo", MatomoLocator(value="nb_visits"), url="https://stats.example/index.php?idSite=3")
    answer = json_document(moved, PROTOCOLS["matomo"].address(spec))
    [absence] = read_now("s", spec, [answer]).absences
    assert (absence.reason, "if they moved, mend the URL" in absence.advice) == ("refused", True)
    assert mend(spec, "a", LastSeen("9120", "", "", "json", "2023-11"), [answer], understand) is None


CHART = """<script>new Chartkick["LineChart"]("c", [{{"name": "{}", "data": [["2023-11", 12300],
["2023-12", 12408]]}}, {{"name": "Agents", "data": [["2023-11", 7], ["2023-12", 8]]}}])</script>"""
STATE = '<script id="__NEXT_DATA__" type="application/json">{"props": {"chiffres": {"%s": 12300}}}</script>'


@pytest.mark.parametrize(
    ("old", "body", "period", "new"),
    [
        ({"source": "chartkick", "series": "Dossiers déposés", "date": True},
         CHART.format("Demandes déposées"), "2023-11",
         {"source": "chartkick", "series": "Demandes déposées", "date": True}),
        ({"source": "chart_js", "series": "Dossiers", "date": True}, CHART.format("Dossiers"), "2023-11",
         {"source": "chartkick", "series": "Dossiers", "date": True}),
        ({"source": "chartkick", "series": "Dossiers", "date": True}, CHART.format("Coûts"), "2023-10",
         None),
        ({"source": "next_data", "path": "$.props.dossiers"}, STATE % "nbDossiers", None,
         {"source": "next_data", "path": "$.props.chiffres.nbDossiers"}),
        ({"source": "nuxt", "path": "$.dossiers"}, STATE % "dossiers", None,
         {"source": "next_data", "path": "$.props.chiffres.dossiers"}),
        ({"source": "next_data", "path": "$.props.dossiers"}, STATE.replace("12300", "77") % "version", None,
         None),
    ],
)  # fmt: skip
def test_data_of_another_name_or_carried_in_another_way_are_found(
    old: dict[str, Any], body: str, period: str | None, new: dict[str, Any] | None
) -> None:
    found = mended("embedded", EmbeddedLocator(**old), "12300", document(body), period=period, nature="stock")
    assert (found.locate if found else None) == (EmbeddedLocator(**new) if new else None)


# --------------------------------------------------------------------------- Metabase, Superset

UUID = "8c6560e3-c27a-487b-b242-eb1636912f1a"
DASHBOARD = f"https://stats.example/public/dashboard/{UUID}"
Board = Callable[..., Callable[[str], Document]]


def board(titles: Sequence[str], value: object = 190_100, column: str = "n") -> Callable[[str], Document]:
    """A dashboard of Metabase whose every card gives one figure."""
    cards = [{"id": rank, "card_id": rank, "card": {"name": title}} for rank, title in enumerate(titles, 1)]
    columns = [{"name": each, "display_name": each} for each in (column, "z")]
    data = {"status": "completed", "data": {"cols": columns, "rows": [[value, "x"]]}}
    return lambda url: json_document(data if "/card/" in url else {"dashcards": cards}, url)


def charts(titles: Sequence[str], value: object = 190_100, column: str = "n") -> Callable[[str], Document]:
    """A dashboard of Superset whose every chart gives one figure."""
    listed = [{"id": rank, "slice_name": title} for rank, title in enumerate(titles, 1)]
    data = [{"status": "success", "data": [{column: value}], "colnames": [column], "coltypes": [0]}]
    return lambda url: json_document({"result": data if "/data/" in url else listed}, url)


def asked(protocol: str, locate: Locator, answers: Callable[[str], Document]) -> Mend | None:
    """The mend of a card's locator, from the documents that a night asks for."""
    url = DASHBOARD if protocol == "metabase" else "https://superset.example/superset/dashboard/12/"
    spec = page(protocol, locate, url=url)
    given = [answers(PROTOCOLS[protocol].address(spec))]
    given += [answers(url) for url in PROTOCOLS[protocol].follow(spec, given)]
    return mend(spec, "a", LastSeen("190000", "", "", "json"), given, understand)


of_each_kind = pytest.mark.parametrize(
    ("protocol", "dashboard", "locate", "key"),
    [
        ("metabase", board, CardLocator(card="Utilisateurs actifs", column="Total agents"), "card"),
        ("superset", charts, ChartLocator(chart="Utilisateurs actifs", column="Total agents"), "chart"),
    ],
)


@pytest.mark.parametrize(
    ("titles", "value", "new"),
    [
        (("Nombre total d'utilisateurs actifs", "Messages"), 190_100, "Nombre total d'utilisateurs actifs"),
        (("Utilisateurs actifs (30 jours)", "Messages"), 190_100, "Utilisateurs actifs (30 jours)"),
        (("Utilisateurs actifs (30 jours)", "Messages"), 80_000, None),
        (("Messages", "Coût"), 190_000, None),
        (("Utilisateurs actifs - Paris", "Utilisateurs actifs - Lyon"), 190_000, None),
        (("Nos utilisateurs actifs", "Nos utilisateurs actifs"), 190_000, None),
    ],
)
@of_each_kind
def test_the_nearest_title_is_asked_for_and_its_figure_compared(
    protocol: str,
    dashboard: Board,
    locate: CardLocator | ChartLocator,
    key: str,
    titles: tuple[str, ...],
    value: int,
    new: str | None,
) -> None:
    found = asked(protocol, locate, dashboard(titles, value, "Total agents"))
    assert (found.locate if found else None) == (locate.model_copy(update={key: new}) if new else None)


@of_each_kind
def test_a_column_of_a_result_is_found_under_its_new_name(
    protocol: str, dashboard: Board, locate: CardLocator | ChartLocator, key: str
) -> None:
    found = asked(protocol, locate, dashboard([getattr(locate, key)], 190_000, "Agents (total)"))
    assert (found and found.locate) == locate.model_copy(update={"column": "Agents (total)"})
    assert asked(protocol, locate, dashboard([getattr(locate, key)], 80_000, "Agents (total)")) is None


def test_a_figure_typed_into_a_text_card_is_found_under_its_new_title() -> None:
    typed = {"id": 1, "card_id": None, "visualization_settings": {"text": "Agents actifs : 190 000"}}
    answers = json_document({"dashcards": [typed]}, DASHBOARD)
    found = asked("metabase", CardLocator(card="Agents"), lambda url: answers)
    assert (found and found.locate) == CardLocator(card="Agents actifs")


# --------------------------------------------------------------------------------------- dates

DATED = '<main><div><p class="n">12 408</p><p>Dossiers déposés</p></div></main><footer>{}</footer>'
PATTERN = r"le (?P<figure>\d{2}/\d{2}/\d{4})"


@pytest.mark.parametrize(
    ("old", "footer", "new"),
    [
        ({"css": "#maj", "pattern": PATTERN}, "Mis à jour le 01/12/2023", "01/12/2023"),
        ({"css": "#maj"}, "Chiffres arrêtés au 30/11/2023.", "30/11/2023"),
        ({"css": "#maj"}, "Chiffres du 30/11/2023, mentions légales du 01/02/2020.", "30/11/2023"),
        ({"css": "#maj"}, "Chiffres du 30/11/2023, prochaine mise à jour le 31/12/2023.", None),
        ({"css": "#maj"}, "Mentions légales du 01/02/2020", None),
        ({"css": "#maj"}, "Rendez-vous le 01/02/2029", None),
        ({"css": "#maj"}, "décembre 2023", None),
    ],
)
def test_the_date_of_a_page_is_found_where_it_stands_now(
    old: dict[str, str], footer: str, new: str | None
) -> None:
    spec = page("html", HtmlLocator(css=".n"), dated=HtmlLocator(**old))
    one = metric(HtmlLocator(css=".n"), anchor="Dossiers déposés")
    spec = spec.model_copy(update={"metrics": {"a": one}})
    body = document(DATED.format(footer))
    found = mend(spec, "a", LastSeen("12 300", "", "", "french", "30/11/2023"), [body], understand)
    assert bool(found) == bool(new)
    if found:
        assert found.key == "dated"
        again = read_now("s", spec.model_copy(update={"dated": found.locate}), [body])
        assert [(each.exact, each.period_text) for each in again.extractions] == [("12 408", new)]


@pytest.mark.parametrize(
    ("tonight", "new"),
    [
        ({"n": 12408, "notes": {"chiffresAu": "Au 30 juin 2024"}}, "$.notes.chiffresAu"),
        ({"n": 12408, "a": "Au 30 juin 2024", "b": "Au 1er mars 2024"}, None),
        ({"n": 12408, "a": "Au 30 juin 2020"}, None),
    ],
)
def test_the_date_of_a_json_body_is_found_under_another_name(
    tonight: dict[str, object], new: str | None
) -> None:
    spec = page("json", JsonLocator(value="$.n"), dated=JsonLocator(value="$.notes.au"))
    seen = LastSeen("12300", "", "", "json", "Au 1er janvier 2024")
    found = mend(spec, "a", seen, [json_document(tonight)], understand)
    assert (found.locate if found else None) == (JsonLocator(value=new) if new else None)


def test_a_figure_that_moved_with_its_date_has_no_mend_of_the_date() -> None:
    spec = page("html", HtmlLocator(css=".lost"), dated=HtmlLocator(css="#maj"))
    seen = LastSeen("12 300", "", "", "french", "30/11/2023")
    assert mend(spec, "a", seen, [document(DATED.format("le 30/11/2023"))], understand) is None


def test_another_protocol_is_not_mended() -> None:
    assert mended("stats_json", SeriesLocator(), "12", json_document({"stats": []})) is None
