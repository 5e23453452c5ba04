"""Doors into the warehouse: what Datasette shows of it, and the role that may only read."""

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from tests.warehouse.build import World, night
from tests.warehouse.conftest import Postgres
from tests.warehouse.publishing import close, hold
from warehouse.archive import Archive
from warehouse.database import open_database
from warehouse.derived import growth
from warehouse.errors import InvalidRole
from warehouse.publication.datasette import database_name, metadata, questions
from warehouse.publication.role import script
from warehouse.tables import metadata as tables

ANSWERS: dict[str, tuple[dict[str, str], list[tuple[Any, ...]]]] = {
    # question → what is given, and the first columns of each row
    "derniers_chiffres": ({}, [("essai", "Dossiers", 173154)]),
    "evolutions_d_une_annee": ({"annee": "2023"}, [("essai", "dossiers", "2022", "2023", "+198 %")]),
    "impact_national": ({}, []),
    "ce_qui_a_change": (
        {"depuis": "2024-01-01"},
        [("2024-01-02T03:00:00.000000Z", "essai", "dossiers", "valeur", "12")],
    ),
    "histoire_d_un_chiffre": (
        {"service": "essai", "chiffre": "dossiers"},
        [
            (None, "2022-12-31", 58000, "dossier", "58 000"),
            (None, "2023-12-31", 173154, "dossier", "173 154"),
            (None, "2024-01-02", 12, "dossier", "12"),
        ],
    ),
}


@pytest.fixture
def asked(migrated_sqlite: Path, tmp_path: Path, archive: Archive) -> Iterator[sqlite3.Connection]:
    """A SQLite warehouse in which the last figure is refused; Datasette opens no other."""
    path = shutil.copy(migrated_sqlite, tmp_path / "warehouse.db")
    engine = open_database(f"sqlite:///{path}")
    world = World(engine, archive)
    for day, printed in {"2022-12-31": "58 000", "2023-12-31": "173 154"}.items():
        good = world.shows(day, dossiers=printed).rows[0]
        with engine.begin() as connection:
            growth.derive(connection, world.services, night(day))
        close(world, night(day))
    bad = world.shows("2024-01-02", dossiers="12").rows[0]
    hold(world, "2024-01-02", bad, "Un cumul ne baisse pas.", good)
    with closing(sqlite3.connect(path)) as connection:
        yield connection
    engine.dispose()


@pytest.mark.parametrize("name", questions())
def test_a_ready_question_has_its_answer(asked: sqlite3.Connection, name: str) -> None:
    given, expected = ANSWERS[name]
    found = asked.execute(questions()[name]["sql"], given).fetchall()
    width = len(expected[0]) if expected else 0
    assert [row[:width] for row in found] == expected


def test_the_story_of_a_figure_tells_what_was_refused(asked: sqlite3.Connection) -> None:
    given, _ = ANSWERS["histoire_d_un_chiffre"]
    story = asked.execute(questions()["histoire_d_un_chiffre"]["sql"], given).fetchall()
    assert [row[6] for row in story] == [None, None, "Un cumul ne baisse pas."]


def test_a_service_of_national_impact_is_one_row_by_the_rules_in_force(asked: sqlite3.Connection) -> None:
    for rules, known in (("2016-01", "2022-12-31"), ("2023-01", "2023-12-31")):
        asked.execute(
            "INSERT INTO qualifications (id, service_id, as_of, verdict, designated, cohort, rule_set,"
            " withdrawn, known_at) VALUES (?, 'essai', ?, 'unknown', 1, 2018, ?, 0, ?)",
            (rules, known, rules, f"{known}T03:00:00.000000Z"),
        )
    rows = asked.execute(questions()["impact_national"]["sql"]).fetchall()
    assert [(row[0], row[6]) for row in rows] == [("essai", "2023-01")]


def test_every_question_is_put_in_french() -> None:
    assert all(one["title"] and one["description"].endswith(".") for one in questions().values())


def test_every_table_and_column_is_described() -> None:
    described = metadata("impact")["databases"]["impact"]["tables"]
    assert described.keys() == tables.tables.keys()
    for name, table in tables.tables.items():
        assert described[name]["description"] == table.comment
        assert described[name]["columns"] == {column.name: column.comment for column in table.columns}


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("sqlite:///data/impact.sqlite", "impact"),
        ("sqlite:////srv/nuit.2023.db", "nuit.2023"),
        ("sqlite://", "impact"),
        ("postgresql://impact@db/impact", "impact"),
    ],
)
def test_datasette_names_a_database_after_its_file(url: str, expected: str) -> None:
    assert database_name(url) == expected


# --- the role --------------------------------------------------------------------------------


@pytest.fixture
def reader(postgres: Postgres) -> Iterator[str]:
    """A role made by the script, run twice."""
    for _ in range(2):
        with postgres.warehouse.connect() as connection:
            driver: Any = connection.connection.driver_connection
            driver.execute(script("lecture"))
            driver.commit()
    yield "lecture"
    with postgres.warehouse.begin() as connection:
        connection.exec_driver_sql("DROP OWNED BY lecture")
        connection.exec_driver_sql("DROP ROLE lecture")


def _as_role(connection: sa.Connection, role: str) -> None:
    connection.exec_driver_sql(f"SET LOCAL ROLE {role}")


def test_the_role_reads_every_table(postgres: Postgres, reader: str) -> None:
    with postgres.warehouse.begin() as connection:
        _as_role(connection, reader)
        for table in tables.tables.values():
            connection.execute(sa.select(table).limit(1))


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM nights",
        "UPDATE nights SET state = 'publishable'",
        "INSERT INTO confirmations (id, table_name, scope, known_at) VALUES ('1', '', '', now())",
        "TRUNCATE nights",
        "DROP TABLE nights",
        "CREATE TABLE mine (a int)",
    ],
)
def test_the_role_changes_nothing(postgres: Postgres, reader: str, statement: str) -> None:
    with postgres.warehouse.connect() as connection:
        _as_role(connection, reader)
        with pytest.raises(sa.exc.ProgrammingError, match=r"permission denied|must be owner"):
            connection.exec_driver_sql(statement)


def test_the_role_reads_tables_that_a_later_version_adds(postgres: Postgres, reader: str) -> None:
    with postgres.warehouse.connect() as connection:
        connection.exec_driver_sql("CREATE TABLE added_later (a int)")
        _as_role(connection, reader)
        assert connection.exec_driver_sql("SELECT * FROM added_later").all() == []
        connection.rollback()


def test_the_role_is_bound_by_its_settings(postgres: Postgres, reader: str) -> None:
    query = "SELECT unnest(setconfig) FROM pg_db_role_setting JOIN pg_roles r ON r.oid = setrole"
    with postgres.warehouse.connect() as connection:
        settings = set(connection.scalars(sa.text(f"{query} WHERE rolname = '{reader}'")))
    assert "default_transaction_read_only=on" in settings
    assert "statement_timeout=5min" in settings


@pytest.mark.parametrize(
    "name",
    [
        "",
        "Lecture",
        "lecture;",
        'a"b',
        "a'b",
        "a b",
        "1a",
        "pg_lecture",
        "public",
        "none",
        "é",
        "a" * 64,
        "a\n",
    ],
)
def test_a_name_that_is_no_plain_one_is_refused(name: str) -> None:
    with pytest.raises(InvalidRole, match="cannot be the name"):
        script(name)
