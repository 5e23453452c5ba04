"""Figures of an HTML page: exactly one place, its verbatim characters, or a reason."""

import pytest
from bs4.element import Tag
from hypothesis import given
from hypothesis import strategies as st

from connectors.locators import HtmlLocator
from connectors.protocols import html
from connectors.text.html_text import parse, texts
from connectors.text.html_tree import Html
from tests.connectors.values import document, page, told

CALLOUTS = """<!DOCTYPE html><html lang="fr"><head><title>Statistiques</title>
<style>.n { content: "1" }</style></head><body>
<!-- Dossiers déposés : 12 -->
<script>var total = "99 999";</script>
<div class="box"><h2>Dossiers\u00a0déposés :</h2><p class="n"> 2,7\u202fmillions </p></div>
<div class="box"><h2>Promesses d\u2019<b>action</b></h2><p class="n">173\u202f154</p></div>
<div class="box" id="vide"><h2>Coût</h2><p class="n" data-count="0,5">  </p></div>
<p id="phrase">Plus de <b>1\u202f575\u202f332</b>
   simulations, dont 12 % en 2023</p>
<div class="box"><dl><dd>Coût<br>par dossier</dd><dd class="n">0,72 €</dd></dl></div>
</body></html>"""


def read_one(locate: HtmlLocator, body: str | bytes = CALLOUTS, content_type: str = "text/html") -> str:
    return told(html.read("s", page("html", locate), [document(body, content_type)]))["a"]


def beside(label: str, within: str = ".box", value: str = ".n") -> HtmlLocator:
    return HtmlLocator(label=label, within=within, value=value)


@pytest.mark.parametrize(
    ("locate", "exact"),
    [
        (HtmlLocator(css=".box:nth-of-type(2) .n"), "173\u202f154"),
        (beside("Dossiers déposés"), "2,7\u202fmillions"),
        (beside("Promesses d'action"), "173\u202f154"),
        (beside("Promesses d\u2019action :"), "173\u202f154"),
        (beside("Coût par dossier"), "0,72 €"),
        (beside("Coût par dossier", "div, dl", "dd + dd"), "0,72 €"),
        (HtmlLocator(css="#vide .n", attribute="data-count"), "0,5"),
        (
            HtmlLocator(css="#phrase", pattern=r"Plus de (?P<figure>[\d ]+) simulations"),
            "1\u202f575\u202f332",
        ),
        (HtmlLocator(css="#phrase", pattern=r"(?P<figure>\d+ %)"), "12 %"),
        (HtmlLocator(css="title"), "Statistiques"),
    ],
)
def test_a_figure_is_read_where_the_spec_says(locate: HtmlLocator, exact: str) -> None:
    assert read_one(locate) == exact


@pytest.mark.parametrize(
    ("locate", "told_"),
    [
        (HtmlLocator(css=".none"), "not_found: nothing matches the selector '.none'"),
        (HtmlLocator(css=".n"), "ambiguous: 4 places match the selector '.n'"),
        (beside("Coût"), "empty: #vide > p holds no text"),
        (
            beside("dossiers déposés"),
            "not_found: no element says 'dossiers déposés'; the nearest is 'Dossiers déposés'",
        ),
        (beside("Tonnes"), "not_found: no element says 'Tonnes'"),
        (beside("Coût", ".card"), "not_found: nothing matches a box '.card' around 'Coût'"),
        (beside("Coût", value=".m"), "not_found: nothing matches the selector '.m' beside 'Coût'"),
        (HtmlLocator(css="script"), "empty: html > body > script holds no text"),
        (HtmlLocator(css="style"), "empty: html > head > style holds no text"),
        (
            HtmlLocator(css="#vide .n", attribute="data-x"),
            "not_found: the element <p> has no attribute 'data-x'",
        ),
    ],
)
def test_anything_else_has_its_reason(locate: HtmlLocator, told_: str) -> None:
    assert read_one(locate) == told_


