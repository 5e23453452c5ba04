"""Figures in the data that pages carry for their scripts: golden bodies, and what becomes of broken ones.

``bodies/embedded/answers.yml`` says for each body, and a locator, every figure and every reason.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from connectors.catalog import json_schema, load_file
from connectors.errors import InvalidSpec
from connectors.extraction import Document, Reading
from connectors.extractor import read_now
from connectors.locators import EmbeddedLocator
from connectors.protocols import embedded
from connectors.service import Page
from connectors.text.html_text import decode
from connectors.text.mapped_text import ENTITY, ESCAPE
from tests.connectors.values import document, page
from warehouse.normalisation.numbers import read
from warehouse.normalisation.periods import read_period

BODIES = Path(__file__).with_name("bodies") / "embedded"
TYPES = {".html": "text/html; charset=utf-8", ".json": "application/json"}
CASES: list[dict[str, Any]] = yaml.safe_load((BODIES / "answers.yml").read_text("utf-8"))

CHUNKS = r"\"\]\)</script>\s*<script>self\.__next_f\.push\(\[1,\""
"""What stands between two chunks of a flight, perhaps in the midst of a number."""

of_each_case = pytest.mark.parametrize(
    "case", CASES, ids=lambda case: f"{case['body']}-{case['locate']}"[:80]
)
of_each_body = pytest.mark.parametrize("name", sorted({case["body"] for case in CASES}))


def spec(*locates: dict[str, Any]) -> Page:
    return page("embedded", *(EmbeddedLocator(**locate) for locate in locates))


def saved(name: str) -> Document:
    return document((BODIES / name).read_bytes(), TYPES[Path(name).suffix])


def told(reading: Reading) -> list[str]:
    figures = [f"{it.exact} · {it.period_text} · {it.notation}" for it in reading.extractions]
    return figures + [f"{each.reason}: {each.sentence}" for each in reading.absences]


def html(script: str) -> Document:
    return document(f"<!DOCTYPE html><html><body><h1>Chiffres</h1><script>{script}</script></body></html>")


@of_each_case
def test_every_figure_of_a_body_is_read_as_its_answer_says(case: dict[str, Any]) -> None:
    assert told(read_now("s", spec(case["locate"]), [saved(case["body"])])) == case["told"]


@of_each_case
def test_a_figure_stands_where_it_says_and_can_be_understood(case: dict[str, Any]) -> None:
    given = saved(case["body"])
    text = decode(given)
    for it in read_now("s", spec(case["locate"]), [given]).extractions:
        assert text.startswith(it.prefix + text[it.start : it.end] + it.suffix, it.start - len(it.prefix))
        written = re.sub(CHUNKS, "", ENTITY.sub("", ESCAPE.sub("", text[it.start : it.end])))
        assert re.sub(r"\D", "", written) == re.sub(r"\D", "", it.exact)
        assert read(it.exact, notation=it.notation).value is not None
        assert it.period_text is None or read_period(it.period_text)


def test_every_body_has_an_answer() -> None:
    assert {file.name for file in BODIES.iterdir()} - {"answers.yml"} == {case["body"] for case in CASES}


# --------------------------------------------------------------------------- when bodies break


def broken(body: bytes) -> Iterator[tuple[bytes, bool]]:
    """What may come in place of a body, and whether only figures of the body may be read on it."""
    for end in range(0, len(body), max(1, len(body) // 30)):
        yield body[:end], True
        yield body[:end] + b"\0\xff" + body[end:], False
        yield body[:end] + b"</script>" + body[end:], False
    yield b"\xef\xbb\xbf" + body.replace(b"\n", b"\r\n"), True


@of_each_body
def test_a_broken_body_gives_no_other_figure_and_no_failure(name: str) -> None:
    locates = [case["locate"] for case in CASES if case["body"] == name]
    given = saved(name)
    good = {re.sub(r"\W", "", it.exact) for it in read_now("s", spec(*locates), [given]).extractions}
    for body, cut in broken(given.content):
        reading = read_now("s", spec(*locates), [document(body, given.content_type)])
        assert "reading_error" not in {each.reason for each in reading.absences}, told(reading)
        found = {re.sub(r"\W", "", it.exact) for it in reading.extractions}
        assert not cut or found <= good, (found - good, body[-80:])


@pytest.mark.parametrize(
    "script",
    [
        "window.A = " + "[" * 50_000,
        "window.A = " + '{"a":' * 50_000,
        "window.A = " + "(" * 50_000,
        "window.A = (function(a){return " + "{a:" * 5_000,
        "window.A = '",
        "window.A = `${",
        "window.A = {a: 1, a: 2}",
        "window.A = {get a() { return 1 }, ...b, [c]: 2}",
        "window.A = 1 + 1",
        "window.A = f(1)",
        "window.A = 08",
        "window.A = 1_000",
        "window.A = 0x10",
        "window.A = 1n",
        "window.A = '1' + '2'",
        "window.A = JSON.parse('{')",
        "window.A /* nothing */",
    ],
)
def test_what_is_no_data_is_no_figure(script: str) -> None:
    reading = read_now("s", spec({"source": "variable", "path": "$"}), [html(script)])
    assert not reading.extractions
    assert {each.reason for each in reading.absences} <= {"wrong_format", "not_found"}, told(reading)


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        ("895<sup>1</sup>", "895"),
        ("57 %<sup><a href='#n'>(2)</a></sup>", "57 %"),
        ("<p>17</p><p>895</p>", "17\n895"),
        ("895 <small>12</small>", "895\n12"),
        ("10<sup>6</sup>", "10\n6"),
        ("12&nbsp;345", "12\u00a0345"),
    ],
)
def test_a_cell_of_two_numbers_is_not_one(cell: str, said: str) -> None:
    body = document(f"<table><tr><th>Mois<th>N<tr><td>2024-01<td>{cell}</table>")
    [it] = embedded.read("s", spec({"source": "table", "series": "N", "row": "2024-01"}), [body]).extractions
    assert it.exact == said


def test_variables_that_hold_one_another_do_not_grow_without_end() -> None:
    holders = "".join(f"const v{n} = [v{n + 1}, v{n + 1}];" for n in range(40))
    script = f"{holders} const v40 = [1, 2]; Plotly.newPlot('x', [{{x: v0, y: v0}}])"
    reading = read_now("s", spec({"source": "plotly", "date": True}), [html(script)])
    assert not reading.extractions


def test_a_payload_that_shares_its_values_does_not_grow_without_end() -> None:
    flat = ",".join(f"[{n + 1},{n + 1}]" for n in range(40))
    reading = read_now("s", spec({"source": "nuxt", "path": "$[0]"}), [document(f"[{flat},1]")])
    assert [each.reason for each in reading.absences] == ["wrong_format"]


def test_two_figures_of_one_date_are_none_and_the_same_twice_is_one() -> None:
    data = '[["2023-11", 5], ["2023-11", 5], ["2023-12", 6], ["2023-12", 7]]'
    reading = read_now(
        "s", spec({"source": "chartkick", "date": True}), [html(f"new Chartkick.Bar('a', {data})")]
    )
    assert [(it.exact, it.period_text) for it in reading.extractions] == [("5", "2023-11")]
    assert [each.reason for each in reading.absences] == ["ambiguous"]


def test_the_locator_and_the_reader_are_told() -> None:
    (it,) = embedded.read(
        "s", spec({"source": "plotly", "chart": "total"}), [saved("plotly.html")]
    ).extractions
    assert (it.locator_kind, it.locator, it.reader) == (
        "jsonpath",
        "plotly#total $[1][0]['value']",
        "embedded/2",
    )


# ------------------------------------------------------------------------------- service files


def service_file(folder: Path, locate: dict[str, Any]) -> Path:
    one = spec({"source": "plotly"}).metrics["a"].model_dump(mode="json", exclude_defaults=True)
    where = {"url": "https://service.example/stats", "protocol": "embedded"}
    pages = [{**where, "metrics": {"a": one | {"locate": locate}}}]
    file = {"id": "x", "name": "X", "incubator": "y", "pages": pages}
    assert Draft202012Validator(json_schema()).is_valid(file)
    path = folder / "x.yml"
    path.write_text(yaml.safe_dump(file, allow_unicode=True), "utf-8")
    return path


@of_each_case
def test_a_service_file_can_ask_it(tmp_path: Path, case: dict[str, Any]) -> None:
    read_ = load_file(service_file(tmp_path, case["locate"])).metrics["a"].locate
    assert read_ == EmbeddedLocator(**case["locate"])


@pytest.mark.parametrize(
    ("locate", "expected"),
    [
        ({"source": "nuxt"}, "path: field required: the JSONPath of the figure in nuxt"),
        ({"source": "nuxt", "path": "a b"}, "path: 'a b' is not a JSONPath"),
        ({"source": "table", "path": "$"}, "path: a table is read by `series`"),
        ({"source": "plotly", "path": "$", "series": "A"}, "series: either `path`, or `series` and `row`"),
        ({"source": "plotly", "row": "A", "date": True}, "row: either one `row`, or all of them"),
        ({"source": "plotly", "rows": "$"}, "rows: rows go with `path`"),
        ({"source": "plotly", "date": "$.a"}, "date: the path of a date goes with `rows`"),
        ({"source": "nuxt", "path": "$", "date": True}, "date: with `path`, the date is a JSONPath"),
    ],
)
def test_a_locator_must_be_coherent(tmp_path: Path, locate: dict[str, Any], expected: str) -> None:
    with pytest.raises(InvalidSpec, match=re.escape(expected)):
        load_file(service_file(tmp_path, locate))
