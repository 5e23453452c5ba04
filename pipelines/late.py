"""Nights told late, by an import or a replay: understood one by one, then derived."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime

import sqlalchemy as sa

from connectors.catalog import Catalog
from pipelines import stages
from warehouse import nights, snapshots
from warehouse.night import Night
from warehouse.tables import snapshots as snapshot_table


def understand(engine: sa.Engine, services: Catalog, days: Sequence[date], at: datetime) -> tuple[int, int]:
    """Understand these nights, and the one after each: its figures may have to be said again.

    Returns:
        How many figures the nights say, and how many of them are held back.
    """
    counts = [stages.understand_late(engine, services, Night(day, at)) for day in days]
    for day in sorted(_nights_after(engine, days) - set(days)):
        stages.understand_late(engine, services, Night(day, at))
    return sum(count for count, _ in counts), sum(held for _, held in counts)


def _nights_after(engine: sa.Engine, days: Iterable[date]) -> set[date]:
    with engine.connect() as connection:
        return {after for day in days if (after := snapshots.night_after(connection, day))}


def derive(engine: sa.Engine, services: Catalog, night: Night) -> date | None:
    """Growth and qualifications as of a night; the last one judged, when it was blocked: then nothing."""
    with engine.connect() as connection:
        last = nights.last_nights(connection, 1)
        summary = nights.summary(connection, Night(last[0], night.at)) if last else None
    if summary and summary["state"] == "blocked":
        return last[0]
    stages.derive_growth(engine, services, night)
    stages.derive_qualifications(engine, services, night)
    return None


def last_seen(engine: sa.Engine, at: datetime) -> Night:
    """The last night on which a page was seen, looked at from a moment: a replay learns of no later one."""
    query = sa.select(sa.func.max(snapshot_table.c.night)).where(snapshot_table.c.service_id.is_not(None))
    with engine.connect() as connection:
        day: date | None = connection.scalar(query)
    return Night.of(at, day)
