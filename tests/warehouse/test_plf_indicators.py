"""The table of the budget indicators: result N-1, target, result N, and whether it is met."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
import sqlalchemy as sa

from connectors.portfolio import Event, Phase, Product, read
from tests.warehouse.build import night
from warehouse.derived import plf_indicators
from warehouse.derived.plf_indicators import Indicator, Target, load_indicators, table
from warehouse.derived.rules import load_cohorts
from warehouse.errors import InvalidRules
from warehouse.history import Row, current
from warehouse.tables import plf_indicators as kept

REAL = Path(__file__).parents[3] / "shared" / "data"
COHORTS = load_cohorts()


def product(product_id: str, *phases: tuple[str, str], fast: str | None = None) -> Product:
    events = (Event("fast", date.fromisoformat(fast), ""),) if fast else ()
    begun = tuple(Phase(name, date.fromisoformat(day), None) for name, day in phases)
    return Product(product_id, product_id, incubator="dinum", phases=begun, events=events)


PRODUCTS = [
    product("un", ("construction", "2022-03-01")),
    product("deux", ("construction", "2023-03-01"), fast="2023-05-01"),
    product("trois", ("construction", "2023-04-01"), ("abandon", "2023-12-01")),
]


def rows(year: int = 2023, *indicators: Indicator) -> dict[str, Row]:
    found = table(PRODUCTS, year, COHORTS, indicators or None)
    return {row["indicator"]: row for row in found}


def test_a_row_says_the_year_before_the_target_the_year_and_whether_it_is_met() -> None:
    row = rows()["launched_dinum"]
    assert [row[name] for name in ("previous", "target", "value", "met")] == [1, 8, 2, False]
    assert (row["source"], row["products"]) == ("portfolio", ["deux", "trois"])


@pytest.mark.parametrize(("target", "met"), [(1, True), (2, True), (3, False)])
def test_a_target_is_met_from_its_value_on(target: int, met: bool) -> None:
    one = Indicator.model_validate(
        {
            "indicator": "launched",
            "label": "Lancés",
            "counted": "Oui.",
            "from": "portfolio",
            "targets": {2023: Target(value=Decimal(target), edition=2023)},
        }
    )
    assert rows(2023, one)["launched"]["met"] is met


def test_without_a_printed_target_nothing_is_met_or_missed() -> None:
    row = rows(2022)["launched_dinum"]
    assert (row["value"], row["target"], row["met"]) == (1, None, None)


@pytest.mark.parametrize("indicator", ["new_agents", "new_agents_women"])
def test_what_no_public_source_gives_is_a_row_that_says_so(indicator: str) -> None:
    row = rows()[indicator]
    assert (row["value"], row["previous"], row["met"], row["products"]) == (None, None, None, None)
    assert row["source"] == "aucune source publique"
    assert row["target"]


def test_every_year_that_is_over_is_in_the_table_and_told_once(engine: sa.Engine) -> None:
    on = night("2024-02-10")
    with engine.begin() as connection:
        assert plf_indicators.derive(connection, PRODUCTS, COHORTS, on) > 0
        assert plf_indicators.derive(connection, PRODUCTS, COHORTS, on) == 0
        found = current(connection, kept, ("year", "indicator"), on.at)
    assert {row["year"] for row in found} == set(range(2014, 2024))
    (stopped,) = (row for row in found if (row["year"], row["indicator"]) == (2023, "stopped"))
    assert (stopped["value"], stopped["met"]) == (1, None)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("- {indicator: x}", "label"),
        ("- {indicator: x, label: a, counted: b, from: rumeur}", "from"),
        ("a: [", ""),
    ],
)
def test_a_broken_file_of_indicators_is_refused(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "indicators.yml"
    path.write_text(text, "utf-8")
    with pytest.raises(InvalidRules, match=r"indicators\.yml") as caught:
        load_indicators(path)
    assert said in str(caught.value)


def test_2023_from_the_real_portfolio_beside_what_was_printed() -> None:
    """Printed: FAST 10, 12, 18; DINUM 8, 8, 7; national impact 6, 6, 6.  Nothing is tuned to it."""
    path = REAL / "startups-2024-02-10.json"
    if not path.exists():
        pytest.skip("the real portfolio is not at hand")
    found = {row["indicator"]: row for row in table(read(path.read_bytes()).products, 2023, COHORTS)}
    new = found["impact_national_new"]
    assert [new[name] for name in ("previous", "target", "value", "met")] == [6, 6, 6, True]
    assert (found["fast"]["target"], found["launched_dinum"]["target"]) == (12, 8)
