"""Who is told: a failed run, a service that broke or came back, through any incoming webhook.

Nothing is sent when ``IMPACT_WEBHOOK`` is unset.  The message is ``{"text": …}``, which
chat tools accept.
"""

from collections.abc import Sequence
from datetime import date

import dagster as dg
import requests
import sqlalchemy as sa

from pipelines.resources import Warehouse
from pipelines.settings import Settings
from warehouse import nights

TIMEOUT = 10


def send(text: str) -> bool:
    """Send a message to the webhook; False when none is set.

    Raises:
        requests.RequestException: the webhook did not take it; Dagster evaluates the sensor again.
    """
    webhook = Settings().webhook
    if not webhook:
        return False
    requests.post(webhook, json={"text": text}, timeout=TIMEOUT).raise_for_status()
    return True


@dg.run_failure_sensor(name="night_failed", description="Tells the webhook that a night failed, and why.")
def night_failed(context: dg.RunFailureSensorContext) -> None:
    """One message per failed run, with the sentences of the steps that failed."""
    steps = [event.step_key for event in context.get_step_failure_events()]
    causes = [_cause(event) for event in context.get_step_failure_events()]
    night = context.dagster_run.tags.get("dagster/partition", "?")
    send(f"Night {night} failed at {', '.join(filter(None, steps))}: {' '.join(causes)}")


def _cause(event: dg.DagsterEvent) -> str:
    error = event.step_failure_data.error
    cause = error.cause if error and error.cause else error
    return cause.message.strip().splitlines()[0] if cause else ""


@dg.sensor(
    name="services_broke_or_came_back",
    minimum_interval_seconds=300,
    description="After each night, tells the webhook which services stopped or started again to give figures.",
)
def services_broke_or_came_back(
    context: dg.SensorEvaluationContext, warehouse: Warehouse
) -> dg.SkipReason | dg.SensorResult:
    """Compare the last two nights; the cursor holds the last night told."""
    with warehouse.engine.connect() as connection:
        days = nights.last_nights(connection)
        if len(days) < 2 or context.cursor == days[0].isoformat():
            return dg.SkipReason("No new night to compare.")
        text = changes(connection, days)
    if text:
        send(text)
    context.update_cursor(days[0].isoformat())
    return dg.SkipReason(text or "No service broke or came back.")


def changes(connection: sa.Connection, days: Sequence[date]) -> str:
    """What to say of the last night beside the one before; empty when nothing changed."""
    now, before = (nights.silent(connection, day) for day in days[:2])
    broke = [f"{service} ({reason})" for service, reason in sorted(now.items()) if service not in before]
    back = sorted(before.keys() - now.keys())
    said = [
        f"broke: {'; '.join(broke)}" if broke else "",
        f"came back: {', '.join(back)}" if back else "",
    ]
    told = ". ".join(filter(None, said))
    return f"Night {days[0]}: {told}." if told else ""


SENSORS = [night_failed, services_broke_or_came_back]
"""The sensors, for the definitions."""
