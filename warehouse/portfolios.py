"""Portfolios: services, phases and events as the portfolio tells them, with their history."""

from collections.abc import Sequence
from dataclasses import fields
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from connectors.portfolio import Event, Phase, Portfolio, Product
from connectors.secrets import safe_address, without_tokens
from warehouse.history import Row, append_changes, current
from warehouse.night import Night
from warehouse.tables import events, phases, portfolios, remarks, services

_PHASE = ("service_id", "name", "start", "end")
_EVENT = ("service_id", "name", "date", "comment")
_REMARK = ("service_id", "field", "sentence")
_QUIET = ("portfolio_sha256",)
_KEPT = tuple(
    column.name
    for column in services.columns
    if column.name in {field.name for field in fields(Product)}
    and column.name not in ("id", "phases", "events")
)


def keep(connection: sa.Connection, portfolio: Portfolio, sha256: str, at: datetime) -> int:
    """Record what the portfolio says at a moment; return how many rows that added.

    A phase or an event is what it says: re-dated, it is withdrawn and another stands, and
    both remain on record.
    """
    source = {"portfolio_sha256": sha256}
    products = portfolio.products
    told: list[tuple[sa.Table, Sequence[str], list[Row]]] = [
        (services, ("service_id",), [_service(product) for product in products]),
        (phases, _PHASE, [_part(product, phase) for product in products for phase in product.phases]),
        (events, _EVENT, [_part(product, event) for product in products for event in product.events]),
        (remarks, _REMARK, [_remark(remark) for remark in portfolio.remarks]),
    ]
    return sum(
        append_changes(connection, table, key, [row | source for row in rows], at, quiet=_QUIET)
        for table, key, rows in told
    )


def _service(product: Product) -> Row:
    said = {name: getattr(product, name) for name in _KEPT}
    return {
        "service_id": product.id,
        **{name: safe_address(text) if text else text for name, text in said.items()},
    }


def _part(product: Product, part: Phase | Event) -> Row:
    return {"service_id": product.id, **{field.name: getattr(part, field.name) for field in fields(part)}}


def _remark(remark: Any) -> Row:
    return {
        "service_id": remark.product_id,
        "field": remark.field,
        "sentence": without_tokens(remark.sentence),
    }


def products(connection: sa.Connection, at: datetime) -> tuple[Product, ...]:
    """The portfolio as known at a moment, sorted by id."""
    told_phases = _by_service(connection, phases, _PHASE, at)
    told_events = _by_service(connection, events, _EVENT, at)
    rows = sorted(current(connection, services, ("service_id",), at), key=lambda row: row["service_id"])
    return tuple(_product(row, told_phases, told_events) for row in rows)


def _by_service(
    connection: sa.Connection, table: sa.Table, key: Sequence[str], at: datetime
) -> dict[str, list[Row]]:
    """The phases or events of each product, in an order that no database decides."""
    grouped: dict[str, list[Row]] = {}
    for row in sorted(current(connection, table, key, at), key=lambda row: [str(row[name]) for name in key]):
        grouped.setdefault(row["service_id"], []).append(row)
    return grouped


def _product(row: Row, told_phases: dict[str, list[Row]], told_events: dict[str, list[Row]]) -> Product:
    service_id = row["service_id"]
    return Product(
        id=service_id,
        phases=tuple(Phase(one["name"], one["start"], one["end"]) for one in told_phases.get(service_id, [])),
        events=tuple(
            Event(one["name"], one["date"], one["comment"]) for one in told_events.get(service_id, [])
        ),
        **{name: row[name] for name in _KEPT},
    )


def serve(connection: sa.Connection, night: Night, sha256: str, taken_on: date, trouble: str | None) -> int:
    """Record which copy serves a night, and why it is not tonight's if it is not; return the rows added."""
    row = {"night": night.day, "sha256": sha256, "taken_on": taken_on, "trouble": trouble}
    return append_changes(
        connection, portfolios, ("night",), [row], night.at, portfolios.c.night == night.day
    )


def serving(connection: sa.Connection, night: Night) -> Row | None:
    """The copy that serves a night: ``sha256``, ``taken_on``, ``trouble``; None when none was taken."""
    rows = current(connection, portfolios, ("night",), night.at, portfolios.c.night == night.day)
    return rows[0] if rows else None
