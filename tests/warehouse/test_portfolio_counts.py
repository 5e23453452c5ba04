"""What derives from the portfolio alone: counts at each 1 January and after, budget indicators."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest
import sqlalchemy as sa

from connectors.portfolio import Event, Phase, Product, read
from tests.warehouse.build import night
from warehouse.derived import plf_indicators, portfolio_counts
from warehouse.derived.rules import load_cohorts
from warehouse.history import current
from warehouse.night import Night
from warehouse.tables import plf_indicators as plf_table
from warehouse.tables import portfolio_counts as counts_table

REAL = Path(__file__).parents[3] / "shared" / "data"
COHORTS = load_cohorts(
    {
        "les-emplois": ("itou",),
        "dossierfacile": ("locatio",),
        "conseillers-entreprises": ("place-des-entreprises",),
    }
)
NIGHT = night("2024-02-10")


def product(product_id: str, *phases: tuple[str, str], designated: str | None = None) -> Product:
    events = (Event("national_impact", date.fromisoformat(designated), ""),) if designated else ()
    begun = tuple(Phase(name, date.fromisoformat(day), None) for name, day in phases)
    return Product(product_id, product_id, incubator="dinum", phases=begun, events=events)


BUILT = product("bati", ("construction", "2022-03-01"))
GROWING = product("pousse", ("construction", "2021-03-01"), ("acceleration", "2023-05-01"))
KNOWN = product("connu", ("success", "2020-01-01"), designated="2023-02-01")


def count(engine: sa.Engine, products: Sequence[Product], on: Night = NIGHT) -> int:
    with engine.begin() as connection:
        return portfolio_counts.derive(connection, products, COHORTS, on)


def counts(engine: sa.Engine, measure: str, on: Night = NIGHT) -> dict[str, int]:
    """The counts on record of one measure, by day, as known this night."""
    with engine.connect() as connection:
        rows = current(connection, counts_table, ("as_of", "measure"), on.at)
    found = {str(row["as_of"]): row["value"] for row in rows if row["measure"] == measure}
    return dict(sorted(found.items()))


def budget(engine: sa.Engine, indicator: str, on: Night = NIGHT) -> dict[int, tuple[int, list[str]]]:
    with engine.connect() as connection:
        rows = current(connection, plf_table, ("year", "indicator"), on.at)
    found = {
        row["year"]: (int(row["value"]), row["products"]) for row in rows if row["indicator"] == indicator
    }
    return {year: told for year, told in sorted(found.items()) if told[0]}


def test_there_is_a_count_for_each_first_of_january(engine: sa.Engine) -> None:
    count(engine, [BUILT, GROWING, KNOWN])
    days = [day for day in counts(engine, "services_supported") if day.endswith("-01-01")]
    assert days == [f"{year}-01-01" for year in range(portfolio_counts.FIRST_YEAR, 2025)]
    assert list(counts(engine, "services_supported").values())[-4:] == [1, 2, 3, 3]


def test_counting_twice_adds_nothing(engine: sa.Engine) -> None:
    assert count(engine, [BUILT, GROWING]) > 0
    for on in (NIGHT, night("2024-02-10", 22), night("2024-02-11"), night("2024-12-31")):
        assert count(engine, [BUILT, GROWING], on) == 0


def test_between_two_years_only_what_changed_is_counted(engine: sa.Engine) -> None:
    count(engine, [BUILT, GROWING])
    until_then = ("construction", "2021-03-01"), ("acceleration", "2023-05-01")
    stopped = product("pousse", *until_then, ("abandon", "2024-03-01"))
    later, after = night("2024-03-02"), night("2024-03-03")
    assert count(engine, [BUILT, stopped], later) > 0
    assert counts(engine, "services_supported", later)["2024-03-02"] == 1
    assert counts(engine, "phase:abandon", later) == {"2024-03-02": 1}
    assert counts(engine, "phase:acceleration", later)["2024-03-02"] == 0
    assert "2024-03-02" not in counts(engine, "incubators", later)
    assert count(engine, [BUILT, stopped], after) == 0


def test_a_past_that_was_rewritten_is_known_both_ways(engine: sa.Engine) -> None:
    count(engine, [BUILT, GROWING])
    earlier = product("pousse", ("construction", "2019-03-01"))
    later = night("2024-06-01")
    count(engine, [BUILT, earlier], later)
    assert [counts(engine, "services_supported", on)["2020-01-01"] for on in (NIGHT, later)] == [0, 1]


def test_before_a_report_is_printed_only_the_events_of_the_portfolio_count(engine: sa.Engine) -> None:
    listed = product("pix", ("success", "2020-01-01"))  # of the cohort 2019; the portfolio has no event
    before, after = night("2022-12-30"), night("2022-12-31")
    for on in (before, after):
        count(engine, [listed, KNOWN], on)
        with engine.begin() as connection:
            plf_indicators.derive(connection, [listed, KNOWN], COHORTS, on)
    totals = [counts(engine, "impact_national_total", on)["2020-01-01"] for on in (before, after)]
    new = [budget(engine, "impact_national_new", on) for on in (before, after)]
    assert (totals, new) == ([0, 1], [{}, {2019: (1, ["pix"])}])


def test_a_night_of_first_january_counts_once(engine: sa.Engine) -> None:
    new_year = night("2024-01-01")
    count(engine, [BUILT, GROWING], new_year)
    assert max(counts(engine, "services_supported", new_year)) == "2024-01-01"


def test_indicators_are_of_years_that_are_over_with_the_products_behind(engine: sa.Engine) -> None:
    begun_this_year = product("neuf", ("construction", "2024-01-15"))
    with engine.begin() as connection:
        for added in (True, False):
            told = plf_indicators.derive(connection, [BUILT, GROWING, KNOWN, begun_this_year], COHORTS, NIGHT)
            assert (told > 0) is added
    assert budget(engine, "launched") == {2021: (1, ["pousse"]), 2022: (1, ["bati"])}
    assert budget(engine, "impact_national_new") == {2022: (1, ["connu"])}
    with engine.connect() as connection:
        years = set(connection.scalars(sa.select(plf_table.c.year)))
    assert years == set(range(portfolio_counts.FIRST_YEAR, 2024))


@pytest.mark.parametrize("name", ["startups-2024-02-10.json", "startups-2026-08-20.json"])
def test_the_real_portfolio_gives_the_printed_totals(engine: sa.Engine, name: str) -> None:
    path = REAL / name
    if not path.exists():
        pytest.skip(f"the real portfolio {name} is not at hand")
    products = read(path.read_bytes()).products
    on = night(name.removeprefix("startups-").removesuffix(".json"))
    assert count(engine, products, on) > 0
    assert count(engine, products, on) == 0
    total = counts(engine, "impact_national_total", on)
    assert [total[f"{year}-01-01"] for year in (2022, 2023, 2024)] == [12, 18, 24]
    with engine.begin() as connection:
        assert plf_indicators.derive(connection, products, COHORTS, on) > 0
        assert plf_indicators.derive(connection, products, COHORTS, on) == 0
    new = budget(engine, "impact_national_new", on)
    assert [new[year][0] for year in (2021, 2022, 2023)] == [5, 6, 6]
