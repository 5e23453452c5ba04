"""Printed reports: imported as claims, and reconciled with what the warehouse derives; no Dagster."""

import mimetypes
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path

import sqlalchemy as sa

from connectors.catalog import Catalog
from connectors.clock import utc_now
from connectors.errors import UnreadableReport
from connectors.extractor import Extractor
from connectors.fetcher import Fetcher, Manners
from connectors.portfolio import Product
from connectors.report import Report
from connectors.reports.names import Names
from connectors.reports.reader import read_report
from connectors.secrets import safe_address
from connectors.snapshot import Snapshot
from pipelines import late
from pipelines.errors import NoPortfolio, NothingImported, UnreadableFile
from pipelines.portfolio import take_portfolio
from pipelines.services import services_of
from pipelines.settings import Settings
from warehouse import claim_decisions, claims, portfolios, seals, snapshots
from warehouse.archive import Archive
from warehouse.database import opened
from warehouse.derived import reconciliations
from warehouse.history import Row
from warehouse.night import Night
from warehouse.snapshots import Visit
from warehouse.tables import services as service_table

READING = 120.0
"""Seconds that reading one report may take: a PDF of a hundred pages takes a few."""

_TEXT = {".md": "text/markdown", ".txt": "text/plain", ".text": "text/plain"}

