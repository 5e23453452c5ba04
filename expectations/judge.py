"""Judging: the rows of a night against the lists, through Great Expectations, as one batch per table.

Great Expectations costs seconds and hundreds of megabytes to import: it is imported here,
inside the function, and nowhere else.
"""

import os
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import pandas as pd

from expectations import absences, nights, observations, services
from expectations.check import Check, Row, Verdict
from expectations.errors import BrokenCheck

CHECKS: dict[str, list[Check]] = {
    "services": services.CHECKS,
    "observations": observations.CHECKS,
    "absences": absences.CHECKS,
    "nights": nights.CHECKS,
}
"""Every check, by the table it judges."""

COLUMNS: dict[str, list[str]] = {
    "services": ["service_id", "kept"],
    "observations": [
        "id", "service_id", "metric_id", "label", "value", "unit", "nature", "percent", "jump", "age_days",
        "expect_min", "expect_max", "expect_factor", "max_age_days",
        "high", "good_id", "good_value", "good_low", "good_day", "unturned", "period_end", "locator",
        "warc_file",
    ],
    "absences": ["service_id", "metric_id", "reason", "sentence", "last_day"],
    "nights": ["service_id", "reached", "read"],
}  # fmt: skip
"""The columns each list may speak of, so that a table without rows has them too."""


def judge(table: str, rows: Sequence[Row]) -> list[Verdict]:
    """Every check of one table on its rows.

    Args:
        table: a key of ``CHECKS``.
        rows: one mapping per row, with the columns of ``COLUMNS[table]``.

    Raises:
        BrokenCheck: a check could not be run; its data are then not judged at all.
    """
    checks = CHECKS[table]
    results = _validate(checks, _frame(table, rows))
    return [_verdict(check, results[check.name], rows) for check in checks]


def _frame(table: str, rows: Sequence[Row]) -> pd.DataFrame:
    """The rows as GX compares them: decimals as floats (15 digits, which readers enforce), and a number."""
    plain = [{name: _comparable(row.get(name)) for name in COLUMNS[table]} for row in rows]
    frame = pd.DataFrame(plain, columns=COLUMNS[table])
    for name in frame.columns.intersection(
        ["value", "high", "percent", "jump", "good_value", "good_low", "age_days", "unturned"]
    ):
        frame[name] = pd.to_numeric(frame[name])
    for name in frame.columns.intersection(["expect_min", "expect_max", "expect_factor", "max_age_days"]):
        frame[name] = pd.to_numeric(frame[name])
    frame.insert(0, "row_number", range(len(frame)))
    return frame


def _comparable(value: Any) -> Any:
    if isinstance(value, Decimal):
        return float(value)
    return value.isoformat() if isinstance(value, date) else value


def _validate(checks: Sequence[Check], frame: pd.DataFrame) -> dict[str, Any]:
    os.environ.setdefault("GX_ANALYTICS_ENABLED", "false")
    import great_expectations as gx
    from great_expectations.data_context.types.base import ProgressBarsConfig

    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = ProgressBarsConfig(globally=False)
    asset = context.data_sources.add_pandas("warehouse").add_dataframe_asset("night")
    batch = asset.add_batch_definition_whole_dataframe("night").get_batch({"dataframe": frame})
    suite = gx.ExpectationSuite("night", expectations=[_expectation(check) for check in checks])
    outcome = batch.validate(
        suite,
        result_format={"result_format": "COMPLETE", "unexpected_index_column_names": ["row_number"]},
    )
    return {_name_of(result): result for result in outcome.results}


def _expectation(check: Check) -> Any:
    import great_expectations.expectations as gxe
    from great_expectations.expectations.row_conditions import Column

    where = {"row_condition": Column(check.only[0]) == check.only[1]} if check.only else {}
    make = getattr(gxe, check.expectation)
    return make(**check.arguments, **where, meta={"name": check.name})


def _name_of(result: Any) -> str:
    name: str = result.expectation_config.meta["name"]
    return name


def _verdict(check: Check, result: Any, rows: Sequence[Row]) -> Verdict:
    failed_to_run = result.result is None or any(
        isinstance(info, dict) and info.get("raised_exception") for info in _exceptions(result)
    )
    if failed_to_run:
        raise BrokenCheck(f"The check {check.name} could not be run: {result.exception_info}")
    numbers = [entry["row_number"] for entry in result.result.get("unexpected_index_list") or []]
    failing = [rows[number] for number in sorted(set(numbers))]
    if not result.success and not failing:
        failing = _behind_an_aggregate(check, rows)
    return Verdict(check, bool(result.success), tuple(failing))


def _exceptions(result: Any) -> list[Any]:
    info = result.exception_info or {}
    return [info, *(value for value in info.values() if isinstance(value, dict))]


def _behind_an_aggregate(check: Check, rows: Sequence[Row]) -> list[Row]:
    """The rows that pull a mean down; a count that is too low has no rows to show."""
    column = check.arguments.get("column")
    return [row for row in rows if not row.get(column)] if column else []
