"""JavaScript data against the JSON that they contain, and where each part stands."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.errors import WrongFormat
from connectors.text.js_literal import NOT_DATA, Location, arguments, in_code, parse, variables

TEXT = st.text(st.characters(exclude_categories=["Cs"]))
DATA = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | TEXT,
    lambda inner: st.lists(inner) | st.dictionaries(TEXT, inner),
)


def leaves(value: object, here: Location = ()) -> dict[Location, object]:
    if isinstance(value, dict):
        return {k: v for key, inner in value.items() for k, v in leaves(inner, (*here, key)).items()}
    if isinstance(value, list):
        return {k: v for rank, inner in enumerate(value) for k, v in leaves(inner, (*here, rank)).items()}
    return {here: value}


@given(DATA, st.booleans())
def test_json_is_data_and_each_part_stands_where_it_says(value: object, ascii_only: bool) -> None:
    text = json.dumps(value, ensure_ascii=ascii_only)
    literal = parse(text)
    assert literal.value == value
    assert literal.end == len(text)
    for location, leaf in leaves(value).items():
        start, end = literal.spans[location]
        written = text[start - 1 : end + 1] if isinstance(leaf, str) else text[start:end]
        assert json.loads(written) == leaf


@given(st.text("[]{}()'\"`,:/*\\ \n1a.-!$"))
def test_no_text_is_more_than_refused(text: str) -> None:
    try:
        literal = parse(text)
    except WrongFormat:
        return
    assert 0 < literal.end <= len(text)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("{a: 1, 'b-c': [2,], }", {"a": 1, "b-c": [2]}),
        ("[/* un */ 1, // deux\n 2]", [1, 2]),
        ("'l\\'été \\u{1F600}\\x41\\\n'", "l'été \U0001f600A"),
        ("`a b`", "a b"),
        ("new Date('2023-12-31')", "2023-12-31"),
        ("[!0, !1, undefined, NaN]", [True, False, None, None]),
        ("[1 + 1, f(2), -x, a.b, 3]", [NOT_DATA] * 4 + [3]),
        ("{a, b() { return '}' }, ...c, [d]: 1, e: 2}", {"e": 2}),
        ("[new Date(2023, 0, 1), 1]", [NOT_DATA, 1]),
        ("[function () { return [1, 2] }, (x) => x, 4]", [NOT_DATA, NOT_DATA, 4]),
    ],
)
def test_what_scripts_write(text: str, value: object) -> None:
    assert parse(text).value == value


def test_arguments_end_with_the_call() -> None:
    text = "f('a', [1], g(2), {b: 3}) + 1"
    literal = arguments(text, 2)
    assert literal.value == ["a", [1], NOT_DATA, {"b": 3}]
    assert text[literal.end :] == " + 1"


def test_code_is_neither_in_strings_nor_in_comments() -> None:
    text = "x; 'x'; \"x\"; `x`; // x\n/* x */ x"
    assert [match.start() for match in in_code("x", text)] == [0, len(text) - 1]


@pytest.mark.parametrize(
    "script",
    [
        "const a = [1]; a.push(2)",
        "let a = [1]; a = [2]",
        "const a = 1 + 1",
        "const a = a",
        "var b = 1",
        "const a = 1; a[0]",
    ],
)
def test_a_variable_that_may_change_is_not_known(script: str) -> None:
    assert variables(script)("a") is None


def test_a_constant_is_known_through_another() -> None:
    known = variables("const b = [1, 2]; const a = {c: b}; g(a)")("a")
    assert known is not None
    assert known.value == {"c": [1, 2]}
