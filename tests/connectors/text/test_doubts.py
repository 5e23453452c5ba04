"""Characters at the right place that are not the figure: refused by type, never read."""

import pytest

from connectors.locators import HtmlLocator
from connectors.protocols import html
from tests.connectors.values import document, metric, page, told


def read_one(body: str, **more: object) -> str:
    spec = page("html", HtmlLocator(css="#n"))
    spec = spec.model_copy(update={"metrics": {"a": metric(HtmlLocator(css="#n"), **more)}})
    return told(html.read("s", spec, [document(body)]))["a"]


CARDS = """<div class=row><div class=card><p {0}>12</p><p>dossiers déposés</p></div>
<div class=card><p {1}>345</p><p>agents inscrits</p></div></div>"""
LIST = "<dl><dt>Dossiers déposés</dt><dd {0}>12</dd><dt>Agents inscrits</dt><dd {1}>345</dd></dl>"
LINES = "<div><b {0}>12</b> <i>dossiers déposés</i><br><b {1}>345</b> <i>agents inscrits</i></div>"
ROWS = """<section><div class="row seen"><div>Dossiers déposés</div><div><b {0}>12</b> <i>RDV</i></div></div>
<div class="row"><div>Agents inscrits</div><div><b {1}>345</b> <i>RDV</i></div></div></section>"""


@pytest.mark.parametrize("shape", [CARDS, LIST, LINES, ROWS])
def test_a_figure_is_that_of_the_words_beside_it(shape: str) -> None:
    first, second = shape.format("id=n", ""), shape.format("", "id=n")
    assert read_one(first, anchor="Dossiers déposés") == "12"
    assert read_one(second, anchor="agents inscrits") == "345"
    assert read_one(second, anchor="dossiers déposés").startswith("not_found: '345' was found, but the words")
    assert read_one(first, anchor="agents inscrits").startswith("not_found: '12' was found, but the words")


@pytest.mark.parametrize(
    ("body", "anchor"),
    [
        ("<h2 id=h>RDV créés (<span id=n>128747</span>)</h2>", "RDV créés"),
        ("<p><b id=n>45\u00a0696</b> besoins d\u2019entreprises depuis 2018</p>", "besoins d'entreprises"),
        ("<table><tr><th>Dossiers<td id=n>12<tr><th>Agents<td>3</table>", "Dossiers"),
        ("<div><p id=n>12</p><p>+3 % en un an</p><p>dossiers</p></div>", "dossiers"),
        ("<div><p id=n>12</p><p>+3 %</p><p>dossiers</p></div>", "dossiers"),
    ],
)  # fmt: skip
def test_the_box_of_a_figure_holds_its_name(body: str, anchor: str) -> None:
    assert not read_one(body, anchor=anchor).startswith("not_found")


@pytest.mark.parametrize(
    "body",
    [
        "<main><p id=n>12</p></main><p>dossiers</p>",
        "<div><p id=n>12</p><p>sous-dossierste</p></div>",
        "<div><b id=n>12</b><b>13</b><i>dossiers</i><i>agents</i></div>",
        "<div><p id=n>12</p><p>" + "Ce texte parle des dossiers et de tout le reste. " * 20 + "</p></div>",
    ],
)
def test_words_that_cannot_be_said_to_be_its_own_name_no_figure(body: str) -> None:
    assert read_one(body, anchor="dossiers").startswith("not_found")


