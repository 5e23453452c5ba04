"""Dagster's event log on SQLite, with its connections kept open.

Dagster's own opens and closes the file for every event, and a night has three events per service:
more than half of what a night through Dagster costs.  The files are the very same, so one may be
exchanged for the other at any time.  ``pipelines/dagster.yaml`` names it; copied to ``DAGSTER_HOME``,
it is in use.
"""

from collections import OrderedDict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import dagster as dg
import sqlalchemy as sa
from dagster._core.storage.event_log.sqlite.sqlite_event_log import SqliteEventLogStorage
from dagster._serdes import ConfigurableClassData

MOST_OPEN = 8
"""Files kept open: the index, and those of the last runs written or looked at."""

WAIT = 60.0
"""Seconds to wait for another process that is writing."""


class EventLog(SqliteEventLogStorage):
    """One connection to each file, opened at first use; the file unused for longest is closed."""

    def __init__(self, base_dir: str, inst_data: ConfigurableClassData | None = None) -> None:
        self._engines: OrderedDict[str, sa.Engine] = OrderedDict()
        super().__init__(base_dir, inst_data)

    @classmethod
    def config_type(cls) -> dict[str, Any]:
        """The folder of the Dagster instance."""
        return {"home": dg.StringSource}

    @classmethod
    def from_config_value(
        cls, inst_data: ConfigurableClassData | None, config_value: Mapping[str, Any]
    ) -> "EventLog":
        """The event log of an instance, where Dagster keeps it by itself."""
        return cls(str(Path(config_value["home"]) / "history" / "runs"), inst_data)

    @contextmanager
    def _connect(self, shard: str) -> Iterator[sa.Connection]:
        """A transaction on the file of a run, or on the index of all."""
        with self._db_lock, self._engine(shard).begin() as connection:
            yield connection

    def _engine(self, shard: str) -> sa.Engine:
        if shard not in self._engines:
            engine = sa.create_engine(self.conn_string_for_shard(shard), connect_args={"timeout": WAIT})
            sa.event.listen(engine, "connect", _trust_the_log)
            self._initdb(engine)
            self._engines[shard] = engine
        self._engines.move_to_end(shard)
        if len(self._engines) > MOST_OPEN:
            self._engines.popitem(last=False)[1].dispose()
        return self._engines[shard]

    def dispose(self) -> None:
        """Close every file."""
        with self._db_lock:
            while self._engines:
                self._engines.popitem()[1].dispose()
        super().dispose()


def _trust_the_log(connection: Any, _record: object) -> None:
    """Wait for the disk at checkpoints only: a crash loses nothing then, a power cut the last events."""
    connection.execute("PRAGMA synchronous=NORMAL")
