"""When: every night at two, in Paris."""

from typing import Any

import dagster as dg

NIGHTLY = "nightly"


def nightly_job() -> Any:
    """The whole night: every asset and every check."""
    return dg.define_asset_job(
        NIGHTLY,
        selection=dg.AssetSelection.all(),
        description="Portfolio, collection, understanding, checks, growth and qualification of one night.",
    )


def schedule() -> dg.ScheduleDefinition:
    """02:00 Europe/Paris, for the night of that very day."""

    @dg.schedule(
        name="every_night",
        job_name=NIGHTLY,
        cron_schedule="0 2 * * *",
        execution_timezone="Europe/Paris",
        description="The night of the day that begins: pages are seen at two in the morning.",
    )
    def every_night(context: dg.ScheduleEvaluationContext) -> dg.RunRequest:
        day = context.scheduled_execution_time.date().isoformat()
        return dg.RunRequest(run_key=day, partition_key=day)

    return every_night
