"""Where a lost figure stands now: one place, verified, or none."""

from typing import Any

import pytest

from connectors.drift.last_seen import LastSeen, Mend
from connectors.drift.mend import mend
from connectors.extraction import Document, Notation
from connectors.locators import CardLocator, HtmlLocator, JsonLocator, Locator, SeriesLocator
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


# ---------------------------------------------------------------------------------- Metabase


def board(*titles: str) -> Document:
    cards = [{"id": rank, "card_id": rank, "card": {"name": title}} for rank, title in enumerate(titles, 1)]
    return json_document({"dashcards": cards})


@pytest.mark.parametrize(
    ("titles", "new"),
    [
        (("Nombre total d'utilisateurs actifs", "Messages"), "Nombre total d'utilisateurs actifs"),
        (("Utilisateurs actifs (30 jours)", "Messages"), "Utilisateurs actifs (30 jours)"),
        (("Messages", "Coût"), None),
        (("Utilisateurs actifs - Paris", "Utilisateurs actifs - Lyon"), None),
        (("Nos utilisateurs actifs", "Nos utilisateurs actifs"), None),
    ],
)
def test_the_nearest_title_of_a_dashboard(titles: tuple[str, ...], new: str | None) -> None:
    found = mended("metabase", CardLocator(card="Utilisateurs actifs"), "190000", board(*titles))
    assert (found.locate if found else None) == (CardLocator(card=new) if new else None)
    assert found is None or (found.exact is None and found.confidence <= 0.6)


def test_another_protocol_is_not_mended() -> None:
    assert mended("stats_json", SeriesLocator(), "12", json_document({"stats": []})) is None
