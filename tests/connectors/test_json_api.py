"""Figures of a JSON endpoint: the token, where it stands, and a reason for every other thing."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.extraction import Document
from connectors.locators import JsonLocator
from connectors.protocols import json_api
from connectors.text.json_text import normalised, parse, spans
from tests.connectors.values import document, json_document, metric, page, told


def read_one(body: str | bytes, value: str = "$.n") -> str:
    return told(json_api.read("s", page("json", JsonLocator(value=value)), [document(body)]))["a"]


@pytest.mark.parametrize(
    ("body", "value", "exact"),
    [
        ('{"n": 83746}', "$.n", "83746"),
        ('{"n": 1.50}', "$.n", "1.50"),
        ('{"n": -0}', "$.n", "-0"),
        ('{"n": 1.5E7}', "$.n", "1.5E7"),
        ('{"n": ' + "9" * 6000 + "}", "$.n", "9" * 6000),
        ("83746", "$", "83746"),
        ('"83746"', "$", "83746"),
        ('\ufeff {"n": 1}', "$.n", "1"),
        ('{"a": [1, {"n é": "24.62"}]}', "$.a[1]['n é']", "24.62"),
        ('{"n": "1\\u202f575"}', "$.n", "1\u202f575"),
        ('{"r": [{"y": 2022, "n": 5}, {"y": 2023, "n": 7}]}', "$.r[?@.y == 2023].n", "7"),
    ],
)
def test_a_figure_is_kept_as_it_is_written(body: str, value: str, exact: str) -> None:
    assert read_one(body, value) == exact


@pytest.mark.parametrize(
    ("body", "told_"),
    [
        ('{"n": null}', "empty: $['n'] is null"),
        ('{"n": " "}', "empty: $['n'] is an empty text"),
        ('{"n": true}', "not_found: $['n'] is true, not a figure"),
        ('{"n": {"x": 1}}', "not_found: $['n'] is an object, not a figure"),
        ('{"n": []}', "not_found: $['n'] is a list, not a figure"),
        ('{"m": 1}', "not_found: nothing matches the query '$.n'"),
        ('{"n": "a\\u0000"}', "wrong_format: \"$['n']\" holds a character that is not text"),
        ('{"n": "\\ud800"}', "wrong_format: \"$['n']\" holds a character that is not text"),
        (
            '{"n": 1, "n": 2}',
            "wrong_format: the body is not JSON: the key 'n' is written twice in one object",
        ),
        ('{"n": NaN}', "wrong_format: the body is not JSON: NaN is not a JSON number"),
        ('{"n": -Infinity}', "wrong_format: the body is not JSON: -Infinity is not a JSON number"),
        ('{"n": 1} x', "wrong_format: the body is not JSON: Extra data: line 1 column 10 (char 9)"),
        ("", "wrong_format: the body is not JSON: Expecting value: line 1 column 1 (char 0)"),
        (b'{"n": "\xe9"}', "wrong_format: the body is not UTF-8: byte 7 cannot be read"),
        ("[" * 100_000, "wrong_format: the body is nested too deep to be read"),
        (
            " <!DOCTYPE html><html><body>Connexion",
            "not_a_statistics_page: an HTML page answered where JSON was expected",
        ),
    ],
)
def test_everything_else_has_its_reason(body: str | bytes, told_: str) -> None:
    assert read_one(body) == told_


@pytest.mark.parametrize("body", ["<!-- x --><p>", "\n<HTML>", "<head>", "<!DOCTYPE  html>"])
def test_html_is_recognised_however_it_begins(body: str) -> None:
    assert read_one(body).startswith("not_a_statistics_page")


def test_a_query_that_goes_too_deep_is_a_wrong_format() -> None:
    body = '{"x":' * 200 + "1" + "}" * 200
    assert read_one(body, "$..n").startswith("wrong_format: the query '$..n' cannot be answered")


def test_two_matches_are_ambiguous() -> None:
    assert read_one('{"a": {"n": 1}, "b": {"n": 1}}', "$..n") == "ambiguous: 2 places match the query '$..n'"


def test_each_row_gives_a_figure_with_its_date() -> None:
    body = json_document(
        {"stats": [{"date": "2022-12", "value": 906399}, {"date": 1703980800, "value": "1575332"}]}
    )
    locate = JsonLocator(rows="$.stats[*]", value="$.value", date="$.date")
    reading = json_api.read("s", page("json", locate), [body])
    assert [(each.exact, each.period_text, each.notation, each.locator) for each in reading.extractions] == [
        ("906399", "2022-12", "json", "$['stats'][0]['value']"),
        ("1575332", "1703980800", "french", "$['stats'][1]['value']"),
    ]
    assert not reading.absences


def test_a_row_without_a_figure_is_told_and_costs_no_other_row() -> None:
    body = json_document([{"d": "2022", "n": 1}, {"d": "2023", "n": None}, {"d": None, "n": 3}, {"n": 4}])
    locate = JsonLocator(rows="$[*]", value="$.n", date="$.d")
    reading = json_api.read("s", page("json", locate), [body])
    assert [each.exact for each in reading.extractions] == ["1"]
    assert [each.sentence for each in reading.absences] == ["$[1]['n'] is null (and 2 more rows)"]


def test_no_row_is_not_found() -> None:
    reading = json_api.read("s", page("json", JsonLocator(rows="$[*]", value="$.n")), [document("[]")])
    assert told(reading)["a"] == "not_found: no row matches the query '$[*]'"


def test_the_date_of_the_page_goes_with_its_figures() -> None:
    body = document('{"at": "2023-12-31", "n": 5}')
    dated = page("json", JsonLocator(value="$.n"), dated=JsonLocator(value="$.at"))
    assert json_api.read("s", dated, [body]).extractions[0].period_text == "2023-12-31"


def test_a_figure_whose_stated_date_is_missing_is_absent() -> None:
    dated = page("json", JsonLocator(value="$.n"), dated=JsonLocator(value="$.at"))
    assert (
        told(json_api.read("s", dated, [document('{"n": 5}')]))["a"]
        == "not_found: nothing matches the query '$.at'"
    )


def test_texts_are_written_as_the_spec_says() -> None:
    locate = JsonLocator(value="$.n")
    both = page("json", metrics={"a": metric(locate), "b": metric(locate, decimal=".")})
    reading = json_api.read("s", both, [document('{"n": "24.62"}')])
    assert [each.notation for each in reading.extractions] == ["french", "dot"]


def test_an_extraction_carries_its_whole_proof() -> None:
    body = document('{"total": 83746}')
    spec = page("json", JsonLocator(value="$.total"))
    (it,) = json_api.read("dossierfacile", spec, [body]).extractions
    assert (it.service_id, it.metric_id, it.body_sha256) == ("dossierfacile", "a", body.sha256)
    assert (it.locator_kind, it.locator, it.prefix, it.suffix) == (
        "jsonpath",
        "$['total']",
        '{"total": ',
        "}",
    )
    assert (it.start, it.end, it.reader, it.spec_version) == (10, 15, "json/1", spec.version)


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inside: st.lists(inside, max_size=4) | st.dictionaries(st.text(max_size=5), inside, max_size=4),
    max_leaves=12,
)


def every_place(value: object, here: tuple[int | str, ...] = ()) -> dict[tuple[int | str, ...], object]:
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    places: dict[tuple[int | str, ...], object] = {here: value}
    for step, child in inside:
        places |= every_place(child, (*here, step))
    return places


@given(VALUES, st.sampled_from([None, 0, 3]), st.booleans())
def test_the_span_of_every_place_is_its_own_text(value: object, indent: int | None, ascii_only: bool) -> None:
    text = json.dumps(value, indent=indent, ensure_ascii=ascii_only)
    for location, (start, end) in spans(text, every_place(value)).items():
        assert json.loads(text[start:end]) == every_place(value)[location]


@given(VALUES, st.sampled_from([None, 2]))
def test_the_span_of_a_number_is_its_token(value: object, indent: int | None) -> None:
    body = Document("https://service.example/", "", json.dumps(value, indent=indent).encode(), "0" * 64)
    text = parse(body).text
    numbers = [where for where, each in every_place(value).items() if type(each) in (int, float)]
    for location in numbers:
        (it,) = json_api.read("s", page("json", JsonLocator(value=normalised(location))), [body]).extractions
        assert text[it.start : it.end] == it.exact == json.dumps(every_place(value)[location])
        assert text.startswith(it.prefix + it.exact + it.suffix, it.start - len(it.prefix))


@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_any_bytes_give_a_figure_or_a_reason(content: bytes) -> None:
    assert set(told(json_api.read("s", page("json", JsonLocator(value="$")), [document(content)]))) == {"a"}


def by_key(body: str) -> dict[str, str]:
    locate = JsonLocator(rows="$.months.*", value="$", date="key")
    reading = json_api.read("s", page("json", locate), [document(body)])
    figures = {f"{it.locator} {it.period_text}": it.exact for it in reading.extractions}
    return figures | {each.reason: each.sentence for each in reading.absences}


def test_a_row_may_be_dated_by_the_name_it_stands_under() -> None:
    assert by_key('{"months": {"2023-10": 12, "Novembre 2023": "1 500"}}') == {
        "$['months']['2023-10'] 2023-10": "12",
        "$['months']['Novembre 2023'] Novembre 2023": "1 500",
    }


def test_a_row_of_a_list_has_no_name() -> None:
    (sentence,) = by_key('{"months": [12, 15]}').values()
    assert sentence.startswith("in the row $['months'][0], it stands in a list")
