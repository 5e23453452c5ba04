"""Printed figures: which claims are evidence, what they count, and which of several is the last word."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa

from connectors.report import Claim, Question, ServiceMatch
from tests.warehouse.build import metric, night, service
from tests.warehouse.printed import claim, report, year
from warehouse import claim_decisions, claims, metrics
from warehouse.derived.evidence import PrintedFigure
from warehouse.derived.printed_figures import PrintedFigures
from warehouse.night import Night

AT = datetime(2024, 2, 16, 9, tzinfo=UTC)
TONIGHT = night("2024-02-16", 22)
LATER = night("2024-03-02")
ESSAI = service(
    dossiers=metric(label="Dossiers", reach="uses", nature="stock"),
    foyers=metric(label="Foyers aidés", reach="people"),
    communes=metric(label="Communes actives", reach="organisations", nature="flow", period="last_30_days"),
    visites_agents=metric(label="Visites", reach="agents"),
    visites_usagers=metric(label="Visites", reach="uses"),
    part=metric(label="Part des dossiers", unit="%", nature="ratio", reach="uses"),
)


@pytest.fixture
def declared(engine: sa.Engine) -> sa.Engine:
    with engine.begin() as connection:
        metrics.declare(connection, [ESSAI], night("2023-01-01"))
    return engine


def keep(engine: sa.Engine, *told: Claim, edition: int = 2023, at: datetime = AT, **more: Any) -> None:
    with engine.begin() as connection:
        claims.keep(connection, report(*told, edition=edition, **more), "bilan.txt", {}, at)


def printed(engine: sa.Engine, on: Night = TONIGHT, *ids: str) -> list[PrintedFigure]:
    with engine.connect() as connection:
        return PrintedFigures(connection, on).of(ids or ("essai",))


# --- what a claim counts ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "more", "reach", "nature"),
    [
        ("Dossiers", {}, "uses", "stock"),
        ("dossiers", {"rhythm": "en cumulé"}, "uses", "cumulative"),
        ("Dossiers par mois", {"rhythm": "par mois"}, "uses", "flow"),
        ("foyers aidés", {}, "people", None),  # a total, or a year's part: the report does not say
        ("communes actives", {}, "organisations", "flow"),
        ("communes limitrophes", {}, None, None),  # only some words are the metric's
        ("zygomatiques", {}, None, None),
        ("visites", {}, None, None),  # two metrics that do not count the same thing
    ],
)
def test_a_claim_counts_what_the_metric_of_its_words_counts(
    declared: sa.Engine, words: str, more: dict[str, Any], reach: str | None, nature: str | None
) -> None:
    keep(declared, year("120 000", 2023, words, **more))
    (figure,) = printed(declared)
    assert (figure.reach, figure.nature) == (reach, nature)
    assert (figure.label, figure.period_end) == (words, date(2023, 12, 31))


@pytest.mark.parametrize(("words", "said"), [("zygomatiques", "aucun"), ("visites", "plusieurs")])
def test_a_reach_that_is_not_known_says_why(declared: sa.Engine, words: str, said: str) -> None:
    keep(declared, year("120 000", 2023, words))
    assert said in printed(declared)[0].doubt


def test_before_a_metric_is_declared_nothing_says_what_is_counted(engine: sa.Engine) -> None:
    keep(engine, year("120 000", 2023))
    assert printed(engine)[0].reach is None


def test_a_figure_keeps_its_interval_and_says_where_it_is_printed(declared: sa.Engine) -> None:
    keep(declared, year("Plus de 95 000", 2023))
    (figure,) = printed(declared)
    assert (figure.value, figure.low, figure.high) == (Decimal(95000), Decimal(95000), None)
    assert figure.source == "Bilan 2023 (page 12, Les services › Essai, ligne 40)"


def test_a_service_is_found_by_the_ids_that_it_had(declared: sa.Engine) -> None:
    keep(declared, year("120 000", 2023, service=ServiceMatch("avant", "certain")))
    assert printed(declared) == []
    (figure,) = printed(declared, TONIGHT, "essai", "avant")
    assert figure.reach == "uses"


# --- what is no evidence ------------------------------------------------------------------


@pytest.mark.parametrize(
    "told",
    [
        year("120 000", 2023, service=ServiceMatch("essai", "likely", ("essai",))),
        year("120 000", 2023, service=ServiceMatch(None, "none")),
        year("300 000 €", 2023, "Subvention", unit="€"),
        year("57 %", 2023, "Part des dossiers", unit="%"),
        year("4,2/5", 2023, "Dossiers", unit="/5"),
        year("120 000", 2023, measure="fast_award"),
        year("120 000", 2023, measure="services_supported"),
        year("120 000", 2023, role="target"),
        year("ND", 2023),
        claim("+73 %", "de dossiers", period="EN 2023", sense="up"),
        claim("120 000", period="en 2024", period_from="sentence"),
        claim("120 000", period="en 2024", period_from="sentence", column="EN 2023"),
    ],
    ids=lambda told: f"{told.exact.text} {told.words.text} {told.measure or told.service.match}",
)
def test_what_is_not_a_count_of_a_sure_service_in_a_year_that_was_over_is_none(
    declared: sa.Engine, told: Claim
) -> None:
    keep(declared, told)
    assert printed(declared, night("2030-01-01")) == []


def ask(engine: sa.Engine, at: datetime) -> None:
    """A report with a service that is only likely, and words that are only paired by their order."""
    likely = year("120 000", 2023, service=ServiceMatch("essai", "likely", ("essai", "autre")))
    doubtful = year("130 000", 2023, "Foyers aidés", doubt="two figures, one label")
    _, paired = report(likely, doubtful).claims
    asked = Question("words", "Are these its words?", (), (paired,))
    keep(engine, likely, doubtful, at=at, questions=(asked,))


def test_what_waits_for_a_person_is_none_until_it_is_answered(declared: sa.Engine) -> None:
    ask(declared, AT)
    assert printed(declared) == []
    with declared.begin() as connection:
        (question,) = claims.questions(connection, AT)
        likely = next(row for row in claims.on_record(connection, AT) if row["match"] == "likely")
        for about, answer in ((question["question_id"], "Foyers aidés"), (likely["claim_id"], "essai")):
            claim_decisions.decide(connection, about, answer, "Camille", frozenset(("essai",)), LATER.at)
    ask(declared, LATER.at)
    assert printed(declared) == []  # as known then
    assert {figure.value for figure in printed(declared, LATER)} == {120_000, 130_000}


# --- both clocks --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("on", "found"),
    [
        (night("2024-02-16"), 0),  # not imported yet
        (TONIGHT, 1),
        (night("2024-02-16", 22, of="2023-12-30"), 0),  # imported, of a year that was not over
        (night("2024-02-16", 22, of="2023-12-31"), 1),
    ],
    ids=["before", "after", "the year under way", "its last day"],
)
def test_a_claim_is_evidence_once_known_of_a_time_that_was_over(
    declared: sa.Engine, on: Night, found: int
) -> None:
    keep(declared, year("120 000", 2023))
    assert len(printed(declared, on)) == found


@pytest.mark.parametrize(
    ("period", "end"),
    [
        ("EN 2022", date(2022, 12, 31)),
        ("en janvier 2023", date(2023, 1, 31)),
        ("au 30 juin 2023", date(2023, 6, 30)),
        (None, date(2023, 12, 31)),  # nothing closer than the edition
    ],
)
def test_the_end_of_what_a_claim_describes(declared: sa.Engine, period: str | None, end: date) -> None:
    keep(declared, claim("120 000", period=period, period_from=period and "sentence"))
    assert [figure.period_end for figure in printed(declared)] == [end]


# --- the last word ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("first", "second", "values"),
    [
        (year("100", 2022), year("200", 2023), {200}),
        (year("100", 2022, rhythm="en cumulé"), year("200", 2023), {100, 200}),  # not the same nature
        (year("100", 2022, "zygomatiques"), year("200", 2023, "Zygomatiques"), {200}),
        (year("100", 2023), year("200", 2023), {100, 200}),  # printed twice: both stand
    ],
)
def test_of_one_figure_the_last_period_is_the_last_word(
    declared: sa.Engine, first: Claim, second: Claim, values: set[int]
) -> None:
    keep(declared, first, second)
    assert {int(figure.value) for figure in printed(declared)} == values


def test_of_one_period_the_last_edition_is_the_last_word(declared: sa.Engine) -> None:
    keep(declared, year("510 000", 2023, "Foyers aidés"))
    keep(declared, year("99 278", 2023, "Foyers aidés"), edition=2024)
    assert [int(figure.value) for figure in printed(declared)] == [99_278]
