"""Growth between any two days: sums of flows, rolling months, totals with flows, and what is refused."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from tests.warehouse.build import Printed, World, chart, metric, night, service
from tests.warehouse.test_growth import END_2022, END_2023, derive, outcome
from warehouse import held_back
from warehouse.archive import Archive
from warehouse.derived.growth import Grown, compare_dates
from warehouse.errors import NotComparable
from warehouse.held_back import Refusal
from warehouse.lineage import trace
from warehouse.tables import growth as table
from warehouse.tables import observations

MONTHLY: dict[str, Any] = {"nature": "flow", "period": "dated", "periodicity": "month"}
LATER = "2024-02-01"


def charted(engine: sa.Engine, archive: Archive, shape: Any, *nights: tuple[str, Printed]) -> World:
    world = World(engine, archive, service(dossiers=shape))
    for day, printed in nights:
        world.shows(day, dossiers=printed)
    return world


def months(year: int, *values: object) -> list[tuple[str, str]]:
    return [(f"{year}-{month:02}", str(value)) for month, value in enumerate(values, 1)]


def between(
    world: World, base: str, day: str, known: str = LATER, *, metric_id: str = "dossiers", **more: Any
) -> Grown:
    with world.engine.connect() as connection:
        days = (date.fromisoformat(base), date.fromisoformat(day))
        return compare_dates(connection, world.service, metric_id, *days, night(known), **more)


def refused(world: World, base: str, day: str, known: str = LATER, **more: Any) -> tuple[str, str]:
    with pytest.raises(NotComparable) as caught:
        between(world, base, day, known, **more)
    return caught.value.code, str(caught.value)


# --- years that are sums of months --------------------------------------------------------


def test_a_year_is_the_sum_of_its_months(engine: sa.Engine, archive: Archive) -> None:
    rows = [*months(2022, *[10] * 12), *months(2023, *range(1, 13)), ("2024-01", "5")]
    world = charted(engine, archive, chart(**MONTHLY), ("2024-01-10", rows))
    derive(world, "2024-01-10")
    row = outcome(world, "2024-01-10")
    assert row["display"] == "-35 %"  # 120, then 78
    assert row["note"] == (
        "l'année 2022 entière : somme de 12 relevés ; l'année 2023 entière : somme de 12 relevés"
    )
    by_id = {one["id"]: one["value"] for one in world.rows(observations)}
    assert [by_id[part] for part in row["parts"]] == list(range(1, 13))
    assert len(row["base_parts"]) == 12
    assert (row["observation_id"], row["base_observation_id"]) == (row["parts"][-1], row["base_parts"][-1])


def test_the_way_back_of_a_sum_goes_to_each_of_its_months(engine: sa.Engine, archive: Archive) -> None:
    rows = [*months(2022, *[10] * 12), *months(2023, *[20] * 12)]
    world = charted(engine, archive, chart(**MONTHLY), ("2024-01-10", rows))
    derive(world, "2024-01-10")
    with engine.connect() as connection:
        step = trace(connection, archive, "essai/dossiers/2023")
    assert len(step.comes_from) == 24


def test_a_sum_is_as_precise_as_its_months(engine: sa.Engine, archive: Archive) -> None:
    rows = [*months(2022, *["1,0 million"] * 12), *months(2023, *["2,0 millions"] * 12)]
    world = charted(engine, archive, chart(**MONTHLY), ("2024-01-10", rows))
    figure = between(world, END_2022, END_2023).base.figure
    assert [figure.value, figure.low, figure.high] == [12_000_000, 11_400_000, 12_600_000]


@pytest.mark.parametrize(
    ("rows", "missing"),
    [
        ([*months(2022, *[10] * 12), *months(2023, *[10] * 11)], "01/12/2023"),
        ([row for row in months(2022, *[10] * 12) if row[0] != "2022-03"], "01/03/2022"),
    ],
    ids=["not over", "a gap"],
)
def test_a_year_with_a_month_missing_is_no_year(
    engine: sa.Engine, archive: Archive, rows: list[tuple[str, str]], missing: str
) -> None:
    world = charted(engine, archive, chart(**MONTHLY), ("2023-12-31", rows))
    code, sentence = refused(world, END_2022, END_2023, "2024-01-10")
    assert code == "period"
    assert missing in sentence


def test_a_month_held_back_or_withdrawn_refuses_its_year(engine: sa.Engine, archive: Archive) -> None:
    rows = [*months(2022, *[10] * 12), *months(2023, *[20] * 12)]
    world = charted(engine, archive, chart(**MONTHLY))
    tonight = world.shows("2024-01-10", dossiers=rows)
    figures = [row for row in tonight.rows if str(row["period_end"]) == "2023-05-31"]
    with engine.begin() as connection:
        judged = held_back.to_judge(connection, night("2024-01-10"), figures)
        refusals = [Refusal(row["id"], "jump", "Un saut.") for row in judged]
        held_back.hold(connection, night("2024-01-10"), judged, refusals)
    assert refused(world, END_2022, END_2023, "2024-01-10") == (
        "held_back",
        "Le relevé du 31/05/2023 est retenu par un contrôle.",
    )
    world.shows("2024-01-11", dossiers=[row for row in rows if row[0] != "2022-07"])
    assert refused(world, END_2022, END_2023, "2024-01-11") == (
        "withdrawn",
        "La page ne montre plus le chiffre du 31/07/2022 qu'elle montrait.",
    )
    assert refused(world, END_2022, END_2023, "2024-01-10")[0] == "held_back"


# --- twelve months, one month, thirty days ------------------------------------------------


def test_the_twelve_months_that_ended_last_stand_beside_the_twelve_before(
    engine: sa.Engine, archive: Archive
) -> None:
    rows = [*months(2021, *[10] * 12), *months(2022, *[10] * 12), *months(2023, *[20] * 8)]
    world = charted(engine, archive, chart(**MONTHLY), ("2023-09-15", rows))
    derive(world, "2023-09-15")
    row = outcome(world, "2023-09-15", "2022-09..2023-08")
    assert (row["base_period"], row["display"]) == ("2021-09..2022-08", "+66 %")  # 120, then 40 + 160
    world.shows("2023-10-02", dossiers=[*rows, ("2023-09", "20")])
    derive(world, "2023-10-02")
    assert outcome(world, "2023-10-02", "2022-10..2023-09")["display"] == "+75 %"
    with pytest.raises(ValueError, match="unpack"):
        outcome(world, "2023-10-02", "2022-09..2023-08")
    assert outcome(world, "2023-09-20", "2022-09..2023-08")["display"] == "+66 %"


def test_at_the_end_of_december_the_twelve_months_are_the_year(engine: sa.Engine, archive: Archive) -> None:
    world = charted(engine, archive, metric(), (END_2022, "100"), (END_2023, "150"))
    derive(world, END_2023)
    derive(world, "2024-01-15")
    assert [row["period"] for row in world.rows(table)] == ["2023"]


def test_a_month_is_compared_with_a_month(engine: sa.Engine, archive: Archive) -> None:
    rows = [*months(2022, *[10] * 12), *months(2023, *range(1, 13))]
    world = charted(engine, archive, chart(**MONTHLY), ("2024-01-10", rows))
    for window in (1, None):
        assert between(world, "2022-02-28", "2023-03-31", months=window).comparison.display == "-70 %"
    assert between(world, "2023-03-31", "2023-06-30", months=3).comparison.display == "+150 %"  # 6, then 15


def test_thirty_days_are_compared_with_thirty_days_and_never_make_a_year(
    engine: sa.Engine, archive: Archive
) -> None:
    shape = metric(nature="flow", period="last_30_days")
    world = charted(engine, archive, shape, (END_2022, "100"), (END_2023, "150"))
    assert between(world, END_2022, END_2023, months=None).comparison.display == "+50 %"
    assert refused(world, END_2022, END_2023)[0] == "period"


def test_a_rolling_year_is_twelve_months_on_any_day(engine: sa.Engine, archive: Archive) -> None:
    shape = metric(nature="flow", period="last_12_months")
    world = charted(engine, archive, shape, ("2022-08-20", "100"), ("2023-08-20", "150"))
    grown = between(world, "2022-08-31", "2023-08-31")
    assert grown.comparison.display == "+50 %"
    assert grown.note == "relevé du 20/08/2022 pour le 31/08/2022 ; relevé du 20/08/2023 pour le 31/08/2023"


def test_the_year_so_far_is_not_compared_with_another_length(engine: sa.Engine, archive: Archive) -> None:
    shape = metric(nature="flow", period="year_to_date")
    world = charted(engine, archive, shape, ("2022-06-30", "50"), ("2023-06-30", "60"), ("2023-09-30", "90"))
    assert between(world, "2022-06-30", "2023-06-30", months=None).comparison.display == "+20 %"
    assert refused(world, "2022-06-30", "2023-09-30", months=None) == (
        "lengths",
        "Les deux relevés ne couvrent pas des durées égales (181 et 273 jours).",
    )


# --- any two days -------------------------------------------------------------------------


def test_the_reading_that_stands_for_another_day_is_said(engine: sa.Engine, archive: Archive) -> None:
    world = charted(engine, archive, metric(), ("2023-03-10", "100"), ("2023-07-14", "150"))
    grown = between(world, "2023-03-10", "2023-07-20")
    assert (grown.comparison.display, grown.note) == ("+50 %", "relevé du 14/07/2023 pour le 20/07/2023")


@pytest.mark.parametrize(
    ("base", "day", "more", "code", "sentence"),
    [
        ("2023-07-14", "2023-03-10", {}, "wrong_order", "14/07/2023"),
        ("2023-03-10", "2023-03-10", {}, "wrong_order", "10/03/2023"),
        ("2023-03-08", "2023-03-12", {}, "same_reading", "celui du 10/03/2023"),
        ("2023-03-10", "2023-07-20", {"tolerance": timedelta(days=5)}, "no_data", "autour du 20/07/2023"),
        ("2023-03-10", "2023-07-20", {"known": "2023-07-15"}, "not_yet", "20/07/2023"),
        ("2023-03-10", "2023-07-14", {"known": "2023-07-13"}, "not_yet", "14/07/2023"),
    ],
)
def test_two_days_that_give_no_growth(
    engine: sa.Engine,
    archive: Archive,
    base: str,
    day: str,
    more: Mapping[str, Any],
    code: str,
    sentence: str,
) -> None:
    world = charted(engine, archive, metric(), ("2023-03-10", "100"), ("2023-07-14", "150"))
    assert refused(world, base, day, **more)[0] == code
    assert sentence in refused(world, base, day, **more)[1]


def test_a_rule_of_display_may_be_chosen(engine: sa.Engine, archive: Archive) -> None:
    world = charted(engine, archive, metric(), (END_2022, "1 000"), (END_2023, "1 738"))
    shown = [
        between(world, END_2022, END_2023, rule=rule).comparison.display for rule in ("truncate", "round")
    ]
    assert shown == ["+73 %", "+74 %"]


def test_no_growth_spans_two_definitions(engine: sa.Engine, archive: Archive) -> None:
    world = charted(engine, archive, metric(definition="inscrits"), (END_2022, "510 000"))
    world.service = service(dossiers=metric(definition="actifs"))
    world.shows(END_2023, dossiers="99 278")
    assert refused(world, END_2022, END_2023) == (
        "definition_changed",
        "Ce qui est compté a changé (inscrits → actifs) : les deux valeurs ne se comparent pas.",
    )


def test_a_cost_that_falls_is_said_to_be_good_news(engine: sa.Engine, archive: Archive) -> None:
    shape = metric(nature="cost", unit="€", reach="uses")
    world = charted(engine, archive, shape, (END_2022, "0,72 €"), (END_2023, "0,50 €"))
    derive(world, END_2023)
    row = outcome(world)
    assert row["display"] == "-30 % (entre -31 % et -29 %)"
    assert row["display_en"] == "-30% (between -31% and -29%)"
    assert row["meaning"] == "Le coût baisse : c'est une amélioration."


# --- a total and the flow that adds to it -------------------------------------------------

TOTAL = metric(label="Besoins traités")
NEW = metric(label="Nouveaux besoins", nature="flow", period="calendar_year", adds_to="besoins")


def counted(engine: sa.Engine, archive: Archive, *nights: tuple[str, Mapping[str, str]]) -> World:
    world = World(engine, archive, service(besoins=TOTAL, nouveaux=NEW))
    for day, printed in nights:
        world.shows(day, **printed)
    return world


def of_total(world: World, day: str = END_2023) -> Mapping[str, Any]:
    derive(world, day)
    (row,) = (row for row in world.rows(table) if row["metric_id"] == "besoins" and row["period"] == "2023")
    return row


def test_conseillers_entreprises_prints_last_year_s_total_and_this_year_s_flow(
    engine: sa.Engine, archive: Archive
) -> None:
    world = counted(
        engine,
        archive,
        (END_2022, {"besoins": "20 660"}),
        (END_2023, {"nouveaux": "25 036"}),
    )
    row = of_total(world)
    assert row["display"] == "+121 %"
    assert row["note"] == "total du 31/12/2022 augmenté de « Nouveaux besoins »"
    by_id = {one["id"]: one["value"] for one in world.rows(observations)}
    assert [by_id[part] for part in row["parts"]] == [20660, 25036]
    assert [by_id[part] for part in row["base_parts"]] == [20660]


def test_the_total_of_the_day_speaks_where_it_was_seen(engine: sa.Engine, archive: Archive) -> None:
    world = counted(
        engine,
        archive,
        (END_2022, {"besoins": "20 660"}),
        (END_2023, {"besoins": "50 000", "nouveaux": "25 036"}),
    )
    row = of_total(world)
    assert (row["display"], row["note"]) == ("+142 %", None)


@pytest.mark.parametrize(
    ("nights", "reason"),
    [
        ([(END_2023, {"nouveaux": "25 036"})], "no_data"),
        ([(END_2022, {"besoins": "20 660"}), (END_2023, {"nouveaux": "ND"})], "no_data"),
        ([(END_2022, {"besoins": "0"}), (END_2023, {"nouveaux": "25 036"})], "from_zero"),
    ],
)
def test_a_total_and_a_flow_of_which_one_is_missing(
    engine: sa.Engine, archive: Archive, nights: Sequence[tuple[str, Mapping[str, str]]], reason: str
) -> None:
    world = counted(engine, archive, *nights)
    assert refused(world, END_2022, END_2023, END_2023, metric_id="besoins")[0] == reason
