"""Services without a file: visited, archived, discovered; apart until a person adopts them."""

import json
import shutil
from collections.abc import Callable
from datetime import timedelta

import pytest

from connectors.catalog import load_file
from tests.pipelines.world import END_OF_2023, World
from warehouse.history import Row

Copy = Callable[[World], World]
SERVICE = "benefriches"
FIGURES = {"1\u202f284", "612", "73\u00a0%"}
"""What its page prints; the date, the telephone and the version around are no figures."""


@pytest.fixture(scope="module")
def explored(first: World, tmp_path_factory: pytest.TempPathFactory) -> World:
    """After a night that visits the services without a file too.  Nobody changes it."""
    world = first.copy(tmp_path_factory.mktemp("explored") / "world")
    assert world.night(END_OF_2023, explore=True).completed
    return world


def rows(world: World, table: str, service_id: str = SERVICE) -> list[Row]:
    """What a table says now of a service."""
    told = sorted(world.dump()[table].values(), key=lambda row: row["known_at"])
    newest = {row.get("metric_id"): row for row in told if row["service_id"] == service_id}
    return [row for row in newest.values() if not row["withdrawn"]]


def test_a_page_that_nobody_configured_is_discovered_and_published_nowhere(explored: World) -> None:
    assert {row["exact"] for row in rows(explored, "candidates")} == FIGURES
    assert [row["outcome"] for row in rows(explored, "unconfigured")] == ["figures"]
    dump = explored.dump()
    assert not [row for row in dump["observations"].values() if row["service_id"] == SERVICE]
    assert [row["status"] for row in dump["snapshots"].values() if row["service_id"] == SERVICE] == [200]


def test_a_page_that_fails_says_why_and_the_night_goes_on(explored: World) -> None:
    (row,) = rows(explored, "unconfigured", "pix")
    assert row["outcome"] == "failed"
    assert "404" in row["sentence"]


def test_only_services_without_a_file_are_explored(explored: World) -> None:
    told = {row["service_id"] for row in explored.dump()["unconfigured"].values()}
    assert SERVICE in told
    assert not told & {file.stem for file in explored.specs.glob("*.yml")}


def test_the_same_night_again_adds_nothing(explored: World, copy: Copy) -> None:
    world = copy(explored)
    assert world.night(END_OF_2023, explore=True).completed
    tables = ("candidates", "unconfigured", "snapshots")
    assert {name: world.dump()[name] for name in tables} == {name: explored.dump()[name] for name in tables}


def test_a_night_of_one_service_explores_none(first: World, copy: Copy) -> None:
    world = copy(first)
    assert world.night(END_OF_2023, only=["ban"], explore=True).completed
    assert world.dump()["unconfigured"] == {}


def test_an_adopted_service_is_read_from_the_next_night_on(explored: World, copy: Copy) -> None:
    world = copy(explored)
    written = world.impact("adopt", SERVICE, "--write", str(world.folder / "adopted"))
    assert written.status == 0
    file = world.folder / "adopted" / "services" / f"{SERVICE}.yml"
    adopted = load_file(file)
    assert (adopted.name, adopted.incubator) == ("BENEFRICHES", "ademe")
    answers = json.loads(next((world.folder / "adopted" / "pages").rglob("answers.json")).read_text("utf-8"))
    assert {answer["exact"] for answer in answers.values()} == FIGURES
    services = shutil.copytree(world.specs, world.folder / "with-one-more")
    shutil.copy(file, services)
    told = world.night(END_OF_2023 + timedelta(days=1), explore=True, services=services)
    assert told.completed
    assert {
        row["text"] for row in world.dump()["observations"].values() if row["service_id"] == SERVICE
    } == FIGURES
    assert rows(world, "candidates") == rows(world, "unconfigured") == []


def test_what_was_not_discovered_cannot_be_adopted(explored: World) -> None:
    end = explored.impact("adopt", "pix")
    assert end.status == 1
    assert end.sentence.startswith("No figure stands as discovered for 'pix'. ")
    end = explored.impact("adopt", SERVICE, "--metric", "nothing", "--write", str(explored.folder / "x"))
    assert end.status == 1
    assert end.sentence.startswith("No figure 'nothing' was proposed; there are: ")


def test_the_command_lists_them(explored: World) -> None:
    listed = json.loads(explored.impact("candidates", "--json").out)
    assert {row["exact"] for row in listed if row["service_id"] == SERVICE} == FIGURES
    assert "services without a file: failed" in " ".join(explored.impact("candidates").out.split())
