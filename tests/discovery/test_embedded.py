"""Data that a page carries for its scripts: which of them are proposed, and where they are found again."""

import hashlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.discovery.leaves import leaves
from connectors.discovery.periods import latest, when
from connectors.discovery.proposals import propose
from connectors.discovery.trackers import tracker, visits_address
from connectors.extraction import Document
from connectors.text.json_text import query

NEXT = '<div id="__next"></div><script id="__NEXT_DATA__" type="application/json">%s</script>'
LD = '<div id="app"></div><script type="application/ld+json">%s</script>'
CHART = "<main><h2>Visites</h2>%s</main>"

Figures = dict[str, tuple[str, dict[str, object]]]


def found(text: str) -> Figures:
    """Of each proposal, by its label, the characters and the locator."""
    content = text.encode()
    page = Document("https://s.example/stats", "text/html", content, hashlib.sha256(content).hexdigest())
    return {
        each.label: (each.exact, each.locator.model_dump(exclude_defaults=True)) for each in propose(page)
    }


@pytest.mark.parametrize(
    ("page", "label", "exact", "locator"),
    [
        (
            CHART % '<p id=c></p><script>new Chartkick.Line("c", [["2024-02",7],["2024-01",9]])</script>',
            "Visites", "7", {"source": "chartkick", "date": True},
        ),
        (
            CHART % '<script>new Chart("c", {data: {labels: ["2024-01", "2024-02"],'
            ' datasets: [{label: "Pages", data: [1, 2]}]}})</script>',
            "Pages", "2", {"source": "chart_js", "date": True},
        ),
        (
            CHART % '<script>Plotly.newPlot("g", [{"x": ["2024-01"], "y": [5], "name": "Pages"}])</script>',
            "Pages", "5", {"source": "plotly", "date": True},
        ),
        (
            CHART % """<line-chart x='[["2024-01","2024-02"]]' y='[[5,6]]' name='["Pages"]'></line-chart>""",
            "Visites, Pages", "6", {"source": "dsfr_chart", "date": True},
        ),
        (
            CHART % """<p data-months='["2024-01","2024-02"]' data-series='[{"name":"TPE","data":[3,4]},"""
            """{"name":"PME","data":[5,8]}]'></p>""",
            "Visites, PME", "8", {"source": "data_series", "series": "PME", "date": True},
        ),
        (
            CHART % "<table><caption>Visites par mois</caption><tr><th>Mois</th><th>Visites</th></tr>"
            "<tr><td>janv. 2024</td><td>1 204</td></tr><tr><td>févr. 2024</td><td>1 330</td></tr></table>",
            "Visites par mois", "1 330", {"source": "table", "date": True},
        ),
        (
            NEXT % '{"a": [{"b": {"nbVues": 81234}}], "buildId": "x"}',
            "b nb vues", "81234", {"source": "next_data", "path": "$..['nbVues']"},
        ),
        (
            NEXT % '{"figures": [{"label": "Aidants", "value": "12 480"}, {"label": "Avis", "value": 9}]}',
            "Aidants", "12 480",
            {"source": "next_data", "path": "$['figures'][?@['label']=='Aidants']['value']"},
        ),
        (
            NEXT % '{"chart": [{"date": "2024-02-01", "nb": 5}, {"date": "2024-01-01", "nb": 9}]}',
            "chart nb", "5",
            {"source": "next_data", "rows": "$['chart'][*]", "path": "$['nb']", "date": "$['date']"},
        ),
        (
            '<div id="app"></div><script>window.__NUXT__={data:[{accounts:912}]}</script>',
            "data accounts", "912", {"source": "nuxt", "path": "$..['accounts']"},
        ),
        (
            '<script>self.__next_f.push([1,"7:[\\"$\\",\\"p\\",null,{\\"nbDossiers\\":74}]\\n"])</script>',
            "7 nb dossiers", "74", {"source": "next_flight", "path": "$..['nbDossiers']"},
        ),
        (
            LD % '{"variableMeasured": [{"name": "Arbres", "value": 64210}]}',
            "Arbres", "64210",
            {"source": "ld_json", "path": "$['variableMeasured'][?@['name']=='Arbres']['value']"},
        ),
        (
            '<div id="app"></div><script>window.__STATS__ = {"total_users": 4501}</script>',
            "total users", "4501", {"source": "variable", "chart": "__STATS__", "path": "$['total_users']"},
        ),
    ],
)  # fmt: skip
def test_data_for_scripts_are_proposed(page: str, label: str, exact: str, locator: dict[str, object]) -> None:
    assert found(page)[label] == (exact, locator)


