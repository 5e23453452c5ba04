"""What the portfolio counts: small portfolios of our own, then the two real ones."""

from datetime import date
from pathlib import Path

import pytest

from connectors.portfolio import Event, Phase, Product, read
from warehouse.derived.portfolio_measures import measures, members, plf
from warehouse.derived.rules import load_cohorts

REAL = Path(__file__).parents[2].parent / "shared" / "data"
FORMERLY = {
    "les-emplois": ("itou",),
    "dossierfacile": ("locatio",),
    "conseillers-entreprises": ("place-des-entreprises",),
}
COHORTS = load_cohorts(FORMERLY)
DAY = date(2024, 1, 1)


def product(
    product_id: str, *phases: tuple[str, ...], incubator: str | None = "anct", **events: str
) -> Product:
    """A product; a phase is (name, start[, end]), an event name=day."""
    return Product(
        id=product_id,
        name=product_id,
        incubator=incubator,
        phases=tuple(Phase(name, *(day(end) for end in (*ends, "")[:2])) for name, *ends in phases),
        events=tuple(Event(name, day(on), "") for name, on in events.items()),
    )


def day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


PORTFOLIO = (
    product("idee", ("investigation", "2023-10-01")),
    product("idee-close", ("investigation", "2023-01-01", "2023-06-30")),
    product("idee-abandonnee", ("investigation", "2022-01-01"), ("abandon-investigation", "2023-05-01")),
    product(
        "neuf",
        ("investigation", "2022-09-01", "2023-02-01"),
        ("construction", "2023-03-01"),
        incubator="dinum",
    ),
    product("direct", ("construction", "2023-04-01")),
    product("pousse", ("construction", "2021-01-01"), ("acceleration", "2022-01-01"), fast="2023-07-01"),
    product("fini", ("construction", "2020-01-01"), ("abandon", "2023-11-01"), national_impact="2021-12-31"),
    product("perenne", ("construction", "2018-01-01"), ("success", ""), national_impact="2024-02-01"),
    product("futur", ("investigation", "2024-06-01")),
    product("seul", ("acceleration", "2020-01-01"), incubator=None),
)


def test_members_at_a_date() -> None:
    found = members(PORTFOLIO, DAY, COHORTS)
    assert found["services_supported"] == ("direct", "neuf", "perenne", "pousse", "seul")
    assert found["investigations"] == ("idee",)
    assert found["phase:investigation"] == ("idee", "idee-close")
    assert found["impact_national_total"] == ("fini", "perenne")
    assert found["impact_national_active"] == ("perenne",)
    assert found["impact_national_new"] == ("perenne",)
    assert found["incubators"] == ("anct", "dinum")
    assert found["incubator:anct"] == ("direct", "perenne", "pousse")
    assert found["phase:success"] == ("perenne",)
    assert "futur" not in {one for name, ids in found.items() for one in ids if name.startswith("phase:")}


def test_measures_count_members_and_zero_is_said() -> None:
    found = measures(PORTFOLIO, DAY, COHORTS)
    assert found == {name: len(ids) for name, ids in members(PORTFOLIO, DAY, COHORTS).items()}
    empty = measures((), DAY, COHORTS)
    assert set(empty) == {
        "services_supported",
        "investigations",
        "impact_national_total",
        "impact_national_active",
        "impact_national_new",
        "incubators",
    }
    assert set(empty.values()) == {0}


def test_new_is_the_cohort_of_the_year_that_ends() -> None:
    on_the_day = product("demarches-simplifiees.fr", national_impact="2018-01-01")
    for on, total, new in (
        ("2018-01-01", 1, 0),
        ("2018-06-01", 1, 1),
        ("2019-01-01", 1, 1),
        ("2020-01-01", 1, 0),
    ):
        found = measures((on_the_day,), date.fromisoformat(on), COHORTS)
        assert (found["impact_national_total"], found["impact_national_new"]) == (total, new), on


def test_plf_of_a_year() -> None:
    assert plf(PORTFOLIO, 2023, COHORTS) == {
        "investigated": ("idee-abandonnee", "idee-close", "neuf"),
        "launched": ("direct", "neuf"),
        "launched_dinum": ("neuf",),
        "stopped": ("fini",),
        "impact_national_new": ("perenne",),
        "fast": ("pousse",),
    }


