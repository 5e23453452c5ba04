"""Exports: the published tables as files, read back by the tools that people have."""

import csv
import json
import os
import re
import signal
import time
import zipfile
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import frictionless
import openpyxl
import pandas as pd
import pyarrow.parquet as pq
import pytest

from pipelines.exports.export import FORMATS, WORKBOOK, export
from pipelines.exports.xlsx_file import LONGEST, for_people
from pipelines.services import services_of
from tests.pipelines.world import END_OF_2022, END_OF_2023, World, ended, evening
from warehouse.lineage import trace
from warehouse.publication.column import Column, Table
from warehouse.publication.national import NATIONAL_FIELDS
from warehouse.publication.national import TABLE as NATIONAL
from warehouse.publication.publication import Publication, publication_at
from warehouse.publication.tables import TABLES

Copy = Callable[[World], World]

PATIENCE = 60.0
ROOM = 33_000
"""Bytes: enough for SQLite to open the warehouse, too little for some files."""

TYPES: dict[str, type] = {
    "text": str,
    "code": str,
    "url": str,
    "integer": int,
    "year": int,
    "number": Decimal,
    "boolean": bool,
    "date": date,
    "moment": datetime,
}


@pytest.fixture(scope="module")
def publication(demo: World) -> Iterator[Publication]:
    """What may be read after the two nights of the demo."""
    with demo.connection() as connection:
        yield publication_at(connection, evening(END_OF_2023), services_of(demo.settings()).services)


