"""What Dagster shows is what we mean it to show, line by line.

After a wanted change: ``IMPACT_UPDATE_GOLDEN=1 python -m pytest tests/pipelines/test_definitions.py``.
"""

import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import islice
from pathlib import Path
from zoneinfo import ZoneInfo

import dagster as dg
import pytest
from dagster._core.definitions.partitions.context import partition_loading_context
from dagster._utils.schedules import schedule_execution_time_iterator

from connectors import catalog
from connectors.catalog import Catalog
from pipelines import definitions
from pipelines.partitions import NIGHTS
from pipelines.settings import Settings
from tests.tools.replica_server import OF_2023

GOLDEN = Path(__file__).with_name("definitions.txt")
ROOT = Path(__file__).parents[2]
PARIS = ZoneInfo("Europe/Paris")


@pytest.fixture(scope="module")
def defs() -> dg.Definitions:
    few = Catalog(tuple(catalog.load()[service_id] for service_id in OF_2023))
    return definitions.build(few, definitions.resources(Settings(_env_file=None)))


def _assets(defs: dg.Definitions) -> Iterator[str]:
    graph = defs.resolve_asset_graph()
    for key in sorted(graph.get_all_asset_keys()):
        asset = graph.get(key)
        after = ", ".join(sorted(parent.to_user_string() for parent in asset.parent_keys))
        yield f"asset {key.to_user_string()} [{asset.group_name}]" + (f" after {after}" if after else "")


def _checks(defs: dg.Definitions) -> Iterator[str]:
    graph = defs.resolve_asset_graph()
    for key in sorted(graph.asset_check_keys):
        blocking = " blocking" if graph.get(key).blocking else ""
        yield f"check {key.asset_key.to_user_string()}: {key.name}{blocking}"


def _orders(defs: dg.Definitions) -> Iterator[str]:
    for job in defs.jobs or []:
        yield f"job {job.name}"
    for schedule in defs.schedules or []:
        assert isinstance(schedule, dg.ScheduleDefinition)
        when = f"{schedule.cron_schedule} {schedule.execution_timezone}"
        yield f"schedule {schedule.name}: {when}, {schedule.job_name}"
    for sensor in defs.sensors or []:
        yield f"sensor {sensor.name}"


def test_the_definitions_are_the_golden_ones(defs: dg.Definitions) -> None:
    lines = [*_assets(defs), *_checks(defs), *_orders(defs)]
    if os.environ.get("IMPACT_UPDATE_GOLDEN"):
        GOLDEN.write_text("\n".join(lines) + "\n", encoding="utf-8")
    assert lines == GOLDEN.read_text(encoding="utf-8").splitlines()


def test_shards_change_the_manifests_and_nothing_else() -> None:
    services = Catalog(tuple(catalog.load()[service_id] for service_id in OF_2023))
    given = definitions.resources(Settings(_env_file=None))
    one, many = (set(_assets(definitions.build(services, given, size))) for size in (250, 5))
    assert {line for line in one ^ many if "manifests/" not in line} == set()
    assert sum(line.startswith("asset manifests/") for line in many) == 3
    assert "asset snapshots [collection] after manifests/00, manifests/01, manifests/02" in many


def test_dagster_accepts_them(tmp_path: Path) -> None:
    dagster = Path(sys.executable).with_name("dagster")
    environment = {name: value for name, value in os.environ.items() if not name.startswith("IMPACT_")}
    told = subprocess.run(
        [dagster, "definitions", "validate"],
        cwd=ROOT,
        env=environment | {"DAGSTER_HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert told.returncode == 0, told.stderr


def _ticks(defs: dg.Definitions, after: date, count: int) -> list[datetime]:
    """The moments at which the schedule fires after the noon of a day."""
    schedule = defs.resolve_schedule_def("every_night")
    noon = datetime(after.year, after.month, after.day, 12, tzinfo=PARIS)
    zone = schedule.execution_timezone
    return list(
        islice(schedule_execution_time_iterator(noon.timestamp(), schedule.cron_schedule, zone), count)
    )


def _asked(defs: dg.Definitions, tick: datetime) -> dg.RunRequest:
    context = dg.build_schedule_context(
        scheduled_execution_time=tick, repository_def=defs.get_repository_def()
    )
    request = defs.resolve_schedule_def("every_night")(context)
    assert isinstance(request, dg.RunRequest)
    return request


def _last_partition(at: datetime) -> str | None:
    """The newest night that there is at a moment."""
    with partition_loading_context(effective_dt=at):
        return NIGHTS.get_last_partition_key()


def test_the_tick_at_two_asks_for_the_night_of_that_day(defs: dg.Definitions) -> None:
    tick = datetime(2024, 6, 15, 2, tzinfo=PARIS)
    assert _asked(defs, tick).partition_key == "2024-06-15"
    assert _last_partition(tick) == "2024-06-15"


@pytest.mark.parametrize("change", [date(2026, 3, 29), date(2026, 10, 25)], ids=["to summer", "to winter"])
def test_each_day_has_one_night_when_the_clocks_change(defs: dg.Definitions, change: date) -> None:
    ticks = _ticks(defs, change - timedelta(days=2), 3)
    days = [(change + timedelta(days=number)).isoformat() for number in (-1, 0, 1)]
    assert [_asked(defs, tick).partition_key for tick in ticks] == days
    assert [_asked(defs, tick).run_key for tick in ticks] == days
    assert [_last_partition(tick) for tick in ticks] == days
