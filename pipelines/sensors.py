"""Who is told: a failed run, a service that broke or came back, through any incoming webhook.

Nothing is sent when ``IMPACT_WEBHOOK`` is unset.  The message is ``{"text": …}``, which
chat tools accept.
"""

from collections.abc import Sequence
from datetime import date

import dagster as dg
import requests
import sqlalchemy as sa

from pipelines.errors import WebhookRefused, failure_sentence
from pipelines.resources import Warehouse
from pipelines.schedules import NIGHTLY
from pipelines.settings import Settings
from warehouse import nights

TIMEOUT = 10
"""Seconds that the webhook has to answer."""

COMPARED = 8
"""Nights looked at: the last one, and the week before it, in which a service was visited at least once."""


def send(text: str) -> bool:
    """Send a message to the webhook; False when none is set.

    Raises:
        WebhookRefused: the webhook did not take it; Dagster evaluates the sensor again.
    """
    webhook = Settings().webhook
    if not webhook:
        return False
    try:
        requests.post(webhook, json={"text": text}, timeout=TIMEOUT).raise_for_status()
    except requests.RequestException as error:
        # Its own words quote the address, with which anybody can write to the channel.
        said = (
            f"answered {error.response.status_code}" if error.response is not None else type(error).__name__
        )
        raise WebhookRefused(f"The webhook did not take the message: {said}.") from None
    return True


@dg.run_failure_sensor(
    name="night_failed",
    description="Tells the webhook that a night failed, and why.",
    # A night run by `impact night` belongs to no code location: without this it would fail unheard.
    monitor_all_code_locations=True,
)
def night_failed(context: dg.RunFailureSensorContext) -> None:
    """One message per failed night, with the sentences of the steps that failed."""
    if context.dagster_run.job_name != NIGHTLY:
        return
    failures = context.get_step_failure_events()
    steps = [event.step_key for event in failures if event.step_key]
    night = context.dagster_run.tags.get("dagster/partition", "?")
    send(f"Night {night} failed at {', '.join(steps)}: {' '.join(map(failure_sentence, failures))}")


@dg.sensor(
    name="services_broke_or_came_back",
    minimum_interval_seconds=300,
    description="Tells the webhook which services stopped giving figures last night, or gave some again.",
)
def services_broke_or_came_back(
    context: dg.SensorEvaluationContext, warehouse: Warehouse
) -> dg.SkipReason | dg.SensorResult:
    """Compare the last night with those before it; the cursor holds the last night told."""
    with warehouse.engine.connect() as connection:
        days = nights.last_nights(connection, COMPARED)
        if len(days) < 2 or context.cursor == days[0].isoformat():
            return dg.SkipReason("No new night to compare.")
        text = changes(connection, days)
    if text:
        send(text)
    context.update_cursor(days[0].isoformat())
    return dg.SkipReason(text or "No service broke or came back.")


def changes(connection: sa.Connection, days: Sequence[date]) -> str:
    """What to say of the last night beside those before it; empty when nothing changed.

    Each service is compared with the last night on which it was visited: a night of one service
    alone says nothing of the others.

    Args:
        connection: the warehouse.
        days: nights, the newest first.
    """
    now = _states(connection, days[0])
    before: dict[str, str | None] = {}
    for day in days[1:]:
        before = _states(connection, day) | before
    visited = sorted(now.keys() & before.keys())
    broke = [f"{service} ({now[service]})" for service in visited if now[service] and not before[service]]
    back = [service for service in visited if before[service] and not now[service]]
    said = [
        f"broke: {'; '.join(broke)}" if broke else "",
        f"came back: {', '.join(back)}" if back else "",
    ]
    told = ". ".join(filter(None, said))
    return f"Night {days[0]}: {told}." if told else ""


def _states(connection: sa.Connection, day: date) -> dict[str, str | None]:
    """Each service visited on a night: why it gave no figure, or None when it gave some."""
    return dict.fromkeys(nights.heard(connection, day)) | nights.silent(connection, day)


SENSORS = [night_failed, services_broke_or_came_back]
"""The sensors, for the definitions."""
