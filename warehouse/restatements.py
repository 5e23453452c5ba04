"""Restatements: what was said of a past period and is no longer, each time with its kind and reason.

::

                          the page is another      the bytes are the same
    another thing         redefinition             correction (the service file had it wrong)
    another value         revision                 correction, or technical (only the reader is newer)
    no value any more     withdrawal               an absence, with its reason
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal

import sqlalchemy as sa

from warehouse.history import MOMENT, Row, identity
from warehouse.tables import restatements

Kind = Literal["revision", "redefinition", "correction", "withdrawal", "technical"]

COUNTED = ("unit", "nature", "definition")
"""What says which thing is counted: where one differs, it is another thing."""

Change = tuple[str, str | None, str | None]
"""A column of ``COUNTED``, with what it said and what it says."""

_REASONS: dict[Kind, str] = {
    "revision": "The page now says {new!r} where it said {old!r} for the same period.",
    "redefinition": "{changed}: the page now says {new!r} where it said {old!r}.",
    "correction": "The service file was mended: the same bytes now give {new!r} where they gave {old!r}.",
    "technical": "The same bytes, read by a newer reader, give {new!r} where they gave {old!r}.",
    "withdrawal": "The page no longer shows this period, for which it said {old!r}.",
}


def restatement(old: Row, new: Row) -> Row:
    """The event that ``new`` is said of a period of which ``old`` was said.

    Args:
        old: the observation that stood, with ``snapshot_sha256`` and ``spec_version`` of its extraction.
        new: the one that stands now, with the same.
    """
    changed = ", ".join(
        f"{name} {before or 'not stated'} became {after or 'not stated'}"
        for name, before, after in changes(old, new)
    )
    kind = _kind(old, new, bool(changed))
    return _row(old, new["id"], kind, new["known_at"], new=new["text"], changed=_capital(changed))


def changes(old: Row, new: Row) -> tuple[Change, ...]:
    """Where two observations count another thing: the columns of ``COUNTED`` that differ."""
    return tuple((name, old[name], new[name]) for name in COUNTED if old[name] != new[name])


def withdrawal(old: Row, at: datetime) -> Row:
    """The event that a page no longer shows the period of ``old``, which it showed before."""
    return _row(old, None, "withdrawal", at)


def _kind(old: Row, new: Row, changed: bool) -> Kind:
    if old["snapshot_sha256"] != new["snapshot_sha256"]:
        return "redefinition" if changed else "revision"
    return "correction" if changed or old["spec_version"] != new["spec_version"] else "technical"


def _row(old: Row, new_id: str | None, kind: Kind, at: datetime, new: str = "", changed: str = "") -> Row:
    names = ("service_id", "metric_id", "period_start", "period_end")
    content = {name: old[name] for name in names} | {
        "kind": kind,
        "old_observation_id": old["id"],
        "new_observation_id": new_id,
        "reason": _REASONS[kind].format(old=old["text"], new=new, changed=changed),
    }
    # A page of an earlier night, learned of late, may lack the period too: it was withdrawn by then.
    moment = [at] if new_id is None else []
    return {"id": identity("restatements", content, *moment), **content, "known_at": at}


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def withdrawn_ids(connection: sa.Connection, at: datetime) -> frozenset[str]:
    """The observations whose page no longer shows them, as known at a moment.

    A period that is shown again is a new observation, so what was withdrawn once stays so.
    """
    query = sa.select(restatements.c.old_observation_id).where(
        restatements.c.kind == "withdrawal", restatements.c.known_at < at + MOMENT
    )
    return frozenset(connection.scalars(query))


def events(connection: sa.Connection, service_id: str, metric_id: str, at: datetime) -> Sequence[Row]:
    """Every restatement of a metric, as known at a moment, oldest first."""
    table = restatements
    query = (
        sa.select(table)
        .where(table.c.service_id == service_id, table.c.metric_id == metric_id)
        .where(table.c.known_at < at + MOMENT)
        .order_by(table.c.known_at, table.c.period_end, table.c.id)
    )
    return [dict(row) for row in connection.execute(query).mappings()]
