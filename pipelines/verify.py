"""Verifying: everything derived again from the archive and the service files, beside what the database says.

Each moment at which the warehouse was told something is lived again, in order, in a fresh database, with the
very functions of the night; then the two databases are laid side by side.  Nothing is fetched, and
neither the archive nor the database is written to.
"""

import tempfile
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import sqlalchemy as sa

from connectors.catalog import Catalog
from connectors.extraction import Reading
from connectors.extractor import Extractor
from connectors.fetcher import Fetcher
from expectations.check import Verdict
from pipelines import late, stages
from pipelines.candidates import explore_again
from pipelines.collect import Tools
from pipelines.errors import NoPortfolio, NothingToVerify
from pipelines.portfolio import last_good
from pipelines.reports_again import ReportsAgain
from pipelines.rereading import Rereader, answers, readings
from pipelines.services import services_of
from pipelines.settings import Settings
from warehouse import candidates, extractions, manifest, observations
from warehouse.archive import Archive, Place
from warehouse.database import opened
from warehouse.errors import BrokenArchive
from warehouse.history import Row, add_new
from warehouse.metrics import Figure
from warehouse.night import Night, paris_day
from warehouse.tables import extractions as extraction_table
from warehouse.tables import snapshots
from warehouse.verification import chain, comparison, declared, exchanges, given
from warehouse.verification.comparison import Compared
from warehouse.verification.finding import Finding, in_order
from warehouse.verification.runs import Run, runs


@dataclass(slots=True)
class Verified:
    """What was verified.

    ``records`` were hashed again, ``pages`` read again.  ``findings`` are the differences, the cause before
    its consequences.  What could not be derived here is told in ``unknown`` (figures read with a version
    of the service file that is not here), ``older`` (rows made by a reader that is not here), ``on_the_way``
    (absences, and addresses of services without a file, for which no body can speak) and ``taken`` (by table,
    the rows that no archive gives).  ``head`` is the SHA-256 of the last
    manifest: noted elsewhere, it vouches for all before it.
    """

    records: int = 0
    pages: int = 0
    older: int = 0
    on_the_way: int = 0
    unknown: set[Figure] = field(default_factory=set)
    taken: dict[str, int] = field(default_factory=dict)
    compared: Compared = field(default_factory=Compared)
    findings: list[Finding] = field(default_factory=list)
    head: str | None = None


def verify(settings: Settings) -> Verified:
    """Verify the archive and the database that the settings name.

    Raises:
        InvalidSpec: a service file cannot be used.
        NothingToVerify: there is nothing on record.
        DatabaseUnavailable: the database cannot be opened.
    """
    services = services_of(settings)
    archive = Archive(settings.archive)
    with ExitStack() as stack:
        engine = stack.enter_context(opened(settings.database_url))
        _refuse_nothing(settings, archive, engine)
        fresh = stack.enter_context(fresh_database())
        source = stack.enter_context(engine.connect())
        extractor = stack.enter_context(Extractor())
        tools = Tools(fresh, archive, Fetcher(), extractor)
        return _Verification(source, tools, services).run()


def _refuse_nothing(settings: Settings, archive: Archive, engine: sa.Engine) -> None:
    """One of the two without the other is another one's: each of its rows would be a difference."""
    with engine.connect() as connection:
        told = bool(runs(connection))
        archived = connection.scalar(sa.select(sa.exists().where(snapshots.c.id.is_not(None))))
    if archive.nights() and not told:
        raise NothingToVerify(f"The archive {settings.archive} holds nights, and the database knows of none.")
    if not archive.nights() and archived:
        raise NothingToVerify(f"The database knows of nights, and {settings.archive} is no archive of any.")
    if not archive.nights() and not told:
        raise NothingToVerify("No night is on record here, neither in the database nor in the archive.")


@contextmanager
def fresh_database() -> Iterator[sa.Engine]:
    """An empty warehouse that goes when it is left; it need not survive a failure of the machine."""
    with (
        tempfile.TemporaryDirectory(prefix="impact-") as folder,
        opened(f"sqlite:///{Path(folder) / 'fresh.sqlite'}") as engine,
    ):
        sa.event.listen(engine, "connect", _hasty)
        engine.dispose()  # connections made before do not know
        yield engine


