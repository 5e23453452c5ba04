"""Lineage: the whole way back from a figure to the characters on the page and the bytes in the archive."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

import sqlalchemy as sa

from warehouse.archive import Archive
from warehouse.errors import BrokenArchive, UnknownFigure
from warehouse.history import Row
from warehouse.snapshots import place_of
from warehouse.tables import extractions, growth, metrics, observations, restatements, snapshots


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the way back: what it is and says, the facts that prove it, and where it comes from."""

    kind: str
    id: str
    says: str
    facts: Mapping[str, Any] = field(default_factory=dict)
    comes_from: tuple["Step", ...] = ()

    def as_json(self) -> dict[str, Any]:
        """The same tree as plain values."""
        return asdict(self)


def trace(connection: sa.Connection, archive: Archive, figure: str) -> Step:
    """The way back of a figure.

    Args:
        connection: the warehouse.
        archive: where the bytes are; each body is read and hashed again on the way.
        figure: an id of ``growth``, ``observations`` or ``extractions``; or
            ``service/metric/year`` (a growth), ``service/metric`` (its last figure), or ``service``
            (the last figure of each of its metrics).

    Raises:
        UnknownFigure: nothing on record bears this name.
    """
    return _Tracer(connection, archive).find(figure)


class _Tracer:
    def __init__(self, connection: sa.Connection, archive: Archive) -> None:
        self.connection = connection
        self.archive = archive

    def find(self, figure: str) -> Step:
        by_id: list[tuple[sa.Table, Callable[[Row], Step]]] = [
            (growth, self.growth),
            (observations, self.observation),
            (extractions, self.extraction),
        ]
        for table, step in by_id:
            row = self._first(sa.select(table).where(table.c.id == figure))
            if row:
                return step(row)
        return self._named(figure)

    def _named(self, name: str) -> Step:
        service, metric, year = (*name.split("/"), None, None)[:3]
        if metric and year:
            row = self._first(
                sa.select(growth)
                .where(growth.c.service_id == service, growth.c.metric_id == metric, growth.c.period == year)
                .order_by(growth.c.known_at.desc())
            )
            if row:
                return self.growth(row)
        elif metric:
            row = self._last_observation(str(service), metric)
            if row:
                return self.observation(row)
        else:
            return self._service(name)
        raise UnknownFigure(f"Nothing on record is named {name!r}.")

    def _service(self, service: str) -> Step:
        names = self.connection.scalars(
            sa.select(observations.c.metric_id).where(observations.c.service_id == service).distinct()
        )
        rows = [self._last_observation(service, metric) for metric in sorted(names)]
        if not rows:
            raise UnknownFigure(f"Nothing on record is named {service!r}.")
        return Step(
            "service",
            service,
            "its last figures",
            comes_from=tuple(self.observation(row) for row in rows if row),
        )

    def _last_observation(self, service: str, metric: str) -> Row | None:
        return self._first(
            sa.select(observations)
            .where(observations.c.service_id == service, observations.c.metric_id == metric)
            .order_by(observations.c.period_end.desc(), observations.c.known_at.desc())
        )

    def growth(self, row: Row) -> Step:
        """Two observations compared."""
        ends = [self._by_id(observations, row[name]) for name in ("observation_id", "base_observation_id")]
        facts = {name: row[name] for name in ("kind", "value", "low", "high", "rule", "note", "known_at")}
        figure = f"{row['service_id']} {row['metric_id']}"
        says = f"{figure}, {row['base_period']} → {row['period']}: {row['display']}"
        return Step("growth", row["id"], says, facts, tuple(self.observation(end) for end in ends))

    def observation(self, row: Row) -> Step:
        """A figure as understood."""
        label = self.connection.scalar(
            sa.select(metrics.c.label)
            .where(metrics.c.service_id == row["service_id"], metrics.c.metric_id == row["metric_id"])
            .order_by(metrics.c.valid_until.is_not(None), metrics.c.known_at.desc())
            .limit(1)
        )
        names = (
            "value",
            "low",
            "high",
            "qualifier",
            "unit",
            "nature",
            "period_start",
            "period_end",
            "known_at",
        )
        facts = {name: row[name] for name in (*names, "reader")} | self._restated(row["id"])
        says = f"{label or row['metric_id']}: {row['value']} {row['unit']}, {_period(row)}"
        source = self._by_id(extractions, row["extraction_id"])
        return Step("observation", row["id"], says, facts, (self.extraction(source),))

    def _restated(self, observation_id: str) -> dict[str, Any]:
        row = self._first(sa.select(restatements).where(restatements.c.old_observation_id == observation_id))
        return {"restated": f"{row['kind']}: {row['reason']}"} if row else {}

    def extraction(self, row: Row) -> Step:
        """The characters on the page."""
        says = f"{row['prefix']}⟦{row['exact']}⟧{row['suffix']}"
        names = (
            "locator_kind",
            "locator",
            "start",
            "end",
            "notation",
            "period_text",
            "spec_version",
            "reader",
        )
        body = self._first(
            sa.select(snapshots)
            .where(
                snapshots.c.sha256 == row["snapshot_sha256"],
                snapshots.c.service_id == row["service_id"],
                snapshots.c.answer,
            )
            .order_by(snapshots.c.fetched_at)
        )
        proof = (self.snapshot(body),) if body else ()
        return Step("extraction", row["id"], says, {name: row[name] for name in names}, proof)

    def snapshot(self, row: Row) -> Step:
        """The exchange, its bytes read and hashed again now."""
        names = ("night", "fetched_at", "status", "content_type", "bytes", "sha256")
        facts = {name: row[name] for name in names} | {
            "warc": f"{row['warc_file']} at byte {row['warc_offset']}, {row['warc_length']} long",
            "archive": self._checked(row),
        }
        return Step("snapshot", row["id"], row["url"], facts)

    def _checked(self, row: Row) -> str:
        try:
            snapshot = self.archive.open(place_of(row))
        except BrokenArchive as error:
            return f"BROKEN: {error}"
        return "same bytes" if snapshot.sha256 == row["sha256"] else "BROKEN: the bytes are others"

    def _by_id(self, table: sa.Table, key: str) -> Row:
        row = self._first(sa.select(table).where(table.c.id == key))
        if row is None:
            raise UnknownFigure(f"The row {key} of {table.name} is missing: the chain is broken there.")
        return row

    def _first(self, query: sa.Select[Any]) -> Row | None:
        row = self.connection.execute(query.limit(1)).mappings().first()
        return dict(row) if row else None


def _period(row: Row) -> str:
    start, end = row["period_start"], row["period_end"]
    if start is None:
        return f"since launch, on {end}"
    return f"on {end}" if start == end else f"from {start} to {end}"
