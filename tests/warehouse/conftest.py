"""One warehouse per test, on SQLite and on a real PostgreSQL: the same tests hold on both."""

import shutil
import subprocess
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import sqlalchemy as sa

from warehouse.archive import Archive
from warehouse.database import open_database
from warehouse.tables import metadata

# A test's database may vanish with the machine: nothing need reach the disk.
HASTE = ("fsync = off", "synchronous_commit = off", "full_page_writes = off")


class Postgres:
    """A server of our own, with one migrated warehouse that tests empty after them."""

    def __init__(self, url: sa.URL) -> None:
        self.url = url
        self.admin = sa.create_engine(url.set(drivername="postgresql+psycopg"), isolation_level="AUTOCOMMIT")
        for setting in HASTE:
            self.say(f"ALTER SYSTEM SET {setting}")
        self.say("SELECT pg_reload_conf()")
        self.say("CREATE DATABASE warehouse TEMPLATE template0")
        self.warehouse = open_database(self.url_of("warehouse"))

    def url_of(self, name: str) -> str:
        return self.url.set(database=name).render_as_string(hide_password=False)

    def say(self, statement: str) -> None:
        with self.admin.connect() as connection:
            connection.exec_driver_sql(statement)

    @contextmanager
    def empty_database(self) -> Iterator[str]:
        self.say("CREATE DATABASE empty TEMPLATE template0")
        yield self.url_of("empty")
        self.say("DROP DATABASE empty WITH (FORCE)")

    def clear(self) -> None:
        """For a few rows, far quicker than TRUNCATE, which makes new files."""
        with self.warehouse.begin() as connection:
            for table in metadata.tables.values():
                connection.execute(sa.delete(table))

    def dispose(self) -> None:
        self.warehouse.dispose()
        self.admin.dispose()


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """One server for each process that runs tests, stopped at its end."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it warns of a missing XDG_RUNTIME_DIR, and goes on
        pgserver = pytest.importorskip(
            "pgserver", reason="PostgreSQL half: no pgserver here", exc_type=ImportError
        )
        try:
            server = pgserver.get_server(tempfile.mkdtemp(prefix="impact-pg-"), cleanup_mode="delete")
        except (OSError, RuntimeError, AssertionError, subprocess.SubprocessError) as error:
            pytest.skip(f"PostgreSQL half: the server does not start here ({error})")
    try:
        running = Postgres(sa.make_url(server.get_uri()))
        yield running
        running.dispose()
    finally:
        server.cleanup()


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("template") / "warehouse.db"
    open_database(f"sqlite:///{path}").dispose()
    return path


@pytest.fixture(params=["sqlite", "postgresql"])
def backend(request: pytest.FixtureRequest) -> str:
    if request.param == "postgresql":
        request.getfixturevalue("postgres")
    return str(request.param)


@pytest.fixture
def empty_url(backend: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of a database without any table."""
    if backend == "sqlite":
        yield f"sqlite:///{tmp_path / 'empty.db'}"
    else:
        with request.getfixturevalue("postgres").empty_database() as url:
            yield url


@pytest.fixture
def engine(backend: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[sa.Engine]:
    """An opened, migrated, empty warehouse."""
    if backend == "sqlite":
        path = tmp_path / "warehouse.db"
        shutil.copy(request.getfixturevalue("migrated_sqlite"), path)
        opened = open_database(f"sqlite:///{path}")
        yield opened
        opened.dispose()
    else:
        server = request.getfixturevalue("postgres")
        yield server.warehouse
        server.clear()


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    return Archive(tmp_path / "archive")
