"""Checks: every expectation is a named check on its asset, with the failing rows.

They are judged in two steps: the portfolio before what rests on it, the figures before
growth and qualification.  A check on one figure only warns here, because the figure
itself is held back in the warehouse; a check on the whole blocks what comes after.
"""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from typing import Any

import dagster as dg

from connectors.extractor import Extractor
from expectations.check import Check, Verdict
from expectations.judge import CHECKS
from pipelines import stages
from pipelines.errors import told_clearly
from pipelines.mends import Mends
from pipelines.resources import Clock, Services, Warehouse
from warehouse.night import Night

ASSET_OF_TABLE = {
    "services": "services",
    "observations": "observations",
    "absences": "observations",
    "nights": "observations",
}
"""The asset that bears the checks of each table; absences and nights are told by the same step."""


def _specs(tables: Sequence[str]) -> list[dg.AssetCheckSpec]:
    return [_spec(check) for table in tables for check in CHECKS[table]]


def _spec(check: Check) -> dg.AssetCheckSpec:
    return dg.AssetCheckSpec(
        check.name,
        asset=ASSET_OF_TABLE[check.table],
        description=check.sentence,
        blocking=check.scope == "whole",
        metadata={"scope": check.scope, "table": check.table},
    )


def _results(verdicts: Sequence[Verdict]) -> Iterator[dg.AssetCheckResult]:
    for verdict in verdicts:
        yield dg.AssetCheckResult(
            asset_key=ASSET_OF_TABLE[verdict.check.table],
            check_name=verdict.check.name,
            passed=verdict.passed,
            severity=dg.AssetCheckSeverity.ERROR
            if verdict.check.scope == "whole"
            else dg.AssetCheckSeverity.WARN,
            metadata={"failing": len(verdict.failing), "rows": dg.MetadataValue.md(_table(verdict))},
        )


def _table(verdict: Verdict) -> str:
    """The failing rows as a Markdown table, at most twenty."""
    rows = [stages.shown(row) for row in verdict.failing[:20]]
    if not rows:
        return "none"
    names = list(dict.fromkeys(name for row in rows for name in row))
    lines = [names, ["---"] * len(names), *([str(row.get(name, "")) for name in names] for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


@dg.multi_asset_check(name="judge_portfolio", specs=_specs(["services"]))
def judge_portfolio(
    context: dg.AssetCheckExecutionContext, clock: Clock, warehouse: Warehouse
) -> Iterator[dg.AssetCheckResult]:
    """The checks on the portfolio."""
    with told_clearly():
        verdicts = stages.judge_portfolio(warehouse.engine, clock.night(context))
    yield from _results(verdicts)


@dg.multi_asset_check(name="judge_figures", specs=_specs(["observations", "absences", "nights"]))
def judge_figures(
    context: dg.AssetCheckExecutionContext, clock: Clock, warehouse: Warehouse, catalog: Services
) -> Iterator[dg.AssetCheckResult]:
    """The checks on the figures and on the night; figures held back, incidents opened and closed."""
    night: Night = clock.night(context)
    with told_clearly(), ExitStack() as leaving:
        extractor = Extractor(workers=1)
        leaving.push(extractor)  # not entered: its process starts with the first mend, if there is one
        verdicts = stages.judge_figures(
            warehouse.engine,
            catalog.catalog,
            night,
            lambda connection: Mends(
                connection, warehouse.archive, extractor, catalog.catalog, catalog.place, night
            ),
        )
    yield from _results(verdicts)


CHECK_STEPS: list[Any] = [judge_portfolio, judge_figures]
"""The two steps, for the definitions."""
