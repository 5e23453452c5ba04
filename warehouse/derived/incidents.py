"""Incidents: troubles followed from their first night to their last.

A trouble that was not there the night before opens an incident; one that is there still changes
nothing; one that is gone, on a night that visited its service, closes the incident by itself.
Nights tell of incidents in their order: an older night, told late, leaves them as they are.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache

import sqlalchemy as sa

from warehouse.derived.troubles import Trouble
from warehouse.history import MOMENT, Row, add_versions, current
from warehouse.night import Night
from warehouse.tables import absences, incidents, nights, snapshots

KEY = ("service_id", "page_url", "metric_id", "kind", "first_night")

About = tuple[str, str, str | None, str]
"""What an incident is about: service, page, metric (None: the page), kind."""


@dataclass(frozen=True, slots=True)
class Patch:
    """A mend of a service file: what it does, in a sentence, and the change as a unified diff."""

    sentence: str
    diff: str


Mender = Callable[[Trouble], Patch | None]


def no_mend(trouble: Trouble) -> None:
    """Propose nothing."""


def tell(
    connection: sa.Connection,
    night: Night,
    found: Sequence[Trouble],
    tried: Collection[str],
    mend: Mender = no_mend,
) -> int:
    """Open, keep and close incidents by the troubles of a night; return the rows added.

    Args:
        connection: an open transaction.
        night: the night.
        found: its troubles.
        tried: the services that it visited: only their incidents can close.
        mend: proposes a patch for a trouble; asked once, when its incident opens.
    """
    if _told_later(connection, night):
        return 0
    standing = {_about(row): row for row in _recent(connection, night, found)}
    versions = list(_opened(night, found, standing, mend))
    troubled = {_of(trouble) for trouble in found}
    lasting = (row for about, row in standing.items() if row["last_night"] is None and about not in troubled)
    versions += [(row, _ended(connection, night, row)) for row in lasting if row["service_id"] in tried]
    return add_versions(connection, incidents, versions, night.at)


def open_now(connection: sa.Connection, night: Night) -> list[Row]:
    """The incidents that last, the newest first."""
    return [row for row in ever(connection, night) if row["last_night"] is None]


def ever(connection: sa.Connection, night: Night) -> list[Row]:
    """Every incident on record, the newest first."""
    rows = current(connection, incidents, KEY, night.at)
    return sorted(
        rows, key=lambda row: (-row["first_night"].toordinal(), row["service_id"], str(row["metric_id"]))
    )


def _opened(
    night: Night, found: Sequence[Trouble], standing: Mapping[About, Row], mend: Mender
) -> Iterator[tuple[Row | None, Row]]:
    """The incidents that begin tonight, or go on after all."""
    for trouble in found:
        known = standing.get(_of(trouble))
        if known is None:
            yield None, _row(night, trouble, mend(trouble))
        elif known["last_night"] is not None:
            yield known, {**known, "last_night": None}


def _recent(connection: sa.Connection, night: Night, found: Sequence[Trouble]) -> Iterator[Row]:
    """The incidents that last, and those that ended on the last night before: a retry may find them again."""

    @cache  # asked once for each service, however many incidents it ever had
    def before(service_id: str) -> date | None:
        return _night_before(connection, night, service_id)

    # Of what ended, only what tonight's troubles may take up again is looked at.
    troubled = {trouble.service_id for trouble in found}
    matters = sa.or_(incidents.c.last_night.is_(None), incidents.c.service_id.in_(troubled))
    last_words = current(connection, incidents, KEY, night.at, among=matters)
    for row in sorted(last_words, key=lambda row: row["first_night"]):
        if row["last_night"] is None or row["last_night"] == before(row["service_id"]):
            yield row


def _ended(connection: sa.Connection, night: Night, row: Row) -> Row:
    """The incident, closed: its last night is the one before; one that tonight opened was none."""
    before = _night_before(connection, night, row["service_id"])
    if row["first_night"] == night.day or before is None:
        return {**row, "withdrawn": True}
    return {**row, "last_night": max(before, row["first_night"])}


def _night_before(connection: sa.Connection, night: Night, service_id: str) -> date | None:
    """The last night before this one that tried a service."""
    days = [
        connection.scalar(
            sa.select(sa.func.max(table.c.night)).where(
                table.c.service_id == service_id, table.c.night < night.day
            )
        )
        for table in (snapshots, absences)
    ]
    return max((day for day in days if day is not None), default=None)


def _told_later(connection: sa.Connection, night: Night) -> bool:
    query = sa.select(sa.func.count()).where(
        nights.c.night > night.day, nights.c.known_at < night.at + MOMENT
    )
    return bool(connection.scalar(query))


def _row(night: Night, trouble: Trouble, patch: Patch | None) -> Row:
    return {
        "service_id": trouble.service_id,
        "page_url": trouble.page_url,
        "metric_id": trouble.metric_id,
        "kind": trouble.kind,
        "first_night": night.day,
        "last_night": None,
        "sentence": trouble.sentence,
        "advice": trouble.advice,
        "snapshot_sha256": trouble.snapshot_sha256,
        "mend": patch.sentence if patch else None,
        "patch": patch.diff if patch else None,
        "withdrawn": False,
    }


def _about(row: Row) -> About:
    return row["service_id"], row["page_url"], row["metric_id"], row["kind"]


def _of(trouble: Trouble) -> About:
    return trouble.service_id, trouble.page_url, trouble.metric_id, trouble.kind
