"""HTML, Markdown and flattened text become the same blocks."""

from connectors.reports import page, plain
from connectors.reports.layout import Layout

Said = tuple[str, int, str]


def said(layout: Layout) -> list[Said]:
    return [(block.kind, block.level, layout.said(block)) for block in layout.blocks]


HTML = """
<h2>Les services</h2>
<p>Un <b>carnet</b>,<br>un verger.</p>
<ul><li>En 2024<ul><li><b>12&#8239;480</b> arbres<sup>1</sup></li></ul> puis</li>
<li><p>CO<sub>2</sub></p></li></ul>
<table><tr><th>Quoi</th><th colspan="2">Résultats 2024</th></tr>
<tr><td>Arbres</td><td><p>1</p></td><td>2</td></tr></table>
<script>3</script><nav>4</nav><p hidden>5</p><p><img alt="Mon Verger"></p>
"""

MARKDOWN = """---
title: 12
---

## Les services ##

Un **carnet**,
un [verger](https://verger.example.fr).

* En 2024
    * **12 480** arbres&#x20;

> - \\+ de 3

| Quoi | Résultats |
|---|---|
| Arbres | 1 |
Arbres\t\t2
"""


def test_html() -> None:
    layout = page.layout_of(HTML)
    assert said(layout) == [
        ("heading", 2, "Les services"),
        ("text", 0, "Un carnet, un verger."),
        ("item", 0, "En 2024"),
        ("item", 1, "12 480 arbres"),
        ("item", 0, "puis"),
        ("item", 0, "CO2"),
        ("row", 1, "Quoi Résultats 2024"),
        ("row", 0, "Arbres 1 2"),
        ("text", 0, "Mon Verger"),
    ]
    header, row = (block for block in layout.blocks if block.kind == "row")
    assert [layout.quote(*cell).text for cell in header.cells] == ["Quoi", "Résultats 2024", "Résultats 2024"]
    assert [layout.quote(*cell).text for cell in row.cells] == ["Arbres", "1", "2"]


def test_markdown_keeps_the_numbers_of_its_lines() -> None:
    layout = plain.layout_of(MARKDOWN)
    assert said(layout) == [
        ("meta", 0, "---"),
        ("meta", 0, "title: 12"),
        ("meta", 0, "---"),
        ("heading", 2, "Les services"),
        ("text", 0, "Un carnet, un verger."),
        ("item", 0, "En 2024"),
        ("item", 2, "12 480 arbres"),
        ("item", 0, "+ de 3"),
        ("row", 0, "Quoi Résultats"),
        ("row", 0, "Arbres 1"),
        ("row", 0, "Arbres 2"),
    ]
    source = MARKDOWN.split("\n")
    assert all(
        layout.said(block).split()[0]
        in source[layout.line(block.start) - 1].replace("*", "").replace("\\", "")
        for block in layout.blocks
    )
    (link,) = [link for block in layout.blocks for link in block.links]
    assert (layout.text[link.start : link.end], link.url) == ("verger", "https://verger.example.fr")


def test_lists_apart_are_two_lists() -> None:
    layout = plain.layout_of("- a\n- b\n\n- c\n- d")
    assert [block.gap for block in layout.blocks] == [True, False, True, False]
    layout = page.layout_of("<ul><li>a<li>b</ul><ul><li>c<li>d</ul>")
    assert [block.gap for block in layout.blocks] == [True, False, True, False]


def test_a_table_inside_a_cell_loses_nothing() -> None:
    layout = page.layout_of(
        "<table><tr><td>a<table><tr><td>12</td><td>13</td></tr></table></td><td>14</td></tr></table>"
    )
    assert layout.text.split() == ["a", "12", "13", "14"]


def test_pages_are_counted_from_one() -> None:
    layout = plain.layout_of("a\fb", paged=True)
    assert [(block.page, layout.said(block)) for block in layout.blocks] == [(1, "a"), (2, "b")]
    assert [block.page for block in plain.layout_of("a\fb").blocks] == [None, None]
