"""Judging a night: a figure that is refused is good for no other, whichever night it is of."""

from pathlib import Path

import pytest

from pipelines import stages
from tests.tools.expectations import import_great_expectations
from tests.warehouse.build import World, chart, night, service
from warehouse import nights
from warehouse.archive import Archive
from warehouse.database import open_database
from warehouse.history import current
from warehouse.tables import held_back, incidents, observations, verdicts

DAY = "2023-12-31"
MONTHLY = chart(nature="flow", period="dated", periodicity="month", expect={"factor": 4})


@pytest.fixture
def world(tmp_path: Path) -> World:
    import_great_expectations()
    engine = open_database(f"sqlite:///{tmp_path / 'impact.sqlite'}")
    return World(engine, Archive(tmp_path / "archive"), service(dossiers=MONTHLY))


def held(world: World, *months: tuple[str, str], hour: int = 3) -> list[str]:
    """The months held back after a night that shows these."""
    on = night(DAY, hour)
    world.shows(on, dossiers=months)
    stages.judge_figures(world.engine, world.services, on)  # type: ignore[arg-type]
    with world.engine.connect() as connection:
        rows = current(connection, held_back, ("observation_id", "check_name"), on.at)
        ends = {row["id"]: row["period_end"] for row in world.rows(observations)}
    return sorted(f"{ends[row['observation_id']]:%Y-%m}" for row in rows)


@pytest.mark.parametrize(
    ("months", "refused"),
    [
        ([("2023-09", "100"), ("2023-10", "120")], []),
        ([("2023-09", "100"), ("2023-10", "900"), ("2023-11", "110")], ["2023-10"]),
        ([("2023-09", "100"), ("2023-10", "900"), ("2023-11", "950")], ["2023-10", "2023-11"]),
        ([("2023-09", "100"), ("2023-10", "900"), ("2023-11", "3 900")], ["2023-10", "2023-11"]),
        # After a gap, nothing says what is believable: four years may well make ten times as many.
        ([("2019-01", "100"), ("2023-10", "900"), ("2023-11", "950")], []),
        ([("2023-07", "100"), ("2023-10", "900")], []),
        ([("2023-08", "100"), ("2023-10", "900")], ["2023-10"]),
    ],
)
def test_a_month_is_compared_with_the_last_good_one(
    world: World, months: list[tuple[str, str]], refused: list[str]
) -> None:
    assert held(world, *months) == refused


def test_a_night_judged_again_says_the_same(world: World) -> None:
    months = [("2023-09", "100"), ("2023-10", "900"), ("2023-11", "950")]
    first = held(world, *months)
    before = world.count(held_back, verdicts, incidents)
    assert held(world, *months, hour=4) == first
    assert world.count(held_back, verdicts, incidents) == before
    with world.engine.connect() as connection:
        summary = nights.summary(connection, night(DAY, 4))
    assert summary
    assert summary["held"] == 2
