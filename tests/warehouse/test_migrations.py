"""Every schema that was ever released, with data in all its tables, goes up to the newest one and back."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import alembic.autogenerate
import pytest
import sqlalchemy as sa
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from warehouse.database import MIGRATIONS, migrate_to, open_database
from warehouse.tables import metadata

REVISIONS = [each.revision for each in reversed(list(ScriptDirectory(str(MIGRATIONS)).walk_revisions()))]

ANNOUNCED = {"0001": {"claims", "reconciliations"}}
"""Tables that a schema had before anything wrote them: nobody has rows of these."""

Rows = dict[str, list[dict[str, Any]]]

_VALUES: tuple[tuple[type[sa.types.TypeEngine[Any]], Any], ...] = (
    (sa.Boolean, True),
    (sa.Integer, 3),
    (sa.Numeric, Decimal("123456789.012345")),
    (sa.DateTime, datetime(2026, 7, 2, 1, 30, 0, 123456, UTC)),
    (sa.Date, date(2026, 7, 1)),
    (sa.String, "2026-07-02T01:30:00.123456Z"),
)
"""A value for each kind of column; SQLite keeps moments as text of this form."""


@pytest.fixture
def engine(empty_url: str) -> Iterator[sa.Engine]:
    """A database at the oldest schema that was released."""
    opened = open_database(empty_url)
    migrate_to(opened, REVISIONS[0])
    yield opened
    opened.dispose()


def schema(engine: sa.Engine) -> sa.MetaData:
    """The tables as they are in the database, but for Alembic's own."""
    reflected = sa.MetaData()
    reflected.reflect(engine)
    reflected.remove(reflected.tables["alembic_version"])
    return reflected


def fill(engine: sa.Engine, revision: str) -> None:
    """A row in each table that the programs of that schema wrote."""
    tables = [one for one in schema(engine).sorted_tables if one.name not in ANNOUNCED.get(revision, ())]
    with engine.begin() as connection:
        for table in tables:
            connection.execute(sa.insert(table), [{each.name: _value(each) for each in table.columns}])


def _value(column: sa.Column[Any]) -> Any:
    value = next(value for kind, value in _VALUES if isinstance(column.type, kind))
    return value[: column.type.length] if isinstance(column.type, sa.String) else value


def rows(engine: sa.Engine) -> Rows:
    with engine.connect() as connection:
        tables = schema(engine).sorted_tables
        return {
            one.name: [dict(row) for row in connection.execute(sa.select(one)).mappings()] for one in tables
        }


def lost(before: Rows, after: Rows) -> list[tuple[str, str]]:
    """The tables and columns that both have, and whose values are not the same any more."""
    return [
        (table, column)
        for table in before.keys() & after.keys()
        for column in _columns(before[table]) & _columns(after[table])
        if [row[column] for row in before[table]] != [row[column] for row in after[table]]
    ] + [
        (table, "every row") for table in before if table in after and len(before[table]) != len(after[table])
    ]


def _columns(of: list[dict[str, Any]]) -> set[str]:
    return {name for row in of for name in row}


@pytest.mark.parametrize("revision", REVISIONS)
def test_a_released_schema_with_data_goes_up_and_down_and_up(engine: sa.Engine, revision: str) -> None:
    migrate_to(engine, revision)
    fill(engine, revision)
    released, then = {each.name for each in schema(engine).sorted_tables}, rows(engine)
    for _ in range(2):
        migrate_to(engine, "head")
        now = rows(engine)
        assert lost(then, now) == []
        assert now.keys() == metadata.tables.keys()
        migrate_to(engine, revision)
        assert {each.name for each in schema(engine).sorted_tables} == released
        assert lost(then, rows(engine)) == []


@pytest.mark.parametrize("revision", REVISIONS)
def test_whatever_it_comes_from_the_newest_schema_is_that_of_the_models(
    engine: sa.Engine, revision: str
) -> None:
    migrate_to(engine, revision)
    fill(engine, revision)
    migrate_to(engine, "head")
    with engine.connect() as connection:
        context = MigrationContext.configure(connection)
        assert alembic.autogenerate.compare_metadata(context, metadata) == []


@pytest.mark.parametrize("revision", REVISIONS)
def test_a_released_schema_with_data_goes_down_to_nothing(engine: sa.Engine, revision: str) -> None:
    migrate_to(engine, revision)
    fill(engine, revision)
    migrate_to(engine, "base")
    assert sa.inspect(engine).get_table_names() == ["alembic_version"]
