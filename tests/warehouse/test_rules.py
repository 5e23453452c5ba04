"""The files of rules and cohorts: what they say, and how a broken one is refused."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.portfolio import PHASES
from warehouse.derived.rules import load_cohorts, load_rules, rules_on
from warehouse.errors import DerivationError, InvalidRules

RULES = load_rules()
PRINTED = "edition: 2021, published: 2022-03-01"
LATER = "- {cohort: 2021, edition: 2021, published: 2022-04-01, services: [b]}"

ONE = """
- id: "2023-01"
  valid_from: 2023-01-01
  valid_until: null
  source: Un bilan
  deployment: {accepted: [acceleration], refused: [abandon], why: Parce que}
  impact: {people: {at_least: 100000, below: not_met, why: Parce que}}
  team: {active: [acceleration], ended: [abandon]}
  quality: {team: Parce que}
"""


def test_the_days_are_covered_without_gap() -> None:
    assert [rules.id for rules in RULES] == ["2016-01", "2023-01", "2025-01"]
    assert RULES[-1].valid_until is None


@given(st.dates(date(2016, 1, 1), date(2100, 1, 1)))
def test_every_day_has_one_rule_set(day: date) -> None:
    rules = rules_on(RULES, day)
    assert rules.valid_from <= day
    assert rules.valid_until is None or day <= rules.valid_until


def test_no_rule_set_before_the_first() -> None:
    with pytest.raises(InvalidRules, match="2015-12-31"):
        rules_on(RULES, RULES[0].valid_from - timedelta(days=1))


def test_every_phase_name_is_judged_and_alumni_counts_as_sustained() -> None:
    for rules in RULES:
        assert set(rules.deployment.accepted) | set(rules.deployment.refused) == set(PHASES)
        assert "alumni" in rules.deployment.accepted
    assert PHASES["alumni"].meaning == "stopped"


def test_acceleration_was_not_enough_at_first() -> None:
    assert [("acceleration" in rules.deployment.accepted) for rules in RULES] == [False, True, True]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("acceleration], refused", "acelleration], refused", "acelleration"),
        ("refused: [abandon]", "refused: [acceleration]", "both sides"),
        ("at_least: 100000", "at_least: 0", "impact.people.at_least"),
        ("below: not_met", "below: maybe", "impact.people.below"),
        ("people:", "martians:", "impact.martians"),
        ("quality: {team:", "quality: {mood:", "quality.mood"),
        ("  source: Un bilan\n", "", "source"),
        ("  source:", "  colour: red\n  source:", "colour"),
        ('"2023-01"', "janvier", "id"),
        ("- id", "- [", "cannot be read"),
    ],
)
def test_a_broken_file_of_rules_is_refused(tmp_path: Path, old: str, new: str, said: str) -> None:
    assert old in ONE
    path = tmp_path / "rules.yml"
    path.write_text(ONE.replace(old, new, 1), "utf-8")
    with pytest.raises(InvalidRules, match=r"rules\.yml") as caught:
        load_rules(path)
    assert said in str(caught.value)
    assert isinstance(caught.value, DerivationError)


@pytest.mark.parametrize("until", ["2022-12-30", "2023-01-01", "null"])
def test_two_rule_sets_must_meet_exactly(tmp_path: Path, until: str) -> None:
    earlier = ONE.replace("2023-01-01", "2016-01-01").replace("2023-01", "2016-01").replace("null", until)
    path = tmp_path / "rules.yml"
    path.write_text(earlier + ONE, "utf-8")
    with pytest.raises(InvalidRules, match="2023-01 does not begin"):
        load_rules(path)


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidRules, match=r"absent\.yml"):
        load_rules(tmp_path / "absent.yml")


def test_the_printed_cohorts() -> None:
    cohorts = load_cohorts()
    sizes = {one.cohort: len(one.services) for one in cohorts.printed}
    assert sizes == {2016: 1, 2017: 2, 2018: 1, 2019: 1, 2020: 2, 2021: 5, 2022: 6, 2023: 6}
    assert {one.cohort: one.total for one in cohorts.printed if one.total} == {2021: 12, 2022: 18, 2023: 24}
    assert cohorts.by_id["ban"] == 2022


@pytest.mark.parametrize(
    ("at", "printed"),
    [
        (datetime(2022, 12, 30, 22, 59, tzinfo=UTC), 0),
        (datetime(2022, 12, 30, 23, 0, tzinfo=UTC), 12),  # midnight in Paris
        (datetime(2023, 2, 15, 12, tzinfo=UTC), 12),
        (datetime(2023, 2, 16, 12, tzinfo=UTC), 18),
        (datetime(2024, 2, 28, 12, tzinfo=UTC), 18),
        (datetime(2024, 2, 29, 12, tzinfo=UTC), 24),
    ],
)
def test_a_cohort_is_known_from_the_day_of_its_edition(at: datetime, printed: int) -> None:
    known = load_cohorts({"les-emplois": ("itou",)}).known(at)
    assert len(known.by_id) == printed + ("itou" in known.by_id)
    assert known.formerly == {"les-emplois": ("itou",)}


def test_a_former_id_has_the_cohort_of_the_present_one() -> None:
    cohorts = load_cohorts({"les-emplois": ("itou",)})
    assert cohorts.by_id["itou"] == cohorts.by_id["les-emplois"] == 2021
    assert "itou" not in load_cohorts().by_id


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (f"- {{cohort: 2020, {PRINTED}, total: 3, services: [a, b]}}", "2 services up to 2020"),
        (
            f"- {{cohort: 2020, {PRINTED}, services: [a]}}\n- {{cohort: 2021, {PRINTED}, services: [a]}}",
            "twice",
        ),
        (
            f"- {{cohort: 2020, {PRINTED}, services: [a]}}\n{LATER}",
            "two days",
        ),
        (f"- {{cohort: 2020, {PRINTED}, services: []}}", "services"),
        ("- {cohort: 2020, edition: 2021, services: [a]}", "published"),
        ("cohort: 2020", "list"),
    ],
)
def test_a_broken_file_of_cohorts_is_refused(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "cohorts.yml"
    path.write_text(text, "utf-8")
    with pytest.raises(InvalidRules, match=r"cohorts\.yml") as caught:
        load_cohorts(path=path)
    assert said in str(caught.value)
