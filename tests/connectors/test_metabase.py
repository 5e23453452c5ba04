"""Figures of a Metabase public dashboard, from answers shaped like its public API's."""

from collections.abc import Sequence
from typing import Any

import pytest

from connectors.extraction import Document
from connectors.locators import CardLocator
from connectors.protocols import metabase
from connectors.service import Page
from tests.connectors.values import document, json_document, page, told

UUID = "8c6560e3-c27a-487b-b242-eb1636912f1a"
ROOT = f"https://stats.example/metabase/api/public/dashboard/{UUID}"

DASHCARDS = [
    {"id": 1, "card_id": 10, "card": {"name": "Utilisateurs\u00a0actifs :"}, "visualization_settings": {}},
    {
        "id": 2,
        "card_id": 20,
        "card": {"name": "q2"},
        "visualization_settings": {"card.title": "Messages par mois"},
    },
    {"id": 3, "card_id": None, "card": {"name": None}, "visualization_settings": {"text": "Dossiers : 12"}},
    {"id": 4, "card_id": 40, "card": {"name": "Satisfaction"}},
    {"id": 5, "card_id": 40, "card": {"name": "Satisfaction"}},
]


def dashboard(dashcards: object = DASHCARDS, key: str = "dashcards") -> Document:
    return json_document({"name": "Statistiques", key: dashcards}, ROOT)


def answer(path: str, columns: Sequence[str], rows: object, **more: Any) -> Document:
    named = [{"name": name, "display_name": name.title(), "base_type": kind(name)} for name in columns]
    return json_document({"data": {"cols": named, "rows": rows}, "status": "completed", **more}, ROOT + path)


def kind(column: str) -> str:
    return "type/DateTime" if column == "mois" else "type/Text" if column == "texte" else "type/Integer"


def spec(*locators: CardLocator, path: str = "metabase/", query: str = "") -> Page:
    return page("metabase", *locators, url=f"https://stats.example/{path}public/dashboard/{UUID}{query}")


ACTIVE = CardLocator(card="Utilisateurs actifs")
MONTHLY = CardLocator(card="Messages par mois", date="mois")


def read_one(locate: CardLocator, *documents: Document) -> str:
    return told(metabase.read("s", spec(locate), [dashboard(), *documents]))["a"]


@pytest.mark.parametrize(
    ("path", "query", "expected"),
    [
        ("", "", f"https://stats.example/api/public/dashboard/{UUID}"),
        ("metabase/", "?tab=16-chiffres", ROOT),
        ("", "/?instance=&domaine=#titled=false", f"https://stats.example/api/public/dashboard/{UUID}"),
    ],
)
def test_the_api_is_found_from_the_address_people_see(path: str, query: str, expected: str) -> None:
    assert metabase.address(spec(ACTIVE, path=path, query=query)) == expected


def test_another_address_is_that_of_a_page_that_embeds_it() -> None:
    url = "https://stats.example/stats"
    assert metabase.address(page("metabase", ACTIVE, url=url)) == url


@pytest.mark.parametrize("key", ["dashcards", "ordered_cards"])
def test_each_card_named_is_followed_once(key: str) -> None:
    two = spec(ACTIVE, MONTHLY, CardLocator(card="Utilisateurs actifs"), CardLocator(card="Satisfaction"))
    first = ROOT + "/dashcard/1/card/10"
    assert metabase.follow(two, []) == ()
    assert metabase.follow(two, [dashboard(key=key)])[:2] == (first, ROOT + "/dashcard/2/card/20")
    assert first not in metabase.follow(
        two, [dashboard(key=key), json_document({}, first + "?parameters=[]")]
    )


def test_a_card_that_is_not_there_is_not_followed() -> None:
    assert metabase.follow(spec(CardLocator(card="Dossiers")), [dashboard()]) == ()


def test_an_ambiguous_title_is_not_followed() -> None:
    assert metabase.follow(spec(CardLocator(card="Satisfaction")), [dashboard()]) == ()


def test_a_scalar_card_is_read() -> None:
    result = answer("/dashcard/1/card/10", ["n"], [[190000]])
    (it,) = metabase.read("tchap", spec(ACTIVE), [dashboard(), result]).extractions
    assert (it.exact, it.notation, it.locator) == ("190000", "json", "$['data']['rows'][0][0]")
    assert (it.locator_kind, it.body_sha256, it.reader) == ("jsonpath", result.sha256, "metabase/1")
    assert result.content.decode()[it.start : it.end] == "190000"


def test_a_series_is_read_row_by_row() -> None:
    result = answer(
        "/dashcard/2/card/20", ["mois", "n"], [["2023-11-01T00:00:00+01:00", 5], ["2023-12", "1 234"]]
    )
    reading = metabase.read("tchap", spec(MONTHLY), [dashboard(), result])
    assert [(each.exact, each.period_text, each.notation) for each in reading.extractions] == [
        ("5", "2023-11-01T00:00:00+01:00", "json"),
        ("1 234", "2023-12", "french"),
    ]
    assert not reading.absences


