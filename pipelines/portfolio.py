"""Taking the portfolio: the one asked for, or else the last good copy in the archive."""

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import sqlalchemy as sa

from connectors import portfolio
from connectors.errors import ConnectorError, InvalidPortfolio
from connectors.fetcher import Fetcher
from connectors.portfolio import Portfolio
from connectors.secrets import safe_address
from connectors.snapshot import Snapshot
from pipelines.errors import NoPortfolio
from warehouse import portfolios, snapshots
from warehouse.archive import Archive
from warehouse.history import Row
from warehouse.night import Night
from warehouse.snapshots import Visit


@dataclass(frozen=True, slots=True)
class Taken:
    """The portfolio that serves this night; ``trouble`` says why it is not tonight's, if it is not."""

    portfolio: Portfolio
    sha256: str
    taken_on: date
    trouble: str | None
    added: int


def take_portfolio(engine: sa.Engine, archive: Archive, fetcher: Fetcher, source: str, night: Night) -> Taken:
    """Fetch, archive, read and record the portfolio of a night.

    Args:
        engine: the warehouse.
        archive: where its bytes are kept.
        fetcher: for a URL.
        source: a file or a URL.
        night: a night that is not today's reads the archive only, unless the source is a file.

    Raises:
        NoPortfolio: it cannot be read, and no earlier copy can either.
    """
    with archive.lock():
        with engine.begin() as connection:
            snapshots.clear_torn_tail(connection, archive, night.day)
        trouble = _bring(engine, archive, fetcher, source, night)
        return last_good(engine, archive, night, trouble)


def _bring(engine: sa.Engine, archive: Archive, fetcher: Fetcher, source: str, night: Night) -> str | None:
    """Put tonight's copy in the archive; return why that was not possible, or None."""
    if not source.startswith(("http://", "https://")):
        try:
            hops: tuple[Snapshot, ...] = (_from_file(Path(source), night.at),)
        except OSError as error:
            return f"The file {source} cannot be read ({error.strerror})."
        error_met: ConnectorError | None = None
    elif not night.live:
        return None
    else:
        if _has_good_copy(engine, archive, night, source):
            return None
        fetched = fetcher.fetch(source)
        hops, error_met = fetched.hops, fetched.error
    if hops:
        with engine.begin() as connection:
            snapshots.keep(connection, archive, night, [Visit(None, source, hops)])
    return str(error_met) if error_met else _unreadable(hops[-1].content)


def _from_file(path: Path, at: datetime) -> Snapshot:
    content = path.read_bytes()
    url = path.resolve().as_uri()
    return Snapshot(url, at, 200, "OK", (), (("Content-Type", "application/json"),), content, content)


def _has_good_copy(engine: sa.Engine, archive: Archive, night: Night, source: str) -> bool:
    with engine.connect() as connection:
        row = snapshots.answers(connection, night.day).get((None, safe_address(source)))
    return row is not None and _unreadable(archive.open(snapshots.place_of(row)).content) is None


def _unreadable(content: bytes) -> str | None:
    try:
        portfolio.read(content)
    except InvalidPortfolio as error:
        return str(error)
    return None


def last_good(engine: sa.Engine, archive: Archive, night: Night, trouble: str | None) -> Taken:
    """Record the newest copy in the archive that reads, for a night.

    Args:
        engine: the warehouse.
        archive: where the copies are.
        night: the night that it serves.
        trouble: why tonight's could not be brought, if it could not.

    Raises:
        NoPortfolio: there is none.
    """
    with engine.connect() as connection:
        for copy in snapshots.portfolios_kept(connection, night):
            try:
                read = portfolio.read(archive.open(snapshots.place_of(copy)).content)
                break
            except InvalidPortfolio as error:
                trouble = trouble or str(error)
        else:
            raise NoPortfolio(f"No portfolio can be read: {trouble or 'This night has none in the archive.'}")
    return _record(engine, night, read, copy, trouble)


def _record(engine: sa.Engine, night: Night, read: Portfolio, copy: Row, trouble: str | None) -> Taken:
    """Record what a copy says from the moment it was known: an older one is no news of today."""
    sha256, taken_on = copy["sha256"], copy["night"]
    with engine.begin() as connection:
        added = portfolios.keep(connection, read, sha256, copy["known_at"])
        portfolios.serve(connection, night, sha256, taken_on, trouble)
    return Taken(read, sha256, taken_on, trouble, added)
