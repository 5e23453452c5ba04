"""Who is told what, through a webhook that is really there."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from http.server import BaseHTTPRequestHandler, HTTPServer
from tempfile import TemporaryDirectory
from threading import Thread
from typing import Any

import dagster as dg
import pytest

from pipelines import sensors
from pipelines.errors import WebhookRefused, told_clearly
from pipelines.resources import Warehouse
from tests.pipelines.world import END_OF_2022, END_OF_2023, World
from tests.tools.replica_server import ReplicaServer
from warehouse.errors import ArchiveFull

Copy = Callable[[World], World]
NEXT = date(2024, 1, 1)


class _Hook(BaseHTTPRequestHandler):
    """Keeps what it is told, and answers as it is asked to."""

    server: "_Webhook"

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.messages.append(json.loads(body))
        self.send_response(self.server.status)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        pass


class _Webhook(HTTPServer):
    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Hook)
        self.messages: list[Any] = []
        self.status = 200


@contextmanager
def _listening() -> Iterator[_Webhook]:
    with _Webhook() as server:
        thread = Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()


@pytest.fixture
def webhook(monkeypatch: pytest.MonkeyPatch) -> Iterator[_Webhook]:
    with _listening() as server:
        monkeypatch.setenv("IMPACT_WEBHOOK", f"http://127.0.0.1:{server.server_port}/hook")
        yield server


def _changes(world: World, *days: date) -> str:
    with world.connection() as connection:
        return sensors.changes(connection, days)


@pytest.fixture(scope="module")
def broken(demo: World, tmp_path_factory: pytest.TempPathFactory) -> World:
    """After a third night, when dossierfacile answers 404 and l-immersion-facile gives its figures."""
    world = demo.copy(tmp_path_factory.mktemp("broken") / "world")
    with ReplicaServer(login=(), down=("tchap", "dossierfacile")) as server:
        assert World(world.folder, server).night(NEXT).completed
    return world


def test_a_service_that_broke_and_one_that_came_back(broken: World) -> None:
    assert _changes(broken, NEXT, END_OF_2023, END_OF_2022) == (
        "Night 2024-01-01: broke: dossierfacile (127.0.0.1 gave no answer: Connection refused.). "
        "came back: l-immersion-facile."
    )


def test_a_night_like_the_one_before_says_nothing(demo: World, copy: Copy) -> None:
    world = copy(demo)
    assert world.night(NEXT).completed
    assert _changes(world, NEXT, END_OF_2023) == ""


def test_a_night_of_one_service_says_nothing_of_the_others(demo: World, copy: Copy) -> None:
    world = copy(demo)
    assert world.night(NEXT, only=["signalement"]).completed
    assert _changes(world, NEXT, END_OF_2023) == ""
    assert _changes(world, END_OF_2023, NEXT) == ""


def test_a_service_is_compared_with_its_last_visit(broken: World) -> None:
    assert "dossierfacile" in _changes(broken, NEXT, date(2023, 6, 1), END_OF_2023)


def test_the_sensor_tells_each_night_once(broken: World, webhook: _Webhook) -> None:
    resources = {"warehouse": Warehouse(database_url=f"sqlite:///{broken.database}", archive_folder="")}
    with dg.build_sensor_context(resources=resources) as context:
        first = sensors.services_broke_or_came_back(context)
        second = sensors.services_broke_or_came_back(context)
    assert isinstance(first, dg.SkipReason)
    assert isinstance(second, dg.SkipReason)
    assert context.cursor == NEXT.isoformat()
    assert webhook.messages == [{"text": first.skip_message}]
    assert second.skip_message == "No new night to compare."
    assert first.skip_message == _changes(broken, NEXT, END_OF_2023, END_OF_2022)


def test_one_night_alone_is_compared_with_nothing(first: World, webhook: _Webhook) -> None:
    resources = {"warehouse": Warehouse(database_url=f"sqlite:///{first.database}", archive_folder="")}
    with dg.build_sensor_context(resources=resources) as context:
        told = sensors.services_broke_or_came_back(context)
    assert isinstance(told, dg.SkipReason)
    assert told.skip_message == "No new night to compare."
    assert webhook.messages == []


def test_nothing_is_sent_when_no_webhook_is_set(monkeypatch: pytest.MonkeyPatch) -> None:
    with _listening() as server:
        monkeypatch.delenv("IMPACT_WEBHOOK", raising=False)
        assert sensors.send("unheard") is False
        assert server.messages == []


def test_a_webhook_that_refuses_is_an_error(webhook: _Webhook) -> None:
    webhook.status = 500
    with pytest.raises(WebhookRefused, match=r"^The webhook did not take the message: answered 500\.$"):
        sensors.send("refused")
    assert webhook.messages == [{"text": "refused"}]


# ------------------------------------------------------------------------- a failed run

NIGHT = dg.DailyPartitionsDefinition("2023-01-01")


@dg.asset(partitions_def=NIGHT)
def full() -> None:
    with told_clearly():
        raise ArchiveFull("The archive's disk is full.")


@dg.asset(partitions_def=NIGHT)
def wrong() -> None:
    raise ZeroDivisionError("a fault of ours\nwith a second line")


@contextmanager
def _failed(asset: dg.AssetsDefinition, job_name: str) -> Iterator[dg.RunFailureSensorContext]:
    """What Dagster gives to the sensor when a run of this asset failed."""
    job = dg.Definitions([asset], jobs=[dg.define_asset_job(job_name, [asset])]).resolve_job_def(job_name)
    quiet = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}
    with TemporaryDirectory() as folder, dg.DagsterInstance.ephemeral(folder) as instance:
        result = job.execute_in_process(
            partition_key="2023-12-31", instance=instance, run_config=quiet, raise_on_error=False
        )
        yield dg.build_run_status_sensor_context(
            sensor_name="night_failed",
            dagster_event=result.get_run_failure_event(),
            dagster_instance=instance,
            dagster_run=result.dagster_run,
        ).for_run_failure()


@pytest.mark.parametrize(
    ("asset", "said"),
    [
        (
            full,
            (
                "Night 2023-12-31 failed at full: The archive's disk is full. "
                "Make room on the archive's disk, then run the night again."
            ),
        ),
        (
            wrong,
            "Night 2023-12-31 failed at wrong: The step wrong failed: ZeroDivisionError: a fault of ours",
        ),
    ],
    ids=["an error of ours", "a fault"],
)
def test_a_failed_night_is_told_with_its_cause(
    asset: dg.AssetsDefinition, said: str, webhook: _Webhook
) -> None:
    with _failed(asset, "nightly") as context:
        sensors.night_failed(context)
    assert webhook.messages == [{"text": said}]


def test_another_job_that_failed_is_not_our_business(webhook: _Webhook) -> None:
    with _failed(full, "another") as context:
        sensors.night_failed(context)
    assert webhook.messages == []
