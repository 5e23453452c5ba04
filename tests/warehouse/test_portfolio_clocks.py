"""The portfolio on one day, as known then and as known now."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa

from connectors.portfolio import Event, Phase, Portfolio, Product, read
from warehouse import portfolios
from warehouse.derived.portfolio_clocks import Known, as_known, side_by_side
from warehouse.derived.rules import load_cohorts

REAL = Path(__file__).parents[3] / "shared" / "data"
COHORTS = load_cohorts({"les-emplois": ("itou",)})
DAY = date(2024, 1, 1)
THEN, NOW = datetime(2024, 2, 10, tzinfo=UTC), datetime(2026, 8, 20, tzinfo=UTC)


def product(product_id: str, *phases: tuple[str, str], designated: str | None = None) -> Product:
    events = (Event("national_impact", date.fromisoformat(designated), ""),) if designated else ()
    begun = tuple(Phase(name, date.fromisoformat(day), None) for name, day in phases)
    return Product(product_id, product_id, incubator="dinum", phases=begun, events=events)


BUILT = product("bati", ("construction", "2022-03-01"))
LATE = product("tardif", ("construction", "2024-06-01"))
REDATED = product("tardif", ("construction", "2023-06-01"))
FORMER = product("itou", ("acceleration", "2020-01-01"))
PRESENT = product("les-emplois", ("acceleration", "2020-01-01"))


def told(found: list[Known], measure: str) -> Known:
    (one,) = (known for known in found if known.measure == measure)
    return one


def test_both_counts_stand_with_the_products_that_make_the_difference() -> None:
    supported = told(
        side_by_side([(THEN, [BUILT, LATE]), (NOW, [REDATED])], DAY, COHORTS), "services_supported"
    )
    assert (supported.values, supported.gained, supported.lost) == ((1, 1), ("tardif",), ("bati",))


def test_a_renamed_product_makes_no_difference() -> None:
    supported = told(side_by_side([(THEN, [FORMER]), (NOW, [PRESENT])], DAY, COHORTS), "services_supported")
    assert (supported.ids[0], supported.gained) == (("les-emplois",), ())


def test_a_measure_known_at_one_moment_only_is_zero_at_the_other() -> None:
    found = side_by_side([(THEN, [BUILT]), (NOW, [])], DAY, COHORTS)
    assert told(found, "phase:construction").values == (1, 0)
    assert told(found, "impact_national_total").values == (0, 0)


def test_a_cohort_counts_at_the_moments_after_its_printing() -> None:
    listed = product("eva", ("success", "2021-12-30"))  # of the edition 2023; the portfolio has no event
    total = told(side_by_side([(THEN, [listed]), (NOW, [listed])], DAY, COHORTS), "impact_national_total")
    assert (total.values, total.gained) == ((0, 1), ("eva",))


def test_the_past_is_counted_from_the_portfolio_as_known_at_each_moment(engine: sa.Engine) -> None:
    with engine.begin() as connection:
        for products, at in (((BUILT, LATE), THEN), ((BUILT, REDATED), NOW)):
            portfolios.keep(connection, Portfolio(products, (), ()), str(at.year), at)
        supported = told(as_known(connection, DAY, [THEN, NOW], COHORTS), "services_supported")
        assert supported.values == (1, 2)
        alone = told(as_known(connection, DAY, [THEN], COHORTS), "services_supported")
        assert alone.values == (1,)


def test_1_january_2024_as_known_in_2024_and_in_2026(engine: sa.Engine) -> None:
    paths = [REAL / "startups-2024-02-10.json", REAL / "startups-2026-08-20.json"]
    if not all(path.exists() for path in paths):
        pytest.skip("the real portfolios are not at hand")
    with engine.begin() as connection:
        for path, at in zip(paths, (THEN, NOW), strict=True):
            portfolios.keep(connection, read(path.read_bytes()), path.name, at)
        found = as_known(connection, DAY, [THEN, NOW], COHORTS)
    assert told(found, "services_supported").values == (213, 214)
    assert told(found, "investigations").values == (34, 48)
    assert told(found, "impact_national_total").values == (24, 24)
    assert told(found, "impact_national_active").values == (23, 23)
    assert told(found, "incubators").values == (17, 20)