@pytest.fixture(scope="module")
def folder(publication: Publication, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Everything, exported once; nobody changes it."""
    path = tmp_path_factory.mktemp("export")
    export(publication, path, list(FORMATS))
    return path


def contents(folder: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in sorted(folder.iterdir())}


def asked(query: str) -> list[tuple[Any, ...]]:
    """What DuckDB answers."""
    with duckdb.connect() as connection:
        return connection.execute(query).fetchall()


# --- the rows --------------------------------------------------------------------------------


@pytest.mark.parametrize("table", [*TABLES, NATIONAL], ids=lambda table: table.name)
def test_every_row_is_as_its_columns_say(publication: Publication, table: Table) -> None:
    rows = list(table.rows(publication))
    assert rows or table.name == "reconciliation"  # no report was imported
    for row in rows:
        assert row.keys() == {column.name for column in table.columns}
        for column in table.columns:
            _check(column, row[column.name])


def _check(column: Column, value: Any) -> None:
    if value is None:
        assert not column.required, column.name
        return
    expected = TYPES[column.type]
    assert type(value) is expected, (column.name, value)
    assert column.type != "code" or value in column.words, (column.name, value)
    assert not isinstance(value, datetime) or value.tzinfo is UTC


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_every_row_leads_back_to_its_proof(publication: Publication, demo: World, table: Table) -> None:
    rows = [row for row in table.rows(publication) if row["id"]]  # a service that never answered has none
    assert len({row["id"] for row in rows}) == len(rows)
    for row in rows[:: max(1, len(rows) // 5)]:
        trace(publication.connection, demo.kept(), row["id"])


# --- read back by others -------------------------------------------------------------------


def test_the_package_and_every_table_in_it_are_valid(folder: Path) -> None:
    report = frictionless.validate(str(folder / "datapackage.json"))
    assert report.valid, report.flatten(["name", "type", "message"])
    described = json.loads((folder / "datapackage.json").read_text("utf-8"))
    names = {resource["path"] for resource in described["resources"]}
    assert names == contents(folder).keys() - {"datapackage.json"}


def test_the_national_file_is_valid(folder: Path) -> None:
    schema = frictionless.Schema.from_descriptor(json.loads((folder / "schema.json").read_text("utf-8")))
    file = frictionless.Resource(path=f"{NATIONAL.name}.csv", schema=schema, basepath=str(folder))
    report = file.validate()
    assert report.valid, report.flatten(["rowNumber", "fieldName", "type", "message"])
    assert report.stats["errors"] == 0
    assert report.tasks[0].stats["rows"] > 20


def test_the_schema_begins_as_the_national_one(folder: Path) -> None:
    fields = json.loads((folder / "schema.json").read_text("utf-8"))["fields"]
    assert tuple(field["name"] for field in fields[: len(NATIONAL_FIELDS)]) == NATIONAL_FIELDS
    frequency = next(field for field in fields if field["name"] == "frequence_monitoring")
    assert set(frequency["constraints"]["enum"]) == {
        "quotidienne", "hebdomadaire", "mensuelle", "annuelle", "trimestrielle", "semestrielle", "autre",
    }  # fmt: skip


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_duckdb_and_pandas_read_the_parquet_files_with_their_types(
    publication: Publication, folder: Path, table: Table
) -> None:
    path = folder / f"{table.name}.parquet"
    rows = list(table.rows(publication))
    found = asked(f"DESCRIBE SELECT * FROM '{path}'")
    assert {name: kind for name, kind, *_ in found} == {
        column.name: _DUCKDB[column.type] for column in table.columns
    }
    numbers = [column.name for column in table.columns if column.type == "number"]
    for name in numbers:
        total = asked(f"SELECT sum({name}) FROM '{path}'")[0][0]
        assert (total or 0) == sum(row[name] or 0 for row in rows)
    frame = pd.read_parquet(path)
    assert len(frame) == len(rows)
    assert list(frame.columns) == [column.name for column in table.columns]


_DUCKDB = {
    "text": "VARCHAR",
    "code": "VARCHAR",
    "url": "VARCHAR",
    "integer": "BIGINT",
    "year": "BIGINT",
    "number": "DECIMAL(24,6)",
    "boolean": "BOOLEAN",
    "date": "DATE",
    "moment": "TIMESTAMP WITH TIME ZONE",
}


def test_parquet_columns_bear_their_comments(folder: Path) -> None:
    schema = pq.read_schema(folder / "figures.parquet")
    comment = schema.field("value").metadata
    assert comment[b"comment"] == b"The value, in the unit."
    assert comment[b"comment_fr"].decode() == "La valeur, dans l'unité."
    assert schema.metadata[b"title_fr"].decode() == "Derniers chiffres"


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_duckdb_and_pandas_read_the_csv_files(publication: Publication, folder: Path, table: Table) -> None:
    path = folder / f"{table.name}.csv"
    rows = list(table.rows(publication))
    frame = pd.read_csv(path, dtype=str, keep_default_na=False)
    assert list(frame["id"]) == [row["id"] or "" for row in rows]
    ((counted,),) = asked(f"SELECT count(*) FROM read_csv('{path}', header = true, all_varchar = true)")
    assert counted == len(rows)


def test_csv_is_as_rfc_4180_says(folder: Path) -> None:
    for path in folder.glob("*.csv"):
        data = path.read_bytes()
        assert data.endswith(b"\r\n")
        assert not data.startswith(b"\xef\xbb\xbf")
        with path.open(encoding="utf-8", newline="") as file:
            lines = list(csv.reader(file, strict=True))
        assert len({len(line) for line in lines}) == 1


# --- the workbook --------------------------------------------------------------------------


@pytest.fixture(scope="module")
def workbook(folder: Path) -> Any:
    return openpyxl.load_workbook(folder / WORKBOOK)


def test_the_workbook_has_a_sheet_to_a_table_and_a_dictionary(workbook: Any) -> None:
    assert workbook.sheetnames == [
        "À lire", "Derniers chiffres", "Évolutions", "Impact national", "Portefeuille", "Indicateurs PLF",
        "Rapprochement", "Incidents", "Fraîcheur", "Dictionnaire",
    ]  # fmt: skip
    for table in TABLES:
        if table.in_workbook:
            sheet = workbook[table.title]
            assert [cell.value for cell in sheet[1]] == [column.label for column in for_people(table)]
            assert sheet.freeze_panes == "A2"
            assert sheet.auto_filter.ref.startswith("A1:")
    explained = {row[3].value for row in workbook["Dictionnaire"].iter_rows(min_row=2)}
    assert explained >= {"figures.value", "growth.display", "impact_national.missing"}


def _column(workbook: Any, table: str, name: str) -> list[Any]:
    (shown,) = (one for one in TABLES if one.name == table)
    place = [column.name for column in for_people(shown)].index(name)
    return [row[place] for row in workbook[shown.title].iter_rows(min_row=2)]


def test_figures_are_numbers_linked_to_their_proof(workbook: Any) -> None:
    values = [cell for cell in _column(workbook, "figures", "value") if cell.value is not None]
    assert len(values) > 20
    assert {cell.data_type for cell in values} == {"n"}
    assert all(cell.hyperlink.target.startswith("http://127.0.0.1") for cell in values)
    shapes = {cell.number_format for cell in values}
    assert {"[$-40C]#,##0", '[$-40C]#,##0"\u00a0%"'} <= shapes


def test_days_are_days_and_codes_are_french(workbook: Any) -> None:
    days = _column(workbook, "figures", "period_end")
    assert all(cell.is_date for cell in days)
    assert {cell.number_format for cell in days} == {"[$-40C]dd/mm/yyyy"}
    assert {cell.value for cell in _column(workbook, "figures", "state")} <= {
        "publié", "refusé par un contrôle",
    }  # fmt: skip
    assert {cell.number_format for cell in _column(workbook, "plf", "year")} == {"0"}


def test_a_printed_growth_is_a_text_to_copy(workbook: Any) -> None:
    shown = {cell.value: cell for cell in _column(workbook, "growth", "display") if cell.value}
    assert "+198 %" in shown
    assert shown["+198 %"].data_type == "s"
    assert shown["+198 %"].quotePrefix


def test_with_a_site_figures_lead_to_their_page_there(publication: Publication, tmp_path: Path) -> None:
    for site, expected in (
        ("https://impact.example/", "https://impact.example/figures/"),
        ("../site", "..\\site\\figures\\"),
    ):
        export(publication, tmp_path, ["xlsx"], site)
        workbook = openpyxl.load_workbook(tmp_path / WORKBOOK)
        linked = _column(workbook, "figures", "value") + _column(workbook, "growth", "display")
        targets = [cell.hyperlink.target for cell in linked if cell.value is not None]
        assert all(re.fullmatch(re.escape(expected) + r"[0-9a-f]{20}\.html", one) for one in targets)


def test_no_cell_is_a_formula(folder: Path) -> None:
    with zipfile.ZipFile(folder / WORKBOOK) as book:
        sheets = [book.read(name) for name in book.namelist() if name.startswith("xl/worksheets/sheet")]
    assert len(sheets) == 10
    assert not any(b"<f>" in sheet or b"<f " in sheet for sheet in sheets)


# --- strangers' words ----------------------------------------------------------------------

HOSTILE = (
    "=cmd|' /C calc'!A0", "+1+1", "-2+3", "@SUM(A1)", "\tx", "\r=1", "\n=1", "'=1", "''=1", " =1", "＝1+1",
    '"', 'a"b,c', "a\r\nb", "<script>alert(1)</script>", "\u202egnp.exe", "x" * 10_000, "=" * 40_000,
    "_x0041_", "nul\x00", "\ud800", "", " ", "NULL", "#N/A", "true", "-1", "1e5", "{=1}", "https://a.b/c",
)  # fmt: skip


def _stranger(texts: tuple[str, ...]) -> Table:
    columns = (
        Column("id", "Id.", "Un.", "One.", required=True),
        Column("said", "Dit", "Un.", "One."),
        Column("value", "Valeur", "Un.", "One.", "number", in_unit=True),
        Column("unit", "Unité", "Un.", "One."),
    )
    rows = [
        {"id": str(place), "said": text, "value": Decimal(-place), "unit": text}
        for place, text in enumerate(texts)
    ]
    return Table("strangers", "Étrangers", "Un.", "One.", columns, lambda _: rows)


def test_hostile_texts_stay_texts_in_every_format(publication: Publication, tmp_path: Path) -> None:
    from pipelines.exports import csv_file, parquet_file, xlsx_file
    from pipelines.exports.cell import clean, is_like_a_formula, restored

    table, cleaned = _stranger(HOSTILE), [clean(text) for text in HOSTILE]
    csv_file.write(table, publication, tmp_path / "a.csv")
    with (tmp_path / "a.csv").open(encoding="utf-8", newline="") as file:
        _, *lines = csv.reader(file, strict=True)
    assert [restored(line[1]) for line in lines] == cleaned
    assert not any(is_like_a_formula(line[1]) and line[1][0] != "'" for line in lines)
    assert [Decimal(line[2]) for line in lines] == [-place for place in range(len(HOSTILE))]

    parquet_file.write(table, publication, tmp_path / "a.parquet")
    assert pq.read_table(tmp_path / "a.parquet")["said"].to_pylist() == cleaned

    xlsx_file.write([table], publication, tmp_path / "a.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "a.xlsx")["Étrangers"]
    cells = [row[1] for row in sheet.iter_rows(min_row=2)]
    assert {cell.data_type for cell in cells if cell.value} == {"s"}
    shown = [cell.value or "" for cell in cells]
    assert [text for text in shown if len(text) < 20_000] == [text for text in cleaned if len(text) < 20_000]
    assert [len(text) for text in shown if len(text) > 20_000] == [LONGEST]
    assert [row[2].value for row in sheet.iter_rows(min_row=2)] == [-place for place in range(len(HOSTILE))]


# --- the same bytes, all of them or none ---------------------------------------------------


def test_the_same_rows_are_the_same_bytes(publication: Publication, folder: Path, tmp_path: Path) -> None:
    export(publication, tmp_path, list(FORMATS))
    assert contents(tmp_path) == contents(folder)


def test_a_file_that_did_not_change_is_left_alone(publication: Publication, tmp_path: Path) -> None:
    export(publication, tmp_path, ["csv"])
    before = {path.name: path.stat().st_ino for path in tmp_path.iterdir()}
    (tmp_path / "growth.csv").write_text("old", "utf-8")
    export(publication, tmp_path, ["csv"])
    after = {path.name: path.stat().st_ino for path in tmp_path.iterdir()}
    assert {name for name in before if before[name] != after[name]} == {"growth.csv"}


def test_files_of_other_names_are_left_alone(publication: Publication, tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine", "utf-8")
    export(publication, tmp_path, ["schema"])
    assert contents(tmp_path).keys() == {
        "notes.txt", "impact-service-public-numerique.csv", "schema.json", "datapackage.json",
    }  # fmt: skip


@pytest.fixture
def into(demo: World, tmp_path: Path) -> Path:
    """A folder as of the first night; the command would bring it to the second."""
    with demo.connection() as connection:
        files = services_of(demo.settings()).services
        export(publication_at(connection, evening(END_OF_2022), files), tmp_path / "out", list(FORMATS))
    return tmp_path / "out"


def test_a_killed_export_leaves_every_file_whole(demo: World, folder: Path, into: Path) -> None:
    old = contents(into)
    assert old.keys() == contents(folder).keys()
    with demo.start("export", str(into)) as process:
        deadline = time.monotonic() + PATIENCE
        while not list(into.glob(".*")):
            assert process.poll() is None, ended(process).err
            assert time.monotonic() < deadline
        process.send_signal(signal.SIGKILL)
    assert process.returncode == -signal.SIGKILL
    left = {name: data for name, data in contents(into).items() if not name.startswith(".")}
    assert left == old
    assert demo.impact("export", str(into)).status == 0
    assert contents(into) == contents(folder)


@pytest.mark.parametrize("format_", ["csv", "xlsx"])
def test_an_export_that_finds_no_room_leaves_every_file_whole(demo: World, into: Path, format_: str) -> None:
    old = contents(into)
    (into / "figures.csv").write_bytes(b"")
    end = demo.impact("export", str(into), "--format", format_, largest=ROOM)
    assert (end.status, end.out) == (1, "")
    assert end.sentence.startswith(f"The export into {into} was not written: File too large. ")
    assert contents(into) == old | {"figures.csv": b""}


def test_two_exports_at_once_leave_one_state(demo: World, folder: Path, into: Path) -> None:
    with demo.start("export", str(into)) as one, demo.start("export", str(into)) as other:
        assert [ended(one).status, ended(other).status] == [0, 0]
    assert contents(into) == contents(folder)


# --- the verbs -----------------------------------------------------------------------------


@pytest.mark.parametrize("verb", ["export", "datasette", "role"])
def test_the_verbs_explain_themselves(demo: World, verb: str) -> None:
    end = demo.impact(verb, "--help")
    assert (end.status, end.err) == (0, "")


def test_the_verb_writes_the_formats_asked_for(demo: World, tmp_path: Path) -> None:
    end = demo.impact("export", str(tmp_path / "a" / "b"), "--format", "schema", "--format", "xlsx")
    assert (end.status, end.err) == (0, "")
    assert contents(tmp_path / "a" / "b").keys() == {
        "impact-service-public-numerique.csv", "schema.json", "impact.xlsx", "datapackage.json",
    }  # fmt: skip
    assert "impact.xlsx" in end.out


MISTAKES: dict[str, tuple[list[str], int, str]] = {
    "before any night": (["export", "out", "--at", "2021-01-01"], 1, "No night had passed its checks by "),
    "a file for a folder": (["export", "/dev/null"], 1, "The export into /dev/null was not written: "),
    "a folder for a file": (["datasette", "missing/metadata.json"], 1, "The file missing/metadata.json "),
    "a role of a strange name": (["role", "a;b"], 1, "'a;b' cannot be the name of the role. "),
}


@pytest.mark.parametrize("case", MISTAKES)
def test_what_cannot_be_done_is_said_in_one_sentence(demo: World, copy: Copy, case: str) -> None:
    arguments, status, sentence = MISTAKES[case]
    end = copy(demo).impact(*arguments)
    assert (end.status, end.out) == (status, "")
    assert end.sentence.startswith(sentence)


def test_the_verb_writes_what_datasette_shows(demo: World, tmp_path: Path) -> None:
    assert demo.impact("datasette", str(tmp_path / "metadata.json")).status == 0
    described = json.loads((tmp_path / "metadata.json").read_text("utf-8"))
    assert described["databases"]["impact"]["tables"]["growth"]["columns"]["display"]


def test_the_verb_prints_the_role(demo: World) -> None:
    end = demo.impact("role", "lecture")
    assert (end.status, end.err) == (0, "")
    assert end.out.rstrip().endswith("COMMIT;")
    assert os.linesep in end.out
