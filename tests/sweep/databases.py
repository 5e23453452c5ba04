"""The two databases, as the sweep needs them: put back as they were, in a moment."""

import shutil
import subprocess
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any, Protocol

import sqlalchemy as sa


class Database(Protocol):
    """A database that can be kept under a name, and put back."""

    name: str

    @property
    def url(self) -> str:
        """Where the living one is."""

    def keep(self, name: str) -> None:
        """Keep the living one under a name; nobody is connected to it."""

    def put_back(self, name: str | None) -> None:
        """Make the living one what was kept; None for one that is not there yet."""


class Sqlite:
    """Files in a folder."""

    name = "sqlite"

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True)

    @property
    def url(self) -> str:
        return f"sqlite:///{self.folder / 'living.sqlite'}"

    def keep(self, name: str) -> None:
        if (living := self.folder / "living.sqlite").exists():
            shutil.copy(living, self.folder / f"{name}.kept")

    def put_back(self, name: str | None) -> None:
        for file in self.folder.glob("living.sqlite*"):
            file.unlink()
        if name and (self.folder / f"{name}.kept").exists():
            shutil.copy(self.folder / f"{name}.kept", self.folder / "living.sqlite")


class Postgres:
    """Databases of one server, each a template for the living one."""

    name = "postgresql"

    def __init__(self, url: str) -> None:
        self._server = sa.make_url(url)
        driver = self._server.set(drivername="postgresql+psycopg")
        self._admin = sa.create_engine(driver, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
        # The process is killed, not the machine: nothing need reach the disk.
        self._say("ALTER SYSTEM SET fsync = off", "SELECT pg_reload_conf()", "CREATE DATABASE living")

    @property
    def url(self) -> str:
        return self._server.set(database="living").render_as_string(hide_password=False)

    def keep(self, name: str) -> None:
        self._say(f"DROP DATABASE IF EXISTS {name}", f"CREATE DATABASE {name} TEMPLATE living")

    def put_back(self, name: str | None) -> None:
        source = name or "template0"
        self._say("DROP DATABASE living WITH (FORCE)", f"CREATE DATABASE living TEMPLATE {source}")

    def _say(self, *statements: str) -> None:
        with self._admin.connect() as connection:
            for statement in statements:
                connection.exec_driver_sql(statement)


class NotHere(Exception):
    """A database that this machine cannot run; the sentence says why."""


def _server() -> Any:
    pgserver: Any = import_module("pgserver")
    return pgserver.get_server(tempfile.mkdtemp(prefix="impact-pg-"), cleanup_mode="delete")


@contextmanager
def opened(name: str, folder: Path) -> Iterator[Database]:
    """One of the two.

    Raises:
        NotHere: there is no PostgreSQL server to be started here.
    """
    if name == Sqlite.name:
        yield Sqlite(folder / "database")
        return
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it warns of a missing XDG_RUNTIME_DIR, and goes on
        try:
            server = _server()
        except (ImportError, OSError, RuntimeError, AssertionError, subprocess.SubprocessError) as error:
            raise NotHere(f"PostgreSQL does not start here: {error}") from error
    try:
        yield Postgres(server.get_uri())
    finally:
        server.cleanup()