def test_a_label_twice_is_ambiguous_unless_the_box_is_the_same() -> None:
    box = '<div class="box"><h2>Dossiers</h2><p class="sr">Dossiers</p><p class="n">12</p></div>'
    assert read_one(beside("Dossiers"), box) == "12"
    assert (
        read_one(beside("Dossiers"), box + box) == "ambiguous: 2 places match a box '.box' around 'Dossiers'"
    )


def test_the_nearest_box_counts() -> None:
    body = (
        '<div class="box"><p class="n">1</p><div class="box"><h2>Dossiers</h2><p class="n">2</p></div></div>'
    )
    assert read_one(beside("Dossiers"), body) == "2"


def test_every_metric_is_in_the_reading() -> None:
    spec = page("html", HtmlLocator(css="title"), HtmlLocator(css=".n"), HtmlLocator(css=".none"))
    assert set(told(html.read("s", spec, [document(CALLOUTS)]))) == {"a", "b", "c"}


def test_the_date_of_the_page_goes_with_its_figures() -> None:
    body = '<p id="maj">Dernière mise à jour de ces données\u00a0: le 31/12/2023</p><p class="n">5</p>'
    dated = page(
        "html", HtmlLocator(css=".n"), dated=HtmlLocator(css="#maj", pattern=r"le (?P<figure>[\d/]+)")
    )
    assert html.read("s", dated, [document(body)]).extractions[0].period_text == "31/12/2023"
    without = html.read("s", dated, [document(body.replace("maj", "x"))])
    assert told(without)["a"] == "not_found: nothing matches the selector '#maj'"


def test_an_extraction_carries_its_whole_proof() -> None:
    body = document("<p>Depuis <b>2016</b> : <b id=n> 83\u00a0746 </b> dossiers<script>1</script></p>")
    spec = page("html", HtmlLocator(css="#n"))
    (it,) = html.read("dossierfacile", spec, [body]).extractions
    assert (it.service_id, it.metric_id, it.body_sha256) == ("dossierfacile", "a", body.sha256)
    assert (it.locator_kind, it.locator, it.notation) == ("css", "#n", "french")
    assert (it.prefix, it.exact, it.suffix) == ("Depuis 2016 :  ", "83\u00a0746", "  dossiers")
    assert (it.start, it.end, it.reader, it.spec_version) == (15, 21, "html/3", spec.version)


def test_an_attribute_is_named_in_its_locator() -> None:
    (it,) = html.read(
        "s", page("html", HtmlLocator(css="p", attribute="x")), [document('<p x="7">a</p>')]
    ).extractions
    assert (it.exact, it.locator, it.start, it.end) == ("7", "html > body > p@x", 0, 0)


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("text/html; charset=ISO-8859-1", "<p>5 \u20ac</p>".encode("cp1252")),
        ("text/html; charset=windows-1252", "<p>5 \u20ac</p>".encode("cp1252")),
        ("text/html; charset=ISO-8859-15", "<p>5 \u20ac</p>".encode("iso8859-15")),
        ("text/html", "<meta charset=windows-1252><p>5 \u20ac</p>".encode("cp1252")),
        ("text/html", "<meta charset=unknown><p>5 \u20ac</p>".encode()),
        ("text/html; charset=unicode_escape", "<p>5 \u20ac</p>".encode()),
        ("text/html", "<p>5 \u20ac</p>".encode()),
        ("text/html", "<p>5 \u20ac</p>".encode("cp1252")),
        ("", "<p>5 \u20ac</p>".encode("utf-8-sig")),
        ("", "<p>5 \u20ac</p>".encode("utf-16")),
        (
            "application/xhtml+xml",
            b'<?xml version="1.0" encoding="utf-8"?>\n<html><p>5 \xe2\x82\xac</p></html>',
        ),
    ],
)
def test_a_page_is_decoded_as_it_says(content_type: str, body: bytes) -> None:
    assert read_one(HtmlLocator(css="p"), body, content_type) == "5 \u20ac"


