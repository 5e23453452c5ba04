"""A figure found again in its archived body, however it is written there; and shown as text."""

import json
from datetime import UTC, datetime
from html.parser import HTMLParser
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.snapshot import Snapshot
from pipelines.archived_text import passage, portfolio_passage
from pipelines.elements import clean, page, tag

NOW = datetime(2024, 3, 5, 12, tzinfo=UTC)


def body(text: str) -> Snapshot:
    content = text.encode()
    return Snapshot("https://essai.example/stats", NOW, 200, "OK", (), (), content, content)


def row(
    kind: str, exact: str, text: str, written: str, reader: str = "html/2", **more: Any
) -> dict[str, Any]:
    start = text.index(written)
    place = {"locator_kind": kind, "exact": exact, "start": start, "end": start + len(written)}
    return place | {"locator": "", "reader": reader} | more


@pytest.mark.parametrize(
    ("kind", "text", "written", "exact", "reader", "found"),
    [
        ("jsonpath", '{"n": 4021}', "4021", "4021", "json/1", "same"),
        ("jsonpath", '{"n": "4\\u202f021"}', "4\\u202f021", "4\u202f021", "json/1", "escaped"),
        (
            "jsonpath",
            '<div data-x="&quot;4&#8239;021&quot;">',
            "4&#8239;021",
            "4\u202f021",
            "embedded/1",
            "escaped",
        ),
        ("jsonpath", "<td><b>4</b>021</td>", "<b>4</b>021", "4021", "embedded/1", "escaped"),
        ("csv", 'a;b\n"4 ""021""";2\n', '4 ""021""', '4 "021"', "table/2", "escaped"),
        ("csv", "a;b\n4021;2\n", "4021", "4021", "table/2", "same"),
        ("csv", "a;b\n4021;2\n", "4021", "4022", "table/2", "others"),
        ("jsonpath", "no json at all", "json", "4021", "json/1", "unreadable"),
        ("css", "no markup at all", "markup", "4021", "html/2", "unreadable"),
    ],
)
def test_a_figure_is_found_however_it_is_written(
    kind: str, text: str, written: str, exact: str, reader: str, found: str
) -> None:
    told = passage(row(kind, exact, text, written, reader), body(text))
    assert told.found == found
    assert told.good == (found in ("same", "escaped"))


@pytest.mark.parametrize(("value", "found"), [("4021", "attribute"), ("4022", "others")])
def test_a_figure_in_an_attribute(value: str, found: str) -> None:
    text = f'<html><b id="a" data-n="{value} dossiers"></b></html>'
    place = {
        "locator_kind": "css",
        "locator": "#a@data-n",
        "exact": "4021",
        "start": 0,
        "end": 0,
        "reader": "html/2",
    }
    assert passage(place, body(text)).found == found


def test_an_event_is_found_in_the_portfolio() -> None:
    event = {"name": "fast", "date": "2023-06-01T00:00:00Z", "comment": ""}
    product = {"id": "essai", "attributes": {"events": [event | {"date": "2022-01-01"}, event]}}
    told = {"service_id": "essai", "name": "fast", "date": NOW.date().replace(2023, 6, 1)}
    found = portfolio_passage("event", told, body(json.dumps({"data": [product]})))
    assert found is not None
    assert json.loads(found.figure) == event
    assert portfolio_passage("event", told | {"name": "other"}, body(json.dumps({"data": [product]}))) is None
    assert portfolio_passage("event", told, body("{")) is None


class _Texts(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.said = ""
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)

    def handle_data(self, data: str) -> None:
        self.said += data


@given(st.text(st.characters(exclude_characters="\r")))
def test_text_is_never_markup(text: str) -> None:
    read = _Texts(page(tag("p", "a", tag("mark", text), text, title=text)))
    assert read.tags == ["p", "mark"]
    assert read.said.strip("\n") == f"a{clean(text) * 2}".strip("\n")


def test_what_would_run_is_shown() -> None:
    hostile = "</pre><script>alert(1)</script><img src=x onerror=alert(2)>"
    read = _Texts(page(tag("pre", hostile)))
    assert read.tags == ["pre"]
    assert hostile in read.said
