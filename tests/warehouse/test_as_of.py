"""Two clocks: what was known on a day does not depend on what was learned after it, nor on the order."""

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from hypothesis import example, given, settings
from hypothesis import strategies as st

from connectors.portfolio import Phase, Product
from tests.warehouse.build import World, chart, metric, night, service
from warehouse.archive import Archive
from warehouse.derived import growth, qualifications
from warehouse.derived.revision_triangle import Triangle, revision_triangle
from warehouse.derived.rules import load_cohorts, load_rules
from warehouse.history import current
from warehouse.night import Night
from warehouse.tables import criteria, metadata, refusals
from warehouse.tables import growth as grown

MONTHS = chart(nature="flow", period="dated", periodicity="month")
TOTAL = metric(reach="people")
FIRST = date(2023, 12, 30)
PRODUCT = Product("essai", "Essai", phases=(Phase("acceleration", date(2020, 1, 1), None),))
COHORTS = load_cohorts()
(RULES,) = (rules for rules in load_rules() if rules.id == "2023-01")

Page = tuple[str, tuple[tuple[str, str], ...]]
"""What a page prints one night: a total, and the months of a chart."""

values = st.integers(min_value=1, max_value=3).map(lambda number: str(number * 1000))
charts = st.lists(
    st.tuples(st.sampled_from(["2022-12", "2023-11", "2023-12"]), values),
    min_size=1,
    max_size=3,
    unique_by=lambda row: row[0],
).map(lambda rows: tuple(sorted(rows)))
pages = st.lists(st.tuples(values, charts), min_size=1, max_size=4)


@contextmanager
def empty_world() -> Iterator[World]:
    """A warehouse in memory: hypothesis asks for many."""
    engine = sa.create_engine("sqlite://")
    metadata.create_all(engine)
    with tempfile.TemporaryDirectory() as folder:
        yield World(engine, Archive(Path(folder)), service(total=TOTAL, months=MONTHS))
    engine.dispose()


def nights(printed: Sequence[Page]) -> list[Night]:
    """One night for each page, ten days apart, across the end of a year."""
    return [night((FIRST + timedelta(days=10 * number)).isoformat()) for number in range(len(printed))]


def tell(world: World, on: Night, page: Page) -> None:
    total, months = page
    world.shows(on, total=total, months=months)
    with world.engine.begin() as connection:
        growth.derive(connection, world.services, on)
        qualifications.derive(connection, [PRODUCT], world.services, COHORTS, RULES, on)


def known(world: World, on: Night) -> Any:
    """Everything that is said as of a night, without what names its rows."""
    keys = {
        grown: growth.KEY,
        refusals: growth.KEY,
        criteria: ("service_id", "rule_set", "criterion"),
    }
    with world.engine.connect() as connection:
        tables = {
            table.name: sorted(str(_said(row)) for row in current(connection, table, key, on.at))
            for table, key in keys.items()
        }
        triangle = revision_triangle(connection, "essai", "months", on.at)
    return tables, _stands(triangle, on.day)


_NAMES = {
    "id",
    "known_at",
    "as_of",
    "evidence",
    "observation_id",
    "base_observation_id",
    "parts",
    "base_parts",
}


def _said(row: dict[str, Any]) -> list[tuple[str, Any]]:
    said = {name: value for name, value in row.items() if name not in _NAMES}
    sentences = [one["sentence"] for one in row.get("evidence") or ()]
    return sorted([*said.items(), ("sentences", sentences)], key=lambda item: item[0])


def _stands(triangle: Triangle, day: date) -> list[tuple[Any, Any]]:
    cells = {period: triangle.cell(period, day) for period in triangle.words}
    return [(period, word and word.value) for period, word in cells.items()]


@settings(max_examples=15, deadline=None)
@given(pages)
def test_what_is_known_of_a_night_never_changes_afterwards(printed: list[Page]) -> None:
    with empty_world() as world:
        before = []
        for on, page in zip(nights(printed), printed, strict=True):
            tell(world, on, page)
            before.append(known(world, on))
        assert [known(world, on) for on in nights(printed)] == before


@settings(max_examples=15, deadline=None)
@example(  # a chart that moved on, and came back
    (
        [("1000", ((month, "1000"),)) for month in ("2022-12", "2023-11", "2023-12", "2022-12")],
        [0, 2, 3, 1],
    )
)
@given(pages.flatmap(lambda printed: st.tuples(st.just(printed), st.permutations(range(len(printed))))))
def test_nights_told_in_any_order_give_the_same_tables(told: tuple[list[Page], list[int]]) -> None:
    printed, order = told
    when = nights(printed)
    with empty_world() as one, empty_world() as other:
        for on, page in zip(when, printed, strict=True):
            tell(one, on, page)
        for number in order:
            tell(other, when[number], printed[number])
        for on in when:  # the nights told before an earlier one are derived again, as a replay does
            with other.engine.begin() as connection:
                growth.derive(connection, other.services, on)
                qualifications.derive(connection, [PRODUCT], other.services, COHORTS, RULES, on)
        assert [known(other, on) for on in when] == [known(one, on) for on in when]
