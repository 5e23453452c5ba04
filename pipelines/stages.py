"""What each stage of a night does, without Dagster: from the resources to the warehouse and back."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from connectors.catalog import Catalog
from connectors.service import Service
from expectations.check import Row, Verdict
from expectations.judge import judge
from warehouse import held_back, nights, observations, portfolios
from warehouse.derived import growth, incidents, plf_indicators, portfolio_counts, qualifications
from warehouse.derived.incidents import Mender, no_mend
from warehouse.derived.rules import Cohorts, load_cohorts, load_rules, rules_named, rules_on
from warehouse.derived.troubles import troubles
from warehouse.held_back import Refusal
from warehouse.night import Night
from warehouse.observations import Tonight
from warehouse.tables import extractions as extraction_table
from warehouse.tables import services as service_table
from warehouse.tables import snapshots as snapshot_table


def cohorts_of(catalog: Catalog) -> Cohorts:
    """The printed cohorts, known under the former ids of the services too."""
    return load_cohorts({service.id: service.formerly for service in catalog.services})


def by_any_id(catalog: Catalog) -> Mapping[str, Service]:
    """The service files by present and by former portfolio id."""
    return {known: service for service in catalog.services for known in (*service.formerly, service.id)}


def derive_from_portfolio(engine: sa.Engine, catalog: Catalog, night: Night) -> int:
    """``portfolio_counts`` and ``plf_indicators``: what rests on the portfolio alone."""
    cohorts = cohorts_of(catalog)
    with engine.begin() as connection:
        products = portfolios.products(connection, night.at)
        counted = portfolio_counts.derive(connection, products, cohorts, night)
        return counted + plf_indicators.derive(connection, products, cohorts, night)


def derive_growth(engine: sa.Engine, catalog: Catalog, night: Night) -> int:
    """``growth`` and ``refusals``."""
    with engine.begin() as connection:
        return growth.derive(connection, catalog, night)


def derive_qualifications(
    engine: sa.Engine, catalog: Catalog, night: Night, rule_set: str | None = None
) -> int:
    """``qualifications``, ``criteria`` and ``missing_evidence``, by the rule set in force or by another.

    Raises:
        InvalidRules: no rule set is named so.
    """
    rules = rules_named(load_rules(), rule_set) if rule_set else rules_on(load_rules(), night.day)
    with engine.begin() as connection:
        products = portfolios.products(connection, night.at)
        return qualifications.derive(
            connection, products, by_any_id(catalog), cohorts_of(catalog), rules, night
        )


def judge_portfolio(engine: sa.Engine, night: Night) -> list[Verdict]:
    """The checks on the portfolio, recorded."""
    with engine.begin() as connection:
        now = {product.id for product in portfolios.products(connection, night.at)}
        before = _known_before(connection, night)
        rows = [{"service_id": key, "kept": int(key in now)} for key in sorted(now | before)]
        verdicts = judge("services", rows if now else [])
        nights.record_verdicts(connection, night, ["services"], [_told(verdict) for verdict in verdicts])
    return verdicts


def _known_before(connection: sa.Connection, night: Night) -> set[str]:
    last = sa.select(sa.func.max(service_table.c.known_at)).where(service_table.c.known_at < night.at)
    moment = connection.scalar(last)
    return {product.id for product in portfolios.products(connection, moment)} if moment else set()


def judge_figures(
    engine: sa.Engine,
    catalog: Catalog,
    night: Night,
    mender: Callable[[sa.Connection], Mender] = lambda _connection: no_mend,
) -> list[Verdict]:
    """The checks on the figures and on the night: recorded, refused figures held back, the night closed.

    What is wrong becomes an incident, or goes on being one; ``mender`` gives what proposes a patch where
    one opens.
    """
    with engine.begin() as connection:
        tonight = observations.tell(connection, catalog, night)
        figures, verdicts = _judged(connection, night, tonight)
        rows = {
            "observations": figures,
            "absences": nights.missing(connection, night, tonight),
            "nights": nights.tally(connection, night, tonight),
        }
        verdicts += [verdict for table in ("absences", "nights") for verdict in judge(table, rows[table])]
        held_back.hold(connection, night, figures, _refusals(verdicts))
        nights.record_verdicts(connection, night, list(rows), [_told(verdict) for verdict in verdicts])
        found = troubles(connection, night, tonight, _failing(verdicts, "not_frozen"))
        incidents.tell(
            connection, night, found, [row["service_id"] for row in rows["nights"]], mender(connection)
        )
        blocking = [verdict.check.failure or verdict.check.name for verdict in verdicts if verdict.blocks]
        portfolio = portfolios.serving(connection, night)
        counted = nights.count(connection, night, tonight, rows["nights"])
        nights.close(
            connection,
            night,
            {
                "portfolio_sha256": portfolio["sha256"] if portfolio else None,
                "portfolio_trouble": portfolio["trouble"] if portfolio else None,
                **counted,
                "state": "blocked" if blocking else "publishable",
                "reason": " ".join(blocking) or None,
            },
        )
    return verdicts


def understand_late(engine: sa.Engine, catalog: Catalog, night: Night) -> tuple[int, int]:
    """A past night whose pages came late: its figures understood, those that a check refuses held back.

    The night as a whole is not judged: nobody set out to collect it.

    Returns:
        How many figures its pages say, and how many of them are held back.
    """
    with engine.begin() as connection:
        tonight = observations.tell(connection, catalog, night)
        figures, verdicts = _judged(connection, night, tonight)
        held_back.hold(connection, night, figures, _refusals(verdicts))
        return len(figures), len(held_back.standing(connection, night, tonight))


def _judged(
    connection: sa.Connection, night: Night, tonight: Tonight
) -> tuple[list[dict[str, Any]], list[Verdict]]:
    """The figures of a night and what the checks say of them.

    A figure is compared with the last good one before it, which may be of the same night (the month
    before, on the same chart): one that is refused is good for no other, so the checks are asked again
    until none rests on a figure that they refuse.  Refusals only spread forward in time: this ends.
    """
    refused: frozenset[str] = frozenset()
    while True:
        figures = _to_judge(connection, night, tonight, refused)
        verdicts = judge("observations", figures)
        said = frozenset(refusal.observation_id for refusal in _refusals(verdicts))
        if said == refused or not any(row["good_id"] in said - refused for row in figures):
            return figures, verdicts
        refused = said


def _to_judge(
    connection: sa.Connection, night: Night, tonight: Tonight, refused: frozenset[str]
) -> list[dict[str, Any]]:
    figures = held_back.to_judge(connection, night, tonight.rows, refused)
    newest = {(row["service_id"], row["metric_id"]): row["id"] for row in sorted(figures, key=_in_time)}
    proofs = _proofs(connection, [row["extraction_id"] for row in figures])
    return [
        row
        | _measured(row, night.day, newest=newest[row["service_id"], row["metric_id"]] == row["id"])
        | proofs.get(row["extraction_id"], {})
        for row in figures
    ]


def _in_time(row: Row) -> tuple[date, datetime]:
    return row["period_end"], row["known_at"]


def _measured(row: Row, day: date, *, newest: bool) -> dict[str, Any]:
    """What the checks compare: the share in percent, the jump from the last good figure, the age in days.

    Only the newest figure of a metric has an age: the older points of a chart do not change any more.
    """
    return {
        "percent": row["value"] if row["unit"] == "%" else None,
        "jump": None if _is_after_a_gap(row) else _jump(row["good_value"], row["value"]),
        "age_days": (day - row["period_end"]).days if newest else None,
    }


def _is_after_a_gap(row: Row) -> bool:
    """True when the last good figure is no neighbour: two periods or more are missing between them."""
    if row["good_day"] is None or row["period_start"] is None or row["period_start"] == row["period_end"]:
        return False
    length = row["period_end"] - row["period_start"]
    return bool(row["period_start"] - row["good_day"] > 2 * length)


def _jump(before: Decimal | None, now: Decimal) -> Decimal | None:
    """How many times larger or smaller, at least 1; nothing to compare with is no jump."""
    if before is None or before <= 0 or now <= 0:
        return None
    return max(now / before, before / now)


def _proofs(connection: sa.Connection, extraction_ids: Sequence[str]) -> dict[str, dict[str, Any]]:
    """For each extraction on record, its locator and the archive file of its body."""
    same_body = snapshot_table.c.sha256 == extraction_table.c.snapshot_sha256
    found: dict[str, dict[str, Any]] = {}
    for start in range(0, len(extraction_ids), 500):
        query = (
            sa.select(
                extraction_table.c.id, extraction_table.c.locator, sa.func.min(snapshot_table.c.warc_file)
            )
            .outerjoin(snapshot_table, same_body)
            .where(extraction_table.c.id.in_(extraction_ids[start : start + 500]))
            .group_by(extraction_table.c.id, extraction_table.c.locator)
        )
        found |= {
            key: {"locator": locator, "warc_file": file} for key, locator, file in connection.execute(query)
        }
    return found


def _refusals(verdicts: Iterable[Verdict]) -> list[Refusal]:
    return [
        Refusal(row["id"], verdict.check.name, verdict.check.refusal(row))
        for verdict in verdicts
        if verdict.check.scope == "figure" and verdict.check.refusal
        for row in verdict.failing
    ]


def _failing(verdicts: Iterable[Verdict], name: str) -> list[Row]:
    return [row for verdict in verdicts if verdict.check.name == name for row in verdict.failing]


def _told(verdict: Verdict) -> dict[str, Any]:
    check = verdict.check
    return {
        "check_name": check.name,
        "table_name": check.table,
        "scope": check.scope,
        "passed": verdict.passed,
        "failing": len(verdict.failing),
        "sample": [shown(row) for row in verdict.failing[: nights.SAMPLE]],
        "sentence": check.sentence,
    }


_SHOWN = (
    "id", "service_id", "metric_id", "value", "period_end", "good_value", "good_day",
    "expect_min", "expect_max", "expect_factor", "age_days", "max_age_days", "reason", "sentence", "last_day",
)  # fmt: skip


def shown(row: Row) -> dict[str, str | int]:
    """The part of a failing row that helps a person, as plain values."""
    return {
        name: row[name] if isinstance(row[name], int) else str(row[name])
        for name in _SHOWN
        if row.get(name) is not None
    }
