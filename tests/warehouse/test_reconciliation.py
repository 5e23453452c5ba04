"""Reconciliation: every slip is found, nothing sound is accused, and each verdict says what proves it."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from connectors.locators import HtmlLocator
from connectors.report import Claim, Quote, ServiceMatch
from tests.warehouse.build import World, metric, night, service
from tests.warehouse.printed import NOBODY, claim, grown, report, year
from warehouse import claims
from warehouse.archive import Archive
from warehouse.derived import growth, reconciliations
from warehouse.derived.reconciliation.values import agreement, shown, slip
from warehouse.derived.reconciliation.words import likeness, stems
from warehouse.history import Row, append_changes
from warehouse.night import Night
from warehouse.tables import plf_indicators, portfolio_counts

AT = datetime(2024, 2, 16, 9, tzinfo=UTC)
NIGHT = Night.of(AT)
LIKELY = ServiceMatch("essai", "likely", ("essai",), "a guess")

Rows = dict[tuple[str, str], Row]


def at(css: str) -> dict[str, Any]:
    return {"locate": HtmlLocator(css=css)}


ESSAI = service(
    dossiers=metric(label="Dossiers validés", headline=True, **at("#dossiers")),
    deposes=metric(label="Dépôts de l'année", nature="flow", period="calendar_year", **at("#deposes")),
    part=metric(label="Part des usagers satisfaits", unit="%", nature="ratio", **at("#part")),
    cout=metric(label="Coût par dossier", unit="€", nature="cost", **at("#cout")),
    structures=metric(label="Structures inscrites", unit="structure", nature="stock", **at("#structures")),
)
"""What machines saw at the end of 2022 and of 2023: see ``seen``."""


@pytest.fixture
def seen(engine: sa.Engine, archive: Archive) -> World:
    world = World(engine, archive, ESSAI)
    world.shows(
        "2022-12-31", dossiers="83 746", deposes="5 714", part="39 %", cout="0,42 €", structures="4 200"
    )
    told = night("2023-12-31")
    world.shows(told, dossiers="218 481", deposes="7 610", part="57 %", cout="0,50 €", structures="5 310")
    with engine.begin() as connection:
        growth.derive(connection, world.services, NIGHT)
    return world


@pytest.fixture
def reconciled(seen: World) -> Callable[..., Rows]:
    """Import claims as the edition 2023, reconcile it, and give its rows by comparison and text."""

    def run(*told: Claim, edition: int = 2023) -> Rows:
        with seen.engine.begin() as connection:
            claims.keep(connection, report(*told, edition=edition), "bilan.txt", {}, AT)
            reconciliations.derive(connection, 2023, NIGHT)
            rows = reconciliations.of_edition(connection, 2023, NIGHT)
        return {(row["comparison"], row["printed"]): row for row in rows}

    return run


def told(row: Row) -> tuple[str, str | None]:
    return row["verdict"], row["finding"]


# --- growth -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("exact", "words", "more", "verdict"),
    [
        ("+160 %", "de dossiers validés", {}, "exact"),
        ("+161 %", "de dossiers validés", {}, "consistent"),
        ("+162 %", "de dossiers validés", {}, "inconsistent"),
        ("x2,6", "dossiers validés", {}, "consistent"),
        ("+18 pts", "d'usagers satisfaits", {}, "exact"),
        ("+19 pts", "d'usagers satisfaits", {}, "inconsistent"),
        ("+46 %", "d'usagers satisfaits", {}, "no_data"),
        ("hausse de 160 %", "de dossiers validés", {"kind": "growth", "sense": "up"}, "exact"),
        ("hausse de plus de 150 %", "de dossiers validés", {"kind": "growth", "sense": "up"}, "consistent"),
        ("baisse de 160 %", "de dossiers validés", {"kind": "growth", "sense": "down"}, "inconsistent"),
        ("+162 %", "de dossiers validés", {"service": LIKELY}, "not_comparable"),
        ("+160 %", "de dossiers validés", {"service": LIKELY}, "exact"),
        ("+162 %", "de dossiers refusés", {}, "not_comparable"),
        ("+162 %", "de trajets", {}, "no_data"),
        ("+160 %", "de dossiers validés", {"service": NOBODY}, "no_data"),
    ],
)
def test_a_growth_beside_the_one_derived(
    reconciled: Callable[..., Rows], exact: str, words: str, more: dict[str, Any], verdict: str
) -> None:
    rows = reconciled(claim(exact, words, period="EN 2023", period_from="column", **more))
    assert rows["growth", exact]["verdict"] == verdict


TOTAL: dict[str, Any] = {"rhythm": "en cumulé"}
NEW: dict[str, Any] = {"words": "nouveaux besoins"}


@pytest.mark.parametrize(
    ("base", "result", "printed", "verdict"),
    [
        (("83 746", {}), ("218 481", {}), "+160 %", ("exact", None)),
        (("83 746", {}), ("218 481", {}), "+161 %", ("consistent", None)),
        (("83 746", {}), ("218 481", {}), "+106 %", ("inconsistent", "slip")),
        (("2,7 millions", {}), ("3 millions", {}), "+10 %", ("consistent", None)),
        (("39 %", {}), ("57 %", {}), "+18 pts", ("exact", None)),
        (("39 %", {}), ("57 %", {}), "+18 %", ("inconsistent", "slip")),
        (("39 %", {}), ("57 %", {}), "+46 %", ("exact", None)),
        (("1 000", {}), ("1 260", {}), "+26 pts", ("inconsistent", "slip")),
        (("Plus de 1 000", {}), ("Plus de 1 800", {}), "+80 %", ("consistent", None)),
        (("Plus de 1 000", {}), ("Plus de 1 800", {}), "+90 %", ("not_comparable", None)),
        (("20 660", TOTAL), ("25 036", NEW), "+121 %", ("exact", None)),
        (("20 660", TOTAL), ("25 036", NEW), "+21 %", ("inconsistent", "slip")),
        (("20 660", {}), ("25 036", NEW), "+21 %", ("exact", None)),
        (("1 000", {}), ("700", {}), "-30 %", ("exact", None)),
        (("1 000", {}), ("700", {}), "+30 %", ("inconsistent", "slip")),
        (("ND", {}), ("700", {}), "+30 %", ("not_comparable", None)),
        (("1 000", {"doubt": "by order"}), ("1 700", {}), "+30 %", ("not_comparable", None)),
        (("1 000", {"unit": "dossiers"}), ("1 700", {"unit": "tonnes"}), "+30 %", ("not_comparable", None)),
    ],
)  # fmt: skip
def test_a_growth_beside_its_own_two_figures(
    reconciled: Callable[..., Rows],
    base: tuple[str, dict[str, Any]],
    result: tuple[str, dict[str, Any]],
    printed: str,
    verdict: tuple[str, str | None],
) -> None:
    ends = year(base[0], 2022, **base[1]), year(result[0], 2023, **result[1])
    rows = reconciled(*ends, grown(printed, *ends))
    assert told(rows["own_figures", printed]) == verdict


def test_a_service_is_recognised_by_the_two_figures_of_a_growth(reconciled: Callable[..., Rows]) -> None:
    ends = (year("83 746", 2022, service=NOBODY), year("218 481", 2023, service=NOBODY))
    rows = reconciled(*ends, grown("+160 %", *ends, words="de dossiers validés"))
    row = rows["growth", "+160 %"]
    assert (row["service_id"], row["verdict"]) == ("essai", "exact")
    assert "reconnu" in row["reason"]
    assert rows["observation", "83 746"]["service_id"] == "essai"


def test_small_figures_recognise_no_service(reconciled: Callable[..., Rows]) -> None:
    ends = (year("39 %", 2022, service=NOBODY), year("57 %", 2023, service=NOBODY))
    rows = reconciled(*ends, grown("+18 pts", *ends, words="d'usagers satisfaits"))
    assert rows["growth", "+18 pts"]["verdict"] == "no_data"


# --- figures ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("told_of", "verdict"),
    [
        (year("218 481", 2023, "dossiers validés"), ("exact", None)),
        (year("83 746", 2022, "dossiers validés"), ("exact", None)),
        (year("218 000", 2023, "dossiers validés", rhythm="en cumulé"), ("inconsistent", None)),
        (year("218 000", 2023, "dossiers validés"), ("not_comparable", None)),
        (year("Plus de 200 000", 2023, "dossiers validés"), ("consistent", None)),
        (year("0,2 million", 2023, "dossiers validés"), ("consistent", None)),
        (year("281 481", 2023, "dossiers validés"), ("inconsistent", "slip")),
        (year("21 848", 2023, "dossiers validés", rhythm="en cumulé"), ("inconsistent", "slip")),
        (year("2 184 810", 2023, "dossiers validés"), ("inconsistent", "slip")),
        (year("134 735", 2023, "nouveaux dossiers validés"), ("not_comparable", None)),
        (year("500", 2023, "dossiers validés par jour", rhythm="par jour"), ("not_comparable", None)),
        (year("3 000 000", 2023, "dossiers validés"), ("not_comparable", None)),
        (year("57 %", 2023, "des usagers satisfaits"), ("exact", None)),
        (year("75 %", 2023, "des usagers satisfaits"), ("inconsistent", None)),
        (claim("75 %", "des usagers satisfaits"), ("not_comparable", None)),
        (year("75 %", 2023, "des usagers satisfaits", service=LIKELY), ("not_comparable", None)),
        (year("75 %", 2023, "des usagers satisfaits", doubt="by order"), ("not_comparable", None)),
        (year("75 %", 2023, "des agents satisfaits"), ("not_comparable", None)),
        (year("0,5 €", 2023, "Coût par dossier"), ("consistent", None)),
        (year("5 €", 2023, "Coût par dossier"), ("inconsistent", "slip")),
        (year("7 610", 2023, "dépôts"), ("exact", None)),
        (year("7 611", 2023, "dépôts de l'année"), ("inconsistent", None)),
        (year("5 320", 2023, "structures inscrites"), ("inconsistent", None)),
        (year("12", 2023, "communes"), ("no_data", None)),
        (year("12", 2019, "dossiers validés"), ("no_data", None)),
        (year("ND", 2023, "dossiers validés"), ("not_comparable", None)),
        (year("1,234", 2023, "dossiers validés"), ("not_comparable", None)),
        (claim("400 000", "Dossiers validés", period="objectif 2024"), ("no_data", None)),
        (claim("300 000 €", "Lauréats", measure="fast_award"), ("no_data", None)),
        (claim("12", "membres", service=NOBODY), ("no_data", None)),
    ],
)
def test_a_figure_beside_what_was_observed(
    reconciled: Callable[..., Rows], told_of: Claim, verdict: tuple[str, str | None]
) -> None:
    (row,) = (row for key, row in reconciled(told_of).items() if key[0] == "observation")
    assert told(row) == verdict


# --- other editions -----------------------------------------------------------------------


def trees(exact: str, words: str = "arbres recensés", **more: Any) -> Claim:
    """What an edition prints of the trees of 2022, which no machine counted."""
    return year(exact, 2022, words, **more)


@pytest.mark.parametrize(
    ("here", "there", "verdict"),
    [
        (trees("4 150"), trees("4 150"), ("exact", None)),
        (trees("4 150"), trees("4,1 milliers"), ("consistent", None)),
        (trees("4 150"), trees("4 510"), ("inconsistent", "restated")),
        (trees("41 537"), trees("41 573"), ("inconsistent", "slip")),
        (trees("4 153"), trees("41 530"), ("inconsistent", "slip")),
        (trees("4 150"), trees("4 290"), ("inconsistent", "restated")),
        (trees("99 278"), trees("510 000"), ("not_comparable", "redefined")),
        (trees("4 150"), trees("4 290", period_from="heading"), ("not_comparable", "restated")),
        (trees("900", "nouveaux arbres recensés"), trees("4 290"), ("not_comparable", "redefined")),
        (
            trees("900", rhythm="par mois"),
            trees("4 290", rhythm="en cumulé"),
            ("not_comparable", "redefined"),
        ),
        (trees("12 t"), trees("13 km"), ("not_comparable", "redefined")),
        (trees("34 180"), trees("34 000"), ("consistent", None)),
        (trees("5 869 442"), trees("5,8 millions"), ("consistent", None)),
        (trees("900", rhythm="par mois"), trees("10 800", rhythm="par an"), ("not_comparable", None)),
        (
            trees("4 150", "arbres recensés"),
            trees("4 290", "arbres plantés recensés"),
            ("inconsistent", "restated"),
        ),
        (
            trees("4 150", "grands arbres recensés"),
            trees("4 290", "petits arbres recensés"),
            ("not_comparable", None),
        ),
    ],
)
def test_one_edition_beside_another(
    reconciled: Callable[..., Rows], here: Claim, there: Claim, verdict: tuple[str, str | None]
) -> None:
    reconciled(there, edition=2022)
    row = reconciled(here)["edition", here.exact.text]
    assert told(row) == verdict
    assert row["against"] == "2022"


def row_of(digits: str) -> dict[str, Any]:
    value = Decimal(digits.replace(" ", ""))
    return {"value": value, "low": value, "high": value, "qualifier": "exact", "unit": None}


@pytest.mark.parametrize(
    "there",
    [
        year("4 290", 2021, "arbres recensés"),
        year("4 290", 2022, "communes inscrites"),
        year("4 290", 2022, "arbres recensés", service=ServiceMatch("autre", "certain")),
        year("4 290", 2022, "arbres recensés", role="target"),
        claim("4 290", "arbres recensés", period="en novembre 2022", period_from="table"),
    ],
)
def test_what_is_about_something_else_is_not_compared(reconciled: Callable[..., Rows], there: Claim) -> None:
    reconciled(there, edition=2022)
    rows = reconciled(year("4 150", 2022, "arbres recensés"))
    assert not [key for key in rows if key[0] == "edition"]


def test_a_number_left_from_the_year_before(reconciled: Callable[..., Rows]) -> None:
    before = year("4 153", 2021, "arbres recensés")
    reconciled(before, trees("5 208"), edition=2022)
    row = reconciled(trees("4 153"))["edition", "4 153"]
    assert told(row) == ("inconsistent", "slip")
    assert "le chiffre de 2021, laissé en place" in row["reason"]


@pytest.mark.parametrize(
    ("again", "found"),
    [("1 532", True), ("1 523", False), ("1 600", False), ("1 532 t", False)],
)
def test_a_figure_that_a_report_prints_twice(
    reconciled: Callable[..., Rows], again: str, found: bool
) -> None:
    rows = reconciled(trees("1 523"), trees(again))
    assert (("edition", "1 523") in rows) == found
    if found:
        assert told(rows["edition", "1 523"]) == ("inconsistent", "slip")


@pytest.mark.parametrize(
    ("total", "words", "verdict"),
    [
        ("1 000 €", "Total des dépenses", ("exact", None)),
        ("1 001 €", "Total des dépenses", ("consistent", None)),
        ("1 040 €", "Total des dépenses", ("inconsistent", "slip")),
        ("1 040 €", "Dépenses", None),
    ],
)
def test_a_total_beside_its_parts(
    reconciled: Callable[..., Rows], total: str, words: str, verdict: tuple[str, str | None] | None
) -> None:
    """Only what is said to be the whole is held against the list below it."""
    of_nobody: dict[str, Any] = {"service": NOBODY}
    whole = claim(total, words, passage=Quote(f"{words} : {total}, dont :", 0, 30), **of_nobody)
    parts = [claim(amount, amount, **of_nobody) for amount in ("600 €", "300 €", "100 €")]
    rows = reconciled(whole, *parts)
    assert (told(rows["sum", total]) if ("sum", total) in rows else None) == verdict


def test_of_two_editions_the_one_that_machines_confirm_is_not_accused(
    reconciled: Callable[..., Rows],
) -> None:
    reconciled(year("87 346", 2022, "dossiers validés", rhythm="en cumulé"), edition=2022)
    rows = reconciled(year("83 746", 2022, "dossiers validés", rhythm="en cumulé"))
    row = rows["edition", "83 746"]
    assert told(row) == ("inconsistent", None)
    assert "faute de frappe dans le bilan 2022" in row["reason"]


# --- periods ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("exact", "words", "period", "column", "verdict"),
    [
        ("25 036", "nouveaux besoins", "en 2024", "EN 2023", ("inconsistent", "slip")),
        ("25 036", "nouveaux besoins", "en 2024", None, ("not_comparable", None)),
        ("25 036", "nouveaux besoins", "en 2023", "EN 2023", None),
        ("25 036", "nouveaux besoins", "en 2022", "EN 2023", None),
        ("400", "immersions", "En janvier 2024", None, None),
        ("6 %", "de la carte", "pour la rentrée 2024", "EN 2023", None),
        ("40", "services visés d'ici 2025", "2025", None, None),
        ("40", "services rejoindront le programme", "en 2024", None, None),
    ],
)
def test_a_year_that_a_report_cannot_know(
    reconciled: Callable[..., Rows],
    exact: str,
    words: str,
    period: str,
    column: str | None,
    verdict: tuple[str, str | None] | None,
) -> None:
    rows = reconciled(claim(exact, words, period=period, period_from="sentence", column=column))
    found = rows.get(("period", exact))
    assert (told(found) if found else None) == verdict


# --- the programme ------------------------------------------------------------------------


@pytest.fixture
def counted(seen: World) -> World:
    """The portfolio gives 12, 18 and 24 services of national impact, one of which stopped in 2023."""
    counts = {
        "impact_national_total": {2022: 12, 2023: 18, 2024: 24},
        "impact_national_active": {2022: 12, 2023: 18, 2024: 23},
        "services_supported": {2022: 145, 2023: 173, 2024: 212},
    }
    rows = [
        {"as_of": date(start, 1, 1), "measure": name, "value": value}
        for name, values in counts.items()
        for start, value in values.items()
    ]
    new: list[Row] = [
        {"year": of, "indicator": "impact_national_new", "value": Decimal(6), "target": None,
         "source": "portfolio", "products": []}
        for of in (2022, 2023)
    ]  # fmt: skip
    with seen.engine.begin() as connection:
        append_changes(connection, portfolio_counts, ("as_of", "measure"), rows, AT)
        append_changes(connection, plf_indicators, ("year", "indicator"), new, AT)
    return seen


def measure(exact: str, name: str, period: str | None = "au 1er janvier 2024", **more: Any) -> Claim:
    words = "services à impact national" if "national" in name else name
    return claim(exact, words, measure=name, service=NOBODY, period=period, period_from="heading", **more)


@pytest.mark.parametrize(
    ("of", "verdict", "computed"),
    [
        (measure("24", "impact_national_total"), "exact", "24"),
        (measure("25", "impact_national_total"), "inconsistent", "24"),
        (measure("18", "impact_national_total", "début 2023"), "exact", "18"),
        (measure("12", "impact_national_total", "en 2022"), "exact", "12"),
        (measure("212", "services_supported", "en janvier 2024"), "exact", "212"),
        (measure("213", "services_supported", "en janvier 2024"), "not_comparable", "212"),
        (measure("Plus de 200", "services_supported", None), "consistent", "212"),
        (measure("36", "investigations"), "no_data", None),
        (measure("6", "impact_national_new", "2023", role="result"), "exact", "6"),
        (measure("7", "impact_national_new", "2022", role="result"), "inconsistent", "6"),
        (measure("18", "fast", "2023", role="result"), "no_data", None),
        (measure("12", "fast", "2023", role="target"), "no_data", None),
        (measure("6", "impact_national_new", "2023", role="target"), "no_data", None),
    ],
)
@pytest.mark.usefixtures("counted")
def test_a_count_beside_the_portfolio(
    reconciled: Callable[..., Rows], of: Claim, verdict: str, computed: str | None
) -> None:
    row = reconciled(of)["portfolio", of.exact.text]
    assert (row["verdict"], row["computed"]) == (verdict, computed)


@pytest.mark.usefixtures("counted")
def test_a_total_of_those_that_are_not_stopped(reconciled: Callable[..., Rows]) -> None:
    row = reconciled(measure("23", "impact_national_total"))["portfolio", "23"]
    assert (row["verdict"], row["computed"]) == ("consistent", "23")
    assert "24, dont 1 arrêté(s)" in row["reason"]


@pytest.mark.usefixtures("counted")
def test_a_standing_count_is_compared_with_that_of_its_day(reconciled: Callable[..., Rows]) -> None:
    reconciled(measure("173", "services_supported", "en janvier 2023"), edition=2022)
    rows = reconciled(measure("212", "services_supported", "en janvier 2024"))
    assert not [key for key in rows if key[0] == "edition"]


@pytest.mark.parametrize(("result", "said"), [("18", "atteint"), ("7", "non atteint")])
@pytest.mark.usefixtures("counted")
def test_a_result_is_set_beside_its_target(reconciled: Callable[..., Rows], result: str, said: str) -> None:
    ends = (measure("12", "fast", "2023", role="target"), measure(result, "fast", "2023", role="result"))
    rows = reconciled(*ends)
    assert f"Objectif 12 : {said}. " in rows["portfolio", result]["reason"]
    assert rows["portfolio", "12"]["reason"].endswith(f"Le résultat imprimé est {result}.")


@pytest.mark.parametrize(
    ("before", "new", "total", "verdict"),
    [
        ("18", "6", "24", ("exact", None)),
        ("18", "6", "23", ("consistent", None)),
        ("18", "6", "26", ("inconsistent", "slip")),
        (None, "6", "24", ("exact", None)),
        (None, "5", "24", ("not_comparable", None)),
    ],
)
@pytest.mark.usefixtures("counted")
def test_a_total_beside_the_one_before_and_the_new_ones(
    reconciled: Callable[..., Rows],
    before: str | None,
    new: str,
    total: str,
    verdict: tuple[str, str | None],
) -> None:
    if before:
        reconciled(measure(before, "impact_national_total", "au 1er janvier 2023"), edition=2022)
    rows = reconciled(measure(total, "impact_national_total"), measure(new, "impact_national_new", "en 2023"))
    assert told(rows["sum", total]) == verdict


@pytest.mark.usefixtures("counted")
def test_the_totals_are_explained_over_two_years(reconciled: Callable[..., Rows]) -> None:
    row = reconciled(measure("24", "impact_national_total"))["sum", "24"]
    assert row["reason"] == (
        "12 au 1er janvier 2022 + 6 en 2022 = 18 ; 18 au 1er janvier 2023 + 6 en 2023 = 24, comme imprimé."
    )
    kinds = [proof["kind"] for proof in row["evidence"]]
    assert kinds == ["claim", "portfolio_count", "plf_indicator", "portfolio_count", "plf_indicator"]


@pytest.mark.parametrize(
    ("total", "verdict"), [("5 050", ("exact", None)), ("5 150", ("inconsistent", "slip"))]
)
def test_a_total_since_launch_beside_its_sum(
    reconciled: Callable[..., Rows], total: str, verdict: tuple[str, str | None]
) -> None:
    rows = reconciled(
        year("4 150", 2022, "arbres recensés", rhythm="en cumulé"),
        year("900", 2023, "nouveaux arbres recensés"),
        year(total, 2023, "arbres recensés", rhythm="en cumulé"),
    )
    assert told(rows["sum", total]) == verdict


# --- the two clocks -----------------------------------------------------------------------


def test_what_is_learned_later_changes_the_verdict_from_then_on(seen: World) -> None:
    later = Night.of(datetime(2024, 6, 1, tzinfo=UTC))
    with seen.engine.begin() as connection:
        growth_of = claim("+160 %", "de dossiers validés", period="EN 2023")
        claims.keep(connection, report(growth_of), "bilan.txt", {}, AT)
        reconciliations.derive(connection, 2023, NIGHT)
        claims.keep(connection, report(), "bilan.txt", {}, later.at)  # read better: it was no claim
        reconciliations.derive(connection, 2023, later)
        then = reconciliations.of_edition(connection, 2023, NIGHT)
        now = reconciliations.of_edition(connection, 2023, later)
    assert [row["verdict"] for row in then] == ["exact"]
    assert now == []


# --- words and values ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("de tonnes de déchets traités", "Tonnes de déchets traitées"),
        ("de promesses d'actions", "Promesses d’action"),
        ("bordereaux créés", "Bordereau créé"),
        ("nouveaux établissements inscrits", "Nouvel établissement inscrit"),
        ("DOSSIERS DÉPOSÉS", "dossier déposé"),
    ],
)
def test_words_are_alike_whatever_their_number_and_gender(one: str, other: str) -> None:
    assert stems(one) == stems(other)


@given(st.text(max_size=30), st.text(max_size=30))
def test_likeness_is_a_share_and_one_only_of_the_same(one: str, other: str) -> None:
    like = likeness(stems(one), stems(other))
    assert all(0 <= share <= 1 for share in like)
    assert like.common == likeness(stems(other), stems(one)).common
    assert (like.common == 1) == (stems(one) == stems(other) != frozenset())


numbers = st.integers(1, 10**9).map(lambda number: row_of(str(number)))


@given(numbers, numbers)
def test_a_slip_is_one_in_both_directions_and_never_of_equals(
    one: dict[str, Any], other: dict[str, Any]
) -> None:
    assert slip(one, other) == slip(other, one)
    if one["value"] == other["value"]:
        assert slip(one, other) is None
    assert agreement(one, other) == agreement(other, one)


@given(st.integers(1000, 10**9), st.data())
def test_two_digits_interchanged_are_always_a_slip(number: int, data: st.DataObject) -> None:
    digits = str(number)
    at_ = data.draw(st.integers(0, len(digits) - 2))
    swapped = digits[:at_] + digits[at_ + 1] + digits[at_] + digits[at_ + 2 :]
    kept = digits[-1] != "0" and swapped[0] != "0" and swapped[-1] != "0"
    if kept and swapped != digits:
        assert slip(row_of(digits), row_of(swapped))


@pytest.mark.parametrize(
    ("one", "other"),
    [("107", "108"), ("12", "21"), ("57", "75"), ("1 575 332", "1 575 432"), ("4 200", "5 310"), ("0", "5")],
)
def test_what_merely_differs_is_no_slip(one: str, other: str) -> None:
    assert slip(row_of(one), row_of(other)) is None


def test_numbers_are_shown_as_staff_read_them() -> None:
    row = row_of("95000") | {"qualifier": "at_least", "unit": "évaluation"}
    assert shown(row) == "au moins 95\u202f000"
    assert shown(row_of("57") | {"unit": "%"}) == "57\u00a0%"
