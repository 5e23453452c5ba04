"""The night in this process: the very job that Dagster schedules, with a summary at its end."""

import os
import tempfile
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from difflib import get_close_matches

import dagster as dg
import sqlalchemy as sa

from connectors import catalog
from connectors.catalog import Catalog
from pipelines import definitions, progress
from pipelines.assets import page_key
from pipelines.collect import Outcome
from pipelines.errors import UnknownServices
from pipelines.schedules import NIGHTLY
from pipelines.settings import Settings
from warehouse import nights
from warehouse.database import open_database
from warehouse.history import Row
from warehouse.night import Night

_QUIET = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}
"""Dagster's own log is for its pages; on a terminal the summary speaks."""


@dataclass(frozen=True, slots=True)
class Told:
    """How a night ended: its row of ``nights`` (None when it did not get so far), and what stopped it."""

    night: Night
    summary: Row | None
    failures: tuple[str, ...]

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
    at: datetime,
    only: Collection[str] = (),
    allow_hosts: Collection[str] = (),
    on_done: Callable[[Outcome], None] | None = None,
) -> Told:
    """Run one whole night here and now.

    Args:
        settings: where everything is.
        at: the clock; its day in Paris is the night.
        only: visit only these services.
        allow_hosts: hosts exempt from the private-address rule.
        on_done: told of each service as its visit ends.

    Raises:
        UnknownServices: ``only`` names a service that has no file.
        InvalidSpec: a service file cannot be used.
        DatabaseUnavailable: the database cannot be opened.
    """
    night = Night.of(at)
    services = catalog.load(settings.services) if settings.services else catalog.load()
    _refuse_unknown(only, services)
    engine = open_database(settings.database_url)
    given = definitions.resources(settings, at=night.at.isoformat(), allow_hosts=sorted(allow_hosts))
    job = definitions.build(services, given).resolve_job_def(NIGHTLY)
    progress.listen(on_done)
    with _instance() as instance:
        result = job.execute_in_process(
            partition_key=night.day.isoformat(),
            instance=instance,
            raise_on_error=False,
            run_config=_QUIET,
            asset_selection=_selection(job, only),
        )
    return Told(night, _summary(engine, night), tuple(_failures(result.all_events)))


def _refuse_unknown(only: Collection[str], services: Catalog) -> None:
    for name in only:
        if name not in services:
            near = get_close_matches(name, list(services), n=1)
            hint = f" Did you mean {near[0]!r}?" if near else ""
            raise UnknownServices(f"No service file is named {name!r}.{hint}")


def _selection(job: dg.JobDefinition, only: Collection[str]) -> Sequence[dg.AssetKey] | None:
    """Everything but the pages of the other services."""
    if not only:
        return None
    wanted = {page_key(name) for name in only}
    keys = job.asset_layer.executable_asset_keys
    return sorted(key for key in keys if key.path[0] != "pages" or key in wanted)


@contextmanager
def _instance() -> Iterator[dg.DagsterInstance]:
    """The instance of ``DAGSTER_HOME`` when there is one, so that the run shows there; or else none that stays."""
    if os.environ.get("DAGSTER_HOME"):
        with dg.DagsterInstance.get() as instance:
            yield instance
        return
    with tempfile.TemporaryDirectory() as folder, dg.DagsterInstance.ephemeral(folder) as instance:
        yield instance


def _summary(engine: sa.Engine, night: Night) -> Row | None:
    with engine.connect() as connection:
        return nights.summary(connection, night)


def _failures(events: Sequence[dg.DagsterEvent]) -> Iterator[str]:
    """Each step that failed, in one sentence; a step refused by checks is told by the summary."""
    for event in events:
        if event.is_step_failure:
            yield _sentence(event)


def _sentence(event: dg.DagsterEvent) -> str:
    data = event.step_failure_data
    if data.user_failure_data and data.user_failure_data.description:
        return data.user_failure_data.description
    error = data.error
    if error is None:
        return f"The step {event.step_key} failed."
    cause = error.cause or error
    if "DagsterAssetCheckFailedError" in (error.cls_name or ""):
        return f"A check refused what {event.step_key} judged."
    return f"The step {event.step_key} failed: {cause.message.strip()}"
