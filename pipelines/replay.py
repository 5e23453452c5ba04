"""Replaying: the archive read again with today's service files and readers.

What comes out otherwise is told beside the old rows, as known from now on: the same bytes, a better
reading.  Run dry, it happens in a copy of the database that goes afterwards.
"""

from collections import deque
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import date, datetime

import sqlalchemy as sa

from connectors.catalog import Catalog
from connectors.clock import utc_now
from connectors.errors import NotVisited
from connectors.extractor import Extractor
from pipelines import late
from pipelines.night import ONE_NIGHT
from pipelines.rereading import PageAgain, Rereader, answers, readings
from pipelines.services import refuse_unknown, services_of
from pipelines.settings import Settings
from pipelines.verify import fresh_database
from warehouse import extractions, metrics, observations
from warehouse.archive import Archive
from warehouse.database import opened
from warehouse.history import Row, at_moment, current
from warehouse.night import Night
from warehouse.tables import growth, metadata, qualifications, restatements, snapshots
from warehouse.tables import observations as observation_table

AHEAD = 512
"""Pages given to the readers before the oldest night among them is recorded."""

_BATCH = 5_000
_GROWTH = ("service_id", "metric_id", "period", "base_period")
_QUALIFICATION = ("service_id", "rule_set")


@dataclass(frozen=True, slots=True)
class Change:
    """One published figure that a replay changes; ``before`` is None for one that was not there."""

    table: str
    about: str
    before: str | None
    after: str | None


@dataclass(slots=True)
class Replayed:
    """What a replay did, or would do.

    ``extractions`` are figures read otherwise than before, ``absences`` those that have another reason for
    not being found, or one at last; ``broken`` are pages whose bytes the archive no longer gives.
    """

    nights: int = 0
    pages: int = 0
    extractions: int = 0
    absences: int = 0
    blocked: date | None = None
    changes: list[Change] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)

    @property
    def first_read(self) -> int:
        """How many figures a past night did not have."""
        return sum(change.table == "observations" and change.before is None for change in self.changes)


def replay(
    settings: Settings,
    *,
    since: date | None = None,
    until: date | None = None,
    only: Collection[str] = (),
    dry_run: bool = False,
    at: datetime | None = None,
) -> Replayed:
    """Read past nights again, and tell what comes out otherwise.

    Killed and run again at the same moment, it ends as if it had not been; at a later one too, but for
    the moments.

    Args:
        settings: where everything is.
        since: the first night; the oldest when not given.
        until: the last night; the newest when not given.
        only: read the pages of these services only.
        dry_run: in a copy of the database, which goes afterwards.
        at: the moment at which the new readings are known; the real one when not given.

    Raises:
        UnknownServices: ``only`` names a service that has no file.
        InvalidSpec: a service file cannot be used.
        ArchiveBusy: a night is running.
        DatabaseUnavailable: the database cannot be opened.
    """
    services = services_of(settings)
    refuse_unknown(only, services)
    archive = Archive(settings.archive)
    with ExitStack() as stack:
        if not dry_run:
            stack.enter_context(archive.lock(ONE_NIGHT))
        engine = stack.enter_context(opened(settings.database_url))
        if dry_run:
            engine = _copied(engine, stack.enter_context(fresh_database()))
        extractor = stack.enter_context(Extractor())
        now = Night.of(at or utc_now())
        return _Replay(engine, services, Rereader(archive, extractor), now).run(since, until, only)


def _copied(engine: sa.Engine, to: sa.Engine) -> sa.Engine:
    with engine.connect() as source, to.begin() as copy:
        for table in metadata.sorted_tables:
            rows = source.execution_options(stream_results=True).execute(sa.select(table)).mappings()
            for part in rows.partitions(_BATCH):
                copy.execute(sa.insert(table), [dict(row) for row in part])
    return to


