"""Column types: what goes in comes back, the same on both databases."""

from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import StatementError

from warehouse.types import Exact, Json, Moment, fits

PARIS = timezone(timedelta(hours=2))
TYPES: dict[str, Any] = {"number": Exact, "moment": Moment, "json": Json}


def through(engine: sa.Engine, name: str, value: object) -> Any:
    """A value written to a column of this type, and read again; nothing stays."""
    table = sa.Table("values_of_a_test", sa.MetaData(), sa.Column("value", TYPES[name]))
    with engine.connect() as connection:
        table.create(connection)
        connection.execute(sa.insert(table), [{"value": value}])
        return connection.scalar(sa.select(table.c.value))


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("0", "0"),
        ("39", "39"),
        ("-12.5", "-12.5"),
        ("0.1", "0.1"),
        ("0.000001", "0.000001"),
        ("2700000.00", "2700000"),
        ("2.7E+6", "2700000"),
        ("123456789012345", "123456789012345"),
        ("999999999.999999", "999999999.999999"),
        ("123456789.000001", "123456789.000001"),
    ],
)
def test_decimals_are_exact(engine: sa.Engine, written: str, read: str) -> None:
    assert str(through(engine, "number", Decimal(written))) == read


def test_an_empty_number_stays_empty(engine: sa.Engine) -> None:
    assert through(engine, "number", None) is None


@pytest.mark.parametrize("written", ["1234567890123456", "0.0000001", "1234567890.1234567"])
def test_what_one_database_would_round_is_refused_by_both(engine: sa.Engine, written: str) -> None:
    assert not fits(Decimal(written))
    with pytest.raises(StatementError, match="digits"):
        through(engine, "number", Decimal(written))


def test_numbers_compare_as_numbers(engine: sa.Engine) -> None:
    table = sa.Table("values_of_a_test", sa.MetaData(), sa.Column("value", Exact))
    with engine.connect() as connection:
        table.create(connection)
        connection.execute(sa.insert(table), [{"value": Decimal(text)} for text in ("9", "10", "0.5")])
        found = connection.scalars(sa.select(table.c.value).where(table.c.value > 1).order_by(table.c.value))
        assert list(found) == [Decimal(9), Decimal(10)]


@pytest.mark.parametrize(
    ("written", "read"),
    [
        (datetime(2026, 1, 2, 3, 4, 5, 678901, UTC), "2026-01-02T03:04:05.678901+00:00"),
        (datetime(2026, 1, 2, 3, 4, 5, 0, UTC), "2026-01-02T03:04:05+00:00"),
        (datetime(2026, 7, 2, 1, 0, 0, 0, PARIS), "2026-07-01T23:00:00+00:00"),
    ],
)
def test_moments_come_back_in_utc(engine: sa.Engine, written: datetime, read: str) -> None:
    assert through(engine, "moment", written).isoformat() == read


def test_a_moment_without_zone_is_refused(engine: sa.Engine) -> None:
    with pytest.raises(StatementError, match="no time zone"):
        through(engine, "moment", datetime(2026, 1, 2))  # noqa: DTZ001


@pytest.mark.parametrize("value", [{"b": [1, "é ", None], "a": {"x": True}}, [], "texte", 3, None])
def test_json_comes_back(engine: sa.Engine, value: object) -> None:
    assert through(engine, "json", value) == value


def test_equal_json_is_equal_bytes(engine: sa.Engine) -> None:
    bound = [
        Json().process_bind_param(value, engine.dialect) for value in ({"a": 1, "b": 2}, {"b": 2, "a": 1})
    ]
    assert bound[0] == bound[1]
