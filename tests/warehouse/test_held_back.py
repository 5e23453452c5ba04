"""Held back: a refused figure stands aside with its reason, and comes back when it passes."""

from decimal import Decimal

import pytest
import sqlalchemy as sa

from tests.warehouse.build import World, metric, night, service
from warehouse import held_back
from warehouse.archive import Archive
from warehouse.derived import growth
from warehouse.held_back import Refusal
from warehouse.history import Row
from warehouse.night import Night
from warehouse.observations import Tonight
from warehouse.tables import held_back as table
from warehouse.tables import refusals

GOOD, BAD, LATER = "2022-12-31", "2023-12-31", "2024-01-10"


@pytest.fixture
def world(engine: sa.Engine, archive: Archive) -> World:
    return World(engine, archive, service(dossiers=metric(expect={"min": 100, "factor": 3})))


def judge(world: World, when: Night | str, tonight: Tonight) -> int:
    """One check, as a night runs it: below the least expected, a figure is held back."""
    on = night(when) if isinstance(when, str) else when
    with world.engine.begin() as connection:
        figures = held_back.to_judge(connection, on, tonight.rows)
        refused = [Refusal(row["id"], "at_least_min", "trop bas") for row in figures if too_low(row)]
        return held_back.hold(connection, on, figures, refused)


def too_low(row: Row) -> bool:
    return row["expect_min"] is not None and row["value"] < row["expect_min"]


def held(world: World, on: Night, tonight: Tonight) -> list[Row]:
    with world.engine.connect() as connection:
        return held_back.standing(connection, on, tonight)


def test_a_figure_comes_to_its_check_with_its_bounds_and_the_last_good_one(world: World) -> None:
    first = world.shows(GOOD, dossiers="150")
    second = world.shows(BAD, dossiers="200")
    with world.engine.connect() as connection:
        (alone,) = held_back.to_judge(connection, night(GOOD), first.rows)
        (row,) = held_back.to_judge(connection, night(BAD), second.rows)
    assert (alone["good_id"], alone["good_value"], alone["good_day"]) == (None, None, None)
    assert (row["good_id"], row["good_value"], row["good_day"]) == (alone["id"], 150, night(GOOD).day)
    assert (row["expect_min"], row["expect_max"], row["expect_factor"]) == (100, None, 3)
    assert row["label"] == "Dossiers"


def test_a_refused_figure_is_held_with_the_last_good_value_beside_it(world: World) -> None:
    good = world.shows(GOOD, dossiers="150").rows[0]
    assert judge(world, GOOD, world.shows(GOOD, dossiers="150")) == 0
    for _ in range(2):
        tonight = world.shows(BAD, dossiers="7")
        judge(world, BAD, tonight)
    (row,) = held(world, night(BAD), tonight)
    assert (row["observation_id"], row["value"], row["reason"]) == (tonight.rows[0]["id"], 7, "trop bas")
    assert (row["last_good_observation_id"], row["last_good_value"]) == (good["id"], 150)
    assert row["last_good_day"] == night(GOOD).day
    assert len(world.rows(table)) == 1


def test_a_held_figure_is_never_the_last_good_one(world: World) -> None:
    for day, value in ((GOOD, "150"), (BAD, "7"), (LATER, "8")):
        judge(world, day, world.shows(day, dossiers=value))
    assert [(row["value"], row["last_good_value"]) for row in world.rows(table)] == [(7, 150), (8, 150)]


def test_a_figure_is_released_when_its_bound_is_mended(world: World) -> None:
    tonight = world.shows(BAD, dossiers="7")
    judge(world, BAD, tonight)
    again = night(LATER, of=BAD)
    judge(world, again, world.read_again(again, service(dossiers=metric(expect={"min": 5})), dossiers="7"))
    assert held(world, again, tonight) == []
    assert [row["withdrawn"] for row in world.rows(table)] == [False, True]
    assert [row["value"] for row in held(world, night(BAD), tonight)] == [Decimal(7)]


def test_a_figure_that_the_pages_no_longer_say_is_not_in_the_way(world: World) -> None:
    judge(world, BAD, world.shows(BAD, dossiers="7"))
    tonight = world.shows(LATER, dossiers="300")
    judge(world, LATER, tonight)
    assert held(world, night(LATER), tonight) == []
    with world.engine.connect() as connection:
        assert len(held_back.held_ids(connection, night(LATER).at)) == 1


def test_growth_refuses_a_held_figure(world: World) -> None:
    for day, value in ((GOOD, "150"), (BAD, "7")):
        judge(world, day, world.shows(day, dossiers=value))
    with world.engine.begin() as connection:
        assert growth.derive(connection, world.services, night(BAD)) == 1
    (row,) = world.rows(refusals)
    assert (row["reason"], row["sentence"]) == (
        "held_back",
        "Le relevé du 31/12/2023 est retenu par un contrôle.",
    )