@pytest.mark.parametrize(
    ("content_type", "body", "told_"),
    [
        ("text/html", "", "wrong_format: the body is empty"),
        ("text/html", "12 345", "wrong_format: the body holds no HTML tag"),
        ("application/json", "{}", "wrong_format: the body is application/json, not HTML"),
        ("application/pdf", "%PDF-1.7 <<x>>", "wrong_format: the body is application/pdf, not HTML"),
    ],
)
def test_a_body_that_is_not_html(content_type: str, body: str, told_: str) -> None:
    assert read_one(HtmlLocator(css="p"), body, content_type) == told_


STATISTICS = "<p>" + "Les chiffres de la plateforme sont mis à jour chaque nuit. " * 50 + "</p>"


@pytest.mark.parametrize(
    ("told_", "body"),
    [
        ("login_page: the page is a login page", "<h1>Connexion</h1><form><input type='PASSWORD'></form>"),
        (
            "login_page: the page is a login page",
            "<div class='fr-connect-group'><button class='fr-connect'>S'identifier</button></div>",
        ),
        (
            "login_page: the page is a login page",
            "<form action='https://auth.example/realms/agents/auth'><button>Entrer</button></form>",
        ),
        (
            "login_page: the page is a login page",
            "<p>Plus de 10 000 agents</p><form action='/users/auth/ProConnect' method=post></form>",
        ),
        ("challenge_page: the page is a challenge page", "<title>Just a moment...</title><p>JavaScript</p>"),
        ("challenge_page: the page is a challenge page", "<p>Request unsuccessful. Incident ID: 12-345</p>"),
        ("challenge_page: the page is a challenge page", "<meta name='ROBOTS' content='NOINDEX'><p>12</p>"),
        ("challenge_page: the page is a challenge page", "<h1>Accès refusé</h1><p>Êtes-vous un humain ?</p>"),
        ("maintenance_page: the page is a maintenance page", "<h1>Site en maintenance</h1><p>Merci.</p>"),
        ("maintenance_page: the page is a maintenance page", "<h1>Service momentanément indisponible</h1>"),
        ("maintenance_page: the page is a page of a site in trouble", "<h1>Erreur 503</h1><p>Oups.</p>"),
        ("soft_404: the page is an error page", "<title>Page introuvable</title><p>Désolé.</p>"),
        (
            "cookie_wall: the page is a wall of cookies",
            "<p>Nous déposons des cookies.</p><button>Tout accepter</button><button>Refuser</button>",
        ),
        (
            "cookie_wall: the page is a wall of cookies",
            "<h1>Votre consentement</h1><p>Ce site et ses partenaires utilisent des traceurs.</p>",
        ),
        (
            "empty_shell: the page is an empty page that only a browser fills",
            "<noscript>JavaScript</noscript><div id='root'></div>",
        ),
        (
            "empty_shell: the page is an empty page that only a browser fills",
            "<div id=app></div><script>" + "var x = 1;" * 100 + "</script>",
        ),
    ],
)
def test_a_page_that_is_something_else_says_so_for_all_its_metrics(told_: str, body: str) -> None:
    spec = page("html", HtmlLocator(css=".n"), beside("Dossiers"))
    reasons = told(html.read("s", spec, [document(body)])).values()
    assert all(each.startswith(f"{told_}: its ") for each in reasons), reasons


SHOWN = "<div><p>12 408</p><p>dossiers</p></div><div><p>87 %</p><p>de satisfaits</p></div>"


@pytest.mark.parametrize(
    "offered",
    [
        "<form><input type=password></form>",
        "<meta name=robots content=noindex>",
        "<p>Nous déposons des cookies. Tout accepter.</p>",
        "<p>Une maintenance est prévue.</p>",
        "<div id=root></div>",
    ],
)
def test_a_page_that_shows_figures_is_a_statistics_page_whatever_else_it_offers(offered: str) -> None:
    assert read_one(HtmlLocator(css=".n"), offered + SHOWN) == "not_found: nothing matches the selector '.n'"


