"""Qualifications: what may be said of each service, and the evidence; derived beside official.

Every product of the portfolio gets its three criteria.  A row is added when something
changed; ``as_of`` is the night from which it holds.
"""

from collections.abc import Mapping, Sequence
from datetime import timedelta

import sqlalchemy as sa

from connectors.portfolio import Product
from connectors.service import Service
from warehouse.derived.qualification import (
    JudgedFigure,
    Judgement,
    StatisticsProof,
    cohort_of,
    designated_on,
    disagreement,
    judge,
)
from warehouse.derived.rules import Cohorts, RuleSet
from warehouse.extractions import reasons
from warehouse.held_back import held_ids
from warehouse.history import Row, append_changes
from warehouse.night import Night
from warehouse.observations import last_known, witnesses
from warehouse.tables import criteria, qualifications
from warehouse.words import reason

FRESH_FOR = timedelta(days=400)
"""A figure that did not change for longer proves a page that stopped counting (a yearly one passes)."""

SEEN_WITHIN = timedelta(days=31)
"""One bad night proves nothing: the statistics count as published while a figure was seen this recently."""

_QUALIFICATION = ("service_id", "rule_set")
_CRITERION = ("service_id", "rule_set", "criterion")


def derive(
    connection: sa.Connection,
    products: Sequence[Product],
    services: Mapping[str, Service],
    cohorts: Cohorts,
    rules: RuleSet,
    night: Night,
) -> int:
    """Judge the portfolio by a rule set, as known this night; return the rows added.

    Args:
        connection: an open transaction.
        products: the portfolio as known this night.
        services: the service files, by present and by former portfolio id.
        cohorts: the printed cohorts.
        rules: the rule set in force.
        night: the night.
    """
    known = _Known(connection, night)
    verdicts: list[Row] = []
    found: list[Row] = []
    for product in products:
        service = services.get(product.id)
        figures = known.figures(service) if service else []
        judgement = judge(product, figures, known.proof(service, figures), rules, night.day)
        # A product renamed in the portfolio keeps one history, under the id of its service file.
        service_id = service.id if service else product.id
        verdicts.append({"service_id": service_id, **_verdict(product, judgement, cohorts, night)})
        found += [{"service_id": service_id, **row} for row in _criteria(judgement, night)]
    told: list[tuple[sa.Table, tuple[str, ...], list[Row]]] = [
        (qualifications, _QUALIFICATION, verdicts),
        (criteria, _CRITERION, found),
    ]
    return sum(
        append_changes(connection, table, key, rows, night.at, table.c.rule_set == rules.id, quiet=("as_of",))
        for table, key, rows in told
    )


class _Known:
    """What the warehouse knows of the services' figures this night."""

    def __init__(self, connection: sa.Connection, night: Night) -> None:
        self.connection = connection
        self.night = night
        self.held = held_ids(connection, night.at)
        self.reasons = reasons(connection, night, night.day - SEEN_WITHIN)

    def figures(self, service: Service) -> list[JudgedFigure]:
        """The newest figure of each metric."""
        rows = [last_known(self.connection, (service.id, metric), self.night) for metric in service.metrics]
        return [self._judged(row, service) for row in rows if row]

    def _judged(self, row: Row, service: Service) -> JudgedFigure:
        metric = service.metrics[row["metric_id"]]
        names = ("metric_id", "value", "low", "high", "qualifier", "unit", "nature", "period_end")
        return JudgedFigure(
            **{name: row[name] for name in names},
            label=metric.label,
            reach=metric.reach,
            kind=metric.kind,
            observation_id=row["id"],
            held_back=row["id"] in self.held,
        )

    def proof(self, service: Service | None, figures: Sequence[JudgedFigure]) -> StatisticsProof:
        """What our own visits prove of the statistics page; of a service without a file, nothing is known."""
        if service is None:
            return StatisticsProof(None, None, 0, None)
        day = self.night.day
        good = [figure for figure in figures if not figure.held_back]
        if not good or not witnesses(
            self.connection, service.id, self.night, day - SEEN_WITHIN, day, at_most=1
        ):
            code = self.reasons.get(service.id)
            return StatisticsProof(False, None, 0, reason(code) if code else None)
        newest = max(figure.period_end for figure in good)
        return StatisticsProof(True, day - newest <= FRESH_FOR, len(good), None)


def _verdict(product: Product, judgement: Judgement, cohorts: Cohorts, night: Night) -> Row:
    designated = designated_on(product, cohorts)
    official = designated if designated and designated <= night.day else None
    return {
        "as_of": night.day,
        "verdict": judgement.verdict,
        "designated": official is not None,
        "cohort": cohort_of(product, cohorts) if official else None,
        "rule_set": judgement.rule_set,
        "disagreement": disagreement(judgement, official),
    }


def _criteria(judgement: Judgement, night: Night) -> list[Row]:
    return [
        {
            "as_of": night.day,
            "criterion": criterion,
            "verdict": finding.verdict,
            "evidence": [
                {"kind": one.kind, "ref": one.ref, "sentence": one.sentence_fr} for one in finding.evidence
            ],
            "rule_set": judgement.rule_set,
        }
        for criterion, finding in judgement.criteria.items()
    ]
