"""Extractions and observations: what the pages print, night after night, and what we understand of it."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa

from connectors.service import Metric, Service
from tests.warehouse.build import World, chart, metric, night, service, values
from warehouse import extractions
from warehouse.archive import Archive
from warehouse.history import Row
from warehouse.metrics import declared
from warehouse.observations import last_known, witnesses
from warehouse.tables import absences, observations, restatements
from warehouse.tables import extractions as extraction_table

FIRST, SECOND, THIRD = "2023-03-10", "2023-03-11", "2023-03-12"
FLOW = {"nature": "flow"}
MONTHLY = chart(**FLOW, period="dated", periodicity="month")
TOTALS = chart(periodicity="month")
JANUARY, FEBRUARY, MARCH = "2023-01", "2023-02", "2023-03"


@pytest.fixture
def world(engine: sa.Engine, archive: Archive) -> World:
    return World(engine, archive)


def charted(engine: sa.Engine, archive: Archive, shape: Metric) -> World:
    return World(engine, archive, service(dossiers=shape))


def kinds(world: World) -> list[str]:
    return [row["kind"] for row in world.rows(restatements)]


def spans(world: World) -> list[tuple[str, str, str]]:
    """Each observation: first day, last day, value."""
    return [
        (str(row["period_start"]), str(row["period_end"]), str(row["value"]))
        for row in world.rows(observations)
    ]


# --- one night after another --------------------------------------------------------------


def test_an_unchanged_page_adds_nothing(world: World) -> None:
    first = world.shows(FIRST, dossiers="1 234")
    assert world.count(extraction_table, observations) == [1, 1]
    assert world.shows(SECOND, dossiers="1 234") == first
    assert world.count(extraction_table, observations, absences, restatements) == [1, 1, 0, 0]


def test_an_unchanged_value_on_a_changed_page_is_one_observation(world: World) -> None:
    world.shows(FIRST, dossiers="1 234")
    world.shows(SECOND, dossiers="1\u202f234")
    assert world.count(extraction_table, observations) == [2, 1]


def test_a_changed_value_is_a_new_observation(world: World) -> None:
    world.shows(FIRST, dossiers="1 234")
    world.shows(SECOND, dossiers="1 300")
    assert spans(world) == [("None", FIRST, "1234"), ("None", SECOND, "1300")]
    assert kinds(world) == []


def test_the_same_night_told_again_says_the_same(world: World) -> None:
    first = world.shows(FIRST, dossiers="1 234")
    assert world.shows(FIRST, dossiers="1 234") == first
    assert world.shows(night(FIRST, 22), dossiers="1 234") == first
    assert world.count(extraction_table, observations) == [1, 1]


@pytest.mark.parametrize(
    ("figure", "printed", "found"),
    [
        ({}, "plus de 150 000", ("150000", "150000", None, "at_least")),
        ({}, "2,7 millions", ("2700000", "2650000", "2750000", "exact")),
        ({"unit": "%", "nature": "ratio"}, "39 %", ("39", "39", "39", "exact")),
    ],
)
def test_a_figure_is_understood_with_its_precision(
    engine: sa.Engine,
    archive: Archive,
    figure: Mapping[str, Any],
    printed: str,
    found: tuple[str | None, ...],
) -> None:
    charted(engine, archive, metric(**figure)).shows(FIRST, dossiers=printed)
    with engine.connect() as connection:
        row = last_known(connection, ("essai", "dossiers"), night(FIRST))
    assert row is not None
    told = [None if row[name] is None else str(row[name]) for name in ("value", "low", "high", "qualifier")]
    assert tuple(told) == found


# --- what is not a figure -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("figure", "printed", "reason"),
    [
        ({}, "ND", "not_available"),
        ({}, "12 ou 13", "unreadable_number"),
        ({}, "beaucoup", "unreadable_number"),
        ({}, "39 %", "unit_mismatch"),
        ({"nature": "flow"}, "1 234", "unknown_period"),
    ],
)
def test_what_cannot_be_understood_is_an_absence_and_its_extraction_stays(
    engine: sa.Engine, archive: Archive, figure: Mapping[str, Any], printed: str, reason: str
) -> None:
    world = charted(engine, archive, metric(**figure))
    for _ in range(2):
        tonight = world.shows(FIRST, dossiers=printed)
        assert (tonight.rows, [absence.reason for absence in tonight.absences]) == ((), [reason])
    (row,) = world.rows(absences)
    assert (row["reason"], row["again"]) == (reason, False)
    assert row["sentence"]
    assert row["advice"]
    assert world.count(extraction_table, observations) == [1, 0]


def test_a_row_without_a_readable_date_is_an_absence_and_the_others_are_figures(
    engine: sa.Engine, archive: Archive
) -> None:
    tonight = charted(engine, archive, MONTHLY).shows(
        FIRST, dossiers=[(JANUARY, "10"), ("bientôt", "11"), ("2023-04", "12")]
    )
    assert values(tonight) == [Decimal(10)]
    assert [absence.reason for absence in tonight.absences] == ["unknown_period"] * 2


def test_a_metric_that_the_service_file_dropped_is_not_told_any_more(world: World) -> None:
    world.shows(FIRST, dossiers="1 234")
    world.service = service(usagers=metric())
    tonight = world.shows(SECOND, usagers="5")
    assert tonight.understood == {("essai", "usagers")}


# --- periods of their own -----------------------------------------------------------------


def test_each_period_is_an_observation(engine: sa.Engine, archive: Archive) -> None:
    world = charted(engine, archive, MONTHLY)
    world.shows(FIRST, dossiers=[(JANUARY, "10"), (FEBRUARY, "20")])
    world.shows(SECOND, dossiers=[(JANUARY, "10"), (FEBRUARY, "20"), (MARCH, "3")])
    assert sorted(spans(world)) == [
        ("2023-01-01", "2023-01-31", "10"),
        ("2023-02-01", "2023-02-28", "20"),
        ("2023-03-01", "2023-03-31", "3"),
    ]


def test_a_changed_past_value_is_a_revision(engine: sa.Engine, archive: Archive) -> None:
    world = charted(engine, archive, MONTHLY)
    for day, value in ((FIRST, "10"), (SECOND, "12"), (THIRD, "10")):
        for _ in range(2):
            assert values(world.shows(day, dossiers=[(JANUARY, value)])) == [Decimal(value)]
    first, second, third = world.rows(observations)
    assert kinds(world) == ["revision", "revision"]
    pairs = [(row["old_observation_id"], row["new_observation_id"]) for row in world.rows(restatements)]
    assert pairs == [(first["id"], second["id"]), (second["id"], third["id"])]


def test_the_running_month_changes_without_being_revised(engine: sa.Engine, archive: Archive) -> None:
    world = charted(engine, archive, MONTHLY)
    for day, value in (("2023-03-30", "3"), ("2023-03-31", "4"), ("2023-04-01", "4"), ("2023-04-02", "5")):
        world.shows(day, dossiers=[(MARCH, value)])
    assert [(row["value"], row["complete"]) for row in world.rows(observations)] == [
        (3, False),
        (4, True),
        (5, True),
    ]
    assert kinds(world) == ["revision"]


@pytest.mark.parametrize("period", ["year_to_date", "calendar_year"])
def test_the_running_year_changes_without_being_revised(
    engine: sa.Engine, archive: Archive, period: str
) -> None:
    world = charted(engine, archive, metric(**FLOW, period=period))
    for day, value in ((FIRST, "3"), (SECOND, "4"), (THIRD, "4")):
        world.shows(day, dossiers=value)
    assert spans(world) == [("2023-01-01", FIRST, "3"), ("2023-01-01", SECOND, "4")]
    assert kinds(world) == []


def test_the_same_count_in_another_year_is_another_observation(engine: sa.Engine, archive: Archive) -> None:
    """ "3 millions" in 2022 and "3 millions" in 2023 are two facts."""
    world = charted(engine, archive, metric(**FLOW, period="calendar_year"))
    world.shows("2022-12-31", dossiers="3 millions")
    world.shows("2023-12-31", dossiers="3 millions")
    assert spans(world) == [
        ("2022-01-01", "2022-12-31", "3000000"),
        ("2023-01-01", "2023-12-31", "3000000"),
    ]


def test_the_running_row_of_a_total_is_told_once_while_it_does_not_change(
    engine: sa.Engine, archive: Archive
) -> None:
    world = charted(engine, archive, TOTALS)
    rows = [(JANUARY, "100"), (FEBRUARY, "120"), (MARCH, "125")]
    for day in (FIRST, SECOND, THIRD):
        assert values(world.shows(day, dossiers=rows)) == [Decimal(100), Decimal(120), Decimal(125)]
    assert sorted(end for _, end, _ in spans(world)) == ["2023-01-31", "2023-02-28", FIRST]
    world.shows("2023-04-01", dossiers=rows)
    assert max(end for _, end, _ in spans(world)) == "2023-03-31"
    assert kinds(world) == []


def test_the_month_that_just_ended_is_told_on_its_last_day_and_not_again(
    engine: sa.Engine, archive: Archive
) -> None:
    world = charted(engine, archive, metric(**FLOW, period="calendar_month"))
    for day, value in (("2023-02-28", "7"), ("2023-03-01", "7"), ("2023-03-31", "7")):
        world.shows(day, dossiers=value)
    assert spans(world) == [("2023-02-01", "2023-02-28", "7"), ("2023-03-01", "2023-03-31", "7")]


# --- read again ---------------------------------------------------------------------------


def test_the_same_bytes_read_by_a_mended_service_file_are_a_correction(world: World) -> None:
    world.shows(FIRST, dossiers="1 234")
    again = night(SECOND, of=FIRST)
    for _ in range(2):
        assert values(world.read_again(again, service(page_note="h1"), dossiers="99")) == [Decimal(99)]
    assert kinds(world) == ["correction"]
    assert world.count(extraction_table, observations) == [2, 2]
    with world.engine.connect() as connection:
        known = [last_known(connection, ("essai", "dossiers"), when) for when in (night(FIRST), again)]
    assert [row and row["value"] for row in known] == [1234, 99]


def test_the_same_bytes_read_the_same_by_another_service_file_change_nothing(world: World) -> None:
    world.shows(FIRST, dossiers="1 234")
    world.read_again(night(SECOND, of=FIRST), service(page_note="h1"), dossiers="1 234")
    assert world.count(extraction_table, observations, restatements) == [2, 1, 0]


# --- out of order -------------------------------------------------------------------------


def as_known(world: World, *days: str) -> list[int | None]:
    with world.engine.connect() as connection:
        rows = [last_known(connection, ("essai", "dossiers"), night(day, 23)) for day in days]
    return [int(row["value"]) if row else None for row in rows]


@pytest.mark.parametrize(
    "told", [("10", "12", "12"), ("10", "12", "10"), ("10", "10", "10"), ("10", "10", "12"), ("1", "2", "3")]
)
@pytest.mark.parametrize("order", ["012", "021", "102", "120", "201", "210"])
def test_nights_in_any_order_give_the_same_answers(world: World, told: tuple[str, ...], order: str) -> None:
    days = (FIRST, SECOND, THIRD)
    for number in map(int, order):
        assert values(world.shows(days[number], dossiers=told[number])) == [Decimal(told[number])]
    assert as_known(world, *days) == [int(value) for value in told]
    before = world.count(extraction_table, observations, restatements)
    for number in map(int, order):
        world.shows(days[number], dossiers=told[number])
    assert world.count(extraction_table, observations, restatements) == before


def test_a_night_that_was_down_does_not_stop_the_next_from_speaking(world: World) -> None:
    world.shows(FIRST, dossiers="10")
    world.is_down("2023-03-12")
    world.shows("2023-03-13", dossiers="10")
    world.shows(SECOND, dossiers="12")
    assert as_known(world, FIRST, SECOND, "2023-03-12", "2023-03-13") == [10, 12, 12, 10]


def test_a_past_period_told_late_holds_only_until_the_next_night(engine: sa.Engine, archive: Archive) -> None:
    world = charted(engine, archive, MONTHLY)
    for day, value in ((FIRST, "10"), (THIRD, "10"), (SECOND, "12")):
        world.shows(day, dossiers=[(JANUARY, value)])
    assert as_known(world, FIRST, SECOND, THIRD) == [10, 12, 10]
    assert kinds(world) == ["revision", "revision"]


# --- learned late -------------------------------------------------------------------------

MONTHS_LATER = "2023-06-01"


def last_words(world: World, known: str, *days: str) -> list[int | None]:
    """The last word on each day, as known at a later one."""
    with world.engine.connect() as connection:
        rows = [last_known(connection, ("essai", "dossiers"), night(known, of=day)) for day in days]
    return [int(row["value"]) if row else None for row in rows]


@pytest.mark.parametrize("before", [["10", "10"], ["10", "11"], ["12", "12"], ["12", "10"]], ids=str)
def test_a_night_learned_of_late_says_nothing_of_the_nights_after_it(world: World, before: list[str]) -> None:
    world.shows(FIRST, dossiers=before[0])
    world.shows(THIRD, dossiers=before[1])
    for _ in range(2):
        world.shows(night(MONTHS_LATER, of=SECOND), dossiers="12")
    told = [int(before[0]), 12, int(before[1])]
    assert last_words(world, MONTHS_LATER, FIRST, SECOND, THIRD) == told
    assert last_words(world, "2023-05-31", FIRST, THIRD) == [told[0], told[2]]
    rows = world.count(observations, restatements)
    world.shows(night("2023-07-01", of=SECOND), dossiers="12")
    assert world.count(observations, restatements) == rows


def test_a_period_that_a_later_page_told_stays_as_that_page_told_it(
    engine: sa.Engine, archive: Archive
) -> None:
    world = charted(engine, archive, MONTHLY)
    world.shows(THIRD, dossiers=[(JANUARY, "10"), (FEBRUARY, "20")])
    late = night(MONTHS_LATER, of=FIRST)
    world.shows(late, dossiers=[("2022-12", "7"), (JANUARY, "9")])
    assert [(end, value) for _, end, value in sorted(spans(world))] == [
        ("2022-12-31", "7"),
        ("2023-01-31", "10"),
        ("2023-02-28", "20"),
    ]
    assert kinds(world) == []


def test_of_two_answers_on_one_night_the_last_speaks(world: World) -> None:
    world.shows(FIRST, dossiers="10")
    world.shows(night(SECOND, 8), dossiers="12")
    world.shows(night(SECOND, 18), dossiers="10")
    assert last_words(world, MONTHS_LATER, FIRST, SECOND) == [10, 10]


# --- what a night saw ---------------------------------------------------------------------


def test_the_nights_that_showed_a_figure_are_its_witnesses(world: World) -> None:
    world.shows("2023-03-01", dossiers="10")
    world.shows("2023-03-02", dossiers="10")
    world.is_down("2023-03-03")
    world.shows("2023-03-04", dossiers="ND")
    world.shows("2023-03-05", dossiers="11")
    with world.engine.connect() as connection:
        for metric_id in ("dossiers", None):
            seen = witnesses(connection, "essai", night(FIRST), day("02"), day("05"), metric_id)
            assert seen == [day("02"), day("05")]
        assert witnesses(connection, "essai", night("2023-03-02"), day("01"), day("09")) == [
            day("01"),
            day("02"),
        ]
        assert witnesses(connection, "essai", night(FIRST), day("01"), day("09"), "autre") == []


def test_what_one_row_of_a_series_lacks_says_nothing_of_the_others(
    engine: sa.Engine, archive: Archive
) -> None:
    world = charted(engine, archive, MONTHLY)
    world.shows("2023-03-01", dossiers=[(JANUARY, "10"), (FEBRUARY, "ND")])
    world.shows("2023-03-02", dossiers=[(FEBRUARY, "ND")])
    with world.engine.connect() as connection:
        assert witnesses(connection, "essai", night(FIRST), day("01"), day("02")) == [day("01")]


def day(of_march: str) -> Any:
    return night(f"2023-03-{of_march}").day


def test_the_reasons_of_a_night_are_those_of_what_was_not_understood(world: World) -> None:
    world.service = service(dossiers=metric(), usagers=metric(), pages=metric())
    tonight = world.shows(FIRST, dossiers="10", usagers="ND", missing="pages")
    with world.engine.connect() as connection:
        rows = extractions.missing(connection, night(FIRST), tonight.understood)
        assert [(row["metric_id"], row["reason"]) for row in rows] == [
            ("pages", "not_found"),
            ("usagers", "not_available"),
        ]
        assert extractions.told_services(connection, night(FIRST).day) == {"essai"}
        assert extractions.told_services(connection, night(SECOND).day) == set()
        assert set(extractions.reasons(connection, night(FIRST))) == {"essai"}
        assert extractions.reasons(connection, night(SECOND)) == {}


# --- a page that has versions ---------------------------------------------------------------


def versions(about: Service, until: str, *, unit: str = "dossier") -> Service:
    """The service whose page changed: as it was until a day, and as it is since."""
    old = about.pages[0].model_copy(update={"valid_until": date.fromisoformat(until)})
    new = service(page_note="main", dossiers=metric(unit=unit)).pages[0]
    return about.model_copy(update={"pages": (new, old)})


def test_an_old_night_is_read_with_the_version_of_its_day(world: World) -> None:
    first = world.shows(FIRST, dossiers="1 234")
    world.service = versions(world.service, FIRST)
    assert world.shows(night(THIRD, of=FIRST), dossiers="1 234") == first
    assert world.count(extraction_table, observations, restatements) == [1, 1, 0]


def test_a_night_after_a_change_is_read_with_the_new_version_only(world: World) -> None:
    before = world.service
    world.service = versions(before, FIRST)
    changed = world.service.pages[0].version
    world.service = before
    world.shows(SECOND, dossiers="1 234")
    world.read_again(night(THIRD, of=SECOND), versions(before, FIRST), dossiers="1 234")
    assert [row["spec_version"] for row in seen(world, SECOND)] == [changed]
    assert [row["spec_version"] for row in seen(world, FIRST)] == []


def seen(world: World, day: str) -> list[Row]:
    with world.engine.connect() as connection:
        return extractions.seen(connection, night(THIRD, 23, of=day))


def test_what_a_version_declares_holds_for_its_nights(world: World) -> None:
    world.service = versions(world.service, FIRST, unit="demande")
    world.shows(SECOND)
    with world.engine.connect() as connection:
        units = {
            day: declared(connection, night(THIRD, of=day))["essai", "dossiers"]["unit"]
            for day in (FIRST, SECOND)
        }
    assert units == {FIRST: "dossier", SECOND: "demande"}
