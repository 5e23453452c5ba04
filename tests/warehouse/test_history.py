"""History: a fact is what it says, nothing is overwritten, and every date has its answer."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import permutations
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from warehouse.history import Row, add_new, append_changes, current, identity, standing
from warehouse.night import Night
from warehouse.tables import confirmations, metadata, portfolio_counts

KEY = ("as_of", "measure")
AS_OF = date(2024, 1, 1)
Facts = dict[str, int]


def at(day: int, hour: int = 0) -> datetime:
    return datetime(2024, 1, 1, tzinfo=UTC) + timedelta(days=day, hours=hour)


def tell(connection: sa.Connection, moment: datetime, facts: Facts, *where: sa.ColumnElement[bool]) -> int:
    rows = [{"as_of": AS_OF, "measure": name, "value": value} for name, value in facts.items()]
    return append_changes(connection, portfolio_counts, KEY, rows, moment, *where)


def said(connection: sa.Connection, moment: datetime) -> Facts:
    return {row["measure"]: row["value"] for row in current(connection, portfolio_counts, KEY, moment)}


# --- identity -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (["a", Decimal("1.50")], ["a", Decimal("1.5")], True),
        (["a", Decimal(100)], ["a", Decimal("1E+2")], True),
        (["a", date(2024, 1, 1)], ["a", "2024-01-01"], True),
        ([{"x": 1, "y": 2}], [{"y": 2, "x": 1}], True),
        (["a", None], ["a", ""], False),
        (["a", "b"], ["ab"], False),
        (["a", True], ["a", False], False),
        (["a", Decimal("0.1")], ["a", Decimal("0.10001")], False),
    ],
)
def test_two_rows_are_one_when_they_say_the_same(one: list[Any], other: list[Any], same: bool) -> None:
    assert (identity("growth", *one) == identity("growth", *other)) is same


def test_an_id_names_its_table() -> None:
    assert identity("growth", 1) != identity("refusals", 1)
    assert len(identity("growth", 1)) == 20


# --- adding -------------------------------------------------------------------------------


def counted(value: int) -> Row:
    content = {"as_of": AS_OF, "measure": "m", "value": value, "withdrawn": False, "known_at": at(0)}
    return {"id": identity("portfolio_counts", content), **content}


def test_a_row_is_added_once(engine: sa.Engine) -> None:
    rows = [counted(value) for value in range(1200)]
    with engine.begin() as connection:
        assert add_new(connection, portfolio_counts, rows[:700]) == 700
        assert add_new(connection, portfolio_counts, [*rows, rows[0]]) == 500
        assert add_new(connection, portfolio_counts, rows) == 0
        assert add_new(connection, portfolio_counts, []) == 0


@pytest.mark.parametrize(
    ("words", "added", "in_the_end"),
    [
        ([(1, {"a": 1}), (2, {"a": 1})], [1, 0], {"a": 1}),
        ([(1, {"a": 1}), (2, {"a": 1, "b": 2})], [1, 1], {"a": 1, "b": 2}),
        ([(1, {"a": 1}), (2, {"a": 2})], [1, 1], {"a": 2}),
        ([(1, {"a": 1, "b": 2}), (2, {"b": 2})], [2, 1], {"b": 2}),
        ([(1, {"a": 1}), (2, {}), (3, {})], [1, 1, 0], {}),
        ([(1, {"a": 1}), (2, {}), (3, {"a": 1})], [1, 1, 1], {"a": 1}),
        ([(1, {"a": 1}), (1, {"a": 2}), (1, {"a": 1})], [1, 1, 1], {"a": 1}),
        ([(1, {"a": 1}), (1, {})], [1, 1], {}),
        ([(1, {})], [0], {}),
    ],
    ids=["unchanged", "new", "changed", "gone", "gone twice", "back", "same moment", "taken back", "nothing"],
)
def test_only_changes_are_added(
    engine: sa.Engine, words: Sequence[tuple[int, Facts]], added: list[int], in_the_end: Facts
) -> None:
    with engine.begin() as connection:
        assert [tell(connection, at(day), facts) for day, facts in words] == added
        assert said(connection, at(9)) == in_the_end


def test_each_date_has_its_answer(engine: sa.Engine) -> None:
    with engine.begin() as connection:
        for day, facts in ((1, {"a": 1}), (3, {"a": 2}), (5, {})):
            tell(connection, at(day), facts)
        answers: list[Facts] = [{}, {"a": 1}, {"a": 1}, {"a": 2}, {"a": 2}, {}, {}]
        assert [said(connection, at(day)) for day in range(7)] == answers
        assert standing(connection, portfolio_counts, KEY, at(6))[AS_OF, "a"]["withdrawn"]


def test_a_key_may_hold_an_empty_date(engine: sa.Engine) -> None:
    phases = metadata.tables["phases"]
    key = ("service_id", "name", "start", "end")
    row = {"service_id": "s", "name": "success", "start": None, "end": None, "portfolio_sha256": "0"}
    with engine.begin() as connection:
        assert append_changes(connection, phases, key, [row], at(1)) == 1
        assert append_changes(connection, phases, key, [row], at(2)) == 0
        assert append_changes(connection, phases, key, [], at(3)) == 1
        assert current(connection, phases, key, at(4)) == []


def test_a_quiet_column_is_no_news(engine: sa.Engine) -> None:
    row = {"as_of": AS_OF, "measure": "a"}
    with engine.begin() as connection:
        for day, value, added in ((1, 1, 1), (2, 2, 0)):
            told = [row | {"value": value}]
            assert append_changes(connection, portfolio_counts, KEY, told, at(day), quiet=("value",)) == added


def test_what_lies_outside_the_condition_stays(engine: sa.Engine) -> None:
    only_a = portfolio_counts.c.measure == "a"
    with engine.begin() as connection:
        tell(connection, at(1), {"a": 1, "b": 2})
        assert tell(connection, at(2), {}, only_a) == 1
        assert said(connection, at(3)) == {"b": 2}


# --- older words told late ----------------------------------------------------------------


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_the_order_of_telling_changes_nothing(engine: sa.Engine, order: Sequence[int]) -> None:
    words: list[tuple[int, Facts]] = [(1, {"a": 1, "b": 1}), (3, {"b": 2, "c": 1}), (5, {"a": 1, "c": 1})]
    with engine.begin() as connection:
        for number in order:
            tell(connection, at(words[number][0]), words[number][1])
        for day, facts in words:
            assert said(connection, at(day)) == said(connection, at(day + 1)) == facts


def test_an_older_word_holds_only_until_a_newer_one_that_said_nothing_new(engine: sa.Engine) -> None:
    with engine.begin() as connection:
        tell(connection, at(1), {"a": 1})
        assert tell(connection, at(5), {"a": 1}) == 0
        tell(connection, at(3), {})
        assert [said(connection, at(day)) for day in (2, 4, 6)] == [{"a": 1}, {}, {"a": 1}]


def test_a_night_told_again_the_same_day_leaves_no_trace(engine: sa.Engine) -> None:
    with engine.begin() as connection:
        tell(connection, at(1, 2), {"a": 1})
        tell(connection, at(1, 9), {"a": 1})
        tell(connection, at(2, 2), {"a": 1})
        tell(connection, at(2, 9), {"a": 1})
        assert connection.scalar(sa.select(sa.func.count()).select_from(confirmations)) == 1


def test_a_confirmation_is_of_one_part_only(engine: sa.Engine) -> None:
    a, b = (portfolio_counts.c.measure == name for name in "ab")
    with engine.begin() as connection:
        tell(connection, at(1), {"a": 1}, a)
        tell(connection, at(1), {"b": 1}, b)
        tell(connection, at(5), {"b": 1}, b)
        tell(connection, at(3), {}, a)
        tell(connection, at(3), {}, b)
        assert said(connection, at(6)) == {"b": 1}


def test_moments_are_whole_seconds() -> None:
    assert Night.of(datetime(2024, 1, 1, 2, 3, 4, 999, UTC)).at == datetime(2024, 1, 1, 2, 3, 4, 0, UTC)


WORDS = st.lists(
    st.tuples(st.integers(0, 6), st.dictionaries(st.sampled_from("abc"), st.integers(0, 2))), max_size=8
)


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    derandomize=True,
)
@given(words=WORDS)
def test_what_is_said_at_a_date_is_the_last_word_of_the_last_moment_before(
    engine: sa.Engine, words: list[tuple[int, Facts]]
) -> None:
    """Told in any order: of the greatest moment up to the date, the word told last."""
    with engine.connect() as connection:
        for day, facts in words:
            tell(connection, at(day), facts)
        last = dict(sorted(dict(words).items()))
        for today in range(8):
            expected = next((last[day] for day in reversed(last) if day <= today), {})
            assert said(connection, at(today)) == expected
        connection.rollback()
