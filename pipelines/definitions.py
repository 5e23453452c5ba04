"""Everything Dagster shows, assembled; nothing else."""

from typing import Any

import dagster as dg

from connectors.catalog import Catalog
from pipelines import assets, checks, schedules, sensors
from pipelines.resources import Clock, Publication, Services, Warehouse, Web
from pipelines.services import services_of
from pipelines.settings import Settings


def resources(
    settings: Settings,
    *,
    at: str | None = None,
    still: bool = True,
    allow_hosts: list[str] | None = None,
) -> dict[str, Any]:
    """The resources that these settings describe.

    Args:
        settings: where everything is.
        at: the moment of the run (ISO); its creation when not given.
        still: exchanges bear ``at`` too, not the moment they took place: the same night, the same bytes.
        allow_hosts: hosts exempt from the private-address rule.
    """
    return {
        "clock": Clock(at=at),
        "warehouse": Warehouse(database_url=settings.database_url, archive_folder=str(settings.archive)),
        "web": Web(
            portfolio=settings.portfolio,
            allow_hosts=allow_hosts or [],
            pace=settings.pace,
            deadline=settings.deadline,
            explore=settings.explore,
            at=at if still else None,
        ),
        "publication": Publication(site=str(settings.site) if settings.site else None),
        "catalog": Services(folder=str(settings.services) if settings.services else None),
    }


def build(services: Catalog, given: dict[str, Any], shard: int = assets.SHARD) -> dg.Definitions:
    """The definitions for these service files and resources."""
    pages = assets.page_assets(services, shard)
    return dg.Definitions(
        assets=[
            assets.services,
            assets.portfolio_counts,
            assets.metrics,
            *pages,
            *assets.stage_assets(pages),
            assets.candidates,
            assets.observations,
            assets.growth,
            assets.qualifications,
            assets.site,
            assets.seals,
        ],
        asset_checks=checks.CHECK_STEPS,
        jobs=[schedules.nightly_job()],
        schedules=[schedules.schedule()],
        sensors=sensors.SENSORS,
        resources=given,
        executor=dg.in_process_executor,
    )


def load(settings: Settings) -> dg.Definitions:
    """The definitions that the environment asks for."""
    return build(services_of(settings), resources(settings))


@dg.definitions
def defs() -> dg.Definitions:
    """What Dagster loads; only then is the environment read."""
    return load(Settings())
