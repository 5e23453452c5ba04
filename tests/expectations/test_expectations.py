"""Every check has a row that breaks it and one that passes; a check that cannot run is no bad data."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from expectations import judge as judging
from expectations.check import Check, Verdict
from expectations.errors import BrokenCheck
from expectations.judge import CHECKS, COLUMNS, judge

ALL = [check for checks in CHECKS.values() for check in checks]
A_DAY = date(2023, 12, 31)

GOOD: dict[str, dict[str, Any]] = {
    "services": {"service_id": "ban", "kept": 1},
    "observations": {
        "id": "a",
        "service_id": "ban",
        "metric_id": "adresses",
        "value": Decimal(57),
        "unit": "adresse",
        "nature": "stock",
        "age_days": 0,
        "expect_min": Decimal(10),
        "expect_max": Decimal(100),
        "expect_factor": Decimal(4),
        "max_age_days": 30,
        "jump": Decimal("1.46"),
        "good_value": Decimal(39),
        "good_low": Decimal(39),
        "high": Decimal(57),
        "good_day": date(2022, 12, 31),
        "period_end": A_DAY,
        "locator": "p",
        "warc_file": "2023/impact-2023-12-31.warc.gz",
    },
    "absences": {"service_id": "ban", "metric_id": "adresses", "reason": "empty", "sentence": "blank"},
    "nights": {"service_id": "ban", "reached": 1, "read": 1},
}
"""A row of each table that every check passes."""

Change = Mapping[str, Any]

BREAKS: dict[str, list[Change]] = {
    "portfolio_not_empty": [],
    "service_ids_unique": [{}, {}],
    "portfolio_not_collapsed": [{"service_id": "ban"}, {"service_id": "eva", "kept": 0}],
    "figures_not_empty": [],
    "observation_ids_unique": [{}, {"value": Decimal(58)}],
    "observations_have_their_extraction": [{"locator": None}],
    "observations_have_their_snapshot": [{"warc_file": None}],
    "above_minimum": [{"value": Decimal("9.99")}],
    "cumulative_never_falls": [
        {
            "nature": "cumulative",
            "value": Decimal(1575331),
            "high": Decimal(1575331),
            "good_value": Decimal(1575332),
            "good_low": Decimal(1575332),
        }
    ],
    "ratio_within_bounds": [{"nature": "ratio", "value": Decimal("100.5"), "percent": Decimal("100.5")}],
    "no_jump": [{"value": Decimal(200), "jump": Decimal("5.13"), "good_value": Decimal(39)}],
    "period_turned": [{"value": Decimal(900), "good_value": Decimal(900), "unturned": 1}],
    "below_maximum": [{"value": Decimal("100.01")}],
    "not_frozen": [{"age_days": 31}],
    "nothing_lost": [{"last_day": date(2022, 12, 31)}],
    "absences_have_a_reason": [{"sentence": ""}],
    "services_tried": [],
    "coverage": [{"service_id": "ban"}, {"service_id": "eva", "read": 0}, {"service_id": "pix", "read": 0}],
}
"""For each check, what is said of the rows that break it; none at all for a check on an empty table."""

FAILING: dict[str, list[int]] = {
    "service_ids_unique": [0, 1],
    "observation_ids_unique": [0, 1],
    "portfolio_not_collapsed": [1],
    "coverage": [1, 2],
    "portfolio_not_empty": [],
    "figures_not_empty": [],
    "services_tried": [],
}
"""Which of these rows are shown as failing, where that is not the first."""

JUST_PASSES: dict[str, list[Change]] = {
    "service_ids_unique": [{"service_id": "ban"}, {"service_id": "eva"}],
    "portfolio_not_collapsed": [{"service_id": str(number), "kept": int(number > 0)} for number in range(5)],
    "above_minimum": [{"value": Decimal(10)}, {"id": "b", "value": Decimal(1), "expect_min": None}],
    "cumulative_never_falls": [
        {"nature": "cumulative", "value": Decimal(39), "high": Decimal(39)},
        {"id": "d", "nature": "cumulative", "value": Decimal(38), "high": Decimal(39)},
        {"id": "e", "nature": "cumulative", "value": Decimal(38), "high": None},
        {"id": "b", "nature": "cumulative", "good_value": None, "good_low": None, "good_day": None},
        {"id": "c", "nature": "stock", "value": Decimal(38)},
    ],
    "ratio_within_bounds": [
        {"nature": "ratio", "percent": Decimal(0)},
        {"id": "b", "nature": "ratio", "percent": Decimal(100)},
        {"id": "c", "nature": "score", "percent": None},
    ],
    "no_jump": [{"jump": Decimal(4)}, {"id": "b", "jump": Decimal(9), "expect_factor": None}],
    "below_maximum": [{"value": Decimal(100)}, {"id": "b", "value": Decimal(101), "expect_max": None}],
    "not_frozen": [{"age_days": 30}, {"id": "b", "age_days": 31, "max_age_days": None}],
    "coverage": [{"service_id": "ban"}, {"service_id": "eva", "read": 0}],
}
"""Rows on the very edge of a check, or out of its scope; one ordinary row for the checks not named."""

REFUSALS = {
    "above_minimum": "9,99 est inférieur au minimum attendu, 10.",
    "cumulative_never_falls": (
        "Un cumul ne baisse pas : 1\u202f575\u202f331 après 1\u202f575\u202f332 le 31/12/2022."
    ),
    "ratio_within_bounds": "100,5\u00a0% n'est pas entre 0 et 100\u00a0%.",
    "period_turned": "Le compteur n'a peut-être pas encore tourné : 900, après 900 le 31/12/2022.",
    "no_jump": "De 39 le 31/12/2022 à 200 : plus de 4 fois d'écart.",
}
"""What staff read of the figure that breaks a check."""


def _rows(table: str, changes: list[Change]) -> list[dict[str, Any]]:
    return [{**GOOD[table], **change} for change in changes]


def _verdict(check: Check, changes: list[Change]) -> tuple[Verdict, list[dict[str, Any]]]:
    rows = _rows(check.table, changes)
    found = {verdict.check.name: verdict for verdict in judge(check.table, rows)}
    return found[check.name], rows


def test_every_check_has_a_row_that_breaks_it() -> None:
    assert set(BREAKS) == {check.name for check in ALL}


def test_a_name_is_borne_by_one_check_only() -> None:
    names = [check.name for check in ALL]
    assert sorted(names) == sorted(set(names))


def test_a_check_stands_in_the_list_of_its_table() -> None:
    assert [(check.name, check.table) for check in ALL] == [
        (check.name, table) for table, checks in CHECKS.items() for check in checks
    ]


@pytest.mark.parametrize("check", ALL, ids=lambda check: check.name)
def test_it_fails_and_shows_the_failing_rows(check: Check) -> None:
    verdict, rows = _verdict(check, BREAKS[check.name])
    assert not verdict.passed
    assert list(verdict.failing) == [rows[number] for number in FAILING.get(check.name, [0])]
    assert verdict.blocks == (check.scope == "whole")


@pytest.mark.parametrize("check", ALL, ids=lambda check: check.name)
def test_it_passes_on_its_edge(check: Check) -> None:
    verdict, _ = _verdict(check, JUST_PASSES.get(check.name, [{}]))
    assert (verdict.passed, verdict.failing, verdict.blocks) == (True, (), False)


@pytest.mark.parametrize("table", CHECKS)
def test_an_ordinary_row_passes_them_all(table: str) -> None:
    assert [verdict.check.name for verdict in judge(table, _rows(table, [{}])) if not verdict.passed] == []


@pytest.mark.parametrize("check", [one for one in ALL if one.scope == "figure"], ids=lambda one: one.name)
def test_staff_read_why_a_figure_is_held_back(check: Check) -> None:
    verdict, _ = _verdict(check, BREAKS[check.name])
    assert check.refusal
    assert check.refusal(verdict.failing[0]) == REFUSALS[check.name]


def test_large_figures_are_written_out() -> None:
    [below] = [check for check in ALL if check.name == "above_minimum"]
    row = GOOD["observations"] | {"value": Decimal("123456789012.5"), "expect_min": Decimal("1E+9")}
    assert below.refusal
    assert below.refusal(row) == (
        "123\u202f456\u202f789\u202f012,5 est inférieur au minimum attendu, 1\u202f000\u202f000\u202f000."
    )


@pytest.mark.parametrize("check", [one for one in ALL if one.scope == "whole"], ids=lambda one: one.name)
def test_a_check_that_blocks_says_what_happened(check: Check) -> None:
    assert check.failure
    assert check.failure.endswith(".")


@pytest.mark.parametrize("table", ["services", "observations", "nights"])
def test_an_empty_table_blocks(table: str) -> None:
    assert [verdict.check.name for verdict in judge(table, []) if verdict.blocks]


def test_nothing_missing_is_no_trouble() -> None:
    assert all(verdict.passed for verdict in judge("absences", []))


@pytest.mark.parametrize("rows", [[], [GOOD["nights"]]], ids=["no row", "one row"])
def test_a_broken_check_is_not_bad_data(rows: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch) -> None:
    broken = replace(
        CHECKS["nights"][1], name="broken", arguments={"column": "no_such_column", "min_value": 0}
    )
    monkeypatch.setitem(judging.CHECKS, "nights", [broken])
    with pytest.raises(BrokenCheck, match=r"^The check broken could not be run: .*no_such_column"):
        judge("nights", rows)


def test_lists_speak_only_of_columns_that_every_night_has() -> None:
    spoken = {
        (check.table, value)
        for check in ALL
        for name, value in check.arguments.items()
        if name.startswith("column")
    } | {(check.table, check.only[0]) for check in ALL if check.only}
    assert spoken <= {(table, column) for table, columns in COLUMNS.items() for column in columns}
