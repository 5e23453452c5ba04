"""What each service in acceleration or later lacks to be of national impact."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from connectors.portfolio import PHASES, Phase, Product
from tests.warehouse.test_qualification import DAY, EXEMPLARY, FRESH, NOTHING, counted, judged, printed
from warehouse.derived.evidence import JudgedFigure, PrintedFigure, StatisticsProof
from warehouse.derived.missing_evidence import CONCERNED, missing

ENOUGH = counted("200000")


def lacking(
    *figures: JudgedFigure | PrintedFigure,
    product: Product = EXEMPLARY,
    proof: StatisticsProof = FRESH,
    on: date = DAY,
) -> dict[tuple[str, str], tuple[str, str]]:
    """What is lacking, by criterion and short name: the verdict and the sentence."""
    rows = missing(product, judged(*figures, product=product, proof=proof, on=on), on)
    return {(row["criterion"], row["lacks"]): (row["verdict"], row["sentence"]) for row in rows}


def test_nothing_is_lacking_where_every_criterion_is_met() -> None:
    assert lacking(ENOUGH) == {}


@pytest.mark.parametrize(
    ("absent", "lacks"),
    [
        ({"accessibility_status": None}, "accessibility"),
        ({"repository": None}, "source"),
        ({"budget_url": None}, "budget"),
    ],
)
def test_a_field_missing_from_the_portfolio_is_asked_for(absent: dict[str, Any], lacks: str) -> None:
    ((where, (verdict, sentence)),) = lacking(ENOUGH, product=replace(EXEMPLARY, **absent)).items()
    assert where == ("quality", lacks)
    assert verdict == "unknown"
    assert sentence.startswith("Il manque l'")
    assert sentence.endswith("dans le portefeuille).")


@pytest.mark.parametrize(
    ("figures", "lacks", "verdict"),
    [
        ([], "figure", "unknown"),
        ([counted("95", nature="ratio", unit="%")], "figure", "unknown"),
        ([counted("99999")], "threshold", "not_met"),
        ([counted("95000", qualifier="at_least")], "precision", "unknown"),
        ([counted("10000", nature="flow")], "total", "unknown"),
        ([counted("4200", reach="organisations")], "target", "unknown"),
        ([counted("200000", held_back=True)], "release", "unknown"),
        ([printed("200000", reach=None)], "reach", "unknown"),
        ([printed("90000", nature=None)], "total", "unknown"),
    ],
)
def test_what_the_figures_lack(figures: list[JudgedFigure | PrintedFigure], lacks: str, verdict: str) -> None:
    ((where, told),) = lacking(*figures).items()
    assert where == ("impact", lacks)
    assert told[0] == verdict


def test_figures_that_lack_the_same_thing_are_told_together() -> None:
    large, small = counted("95000", qualifier="at_least"), counted("90000", qualifier="at_least")
    (_, sentence) = lacking(large, small)["impact", "precision"]
    assert "plus de 95\u202f000" in sentence
    assert "plus de 90\u202f000" in sentence


def test_a_page_that_nobody_reads_is_asked_for_too() -> None:
    assert set(lacking(ENOUGH, proof=NOTHING)) == {("quality", "statistics")}


@pytest.mark.parametrize("phase", PHASES)
def test_only_services_in_acceleration_or_later_are_listed(phase: str) -> None:
    bare = Product("essai", "Essai", phases=(Phase(phase, date(2020, 1, 1), None),))
    assert bool(lacking(product=bare, proof=NOTHING)) == (phase in CONCERNED)


def test_a_phase_that_ended_without_another_proves_nothing_more() -> None:
    over = replace(EXEMPLARY, phases=(Phase("acceleration", date(2020, 1, 1), date(2023, 1, 17)),))
    verdict, sentence = lacking(ENOUGH, product=over)["deployment", "phase"]
    assert verdict == "unknown"
    assert "terminée le 17/01/2023 : le portefeuille ne dit pas ce qui a suivi" in sentence
    assert ("deployment", "phase") not in lacking(ENOUGH, product=over, on=date(2023, 1, 17))


def test_every_thing_that_may_be_lacking_has_its_sentence() -> None:
    """A new kind of evidence without its words would stop the night."""
    figures: list[JudgedFigure | PrintedFigure] = [printed("5"), printed("5", reach=None)]
    figures += [counted("5"), counted(None), counted("5", nature="flow"), counted("5", reach="companies")]
    for on in (date(2022, 6, 1), DAY, date(2026, 1, 1)):
        for phase in CONCERNED:
            product = Product("essai", "Essai", phases=(Phase(phase, date(2020, 1, 1), None),))
            told = lacking(*figures, counted("5", held_back=True), product=product, proof=NOTHING, on=on)
            assert all(sentence.startswith("Il manque") for _, sentence in told.values())
