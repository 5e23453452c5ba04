"""One world per test: a folder with a warehouse and an archive, and the services of the demo."""

import contextlib
import hashlib
import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from pipelines.night import Told, run_night
from pipelines.settings import Settings
from tests.tools.replica_server import ReplicaServer
from tests.tools.warm import Command
from warehouse.archive import Archive
from warehouse.database import open_database
from warehouse.night import PARIS
from warehouse.tables import metadata

END_OF_2022, END_OF_2023 = date(2022, 12, 31), date(2023, 12, 31)

Dump = dict[str, dict[str, dict[str, Any]]]
"""Every row of every table, by table and id."""


def evening(day: date) -> datetime:
    """Eleven in the evening in Paris: the moment of a night here."""
    return datetime(day.year, day.month, day.day, 23, tzinfo=PARIS)


@dataclass(frozen=True)
class World:
    """A warehouse in ``folder``, fed by ``server``."""

    folder: Path
    server: ReplicaServer

    @property
    def database(self) -> Path:
        return self.folder / "impact.sqlite"

    @property
    def archive(self) -> Path:
        return self.folder / "archive"

    @property
    def specs(self) -> Path:
        return self.server.specs(self.folder / "services")

    @property
    def hosts(self) -> list[str]:
        return self.server.hosts

    def settings(self, **changes: Any) -> Settings:
        given: dict[str, Any] = {
            "database_url": f"sqlite:///{self.database}",
            "archive": self.archive,
            "portfolio": self.server.portfolio_url,
            "services": self.specs,
            "pace": 0.0,
            "explore": False,
        }
        return Settings(**given | changes)

    def night(self, day: date, *, only: Iterable[str] = (), **changes: Any) -> Told:
        """Run one night in this process, on the pages of that day."""
        self.server.day = day
        return run_night(
            self.settings(**changes), at=evening(day), only=list(only), allow_hosts=self.server.hosts
        )

    def start(self, *arguments: str, largest: int | None = None, **environment: str) -> Command:
        """Start ``impact`` with these arguments, in a folder of its own and with this world's settings.

        Args:
            arguments: of the command.
            largest: the bytes that any file it writes may have, as on a disk that is full then.
            environment: other settings.
        """
        settings = {
            "IMPACT_DATABASE_URL": f"sqlite:///{self.database}",
            "IMPACT_ARCHIVE": str(self.archive),
            "IMPACT_PORTFOLIO": self.server.portfolio_url,
            "IMPACT_PACE": "0",
            "IMPACT_EXPLORE": "0",
        }
        plain = {name: value for name, value in os.environ.items() if not name.startswith("IMPACT_")}
        self.folder.mkdir(parents=True, exist_ok=True)
        return Command(arguments, self.folder, plain | settings | environment, largest)

    def impact(self, *arguments: str, largest: int | None = None, **environment: str) -> "Ended":
        """Run ``impact`` to its end."""
        with self.start(*arguments, largest=largest, **environment) as process:
            return ended(process)

    def night_arguments(self, day: date) -> list[str]:
        """The arguments of the night of a day, whose pages are served from now on."""
        self.server.day = day
        hosts = [part for host in self.server.hosts for part in ("--allow-host", host)]
        return ["night", "--services", str(self.specs), "--at", evening(day).isoformat(), *hosts]

    def copy(self, folder: Path) -> "World":
        """The same world at another place."""
        shutil.copytree(self.folder, folder)
        return World(folder, self.server)

    def dump(self) -> Dump:
        """Every row of every table."""
        with self.connection() as connection:
            return {
                table.name: {row["id"]: dict(row) for row in connection.execute(sa.select(table)).mappings()}
                for table in metadata.sorted_tables
            }

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """What an SQL query gives, read beside whoever writes; nothing while there is no such table."""
        source = f"file:{self.database}?mode=ro"
        with (
            contextlib.suppress(sqlite3.OperationalError),
            contextlib.closing(sqlite3.connect(source, uri=True)) as connection,
        ):
            return connection.execute(query).fetchall()
        return []

    def say(self, statement: str) -> None:
        """Change the database behind the program's back."""
        with contextlib.closing(sqlite3.connect(self.database)) as connection, connection:
            assert connection.execute(statement).rowcount > 0

    @contextlib.contextmanager
    def connection(self) -> Iterator[sa.Connection]:
        """The warehouse, for reading."""
        engine = open_database(f"sqlite:///{self.database}")
        try:
            with engine.connect() as connection:
                yield connection
        finally:
            engine.dispose()

    def warc(self) -> dict[str, bytes]:
        """Every file of the archive, but for what a killed run left and the next one set aside."""
        return {
            str(file.relative_to(self.archive)): file.read_bytes()
            for file in sorted(self.archive.rglob("*.warc.gz"))
            if ".aside-" not in file.name
        }

    def kept(self) -> Archive:
        return Archive(self.archive)

    def proven(self) -> Dump:
        """The dump, with the digest of its bytes for the place of each record: the order of arrival aside."""
        dump, files = self.dump(), self.warc()
        for row in dump["snapshots"].values():
            start, length = row.pop("warc_offset"), row.pop("warc_length")
            record = files[row["warc_file"]][start : start + length]
            row["record"] = hashlib.sha256(record).hexdigest()
        dump["seals"] = {str(row["night"]): {"size": row["warc_bytes"]} for row in dump["seals"].values()}
        return dump


@dataclass(frozen=True)
class Ended:
    """How a command ended."""

    status: int
    out: str
    err: str

    @property
    def sentence(self) -> str:
        """The one sentence on stderr; whatever else stands there is a fault."""
        lines = self.err.strip().splitlines()
        assert len(lines) == 1, self.err
        assert lines[0].startswith("impact: "), self.err
        return lines[0].removeprefix("impact: ")


def ended(process: Command, seconds: float = 120) -> Ended:
    """Wait for a command; it is killed when it takes far too long."""
    try:
        out, err = process.communicate(timeout=seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        raise
    return Ended(process.wait(), out, err)


def added(before: Dump, after: Dump) -> dict[str, int]:
    """The tables that grew, and by how many rows; a row that was there must still be the same."""
    for table, rows in before.items():
        assert {key: after[table].get(key) for key in rows} == rows, table
    return {
        table: len(rows) - len(before[table]) for table, rows in after.items() if rows.keys() - before[table]
    }
