"""The tree we build is the one that BeautifulSoup builds."""

from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from bs4.element import PageElement, Tag
from hypothesis import given
from hypothesis import strategies as st

from connectors.text.soup import soup_of

PAGES = sorted((Path(__file__).parents[2] / "pages").rglob("*.html"))

LINKS = ("parent", "next_element", "previous_element", "next_sibling", "previous_sibling")

TAGS = ("p", "b", "div", "table", "tr", "td", "pre", "textarea", "template", "script", "style", "rt", "svg")
PIECES = st.sampled_from(
    [
        *(f"<{tag}>" for tag in TAGS),
        *(f"</{tag}>" for tag in TAGS),
        *("<p class='n  m' id=a>", "<br>", "<img src=x/>", "<option selected>", "<meta charset=latin1>"),
        *("<!-- a -->", "<!---->", "<!--  \n -->", "<?php echo ?>", "<![CDATA[x]]>", "<!DOCTYPE html>"),
        *("<pre> \t <b>  </b></pre>", "<textarea>  \n</textarea>", "<a href=x>", "</a>", "</br>"),
        *("<html lang=fr>", "</html>", "<body x=1>", "</body>", "<head>", "<title>", "<x:y z:t='1'>"),
        *(" ", "\n", "\t \n", "\u00a0", "1 575 332", "&amp;", "&nbsp;", "&eacute", "<", "a<b", "\u202f12"),
    ]
)


def told(soup: BeautifulSoup) -> list[tuple[object, ...]]:
    """Each node with all that can be asked of it; other nodes are told by their place."""
    nodes: list[PageElement] = [soup, *soup.descendants]
    place = {id(node): number for number, node in enumerate(nodes)}
    return [
        (
            type(node),
            *(place.get(id(getattr(node, link))) for link in LINKS),
            *_content(node),
        )
        for node in nodes
    ]


def _content(node: PageElement) -> tuple[object, ...]:
    if not isinstance(node, Tag):
        return (str(node), sorted(name for name in vars(node) if name not in LINKS))
    about = {name: value for name, value in vars(node).items() if name not in (*LINKS, "contents")}
    own = about if type(node) is Tag else {"name": node.name}
    return own, type(node.attrs), [str(type(value)) for value in node.attrs.values()], len(node.contents)


def reference(text: str) -> BeautifulSoup:
    return BeautifulSoup(text, "lxml", multi_valued_attributes=None)


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.parent.parent.parent.name)
def test_every_saved_page_has_the_same_tree(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert told(soup_of(text)) == told(reference(text))


@given(st.lists(PIECES, max_size=30).map("".join))
def test_so_has_whatever_is_written_badly(text: str) -> None:
    assert told(soup_of("<p>" + text)) == told(reference("<p>" + text))


@pytest.mark.parametrize("depth", [250, 260, 3000])
def test_a_deep_page_is_not_cut(depth: int) -> None:
    text = "<div>" * depth + "<p>83 746</p>" + "</div>" * depth
    soup = soup_of(text)
    assert str(soup.find("p").string) == "83 746"  # type: ignore[union-attr]
    assert told(soup) == told(reference(text))


def test_a_name_with_a_brace_is_kept() -> None:
    assert soup_of('<p {a}b="1">').p.attrs == {"{a}b": "1"}  # type: ignore[union-attr]
