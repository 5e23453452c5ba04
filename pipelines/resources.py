"""Resources: what the assets work with, opened once per run."""

import contextlib
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

import dagster as dg
import sqlalchemy as sa
from pydantic import Field, PrivateAttr

from connectors import catalog
from connectors.catalog import Catalog
from connectors.clock import utc_now
from connectors.extractor import Extractor
from connectors.fetcher import Fetcher, Manners
from pipelines.collect import Tools
from warehouse.archive import Archive
from warehouse.database import open_database
from warehouse.night import Night


class Warehouse(dg.ConfigurableResource[sa.Engine]):
    """The database and the archive."""

    database_url: str
    archive_folder: str
    _engine: sa.Engine | None = PrivateAttr(default=None)

    @property
    def engine(self) -> sa.Engine:
        """The database, opened and migrated at first use.

        Raises:
            DatabaseUnavailable: it cannot be opened.
        """
        if self._engine is None:
            self._engine = open_database(self.database_url)
        return self._engine

    def teardown_after_execution(self, context: dg.InitResourceContext) -> None:  # noqa: ARG002
        """Close the database: the last one to leave an SQLite file folds its log into it."""
        if self._engine is not None:
            self._engine.dispose()

    @property
    def archive(self) -> Archive:
        """The archive."""
        return Archive(Path(self.archive_folder))


class Clock(dg.ConfigurableResource[datetime]):
    """The moment at which a run knows what it knows: one for the whole run."""

    at: str | None = None

    def night(self, context: dg.AssetExecutionContext | dg.AssetCheckExecutionContext) -> Night:
        """The run's partition, looked at from its moment: ``at``, or else the creation of the run."""
        day = date.fromisoformat(context.partition_key)
        if self.at:
            return Night.of(datetime.fromisoformat(self.at), day)
        record = context.instance.get_run_record_by_id(context.run.run_id)
        return Night.of(record.create_timestamp if record else utc_now(), day)


class Web(dg.ConfigurableResource[Fetcher]):
    """The fetcher and its manners, and where the portfolio is."""

    portfolio: str
    allow_hosts: list[str] = Field(default_factory=list)
    pace: float = 1.0
    deadline: float = 30.0
    explore: bool = True
    at: str | None = None

    def fetcher(self) -> Fetcher:
        """A fetcher with these manners; under a given clock, its exchanges bear that moment too."""
        manners = Manners(pace=self.pace, deadline=self.deadline)
        given = datetime.fromisoformat(self.at) if self.at else None
        clock = utc_now if given is None else lambda: given
        return Fetcher(manners=manners, allow_hosts=self.allow_hosts, clock=clock)


class Publication(dg.ConfigurableResource[Path]):
    """Where the night publishes, beside its tables."""

    site: str | None = None


class Services(dg.ConfigurableResource[Catalog]):
    """The service files."""

    folder: str | None = None
    _catalog: Catalog | None = PrivateAttr(default=None)

    @property
    def place(self) -> Path:
        """The folder of the service files."""
        return Path(self.folder) if self.folder else catalog.SERVICES

    @property
    def catalog(self) -> Catalog:
        """The service files, loaded at first use.

        Raises:
            InvalidSpec: a file cannot be used; every fault of every file is listed.
        """
        if self._catalog is None:
            self._catalog = catalog.load(self.place)
        return self._catalog


@contextlib.contextmanager
def collecting(warehouse: Warehouse, web: Web) -> Iterator[Tools]:
    """The tools of one collection; the reading processes end with it."""
    with Extractor() as extractor:
        yield Tools(warehouse.engine, warehouse.archive, web.fetcher(), extractor)
