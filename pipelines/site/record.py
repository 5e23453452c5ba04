"""Record: all that the site shows, read once from the published tables."""

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache
from typing import Any

import sqlalchemy as sa

from connectors.errors import InvalidPortfolio
from connectors.portfolio import Phase, begun, read
from pipelines.letters.advice import mended
from warehouse.archive import Archive
from warehouse.derived.ends import ends
from warehouse.derived.growth import KEY as GROWTH_KEY
from warehouse.errors import ArchiveError
from warehouse.history import MOMENT, Row, current, identity
from warehouse.lineage.known import Known
from warehouse.portfolios import products, serving
from warehouse.publication import (
    figures,
    freshness,
    growth,
    impact_national,
    incidents,
    plf,
    portfolio,
    reconciliation,
)
from warehouse.publication.column import Table
from warehouse.publication.publication import Publication
from warehouse.snapshots import place_of
from warehouse.tables import held_back, nights, refusals, snapshots, verdicts

_HELD = ("observation_id", "check_name")
_CHECK = ("night", "check_name")

_PLAIN = re.compile(r"[a-z0-9][a-z0-9_-]*(?:\.[a-z0-9_-]+)*")


def file_of(key: str) -> str:
    """The name of a page's file: an id that any file system takes as it is, or a hash of it.

    >>> file_of("demarches-simplifiees.fr")
    'demarches-simplifiees.fr'
    """
    if _PLAIN.fullmatch(key) and len(key) <= 100:
        return key
    return hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()[:20]


