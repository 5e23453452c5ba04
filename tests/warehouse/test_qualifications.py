"""Qualifications: the three criteria of each product, from what the warehouse knows."""

from datetime import date

import pytest
import sqlalchemy as sa

from connectors.portfolio import Event, Phase, Product
from tests.warehouse.build import World, metric, night, service
from tests.warehouse.printed import report, year
from warehouse import claims, held_back
from warehouse.archive import Archive
from warehouse.derived import qualifications
from warehouse.derived.rules import load_cohorts, load_rules, rules_named, rules_on
from warehouse.errors import InvalidRules
from warehouse.held_back import Refusal
from warehouse.history import Row, current
from warehouse.lineage import trace
from warehouse.tables import claims as claim_table
from warehouse.tables import criteria, missing_evidence
from warehouse.tables import qualifications as table

COHORTS = load_cohorts({})
DAY = "2023-12-31"
SITE = "https://essai.example"
GOOD = Product(
    "essai",
    "Essai",
    link=SITE,
    stats_url=f"{SITE}/stats",
    budget_url=f"{SITE}/budget",
    repository=f"{SITE}/code",
    accessibility_status="partiellement conforme",
    phases=(Phase("acceleration", date(2022, 1, 1), None),),
)
DESIGNATED = Product("autre", "Autre", events=(Event("national_impact", date(2023, 2, 1), ""),))


@pytest.fixture
def world(engine: sa.Engine, archive: Archive) -> World:
    return World(engine, archive, service(dossiers=metric(reach="people", expect={"min": 1})))


def derive(world: World, day: str, *products: Product) -> int:
    rules = rules_on(load_rules(), night(day).day)
    with world.engine.begin() as connection:
        return qualifications.derive(
            connection, products or (GOOD, DESIGNATED), world.services, COHORTS, rules, night(day)
        )


def verdicts(world: World, day: str, service_id: str = "essai") -> dict[str, str]:
    """The verdict on each criterion, and on the whole, as known on a day."""
    at = night(day).at
    with world.engine.connect() as connection:
        rows = current(connection, criteria, ("service_id", "rule_set", "criterion"), at)
        (whole,) = told(connection, day, service_id)
    found = {row["criterion"]: row["verdict"] for row in rows if row["service_id"] == service_id}
    return found | {"whole": whole["verdict"]}


def told(connection: sa.Connection, day: str, service_id: str) -> list[Row]:
    rows = current(connection, table, ("service_id", "rule_set"), night(day).at)
    return [row for row in rows if row["service_id"] == service_id]


def test_a_service_that_meets_the_three_criteria(world: World) -> None:
    world.shows(DAY, dossiers="1 575 332")
    assert derive(world, DAY) == 8
    assert world.rows(missing_evidence, missing_evidence.c.service_id == "essai") == []
    assert verdicts(world, DAY) == dict.fromkeys(("deployment", "impact", "quality", "whole"), "met")


@pytest.mark.parametrize("again", [(DAY, 3), (DAY, 22), ("2024-01-02", 3)])
def test_judging_twice_adds_nothing(world: World, again: tuple[str, int]) -> None:
    world.shows(DAY, dossiers="1 575 332")
    derive(world, DAY)
    assert derive(world, again[0]) == 0


def test_the_evidence_is_the_observation_behind(world: World) -> None:
    tonight = world.shows(DAY, dossiers="1 575 332")
    derive(world, DAY)
    (row,) = world.rows(criteria, criteria.c.criterion == "impact", criteria.c.service_id == "essai")
    assert tonight.rows[0]["id"] in {one["ref"] for one in row["evidence"]}
    assert all(one["sentence"] for one in row["evidence"])


def test_a_printed_figure_is_evidence_from_the_moment_it_is_known(world: World) -> None:
    world.shows("2023-12-30", dossiers="12")
    told = report(year("Plus de 120 000", 2023))
    with world.engine.begin() as connection:
        claims.keep(connection, told, "bilan.txt", {}, night("2024-01-02", 12).at)
    for day in (DAY, "2024-01-03"):
        derive(world, day)
    assert [verdicts(world, day)["impact"] for day in (DAY, "2024-01-03")] == ["not_met", "met"]
    (row,) = world.rows(
        criteria,
        criteria.c.criterion == "impact",
        criteria.c.service_id == "essai",
        criteria.c.verdict == "met",
    )
    (claim_id,) = (one["claim_id"] for one in world.rows(claim_table))
    assert [(one["kind"], one["verdict"]) for one in row["evidence"]] == [
        ("claim", "met"),
        ("figure", "not_met"),
    ]
    assert row["evidence"][0]["ref"] == claim_id
    with world.engine.connect() as connection:
        way = trace(connection, world.archive, "essai/impact")
    assert [step.row["claim_id"] for step in way.all() if step.kind == "claim"] == [claim_id]


def test_a_figure_too_small_held_back_or_never_seen_proves_nothing(world: World) -> None:
    derive(world, "2023-12-29")
    tonight = world.shows("2023-12-30", dossiers="12")
    derive(world, "2023-12-30")
    tonight = world.shows(DAY, dossiers="1 575 332")
    with world.engine.begin() as connection:
        figures = held_back.to_judge(connection, night(DAY), tonight.rows)
        refused = [Refusal(row["id"], "at_least_min", "trop bas") for row in figures]
        held_back.hold(connection, night(DAY), figures, refused)
    derive(world, DAY)
    seen = [verdicts(world, day)["impact"] for day in ("2023-12-29", "2023-12-30", DAY)]
    assert "met" not in seen
    assert seen[0] == seen[2] == "unknown"


