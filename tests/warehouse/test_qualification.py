"""Impact national: each criterion met, not met or unknown, with its evidence."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.portfolio import Event, Phase, Product
from warehouse import words
from warehouse.derived.evidence import (
    Criterion,
    Evidence,
    Finding,
    JudgedFigure,
    PrintedFigure,
    StatisticsProof,
    Verdict,
)
from warehouse.derived.qualification import (
    Judgement,
    cohort_of,
    designated_on,
    disagreement,
    judge,
)
from warehouse.derived.rules import load_cohorts, load_rules, rules_on

RULES = load_rules()
COHORTS = load_cohorts({"les-emplois": ("itou",)})
DAY = date(2024, 1, 1)
FRESH = StatisticsProof(collected=True, fresh=True, figures_found=3, reason=None)
NOTHING = StatisticsProof(collected=None, fresh=None, figures_found=0, reason=None)
EXEMPLARY = Product(
    id="essai",
    name="Essai",
    link="https://essai.fr",
    budget_url="/budget",
    repository="https://code.essai.fr",
    accessibility_status="non conforme",
    phases=(Phase("acceleration", date(2022, 1, 1), None),),
)


def counted(value: str | None, **changes: Any) -> JudgedFigure:
    amount = None if value is None else Decimal(value)
    figure = JudgedFigure(
        metric_id="evaluations",
        label="Évaluations réalisées",
        value=amount,
        low=None,
        high=None,
        qualifier="exact",
        unit="évaluation",
        nature="cumulative",
        reach="uses",
        kind="usage",
        observation_id="o1",
        held_back=False,
        period_end=date(2023, 12, 31),
    )
    return replace(figure, **changes)


def printed(value: str, **changes: Any) -> PrintedFigure:
    figure = PrintedFigure(
        claim_id="c1",
        label="évaluations réalisées",
        value=Decimal(value),
        low=None,
        high=None,
        qualifier="exact",
        nature="cumulative",
        reach="uses",
        doubt="rien ne dit ce qui est compté",
        source="Bilan 2023 (page 12, EVA › IMPACT, ligne 400)",
        period_end=date(2023, 12, 31),
    )
    return replace(figure, **changes)


def judged(
    *figures: JudgedFigure | PrintedFigure,
    product: Product = EXEMPLARY,
    proof: StatisticsProof = FRESH,
    on: date = DAY,
) -> Judgement:
    collected = [figure for figure in figures if isinstance(figure, JudgedFigure)]
    reports = [figure for figure in figures if isinstance(figure, PrintedFigure)]
    return judge(product, collected, proof, rules_on(RULES, on), on, reports)


# --- deployment ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("phase", "on", "expected"),
    [
        ("acceleration", date(2022, 6, 1), "not_met"),  # the older wording asks to be out of incubation
        ("acceleration", DAY, "met"),
        ("success", DAY, "met"),
        ("alumni", DAY, "met"),
        ("transfere", DAY, "met"),
        ("construction", DAY, "not_met"),
        ("abandon", DAY, "not_met"),
        ("hibernation", DAY, "unknown"),
    ],
)
def test_deployment(phase: str, on: date, expected: str) -> None:
    product = replace(EXEMPLARY, phases=(Phase(phase, date(2020, 1, 1), None),))
    finding = judged(product=product, on=on).criteria["deployment"]
    assert finding.verdict == expected
    assert finding.evidence[0].ref == f"essai/phases/{phase}/2020-01-01"
    assert f"« {words.phase(phase)} »" in finding.evidence[0].sentence_fr


def test_no_phase_in_force_proves_nothing() -> None:
    product = replace(EXEMPLARY, phases=())
    assert judged(product=product).criteria["deployment"].verdict == "unknown"
    assert judged(product=product).criteria["quality"].verdict == "unknown"


# --- impact -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("figures", "expected"),
    [
        ([], "unknown"),
        ([counted("100000")], "met"),
        ([counted("99999")], "not_met"),
        ([counted("95000", qualifier="at_least")], "unknown"),
        ([counted("95000", low=Decimal(95000), qualifier="at_least")], "unknown"),
        ([counted("100000", qualifier="at_least")], "met"),
        ([counted("99000", qualifier="at_most")], "not_met"),
        ([counted("200000", qualifier="at_most")], "unknown"),
        ([counted("120000", qualifier="about")], "unknown"),
        ([counted("100000", low=Decimal(95000), high=Decimal(105000), qualifier="about")], "unknown"),
        ([counted("120000", low=Decimal(115000), high=Decimal(125000), qualifier="about")], "met"),
        ([counted(None)], "unknown"),
        ([counted("200000", held_back=True)], "unknown"),
        ([counted("5", held_back=True)], "unknown"),
        ([counted("10000", nature="flow")], "unknown"),
        ([counted("800000", nature="flow")], "met"),
        ([counted("95", nature="ratio", unit="%")], "unknown"),
        ([counted("5000000", reach="things")], "unknown"),
        ([counted("4200", reach="organisations")], "unknown"),
        ([counted("150000", reach="companies")], "met"),
        ([counted("50000", reach="agents")], "not_met"),
        ([counted("200000", period_end=date(2024, 2, 1))], "unknown"),  # not yet
        ([counted("5"), counted("200000", reach="people")], "met"),
        ([counted("5"), counted("95000", qualifier="at_least")], "unknown"),
        ([counted("5"), counted("6", reach="people")], "not_met"),
        ([printed("100000")], "met"),
        ([printed("99999")], "not_met"),
        ([printed("95000", low=Decimal(95000), qualifier="at_least")], "unknown"),
        ([printed("100000", nature=None)], "met"),  # a part that reaches it does, whatever the total
        ([printed("99999", nature=None)], "unknown"),
        ([printed("99999", nature="flow")], "unknown"),
        ([printed("5000000", reach=None)], "unknown"),
        ([printed("5000000", reach="things")], "unknown"),
        ([printed("200000", period_end=date(2024, 2, 1))], "unknown"),  # not yet
        ([counted("5"), printed("200000")], "met"),
        ([counted("200000"), printed("5")], "met"),
        ([counted("5"), printed("6")], "not_met"),
        ([counted("5"), printed("200000", reach=None)], "unknown"),
        ([counted("5"), printed("6", reach="things")], "not_met"),
        # The report does not say whether this is a total; the total itself was collected since, or not.
        ([counted("5"), printed("4", nature=None, metrics=("evaluations",))], "not_met"),
        ([counted("5"), printed("4", nature=None, metrics=("other",))], "unknown"),
        ([counted("5", held_back=True), printed("4", nature=None, metrics=("evaluations",))], "unknown"),
        (
            [
                counted("5", period_end=date(2022, 12, 31)),
                printed("4", nature=None, metrics=("evaluations",)),
            ],
            "unknown",
        ),
        ([counted("5"), printed("200000", nature=None, metrics=("evaluations",))], "met"),
    ],
)
def test_impact(figures: list[JudgedFigure | PrintedFigure], expected: str) -> None:
    finding = judged(*figures).criteria["impact"]
    assert finding.verdict == expected
    assert finding.evidence


def test_a_printed_figure_stands_beside_the_collected_one_and_says_where_it_is_printed() -> None:
    evidence = judged(counted("95000"), printed("95000", qualifier="at_least")).criteria["impact"].evidence
    assert [(one.kind, one.ref, one.verdict) for one in evidence] == [
        ("claim", "c1", "unknown"),
        ("figure", "o1", "not_met"),
    ]
    assert evidence[0].sentence_fr == (
        "Bilan 2023 (page 12, EVA › IMPACT, ligne 400), « évaluations réalisées » : plus de 95\u202f000, "
        "ce qui ne permet pas de dire si le seuil de 100\u202f000 est atteint."
    )


def test_a_printed_figure_of_which_nobody_knows_what_it_counts_says_so() -> None:
    (one,) = judged(printed("200000", reach=None)).criteria["impact"].evidence
    assert (one.verdict, one.about) == ("unknown", "reach")
    assert one.sentence_fr.endswith("200\u202f000, rien ne dit ce qui est compté.")


def test_the_deciding_figure_comes_first_in_the_evidence() -> None:
    finding = judged(
        counted("5", observation_id="small"), counted("200000", observation_id="large")
    ).criteria["impact"]
    assert [evidence.ref for evidence in finding.evidence] == ["large", "small"]
    assert "200\u202f000" in finding.evidence[0].sentence_fr


def test_since_2025_a_small_figure_of_an_unknown_target_proves_nothing() -> None:
    on = date(2026, 1, 1)
    assert judged(counted("50000", reach="agents"), on=on).criteria["impact"].verdict == "unknown"
    assert judged(counted("50000", reach="people"), on=on).criteria["impact"].verdict == "not_met"
    assert judged(counted("100000", reach="agents"), on=on).criteria["impact"].verdict == "met"


@given(
    st.decimals(0, 1000000, places=0), st.decimals(0, 1000000, places=0), st.decimals(0, 1000000, places=0)
)
def test_a_wider_interval_never_decides_otherwise(low: Decimal, value: Decimal, high: Decimal) -> None:
    low, value, high = sorted((low, value, high))
    exact = judged(counted(str(value))).criteria["impact"].verdict
    wide = judged(counted(str(value), low=low, high=high, qualifier="about")).criteria["impact"].verdict
    assert wide in (exact, "unknown")


# --- quality ------------------------------------------------------------------------------


def test_quality_met_shows_every_requirement() -> None:
    finding = judged().criteria["quality"]
    assert finding.verdict == "met"
    assert [evidence.kind for evidence in finding.evidence] == [
        "field",
        "collection",
        "phase",
        "field",
        "field",
    ]
    assert "https://essai.fr/budget" in finding.evidence[-1].sentence_fr


@pytest.mark.parametrize("field", ["accessibility_status", "repository", "budget_url"])
def test_a_field_missing_from_the_portfolio_proves_nothing(field: str) -> None:
    absent: dict[str, Any] = {field: None}
    finding = judged(product=replace(EXEMPLARY, **absent)).criteria["quality"]
    assert finding.verdict == "unknown"
    assert finding.evidence[0].ref == f"essai/{field}"


def test_an_unusable_address_is_no_proof() -> None:
    product = replace(EXEMPLARY, repository="ftp://essai.fr")
    assert judged(product=product).criteria["quality"].verdict == "unknown"


@pytest.mark.parametrize(
    ("proof", "expected"),
    [
        (FRESH, "met"),
        (StatisticsProof(collected=True, fresh=False, figures_found=3, reason="figée"), "not_met"),
        (StatisticsProof(collected=True, fresh=None, figures_found=3, reason=None), "unknown"),
        (StatisticsProof(collected=True, fresh=True, figures_found=0, reason="not_found"), "unknown"),
        (StatisticsProof(collected=False, fresh=None, figures_found=0, reason="gone"), "unknown"),
        (NOTHING, "unknown"),
    ],
)
def test_statistics_are_proved_by_our_own_collection(proof: StatisticsProof, expected: str) -> None:
    finding = judged(proof=proof).criteria["quality"]
    assert finding.verdict == expected
    evidence = next(one for one in finding.evidence if one.kind == "collection")
    assert (proof.reason or "") in evidence.sentence_fr


@pytest.mark.parametrize(
    ("phase", "expected"),
    [
        ("acceleration", "met"),
        ("opere", "met"),
        ("transfere", "unknown"),
        ("alumni", "unknown"),
        ("abandon", "not_met"),
    ],
)
def test_the_phase_tells_whether_there_is_a_team(phase: str, expected: str) -> None:
    product = replace(EXEMPLARY, phases=(Phase(phase, date(2020, 1, 1), None),))
    assert judged(product=product).criteria["quality"].verdict == expected


# --- together -----------------------------------------------------------------------------


def finding(verdict: Verdict) -> Finding:
    return Finding(verdict, (Evidence("rule", "r", "Une raison."),))


@pytest.mark.parametrize(
    ("figure", "product", "expected"),
    [
        (counted("200000"), EXEMPLARY, "met"),
        (counted("95000"), EXEMPLARY, "not_met"),
        (counted("95000", qualifier="at_least"), EXEMPLARY, "unknown"),
        (counted("95000"), replace(EXEMPLARY, repository=None), "not_met"),
        (counted("200000"), replace(EXEMPLARY, repository=None), "unknown"),
    ],
)
def test_all_three_make_the_verdict(figure: JudgedFigure, product: Product, expected: str) -> None:
    judgement = judged(figure, product=product)
    assert judgement.verdict == expected
    assert judgement.rule_set == "2023-01"


@pytest.mark.parametrize(
    ("verdict", "designated", "said"),
    [
        ("met", DAY, None),
        ("met", None, "aucune désignation"),
        ("unknown", DAY, "ne confirment pas"),
        ("unknown", None, None),
        ("not_met", DAY, "contredisent"),
        ("not_met", None, None),
    ],
)
def test_disagreement(verdict: Verdict, designated: date | None, said: str | None) -> None:
    criteria: dict[Criterion, Finding] = {"deployment": finding("met"), "impact": finding(verdict)}
    sentence = disagreement(Judgement(verdict, criteria, "2023-01"), designated)
    assert (sentence is None) == (said is None)
    if sentence and said:
        assert said in sentence
        assert sentence.endswith(".")


def test_eva_was_designated_on_a_figure_that_leaves_the_threshold_open() -> None:
    sentence = disagreement(judged(counted("95000", qualifier="at_least")), date(2023, 12, 31))
    assert sentence == (
        "Désigné le 31/12/2023, ce que les règles (2023-01) ne confirment pas : impact indéterminé "
        "(Évaluations réalisées : plus de 95\u202f000, ce qui ne permet pas de dire si le seuil de "
        "100\u202f000 est atteint)."
    )


# --- designation --------------------------------------------------------------------------


def designated(product_id: str, *days: str) -> Product:
    events = tuple(Event("national_impact", date.fromisoformat(day), "") for day in days)
    return Product(id=product_id, name=product_id, events=events)


@pytest.mark.parametrize(
    ("product", "cohort", "day"),
    [
        (designated("ban", "2023-01-22"), 2022, "2022-12-31"),  # printed in 2022, event re-dated
        (designated("ban", "2022-12-31"), 2022, "2022-12-31"),
        (designated("ban"), 2022, "2022-12-31"),
        (designated("trackdechets", "2022-12-30"), 2022, "2022-12-30"),
        (designated("mon-entreprise", "2020-03-01"), 2020, "2020-03-01"),
        (designated("itou", "2021-12-31"), 2021, "2021-12-31"),
        (designated("acceslibre", "2025-02-26"), 2024, "2024-12-31"),
        (designated("tardif", "2026-04-30"), 2025, "2025-12-31"),
        (designated("printemps", "2026-05-01"), 2026, "2026-05-01"),
        (designated("ancien", "2022-03-01"), 2022, "2022-03-01"),
        (designated("deux-fois", "2026-07-01", "2025-12-31"), 2025, "2025-12-31"),
        (designated("jamais"), None, None),
    ],
)
def test_cohort_and_day_of_designation(product: Product, cohort: int | None, day: str | None) -> None:
    assert cohort_of(product, COHORTS) == cohort
    assert designated_on(product, COHORTS) == (date.fromisoformat(day) if day else None)


def test_another_event_designates_nothing() -> None:
    undated = Event("national_impact", None, "")
    product = Product(id="x", name="x", events=(Event("fast", DAY, ""), undated))
    assert cohort_of(product, COHORTS) is None
