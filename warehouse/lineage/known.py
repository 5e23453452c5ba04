"""What was known at a moment, and the bytes that prove it: what every way back reads from."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from functools import cached_property
from typing import Any

import sqlalchemy as sa

from connectors.portfolio import Product
from warehouse import portfolios
from warehouse.archive import Archive
from warehouse.derived.rules import Cohorts, load_cohorts
from warehouse.errors import ArchiveError, UnknownFigure
from warehouse.history import MOMENT, Row, current
from warehouse.lineage.step import Said, Step
from warehouse.snapshots import place_of
from warehouse.tables import snapshots, verdicts

FOREVER = datetime(9000, 1, 1, tzinfo=UTC)
"""The moment at which all that is on record is known."""


class Known:
    """The warehouse as known at a moment, beside the archive, of which each record is opened once."""

    def __init__(
        self,
        connection: sa.Connection,
        archive: Archive,
        at: datetime | None = None,
        cohorts: Callable[[], Cohorts] = load_cohorts,
    ) -> None:
        self.connection = connection
        self.archive = archive
        self.at = at or FOREVER
        self._load_cohorts = cohorts
        self._exchanges: dict[str, Step] = {}
        self._products: dict[datetime, tuple[Product, ...]] = {}
        self._verdicts: dict[date, list[Row]] = {}

    def cohorts(self, at: datetime) -> Cohorts:
        """The cohorts printed by a moment: counts over the portfolio rest on them."""
        return self._printed.known(at)

    @cached_property
    def _printed(self) -> Cohorts:
        return self._load_cohorts()

    def rows(self, query: sa.Select[Any], table: sa.Table) -> list[Row]:
        """What a query on one table gives, of what was known by then."""
        known = query.where(table.c.known_at < self.at + MOMENT)
        return [dict(row) for row in self.connection.execute(known).mappings()]

    def first(self, query: sa.Select[Any], table: sa.Table) -> Row | None:
        """The first row that a query on one table gives, of what was known by then."""
        return next(iter(self.rows(query.limit(1), table)), None)

    def by_id(self, table: sa.Table, key: str) -> Row:
        """The row that another row names.

        Raises:
            UnknownFigure: it is not there.
        """
        row = self.first(sa.select(table).where(table.c.id == key), table)
        if row is None:
            raise UnknownFigure(f"The row {key} of {table.name} is missing: the chain is broken there.")
        return row

    def products(self, at: datetime) -> tuple[Product, ...]:
        """The portfolio as known at a moment."""
        if at not in self._products:
            self._products[at] = portfolios.products(self.connection, at)
        return self._products[at]

    def verdicts(self, night: date) -> list[Row]:
        """What the checks said of a night."""
        if night not in self._verdicts:
            key, its = ("night", "check_name"), verdicts.c.night == night
            self._verdicts[night] = current(self.connection, verdicts, key, self.at, its)
        return self._verdicts[night]

    def body(self, sha256: str, service_id: str | None) -> tuple[Step, ...]:
        """The exchange that first gave a body of a service, or of none (the portfolio), if there is one."""
        whose = snapshots.c.service_id
        query = (
            sa.select(snapshots)
            .where(snapshots.c.sha256 == sha256, snapshots.c.answer, whose.is_not_distinct_from(service_id))
            .order_by(snapshots.c.fetched_at, snapshots.c.id)
        )
        row = self.first(query, snapshots)
        return (self.exchange(row),) if row else ()

    def exchange(self, row: Row) -> Step:
        """An exchange, its bytes read and hashed again now."""
        if row["id"] not in self._exchanges:
            names = ("night", "fetched_at", "url", "status", "content_type", "bytes", "sha256")
            facts = {name: row[name] for name in names} | {
                "warc": f"{row['warc_file']} at byte {row['warc_offset']}, {row['warc_length']} long",
                "archive": self._checked(row),
            }
            self._exchanges[row["id"]] = Step("snapshot", row["id"], Said(row["url"]), facts, row=row)
        return self._exchanges[row["id"]]

    def _checked(self, row: Row) -> str:
        try:
            snapshot = self.archive.open(place_of(row))
        except ArchiveError as error:
            return f"BROKEN: {error}"
        return "same bytes" if snapshot.sha256 == row["sha256"] else "BROKEN: the bytes are others"
