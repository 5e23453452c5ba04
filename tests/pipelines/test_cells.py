"""Cells: what begins like a formula is neutralised, and comes back as it was."""

import csv
import io
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pipelines.exports.cell import clean, is_like_a_formula, restored, safe
from pipelines.exports.csv_file import cell

TEXTS = st.text(st.characters() | st.sampled_from("'=+-@\t\r\n ＝＋－＠\x00"))
"""Surrogates and control characters are among them."""

DANGEROUS = "=+-@\t\r\n＝＋－＠"


@given(TEXTS)
@example("'=1")
@example("''")
def test_a_neutralised_text_comes_back(text: str) -> None:
    assert restored(safe(text)) == clean(text)


@given(TEXTS)
def test_no_cell_begins_like_a_formula(text: str) -> None:
    assert not safe(text).startswith(tuple(DANGEROUS))
    assert not safe(text).lstrip().startswith(tuple("=+-@"))


@given(TEXTS, TEXTS)
def test_two_texts_stay_two(one: str, other: str) -> None:
    assert (safe(one) == safe(other)) == (clean(one) == clean(other))


@given(st.text(st.characters(min_codepoint=0x41, max_codepoint=0x2FF)))
def test_ordinary_texts_stay_as_they_are(text: str) -> None:
    assert is_like_a_formula(text) or safe(text) == clean(text)


@given(st.lists(TEXTS, min_size=1))
def test_csv_gives_back_what_it_was_given(texts: list[str]) -> None:
    written = io.StringIO(newline="")
    csv.writer(written, lineterminator="\r\n").writerow([cell(text) for text in texts])
    (read,) = csv.reader(io.StringIO(written.getvalue().encode().decode(), newline=""), strict=True)
    assert [restored(text) for text in read] == [clean(text) for text in texts]


@given(st.decimals(allow_nan=False, allow_infinity=False, places=6))
def test_a_number_stays_that_number(value: Decimal) -> None:
    assert Decimal(cell(value)) == value
    assert not cell(value).startswith("'")


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, ""),
        (True, "true"),
        (False, "false"),
        (-3, "-3"),
        (Decimal("-0.72"), "-0.72"),
        (Decimal("1E+6"), "1000000"),
        (date(2023, 12, 31), "2023-12-31"),
        (datetime(2023, 12, 31, 22, 0, 0, 1, UTC), "2023-12-31T22:00:00Z"),
        ("+73 %", "'+73 %"),
        ("-1", "'-1"),
        ("x16", "x16"),
        ("\u22125 pts", "\u22125 pts"),
        ("a\r\nb\rc", "a\nb\nc"),
    ],
)
def test_a_value_as_csv_writes_it(value: object, expected: str) -> None:
    assert cell(value) == expected