def _hasty(connection: object, _record: object) -> None:
    cursor = connection.cursor()  # type: ignore[attr-defined]
    cursor.execute("PRAGMA synchronous=OFF")
    cursor.close()


class _Verification:
    """A verification as it goes."""

    def __init__(self, source: sa.Connection, tools: Tools, services: Catalog) -> None:
        self.source = source
        self.tools = tools
        self.fresh = tools.engine
        self.archive = tools.archive
        self.services = services
        self.rereader = Rereader(tools.archive, tools.extractor)
        self.places: Mapping[str, Place] = {}
        self.verified = Verified()

    def run(self) -> Verified:
        self._archive()
        for run in runs(self.source):
            self._live_again(run)
        with self.fresh.connect() as fresh:
            unknown = set(self._by_any_id(self.verified.unknown))
            compared = comparison.compare(self.source, fresh, unknown)
        self.verified.taken = given.taken(self.source)
        self.verified.compared = compared
        self.verified.pages = self.rereader.pages
        self.verified.findings = in_order([*self.verified.findings, *compared.findings])
        return self.verified

    def _by_any_id(self, figures: Iterable[Figure]) -> Iterator[Figure]:
        """The figures, also under the ids that the portfolio once gave to their services."""
        for service_id, metric_id in figures:
            service = self.services.get(service_id)
            for known in (service_id, *(service.formerly if service else ())):
                yield known, metric_id

    def _archive(self) -> None:
        checked = exchanges.check(self.source, self.archive)
        self.places = checked.places
        self.verified.records = checked.records
        self.verified.findings += [*chain.check(self.source, self.archive), *checked.findings]
        self.verified.findings += given.check_ids(self.source)
        self.verified.head = _head(self.archive)

    def _live_again(self, run: Run) -> None:
        """One moment: what was given is carried, what follows from it is derived."""
        with self.fresh.begin() as fresh:
            self.verified.on_the_way += given.carry(self.source, fresh, run, self.places)
            services, unknown = declared.at_moment(fresh, self.services, run.at)
        self.verified.unknown |= unknown
        published = self._portfolio(services, run)
        self._pages(services, run)
        if run.judged and run.last and not run.closed:
            sentence = "the night did not come to its checks, or nothing is left of them: run it again."
            self.verified.findings.append(Finding(run.judged, 2, sentence))
        if run.explored:
            self._explore(services, Night(run.judged or paris_day(run.at), run.at))
        again = ReportsAgain(self.source, self.fresh, self.archive, self.places)
        self.verified.older += again.live_again(services, run)
        if run.judged:
            self._judge(services, run, published)
        elif run.late:
            self._derive_late(services, run)
        again.reconcile(run)

    def _portfolio(self, services: Catalog, run: Run) -> bool:
        """What rests on the portfolio alone; True when there was one that no check refused."""
        day = run.judged or run.served
        if day is None:
            return False
        night = Night(day, run.at)
        try:
            last_good(self.fresh, self.archive, night, given.trouble(self.source, night))
        except (NoPortfolio, BrokenArchive):  # what is broken has been told
            return False
        if run.judged is None:
            return False
        if run.reached("portfolio judged") and _refused(stages.judge_portfolio(self.fresh, night)):
            return False
        if run.reached("portfolio counted"):
            stages.derive_from_portfolio(self.fresh, services, night)
        return True

    def _pages(self, services: Catalog, run: Run) -> None:
        """A night that was closed read all of its pages; any other run those of which it left something."""
        older = _readers(given.extracted(self.source, run))
        if not run.closed:
            read = given.read_then(self.source, run)
            services = Catalog(tuple(one for one in services.services if one.id in read))
        for day in run.days:
            self._read(services, Night(day, run.at), older)

    def _explore(self, services: Catalog, night: Night) -> None:
        """The services without a file; what failed on the way stays as it was told."""
        told = {row["service_id"]: row for row in candidates.waiting(self.source, night)}
        had_file = [
            one for one in services.services if one.pages or told.keys().isdisjoint({one.id, *one.formerly})
        ]
        explored = []
        for one in explore_again(Catalog(tuple(had_file)), night, self.tools):
            row = told.get(one.service_id)
            failed_then_too = row and one.outcome == row["outcome"] == "failed"
            self.verified.on_the_way += bool(failed_then_too)
            explored.append(replace(one, sentence=row["sentence"]) if row and failed_then_too else one)
        with self.fresh.begin() as fresh:
            candidates.keep(fresh, explored, night)

    def _derive_late(self, services: Catalog, run: Run) -> None:
        if run.reached("understood") or run.reached("judged"):
            late.understand(self.fresh, services, run.days, run.at)
        if run.reached("grown") or run.reached("qualified"):
            brought = run.imported or run.reports
            now = Night.of(run.at) if brought else late.last_seen(self.fresh, run.at)
            late.derive(self.fresh, services, now)

    def _read(self, services: Catalog, night: Night, older: "Mapping[About, list[Row]]") -> None:
        """The pages of a night, read again; what another reader read stays as that one read it."""
        with self.fresh.connect() as fresh:
            kept = answers(fresh, night.day)
        again = [
            _without(reading, older) for reading in readings(self.rereader.night(services, night.day, kept))
        ]
        with self.fresh.begin() as fresh:
            extractions.keep(fresh, night, [reading for reading, _ in again])
            left = [row for _, rows in again for row in rows]
            self.verified.older += add_new(fresh, extraction_table, left)

    def _judge(self, services: Catalog, run: Run, published: bool) -> None:
        """Understood, checked, and derived where no check refuses: as ``assets.py`` orders it."""
        night = Night(run.judged or paris_day(run.at), run.at)
        if run.reached("understood") or run.closed:
            with self.fresh.begin() as fresh:
                observations.tell(fresh, services, night)
        mender = given.proposed(self.source, run)
        if run.closed and self._blocked(
            run, stages.judge_figures(self.fresh, services, night, lambda _: mender)
        ):
            return
        if run.reached("grown"):
            stages.derive_growth(self.fresh, services, night)
        if published and run.reached("qualified"):
            stages.derive_qualifications(self.fresh, services, night)

    def _blocked(self, run: Run, verdicts: Iterable[Verdict]) -> bool:
        """Whether a night was blocked: taken as told where figures are unknown, for the checks count all."""
        if not self.verified.unknown:
            return _refused(verdicts)
        with self.fresh.begin() as fresh:
            return given.carry_closing(self.source, fresh, run)


