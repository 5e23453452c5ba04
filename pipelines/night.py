"""The night in this process: the very job that Dagster schedules, with a summary at its end."""

import os
import tempfile
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

import dagster as dg
import sqlalchemy as sa

from connectors.catalog import Catalog
from connectors.clock import utc_now
from pipelines import definitions, progress
from pipelines.assets import page_key
from pipelines.collect import Outcome
from pipelines.errors import UnknownServices, failure_sentence
from pipelines.schedules import NIGHTLY
from pipelines.services import refuse_unknown, services_of
from pipelines.settings import Settings
from warehouse import held_back, nights, observations
from warehouse.archive import Archive
from warehouse.database import opened
from warehouse.derived import incidents
from warehouse.history import Row
from warehouse.night import Night

_QUIET = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}
"""Dagster's own log is for its pages; on a terminal the summary speaks."""


ONE_NIGHT = ".night"
"""The lock that a night holds from its beginning to its end."""


@dataclass(frozen=True, slots=True)
class Told:
    """How a night ended.

    ``summary`` is its row of ``nights`` (None when this run did not get so far); ``failures`` is what
    stopped it; ``missing``, ``held``, ``warnings`` and ``incidents`` (those that last) are
    rows of ``absences``, ``held_back``, ``verdicts`` and ``incidents`` that a person should see.
    """

    night: Night
    summary: Row | None
    failures: tuple[str, ...]
    missing: tuple[Row, ...] = ()
    held: tuple[Row, ...] = ()
    warnings: tuple[Row, ...] = ()
    incidents: tuple[Row, ...] = ()

    @property
    def blocked(self) -> bool:
        """True when the checks refused publication."""
        return self.summary is not None and self.summary["state"] == "blocked"

    @property
    def completed(self) -> bool:
        """True when every stage was done, whatever became of single services."""
        return not self.failures


def run_night(
    settings: Settings,
    *,
    at: datetime | None = None,
    only: Collection[str] = (),
    allow_hosts: Collection[str] = (),
    on_done: Callable[[Outcome], None] | None = None,
) -> Told:
    """Run one whole night here and now.

    Args:
        settings: where everything is.
        at: the clock, standing still; its day in Paris is the night.  The real one when not given.
        only: visit only these services.
        allow_hosts: hosts exempt from the private-address rule.
        on_done: told of each service as its visit ends.

    Raises:
        UnknownServices: ``only`` names a service that has no file.
        InvalidSpec: a service file cannot be used.
        ArchiveBusy: another night is running.
        ArchiveUnwritable: the archive's folder cannot be written.
        DatabaseUnavailable: the database cannot be opened.
    """
    night = Night.of(at or utc_now())
    services = services_of(settings)
    refuse_unknown(only, services)
    _refuse_unread(only, services)
    given = definitions.resources(
        settings, at=night.at.isoformat(), still=at is not None, allow_hosts=sorted(allow_hosts)
    )
    job = definitions.build(services, given).resolve_job_def(NIGHTLY)
    progress.listen(on_done)
    # A second night would find its stages half done: it is refused before it begins.
    with (
        Archive(settings.archive).lock(ONE_NIGHT),
        opened(settings.database_url) as engine,
        _instance() as instance,
    ):
        result = job.execute_in_process(
            partition_key=night.day.isoformat(),
            instance=instance,
            raise_on_error=False,
            run_config=_QUIET,
            asset_selection=_selection(job, only),
        )
        failures = tuple(dict.fromkeys(_failures(result.all_events)))
        if not _judged(result.all_events):
            return Told(night, None, failures)
        return _told(engine, services, night, failures)


def _told(engine: sa.Engine, services: Catalog, night: Night, failures: tuple[str, ...]) -> Told:
    with engine.connect() as connection:
        # Asked again, a night says the same and adds nothing.
        tonight = observations.tell(connection, services, night)
        return Told(
            night,
            nights.summary(connection, night),
            failures,
            tuple(nights.missing(connection, night, tonight)),
            tuple(held_back.standing(connection, night, tonight)),
            tuple(nights.warnings(connection, night)),
            tuple(incidents.open_now(connection, night)),
        )


def _refuse_unread(only: Collection[str], services: Catalog) -> None:
    for name in only:
        if not services[name].pages:
            raise UnknownServices(f"Nothing is read for {name!r}: {services[name].unread}")


def _selection(job: dg.JobDefinition, only: Collection[str]) -> Sequence[dg.AssetKey] | None:
    """Everything but the pages of the other services, those without a file included."""
    if not only:
        return None
    wanted = {page_key(name) for name in only}
    keys = job.asset_layer.executable_asset_keys
    return sorted(key for key in keys if key.path[0] not in ("pages", "candidates") or key in wanted)


@contextmanager
def _instance() -> Iterator[dg.DagsterInstance]:
    """The instance of ``DAGSTER_HOME``, so that the run shows there; without one, an instance that goes."""
    if os.environ.get("DAGSTER_HOME"):
        with dg.DagsterInstance.get() as instance:
            yield instance
        return
    with tempfile.TemporaryDirectory() as folder, dg.DagsterInstance.ephemeral(folder) as instance:
        yield instance


def _judged(events: Sequence[dg.DagsterEvent]) -> bool:
    """True when this run judged the figures: what an earlier run of the night said may be out of date."""
    evaluated = (event for event in events if event.event_type == dg.DagsterEventType.ASSET_CHECK_EVALUATION)
    return any(event.asset_check_evaluation_data.asset_key.path[-1] == "observations" for event in evaluated)


def _failures(events: Sequence[dg.DagsterEvent]) -> Iterator[str]:
    """Each step that failed, in one sentence; a step refused by checks is told by the summary."""
    for event in events:
        if event.is_step_failure:
            yield failure_sentence(event)