@pytest.mark.parametrize(
    "body",
    [
        STATISTICS,
        STATISTICS + "<p>Une maintenance est prévue, puis un captcha, page introuvable.</p>",
        "<div id=root>" + STATISTICS + "</div>",
        "<meta name=robots content=noindex>" + STATISTICS,
    ],
)
def test_a_page_that_changed_is_not_something_else(body: str) -> None:
    assert read_one(HtmlLocator(css=".n"), body) == "not_found: nothing matches the selector '.n'"


@pytest.mark.parametrize("body", ["<p class=n>12</p>", "<p class=n></p>", "<p class=n>1</p><p class=n>2</p>"])
def test_a_page_where_a_locator_matched_is_believed(body: str) -> None:
    assert not read_one(HtmlLocator(css=".n"), body + "<input type=password>").startswith("login_page")


def test_a_very_deep_page_is_read_to_its_end() -> None:
    assert read_one(HtmlLocator(css="b"), "<p id=x>" + "<i>" * 3000 + "<b id=n>12</b>") == "12"


NAMES = st.sampled_from(
    ["div", "p", "span", "b", "section", "x-card", "o:p", "svg", "template", "script", "br", "td"]
)
WORDS = st.text(st.sampled_from("ab12 \u202f\u00a0<&\n'é"), max_size=8)
IDS = st.none() | st.sampled_from(["n", "n", "1a", "a b", "é:x", "'\"", "#.>", "\\"])


def written(name: str, identity: str | None, inside: list[str]) -> str:
    quoted = "" if identity is None else ' id="' + identity.replace('"', "&quot;") + '"'
    return f"<{name}{quoted}>{''.join(inside)}</{name}>"


TREES = st.recursive(
    WORDS.map(lambda text: text.replace("&", "&amp;").replace("<", "&lt;")),
    lambda inside: st.builds(written, NAMES, IDS, st.lists(inside, max_size=4)) | st.just("<!-- 12 -->"),
    max_leaves=15,
)


def visible(page_: Html) -> list[Tag]:
    """The elements that a selector can match: what a template holds is not part of the page."""
    return [each for each in page_.soup.find_all(True) if not each.find_parent("template")]


@given(TREES)
def test_a_path_leads_to_its_element_and_a_span_to_its_text(body: str) -> None:
    page_ = Html(parse(document(f"<main>{body}</main>")))
    for element in visible(page_):
        assert [id(each) for each in page_.soup.select(page_.path(element))] == [id(element)]
        start, end = page_.span(element)
        assert page_.content[start:end] == "".join(texts(element))


@given(TREES)
def test_the_span_of_a_figure_is_its_text(body: str) -> None:
    saved = document(f"<main>{body}</main>")
    page_ = Html(parse(saved))
    for element in visible(page_):
        reading = html.read("s", page("html", HtmlLocator(css=page_.path(element))), [saved])
        assert len(reading.extractions) + len(reading.absences) == 1
        for it in reading.extractions:
            assert page_.content[it.start : it.end] == it.exact == it.exact.strip()
            assert page_.content.startswith(it.prefix + it.exact + it.suffix, it.start - len(it.prefix))


@given(st.binary(max_size=300) | st.text(st.sampled_from("<>/!-a='\" &;1pdiv"), max_size=80).map(str.encode))
def test_any_bytes_give_a_figure_or_a_reason(content: bytes) -> None:
    locators = HtmlLocator(css="p"), beside("a", "div", "p")
    assert set(told(html.read("s", page("html", *locators), [document(content)]))) == {"a", "b"}


def test_the_registry_agrees_with_the_file_format() -> None:
    from connectors.protocols import PROTOCOLS
    from connectors.specs.rules import KINDS

    assert set(PROTOCOLS) == set(KINDS)
    assert all(name == protocol.name for name, protocol in PROTOCOLS.items())
