"""CSV with the place of every cell: the same cells as the standard reader gives, and where they stand."""

import codecs
import csv
import io
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.errors import NotAStatisticsPage, WrongFormat
from connectors.text.csv_text import DELIMITERS, content, decode, delimiter, named, parse, rows
from tests.connectors.values import document

CELLS = st.text(st.sampled_from(" ab1é,;\t\"'\r\n\u202f\u20ac"), max_size=8)
TABLES = st.lists(st.lists(CELLS, min_size=1, max_size=5), max_size=6)
# The standard writer leaves a stray line break unquoted when lines end in another way.
written_as = pytest.mark.parametrize(
    ("quoting", "ending"), [(csv.QUOTE_MINIMAL, "\r\n"), (csv.QUOTE_ALL, "\n"), (csv.QUOTE_ALL, "\r")]
)
of_each_delimiter = pytest.mark.parametrize("mark", DELIMITERS)


def written(table: list[list[str]], mark: str, ending: str, quoting: int = csv.QUOTE_MINIMAL) -> str:
    file = io.StringIO(newline="")
    csv.writer(file, delimiter=mark, lineterminator=ending, quoting=quoting).writerows(table)  # type: ignore[arg-type]
    return file.getvalue()


@of_each_delimiter
@written_as
@given(table=TABLES, last=st.booleans())
def test_the_span_of_every_cell_holds_what_was_written(
    mark: str, quoting: int, ending: str, table: list[list[str]], last: bool
) -> None:
    text = written(table, mark, ending, quoting)
    text = text if last else text.removesuffix(ending)
    assert [[content(text, span) for span in row] for row in rows(text, mark)] == table


@given(st.text(st.sampled_from('ab;"\n\r, é'), max_size=40))
def test_any_text_is_cut_into_spans_that_follow_one_another(text: str) -> None:
    try:
        spans = [span for row in rows(text, ";") for span in row]
    except WrongFormat:
        assert '"' in text
        return
    flat = [at for span in spans for at in span]
    assert flat == sorted(flat)
    assert set("".join(text[start:end] for start, end in spans)) >= set(text) - set(';"\r\n')


@of_each_delimiter
@given(
    names=st.lists(st.text("abcé ", min_size=1, max_size=6), min_size=2, max_size=5),
    data=st.lists(st.integers(0, 10**7), min_size=1, max_size=20),
)
def test_the_delimiter_is_found_out(mark: str, names: list[str], data: list[int]) -> None:
    decimal = "." if mark == "," else ","
    table = [names, *([f"{n // 100}{decimal}{n % 100:02}"] * len(names) for n in data)]
    assert delimiter(written(table, mark, "\n")) == mark


@pytest.mark.parametrize(
    ("text", "mark"),
    [
        ("Nombre, total;Date\n1,5;2024\n2;2023\n", ";"),
        ("Nombre; total,Date\n1.5,2024\n2,2023\n", ","),
        ('"a;b;c",d\n"1;2;3",4\n', ","),
        ("a;b\n1;2;3\n4;5\n", ";"),
        ("valeur\n12\n", ";"),
        ("", ";"),
    ],
)
def test_the_delimiter_is_the_one_that_cuts_evenly(text: str, mark: str) -> None:
    assert delimiter(text) == mark


@pytest.mark.parametrize(
    "body",
    [
        "é€;1\n".encode(),
        codecs.BOM_UTF8 + "é€;1\n".encode(),
        "é€;1\n".encode("cp1252"),
        codecs.BOM_UTF16_LE + "é€;1\n".encode("utf-16-le"),
        codecs.BOM_UTF16_BE + "é€;1\n".encode("utf-16-be"),
    ],
)
def test_the_encodings_of_spreadsheets_are_read(body: bytes) -> None:
    assert decode(body) == "é€;1\n"


def test_rows_keep_their_number_and_blank_ones_are_left_out() -> None:
    table = parse(document("\n;;\nnom;n\n\na;1\n;\nb;\n"))
    assert table.columns == ("nom", "n")
    assert [number for number, _ in table.rows] == [5, 7]
    assert [table.cell(row, 1) for row in (0, 1)] == ["1", ""]


@pytest.mark.parametrize(
    ("body", "unframed", "torn"),
    [
        ("a;b\n1;2", True, True),
        ("a;b\n1;2", False, False),  # RFC 4180: the last line may lack its end
        ("a;b\n1;2\n", True, False),
        ("a;b\r1;2\r", True, False),
        ('a;b\n1;"2"', True, False),
        ("a;b\n1;", True, True),
    ],
)
def test_a_last_cell_may_be_torn_where_nothing_says_that_the_body_is_whole(
    body: str, unframed: bool, torn: bool
) -> None:
    assert parse(replace(document(body), unframed=unframed)).torn is torn


def test_columns_are_named_without_case_and_with_accents() -> None:
    columns = ("Région ", "Dossiers\u00a0 déposés", "REGION", "région :")
    assert named(columns, "région") == [0, 3]
    assert named(columns, "dossiers déposés") == [1]
    assert named(columns, "Délai") == []


@given(st.binary(max_size=200))
def test_any_bytes_are_a_table_or_a_reason(body: bytes) -> None:
    try:
        table = parse(document(body))
    except (WrongFormat, NotAStatisticsPage):
        return
    assert table.columns