@pytest.mark.parametrize(
    ("body", "told_"),
    [
        ("<p><b id=n>45</b><b> 696</b> besoins</p>", "split_figure: the number goes on after '45'"),
        ("<p><b>45</b> <b id=n>696</b> besoins</p>", "split_figure: the number began before '696'"),
        ("<p><b id=n>0</b><small>,72 €</small></p>", "split_figure: the number goes on after '0': ',7'"),
        ("<p><b>2</b><b id=n>156</b><b>695</b></p>", "split_figure: the number goes on after '156'"),
        ("<p id=n><b>2024</b>8934</p>", "split_figure: '2024' and '8934' stand beside each other and"),
        ("<p id=n><i>1</i> 107</p>", "split_figure: '1' and '107'"),
        ("<p id=n><del>17</del> <ins>898</ins></p>", "split_figure: '17' and '898'"),
        ("<div id=n><p>17</p> <p>898</p></div>", "split_figure: '17' and '898'"),
        ("<p id=n>898<noscript>12</noscript></p>", "split_figure: '898' and '12'"),
        ("<p id=n>10<sup>6</sup></p>", "split_figure: '10' and '6'"),
        ("<p><b id=n>1</b>’284 dossiers</p>", "split_figure: the number goes on after '1': '’2'"),
        ("<p><b id=n>2,7</b> millions de dossiers</p>", "scale_unclear: 'millions' stands beside '2,7'"),
        ("<p><b id=n>12</b> <i>k€</i></p>", "scale_unclear: 'k€' stands beside '12'"),
        ("<div><p id=n>2,7</p><p>millions de dossiers</p></div>", "scale_unclear: 'millions'"),
        ("<div><p id=n>20,7</p><p>Dossiers (en milliers)</p></div>", "scale_unclear: 'milliers'"),
        ("<p>Dossiers</p><p id=n>83 ", "split_figure: the page stops at '83', in the middle"),
        ("<p><b id=n>57</b><sup>%</sup></p>", "scale_unclear: '%' stands beside '57'"),
        ("<p><b id=n>57</b>% des dossiers</p>", "scale_unclear: '%' stands beside '57'"),
        ("<p id=n data-target=12408>0</p>", "count_up: '0' is where a script counts"),
        ("<p class=counter><b id=n>0 %</b></p>", "count_up: '0 %' is where a script counts up from"),
        ("<p id=n>0</p><script src=/js/countUp.min.js></script>", "count_up: '0' is where"),
    ],
)  # fmt: skip
def test_a_part_of_a_figure_is_not_the_figure(body: str, told_: str) -> None:
    assert read_one(body).startswith(told_)


@pytest.mark.parametrize(
    ("body", "exact"),
    [
        ("<div><p id=n>12</p><p>345</p></div>", "12"),
        ("<p id=n><b>12</b> <b>345</b></p>", "12 345"),
        ("<p id=n>0<small>,72 €</small></p>", "0,72 €"),
        ("<p id=n>4,5<small>/5</small></p>", "4,5/5"),
        ("<p id=n>8934<sup>1</sup></p>", "8934"),
        ("<p id=n>57 %<a href='#n1'><sup>(2)</sup></a></p>", "57 %"),
        ("<p id=n>12 dossiers<sup>1</sup></p>", "12 dossiers"),
        ("<p id=n>12 m<sup>2</sup></p>", "12 m2"),
        ("<p><span>Appels depuis 2024</span><b id=n>96,4 M</b></p>", "96,4 M"),
        ("<p><b id=n>45 696</b><sup>1</sup> besoins</p>", "45 696"),
        ("<p>En 2023 <b id=n>960</b> dossiers</p>", "960"),
        ("<p><b id=n>12</b>, 30 et 40</p>", "12"),
        ("<div><p id=n>57</p><p>des 26,06 millions d'adresses</p></div>", "57"),
        ("<div><p id=n>57</p><p>des <b>26,06</b> millions d'adresses</p></div>", "57"),
        ("<p><b id=n>3 millions</b> de dossiers</p>", "3 millions"),
        ("<p><b id=n>12</b> Ko</p>", "12"),
        ("<p id=n>0</p>", "0"),
        ("<p id=n class=discount>0</p>", "0"),
        ("<p id=n data-target=12>10</p>", "10"),
    ],
)
def test_a_whole_figure_is_read(body: str, exact: str) -> None:
    assert read_one(body) == exact


def test_a_percentage_may_print_its_sign_beside_it() -> None:
    assert read_one("<p><b id=n>57</b> % des dossiers</p>", unit="%", nature="ratio") == "57"


@pytest.mark.parametrize(("least", "told_"), [(None, "0"), (0, "0"), (1000, "count_up")])
def test_a_zero_that_nobody_believes_on_a_page_with_scripts_is_a_count_up(
    least: int | None, told_: str
) -> None:
    body = "<div><p id=n>0</p><p>dossiers</p></div><script src=/main.js></script>"
    assert read_one(body, expect={"min": least}).startswith(told_)


def test_the_figure_of_an_attribute_is_that_of_the_words_beside_it() -> None:
    body = CARDS.format("data-n=12408 id=n", "data-n=99")
    for anchor, told_ in (("dossiers déposés", "12408"), ("agents inscrits", "not_found: '12408' was found")):
        one = metric(HtmlLocator(css="#n", attribute="data-n"), anchor=anchor)
        spec = page("html", HtmlLocator(css="p")).model_copy(update={"metrics": {"a": one}})
        assert told(html.read("s", spec, [document(body)]))["a"].startswith(told_)
