"""Opening the warehouse: one clear sentence when it does not open; the schema and the models are one."""

import socket
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import alembic.autogenerate
import alembic.runtime.migration
import pytest
import sqlalchemy as sa

from tests.warehouse.build import World
from warehouse.archive import Archive
from warehouse.database import migrate_to, open_database
from warehouse.errors import DatabaseUnavailable
from warehouse.tables import metadata, observations


def refused(url: str) -> str:
    with pytest.raises(DatabaseUnavailable) as caught:
        open_database(url)
    return str(caught.value)


def closed_port() -> int:
    """A port of this machine on which nobody listens."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


# --- what does not open -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("", "whose URL is not one"),
        ("data/warehouse.db", "whose URL is not one"),
        ("nosuch://host/base", "nosuch"),
        ("mysql://host/base", "SQLite or in PostgreSQL"),
        ("postgresql://me:secret@127.0.0.1:{closed}/base", "refused"),
        ("postgresql://me:secret@127.0.0.1:{closed}/base?nosuch=1", "nosuch"),
        ("sqlite:///{file}/below/warehouse.db", "Not a directory"),
        ("sqlite:///{folder}", "unable to open database file"),
        ("sqlite:///{file}", "not a database"),
    ],
)
def test_a_database_that_does_not_open_is_told_in_one_sentence(
    url: str, sentence: str, tmp_path: Path
) -> None:
    (tmp_path / "text.db").write_text("This is no database.\n" * 100)
    (tmp_path / "folder").mkdir()
    before = sorted(tmp_path.rglob("*"))
    told = refused(url.format(file=tmp_path / "text.db", folder=tmp_path / "folder", closed=closed_port()))
    assert sentence in told
    assert "\n" not in told
    assert "secret" not in told
    assert sorted(tmp_path.rglob("*")) == before


def test_a_database_of_a_newer_version_is_refused_and_left_alone(empty_url: str) -> None:
    engine = open_database(empty_url)
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    before = sa.inspect(engine).get_table_names()
    assert "a newer version of this program wrote it (schema 9999)" in refused(empty_url)
    assert sa.inspect(engine).get_table_names() == before
    engine.dispose()


def test_a_migration_that_stops_half_way_leaves_nothing(empty_url: str) -> None:
    """A table in the way stops it as a killed process would: between two statements."""
    engine = sa.create_engine(empty_url.replace("postgresql:", "postgresql+psycopg:"))
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE snapshots (id INTEGER)")
    assert "snapshots" in refused(empty_url)
    assert sa.inspect(engine).get_table_names() == ["snapshots"]
    engine.dispose()


def test_several_may_open_a_new_database_at_once(empty_url: str) -> None:
    with ThreadPoolExecutor(4) as pool:
        for engine in pool.map(open_database, [empty_url] * 4):
            engine.dispose()


def test_the_folder_of_a_new_database_is_made(tmp_path: Path) -> None:
    open_database(f"sqlite:///{tmp_path}/data/a 100%/warehouse.db").dispose()
    with sqlite3.connect(tmp_path / "data" / "a 100%" / "warehouse.db") as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    connection.close()


# --- the schema ---------------------------------------------------------------------------


def test_migrations_go_down_and_up_with_data_in_the_tables(empty_url: str, archive: Archive) -> None:
    engine = open_database(empty_url)
    world = World(engine, archive)
    world.shows("2023-12-31", dossiers="1 234")
    migrate_to(engine, "base")
    assert sa.inspect(engine).get_table_names() == ["alembic_version"]
    migrate_to(engine, "head")
    assert set(sa.inspect(engine).get_table_names()) == {*metadata.tables, "alembic_version"}
    assert world.count(observations) == [0]
    engine.dispose()


def test_the_models_and_the_migrated_schema_agree(engine: sa.Engine) -> None:
    with engine.connect() as connection:
        context = alembic.runtime.migration.MigrationContext.configure(connection)
        assert alembic.autogenerate.compare_metadata(context, metadata) == []


def test_every_table_and_every_column_is_explained() -> None:
    for table in metadata.tables.values():
        assert (table.comment or "").endswith("."), table.name
        for column in table.columns:
            assert (column.comment or "").endswith((".", "…")), f"{table.name}.{column.name}"


def test_the_comments_are_in_the_database(engine: sa.Engine) -> None:
    inspector = sa.inspect(engine)
    if engine.dialect.name == "sqlite":
        pytest.skip("SQLite keeps no comments: `impact dictionary` prints them")
    for name, table in metadata.tables.items():
        assert inspector.get_table_comment(name)["text"] == table.comment
        assert {row["name"]: row["comment"] for row in inspector.get_columns(name)} == {
            column.name: column.comment for column in table.columns
        }
