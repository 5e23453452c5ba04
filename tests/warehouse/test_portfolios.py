"""Portfolios: what each said stays known, and each date has its portfolio."""

from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa

from connectors.portfolio import Event, Phase, Portfolio, Product, Remark, read
from tests.warehouse.build import night
from warehouse import portfolios
from warehouse.tables import events, phases, remarks, services

REAL = Path(__file__).parents[3] / "shared" / "data"
OLDER, NEWER = night("2024-02-10"), night("2026-08-20")
BAN = Product("ban", "BAN", phases=(Phase("success", None, None),), events=(Event("fast", None, ""),))
TABLES = (services, phases, events, remarks)


def portfolio(*products: Product) -> Portfolio:
    return Portfolio(products, (), tuple(Remark(one.id, "name", "odd") for one in products))


def real(name: str) -> Portfolio:
    path = REAL / name
    if not path.exists():
        pytest.skip(f"the real portfolio {name} is not at hand")
    return read(path.read_bytes())


def load(engine: sa.Engine, told: Portfolio, at: datetime) -> int:
    with engine.begin() as connection:
        return portfolios.keep(connection, told, f"sha of {at}", at)


def known(engine: sa.Engine, at: datetime) -> dict[str, Product]:
    with engine.connect() as connection:
        return {product.id: product for product in portfolios.products(connection, at)}


def kept(told: Portfolio) -> dict[str, Product]:
    """What the warehouse keeps of a portfolio: phases and events once, in an order of its own."""
    return {
        product.id: replace(
            product,
            incubators=(),
            sponsors=(),
            thematiques=(),
            phases=tuple(
                sorted(set(product.phases), key=lambda one: (one.name, str(one.start), str(one.end)))
            ),
            events=tuple(sorted(set(product.events), key=lambda one: (one.name, str(one.date), one.comment))),
        )
        for product in told.products
    }


# --- the real files -----------------------------------------------------------------------


@pytest.fixture(scope="module")
def both() -> tuple[Portfolio, Portfolio]:
    return real("startups-2024-02-10.json"), real("startups-2026-08-20.json")


@pytest.mark.parametrize("reverse", [False, True], ids=["in order", "the newer first"])
def test_both_real_portfolios_stay_known(
    engine: sa.Engine, both: tuple[Portfolio, Portfolio], reverse: bool
) -> None:
    loads = list(zip(both, (OLDER, NEWER), strict=True))
    for told, when in reversed(loads) if reverse else loads:
        assert load(engine, told, when.at) > 1000
    for told, when in loads:
        assert load(engine, told, when.at) == 0
        assert known(engine, when.at) == kept(told)
    assert [len(known(engine, when.at)) for when in (OLDER, NEWER)] == [474, 662]
    assert [designated(engine, day) for day in ("2024-06-01", "2026-11-01")] == ["2022-12-31", "2023-01-22"]


def designated(engine: sa.Engine, day: str) -> str:
    """When ban became of national impact, as known on a day."""
    (found,) = (
        event for event in known(engine, night(day).at)["ban"].events if event.name == "national_impact"
    )
    return str(found.date)


# --- small ones ---------------------------------------------------------------------------


def test_a_portfolio_comes_back_as_it_was(engine: sa.Engine) -> None:
    full = replace(BAN, pitch="Une adresse", link="https://ban.fr", incubator="dinum", stats_url="/stats")
    load(engine, portfolio(full), OLDER.at)
    assert known(engine, OLDER.at) == {"ban": full}


@pytest.mark.parametrize(
    ("change", "added"),
    [
        ({}, 0),
        ({"name": "Base Adresse Nationale"}, 1),
        ({"stats_url": None}, 0),
        ({"events": ()}, 1),
        ({"events": (Event("fast", date(2023, 1, 1), ""),)}, 2),
        ({"phases": (Phase("alumni", None, None), Phase("success", None, None))}, 1),
        ({"sponsors": ("dinum",)}, 0),
    ],
    ids=["nothing", "name", "still none", "event gone", "event re-dated", "phase added", "what is not kept"],
)
def test_a_later_portfolio_adds_what_changed(
    engine: sa.Engine, change: dict[str, object], added: int
) -> None:
    load(engine, portfolio(BAN), OLDER.at)
    changed = replace(BAN, **change)  # type: ignore[arg-type]
    assert load(engine, portfolio(changed), NEWER.at) == added
    assert known(engine, OLDER.at) == {"ban": BAN}
    assert known(engine, NEWER.at) == {"ban": replace(changed, sponsors=())}


def test_a_product_that_disappears_is_withdrawn_and_can_come_back(engine: sa.Engine) -> None:
    other = Product("pix", "Pix")
    load(engine, portfolio(BAN, other), OLDER.at)
    load(engine, portfolio(other), night("2025-01-01").at)
    load(engine, portfolio(BAN, other), NEWER.at)
    days = ("2024-06-01", "2025-06-01", "2026-11-01")
    assert [sorted(known(engine, night(day).at)) for day in days] == [["ban", "pix"], ["pix"], ["ban", "pix"]]


def test_the_copy_that_serves_a_night_is_on_record(engine: sa.Engine) -> None:
    with engine.begin() as connection:
        assert portfolios.serving(connection, NEWER) is None
        assert portfolios.serve(connection, NEWER, "abc", OLDER.day, "not JSON") == 1
        assert portfolios.serve(connection, NEWER, "abc", OLDER.day, "not JSON") == 0
        assert portfolios.serve(connection, NEWER, "def", NEWER.day, None) == 1
        row = portfolios.serving(connection, NEWER)
        assert row is not None
        assert (row["sha256"], row["taken_on"], row["trouble"]) == ("def", NEWER.day, None)
        assert portfolios.serving(connection, OLDER) is None
