"""Laureates: their number and the sum of their amounts, beside the list that the report prints."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
import sqlalchemy as sa

from connectors.report import Claim, Place, ServiceMatch
from tests.warehouse.printed import NOBODY, claim, report
from warehouse import claims
from warehouse.derived import reconciliations
from warehouse.history import Row
from warehouse.night import Night

NIGHT = Night.of(datetime(2024, 2, 16, 9, tzinfo=UTC))
HEADING = "FAST / LAURÉATS FAST 12 (2/5)"
UNDER_FAST = Place(page=40, path=("FAST / LE PROGRAMME (1/5)",), line=815)
ELSEWHERE = Place(page=28, path=("LES ACTIVITÉS FINANCÉES",), line=700)


def award(exact: str, service: str | None = "essai", **more: Any) -> Claim:
    match = ServiceMatch(service, "certain") if service else NOBODY
    return claim(exact, HEADING, service=match, measure="fast_award", unit="€", **more)


def count(exact: str, **more: Any) -> Claim:
    return claim(exact, "Lauréats", service=NOBODY, measure="fast", period="en 2023", **more)


def spent(exact: str, words: str = "engagés sur les promos", place: Place = UNDER_FAST) -> Claim:
    return replace(claim(exact, words, service=NOBODY, unit="€"), place=place)


THREE = (award("300 000 €"), award("250 000 €", "autre"), award("30 000 €", None))


def summed(engine: sa.Engine, *told: Claim) -> dict[str, Row]:
    """The sums of a report that says this, by what is printed."""
    with engine.begin() as connection:
        claims.keep(connection, report(*told), "bilan.txt", {}, NIGHT.at)
        reconciliations.derive(connection, 2023, NIGHT)
        rows = reconciliations.of_edition(connection, 2023, NIGHT)
    return {row["printed"]: row for row in rows if row["comparison"] == "sum"}


@pytest.mark.parametrize(
    ("told", "exact", "verdict"),
    [
        ((count("3"),), "3", ("exact", None)),
        ((count("Plus de 2"),), "Plus de 2", ("consistent", None)),
        ((count("3", role="result"),), "3", ("exact", None)),
        ((count("4"),), "4", ("not_comparable", None)),  # the list may be a choice
        ((count("4"), spent("580 000 €")), "4", ("inconsistent", "slip")),  # its amounts say that it is whole
        ((count("4"), spent("0,58 million d'euros")), "4", ("inconsistent", "slip")),
        ((count("4"), spent("600 000 €")), "4", ("not_comparable", None)),
        ((count("3"), count("2"), spent("580 000 €")), "2", ("not_comparable", None)),  # of one promotion
        ((count("3"), spent("580 000 €")), "580 000 €", ("exact", None)),
        ((spent("0,58 million d'euros"),), "0,58 million d'euros", ("consistent", None)),
        ((count("3"), spent("600 000 €")), "600 000 €", ("not_comparable", None)),  # may count something else
        ((spent("5 800 000 €"),), "5 800 000 €", ("inconsistent", "slip")),  # ten times the sum
        ((award("des €", "tiers"), spent("580 000 €")), "580 000 €", ("not_comparable", None)),
    ],
)
def test_the_list_that_a_report_prints_stands_beside_its_count_and_its_total(
    engine: sa.Engine, told: tuple[Claim, ...], exact: str, verdict: tuple[str, str | None]
) -> None:
    row = summed(engine, *THREE, *told)[exact]
    assert (row["verdict"], row["finding"]) == verdict
    assert len(row["evidence"]) >= 1 + len(THREE)


@pytest.mark.parametrize(
    "told",
    [
        count("3", role="target"),
        replace(count("3"), period=None, column=None, measure="launched"),
        claim(
            "10", "Lauréats", service=NOBODY, measure="fast", period="en 2022"
        ),  # whose list is not printed
        spent("30 000 €"),  # less than what one laureate got
        spent("4 160 000 €", "coaching équivalent"),
        spent("4 160 000 €", place=ELSEWHERE),
        replace(spent("4 160 000 €"), service=ServiceMatch("essai", "certain")),
    ],
    ids=["target", "other measure", "other year", "small", "other words", "other heading", "one service"],
)
def test_what_is_about_something_else_is_not_summed(engine: sa.Engine, told: Claim) -> None:
    assert summed(engine, *THREE, told) == {}


def test_a_total_under_the_list_is_no_laureate(engine: sa.Engine) -> None:
    total = award("580 000 €", None)
    passage = replace(total.passage, text="Montant total engagé : 580 000 €")
    total = replace(total, passage=passage, place=replace(UNDER_FAST, path=(HEADING,)))
    rows = summed(engine, *THREE, total, count("3"))
    assert {printed: row["verdict"] for printed, row in rows.items()} == {"580 000 €": "exact", "3": "exact"}


def test_without_a_list_nothing_is_summed(engine: sa.Engine) -> None:
    assert summed(engine, count("18"), spent("4,16 millions d'euros")) == {}
