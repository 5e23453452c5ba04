"""Publication: what may be read at a moment, since the checks of the nights let it through."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import Any, NamedTuple

import sqlalchemy as sa

from connectors.service import Service
from warehouse.errors import NothingPublished
from warehouse.held_back import held_ids
from warehouse.history import MOMENT, Row, current
from warehouse.metrics import Figure, declared
from warehouse.night import Night
from warehouse.restatements import withdrawn_ids
from warehouse.tables import nights, services, snapshots


@dataclass(frozen=True)
class Publication:
    """What may be read.

    ``night`` is the last one that passed its checks, and the moment up to which what rests on figures is
    read.  ``now`` is the last night that was judged, whatever its checks said, at the moment asked: what
    rests on the portfolio alone, and what is known of breakdowns, is read as of it.  ``notice`` (French)
    says why there is more on record than what is shown; empty when there is not.  ``files`` are the service
    files, by id: they name what the portfolio does not list, and know the ids that it gave before.
    """

    connection: sa.Connection
    night: Night
    now: Night
    notice: str | None = None
    files: Mapping[str, Service] = field(default_factory=dict)

    @cached_property
    def tables(self) -> dict[str, list[Row]]:
        """The published tables that were read so far, by name (``Table.read``)."""
        return {}

    @cached_property
    def services(self) -> dict[str, Row]:
        """What the portfolio says of each of its products, by the id that it has today."""
        told = current(self.connection, services, ("service_id",), self.now.at)
        former_first = sorted(told, key=lambda row: row["service_id"] not in self._renamed)
        rows = (row | {"service_id": self.present(row["service_id"])} for row in former_first)
        return {row["service_id"]: row for row in rows}

    def present(self, product_id: str) -> str:
        """The id that a product has today: that of its service file, of which it may be a former id."""
        return self._renamed.get(product_id, product_id)

    @cached_property
    def _renamed(self) -> Mapping[str, str]:
        return {former: file.id for file in self.files.values() for former in file.formerly}

    def name(self, service_id: str | None) -> str | None:
        """The name of a service, as the portfolio says it, or else its file; its id where neither does."""
        known = self.present(service_id or "")
        if known in self.services:
            return str(self.services[known]["name"])
        return self.files[known].name if known in self.files else service_id

    @cached_property
    def metrics(self) -> dict[Figure, Row]:
        """What the service files declare of each figure, those that they no longer declare left out."""
        return dict(sorted(declared(self.connection, self.night).items()))

    def label(self, service_id: str | None, metric_id: str | None) -> str | None:
        """The French label of a figure; its id where no service file declares it any more."""
        row = self.metrics.get((service_id or "", metric_id or ""))
        return row["label"] if row else metric_id

    @cached_property
    def held(self) -> frozenset[str]:
        """The observations that a check refuses."""
        return held_ids(self.connection, self.night.at)

    @cached_property
    def withdrawn(self) -> frozenset[str]:
        """The observations that their pages no longer show."""
        return withdrawn_ids(self.connection, self.night.at)


def publication_at(connection: sa.Connection, at: datetime, files: Iterable[Service] = ()) -> Publication:
    """What may be read at a moment; ``files`` are the service files, which give names.

    A blocked night hides what was told from its moment on, until that night, or a later one, passes:
    what it read would otherwise stand in tables that it was not allowed to change.  So does a night
    that is under way, or was killed before its checks.  What an import or a replay tells between two
    nights that passed is shown at once.

    Raises:
        NothingPublished: no night has passed its checks by then.
    """
    told = _told(connection, at)
    hiding = min((*_blocked(told), *_unjudged(connection, at, told)), default=None)
    until = hiding.since.replace(microsecond=0) - MOMENT if hiding else at
    passed = [row["night"] for row in told if _passed(row) and row["known_at"] < until + MOMENT]
    if not passed:
        raise NothingPublished(f"No night had passed its checks by {at:%Y-%m-%d %H:%M}.")
    night, now = Night(max(passed), until), Night(max(row["night"] for row in told), at)
    notice = hiding.notice(night.day) if hiding else None
    return Publication(connection, night, now, notice, {file.id: file for file in files})


class _Hiding(NamedTuple):
    """A night that hides what was told since a moment; the earliest sorts first."""

    since: datetime
    day: date
    why: str

    def notice(self, shown: date) -> str:
        return f"La nuit du {self.day:%d/%m/%Y} {self.why} : les chiffres sont ceux du {shown:%d/%m/%Y}."


def _told(connection: sa.Connection, at: datetime) -> list[Row]:
    """The judgements of all nights, in the order in which they were told."""
    query = sa.select(nights).where(nights.c.known_at < at + MOMENT, ~nights.c.withdrawn)
    return [dict(row) for row in connection.execute(query.order_by(nights.c.known_at)).mappings()]


def _passed(row: Row) -> bool:
    return bool(row["state"] == "publishable")


def _blocked(told: Sequence[Row]) -> Iterator[_Hiding]:
    """The blocked nights that neither their own repetition nor a later night has made good."""
    for place, row in enumerate(told):
        after = told[place + 1 :]
        if not _passed(row) and not any(_passed(one) and one["night"] >= row["night"] for one in after):
            yield _Hiding(row["known_at"], row["night"], "n'a pas passé les contrôles")


def _unjudged(connection: sa.Connection, at: datetime, told: Sequence[Row]) -> Iterator[_Hiding]:
    """A night after the last one judged, whose pages are being visited."""
    last = max((row["night"] for row in told), default=date.min)
    query = (
        sa.select(snapshots.c.night, sa.func.min(snapshots.c.known_at))
        .where(snapshots.c.night > last, snapshots.c.service_id.is_not(None))
        .where(snapshots.c.known_at < at + MOMENT)
        .group_by(snapshots.c.night)
    )
    for day, since in connection.execute(query):
        yield _Hiding(since, day, "n'est pas encore contrôlée")


def in_order(rows: Iterable[Row], *names: str) -> list[Row]:
    """Rows sorted by some of their columns, empty cells first: databases do not sort texts alike."""

    def key(row: Row) -> list[tuple[bool, Any]]:
        return [(row[name] is not None, "" if row[name] is None else row[name]) for name in names]

    return sorted(rows, key=key)