@pytest.mark.parametrize(
    ("phases", "year"),
    [
        ((("investigation", "2020-01-01", "2022-01-31"), ("construction", "2021-02-01")), 2021),
        ((("investigation", "2020-01-01", "2020-06-30"), ("construction", "2021-02-01")), 2020),
        ((("construction", "2015-01-01"), ("investigation", "2015-10-11"), ("success", "2020-01-01")), 2020),
        ((("investigation", "2018-01-01"), ("construction", "2018-01-01")), 2018),
        ((("investigation", "2018-01-01"),), None),
        ((("investigation", "", "2018-06-01"),), None),
    ],
)
def test_an_investigation_ends_at_its_end_or_at_the_next_phase(
    phases: tuple[tuple[str, ...], ...], year: int | None
) -> None:
    years = [one for one in range(2014, 2027) if plf([product("x", *phases)], one, COHORTS)["investigated"]]
    assert years == ([year] if year else [])


@pytest.mark.parametrize(
    ("phases", "year"),
    [
        ((("construction", "2020-01-01"), ("abandon", "2023-11-01")), 2023),
        ((("construction", "2020-01-01"), ("alumni", "2023-11-01")), 2023),
        ((("construction", "2020-01-01"), ("alumni", "")), None),
        ((("investigation", "2020-01-01"), ("alumni", "2020-05-01"), ("construction", "2021-03-01")), None),
        ((("investigation", "2020-01-01"), ("abandon-investigation", "2020-05-01")), None),
    ],
)
def test_only_a_launched_product_is_stopped(phases: tuple[tuple[str, ...], ...], year: int | None) -> None:
    years = [one for one in range(2014, 2027) if plf([product("x", *phases)], one, COHORTS)["stopped"]]
    assert years == ([year] if year else [])


# --- the real portfolios ------------------------------------------------------------------


def real(name: str) -> tuple[Product, ...]:
    path = REAL / name
    if not path.exists():
        pytest.skip(f"{name} is not here")
    return read(path.read_bytes()).products


@pytest.mark.parametrize("name", ["startups-2024-02-10.json", "startups-2026-08-20.json"])
@pytest.mark.parametrize(
    ("year", "total", "active", "new"), [(2022, 12, 11, 5), (2023, 18, 17, 6), (2024, 24, 23, 6)]
)
def test_impact_national_as_printed(name: str, year: int, total: int, active: int, new: int) -> None:
    found = measures(real(name), date(year, 1, 1), COHORTS)
    assert found["impact_national_total"] == total
    assert found["impact_national_active"] == active
    assert found["impact_national_new"] == new


@pytest.mark.parametrize(
    ("name", "supported", "investigations", "incubators"),
    [
        ("startups-2024-02-10.json", 213, 34, 17),  # printed in February 2024: 213, 36 and 17
        ("startups-2026-08-20.json", 214, 48, 20),  # the same day, as known in 2026
    ],
)
def test_the_network_on_1_january_2024(
    name: str, supported: int, investigations: int, incubators: int
) -> None:
    found = measures(real(name), DAY, COHORTS)
    assert found["services_supported"] == supported
    assert found["investigations"] == investigations
    assert found["incubators"] == incubators
    assert sum(value for measure, value in found.items() if measure.startswith("incubator:")) == supported


def test_plf_2023_as_known_in_2026() -> None:
    found = plf(real("startups-2026-08-20.json"), 2023, COHORTS)
    assert found["launched_dinum"] == ("agora", "data.etat", "pilotagevoiepro", "valorisation.des.stages.pro")
    assert found["fast"] == ("apilos", "mobilic")
    assert {name: len(ids) for name, ids in found.items()} == {
        "investigated": 45,
        "launched": 40,
        "launched_dinum": 4,
        "stopped": 17,
        "impact_national_new": 6,
        "fast": 2,
    }


def test_the_cohorts_after_the_printed_ones_come_from_events() -> None:
    products = real("startups-2026-08-20.json")
    assert [len(plf(products, year, COHORTS)["impact_national_new"]) for year in (2024, 2025, 2026)] == [
        7,
        6,
        0,
    ]
