"""Reconciliations: each printed claim of an edition beside what is derived, and beside other editions."""

import sqlalchemy as sa

from warehouse.derived.reconciliation import (
    editions,
    figures,
    growths,
    laureates,
    parts,
    periods,
    portfolio,
    sums,
)
from warehouse.derived.reconciliation.record import ORDER, Record
from warehouse.history import Row, append_changes, current
from warehouse.night import Night
from warehouse.tables import reconciliations

_KINDS = (growths, figures, portfolio, sums, parts, laureates, periods, editions)
_KEY = ("comparison", "claim_id", "against")


def derive(connection: sa.Connection, edition: int, night: Night) -> int:
    """Compare every claim of an edition, as known this night; return the rows added."""
    record = Record(connection, edition, night)
    rows = [told.row() for kind in _KINDS for told in kind.compared(record)]
    about = reconciliations.c.edition == edition
    return append_changes(connection, reconciliations, _KEY, rows, night.at, about)


def of_edition(connection: sa.Connection, edition: int, night: Night) -> list[Row]:
    """The reconciliation of an edition as known this night: by service, then as compared."""
    about = reconciliations.c.edition == edition
    rows = current(connection, reconciliations, _KEY, night.at, about)
    return sorted(rows, key=_in_order)


def _in_order(row: Row) -> tuple[str, int, str, str]:
    return row["service_id"] or "", ORDER.index(row["comparison"]), row["claim_id"], row["against"]
