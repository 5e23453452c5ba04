"""Printed reports of past moments: read again from the archive, and reconciled again; nothing is fetched."""

from collections.abc import Mapping
from dataclasses import dataclass

import sqlalchemy as sa

from connectors.catalog import Catalog
from connectors.errors import UnreadableReport
from connectors.report import Report
from pipelines.reports import names_of, present_ids, read_within_limits
from warehouse import claims, snapshots
from warehouse.archive import Archive, Place
from warehouse.derived import reconciliations
from warehouse.errors import BrokenArchive
from warehouse.night import Night
from warehouse.verification import printed
from warehouse.verification.printed import Telling
from warehouse.verification.runs import Run


@dataclass(frozen=True, slots=True)
class ReportsAgain:
    """Reports, told to a fresh database as they were to the one verified (``source``)."""

    source: sa.Connection
    fresh: sa.Engine
    archive: Archive
    places: Mapping[str, Place]

    def live_again(self, services: Catalog, run: Run) -> int:
        """Read what a run read, and decide what persons decided.

        Returns:
            The rows that another reader read, taken as they are.
        """
        with self.fresh.begin() as fresh:
            printed.carry_bytes(self.source, fresh, run, self.places)
            older = {one: printed.carry_older(self.source, fresh, run, one) for one in run.reports}
        tellings = [one for one in printed.tellings(self.source, run) if older[one.sha256] is None]
        read = [(one, self._read(services, one, run)) for one in tellings]
        self._tell(services, read, run)
        with self.fresh.begin() as fresh:
            decided = printed.carry_decisions(self.source, fresh, run)
        if decided:
            self._tell(services, read, run)
        return sum(filter(None, older.values()))

    def reconcile(self, run: Run) -> None:
        """Reconcile the editions that a run reconciled."""
        with self.fresh.begin() as fresh:
            for edition in run.editions:
                reconciliations.derive(fresh, edition, Night.of(run.at))

    def _read(self, services: Catalog, one: Telling, run: Run) -> Report | None:
        """The report as it reads; None where its bytes do not come back, or are none."""
        with self.fresh.connect() as fresh:
            exchange = claims.proof(fresh, {"report_sha256": one.sha256})
            names = names_of(fresh, services, Night.of(run.at))
        try:
            kept = self.archive.open(snapshots.place_of(exchange)) if exchange else None
            return read_within_limits(kept, one.edition, names) if kept else None
        except (BrokenArchive, UnreadableReport):  # its claims will be missing, and each is told
            return None

    def _tell(self, services: Catalog, read: list[tuple[Telling, Report | None]], run: Run) -> None:
        with self.fresh.begin() as fresh:
            for one, report in read:
                if report:
                    claims.keep(fresh, report, one.source, present_ids(services), run.at)
