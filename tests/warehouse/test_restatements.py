"""Restatements: every way in which what was said of a past period changes, each with its kind and reason."""

from collections.abc import Sequence
from typing import Any

import pytest
import sqlalchemy as sa

from tests.warehouse.build import World, chart, metric, night, service
from warehouse.archive import Archive
from warehouse.derived.revision_triangle import revision_triangle
from warehouse.observations import last_known
from warehouse.restatements import withdrawn_ids
from warehouse.tables import observations, restatements

MONTHS: dict[str, Any] = {"nature": "flow", "period": "dated", "periodicity": "month"}
YEARS: dict[str, Any] = {"nature": "flow", "period": "dated", "periodicity": "year"}
FIRST, SECOND, THIRD, FOURTH = "2023-04-10", "2023-04-11", "2023-04-12", "2023-04-13"
JANUARY, FEBRUARY, MARCH = ("2023-01", "10"), ("2023-02", "20"), ("2023-03", "30")


def charted(engine: sa.Engine, archive: Archive, **shape: Any) -> World:
    return World(engine, archive, service(dossiers=chart(**(shape or MONTHS))))


def told(world: World) -> list[tuple[str, str]]:
    return [(row["kind"], row["reason"]) for row in world.rows(restatements)]


def kinds(world: World) -> list[str]:
    return [kind for kind, _ in told(world)]


# --- another value ------------------------------------------------------------------------


def test_jeveuxaider_says_another_figure_of_2023_a_year_later(engine: sa.Engine, archive: Archive) -> None:
    """510 000 volunteers at first, 99 278 for the same year later: the page gives no reason, so nor do we."""
    world = charted(engine, archive, **YEARS)
    world.shows("2024-02-10", dossiers=[("2023", "510 000")])
    world.shows("2025-02-10", dossiers=[("2023", "99 278"), ("2024", "120 000")])
    assert told(world) == [
        ("revision", "The page now says '99 278' where it said '510 000' for the same period.")
    ]


def test_jeveuxaider_once_a_person_has_said_what_is_counted(engine: sa.Engine, archive: Archive) -> None:
    world = charted(engine, archive, **YEARS, definition="bénévoles inscrits")
    world.shows("2024-02-10", dossiers=[("2023", "510 000")])
    world.service = service(dossiers=chart(**YEARS, definition="bénévoles actifs dans l'année"))
    world.shows("2025-02-10", dossiers=[("2023", "99 278")])
    ((kind, reason),) = told(world)
    assert kind == "redefinition"
    assert reason == (
        "Definition bénévoles inscrits became bénévoles actifs dans l'année: "
        "the page now says '99 278' where it said '510 000'."
    )
    old, new = world.rows(observations)
    assert [old["definition"], new["definition"]] == ["bénévoles inscrits", "bénévoles actifs dans l'année"]


@pytest.mark.parametrize(
    ("changed", "word"),
    [
        ({"unit": "agent"}, "Unit dossier became agent"),
        ({"definition": "x"}, "Definition not stated became x"),
    ],
)
def test_what_still_runs_becomes_another_thing_from_a_night_on(
    engine: sa.Engine, archive: Archive, changed: dict[str, str], word: str
) -> None:
    """A total has no period of its own to restate: the event is that it is not the same total any more."""
    world = World(engine, archive, service(dossiers=metric()))
    world.shows(FIRST, dossiers="1 000")
    world.service = service(dossiers=metric(**changed))
    world.shows(SECOND, dossiers="1 001")
    world.shows(THIRD, dossiers="1 002")
    ((kind, reason),) = told(world)
    assert kind == "redefinition"
    assert reason.startswith(word)


def test_a_total_that_grows_restates_nothing(engine: sa.Engine, archive: Archive) -> None:
    world = World(engine, archive)
    for day, value in ((FIRST, "1 000"), (SECOND, "1 001"), (THIRD, "999")):
        world.shows(day, dossiers=value)
    assert told(world) == []


# --- the same bytes -----------------------------------------------------------------------


def test_a_mended_service_file_corrects(engine: sa.Engine, archive: Archive) -> None:
    world = World(engine, archive)
    world.shows(FIRST, dossiers="1 000")
    world.read_again(night(SECOND, of=FIRST), service(page_note="h1"), dossiers="900")
    assert told(world) == [
        ("correction", "The service file was mended: the same bytes now give '900' where they gave '1 000'.")
    ]


def test_a_definition_given_to_the_same_bytes_is_a_correction(engine: sa.Engine, archive: Archive) -> None:
    """The page did not change: it is we who had not said what it counts."""
    world = World(engine, archive)
    world.shows(FIRST, dossiers="1 000")
    world.read_again(
        night(SECOND, of=FIRST), service(dossiers=metric(definition="inscrits")), dossiers="1 000"
    )
    assert kinds(world) == ["correction"]


def test_a_newer_reader_is_technical(engine: sa.Engine, archive: Archive) -> None:
    world = World(engine, archive)
    world.shows(FIRST, dossiers="1 000")
    world.reader = "html/2"
    world.read_again(night(SECOND, of=FIRST), service(), dossiers="1 001")
    assert told(world) == [
        ("technical", "The same bytes, read by a newer reader, give '1 001' where they gave '1 000'.")
    ]


