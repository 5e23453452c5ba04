"""Opening the warehouse: SQLite by default, PostgreSQL by URL; migrations run at opening."""

import contextlib
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import alembic.command
import alembic.config
import alembic.runtime.migration
import alembic.script
import alembic.util
import sqlalchemy as sa

from warehouse.errors import DatabaseUnavailable

MIGRATIONS = Path(__file__).parent / "migrations"

PATIENCE = 10
"""Seconds to wait for a server that does not answer."""

_ONE_AT_A_TIME = {"sqlite": "BEGIN IMMEDIATE", "postgresql": "SELECT pg_advisory_xact_lock(352)"}
"""Two processes may open a new database at once; and SQLite makes one transaction of what follows."""


def open_database(url: str) -> sa.Engine:
    """An engine on an up-to-date warehouse.

    Args:
        url: an SQLAlchemy URL.  ``postgresql://`` is read as ``postgresql+psycopg://``.

    Raises:
        DatabaseUnavailable: the URL is not one, the database does not open, or it was
            written by a newer version of this program.
    """
    try:
        engine = _engine(_with_driver(sa.make_url(url)))
    except (sa.exc.SQLAlchemyError, OSError, ImportError) as error:
        raise _unavailable(url, error) from error
    try:
        _migrate(engine)
    except (sa.exc.SQLAlchemyError, sqlite3.Error, alembic.util.CommandError) as error:
        engine.dispose()
        raise _unavailable(url, error) from error
    return engine


@contextlib.contextmanager
def opened(url: str) -> Iterator[sa.Engine]:
    """``open_database``, closed at the end: the last one to leave an SQLite file folds its log into it."""
    engine = open_database(url)
    try:
        yield engine
    finally:
        engine.dispose()


@contextlib.contextmanager
def reading(url: str) -> Iterator[sa.Connection]:
    """One connection to a warehouse that is opened for it."""
    with opened(url) as engine, engine.connect() as connection:
        yield connection


def _unavailable(url: str, error: Exception) -> DatabaseUnavailable:
    return DatabaseUnavailable(f"The database {_shown(url)} cannot be opened: {_first_line(error)}")


def _with_driver(url: sa.URL) -> sa.URL:
    return url.set(drivername="postgresql+psycopg") if url.drivername == "postgresql" else url


def _engine(url: sa.URL) -> sa.Engine:
    if url.get_backend_name() == "postgresql":
        return sa.create_engine(url, connect_args={"connect_timeout": PATIENCE})
    if url.get_backend_name() != "sqlite":
        raise sa.exc.ArgumentError("the warehouse is kept in SQLite or in PostgreSQL")
    _make_folder(url)
    engine = sa.create_engine(url)
    sa.event.listen(engine, "connect", _tune_sqlite)
    return engine


def _make_folder(url: sa.URL) -> None:
    if url.get_backend_name() == "sqlite" and url.database and url.database != ":memory:":
        Path(url.database).parent.mkdir(parents=True, exist_ok=True)


def _tune_sqlite(connection: object, _record: object) -> None:
    """WAL lets people read during the night; a wait of 30 s lets two writers take turns."""
    cursor = connection.cursor()  # type: ignore[attr-defined]
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "busy_timeout=30000", "foreign_keys=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _shown(url: str) -> str:
    with contextlib.suppress(sa.exc.ArgumentError):
        return sa.make_url(url).render_as_string(hide_password=True)
    return "(whose URL is not one SQLAlchemy reads)"


def _first_line(error: Exception) -> str:
    cause = getattr(error, "orig", None) or error
    return str(cause).strip().splitlines()[0] if str(cause).strip() else type(cause).__name__


def _migrate(engine: sa.Engine) -> None:
    """Bring the schema to the newest version; a database that is there already costs one query."""
    with engine.connect() as connection:
        if _revision(connection) == _script().get_current_head():
            return
    migrate_to(engine, "head")


def migrate_to(engine: sa.Engine, revision: str) -> None:
    """Move the schema up or down to a revision (``base`` is an empty database), all or nothing.

    Raises:
        alembic.util.CommandError: the schema, or the revision asked for, is not one we know.
    """
    with engine.begin() as connection:
        connection.exec_driver_sql(_ONE_AT_A_TIME[engine.dialect.name])
        config = _alembic()
        config.attributes["connection"] = connection
        step = alembic.command.downgrade if _is_behind(connection, revision) else alembic.command.upgrade
        step(config, revision)


def _alembic() -> alembic.config.Config:
    config = alembic.config.Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    return config


def _script() -> alembic.script.ScriptDirectory:
    return alembic.script.ScriptDirectory(str(MIGRATIONS))


def _revision(connection: sa.Connection) -> str | None:
    return alembic.runtime.migration.MigrationContext.configure(connection).get_current_revision()


def _is_behind(connection: sa.Connection, revision: str) -> bool:
    have = _revision(connection)
    order = ["base", *(step.revision for step in reversed(list(_script().walk_revisions())))]
    if have is not None and have not in order:
        raise alembic.util.CommandError(f"a newer version of this program wrote it (schema {have})")
    return have is not None and revision != "head" and order.index(revision) < order.index(have)
