"""Judging a night: a figure that is refused is good for no other, whichever night it is of."""

from pathlib import Path

import pytest

from connectors.service import Metric
from pipelines import stages
from tests.tools.expectations import import_great_expectations
from tests.warehouse.build import World, chart, metric, night, service
from warehouse import nights
from warehouse.archive import Archive
from warehouse.database import open_database
from warehouse.history import current
from warehouse.tables import held_back, incidents, observations, verdicts

DAY = "2023-12-31"
_HELD = ("observation_id", "check_name")
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
        rows = current(connection, held_back, _HELD, on.at)
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


@pytest.mark.parametrize(
    ("now", "refused"),
    [
        ("1,2 million", []),
        ("1,1 million", ["2023-11"]),
        ("plus de 1,1 million", []),
        ("1 234 566", ["2023-11"]),
    ],
)
def test_a_total_has_fallen_only_beyond_what_its_printed_form_allows(
    world: World, now: str, refused: list[str]
) -> None:
    total = chart(nature="cumulative", periodicity="month", expect={"factor": 4})
    world = World(world.engine, world.archive, service(dossiers=total))
    assert held(world, ("2023-10", "1 234 567"), ("2023-11", now)) == refused


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


YEARLY = metric(nature="flow", period="calendar_year", expect={"factor": 3, "min": 50})
SO_FAR = metric(nature="flow", period="year_to_date", expect={"factor": 3})
MONTH = metric(nature="flow", period="calendar_month", expect={"factor": 3})


@pytest.mark.parametrize(
    ("shape", "nights", "refused"),
    [
        # The page that turned: a small count in January is neither a jump nor below a year's minimum.
        (YEARLY, [("2023-12-31", "900"), ("2024-01-01", "2"), ("2024-01-02", "7")], []),
        # The page still shows the year before, and turns on the third day.
        (
            YEARLY,
            [("2023-12-31", "900"), ("2024-01-01", "900"), ("2024-01-02", "903"), ("2024-01-03", "7")],
            ["2024-01-01", "2024-01-02"],
        ),
        (SO_FAR, [("2023-12-31", "900"), ("2024-01-01", "900")], ["2024-01-01"]),
        # Once it has turned, it may overtake the year before whenever it likes.
        (SO_FAR, [("2023-12-31", "9"), ("2024-01-01", "1"), ("2024-03-01", "3"), ("2024-03-20", "9")], []),
        # Seen once a year, a whole year is compared with a whole year.
        (YEARLY, [("2022-12-31", "900"), ("2023-12-31", "1000")], []),
        (YEARLY, [("2022-12-31", "900"), ("2023-12-31", "9000")], ["2023-12-31"]),
        (YEARLY, [("2022-12-31", "900"), ("2024-01-01", "2")], []),
        # A month that the page has not counted yet shows the one before; ten days later it is as it says.
        (MONTH, [("2024-01-20", "300"), ("2024-02-01", "300")], ["2024-01-31"]),
        (MONTH, [("2024-01-20", "300"), ("2024-02-01", "300"), ("2024-02-03", "280")], ["2024-01-31"]),
        (MONTH, [("2024-01-20", "300"), ("2024-02-01", "300"), ("2024-02-11", "300")], []),
        (MONTH, [("2024-01-20", "300"), ("2024-02-01", "310")], []),
        (MONTH, [("2024-01-20", "0"), ("2024-02-01", "0")], []),
    ],
)
def test_a_page_that_has_not_turned_says_nothing_of_the_new_year(
    world: World, shape: Metric, nights: list[tuple[str, str]], refused: list[str]
) -> None:
    world.service = service(dossiers=shape)
    for day, printed in nights:
        on = night(day)
        world.shows(on, dossiers=printed)
        stages.judge_figures(world.engine, world.services, on)  # type: ignore[arg-type]
    with world.engine.connect() as connection:
        held = {row["observation_id"] for row in current(connection, held_back, _HELD, on.at)}
    ends = [f"{row['period_end']}" for row in world.rows(observations) if row["id"] in held]
    assert sorted(ends) == refused