def test_statistics_that_were_not_seen_for_a_month_prove_nothing(world: World) -> None:
    world.shows("2023-11-01", dossiers="1 575 332")
    derive(world, "2023-11-15")
    world.is_down(DAY)
    derive(world, DAY)
    assert [verdicts(world, day)["quality"] for day in ("2023-11-15", DAY)] == ["met", "unknown"]


def test_a_change_adds_the_rows_that_changed_and_keeps_what_was_known(world: World) -> None:
    world.shows(DAY, dossiers="1 575 332")
    derive(world, DAY)
    stopped = Product("essai", "Essai", link=SITE, phases=(Phase("abandon", date(2023, 12, 31), None),))
    later = "2024-01-02"
    assert derive(world, later, stopped, DESIGNATED) > 0
    assert verdicts(world, DAY)["deployment"] == "met"
    assert verdicts(world, later)["deployment"] == "not_met"
    (row,) = world.rows(table, table.c.service_id == "essai", table.c.as_of == night(later).day)
    assert not row["withdrawn"]


def test_a_product_that_leaves_the_portfolio_is_no_longer_qualified(world: World) -> None:
    derive(world, DAY)
    derive(world, "2024-01-02", DESIGNATED)
    with world.engine.connect() as connection:
        assert told(connection, DAY, "essai")
        assert told(connection, "2024-01-02", "essai") == []


@pytest.mark.parametrize(
    ("day", "designated", "cohort"), [("2022-12-30", False, None), ("2022-12-31", True, 2022)]
)
def test_what_was_designated_stands_beside_what_the_rules_say(
    world: World, day: str, designated: bool, cohort: int | None
) -> None:
    derive(world, day)
    with world.engine.connect() as connection:
        (row,) = told(connection, day, "autre")
    assert (row["designated"], row["cohort"], bool(row["disagreement"])) == (designated, cohort, designated)


@pytest.mark.parametrize(("day", "cohort"), [("2024-02-28", None), ("2024-02-29", 2023)])
def test_a_printed_cohort_designates_from_the_day_of_its_edition(
    world: World, day: str, cohort: int | None
) -> None:
    derive(world, day, Product("eva", "Eva"))
    with world.engine.connect() as connection:
        (row,) = told(connection, day, "eva")
    assert (row["designated"], row["cohort"]) == (cohort is not None, cohort)


# --- other rules, other nights ------------------------------------------------------------


def judged(world: World, rule_set: str, day: str) -> str:
    """What a rule set makes of the service, as known a night; nothing is written."""
    rules = rules_named(load_rules(), rule_set)
    with world.engine.connect() as connection:
        found = qualifications.judgements(connection, [GOOD], world.services, rules, night(day))
    return found["essai"][1].verdict


@pytest.mark.parametrize("day", ["2022-06-01", "2026-01-10"], ids=["older data", "today's data"])
@pytest.mark.parametrize(("rule_set", "verdict"), [("2016-01", "not_met"), ("2025-01", "met")])
def test_any_rule_set_is_replayed_on_the_data_of_any_night(
    world: World, day: str, rule_set: str, verdict: str
) -> None:
    """The first wording asked a service to have left acceleration, the later ones do not."""
    world.shows(day, dossiers="1 575 332")
    world.shows("2026-02-01", dossiers="12")  # learned later: no replay of an earlier night sees it
    assert judged(world, rule_set, day) == verdict
    assert world.count(table, criteria, missing_evidence) == [0, 0, 0]


def test_the_rows_of_two_rule_sets_stand_side_by_side(world: World) -> None:
    world.shows(DAY, dossiers="1 575 332")
    derive(world, DAY)
    older = rules_named(load_rules(), "2016-01")
    with world.engine.begin() as connection:
        qualifications.derive(connection, [GOOD], world.services, COHORTS, older, night(DAY))
        told = {
            rules: [row["verdict"] for row in qualifications.standing(connection, night(DAY), rules)]
            for rules in ("2016-01", "2023-01")
        }
    assert told == {"2016-01": ["not_met"], "2023-01": ["unknown", "met"]}
    assert derive(world, DAY) == 0


def test_a_rule_set_that_nobody_wrote_is_refused() -> None:
    with pytest.raises(InvalidRules, match="'1789-01': there are 2016-01, 2023-01, 2025-01"):
        rules_named(load_rules(), "1789-01")


def test_the_confusion_table_has_all_its_cells(world: World) -> None:
    world.shows(DAY, dossiers="1 575 332")
    derive(world, DAY)
    with world.engine.connect() as connection:
        cells = qualifications.confusion(qualifications.standing(connection, night(DAY), "2023-01"))
    assert {cell: ids for cell, ids in cells.items() if ids} == {
        (False, "met"): ("essai",),
        (True, "unknown"): ("autre",),
    }
    assert len(cells) == 6


# --- what is lacking ----------------------------------------------------------------------


def test_what_a_service_lacks_is_withdrawn_once_it_is_there(world: World) -> None:
    derive(world, "2023-12-30")
    world.shows(DAY, dossiers="1 575 332")
    derive(world, DAY)
    key = ("service_id", "rule_set", "criterion", "lacks")
    with world.engine.connect() as connection:
        lacking = [
            {row["lacks"] for row in current(connection, missing_evidence, key, night(day).at)}
            for day in ("2023-12-30", DAY)
        ]
    assert lacking == [{"figure", "statistics"}, set()]
