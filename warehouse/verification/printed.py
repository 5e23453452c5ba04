"""Printed reports: what a run was given of them, so that they can be read again as they were then."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import sqlalchemy as sa

from warehouse import claims
from warehouse.archive import Place
from warehouse.claim_meaning import READER
from warehouse.history import MOMENT, Row, add_new
from warehouse.tables import claim_decisions, reports, snapshots
from warehouse.tables import claims as claim_table
from warehouse.verification.given import carry_exchanges, told
from warehouse.verification.runs import OF_A_REPORT, Run


@dataclass(frozen=True, slots=True)
class Telling:
    """A report as somebody gave it: its bytes, under which edition, from where."""

    sha256: str
    edition: int
    source: str


def tellings(source: sa.Connection, run: Run) -> Iterator[Telling]:
    """The reports that a run was given, as often as their edition changed then.

    What a row of ``reports`` no longer says, its claims and its exchange do.
    """
    for sha256 in run.reports:
        rows = told(source, reports, run, reports.c.sha256 == sha256) or _standing(source, sha256, run)
        yield from (Telling(sha256, row["edition"], row["source"]) for row in rows)


def _standing(source: sa.Connection, sha256: str, run: Run) -> list[Row]:
    by_then = reports.c.sha256 == sha256, reports.c.known_at < run.at
    last = sa.select(reports).where(*by_then).order_by(reports.c.known_at.desc()).limit(1)
    return [dict(row) for row in source.execute(last).mappings()] or _of_its_claims(source, sha256)


def _of_its_claims(source: sa.Connection, sha256: str) -> list[Row]:
    edition = source.scalar(
        sa.select(claim_table.c.edition).where(claim_table.c.report_sha256 == sha256).limit(1)
    )
    exchange = claims.proof(source, {"report_sha256": sha256})
    return [{"edition": edition, "source": exchange["asked_url"]}] if edition and exchange else []


def carry_bytes(source: sa.Connection, fresh: sa.Connection, run: Run, places: Mapping[str, Place]) -> None:
    """Tell the fresh database of the exchanges that brought the reports of a run."""
    carry_exchanges(source, fresh, run, places, snapshots.c.sha256.in_(run.reports))


def carry_decisions(source: sa.Connection, fresh: sa.Connection, run: Run) -> int:
    """What persons decided in a run: no archive can give it again."""
    return add_new(fresh, claim_decisions, told(source, claim_decisions, run))


def carry_older(source: sa.Connection, fresh: sa.Connection, run: Run, sha256: str) -> int | None:
    """Take what another reader read of a report as it is; return how many rows, None if this one read it."""
    at = run.at + MOMENT
    query = sa.select(claim_table.c.reader).where(
        claim_table.c.report_sha256 == sha256, claim_table.c.known_at < at
    )
    reader = source.scalar(query.order_by(claim_table.c.known_at.desc()).limit(1))
    if reader in (None, READER):
        return None
    return sum(
        add_new(fresh, table, told(source, table, run, column == sha256))
        for table, column in OF_A_REPORT.items()
    )
