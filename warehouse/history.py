"""Two rules for all rows: a fact is identified by what it says, and nothing is overwritten."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from warehouse.tables import confirmations

Row = dict[str, Any]

MOMENT = timedelta(seconds=1)
"""Two words said within one second belong to the same moment: the later one is pushed by a microsecond."""


def at_moment(known_at: sa.ColumnElement[datetime], at: datetime) -> sa.ColumnElement[bool]:
    """Whether a word was said at a moment: neither before it nor after."""
    return sa.and_(known_at >= at, known_at < at + MOMENT)


_BATCH = 500


def _canonical(value: object) -> object:
    if isinstance(value, Decimal | int) and not isinstance(value, bool):
        return format(Decimal(value).normalize(), "f")  # 3 and 3.0 are one number, whatever column holds it
    if isinstance(value, date | datetime):
        return value.isoformat()
    return value


def identity(table: str, *parts: object) -> str:
    """The id of a row: 20 hexadecimal digits of the SHA-256 of its table and its parts.

    >>> identity("observations", "ban", Decimal("1.50")) == identity("observations", "ban", Decimal("1.5"))
    True
    """
    text = json.dumps([table, *map(_canonical, parts)], ensure_ascii=False, default=str, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:20]


def add_new(connection: sa.Connection, table: sa.Table, rows: Sequence[Row]) -> int:
    """Insert the rows whose ``id`` is not there yet; return how many were new."""
    by_id = {row["id"]: row for row in rows}
    ids = list(by_id)
    for start in range(0, len(ids), _BATCH):
        part = ids[start : start + _BATCH]
        for known in connection.scalars(sa.select(table.c.id).where(table.c.id.in_(part))):
            del by_id[known]
    if by_id:
        connection.execute(sa.insert(table), list(by_id.values()))
    return len(by_id)


def standing(
    connection: sa.Connection,
    table: sa.Table,
    key: Sequence[str],
    at: datetime,
    *where: sa.ColumnElement[bool],
    among: sa.ColumnElement[bool] | None = None,
) -> dict[tuple[Any, ...], Row]:
    """What the table said at a moment: for each key the last row known by then, withdrawn ones included.

    ``where`` limits the rows that are looked at, ``among`` the last ones that are given.
    """
    columns = [table.c[name] for name in key]
    last = (
        sa.select(*columns, sa.func.max(table.c.known_at).label("last"))
        .where(table.c.known_at < at + MOMENT, *where)
        .group_by(*columns)
        .subquery()
    )
    # IS NOT DISTINCT FROM: a key may hold an empty date.
    same = [table.c[name].is_not_distinct_from(last.c[name]) for name in key]
    query = sa.select(table).join(last, sa.and_(*same, table.c.known_at == last.c.last))
    query = query if among is None else query.where(among)
    return {tuple(row[name] for name in key): dict(row) for row in connection.execute(query).mappings()}


def current(
    connection: sa.Connection,
    table: sa.Table,
    key: Sequence[str],
    at: datetime,
    *where: sa.ColumnElement[bool],
    among: sa.ColumnElement[bool] | None = None,
) -> list[Row]:
    """What is said at a moment: ``standing`` without what was withdrawn."""
    stands = ~table.c.withdrawn if among is None else sa.and_(~table.c.withdrawn, among)
    return list(standing(connection, table, key, at, *where, among=stands).values())


def append_changes(
    connection: sa.Connection,
    table: sa.Table,
    key: Sequence[str],
    rows: Iterable[Row],
    at: datetime,
    *where: sa.ColumnElement[bool],
    quiet: Sequence[str] = (),
) -> int:
    """Bring the table to say ``rows`` at moment ``at``, by adding only what changed.

    Args:
        connection: an open transaction.
        table: a table with ``known_at`` and ``withdrawn``.
        key: the columns that say what a row is about.
        rows: all that is now true, within ``where``; a key that stands and is not among
            them is withdrawn.
        at: the moment this is known.
        where: limits what is compared (a service, a year…), so that the rest stays as it is.
        quiet: columns whose change alone is no news (the portfolio's hash, the day it was seen).

    When the table was already told something at a later moment (an older portfolio loaded
    after a newer one), what was said there stays said: the older word holds only until then.

    Returns:
        The number of rows added to the table.
    """
    before = standing(connection, table, key, at, *where)
    after = {tuple(row[name] for name in key): {"withdrawn": False, **row} for row in rows}
    for gone in before.keys() - after.keys():
        after[gone] = {**before[gone], "withdrawn": True}
    changed = {about: row for about, row in after.items() if _differs(before.get(about), row, quiet)}
    if not changed:
        _confirm(connection, table, at, where)
        return 0
    news = [_stamped(table, row, at, before.get(about)) for about, row in changed.items()]
    news += _resumed(connection, table, key, at, before, changed, where)
    return add_new(connection, table, news)


def add_versions(
    connection: sa.Connection, table: sa.Table, versions: Iterable[tuple[Row | None, Row]], at: datetime
) -> int:
    """Add rows known at a moment, each after the row that it follows, if there is one; return how many."""
    return add_new(connection, table, [_stamped(table, new, at, old) for old, new in versions])


def _resumed(
    connection: sa.Connection,
    table: sa.Table,
    key: Sequence[str],
    at: datetime,
    before: Mapping[tuple[Any, ...], Row],
    changed: Mapping[tuple[Any, ...], Row],
    where: Sequence[sa.ColumnElement[bool]],
) -> list[Row]:
    """Rows that restore, at the next moment on record, what an older word would otherwise overrule."""
    resumes_at = _first_moment(connection, table, where, at + MOMENT)
    if resumes_at is None:
        return []
    then = standing(connection, table, key, resumes_at, *where)
    return [
        _stamped(table, before.get(about, {**row, "withdrawn": True}), resumes_at, None)
        for about, row in changed.items()
        if about not in then or then[about]["known_at"] < at + MOMENT
    ]


def _first_moment(
    connection: sa.Connection,
    table: sa.Table,
    where: Sequence[sa.ColumnElement[bool]],
    first: datetime,
    before: datetime | None = None,
) -> datetime | None:
    """The first moment from ``first`` on at which this part of the table was told something."""
    told = sa.select(table.c.known_at).where(*where)
    same_scope = confirmations.c.table_name == table.name, confirmations.c.scope == scope_of(where)
    told_again = sa.select(confirmations.c.known_at).where(*same_scope)
    moments = sa.union_all(told, told_again).subquery().c.known_at
    within = moments >= first if before is None else sa.and_(moments >= first, moments < before)
    moment: datetime | None = connection.scalar(sa.select(sa.func.min(moments)).where(within))
    return moment


def _confirm(
    connection: sa.Connection, table: sa.Table, at: datetime, where: Sequence[sa.ColumnElement[bool]]
) -> None:
    """Record that the table was told what it says already.

    Once a day: a night run twice adds nothing.
    """
    day = at.replace(hour=0, minute=0, second=0, microsecond=0)
    if _first_moment(connection, table, where, day, at + MOMENT) is None:
        row = {"table_name": table.name, "scope": scope_of(where), "known_at": at}
        add_new(connection, confirmations, [{"id": identity("confirmations", *row.values()), **row}])


def scope_of(where: Sequence[sa.ColumnElement[bool]]) -> str:
    """A name for a part of a table: the hash of its condition, empty for the whole."""
    if not where:
        return ""
    condition = sa.and_(*where).compile()
    return identity("scope", str(condition), condition.params)


def _differs(old: Mapping[str, Any] | None, new: Mapping[str, Any], quiet: Sequence[str]) -> bool:
    if old is None:
        return not new["withdrawn"]
    ignored = {"id", "known_at", *quiet}
    return any(_canonical(old[name]) != _canonical(new[name]) for name in new if name not in ignored)


def _stamped(table: sa.Table, row: Row, at: datetime, old: Mapping[str, Any] | None) -> Row:
    known_at = at if old is None or old["known_at"] < at else old["known_at"] + timedelta(microseconds=1)
    content = {name: value for name, value in row.items() if name not in ("id", "known_at")}
    said = [content[column.name] for column in table.columns if column.name in content]
    return {**content, "known_at": known_at, "id": identity(table.name, known_at, *said)}
