"""The event log with its connections kept open is Dagster's own, file for file."""

import shutil
from pathlib import Path

import dagster as dg
import pytest

from pipelines import event_log
from pipelines.event_log import MOST_OPEN, EventLog

SHIPPED = Path(event_log.__file__).with_name("dagster.yaml")


@dg.asset
def figure() -> dg.MaterializeResult[None]:
    return dg.MaterializeResult(metadata={"value": 83_746})


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("DAGSTER_HOME", str(tmp_path))
    shutil.copy(SHIPPED, tmp_path)
    return tmp_path


def run(times: int = 1) -> list[str]:
    """Materialize in the instance of ``DAGSTER_HOME``; the ids of the runs."""
    with dg.DagsterInstance.get() as instance:
        return [dg.materialize([figure], instance=instance).run_id for _ in range(times)]


def value(instance: dg.DagsterInstance) -> object:
    event = instance.get_latest_materialization_event(figure.key)
    assert event is not None
    assert event.asset_materialization is not None
    return event.asset_materialization.metadata["value"].value


def test_what_it_writes_it_reads_and_so_does_dagster(home: Path) -> None:
    (first,) = run()
    with dg.DagsterInstance.get() as instance:
        assert type(instance.event_log_storage) is EventLog
        assert value(instance) == 83_746
        told = [event.message for event in instance.all_logs(first)]
    (home / "dagster.yaml").unlink()
    with dg.DagsterInstance.get() as instance:
        assert type(instance.event_log_storage) is not EventLog
        assert value(instance) == 83_746
        assert [event.message for event in instance.all_logs(first)] == told


def test_what_dagster_wrote_goes_on(home: Path) -> None:
    (home / "dagster.yaml").rename(home / "aside.yaml")
    (first,) = run()
    (home / "aside.yaml").rename(home / "dagster.yaml")
    (second,) = run()
    with dg.DagsterInstance.get() as instance:
        records = instance.fetch_materializations(figure.key, limit=10).records
        assert [record.run_id for record in records] == [second, first]


def test_few_files_stay_open_and_every_run_can_be_read(home: Path) -> None:
    ids = run(MOST_OPEN + 2)
    with dg.DagsterInstance.get() as instance:
        assert all(instance.all_logs(each) for each in ids)
        log = instance.event_log_storage
        assert isinstance(log, EventLog)
        assert len(log._engines) <= MOST_OPEN


def test_a_run_can_be_deleted(home: Path) -> None:
    (first,) = run()
    with dg.DagsterInstance.get() as instance:
        assert instance.all_logs(first)
        instance.delete_run(first)
        assert not instance.all_logs(first)
