"""The published tables: what may be read at a moment, and what is shown of what may not."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa

from connectors.portfolio import Phase, Portfolio, Product
from tests.warehouse.build import World, chart, metric, night, service
from tests.warehouse.publishing import close, hold, published, rows, rows_of
from warehouse import metrics, portfolios
from warehouse.archive import Archive
from warehouse.derived import growth
from warehouse.errors import NothingPublished
from warehouse.publication.column import Column, Table
from warehouse.publication.national import NATIONAL_FIELDS
from warehouse.publication.national import TABLE as NATIONAL
from warehouse.publication.publication import publication_at
from warehouse.publication.tables import TABLES
from warehouse.restatements import withdrawal
from warehouse.tables import restatements

FIRST, SECOND, THIRD = "2023-12-30", "2023-12-31", "2024-01-01"

ALL = (*TABLES, NATIONAL)


@pytest.fixture
def world(engine: sa.Engine, archive: Archive) -> World:
    return World(engine, archive)


def figures(world: World, when: str = "2024-02-01") -> list[dict[str, Any]]:
    return rows(world, "figures", when)


def values(world: World, when: str = "2024-02-01") -> list[Decimal | None]:
    return [row["value"] for row in figures(world, when)]


# --- the columns --------------------------------------------------------------------------


@pytest.mark.parametrize("table", ALL, ids=lambda table: table.name)
def test_every_table_is_explained_in_both_languages(table: Table) -> None:
    assert table.fr.endswith(".")
    assert table.en.endswith(".")
    assert 0 < len(table.title) <= 31  # what a spreadsheet takes for the name of a sheet
    assert not set(table.title) & set("[]:*?/\\")


@pytest.mark.parametrize("table", ALL, ids=lambda table: table.name)
def test_every_column_is_explained_in_both_languages(table: Table) -> None:
    names = [column.name for column in table.columns]
    labels = [column.label for column in table.columns]
    assert len(set(names)) == len(names)
    assert len(set(labels)) == len(labels)
    assert all(map(_is_explained, table.columns)), [one for one in table.columns if not _is_explained(one)]


def _is_explained(column: Column) -> bool:
    sentences = column.fr.endswith((".", "?")) and column.en.endswith(".")
    return bool(column.label) and sentences and bool(column.words) == (column.type == "code")


def test_the_names_of_tables_and_columns_are_a_contract() -> None:
    assert {table.name for table in TABLES} >= {
        "figures", "growth", "impact_national", "portfolio", "plf",
        "reconciliation", "incidents", "freshness",
    }  # fmt: skip
    assert all(table.columns[0].name == "id" for table in TABLES)


# --- which night --------------------------------------------------------------------------

PASSED, BLOCKED, UNDER_WAY = "publishable", "blocked", None

NIGHTS: dict[str, tuple[list[tuple[str, int, str | None]], str, list[int]]] = {
    # (day, hour told, what its checks said) → the night published, its figure; the page prints 100 + place
    "one night": ([(FIRST, 3, PASSED)], FIRST, [100]),
    "two nights": ([(FIRST, 3, PASSED), (SECOND, 3, PASSED)], SECOND, [101]),
    "a blocked night leaves yesterday's": ([(FIRST, 3, PASSED), (SECOND, 3, BLOCKED)], FIRST, [100]),
    "two blocked nights too": (
        [(FIRST, 3, PASSED), (SECOND, 3, BLOCKED), (THIRD, 3, BLOCKED)], FIRST, [100]
    ),
    "a blocked night, run again, passes": (
        [(FIRST, 3, PASSED), (SECOND, 3, BLOCKED), (SECOND, 5, PASSED)], SECOND, [102]
    ),
    "a night that passed, run again, is blocked": (
        [(FIRST, 3, PASSED), (SECOND, 3, PASSED), (SECOND, 5, BLOCKED)], SECOND, [101]
    ),
    "a later night makes a blocked one good": (
        [(FIRST, 3, PASSED), (SECOND, 3, BLOCKED), (THIRD, 3, PASSED)], THIRD, [102]
    ),
    "an older night does not": (
        [(FIRST, 3, PASSED), (THIRD, 3, BLOCKED), (SECOND, 30, PASSED)], FIRST, [100]
    ),
    "a night under way is not shown": ([(FIRST, 3, PASSED), (SECOND, 3, UNDER_WAY)], FIRST, [100]),
}  # fmt: skip


@pytest.mark.parametrize("case", NIGHTS)
def test_a_blocked_night_hides_what_was_told_since(world: World, case: str) -> None:
    told, day_shown, expected = NIGHTS[case]
    for place, (day, hour, state) in enumerate(told):
        on = night(THIRD, hour - 24, of=day) if hour > 23 else night(day, hour)
        world.shows(on, dossiers=str(100 + place))
        if state:
            close(world, on, state)
    shown = published(world, "2024-02-01")
    assert shown.night.day == date.fromisoformat(day_shown)
    assert values(world) == expected
    assert (shown.notice is None) == (told[-1][2] == PASSED and "older" not in case)


def test_a_notice_says_why_there_is_more_than_is_shown(world: World) -> None:
    world.shows(FIRST, dossiers="100")
    close(world, night(FIRST))
    world.shows(SECOND, dossiers="1")
    close(world, night(SECOND), "blocked")
    notice = published(world, "2024-02-01").notice
    assert (
        notice == "La nuit du 31/12/2023 n'a pas passé les contrôles : les chiffres sont ceux du 30/12/2023."
    )


def test_before_any_night_has_passed_nothing_is_published(world: World) -> None:
    with pytest.raises(NothingPublished, match=r"by 2024-02-01 03:00\."):
        published(world, "2024-02-01")
    world.shows(FIRST, dossiers="100")
    close(world, night(FIRST), "blocked")
    with pytest.raises(NothingPublished) as told:
        published(world, "2024-02-01")
    assert "impact night" in told.value.advice


def test_what_is_published_at_a_moment_stays_what_it_was(world: World) -> None:
    for place, day in enumerate((FIRST, SECOND, THIRD)):
        world.shows(day, dossiers=str(100 + place))
        close(world, night(day))
    assert [values(world, day) for day in (FIRST, SECOND, THIRD)] == [[100], [101], [102]]


# --- refused, withdrawn, undeclared -------------------------------------------------------


def test_a_refused_figure_shows_its_reason_and_the_last_good_one(world: World) -> None:
    good = world.shows(FIRST, dossiers="100").rows[0]
    close(world, night(FIRST))
    bad = world.shows(SECOND, dossiers="3").rows[0]
    hold(world, SECOND, bad, "Un cumul ne baisse pas.", good)
    close(world, night(SECOND))
    (row,) = figures(world)
    assert (row["state"], row["refusal"]) == ("refused", "Un cumul ne baisse pas.")
    assert row["id"] == bad["id"]
    assert (row["last_good_value"], row["last_good_day"], row["last_good_id"]) == (
        100, night(FIRST).day, good["id"],
    )  # fmt: skip
    assert all(row[name] is None for name in ("value", "low", "high", "display", "printed", "qualifier"))
    assert [row["value"] for row in rows(world, "series", "2024-02-01")] == [100]


def test_a_refused_figure_without_any_good_one_before_it(world: World) -> None:
    bad = world.shows(FIRST, dossiers="3").rows[0]
    hold(world, FIRST, bad, "Trop bas.")
    close(world, night(FIRST))
    (row,) = figures(world)
    assert (row["state"], row["value"], row["last_good_value"]) == ("refused", None, None)


def test_a_published_figure_says_nothing_of_refusals(world: World) -> None:
    world.shows(FIRST, dossiers="1 575 332")
    close(world, night(FIRST))
    (row,) = figures(world)
    assert (row["state"], row["value"], row["printed"]) == ("published", 1575332, "1 575 332")
    assert row["display"] == "1\u202f575\u202f332\u00a0dossiers"
    assert [row[name] for name in ("refusal", "last_good_value", "last_good_day", "last_good_id")] == [
        None
    ] * 4


DISPLAYS: dict[str, tuple[dict[str, Any], str, str]] = {
    "a count": ({}, "12", "12\u00a0dossiers"),
    "one": ({}, "1", "1\u00a0dossier"),
    "a share": ({"unit": "%", "nature": "ratio"}, "57 %", "57\u00a0%"),
    "a score": ({"unit": "/5", "nature": "score"}, "4,2/5", "4,2/5"),
    "a cost": ({"unit": "€", "nature": "cost"}, "0,72 €", "0,72\u00a0€"),
    "a minimum": ({}, "plus de 150", "au moins 150\u00a0dossiers"),
    "a rounded one": ({}, "près de 2,7 millions", "environ 2\u202f700\u202f000\u00a0dossiers"),
}


@pytest.mark.parametrize("case", DISPLAYS)
def test_a_figure_is_shown_with_its_unit_and_its_precision(
    engine: sa.Engine, archive: Archive, case: str
) -> None:
    declared, printed, expected = DISPLAYS[case]
    world = World(engine, archive, service(dossiers=metric(**declared)))
    world.shows(FIRST, dossiers=printed)
    close(world, night(FIRST))
    assert [row["display"] for row in figures(world)] == [expected]


def test_a_withdrawn_figure_is_not_shown(world: World) -> None:
    first = world.shows(FIRST, dossiers="100").rows[0]
    second = world.shows(SECOND, dossiers="200").rows[0]
    close(world, night(SECOND))
    with world.engine.begin() as connection:
        connection.execute(sa.insert(restatements), [withdrawal(second, night(SECOND, 4).at)])
    assert [row["id"] for row in figures(world)] == [first["id"]]
    assert [row["id"] for row in rows(world, "series", "2024-02-01")] == [first["id"]]


def test_a_figure_that_no_service_file_declares_any_more_is_not_shown(world: World) -> None:
    world.shows(FIRST, dossiers="100")
    close(world, night(FIRST))
    with world.engine.begin() as connection:
        metrics.declare(connection, [], night(SECOND))
    assert figures(world) == []
    assert len(figures(world, FIRST)) == 1


def test_a_figure_carries_its_proof(world: World) -> None:
    world.shows(FIRST, dossiers="100")
    close(world, night(FIRST))
    (row,) = figures(world)
    assert (row["source_url"], row["locator"]) == ("https://essai.example/stats", "b:nth-of-type(1)")
    assert len(row["sha256"]) == 64
    assert row["known_at"] == night(FIRST).at


def test_the_series_has_the_last_word_on_each_period(engine: sa.Engine, archive: Archive) -> None:
    world = World(engine, archive, service(dossiers=chart(nature="flow", periodicity="month")))
    world.shows(FIRST, dossiers=[("2023-10", "10"), ("2023-11", "11")])
    close(world, night(FIRST))
    world.shows(SECOND, dossiers=[("2023-10", "10"), ("2023-11", "12")])
    close(world, night(SECOND))
    shown = [(row["period_end"].month, row["value"]) for row in rows(world, "series", "2024-02-01")]
    assert shown == [(10, 10), (11, 12)]
    assert values(world) == [12]


# --- growth -------------------------------------------------------------------------------


def _two_years(world: World) -> list[dict[str, Any]]:
    told = [world.shows(day, dossiers=printed).rows[0] for day, printed in YEARS.items()]
    last = night("2023-12-31")
    with world.engine.begin() as connection:
        growth.derive(connection, world.services, last)
    close(world, last)
    return told


YEARS = {"2021-12-31": "58 000", "2022-12-31": "58 000", "2023-12-31": "173 154"}


def test_growth_is_shown_as_printed_with_both_values(world: World) -> None:
    _two_years(world)
    shown = {row["period"]: row for row in rows(world, "growth", "2024-02-01")}
    row = shown["2023"]
    assert (row["display"], row["state"], row["refusal"]) == ("+198 %", "published", None)
    assert (row["base_value"], row["end_value"], row["unit"]) == (58000, 173154, "dossier")


def test_growth_of_a_figure_refused_since_is_refused(world: World) -> None:
    *_, before, now = _two_years(world)
    hold(world, "2023-12-31", now, "Trop haut.", before)
    row = {row["period"]: row for row in rows(world, "growth", "2024-02-01")}["2023"]
    assert (row["state"], row["refusal"]) == ("refused", "Un des deux relevés est retenu par un contrôle.")
    assert all(row[name] is None for name in ("display", "value", "low", "high", "base_value", "end_value"))


def test_growth_that_cannot_be_computed_says_why(engine: sa.Engine, archive: Archive) -> None:
    world = World(engine, archive)
    world.shows("2021-12-31", dossiers="10")
    world.is_down("2022-12-31")
    with world.engine.begin() as connection:
        growth.derive(connection, world.services, night("2022-12-31"))
    close(world, night("2022-12-31"))
    (row,) = rows(world, "growth", "2023-01-02")
    assert (row["state"], row["display"]) == ("refused", None)
    assert row["refusal"].startswith("Aucun relevé")


# --- the portfolio, freshness -------------------------------------------------------------


def test_services_bear_the_name_that_the_portfolio_gives(world: World) -> None:
    product = Product(id="essai", name="Essai & Cie", phases=(Phase("acceleration", date(2023, 1, 1), None),))
    world.shows(FIRST, dossiers="100")
    close(world, night(FIRST))
    assert [row["service"] for row in figures(world)] == ["essai"]
    with world.engine.begin() as connection:
        portfolios.keep(connection, Portfolio((product,), (), ()), "a" * 64, night(FIRST).at)
    assert [row["service"] for row in figures(world)] == ["Essai & Cie"]


def test_what_the_portfolio_lists_under_another_id_or_not_at_all_has_its_name(world: World) -> None:
    file = world.service.model_copy(update={"name": "Essai du fichier", "formerly": ("ancien",)})
    world.shows(FIRST, dossiers="100")
    close(world, night(FIRST))

    def told() -> tuple[str | None, str | None, list[str]]:
        with world.engine.connect() as connection:
            publication = publication_at(connection, night(FIRST).at, [file])
            return publication.name("essai"), publication.name("ancien"), list(publication.services)

    assert told() == ("Essai du fichier", "Essai du fichier", [])
    with world.engine.begin() as connection:
        former = Portfolio((Product(id="ancien", name="Essai & Cie"),), (), ())
        portfolios.keep(connection, former, "a" * 64, night(FIRST).at)
    assert told() == ("Essai & Cie", "Essai & Cie", ["essai"])


def test_freshness_says_since_when_a_service_is_silent(world: World) -> None:
    world.shows(FIRST, dossiers="100")
    close(world, night(FIRST))
    (row,) = rows(world, "freshness", FIRST)
    assert (row["state"], row["age"], row["last_figure"]) == ("fresh", 0, night(FIRST).day)
    assert row["last_answer"] == night(FIRST).at
    world.is_down(THIRD)
    close(world, night(THIRD))
    (row,) = rows(world, "freshness", THIRD)
    assert (row["state"], row["age"], row["last_figure"]) == ("recent", 2, night(FIRST).day)
    world.is_down("2024-01-30")
    close(world, night("2024-01-30"))
    assert [row["state"] for row in rows(world, "freshness", "2024-01-30")] == ["old"]


def test_a_service_that_never_answered_has_never_been_read(world: World) -> None:
    world.is_down(FIRST)
    close(world, night(FIRST))
    (row,) = rows(world, "freshness", FIRST)
    assert (row["state"], row["id"], row["last_answer"]) == ("never", None, None)
    assert figures(world) == []


# --- the national schema ------------------------------------------------------------------

NATIONAL_ROWS: dict[str, tuple[dict[str, Any], Any, dict[str, Any]]] = {
    "a total since launch": (
        {"nature": "cumulative"},
        "58 000",
        {"valeur": 58000, "unite_mesure": "unité", "est_periode": False, "date_debut": None,
         "frequence_monitoring": "quotidienne", "date": date(2023, 12, 30), "commentaires": None},
    ),
    "a share": (
        {"nature": "ratio", "unit": "%"},
        "57 %",
        {"valeur": 57, "unite_mesure": "%", "est_periode": False},
    ),
    "a score": ({"nature": "score", "unit": "/10"}, "8,4/10", {"unite_mesure": "note sur 10"}),
    "a cost": ({"nature": "cost", "unit": "€"}, "0,72 €", {"unite_mesure": "€"}),
    "at least": (
        {"nature": "cumulative"},
        "plus de 150",
        {"commentaires": "La page annonce « au moins ».", "precision_annoncee": "at_least",
         "valeur_basse": 150, "valeur_haute": None},
    ),
    "typed by hand": (
        {"nature": "cumulative", "typed": True},
        "150",
        {"commentaires": "Le chiffre est saisi à la main sur la page."},
    ),
    "a month": (
        {"nature": "flow", "period": "calendar_month"},
        "12",
        {"est_periode": True, "date_debut": date(2023, 11, 1), "date": date(2023, 11, 30),
         "frequence_monitoring": "mensuelle"},
    ),
    "the year so far": (
        {"nature": "flow", "period": "year_to_date"},
        "12",
        {"est_periode": True, "date_debut": date(2023, 1, 1), "date": date(2023, 12, 30),
         "frequence_monitoring": "autre"},
    ),
    "twelve months": (
        {"nature": "flow", "period": "last_12_months"},
        "12",
        {"est_periode": True, "frequence_monitoring": "annuelle"},
    ),
    "thirty days": (
        {"nature": "flow", "period": "last_30_days"}, "12", {"frequence_monitoring": "mensuelle"}
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", NATIONAL_ROWS)
def test_a_value_in_the_national_schema(engine: sa.Engine, archive: Archive, case: str) -> None:
    declared, printed, expected = NATIONAL_ROWS[case]
    world = World(engine, archive, service(dossiers=metric(**declared)))
    world.shows(FIRST, dossiers=printed)
    close(world, night(FIRST))
    (row,) = rows_of(world, NATIONAL, "2024-02-01")
    assert {name: row[name] for name in expected} == expected
    assert [row["est_cible"], row["est_automatise"], row["source_collecte"]] == [False, True, "script"]


def test_the_columns_of_the_national_schema_come_first_and_in_its_order() -> None:
    assert NATIONAL_FIELDS == (
        "administration_rattachement", "nom_service_public_numerique", "indicateur", "valeur", "unite_mesure",
        "est_cible", "frequence_monitoring", "date", "est_periode", "date_debut", "est_automatise",
        "source_collecte", "code_insee", "dataviz_wish", "commentaires", "type_indicateur",
    )  # fmt: skip
    assert [column.name for column in NATIONAL.columns][: len(NATIONAL_FIELDS)] == [*NATIONAL_FIELDS]
