"""The place of a sweep: three services, their archive, a database, and the folder that a command may fill."""

import hashlib
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from operator import itemgetter
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from tests.pipelines.world import Ended, ended
from tests.sweep.databases import Database
from tests.tools.replica_server import ReplicaServer
from tests.tools.warm import Command
from warehouse.database import open_database
from warehouse.night import PARIS
from warehouse.tables import metadata

SERVICES = ("dossierfacile", "signalement", "trackdechets")

_ORDERED = {"id", "manifest_sha256", "previous", "replaces", "warc_sha256"}
"""Columns of ``seals`` that depend on the order in which the services answered."""

NOW = datetime(2024, 2, 1, 9, tzinfo=PARIS)
"""The clock of every command: what is known later is another state."""

State = Mapping[str, Any]


@dataclass(frozen=True)
class Place:
    """A world on either database; ``folder`` holds all that is not in it."""

    folder: Path
    database: Database
    server: ReplicaServer

    @property
    def living(self) -> Path:
        """What the commands work on: ``archive``, ``services``, ``out``."""
        return self.folder / "living"

    def keep(self, name: str) -> None:
        """Keep everything as it is now."""
        self.database.keep(name)
        shutil.copytree(self.living, self.folder / name)

    def put_back(self, name: str | None) -> None:
        """Everything as it was kept; None for the beginning."""
        self.database.put_back(name)
        shutil.rmtree(self.living, ignore_errors=True)
        if name:
            shutil.copytree(self.folder / name, self.living)
        else:
            self.living.mkdir(parents=True)

    def run(self, arguments: list[str], at: int = 0) -> Ended:
        """Run the command to its end, which is a kill when it reaches step ``at``."""
        environment = self._environment(at)
        with Command(arguments, self.living, environment, None, "tests.sweep.child:install") as process:
            return ended(process, 300)

    def steps(self) -> list[str]:
        """The steps that the last run came to."""
        file = self.folder / "steps"
        return file.read_text("utf-8").splitlines() if file.exists() else []

    def _environment(self, at: int) -> dict[str, str]:
        (self.folder / "steps").unlink(missing_ok=True)
        plain = {name: value for name, value in os.environ.items() if not name.startswith("IMPACT_")}
        return plain | {
            "IMPACT_DATABASE_URL": self.database.url,
            "IMPACT_ARCHIVE": str(self.living / "archive"),
            "IMPACT_PORTFOLIO": self.server.portfolio_url,
            "IMPACT_SERVICES": str(self.living / "services"),
            "IMPACT_PACE": "0",
            "IMPACT_EXPLORE": "0",
            "SWEEP_NOW": NOW.isoformat(),
            "SWEEP_AT": str(at),
            "SWEEP_STEPS": str(self.folder / "steps"),
            "SWEEP_UNDER": str(self.living),
            "SWEEP_DATABASE": str(sa.make_url(self.database.url).database),
        }

    def state(self) -> State:
        """Everything that is known and kept, the order of arrival aside."""
        tables = self._tables()
        files = {
            file.relative_to(self.living): file.read_bytes()
            for file in sorted(self.living.rglob("*"))
            if file.is_file()
        }
        for row in tables["snapshots"]:
            start, length = row.pop("warc_offset"), row.pop("warc_length")
            record = files[Path("archive") / row["warc_file"]][start : start + length]
            row["record"] = hashlib.sha256(record).hexdigest()
        seals = [{key: row[key] for key in row.keys() - _ORDERED} for row in tables["seals"]]
        tables["seals"] = sorted(seals, key=itemgetter("night", "number"))
        out = {str(name): data for name, data in files.items() if name.parts[0] == "out"}
        return tables | {"out": out, "records": _records(files)}

    def _tables(self) -> dict[str, list[dict[str, Any]]]:
        with self._connection() as connection:
            return {
                table.name: sorted(
                    (dict(row) for row in connection.execute(sa.select(table)).mappings()), key=str
                )
                for table in metadata.sorted_tables
            }

    @contextmanager
    def _connection(self) -> Iterator[sa.Connection]:
        engine = open_database(self.database.url)
        try:
            with engine.connect() as connection:
                yield connection
        finally:
            engine.dispose()


def _records(files: Mapping[Path, bytes]) -> set[bytes]:
    """The records of the archive, in no particular order: services answer when they like.

    Without what a killed run left and the next one set aside.
    """
    kept = [data for name, data in files.items() if _is_kept(name.name)]
    return {member for data in kept for member in data.split(b"\x1f\x8b\x08\x00")}


def _is_kept(name: str) -> bool:
    return name.endswith(".warc.gz") and ".aside-" not in name