@dataclass(frozen=True, eq=False)
class Record:
    """What may be read, as published, grouped as pages need it."""

    publication: Publication
    archive: Archive

    @property
    def connection(self) -> sa.Connection:
        """The warehouse."""
        return self.publication.connection

    def rows(self, table: Table) -> list[Row]:
        """A published table."""
        return [dict(row) for row in table.read(self.publication)]

    @cached_property
    def figures(self) -> list[Row]:
        """The latest of each figure, each with its growth (``grown``, the newest last)."""
        grown = _grouped(self.growth, "service_id", "metric_id")
        return [
            row | {"grown": grown.get((row["service_id"], row["metric_id"]), [])}
            for row in self.rows(figures.TABLE)
        ]

    @cached_property
    def growth(self) -> list[Row]:
        """Growth, and the growth that is refused, each with the two observations that there are."""
        return [row | self._ends.get(row["id"], {}) for row in self.rows(growth.TABLE)]

    @cached_property
    def _ends(self) -> Mapping[str, Row]:
        """The observations at both ends of each growth that never was, by the id of its refusal."""
        told = current(self.connection, refusals, GROWTH_KEY, self.publication.night.at)
        found = {row["id"]: ends(self.connection, row) for row in told}
        return {
            key: {"base_observation_id": base and base["id"], "observation_id": now and now["id"]}
            for key, (base, now) in found.items()
        }

    @cached_property
    def national(self) -> list[Row]:
        """Impact national, by service."""
        return self.rows(impact_national.TABLE)

    def evidence(self, table: sa.Table, row_id: str | None) -> list[Row]:
        """What decides a row of a table; ``figure`` is the value that it rests on, if that has a page."""
        return [
            one | {"figure": one["ref"] if one["ref"] in self._named else None}
            for one in self._evidence(table).get(row_id or "") or ()
        ]

    @lru_cache(maxsize=2)  # noqa: B019  a record lives as long as one building
    def _evidence(self, table: sa.Table) -> Mapping[str, list[Row]]:
        return {
            row.id: row.evidence for row in self.connection.execute(sa.select(table.c.id, table.c.evidence))
        }

    @cached_property
    def _named(self) -> frozenset[str]:
        """Values that surely have a page: the latest of each figure, and both ends of each growth."""
        ends = {row[name] for row in self.growth for name in ("base_observation_id", "observation_id")}
        return frozenset({row["id"] for row in self.figures} | ends - {None})

    @cached_property
    def portfolio(self) -> list[Row]:
        """Counts over the portfolio."""
        return self.rows(portfolio.TABLE)

    @cached_property
    def plf(self) -> list[Row]:
        """Indicators of the State's budget."""
        return self.rows(plf.TABLE)

    @cached_property
    def reconciliation(self) -> list[Row]:
        """Printed claims beside what is derived."""
        return self.rows(reconciliation.TABLE)

    @cached_property
    def incidents(self) -> list[Row]:
        """Incidents, the newest first; each with the one change that would mend it, in French."""
        return [row | {"change": mended(row["kind"])} for row in self.rows(incidents.TABLE)]

    @cached_property
    def lasting(self) -> list[Row]:
        """The incidents that last."""
        return [row for row in self.incidents if row["last_night"] is None]

    @cached_property
    def freshness(self) -> Mapping[str, Row]:
        """How long ago each service gave a figure."""
        return {row["service_id"]: row for row in self.rows(freshness.TABLE)}

    @cached_property
    def phases(self) -> Mapping[str, list[Phase]]:
        """The phases of each product that have begun, in time: the last one is in force."""
        now = self.publication.now
        return {
            self.publication.present(product.id): begun(product.phases, now.day)
            for product in products(self.connection, now.at)
        }

    @cached_property
    def incubators(self) -> Mapping[str, str]:
        """The incubators' titles by their ids, as the portfolio that serves the night writes them."""
        now = self.publication.now
        copy = serving(self.connection, now)
        for kept in Known(self.connection, self.archive, now.at).body(copy["sha256"], None) if copy else ():
            with suppress(ArchiveError, InvalidPortfolio):
                told = read(self.archive.open(place_of(dict(kept.row))).content).incubators
                return {one.id: one.title for one in told if one.title}
        return {}

    def incubator(self, incubator_id: str | None) -> str | None:
        """An incubator's title; its id where the portfolio has none for it."""
        return self.incubators.get(incubator_id or "") or incubator_id

    @cached_property
    def by_service(self) -> Mapping[str, Mapping[str, list[Row]]]:
        """Each table's rows by service, by the table's name."""
        return {
            "figures": _by_service(self.figures),
            "national": _by_service(self.national),
            "incidents": _by_service(self.lasting),
            "reconciliation": _by_service(row for row in self.reconciliation if row["service_id"]),
        }

    def of(self, table: str, service_id: str) -> list[Row]:
        """The rows of one service."""
        return self.by_service[table].get(service_id, [])

    @cached_property
    def services(self) -> list[str]:
        """The services that have a page: those of the portfolio, and those of which figures are followed."""
        followed = {service_id for service_id, _ in self.publication.metrics}
        return sorted(followed | set(self.publication.services))

    @cached_property
    def known(self) -> Known:
        """What was known then, and the bytes that prove it."""
        return Known(self.connection, self.archive, self.publication.night.at)

    @cached_property
    def refusals(self) -> Mapping[str, str]:
        """What the checks say of each figure that they refuse, by observation."""
        rows = current(self.connection, held_back, _HELD, self.publication.night.at)
        held = _grouped(sorted(rows, key=lambda row: str(row["check_name"])), "observation_id")
        return {key[0]: " ".join(row["reason"] for row in group) for key, group in held.items()}

    @lru_cache(maxsize=8)  # noqa: B019  a record lives as long as one building
    def witnesses(self, service_id: str) -> Mapping[str, Row]:
        """The exchange that first gave each body of a service, by hash; with the verdicts of its night."""
        query = (
            sa.select(snapshots.c.sha256, snapshots.c.id, snapshots.c.night)
            .where(snapshots.c.service_id == service_id, snapshots.c.answer)
            .where(snapshots.c.known_at < self.publication.night.at + MOMENT)
            .order_by(snapshots.c.fetched_at.desc(), snapshots.c.id.desc())
        )
        return {
            row.sha256: {"id": row.id, "night": row.night, "verdicts": self.verdicts(row.night)}
            for row in self.connection.execute(query)
        }

    @lru_cache(maxsize=2000)  # noqa: B019  a record lives as long as one building
    def verdicts(self, night: date) -> str:
        """What the checks of a night said, as a hash."""
        rows = current(
            self.connection, verdicts, _CHECK, self.publication.night.at, verdicts.c.night == night
        )
        return identity("verdicts", sorted(row["id"] for row in rows))

    @cached_property
    def night(self) -> Row:
        """What the last night that passed its checks gave."""
        return self._night(self.publication.night.day) or {}

    def _night(self, day: Any) -> Row | None:
        query = (
            sa.select(nights)
            .where(nights.c.night == day, nights.c.known_at < self.publication.now.at + MOMENT)
            .order_by(nights.c.known_at.desc())
        )
        row = self.connection.execute(query.limit(1)).mappings().first()
        return dict(row) if row else None


def _by_service(rows: Iterable[Row]) -> dict[str, list[Row]]:
    return {key[0]: group for key, group in _grouped(rows, "service_id").items()}


def _grouped(rows: Iterable[Row], *names: str) -> dict[tuple[Any, ...], list[Row]]:
    groups: defaultdict[tuple[Any, ...], list[Row]] = defaultdict(list)
    for row in rows:
        groups[tuple(row[name] for name in names)].append(row)
    return dict(groups)