About = tuple[str, str, str, str]
"""What an extraction is about: service, metric, SHA-256 of the body, version of the page."""


def _readers(rows: Iterable[Row]) -> dict[About, list[Row]]:
    found: dict[About, list[Row]] = defaultdict(list)
    for row in rows:
        found[row["service_id"], row["metric_id"], row["snapshot_sha256"], row["spec_version"]].append(row)
    return found


def _without(reading: Reading, told: Mapping[About, list[Row]]) -> tuple[Reading, list[Row]]:
    """The reading without what the database has from another reader; and that, as the database has it."""
    kept, left = [], []
    for one in reading.extractions:
        about = (one.service_id, one.metric_id, one.body_sha256, one.spec_version)
        others = [row for row in told.get(about, ()) if row["reader"] != one.reader]
        left += others
        kept += [] if others else [one]
    return Reading(tuple(kept), reading.absences), left


def _refused(verdicts: Iterable[Verdict]) -> bool:
    return any(verdict.blocks for verdict in verdicts)


def _head(archive: Archive) -> str | None:
    """The last manifest's SHA-256, when every manifest can be read."""
    try:
        sealed = manifest.chain(archive.root)
    except BrokenArchive:  # the chain's own check tells
        return None
    return sealed[-1].sha256 if sealed else None
