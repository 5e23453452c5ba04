"""Nights: what was tried, what came, what the checks said, and what became of it."""

import pytest
import sqlalchemy as sa

from tests.warehouse.build import World, metric, night, service
from warehouse import nights
from warehouse.archive import Archive
from warehouse.history import Row
from warehouse.tables import nights as table
from warehouse.tables import verdicts

FIRST, SECOND, THIRD = "2023-12-29", "2023-12-30", "2023-12-31"
CLOSED = {"portfolio_sha256": "abc", "portfolio_trouble": None, "state": "publishable", "reason": None}
COUNTED = {"services": 1, "reached": 1, "read": 1, "figures": 1, "absent": 0, "held": 0}


@pytest.fixture
def world(engine: sa.Engine, archive: Archive) -> World:
    return World(engine, archive, service(dossiers=metric(), cout=metric(evidence="report")))


def close(world: World, day: str, **more: object) -> int:
    with world.engine.begin() as connection:
        return nights.close(connection, night(day), CLOSED | COUNTED | more)


@pytest.mark.parametrize(
    ("printed", "missing", "tally", "counts"),
    [
        ({"dossiers": "10", "cout": "2"}, None, (1, 1), (2, 0)),
        ({"dossiers": "10"}, "cout", (1, 1), (1, 1)),
        ({"dossiers": "ND"}, "cout", (1, 0), (0, 2)),
    ],
    ids=["both", "one", "none"],
)
def test_a_service_that_answered_is_reached_and_read_when_a_figure_is_understood(
    world: World,
    printed: dict[str, str],
    missing: str | None,
    tally: tuple[int, int],
    counts: tuple[int, int],
) -> None:
    tonight = world.shows(FIRST, missing, **printed)
    with world.engine.connect() as connection:
        (row,) = tallied = nights.tally(connection, night(FIRST), tonight)
        absent = nights.missing(connection, night(FIRST), tonight)
        counted = nights.count(connection, night(FIRST), tonight, tallied, absent)
    assert (row["service_id"], row["reached"], row["read"]) == ("essai", *tally)
    assert counted == dict(zip(COUNTED, (1, *tally, *counts, 0), strict=True))


def test_a_service_that_was_down_is_tried_and_not_reached(world: World) -> None:
    tonight = world.is_down(FIRST)
    with world.engine.connect() as connection:
        assert nights.tally(connection, night(FIRST), tonight) == [
            {"service_id": "essai", "reached": 0, "read": 0}
        ]
        assert nights.tally(connection, night(SECOND), tonight) == []


def test_a_missing_figure_tells_when_it_was_last_there_and_how_it_is_known(world: World) -> None:
    world.shows(FIRST, "cout", dossiers="10")
    tonight = world.is_down(SECOND)
    with world.engine.connect() as connection:
        rows = nights.missing(connection, night(SECOND), tonight)
    told = [(row["metric_id"], row["reason"], row["last_day"], row["evidence"]) for row in rows]
    assert told == [
        ("cout", "unreachable", None, "report"),
        ("dossiers", "unreachable", night(FIRST).day, "source"),
    ]


def test_an_absence_that_was_mended_the_same_night_is_not_missing(world: World) -> None:
    world.is_down(night(FIRST, 2))
    tonight = world.shows(night(FIRST, 5), "cout", dossiers="10")
    with world.engine.connect() as connection:
        rows = nights.missing(connection, night(FIRST, 5), tonight)
    assert [(row["metric_id"], row["reason"]) for row in rows] == [("cout", "not_found")]


# --- verdicts -----------------------------------------------------------------------------


def verdict(name: str, table_name: str, failing: int = 0) -> Row:
    return {
        "check_name": name,
        "table_name": table_name,
        "scope": "whole",
        "passed": failing == 0,
        "failing": failing,
        "sample": [{"id": str(number)} for number in range(failing)],
        "sentence": "must be true",
    }


def test_verdicts_are_told_per_table_and_once(world: World) -> None:
    said = [verdict("coverage", "nights"), verdict("bounds", "observations", 2)]
    with world.engine.begin() as connection:
        record = nights.record_verdicts
        assert record(connection, night(FIRST), ["nights", "observations"], said) == 2
        assert record(connection, night(FIRST), ["nights", "observations"], said) == 0
        assert record(connection, night(FIRST, 9), ["observations"], [verdict("bounds", "observations")]) == 1
        assert record(connection, night(SECOND), ["nights"], said[:1]) == 1
    assert [(row["check_name"], row["failing"], row["sample"]) for row in world.rows(verdicts)][2] == (
        "bounds",
        0,
        [],
    )


# --- closing ------------------------------------------------------------------------------


def test_a_night_is_closed_once_and_its_story_may_change(world: World) -> None:
    assert close(world, FIRST) == 1
    assert close(world, FIRST) == 0
    with world.engine.begin() as connection:
        blocked = CLOSED | COUNTED | {"state": "blocked", "reason": "coverage"}
        assert nights.close(connection, night(FIRST, 9), blocked) == 1
        stories = [nights.summary(connection, night(FIRST, hour)) for hour in (3, 9)]
        assert nights.summary(connection, night(SECOND)) is None
    assert [story and story["state"] for story in stories] == ["publishable", "blocked"]
    assert len(world.rows(table)) == 2


def test_the_last_nights_are_those_that_were_judged(world: World) -> None:
    for day in (SECOND, FIRST, THIRD):
        close(world, day)
    with world.engine.connect() as connection:
        assert nights.last_nights(connection) == [night(THIRD).day, night(SECOND).day]
        assert len(nights.last_nights(connection, 9)) == 3


def test_the_silent_services_of_a_night_are_those_without_any_figure(world: World) -> None:
    world.shows(FIRST, "cout", dossiers="10")
    world.is_down(SECOND)
    world.shows(THIRD, "cout", dossiers="10")
    with world.engine.connect() as connection:
        silent = [nights.silent(connection, night(day).day) for day in (FIRST, SECOND, THIRD)]
    assert [sorted(services) for services in silent] == [[], ["essai"], []]
    assert silent[1]["essai"]