Answers = Mapping[str, str]
"""By the name of a question or claim, as printed by an import: a service's id, or ``none``."""


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import read, as it is now on record.

    ``added`` counts the new rows; ``trouble`` says why the portfolio's names could not serve.
    ``blocked`` is the last night when it was blocked: then nothing was derived from what is new.
    """

    report: Report
    added: int
    claims: tuple[Row, ...]
    questions: tuple[Row, ...]
    unplaced: tuple[Row, ...]
    trouble: str | None
    blocked: date | None


def import_report(
    settings: Settings,
    source: str,
    edition: int,
    *,
    at: datetime | None = None,
    allow_hosts: Collection[str] = (),
    answers: Answers | None = None,
    who: str = "",
) -> Imported:
    """Archive a report, read it, record what it says, and derive what rests on that.

    Args:
        settings: where everything is.
        source: a file or a URL.
        edition: the year that the report is about.
        at: the moment at which we learn of it; the real one when not given.
        allow_hosts: exempt from the private-address rule.
        answers: to the questions of an earlier import of it.
        who: gave them.

    Raises:
        UnreadableFile, FetchError: it cannot be had.
        UnreadableReport: it is no report that can be read; nothing of it is kept.
        UnknownAnswer: an answer fits no question, or names no service.
        ArchiveError, DatabaseUnavailable: it cannot be kept.
    """
    services = services_of(settings)
    night = Night.of(at or utc_now())
    archive = Archive(settings.archive)
    manners = Manners(pace=settings.pace, deadline=settings.deadline)
    fetcher = Fetcher(manners=manners, allow_hosts=allow_hosts)
    hops = _fetched(fetcher, source)
    with opened(settings.database_url) as engine:
        trouble = _portfolio_trouble(engine, archive, fetcher, settings.portfolio, night)
        with engine.connect() as connection:
            names = names_of(connection, services, night)
        report = read_within_limits(hops[-1], edition, names)
        import_ = _Import(engine, archive, night, services, safe_address(source))
        with archive.lock():
            added = import_.keep_bytes(report, hops) + import_.keep_rows(report, answers or {}, who)
            # Also when nothing was added: an import that was killed here left its rows and nothing derived.
            blocked = late.derive(engine, services, night)
        told, questions, unplaced = import_.on_record(report)
        return Imported(report, added, told, questions, unplaced, trouble, blocked)


@dataclass(frozen=True, slots=True)
class _Import:
    """Where a report is kept: its bytes first, then its rows, all or none of them."""

    engine: sa.Engine
    archive: Archive
    night: Night
    services: Catalog
    source: str

    def keep_bytes(self, report: Report, hops: Sequence[Snapshot]) -> int:
        """Archive the exchanges, unless these bytes are kept already, and seal their night again.

        The seal is a transaction of its own: its manifest stands in the archive before anything is committed,
        and may speak only of what the database knows.
        """
        with self.engine.begin() as connection:
            snapshots.clear_torn_tail(connection, self.archive, self.night.day)
            kept = claims.proof(connection, {"report_sha256": report.sha256})
            at = tuple(replace(hop, at=self.night.at) for hop in hops)
            visits = [] if kept else [Visit(None, self.source, at)]
            added = snapshots.keep(connection, self.archive, self.night, visits)
        with self.engine.begin() as connection:
            day = kept["night"] if kept else self.night.day
            seals.seal(connection, self.archive, Night(day, self.night.at))
        return added

    def keep_rows(self, report: Report, answers: Answers, who: str) -> int:
        """Record what the report says, and what was answered about it."""
        at = self.night.at
        present = present_ids(self.services)
        with self.engine.begin() as connection:
            known = {product.id for product in portfolios.products(connection, at)}
            ids = frozenset((*known, *present, *(service.id for service in self.services.services)))
            added = claims.keep(connection, report, self.source, present, at)
            for about, answer in answers.items():
                chosen = present.get(answer, answer)
                added += claim_decisions.decide(connection, about, chosen, who, ids, at)
            return added + (claims.keep(connection, report, self.source, present, at) if answers else 0)

    def on_record(self, report: Report) -> Iterator[tuple[Row, ...]]:
        """Its claims, questions and unplaced numbers."""
        with self.engine.connect() as connection:
            for told in (claims.on_record, claims.questions, claims.unplaced):
                rows = told(connection, self.night.at, report.edition)
                yield tuple(row for row in rows if row["report_sha256"] == report.sha256)


# --- the bytes ----------------------------------------------------------------------------


def _fetched(fetcher: Fetcher, source: str) -> Sequence[Snapshot]:
    """The exchanges that lead to the report; a file is one that nobody had to ask for."""
    if source.startswith(("http://", "https://")):
        fetched = fetcher.fetch(source)
        if fetched.error:
            raise fetched.error
        return fetched.hops
    path = Path(source)
    try:
        content = path.read_bytes()
    except OSError as error:
        raise UnreadableFile(f"The file {source} cannot be read ({error.strerror}).") from error
    kind = _TEXT.get(path.suffix.lower()) or mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    url = path.resolve().as_uri()
    return (Snapshot(url, utc_now(), 200, "OK", (), (("Content-Type", kind),), content, content),)


def read_within_limits(answer: Snapshot, edition: int, names: Names) -> Report:
    """Read a report in a process that can be killed: a PDF is untrusted input.

    Raises:
        UnreadableReport: it is none that can be read.
    """
    with Extractor(workers=1, seconds=READING) as extractor:
        try:
            return extractor.run(read_report, answer.content, answer.content_type, edition, names).result()
        except UnreadableReport as error:
            sentence = str(error)
            raise UnreadableReport(f"{sentence[:1].upper()}{sentence[1:].rstrip('.')}.") from error


# --- the names ----------------------------------------------------------------------------


def _portfolio_trouble(
    engine: sa.Engine, archive: Archive, fetcher: Fetcher, source: str, night: Night
) -> str | None:
    """Take the portfolio where none is on record; say why that was not possible."""
    with engine.connect() as connection:
        if connection.scalar(sa.select(service_table.c.id).limit(1)):
            return None
    try:
        take_portfolio(engine, archive, fetcher, source, night)
    except NoPortfolio as error:
        return str(error)
    return None


def present_ids(services: Catalog) -> dict[str, str]:
    """By former portfolio id, the present one."""
    return {former: service.id for service in services.services for former in service.formerly}


def names_of(connection: sa.Connection, services: Catalog, night: Night) -> Names:
    """Every name by which a report may call a service: of today, of before, and of the service files.

    A product that is gone from the portfolio is still known by its last words, and one whose name is not
    printed by what its file counts.
    """
    now = portfolios.products(connection, night.at)
    known = {product.id for product in now}
    gone, aliases = _before(connection, night, known)
    files: list[Product] = []
    counted: dict[str, list[str]] = {}
    for service in services.services:
        ids = (service.id, *service.formerly)
        stands = next((one for one in ids if one in known), None)
        if stands is None:
            files.append(Product(service.id, service.name))
        aliases.setdefault(stands or service.id, set()).update((service.name, *ids))
        counted[stands or service.id] = [m.label for page in service.pages for m in page.metrics.values()]
        gone = {name: product for name, product in gone.items() if name not in ids}
    return Names([*now, *files], gone.values(), aliases, counted)


def _before(
    connection: sa.Connection, night: Night, known: set[str]
) -> tuple[dict[str, Product], dict[str, set[str]]]:
    """The products that are gone, as last told; and the names that the others had before."""
    table = service_table
    query = sa.select(table).where(table.c.known_at <= night.at).order_by(table.c.known_at)
    gone: dict[str, Product] = {}
    names: dict[str, set[str]] = {}
    for row in connection.execute(query).mappings():
        if row["service_id"] in known:
            names.setdefault(row["service_id"], set()).add(row["name"])
        else:
            gone[row["service_id"]] = Product(row["service_id"], row["name"], row["pitch"], link=row["link"])
    return gone, names


# --- reconciliation -----------------------------------------------------------------------


def reconcile(settings: Settings, edition: int, *, at: datetime | None = None) -> list[Row]:
    """Compare what an edition prints with what is on record, keep the outcome, and return it.

    Raises:
        NothingImported: no report of this edition is on record.
        DatabaseUnavailable: the database cannot be opened.
    """
    night = Night.of(at or utc_now())
    with opened(settings.database_url) as engine, engine.begin() as connection:
        if edition not in claims.editions(connection, night.at):
            raise NothingImported(f"No report of {edition} is on record.")
        reconciliations.derive(connection, edition, night)
        return reconciliations.of_edition(connection, edition, night)
