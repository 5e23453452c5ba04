"""Every way in which a service shows a Metabase dashboard or question, from golden bodies."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from connectors.errors import Gone
from connectors.extraction import Document, Reading
from connectors.extractor import Extractor, read_now
from connectors.fetcher import Fetcher
from connectors.fetching.manners import Manners
from connectors.locators import CardLocator
from connectors.metabase.address import shown_on
from connectors.protocols import metabase
from connectors.service import Page
from tests.connectors.values import document, json_document, page, told
from tests.tools.server import Site, answer
from warehouse.normalisation.numbers import read
from warehouse.normalisation.periods import read_period

BODIES = Path(__file__).with_name("bodies") / "metabase"
UUID = "2084d346-8e3b-495e-9b10-b4870a35632a"
API = f"https://stats.example/api/public/dashboard/{UUID}"
TOKEN = "eyJhbGciOiJIUzI1NiJ9.eyJyZXNvdXJjZSI6eyJkYXNoYm9hcmQiOjIzNn19.c2lnbmF0dXJl"
GUEST = "eyJhbGciOiJIUzI1NiJ9.eyJyZXNvdXJjZSI6eyJkYXNoYm9hcmQiOjE4fX0.c2lnbmF0dXJl"
QUESTION = "eyJhbGciOiJIUzI1NiJ9.eyJyZXNvdXJjZSI6eyJxdWVzdGlvbiI6M319.c2lnbmF0dXJl"
CONTRACTS, OFFERS = "19e1b709-f955-415b-8212-4e085569810c", "882fcfcc-8020-4387-9ab1-0180f5dd38b4"

CARDS = {
    "/dashcard/10/card/413": "months.json",
    "/dashcard/11/card/445": "progress.json",
    "/dashcard/12/card/446": "smartscalar.json",
    "/dashcard/13/card/447": "regions.json",
    "/dashcard/14/card/448": "formatted.json",
    "/dashcard/15/card/449": "failed.json",
}
DASHBOARD = {API: "dashboard.json"} | {API + path: name for path, name in CARDS.items()}
EMBEDDING = "https://service.example/stats"


def saved(name: str, url: str) -> Document:
    return document((BODIES / name).read_bytes(), url=url)


def visited(asked: Page, files: Mapping[str, str]) -> list[Document]:
    """The documents of a page, asked for as a night does; an address without a file is not there."""
    given: list[Document] = []
    wanted: tuple[str, ...] = (metabase.address(asked),)
    while wanted:
        given += [saved(files[url], url) for url in wanted]
        wanted = metabase.follow(asked, given)
    return given


def reading_of(files: Mapping[str, str], url: str, *locates: CardLocator) -> Reading:
    asked = page("metabase", *locates, url=url)
    return read_now("s", asked, visited(asked, files))


def on_dashboard(**locate: Any) -> Reading:
    return reading_of(DASHBOARD, f"https://stats.example/public/dashboard/{UUID}", CardLocator(**locate))


# ------------------------------------------------------------------------------ results


@pytest.mark.parametrize(
    ("locate", "expected"),
    [
        ({"card": "Part traitée"}, ["0.93 · None"]),
        ({"card": "Accords signés", "date": True}, ["41207 · 2023-11", "43990 · 2023-12"]),
        ({"card": "Accords signés", "date": True, "column": "Somme affichée"},
         ["41 207 · 2023-11", "43 990 · 2023-12"]),
        ({"card": "Accords signés", "date": ["Mois", "Created At: Month"], "column": ["Somme", "sum"]},
         ["41207 · 2023-11", "43990 · 2023-12"]),
        ({"card": "Accords signés"},
         ["ambiguous: the card 'Accords signés' gives 2 rows: name its date column"]),
        ({"card": "Par région", "where": {"Région": "Corse"}, "column": "Lieux"}, ["98 · None"]),
        ({"card": "Par région", "where": {"Région": "Alsace"}, "column": "Lieux"},
         ["not_found: no row of the card 'Par région' has {'Région': 'Alsace'}"]),
        ({"card": "Par région", "date": True},
         ["not_found: nothing matches a column of dates among 'Région', 'Lieux', 'Part'"]),
        ({"card": "Total mis en forme"},
         ["ambiguous: the whole number '12,345' is formatted with a mark that may be a decimal one"]),
        ({"card": "En panne"},
         ["empty: Metabase could not run the query: An error occurred while running the query."]),
    ],
)  # fmt: skip
def test_a_card_is_read_as_it_is_shown(locate: dict[str, Any], expected: list[str]) -> None:
    reading = on_dashboard(**locate)
    figures = [f"{it.exact} · {it.period_text}" for it in reading.extractions]
    assert figures + [f"{each.reason}: {each.sentence}" for each in reading.absences] == expected
    assert all(read(it.exact, notation=it.notation).value is not None for it in reading.extractions)
    assert all(read_period(it.period_text) for it in reading.extractions if it.period_text)


def test_a_month_twice_is_one_and_a_month_with_two_figures_is_none() -> None:
    reading = on_dashboard(card="Trajets par mois", date=True)
    assert [it.exact for it in reading.extractions] == ["700100", "812044"]
    assert [each.reason for each in reading.absences] == ["ambiguous"]
    assert "2023-12-01" in reading.absences[0].sentence


# -------------------------------------------------------------------------- typed by hand


@pytest.mark.parametrize(
    ("locate", "expected"),
    [
        ({"card": "Opérateurs"}, "150+"),
        ({"card": "Coût unitaire", "pattern": r"Coût unitaire : (?P<figure>[\d,]+ €)"}, "0,0542 €"),
        ({"card": "Satisfaction", "pattern": r"Satisfaction : (?P<figure>\S+ /10)"}, "8,31\u00a0/10"),
        ({"pattern": r"Depuis 2019, \*\*(?P<figure>[\d ]+)\*\* trajets"}, "11\u202f578\u202f170"),
    ],
)
def test_a_figure_typed_by_hand_is_marked_as_such(locate: dict[str, Any], expected: str) -> None:
    (it,) = on_dashboard(**locate).extractions
    assert it.exact == expected
    assert it.locator.startswith("$['dashcards'][")
    assert it.locator.endswith("['visualization_settings']['text'] (typed by hand)")
    body = (BODIES / "dashboard.json").read_text("utf-8")
    assert json.loads(f'"{body[it.start : it.end]}"') == expected
    assert body.startswith(it.prefix + body[it.start : it.end] + it.suffix, it.start - len(it.prefix))


@pytest.mark.parametrize(
    ("locate", "reason"),
    [
        ({"card": "Coût unitaire"}, "ambiguous"),
        ({"card": "Le service en chiffres"}, "not_found"),
        ({"pattern": r"(?P<figure>\d+) chevaux"}, "not_found"),
        ({"pattern": r"(?P<figure>\d)"}, "ambiguous"),
    ],
)
def test_a_text_without_one_figure_has_its_reason(locate: dict[str, Any], reason: str) -> None:
    assert [each.reason for each in on_dashboard(**locate).absences] == [reason]


# ------------------------------------------------------------------------------ embedded


def test_a_public_question_is_one_request() -> None:
    url = f"https://stats.example/metabase/public/question/{UUID}"
    files = {f"https://stats.example/metabase/api/public/card/{UUID}/query": "scalar.json"}
    assert told(reading_of(files, url, CardLocator())) == {"a": "20660"}


def test_a_signed_dashboard_is_followed_from_the_page_that_embeds_it() -> None:
    api = f"https://stats.example/api/embed/dashboard/{TOKEN}"
    files = {EMBEDDING: "signed.html", api: "dashboard.json", api + "/dashcard/11/card/445": "progress.json"}
    reading = reading_of(files, EMBEDDING, CardLocator(card="Part traitée"), CardLocator(card="Opérateurs"))
    assert told(reading) == {"a": "0.93", "b": "150+"}
    assert TOKEN not in str(reading)


def test_guest_components_are_followed_to_the_instance_that_the_page_configures() -> None:
    api = f"https://stats.example/metabase/api/embed/dashboard/{GUEST}"
    question = f"https://stats.example/metabase/api/embed/card/{QUESTION}/query"
    files = {
        EMBEDDING: "guest.html",
        api: "old-dashboard.json",
        api + "/dashcard/21/card/450": "scalar.json",
        question: "progress.json",
    }
    by_name = CardLocator(card="Conventions", dashboard="Ancien")
    by_rank = CardLocator(dashboard=2)
    unsaid = CardLocator(card="Conventions")
    assert told(reading_of(files, EMBEDDING, by_name, by_rank, unsaid)) == {
        "a": "20660",
        "b": "0.93",
        "c": "ambiguous: 2 places match the card title 'Conventions'",
    }


def test_of_several_dashboards_only_those_that_may_be_meant_are_asked() -> None:
    api = f"https://service.example/metabase/api/public/dashboard/{CONTRACTS}"
    files = {
        EMBEDDING: "prefixed.html",
        api: "old-dashboard.json",
        api + "/dashcard/21/card/450": "scalar.json",
    }
    for dashboard in (1, CONTRACTS, CONTRACTS.upper()):
        locate = CardLocator(card="Conventions", dashboard=dashboard)
        assert told(reading_of(files, EMBEDDING, locate)) == {"a": "20660"}
    asked = page("metabase", CardLocator(card="Conventions", dashboard="Contrats"), url=EMBEDDING)
    assert metabase.follow(asked, [saved("prefixed.html", EMBEDDING)]) == (
        api,
        api.replace(CONTRACTS, OFFERS),
    )


def test_a_dashboard_that_is_not_there_tells_those_that_are() -> None:
    api = f"https://service.example/metabase/api/public/dashboard/{CONTRACTS}"
    files = {
        EMBEDDING: "prefixed.html",
        api: "old-dashboard.json",
        api.replace(CONTRACTS, OFFERS): "dashboard.json",
    }
    assert told(
        reading_of(
            files, EMBEDDING, CardLocator(card="A", dashboard="Autre"), CardLocator(card="A", dashboard=3)
        )
    ) == {
        "a": "not_found: no dashboard of the page is 'Autre'; it has: 'Ancien', 'Chiffres clés'",
        "b": "not_found: the page embeds 2 dashboards: there is no number 3",
    }


def test_an_address_that_only_a_script_names_is_found() -> None:
    found = shown_on((BODIES / "scripted.html").read_text("utf-8"), EMBEDDING)
    assert [each.address for each in found] == [
        "https://stats.example/api/public/card/e2ac028c-8311-42cd-9770-f7b28763294b/query"
    ]


def test_a_question_drawn_beside_another_is_a_card_of_its_own() -> None:
    dashcard = {"id": 7, "card_id": 9, "card": {"name": "Inscrits"}, "series": [{"id": 10, "name": "Actifs"}]}
    board = json_document({"name": "S", "dashcards": [dashcard]}, API)
    asked = page("metabase", CardLocator(card="Actifs"), url=f"https://stats.example/public/dashboard/{UUID}")
    assert metabase.follow(asked, [board]) == (f"{API}/dashcard/7/card/10",)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (saved("nothing.html", EMBEDDING), "not_found: the page embeds no dashboard or question of Metabase"),
        (
            document("<html><form><input type=password></form>"),
            "login_page: the page is a login page",
        ),
        (document(b"\xff\xfe"), "not_found"),
        (document('<iframe src="https://[/public/dashboard/x">'), "not_found"),
        (document('<metabase-dashboard token="a.b.c"></metabase-dashboard>'), "not_found"),
        (document("<iframe " * 100_000), "not_found"),
    ],
)
def test_a_page_that_embeds_nothing_has_its_reason(body: Document, expected: str) -> None:
    asked = page("metabase", CardLocator(card="A"), url=EMBEDDING)
    assert metabase.follow(asked, [body]) == ()
    assert told(read_now("s", asked, [body]))["a"].startswith(expected)


def test_one_broken_dashboard_gives_reasons() -> None:
    api = f"https://stats.example/api/embed/dashboard/{TOKEN}"
    given = [saved("signed.html", EMBEDDING), document("Token is expired (1700000000)", url=api)]
    asked = page("metabase", CardLocator(card="A"), url=EMBEDDING)
    assert told(read_now("s", asked, given))["a"].startswith("wrong_format")


def test_a_sentence_never_repeats_a_token() -> None:
    error = Gone(
        f"stats.example answered 400: there is no page at https://stats.example/api/embed/x/{TOKEN}."
    )
    assert str(error).endswith("/api/embed/x/<token>.")


# ------------------------------------------------------------------- over a real server


def test_a_token_is_minted_at_each_view_and_used_in_the_same_visit() -> None:
    """The night's own fetcher: page, dashboard (200), card (202)."""
    routes = {
        f"/api/embed/dashboard/{TOKEN}": answer((BODIES / "dashboard.json").read_bytes()),
        f"/api/embed/dashboard/{TOKEN}/dashcard/11/card/445": answer(
            (BODIES / "progress.json").read_bytes(), status=202
        ),
    }
    with Site(routes) as metabase_site:
        html = (BODIES / "signed.html").read_text("utf-8")
        html = html.replace("https://stats.example", metabase_site.url(""))
        with Site({"/stats/": answer(html.encode(), [("Content-Type", "text/html")])}) as service:
            asked = page("metabase", CardLocator(card="Part traitée"), url=service.url("/stats/"))
            fetcher = Fetcher(
                manners=Manners(pace=0), allow_hosts=[metabase_site.authority, service.authority]
            )
            given: list[Document] = []
            wanted: tuple[str, ...] = (Extractor().address(asked),)
            for _ in range(3):
                for url in wanted:
                    one = fetcher.fetch(url).answer
                    given.append(Document(url, one.content_type, one.content, one.sha256))
                wanted = Extractor().follow(asked, given)
    assert wanted == ()
    assert told(read_now("s", asked, given)) == {"a": "0.93"}
    assert len(given) == 3