# --- no value any more --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("later", "lost"),
    [
        ([JANUARY, FEBRUARY], ["2023-03-31"]),
        ([JANUARY, MARCH], ["2023-02-28"]),
        ([JANUARY], ["2023-02-28", "2023-03-31"]),
        ([JANUARY, FEBRUARY, MARCH], []),
        ([FEBRUARY, MARCH, ("2023-04", "4")], []),
    ],
    ids=["the newest", "a hole", "two", "none", "the window moved on"],
)
def test_a_period_that_the_page_shows_no_longer_is_withdrawn(
    engine: sa.Engine, archive: Archive, later: Sequence[tuple[str, str]], lost: list[str]
) -> None:
    world = charted(engine, archive)
    world.shows(FIRST, dossiers=[JANUARY, FEBRUARY, MARCH])
    for _ in range(2):
        world.shows(SECOND, dossiers=later)
    world.shows(THIRD, dossiers=later)
    rows = world.rows(restatements)
    assert sorted(str(row["period_end"]) for row in rows) == lost
    assert all(row["kind"] == "withdrawal" and row["new_observation_id"] is None for row in rows)
    with engine.connect() as connection:
        for day, gone in ((FIRST, 0), (SECOND, len(lost))):
            assert len(withdrawn_ids(connection, night(day).at)) == gone


def test_what_could_not_be_read_is_not_withdrawn(engine: sa.Engine, archive: Archive) -> None:
    world = charted(engine, archive)
    world.shows(FIRST, dossiers=[JANUARY, FEBRUARY, MARCH])
    world.shows(SECOND, dossiers=[JANUARY, ("2023-02", "beaucoup"), MARCH])
    world.is_down(THIRD)
    assert told(world) == []


def test_the_running_month_is_not_withdrawn_for_ending_on_another_day(
    engine: sa.Engine, archive: Archive
) -> None:
    world = charted(engine, archive, nature="cumulative", periodicity="month")
    for day in (FIRST, SECOND, THIRD):
        world.shows(day, dossiers=[JANUARY, ("2023-04", f"4{day[-1]}")])
    assert told(world) == []


def test_a_period_shown_again_stands_again(engine: sa.Engine, archive: Archive) -> None:
    world = charted(engine, archive)
    for day, shown in ((FIRST, [JANUARY, FEBRUARY]), (SECOND, [JANUARY]), (THIRD, [JANUARY, FEBRUARY])):
        for _ in range(2):
            world.shows(day, dossiers=shown)
    assert kinds(world) == ["withdrawal"]
    first, again = world.rows(observations, observations.c.value == 20)
    with engine.connect() as connection:
        assert withdrawn_ids(connection, night(THIRD).at) == {first["id"]}
        last = last_known(connection, ("essai", "dossiers"), night(THIRD))
    assert last
    assert last["id"] == again["id"]


SHOWN = {"+": [JANUARY, FEBRUARY], "-": [JANUARY]}


@pytest.mark.parametrize("told", ["+-+-", "+--+", "--++", "++--"])
@pytest.mark.parametrize("order", ["0123", "3210", "2031", "1302", "3102", "0312"])
def test_nights_in_any_order_withdraw_and_show_again_alike(
    engine: sa.Engine, archive: Archive, told: str, order: str
) -> None:
    world = charted(engine, archive)
    days = (FIRST, SECOND, THIRD, FOURTH)
    for number in map(int, order):
        world.shows(days[number], dossiers=SHOWN[told[number]])
    february = next(period for period in triangle(world).words if str(period[1]) == "2023-02-28")
    stands = [triangle(world).cell(february, night(day).day) for day in days]
    assert ["+" if word and word.value else "-" for word in stands] == [*told]


# --- the triangle -------------------------------------------------------------------------


def triangle(world: World, known: str = "2024-01-01") -> Any:
    with world.engine.connect() as connection:
        return revision_triangle(connection, "essai", "dossiers", night(known).at)


def test_the_triangle_says_what_was_said_of_each_period_by_when(engine: sa.Engine, archive: Archive) -> None:
    world = charted(engine, archive)
    world.shows(FIRST, dossiers=[JANUARY, FEBRUARY])
    world.shows(SECOND, dossiers=[JANUARY, ("2023-02", "22"), MARCH])
    world.shows(THIRD, dossiers=[JANUARY, MARCH])
    table = triangle(world)
    assert [str(day) for day in table.days] == [FIRST, SECOND, THIRD]
    grid = [[None if word is None else word.value for word in cells] for _, cells in table.rows()]
    assert grid == [[10, 10, 10], [20, 22, None], [None, 30, 30]]
    february = [word.kind for word in table.rows()[1][1]]
    assert february == [None, "revision", "withdrawal"]
    assert all(word.reason for word in table.rows()[1][1][1:])


def test_the_triangle_as_known_earlier_is_a_part_of_it(engine: sa.Engine, archive: Archive) -> None:
    world = charted(engine, archive)
    world.shows(FIRST, dossiers=[JANUARY, FEBRUARY])
    before = triangle(world, FIRST)
    world.shows(SECOND, dossiers=[JANUARY, ("2023-02", "22")])
    world.shows(THIRD, dossiers=[JANUARY])
    assert triangle(world, FIRST) == before
    assert len(triangle(world, SECOND).days) == 2
    assert triangle(world, "2023-01-01").rows() == []
