"""Qualifications: what may be said of each service, and the evidence; derived beside official.

Every product of the portfolio gets its three criteria.  A row is added when something
changed; ``as_of`` is the night from which it holds.  ``judgements`` answers without writing anything:
for another rule set than the one in force, or for another night.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from typing import NamedTuple

import sqlalchemy as sa

from connectors.portfolio import Product
from connectors.service import Service
from warehouse.derived.evidence import JudgedFigure, StatisticsProof, Verdict
from warehouse.derived.missing_evidence import missing
from warehouse.derived.printed_figures import PrintedFigures
from warehouse.derived.qualification import (
    Judgement,
    cohort_of,
    designated_on,
    disagreement,
    judge,
)
from warehouse.derived.rules import Cohorts, RuleSet
from warehouse.extractions import reasons
from warehouse.held_back import held_ids
from warehouse.history import Row, append_changes, current
from warehouse.night import Night
from warehouse.observations import last_known, witnesses
from warehouse.restatements import withdrawn_ids
from warehouse.tables import criteria, missing_evidence, qualifications
from warehouse.words import reason

CELLS: tuple[tuple[bool, Verdict], ...] = (
    (True, "met"), (True, "not_met"), (True, "unknown"),
    (False, "met"), (False, "not_met"), (False, "unknown"),
)  # fmt: skip
"""Designated or not, by derived verdict."""

FRESH_FOR = timedelta(days=400)
"""A figure that did not change for longer proves a page that stopped counting (a yearly one passes)."""

SEEN_WITHIN = timedelta(days=31)
"""One bad night proves nothing: the statistics count as published while a figure was seen this recently."""

_QUALIFICATION = ("service_id", "rule_set")
_CRITERION = ("service_id", "rule_set", "criterion")
_MISSING = (*_CRITERION, "lacks")


def derive(
    connection: sa.Connection,
    products: Sequence[Product],
    services: Mapping[str, Service],
    cohorts: Cohorts,
    rules: RuleSet,
    night: Night,
) -> int:
    """Judge the portfolio by a rule set, as known this night; return the rows added.

    A rule set that is not in force may be given: its rows stand beside those of the one that is.

    Args:
        connection: an open transaction.
        products: the portfolio as known this night.
        services: the service files, by present and by former portfolio id.
        cohorts: the printed cohorts.
        rules: the rule set.
        night: the night.
    """
    judged = qualified(connection, products, services, cohorts, rules, night)
    told: list[tuple[sa.Table, tuple[str, ...], list[Row]]] = [
        (qualifications, _QUALIFICATION, judged.verdicts),
        (criteria, _CRITERION, judged.criteria),
        (missing_evidence, _MISSING, judged.missing),
    ]
    return sum(
        append_changes(connection, table, key, rows, night.at, table.c.rule_set == rules.id, quiet=("as_of",))
        for table, key, rows in told
    )


class Qualified(NamedTuple):
    """The rows of the three tables: what a rule set makes of each service, by what evidence, what lacks."""

    verdicts: list[Row]
    criteria: list[Row]
    missing: list[Row]


def qualified(
    connection: sa.Connection,
    products: Sequence[Product],
    services: Mapping[str, Service],
    cohorts: Cohorts,
    rules: RuleSet,
    night: Night,
) -> Qualified:
    """What ``derive`` writes, of the same arguments; nothing is written."""
    known = cohorts.known(night.at)
    told = Qualified([], [], [])
    for service_id, (product, judgement) in judgements(connection, products, services, rules, night).items():
        about = {"service_id": service_id, "as_of": night.day, "rule_set": rules.id}
        told.verdicts.append(about | _verdict(product, judgement, known, night))
        told.criteria.extend(about | row for row in _criteria(judgement))
        told.missing.extend(about | row for row in missing(product, judgement, night.day))
    return told


def judgements(
    connection: sa.Connection,
    products: Sequence[Product],
    services: Mapping[str, Service],
    rules: RuleSet,
    night: Night,
) -> dict[str, tuple[Product, Judgement]]:
    """Each product with what a rule set makes of it, as known a night; nothing is written.

    Any rule set may be given with any night: an older one on today's data, today's on older data.
    A product renamed in the portfolio is under the id of its service file, so that it keeps one history.
    """
    known = _Known(connection, night)
    reports = PrintedFigures(connection, night)
    judged: dict[str, tuple[Product, Judgement]] = {}
    for product in products:
        service = services.get(product.id)
        figures = known.figures(service) if service else []
        names = {product.id, *((service.id, *service.formerly) if service else ())}
        proof = known.proof(service, figures)
        judgement = judge(product, figures, proof, rules, night.day, reports.of(names))
        judged[service.id if service else product.id] = product, judgement
    return judged


def standing(connection: sa.Connection, night: Night, rule_set: str) -> list[Row]:
    """What ``qualifications`` says by a rule set, as known a night, by service."""
    rows = current(
        connection, qualifications, _QUALIFICATION, night.at, qualifications.c.rule_set == rule_set
    )
    return sorted(rows, key=lambda row: str(row["service_id"]))


def confusion(rows: Iterable[Row]) -> dict[tuple[bool, Verdict], tuple[str, ...]]:
    """The services by official designation and derived verdict: all six cells, the empty ones too.

    Args:
        rows: rows of ``qualifications`` by one rule set.
    """
    cells: dict[tuple[bool, Verdict], list[str]] = {cell: [] for cell in CELLS}
    for row in rows:
        cells[row["designated"], row["verdict"]].append(row["service_id"])
    return {cell: tuple(sorted(ids)) for cell, ids in cells.items()}


class _Known:
    """What the warehouse knows of the services' figures this night."""

    def __init__(self, connection: sa.Connection, night: Night) -> None:
        self.connection = connection
        self.night = night
        self.held = held_ids(connection, night.at)
        self.withdrawn = withdrawn_ids(connection, night.at)
        self.reasons = reasons(connection, night, night.day - SEEN_WITHIN)

    def figures(self, service: Service) -> list[JudgedFigure]:
        """The newest figure of each metric, unless the page took it back."""
        rows = [last_known(self.connection, (service.id, metric), self.night) for metric in service.metrics]
        return [self._judged(row, service) for row in rows if row and row["id"] not in self.withdrawn]

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
        "verdict": judgement.verdict,
        "designated": official is not None,
        "cohort": cohort_of(product, cohorts) if official else None,
        "disagreement": disagreement(judgement, official),
    }


def _criteria(judgement: Judgement) -> list[Row]:
    return [
        {
            "criterion": criterion,
            "verdict": finding.verdict,
            "evidence": [
                {"kind": one.kind, "ref": one.ref, "sentence": one.sentence_fr, "verdict": one.verdict}
                for one in finding.evidence
            ],
        }
        for criterion, finding in judgement.criteria.items()
    ]