def test_a_body_cut_anywhere_gives_no_other_figure() -> None:
    url = f"https://stats.example/public/dashboard/{UUID}"
    asked = page("metabase", CardLocator(card="Part traitée"), CardLocator(card="Opérateurs"), url=url)
    whole = visited(asked, DASHBOARD)
    for rank, each in enumerate(whole):
        for end in range(0, len(each.content), 41):
            given = [*whole]
            given[rank] = document(each.content[:end], url=each.url)
            metabase.follow(asked, given)
            reading = read_now("s", asked, given)
            assert {it.exact for it in reading.extractions} <= {"0.93", "150+"}
            assert "reading_error" not in {absence.reason for absence in reading.absences}


def test_odd_results_do_no_harm() -> None:
    url = f"https://stats.example/public/dashboard/{UUID}"
    asked = page("metabase", CardLocator(card="Part traitée", date=True, where={"a": "b"}), url=url)
    first = visited(asked, DASHBOARD)[0]
    table = {"cols": [{}], "rows": [[None]]}
    odds: list[object] = [None, [], 3, {"data": None}, {"status": "completed", "data": table}]
    for odd in odds:
        given = [first, json_document(odd, API + "/dashcard/11/card/445")]
        assert "reading_error" not in {each.reason for each in read_now("s", asked, given).absences}
