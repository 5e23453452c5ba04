"""Growth: from the characters on two pages to what the annual report prints."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa

from connectors.service import Metric
from tests.warehouse.build import Printed, World, chart, metric, night, service
from warehouse.archive import Archive
from warehouse.derived import growth
from warehouse.history import Row, current
from warehouse.tables import growth as table
from warehouse.tables import observations, refusals

KEY = ("service_id", "metric_id", "period", "base_period")
END_2022, END_2023 = "2022-12-31", "2023-12-31"
YEARLY = {"nature": "flow", "period": "calendar_year"}
SHARE = {"nature": "ratio", "unit": "%"}


def charted(engine: sa.Engine, archive: Archive, shape: Metric, *nights: tuple[str, Printed]) -> World:
    """A page with one metric, seen on these nights."""
    world = World(engine, archive, service(dossiers=shape))
    for day, printed in nights:
        world.shows(day, dossiers=printed)
    return world


def derive(world: World, day: str) -> int:
    with world.engine.begin() as connection:
        return growth.derive(connection, world.services, night(day))


def outcome(world: World, day: str = END_2023, period: str = "2023") -> Row:
    """What a year gave, as known on a day: a growth, or the reason why there is none."""
    with world.engine.connect() as connection:
        rows = [row for kept in (table, refusals) for row in current(connection, kept, KEY, night(day).at)]
    (row,) = (row for row in rows if row["period"] == period)
    return row


# --- the first truth table ----------------------------------------------------------------

BILAN_2023: list[tuple[str, Mapping[str, Any], str, str, str]] = [
    ("démarches", YEARLY, "2,7 millions", "3 millions", "+11 % (entre -9 % et +32 %)"),
    ("ban", SHARE, "39 %", "57 %", "+18 pts"),
    ("dossierfacile", {}, "83 746", "218 481", "+160 %"),
    ("signalement", {}, "58 000", "173 154", "+198 %"),
    ("nosgestesclimat", {}, "906\u202f399", "1\u202f575\u202f332", "+73 %"),
    ("rdv", {}, "128\u00a0747", "2\u00a0156\u00a0695", "x16"),
    ("trackdechets", {"unit": "tonne"}, "3 113 222", "5 491 633", "+76 %"),
    ("conseillers", {}, "20 660", "45 696", "+121 %"),
]


@pytest.mark.parametrize(
    ("shape", "before", "after", "display"),
    [row[1:] for row in BILAN_2023],
    ids=[row[0] for row in BILAN_2023],
)
def test_what_the_report_prints_comes_out_of_the_pages(
    engine: sa.Engine, archive: Archive, shape: Mapping[str, Any], before: str, after: str, display: str
) -> None:
    world = charted(engine, archive, metric(**shape), (END_2022, before), (END_2023, after))
    assert derive(world, END_2023) == 1
    assert derive(world, END_2023) == 0
    row = outcome(world)
    base, now = world.rows(observations)
    assert (row["display"], row["base_observation_id"], row["observation_id"], row["note"]) == (
        display,
        base["id"],
        now["id"],
        None,
    )
    assert (row["base_period"], row["rule"]) == ("2022", "truncate")


# --- which figure stands for the end of a year --------------------------------------------


@pytest.mark.parametrize(
    ("nights", "display", "note"),
    [
        ([("2022-12-31", "100"), ("2023-12-31", "150")], "+50 %", None),
        ([("2022-12-20", "100"), ("2023-12-31", "150")], "+50 %", "relevé du 20/12/2022 pour fin 2022"),
        ([("2023-01-31", "100"), ("2023-12-31", "150")], "+50 %", "relevé du 31/01/2023 pour fin 2022"),
        (
            [("2022-12-30", "100"), ("2023-01-02", "110"), ("2023-12-31", "150")],
            "+50 %",
            "relevé du 30/12/2022 pour fin 2022",
        ),
        (
            [("2022-11-30", "100"), ("2024-01-05", "150")],
            "+50 %",
            "relevé du 30/11/2022 pour fin 2022 ; relevé du 05/01/2024 pour fin 2023",
        ),
    ],
    ids=["the days", "before", "after", "the nearest", "both ends"],
)
def test_the_nearest_night_stands_for_the_end_of_a_year_and_the_note_says_so(
    engine: sa.Engine, archive: Archive, nights: Sequence[tuple[str, str]], display: str, note: str | None
) -> None:
    world = charted(engine, archive, metric(), *nights)
    derive(world, "2024-02-01")
    row = outcome(world, "2024-02-01")
    assert (row["display"], row["note"]) == (display, note)


@pytest.mark.parametrize(
    ("shape", "nights", "reason", "sentence"),
    [
        ({}, [("2022-11-29", "100"), (END_2023, "150")], "no_data", "fin|31 décembre 2022"),
        ({}, [(END_2022, "100"), ("2023-06-30", "150")], "no_data", "31 décembre 2023"),
        ({}, [(END_2022, "0"), (END_2023, "150")], "from_zero", ""),
        ({}, [("2022-10-01", "100"), (END_2022, "ND"), (END_2023, "150")], "no_data", "31 décembre 2022"),
        ({}, [(END_2022, "100"), ("2023-10-01", "120"), (END_2023, "ND")], "no_data", "31 décembre 2023"),
        (YEARLY, [(END_2022, "100"), ("2024-01-01", "1")], "no_data", "31 décembre 2023"),
        (
            {"nature": "flow", "period": "last_30_days"},
            [(END_2022, "100"), (END_2023, "150")],
            "period",
            "l'année 2022 entière",
        ),
    ],
    ids=["too early", "too late", "from zero", "ND before", "ND after", "a new year", "30 days are no year"],
)
def test_what_cannot_be_compared_is_refused_with_its_reason(
    engine: sa.Engine,
    archive: Archive,
    shape: Mapping[str, Any],
    nights: Sequence[tuple[str, str]],
    reason: str,
    sentence: str,
) -> None:
    world = charted(engine, archive, metric(**shape), *nights)
    assert derive(world, "2024-02-01") > 0
    assert derive(world, "2024-02-01") == 0
    row = outcome(world, "2024-02-01")
    assert row["reason"] == reason
    assert any(word in row["sentence"] for word in sentence.split("|"))


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"unit": "dossier", "nature": "stock"}, "nature_changed"),
        ({"unit": "agent", "nature": "cumulative"}, "unit_changed"),
    ],
)
def test_a_change_of_definition_is_refused(
    engine: sa.Engine, archive: Archive, changed: Mapping[str, str], reason: str
) -> None:
    world = charted(engine, archive, metric(), (END_2022, "100"))
    world.service = service(dossiers=metric(**changed))
    world.shows(END_2023, dossiers="150")
    derive(world, END_2023)
    assert outcome(world)["reason"] == reason


# --- values that do not change ------------------------------------------------------------


def test_a_total_that_did_not_change_grew_by_nothing(engine: sa.Engine, archive: Archive) -> None:
    world = charted(engine, archive, metric(), (END_2022, "100"), ("2023-06-01", "100"), (END_2023, "100"))
    derive(world, END_2023)
    row = outcome(world)
    assert (row["display"], row["note"]) == ("0 %", None)
    assert row["base_observation_id"] == row["observation_id"] == world.rows(observations)[0]["id"]


def test_a_yearly_count_printed_alike_twice_is_two_observations(engine: sa.Engine, archive: Archive) -> None:
    world = charted(engine, archive, metric(**YEARLY), (END_2022, "3 000"), (END_2023, "3 000"))
    derive(world, END_2023)
    row = outcome(world)
    assert row["display"] == "0 %"
    assert row["base_observation_id"] != row["observation_id"]


def test_a_yearly_count_that_stood_still_for_weeks_still_covers_its_year(
    engine: sa.Engine, archive: Archive
) -> None:
    """ "3 millions" is printed from autumn on, and confirmed on the last night."""
    nights = [(END_2022, "2 millions"), ("2023-10-01", "3 millions"), (END_2023, "3 millions")]
    world = charted(engine, archive, metric(**YEARLY), *nights)
    derive(world, END_2023)
    assert outcome(world)["value"] == Decimal(50)


# --- rows that bear their date ------------------------------------------------------------


def test_dated_totals_give_every_year_from_one_page(engine: sa.Engine, archive: Archive) -> None:
    rows = [("2021-12", "100"), ("2022-12", "150"), ("2023-11", "290"), ("2023-12", "300")]
    world = charted(engine, archive, chart(periodicity="month"), ("2024-01-10", rows))
    assert derive(world, "2024-01-10") == 2
    displays = [outcome(world, "2024-01-10", year)["display"] for year in ("2022", "2023")]
    assert displays == ["+50 %", "+100 %"]


def test_a_dated_total_that_stops_before_december_is_refused(engine: sa.Engine, archive: Archive) -> None:
    world = charted(
        engine, archive, chart(periodicity="month"), ("2024-01-10", [("2022-12", "150"), ("2023-10", "290")])
    )
    derive(world, "2024-01-10")
    assert outcome(world, "2024-01-10")["reason"] == "no_data"


def test_dated_years_compare(engine: sa.Engine, archive: Archive) -> None:
    shape = chart(nature="flow", period="dated", periodicity="year")
    world = charted(engine, archive, shape, ("2024-01-10", [("2022", "150"), ("2023", "300"), ("2024", "4")]))
    derive(world, "2024-01-10")
    assert outcome(world, "2024-01-10")["display"] == "+100 %"


@pytest.mark.parametrize(
    ("shape", "seen", "rows", "year", "display"),
    [
        # The year that ran when the page was last seen: 4 is not what 2024 counted.
        (
            {"nature": "flow", "period": "dated", "periodicity": "year"},
            "2024-12-20",
            [("2022", "150"), ("2023", "300"), ("2024", "4")],
            "2024",
            None,
        ),
        (
            {"nature": "flow", "period": "dated", "periodicity": "year"},
            "2024-12-31",
            [("2023", "300"), ("2024", "600")],
            "2024",
            "+100 %",
        ),
        # The share of a month that ran is none; that of the month before stands for the end of the year.
        (
            SHARE | {"period": "dated", "periodicity": "month"},
            "2023-12-20",
            [("2022-12", "40 %"), ("2023-11", "50 %"), ("2023-12", "2 %")],
            "2023",
            "+10 pts",
        ),
        (
            SHARE | {"period": "dated", "periodicity": "month"},
            "2023-12-20",
            [("2022-12", "40 %"), ("2023-12", "2 %")],
            "2023",
            None,
        ),
    ],
    ids=["a running year", "its last day", "a running month", "nothing but a running month"],
)
def test_a_period_that_still_runs_is_never_compared(
    engine: sa.Engine,
    archive: Archive,
    shape: Mapping[str, Any],
    seen: str,
    rows: Sequence[tuple[str, str]],
    year: str,
    display: str | None,
) -> None:
    world = charted(engine, archive, chart(**shape), (seen, rows))
    running = [row["complete"] for row in world.rows(observations) if str(row["period_end"]) > seen]
    assert running == ([] if seen.endswith("12-31") else [False])
    derive(world, "2025-02-01")
    row = outcome(world, "2025-02-01", year)
    assert row.get("display") == display
    if display is None:
        assert (row["reason"], row["sentence"]) == (
            "unfinished",
            f"Fin {year}, la période relevée n'était pas terminée.",
        )


def test_a_period_told_again_when_it_is_over_is_compared(engine: sa.Engine, archive: Archive) -> None:
    shape = chart(nature="flow", period="dated", periodicity="year")
    world = charted(engine, archive, shape, ("2023-12-20", [("2022", "150"), ("2023", "300")]))
    world.shows("2024-01-10", dossiers=[("2022", "150"), ("2023", "300"), ("2024", "1")])
    assert [row["complete"] for row in world.rows(observations) if row["value"] == 300] == [False, True]
    derive(world, "2024-02-01")
    assert outcome(world, "2024-02-01")["display"] == "+100 %"


def test_a_dated_month_is_not_a_year(engine: sa.Engine, archive: Archive) -> None:
    shape = chart(nature="flow", period="dated", periodicity="month")
    world = charted(engine, archive, shape, ("2024-01-10", [("2022-12", "150"), ("2023-12", "300")]))
    derive(world, "2024-01-10")
    assert outcome(world, "2024-01-10")["reason"] == "period"


# --- as known at a date -------------------------------------------------------------------


def test_a_year_that_is_not_over_has_no_growth(engine: sa.Engine, archive: Archive) -> None:
    world = charted(engine, archive, metric(), (END_2022, "100"), ("2023-12-30", "150"))
    assert derive(world, "2023-12-30") == 0


def test_a_revised_past_gives_another_growth_and_keeps_the_first(engine: sa.Engine, archive: Archive) -> None:
    world = charted(engine, archive, chart(periodicity="month"))
    for day, last in (("2024-01-10", "300"), ("2024-03-10", "200")):
        world.shows(day, dossiers=[("2022-12", "100"), ("2023-12", last)])
        assert derive(world, day) > 0
    displays = [outcome(world, day)["display"] for day in ("2024-01-10", "2024-02-01", "2024-03-10")]
    assert displays == ["+200 %", "+200 %", "+100 %"]


def test_a_growth_that_becomes_a_refusal_is_withdrawn(engine: sa.Engine, archive: Archive) -> None:
    world = charted(engine, archive, metric(), (END_2022, "100"), (END_2023, "150"))
    derive(world, END_2023)
    world.read_again(
        night("2024-01-10", of=END_2022), service(dossiers=metric(), page_note="h1"), dossiers="0"
    )
    assert derive(world, "2024-01-10") == 2
    assert outcome(world)["display"] == "+50 %"
    assert outcome(world, "2024-01-10")["reason"] == "from_zero"