@pytest.mark.parametrize(
    "page",
    [
        NEXT % '{"pagination": {"total": 40}, "menu": [{"label": "Aide", "count": 3}], "unreadCount": 2}',
        NEXT % '{"page": 3, "width": 1280, "updatedAt": 1700000000, "statusCode": 200, "id": 7}',
        '<div id="app"></div><script>var config = {"count": 3}</script>',
        LD % '{"aggregateRating": {"ratingCount": 210}, "offers": {"price": 9}}',
        '<p></p><script>new Chart(c, {data: {labels: ["mars", "mai"], datasets: [{data: [1, 2]}]}})</script>',
    ],
)  # fmt: skip
def test_what_a_state_keeps_for_itself_is_not_proposed(page: str) -> None:
    assert found(page) == {}


def test_categories_are_proposed_only_where_nothing_else_is() -> None:
    pie = '<script>new Chartkick.PieChart("p", [["CDI", 812], ["CDD", 430]])</script>'
    assert {exact for exact, _ in found(CHART % pie).values()} == {"812", "430"}
    shown = "<p class='number'>12 840</p><p>dossiers déposés</p>"
    assert {exact for exact, _ in found(CHART % (shown + pie)).values()} == {"12 840"}


def test_a_chart_and_the_table_under_it_are_one_series() -> None:
    page = """<p data-months='["2024-01","2024-02"]' data-series='[{"name":"TPE","data":[3,4]}]'></p><table>
    <tr><th>Mois</th><th>TPE</th></tr><tr><th>2024-01</th><th>3</th></tr><tr><th>2024-02</th><th>4</th></tr></table>"""
    assert [exact for exact, _ in found(CHART % page).values()] == ["4"]


# ------------------------------------------------------------------------------- periods


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2024", (2024, 0, 0)),
        ("2024-02", (2024, 2, 0)),
        ("2024-02-03T00:00:00Z", (2024, 2, 3)),
        ("03/02/2024", (2024, 2, 3)),
        ("02/2024", (2024, 2, 0)),
        ("févr. 2024", (2024, 2, 0)),
        ("1er août 2024", (2024, 8, 1)),
        ("juil. 24", (2024, 7, 0)),
        ("T3 2024", (2024, 9, 0)),
        ("2024-S1", (2024, 6, 0)),
        ("1704067200", (2024, 1, 1)),
        ("janv.", None),
        ("Bretagne", None),
        ("13/2024", None),
        ("", None),
        (None, None),
    ],
)
def test_a_period_is_read_whatever_its_form(text: str | None, day: tuple[int, int, int] | None) -> None:
    assert when(text) == day


def test_the_latest_is_by_date_and_unknown_where_a_date_is_missing() -> None:
    assert latest(["févr. 2024", "janv. 2025", "mars 2024"]) == 1
    assert latest(["2024", "demain"]) is None
    assert latest([]) is None


@given(st.text(max_size=40))
def test_any_text_is_a_period_or_none(text: str) -> None:
    day = when(text)
    assert day is None or 0 <= day[1] <= 12


# --------------------------------------------------------------------------------- leaves

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["nb", "total", "label", "value", "date", "a'b"]), inner, max_size=4
        )
    ),
    max_leaves=20,
)


@given(VALUES)
def test_every_leaf_is_found_again_by_its_query(value: object) -> None:
    plain = json.loads(json.dumps(value))
    for leaf in leaves(plain):
        place = leaf.locator.rows or leaf.locator.value
        nodes = query(place, plain)
        assert nodes
        if not leaf.locator.rows and len(nodes) == 1:
            assert nodes[0].value == leaf.value


# ------------------------------------------------------------------------------- trackers

PUSH = "_paq.push"


@pytest.mark.parametrize(
    ("script", "site"),
    [
        (
            f"var u='//m.example/a/'; {PUSH}(['setTrackerUrl', u+'m.php']); {PUSH}(['setSiteId', '87'])",
            "https://m.example/a/index.php?idSite=87",
        ),
        (
            f"var u=(a ? 'x' : y) + '://m.fr/'; {PUSH}(['setTrackerUrl', u]); {PUSH}(['setSiteId', 4])",
            "https://m.fr/index.php?idSite=4",
        ),
        (
            "<img src='https://m.example/matomo.php?idsite=12&amp;rec=1'>",
            "https://m.example/index.php?idSite=12",
        ),
        ("_paq.push(['setSiteId', 4])", None),
        ("_paq.push(['setTrackerUrl', '//m.example/matomo.php'])", None),
    ],
)
def test_a_tracker_names_its_site(script: str, site: str | None) -> None:
    assert tracker(script, "https://s.example/") == site


def test_an_address_that_names_no_site_asks_nothing() -> None:
    assert visits_address("https://m.example/index.php?idSite=9") is not None
    assert visits_address("no address") is None