def test_a_series_that_metabase_cut_says_so() -> None:
    result = json_document(
        {
            "status": "completed",
            "data": {
                "cols": [{"name": "mois"}, {"name": "n"}],
                "rows": [["2023-12", 1]],
                "rows_truncated": 2000,
            },
        },
        ROOT + "/dashcard/2/card/20",
    )
    reading = metabase.read("tchap", spec(MONTHLY), [dashboard(), result])
    assert [each.exact for each in reading.extractions] == ["1"]
    assert [each.sentence for each in reading.absences] == ["Metabase cut the result after 1 rows"]


@pytest.mark.parametrize(
    ("column", "columns", "row", "expected"),
    [
        (None, ["texte", "n"], ["a", 12], "12"),
        (None, ["texte"], ["12 345"], "12 345"),
        ("n", ["m", "n"], [11, 12], "12"),
        ("Total", ["total", "n"], [11, 12], "11"),
        (None, ["m", "n"], [11, 12], "ambiguous: 2 places match a numeric column among 'M', 'N'"),
        ("x", ["m", "n"], [11, 12], "not_found: nothing matches the column 'x' among 'M', 'N'"),
        (None, ["n"], [None], "empty: $['data']['rows'][0][0] is null"),
    ],
)
def test_the_column_is_the_one_named_or_the_only_numeric_one(
    column: str | None, columns: list[str], row: list[object], expected: str
) -> None:
    locate = CardLocator(card="Utilisateurs actifs", column=column)
    assert read_one(locate, answer("/dashcard/1/card/10", columns, [row])) == expected


@pytest.mark.parametrize(
    ("result", "expected"),
    [
        (answer("/x", ["n"], []), "empty: the card 'Utilisateurs actifs' gives no row"),
        (
            answer("/x", ["n"], [[1], [2]]),
            "ambiguous: the card 'Utilisateurs actifs' gives 2 rows: name its date column",
        ),
        (
            json_document({"status": "failed", "error": "Your query took too long"}),
            "empty: Metabase could not run the query: Your query took too long",
        ),
        (json_document({"data": {}}), "empty: Metabase could not run the query: no status"),
        (json_document([]), "empty: Metabase could not run the query: no status"),
        (
            answer("/x", ["n"], [[1, 2]]),
            "wrong_format: the result of the card is not a table of columns and rows",
        ),
        (answer("/x", ["n"], 3), "wrong_format: the result of the card is not a table of columns and rows"),
        (
            document("An error occurred."),
            "wrong_format: the body is not JSON: Expecting value: line 1 column 1 (char 0)",
        ),
    ],
)
def test_a_result_that_is_no_figure_has_its_reason(result: Document, expected: str) -> None:
    moved = Document(ROOT + "/dashcard/1/card/10", result.content_type, result.content, result.sha256)
    assert read_one(ACTIVE, moved) == expected


def test_a_result_that_was_not_received_is_empty() -> None:
    expected = "empty: the card 'Utilisateurs actifs' is on the dashboard, but its result was not received"
    assert read_one(ACTIVE) == expected


def test_a_missing_card_tells_the_titles_that_are_there() -> None:
    there = "'Utilisateurs actifs', 'Messages par mois', 'Satisfaction', 'Satisfaction'"
    expected = f"not_found: no card is entitled 'Retours'; the dashboard has: {there}"
    assert read_one(CardLocator(card="Retours")) == expected


def test_a_title_twice_is_ambiguous() -> None:
    assert (
        read_one(CardLocator(card="Satisfaction"))
        == "ambiguous: 2 places match the card title 'Satisfaction'"
    )


@pytest.mark.parametrize(
    "body", [json_document({}), json_document([1]), json_document({"dashcards": {"a": 1}})]
)
def test_an_answer_that_is_no_dashboard_is_a_wrong_format(body: Document) -> None:
    expected = "wrong_format: the answer is not a Metabase dashboard: it has no list of cards"
    assert told(metabase.read("s", spec(ACTIVE, MONTHLY), [body])) == {"a": expected, "b": expected}


def test_a_login_page_instead_of_a_dashboard() -> None:
    reading = metabase.read("s", spec(ACTIVE), [document("<!doctype html><title>Metabase</title>")])
    assert told(reading)["a"].startswith("not_a_statistics_page")


def test_dashcards_of_any_shape_do_no_harm() -> None:
    odd: list[object] = [
        None,
        3,
        {},
        {"id": "1", "card_id": 1},
        {"id": 9, "card_id": 9, "card": []},
        *DASHCARDS,
    ]
    assert metabase.follow(spec(ACTIVE), [dashboard(odd)]) == (ROOT + "/dashcard/1/card/10",)
