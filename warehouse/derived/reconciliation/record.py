"""The record: everything that a reconciliation looks at, as known at one moment, read once."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Literal, NamedTuple

import sqlalchemy as sa

from warehouse import claims
from warehouse.derived.growth import KEY as GROWTH_KEY
from warehouse.derived.series import TOLERANCE
from warehouse.figure_history import figure_of
from warehouse.held_back import held_ids
from warehouse.history import MOMENT, Row, current
from warehouse.metrics import declared
from warehouse.night import Night
from warehouse.observations import nearest_witness
from warehouse.restatements import withdrawn_ids
from warehouse.tables import growth, observations, plf_indicators, portfolio_counts, refusals

Verdict = Literal["exact", "consistent", "inconsistent", "not_comparable", "no_data"]
Finding = Literal["slip", "restated", "redefined"]
Comparison = Literal["growth", "own_figures", "observation", "edition", "sum", "period", "portfolio"]

ORDER = ("growth", "own_figures", "observation", "portfolio", "sum", "period", "edition")
"""The comparisons, as staff read them."""

_HOW = " Le service, non nommé, est reconnu aux deux chiffres de son évolution."
_LONG = 1000
"""From this value on, two figures found together on record name the service that they are of."""


@dataclass(frozen=True, slots=True)
class Compared:
    """One claim compared with one thing: a row of ``reconciliations``.

    ``evidence`` are (kind, id) of what decided, beside the claim itself.
    """

    comparison: Comparison
    claim: Row
    verdict: Verdict
    reason: str
    year: int | None = None
    computed: str | None = None
    evidence: tuple[tuple[str, str], ...] = ()
    against: str = ""
    finding: Finding | None = None
    service_id: str | None = None

    def row(self) -> Row:
        """As kept."""
        proofs = (("claim", self.claim["claim_id"]), *self.evidence)
        return {
            "edition": self.claim["edition"],
            "service_id": self.service_id or self.claim["service_id"],
            "metric": self.claim["metric"],
            "period": str(self.year) if self.year else None,
            "comparison": self.comparison,
            "against": self.against,
            "printed": " ".join(self.claim["text"].split()),
            "computed": self.computed,
            "verdict": self.verdict,
            "finding": self.finding,
            "reason": self.reason,
            "claim_id": self.claim["claim_id"],
            "evidence": [{"kind": kind, "ref": ref} for kind, ref in proofs],
        }


@dataclass(frozen=True, slots=True)
class About:
    """The service of a claim: ``sure`` when printed, confirmed, or known by its figures (``how``)."""

    service_id: str
    sure: bool
    how: str = ""


class Count(NamedTuple):
    """A count of the portfolio, and the day on which the portfolio was looked at."""

    id: str
    value: Decimal
    seen_on: date


class Record:
    """Claims and derived facts, as known on a night."""

    def __init__(self, connection: sa.Connection, edition: int, night: Night) -> None:
        self.connection = connection
        self.edition = edition
        self.night = night
        every = claims.on_record(connection, night.at)
        self.own = [row for row in every if row["edition"] == edition]
        self.others = [row for row in every if row["edition"] != edition]
        self.by_id = {row["claim_id"]: row for row in every}

    # --- claims -----------------------------------------------------------------------------

    def figures(self) -> Iterator[Row]:
        """The figures of the edition that are understood."""
        return (row for row in self.own if row["kind"] == "figure" and row["value"] is not None)

    def growths(self) -> Iterator[Row]:
        """The growths that the edition prints."""
        return (row for row in self.own if row["kind"] == "growth")

    @staticmethod
    def year_of(claim: Row) -> int:
        """The year that a claim is about: the one it names, else that of its column, else the edition's.

        A year to come, under a column of another, is not believed.
        """
        named = claim["period"] or ""
        year = int(named[:4]) if named[:4].isdigit() else None
        column: int | None = claim["column_year"]
        if year is None or (column and year > claim["edition"] >= column):
            return column or claim["edition"]
        return year

    def sides(self, growth_claim: Row) -> tuple[Row | None, Row | None]:
        """The two figures that a growth compares, where the report prints them."""
        return self.by_id.get(growth_claim["base_claim"]), self.by_id.get(growth_claim["result_claim"])

    def service_of(self, claim: Row) -> About | None:
        """The service of a claim, and whether that is sure."""
        if claim["match"] in claims.CONFIRMED and claim["service_id"]:
            return About(claim["service_id"], sure=True)
        if claim["claim_id"] in self._recognised:
            return About(self._recognised[claim["claim_id"]], sure=True, how=_HOW)
        if claim["service_id"]:
            return About(claim["service_id"], sure=False)
        return None

    @cached_property
    def _recognised(self) -> Mapping[str, str]:
        """By claim, the one service that shows both figures of an unnamed growth in their years.

        What waits for the same answer as that growth is of the same service.
        """
        found: dict[str, str] = {}
        for claim in (row for row in self.by_id.values() if row["kind"] == "growth"):
            base, result = self.sides(claim)
            if claim["match"] in claims.CONFIRMED or not base or not result:
                continue
            services = self._showing(base) & self._showing(result)
            if len(services) == 1:
                names = (claim["claim_id"], base["claim_id"], result["claim_id"])
                found |= dict.fromkeys(names, min(services))
        return found | self._asked_together(found)

    def _asked_together(self, found: Mapping[str, str]) -> dict[str, str]:
        spread: dict[str, str] = {}
        for question in claims.questions(self.connection, self.night.at):
            services = {found[name] for name in question["claims"] if name in found}
            if question["kind"] == "service" and len(services) == 1:
                spread |= dict.fromkeys(question["claims"], services.pop())
        return spread

    def _showing(self, claim: Row) -> set[str]:
        """The services that showed this very number around the end of its year."""
        if claim["value"] is None or claim["value"] < _LONG or claim["qualifier"] != "exact":
            return set()
        end = date(self.year_of(claim), 12, 31)
        query = sa.select(observations.c.service_id).where(
            observations.c.value == claim["value"],
            observations.c.period_end.between(end - TOLERANCE, end + TOLERANCE),
            observations.c.known_at < self.night.at + MOMENT,
        )
        return set(self.connection.scalars(query))

    # --- what machines collected, and what derives from it ------------------------------------

    @cached_property
    def metrics(self) -> Mapping[str, list[Row]]:
        """What the service files declare, by service."""
        found: defaultdict[str, list[Row]] = defaultdict(list)
        for (service_id, _), row in declared(self.connection, self.night).items():
            found[service_id].append(row)
        return found

    @cached_property
    def _growth(self) -> Mapping[tuple[str, ...], Row]:
        return self._keyed(growth)

    @cached_property
    def _refusals(self) -> Mapping[tuple[str, ...], Row]:
        return self._keyed(refusals)

    def _keyed(self, table: sa.Table) -> Mapping[tuple[str, ...], Row]:
        rows = current(self.connection, table, GROWTH_KEY, self.night.at)
        return {tuple(row[name] for name in GROWTH_KEY): row for row in rows}

    def growth_of(self, metric: Row, year: int) -> tuple[Row | None, Row | None]:
        """The growth of a metric from the end of the year before, or the refusal to give one."""
        key = (metric["service_id"], metric["metric_id"], str(year), str(year - 1))
        return self._growth.get(key), self._refusals.get(key)

    def observation(self, key: str) -> Row:
        """An observation by its id."""
        row = (
            self.connection.execute(sa.select(observations).where(observations.c.id == key)).mappings().one()
        )
        return dict(row)

    def observed(self, metric: Row, start: date, end: date) -> Row | None:
        """What was observed of a metric for these days: its own period, or what stood at their end."""
        rows = list(self._observations(metric, end + TOLERANCE))
        if metric["nature"] == "flow":
            same = [
                row for row in rows if row["period_start"] == start and end - TOLERANCE <= row["period_end"]
            ]
            near = [row for row in rows if end - TOLERANCE <= row["period_end"] <= end]
            return next(iter([*reversed(same), *reversed(near)]), None)
        figure, within = figure_of(metric), (end - TOLERANCE, end + TOLERANCE)
        nearest = nearest_witness(self.connection, figure, self.night, end, *within)
        standing = [row for row in rows if nearest and row["period_end"] <= nearest]
        return standing[-1] if standing else None

    def _observations(self, metric: Row, until: date) -> Iterable[Row]:
        query = (
            sa.select(observations)
            .where(
                observations.c.service_id == metric["service_id"],
                observations.c.metric_id == metric["metric_id"],
                observations.c.period_end <= until,
                observations.c.known_at < self.night.at + MOMENT,
            )
            .order_by(observations.c.period_end, observations.c.known_at)
        )
        found = self.connection.execute(query).mappings()
        return (dict(row) for row in found if row["id"] not in self._barred)

    @cached_property
    def _barred(self) -> frozenset[str]:
        """What a check refused, or a page no longer says, is no witness."""
        return held_ids(self.connection, self.night.at) | withdrawn_ids(self.connection, self.night.at)

    # --- the portfolio ------------------------------------------------------------------------

    @cached_property
    def _counts(self) -> list[Row]:
        rows = current(self.connection, portfolio_counts, ("as_of", "measure"), self.night.at)
        return sorted(rows, key=lambda row: row["as_of"])

    def count(self, measure: str, day: date) -> Count | None:
        """A count of the portfolio on a day: told for that day, or what still stood some days before."""
        told = [row for row in self._counts if row["as_of"] <= day]
        of_it = [row for row in told if row["measure"] == measure]
        if not of_it or told[-1]["as_of"] < day - TOLERANCE:
            return None
        return Count(of_it[-1]["id"], Decimal(of_it[-1]["value"]), told[-1]["as_of"])

    @cached_property
    def _indicators(self) -> Mapping[tuple[int, str], Row]:
        rows = current(self.connection, plf_indicators, ("year", "indicator"), self.night.at)
        return {(row["year"], row["indicator"]): row for row in rows}

    def indicator(self, name: str, year: int) -> Row | None:
        """A PLF indicator as the portfolio gives it."""
        row = self._indicators.get((year, name))
        return row if row and row["value"] is not None else None