class _Replay:
    """A replay as it goes."""

    def __init__(self, engine: sa.Engine, services: Catalog, rereader: Rereader, now: Night) -> None:
        self.engine = engine
        self.services = services
        self.rereader = rereader
        self.now = now
        self.replayed = Replayed()

    def run(self, since: date | None, until: date | None, only: Collection[str]) -> Replayed:
        with self.engine.begin() as connection:
            before = _published(connection, self.now)
            days = _days(connection, since, until)
            metrics.declare(connection, self.services.values(), self.now)
        read = [service for service in self.services.services if not only or service.id in only]
        for day, pages in self._ahead(Catalog(tuple(read)), days):
            self._keep(Night(day, self.now.at), pages)
        self._understand(days)
        last = late.last_seen(self.engine, self.now.at)
        self.replayed.blocked = late.derive(self.engine, self.services, last)
        with self.engine.connect() as connection:
            self.replayed.changes += _changes(before, _published(connection, self.now))
            self.replayed.changes += _figures(connection, self.now)
        self.replayed.nights, self.replayed.pages = len(days), self.rereader.pages
        return self.replayed

    def _ahead(self, services: Catalog, days: Iterable[date]) -> Iterator[tuple[date, list[PageAgain]]]:
        """Night after night; the readers are given the next ones while one is recorded."""
        waiting: deque[tuple[date, list[PageAgain]]] = deque()
        for day in days:
            with self.engine.connect() as connection:
                kept = answers(connection, day)
            waiting.append((day, self.rereader.night(services, day, kept)))
            while sum(len(pages) for _, pages in waiting) > AHEAD:
                yield waiting.popleft()
        yield from waiting

    def _keep(self, night: Night, pages: Sequence[PageAgain]) -> None:
        for page in pages:
            if page.error is not None and not isinstance(page.error, NotVisited):
                self.replayed.broken.append(f"{night.day}: {page.error}")
        with self.engine.begin() as connection:
            found, missing = extractions.keep(connection, night, list(readings(pages)))
        self.replayed.extractions += found
        self.replayed.absences += missing

    def _understand(self, days: Sequence[date]) -> None:
        """Every night is told; from the first with news on, the checks are asked again: they look back."""
        for number, day in enumerate(days):
            if self._is_news(Night(day, self.now.at)):
                late.understand(self.engine, self.services, days[number:], self.now.at)
                return

    def _is_news(self, night: Night) -> bool:
        with self.engine.begin() as connection:
            told = observations.tell(connection, self.services, night)
        return any(row["known_at"] >= self.now.at for row in told.rows)


def _days(connection: sa.Connection, since: date | None, until: date | None) -> list[date]:
    """The nights that saw a page."""
    query = sa.select(snapshots.c.night).where(
        snapshots.c.service_id.is_not(None),
        snapshots.c.night.between(since or date.min, until or date.max),
    )
    return list(connection.scalars(query.distinct().order_by(snapshots.c.night)))


# What changes.

Published = Mapping[tuple[str, str], str]
"""What people read: by table and what it is about, as it is shown."""


def _published(connection: sa.Connection, night: Night) -> Published:
    grown = current(connection, growth, _GROWTH, night.at)
    qualified = current(connection, qualifications, _QUALIFICATION, night.at)
    return {
        ("growth", f"{row['service_id']}/{row['metric_id']}/{row['period']}"): row["display"] for row in grown
    } | {("qualifications", f"{row['service_id']} ({row['rule_set']})"): row["verdict"] for row in qualified}


def _changes(before: Published, after: Published) -> Iterator[Change]:
    for table, about in sorted(before.keys() | after.keys()):
        was, now = before.get((table, about)), after.get((table, about))
        if was != now:
            yield Change(table, about, was, now)


def _figures(connection: sa.Connection, now: Night) -> Iterator[Change]:
    """The past values that are read otherwise, for the first time, or no more."""
    old, new = observation_table.alias("old"), observation_table.alias("new")
    query = (
        sa.select(new, old.c.value.label("before"))
        .outerjoin(restatements, restatements.c.new_observation_id == new.c.id)
        .outerjoin(old, restatements.c.old_observation_id == old.c.id)
        .where(at_moment(new.c.known_at, now.at))
        .order_by(new.c.service_id, new.c.metric_id, new.c.period_end)
    )
    for row in connection.execute(query).mappings():
        before = None if row["before"] is None else f"{row['before']:f}"
        yield Change("observations", _figure(dict(row)), before, f"{row['value']:f}")
    withdrawn = (
        sa.select(old)
        .join(restatements, restatements.c.old_observation_id == old.c.id)
        .where(restatements.c.new_observation_id.is_(None), at_moment(restatements.c.known_at, now.at))
        .order_by(old.c.service_id, old.c.metric_id, old.c.period_end)
    )
    for row in connection.execute(withdrawn).mappings():
        yield Change("observations", _figure(dict(row)), f"{row['value']:f}", None)


def _figure(row: Row) -> str:
    return f"{row['service_id']}/{row['metric_id']} {row['period_end']}"


# In words.


def in_words(replayed: Replayed, *, dry_run: bool) -> Iterator[str]:
    """What a replay changed, or would change, line by line."""
    would = "would be" if dry_run else "were"
    for change in replayed.changes:
        yield f"{change.table} {change.about}: {change.before or 'nothing'} -> {change.after or 'nothing'}"
    for sentence in replayed.broken:
        yield f"not read again, {sentence}"
    if replayed.blocked:
        yield f"The night of {replayed.blocked} was blocked: growth and qualifications stay as they were."
    yield (
        f"{replayed.pages} pages of {replayed.nights} nights read again: {replayed.extractions} figures "
        f"{would} read otherwise, {replayed.absences} absent for another reason; "
        f"{replayed.first_read} {would} told of a night for the first time; "
        f"{len(replayed.changes)} published figures {would} changed."
    )
