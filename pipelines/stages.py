"""What each stage of a night does, without Dagster: from the resources to the warehouse and back."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import sqlalchemy as sa

from connectors.catalog import Catalog
from connectors.service import Service
from expectations.check import Row, Verdict
from expectations.judge import judge
from pipelines.judging import judged, refusals
from warehouse import held_back, nights, observations, portfolios
from warehouse.derived import growth, incidents, plf_indicators, portfolio_counts, qualifications
from warehouse.derived.incidents import Mender, no_mend
from warehouse.derived.rules import Cohorts, load_cohorts, load_rules, rules_named, rules_on
from warehouse.derived.troubles import troubles
from warehouse.night import Night
from warehouse.tables import services as service_table


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
        figures, verdicts = judged(connection, catalog, night, tonight)
        rows = {
            "observations": figures,
            "absences": nights.missing(connection, night, tonight),
            "nights": nights.tally(connection, night, tonight),
        }
        verdicts += [verdict for table in ("absences", "nights") for verdict in judge(table, rows[table])]
        held_back.hold(connection, night, figures, refusals(verdicts))
        nights.record_verdicts(connection, night, list(rows), [_told(verdict) for verdict in verdicts])
        found = troubles(connection, night, tonight, rows["absences"], _failing(verdicts, "not_frozen"))
        incidents.tell(
            connection, night, found, [row["service_id"] for row in rows["nights"]], mender(connection)
        )
        blocking = [verdict.check.failure or verdict.check.name for verdict in verdicts if verdict.blocks]
        portfolio = portfolios.serving(connection, night)
        counted = nights.count(connection, night, tonight, rows["nights"], rows["absences"])
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
        figures, verdicts = judged(connection, catalog, night, tonight)
        held_back.hold(connection, night, figures, refusals(verdicts))
        return len(figures), len(held_back.standing(connection, night, tonight))


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
