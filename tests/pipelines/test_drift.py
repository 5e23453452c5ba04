"""Pages that change between two nights: what the night says, what it proposes, and how it ends."""

import subprocess
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest

from pipelines.verify import verify
from tests.connectors.drift.mutations import class_renamed, counted_up
from tests.pipelines.world import END_OF_2023, World
from tests.tools.redesigns import redesign, replaced

Copy = Callable[[World], World]
NEXT, AFTER = END_OF_2023 + timedelta(days=1), END_OF_2023 + timedelta(days=2)
RDV, NEEDS = "rdv-service-public", "conseillers-entreprises"


@pytest.fixture
def changed(demo: World, copy: Copy) -> World:
    """After a night on which one page was redesigned, one counts up, and one is in maintenance."""
    world = copy(demo)
    world.server.redesigned = {
        NEEDS: redesign(NEEDS, NEXT, class_renamed),
        RDV: redesign(RDV, NEXT, counted_up),
        "demarches-simplifiees.fr": replaced("maintenance_page"),
    }
    try:
        assert world.night(NEXT).completed
    finally:
        world.server.redesigned = {}
    return world


def incidents(world: World, service_id: str, first: date = NEXT) -> dict[str | None, dict[str, object]]:
    rows = world.dump()["incidents"].values()
    newest = sorted(rows, key=lambda row: row["known_at"])
    return {
        row["metric_id"]: row
        for row in newest
        if row["service_id"] == service_id and row["first_night"] == first
    }


def test_a_redesign_is_told_the_same_night_with_a_patch_that_reads_the_figure_again(
    changed: World, tmp_path: Path
) -> None:
    found = incidents(changed, NEEDS)["besoins_traites"]
    assert found["kind"] == "not_found"
    assert str(found["mend"]).startswith("it reads '45 696' tonight")
    file = tmp_path / f"{NEEDS}.yml"
    file.write_bytes((changed.specs / file.name).read_bytes())
    subprocess.run(["patch", "-p1"], input=str(found["patch"]), text=True, cwd=tmp_path, check=True)
    changed.server.redesigned = {NEEDS: redesign(NEEDS, NEXT, class_renamed)}
    services = changed.folder / "mended"
    services.mkdir()
    (services / file.name).write_bytes(file.read_bytes())
    changed.server.day = AFTER
    try:
        told = changed.night(AFTER, services=services)
    finally:
        changed.server.redesigned = {}
    assert told.completed
    assert incidents(changed, NEEDS)["besoins_traites"]["last_night"] == NEXT


def test_a_night_that_proposed_mends_is_derived_again(changed: World) -> None:
    assert verify(changed.settings()).findings == []
    changed.say("UPDATE incidents SET patch = replace(patch, '+', '+ ') WHERE patch IS NOT NULL")
    assert {finding.night for finding in verify(changed.settings()).findings} == {NEXT}


def test_a_counter_that_stands_at_zero_is_no_figure(changed: World) -> None:
    assert incidents(changed, RDV)["rendez_vous_pris"]["kind"] == "count_up"


def test_a_page_that_is_replaced_is_one_incident(changed: World) -> None:
    found = incidents(changed, "demarches-simplifiees.fr")
    assert {metric: row["kind"] for metric, row in found.items()} == {None: "maintenance_page"}
    assert found[None]["patch"] is None


def test_incidents_close_when_the_pages_are_as_they_were(changed: World) -> None:
    assert changed.night(AFTER).completed
    ends = {row["last_night"] for each in (RDV, NEEDS) for row in incidents(changed, each).values()}
    assert ends == {NEXT}


def test_no_figure_of_a_changed_page_is_wrong(changed: World, demo: World) -> None:
    known = {row["id"] for row in demo.dump()["observations"].values()}
    new = [row for row in changed.dump()["observations"].values() if row["id"] not in known]
    assert [(row["service_id"], row["metric_id"]) for row in new if row["service_id"] in (RDV, NEEDS)] == []


def test_the_command_lists_incidents_and_prints_patches(changed: World) -> None:
    listed = changed.impact("incidents", NEEDS)
    assert listed.status == 0
    assert "not_found" in listed.out
    assert "A patch is ready" in " ".join(listed.out.replace("│", " ").split())
    patches = changed.impact("incidents", NEEDS, "--patch").out
    assert patches.startswith(f"--- a/{NEEDS}.yml")
    assert changed.impact("incidents", "tchap", "--patch").out == ""


def test_an_earlier_moment_knows_nothing_of_it(changed: World) -> None:
    before = changed.impact("incidents", NEEDS, "--at", f"{END_OF_2023}T23:30")
    assert "not_found" not in before.out
