"""Column types that mean the same on SQLite and on PostgreSQL."""
# ruff: noqa: ARG002  (SQLAlchemy gives every hook its dialect, wanted or not)

import json
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.types import TypeDecorator, UserDefinedType

_FORMAT = "%Y-%m-%dT%H:%M:%S.%fZ"


class _SqliteNumeric(UserDefinedType[Decimal]):
    """NUMERIC affinity fed with text: SQLite then keeps 15 digits exactly, and SQL compares numbers."""

    cache_ok = True

    def get_col_spec(self, **_: Any) -> str:
        return "NUMERIC"

    def bind_processor(self, dialect: sa.Dialect) -> Callable[[Decimal | None], str | None]:
        return lambda value: None if value is None else format(value, "f")

    def result_processor(
        self, dialect: sa.Dialect, coltype: object
    ) -> Callable[[float | str | None], Decimal | None]:
        return lambda value: None if value is None else plain(Decimal(str(value)))


def plain(value: Decimal) -> Decimal:
    """The same number without trailing zeros and without an exponent (``1E+2`` becomes ``100``)."""
    return Decimal(format(value.normalize(), "f"))


DIGITS, PLACES = 15, 6
"""What both databases keep exactly: significant digits, and decimals among them."""


def fits(value: Decimal) -> bool:
    """True when both databases give this number back as it is."""
    _, digits, exponent = value.normalize().as_tuple()
    return isinstance(exponent, int) and len(digits) + max(exponent, 0) <= DIGITS and exponent >= -PLACES


class Exact(TypeDecorator[Decimal]):
    """A decimal that comes back as it went in: at most 15 significant digits, 6 of them decimals."""

    impl = sa.Numeric(24, 6)
    cache_ok = True

    def load_dialect_impl(self, dialect: sa.Dialect) -> sa.types.TypeEngine[Any]:
        """NUMERIC fed with text on SQLite, NUMERIC(24, 6) elsewhere."""
        return dialect.type_descriptor(_SqliteNumeric() if dialect.name == "sqlite" else sa.Numeric(24, 6))

    def process_bind_param(self, value: Decimal | None, dialect: sa.Dialect) -> Decimal | None:
        """Refuse what one of the databases would round without a word."""
        exact = None if value is None else Decimal(value)
        if exact is not None and not fits(exact):
            raise ValueError(f"{value} has more than {DIGITS} digits or {PLACES} decimals")
        return exact

    def process_result_value(self, value: Decimal | None, dialect: sa.Dialect) -> Decimal | None:
        """Drop the zeros that PostgreSQL pads with, so that both databases answer the same."""
        return None if value is None else plain(value)


class Moment(TypeDecorator[datetime]):
    """A moment in UTC.  SQLite has no such type and drops the zone: there it is ISO text with a ``Z``."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def load_dialect_impl(self, dialect: sa.Dialect) -> sa.types.TypeEngine[Any]:
        """Fixed-width text on SQLite (so it sorts as time), timestamptz elsewhere."""
        if dialect.name == "sqlite":
            return dialect.type_descriptor(sa.String(27))
        return dialect.type_descriptor(sa.DateTime(timezone=True))

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> Any:
        """Refuse a naive moment: it would be a guess about its zone."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value!r} has no time zone")
        value = value.astimezone(UTC)
        return value.strftime(_FORMAT) if dialect.name == "sqlite" else value

    def process_result_value(self, value: Any, dialect: sa.Dialect) -> datetime | None:
        """The moment, always with its zone."""
        if value is None:
            return None
        if isinstance(value, str):
            return datetime.fromisoformat(value)  # strptime takes as long as all else of reading a row
        moment: datetime = value.astimezone(UTC)
        return moment


class Json(TypeDecorator[Any]):
    """JSON kept as text with sorted keys, so that equal values are equal bytes on both databases."""

    impl = sa.Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: sa.Dialect) -> str | None:
        """Serialise; ``None`` stays NULL."""
        return None if value is None else json.dumps(value, ensure_ascii=False, sort_keys=True)

    def process_result_value(self, value: str | None, dialect: sa.Dialect) -> Any:
        """Parse; NULL stays ``None``."""
        return None if value is None else json.loads(value)
