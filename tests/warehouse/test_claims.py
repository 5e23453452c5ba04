"""Claims: what the characters of a printed report mean, and how they are kept."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from connectors.report import Question, Quote, ServiceMatch, Unplaced
from tests.warehouse.printed import NOBODY, PLACE, claim, report, year
from warehouse import claim_decisions, claims
from warehouse.claim_meaning import understand
from warehouse.errors import UnknownAnswer
from warehouse.history import Row
from warehouse.tables import claim_decisions as decision_table
from warehouse.tables import claims as claim_table

AT = datetime(2024, 2, 16, 9, tzinfo=UTC)
LATER = AT + timedelta(days=30)
LIKELY = ServiceMatch("essai", "likely", ("essai", "autre"), "the words are those of its purpose")


def number(*parts: str | None) -> list[Decimal | None]:
    return [None if part is None else Decimal(part) for part in parts]


# --- meaning ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("exact", "more", "value", "low", "high", "unit"),
    [
        ("2,7 millions", {"unit": "dossiers"}, "2700000", "2650000", "2750000", "dossier"),
        ("Plus de 95 000", {"unit": "évaluations"}, "95000", "95000", None, "évaluation"),
        ("4,2/5", {"unit": "/5"}, "4.2", "4.15", "4.25", "/5"),
        ("1,30€", {"unit": "€"}, "1.3", "1.295", "1.305", "€"),
        ("4,16\nmillions\nd'euros", {"unit": "d'euros"}, "4160000", "4155000", "4165000", "€"),
        ("57 %", {"unit": "%"}, "57", "57", "57", "%"),
        ("107", {"words": "zygomatiques", "unit": "zygomatiques"}, "107", "107", "107", None),
        ("12 750", {"words": "organisations inscrites"}, "12750", "12750", "12750", "organisation"),
        ("+18 pts", {"sense": "up"}, "18", "18", "18", "pts"),
        ("x16", {"sense": "up"}, "16", "16", "16", "x"),
        ("12 %", {"kind": "growth", "sense": "down"}, "-12", "-12", "-12", "%"),
        ("baisse de 12 %", {"kind": "growth", "sense": "down"}, "-12", "-12", "-12", "%"),
        ("hausse de plus de 12 %", {"kind": "growth", "sense": "up"}, "12", "12", None, "%"),
        ("baisse de plus de 12 %", {"kind": "growth", "sense": "down"}, "-12", None, "-12", "%"),
    ],
)
def test_a_number_is_understood_with_its_precision_and_its_unit(
    exact: str, more: dict[str, Any], value: str, low: str | None, high: str | None, unit: str | None
) -> None:
    meaning = understand(claim(exact, **more))
    assert [meaning.value, meaning.low, meaning.high] == number(value, low, high)
    assert (meaning.unit, meaning.trouble) == (unit, None)


def test_what_is_not_available_is_an_answer() -> None:
    meaning = understand(claim("ND"))
    assert (meaning.value, meaning.qualifier, meaning.trouble) == (None, "not_available", None)


@pytest.mark.parametrize("exact", ["1,234", "12 34", "la moitié", "", "1O2", "²"])
def test_what_is_not_one_number_is_kept_with_its_reason(exact: str) -> None:
    meaning = understand(claim(exact, kind="figure", period="EN 2023"))
    assert (meaning.value, meaning.period) == (None, "2023")
    assert meaning.trouble


@pytest.mark.parametrize(
    ("words", "rhythm", "exact", "nature"),
    [
        ("dossiers déposés", None, "12", None),
        ("dossiers", "en cumulé", "12", "cumulative"),
        ("dossiers", "depuis l'ouverture du service", "12", "cumulative"),
        ("dossiers depuis son lancement", None, "12", "cumulative"),
        ("trajets", "par mois", "12", "flow"),
        ("nouveaux besoins", None, "12", "flow"),
        ("nouvelles communes", "en cumulé", "12", "cumulative"),
        ("Coût par utilisateur", "par mois", "1,30€", "cost"),
        ("des agents", None, "86 %", "ratio"),
        ("note", None, "4,2/5", "score"),
    ],
)
def test_the_nature_is_what_the_words_say(words: str, rhythm: str | None, exact: str, nature: str) -> None:
    assert understand(claim(exact, words, rhythm=rhythm)).nature == nature


@pytest.mark.parametrize(
    ("period", "column", "understood"),
    [
        ("EN 2023", None, "2023"),
        ("en\n2023", None, "2023"),
        ("En janvier 2024", None, "2024-01"),
        ("début 2024", None, "2024-01"),
        ("au 31 décembre 2023", None, "2023-12-31"),
        ("1er trimestre 2023", None, "2023-01-01/2023-03-31"),
        ("fin 2023", None, "2023"),
        ("pour la rentrée 2024", "EN 2023", "2024"),
        ("depuis 2017", "EN 2023", "2023"),
        ("depuis 2017", None, None),
        ("2022-2023", None, None),
        ("entre 2021 et 2023", None, None),
        ("avant 2020", None, None),
        (None, "EN 2022", "2022"),
        (None, None, None),
    ],
)
def test_a_period_is_read_in_one_way_or_not_at_all(
    period: str | None, column: str | None, understood: str | None
) -> None:
    assert understand(claim("12", period=period, column=column)).period == understood


def test_a_total_without_a_date_is_a_total() -> None:
    assert understand(claim("12", rhythm="en cumulé")).period == "cumul"


@given(st.text(max_size=40), st.text(max_size=40), st.sampled_from(["figure", "growth"]))
def test_no_characters_raise(exact: str, period: str, kind: str) -> None:
    understand(claim(exact, period, kind=kind, period=period, sense="down"))


# --- keeping ------------------------------------------------------------------------------


class Shelf:
    """A warehouse that is told reports."""

    def __init__(self, engine: sa.Engine) -> None:
        self.engine = engine

    def keep(self, told: Any, at: datetime = AT, present: dict[str, str] | None = None) -> int:
        with self.engine.begin() as connection:
            return claims.keep(connection, told, "bilan.txt", present or {}, at)

    def decide(self, about: str, answer: str, at: datetime, services: str = "essai autre") -> int:
        with self.engine.begin() as connection:
            known = frozenset(services.split())
            return claim_decisions.decide(connection, about, answer, "Camille", known, at)

    def read(self, at: datetime = LATER, edition: int | None = None) -> list[Row]:
        with self.engine.connect() as connection:
            return claims.on_record(connection, at, edition)

    def questions(self, at: datetime = LATER) -> list[Row]:
        with self.engine.connect() as connection:
            return claims.questions(connection, at)


@pytest.fixture
def shelf(engine: sa.Engine) -> Shelf:
    return Shelf(engine)


def asking(*likely: Any, edition: int = 2023) -> Any:
    """A report whose claims wait for one answer."""
    told = report(*likely, edition=edition)
    question = Question("service", "Which service?", ("essai", "autre"), told.claims)
    return replace(told, questions=(question,))


def test_a_claim_keeps_its_words_its_place_and_its_meaning(shelf: Shelf) -> None:
    shelf.keep(report(year("173 154", 2023, "promesses d'actions", rhythm="en cumulé")))
    (row,) = shelf.read()
    said = {
        name: row[name] for name in ("edition", "service_id", "match", "metric", "period", "text", "place")
    }
    assert said == {
        "edition": 2023,
        "service_id": "essai",
        "match": "certain",
        "metric": "promesses d'actions",
        "period": "2023",
        "text": "173 154",
        "place": "page 12, Les services › Essai, line 40",
    }
    assert (row["value"], row["nature"], row["unit"]) == (Decimal(173154), "cumulative", "promesse")
    assert (row["start"], row["end"]) == (0, len("173 154"))


def test_the_two_figures_of_a_growth_are_claims_of_their_own(shelf: Shelf) -> None:
    base, result = year("58 000", 2022), year("173 154", 2023)
    growth = claim("+198 %", base=base, result=result, sense="up")
    shelf.keep(report(base, result, growth))
    rows = {row["text"]: row for row in shelf.read()}
    assert rows["+198 %"]["base_claim"] == rows["58 000"]["claim_id"]
    assert rows["+198 %"]["result_claim"] == rows["173 154"]["claim_id"]


def test_told_twice_it_adds_nothing(shelf: Shelf) -> None:
    told = report(
        claim("12"), claim("12"), unplaced=(Unplaced(Quote("3", 0, 1), Quote("3", 0, 1), PLACE, "no"),)
    )
    assert shelf.keep(told) == 4  # the report, two claims that say the same, one passage
    assert shelf.keep(told, AT + timedelta(hours=1)) == 0


def test_a_better_reading_stands_beside_the_older_one(shelf: Shelf) -> None:
    shelf.keep(report(claim("12"), claim("7"), body="same"))
    shelf.keep(report(claim("12", "Dossiers déposés"), body="same"), LATER)
    assert [(row["text"], row["metric"]) for row in shelf.read(AT)] == [("12", "Dossiers"), ("7", "Dossiers")]
    assert [(row["text"], row["metric"]) for row in shelf.read()] == [("12", "Dossiers déposés")]


def test_a_reader_that_moves_the_text_moves_no_claim(shelf: Shelf) -> None:
    shelf.keep(report(claim("12"), claim("7"), body="same"))
    before = {row["claim_id"] for row in shelf.read(AT)}
    shelf.keep(report(claim("7"), claim("12"), body="same"), LATER)
    assert {row["claim_id"] for row in shelf.read()} == before


def test_a_former_id_is_the_present_one(shelf: Shelf) -> None:
    shelf.keep(report(claim("12", service=ServiceMatch("ancien", "certain"))), present={"ancien": "essai"})
    assert [row["service_id"] for row in shelf.read()] == ["essai"]


def test_a_figure_of_the_programme_has_no_service(shelf: Shelf) -> None:
    shelf.keep(report(claim("24", measure="impact_national_total"), claim("300 000 €", measure="fast_award")))
    assert [row["service_id"] for row in shelf.read()] == [None, "essai"]


def test_what_was_known_is_asked_as_of_a_moment(shelf: Shelf) -> None:
    shelf.keep(report(claim("12")), LATER)
    assert shelf.read(AT) == []
    assert len(shelf.read(LATER)) == 1


# --- as evidence --------------------------------------------------------------------------


def test_only_sure_figures_are_evidence(shelf: Shelf) -> None:
    told = (
        claim("95 000"),
        claim("12", service=LIKELY),
        claim("ND"),
        claim("+5 %"),
        claim("3", service=NOBODY),
    )
    shelf.keep(report(*told))
    with shelf.engine.connect() as connection:
        sure = claims.figures(connection, LATER, service_id="essai")
        every = claims.figures(connection, LATER, edition=2023)
        none = claims.figures(connection, LATER, edition=2022)
    assert [row["text"] for row in sure] == ["95 000"]
    assert [row["text"] for row in every] == ["95 000", "12", "3"]
    assert none == []


# --- decisions ----------------------------------------------------------------------------


def test_a_decision_outlives_the_reading_it_was_made_on(shelf: Shelf) -> None:
    told = asking(claim("12", service=LIKELY), claim("7", service=LIKELY))
    shelf.keep(told)
    (question,) = shelf.questions(AT)
    assert shelf.decide(question["question_id"], "autre", AT + timedelta(hours=1)) == 2
    shelf.keep(told, AT + timedelta(hours=2))
    shelf.keep(asking(claim("12", "Dossiers déposés", service=LIKELY), claim("7", service=LIKELY)), LATER)
    decided = {row["text"]: (row["service_id"], row["match"]) for row in shelf.read()}
    assert decided["7"] == ("autre", "decided")


def test_a_decision_is_known_from_its_moment_with_who_made_it(shelf: Shelf) -> None:
    shelf.keep(asking(claim("12", service=LIKELY)))
    shelf.decide(shelf.questions(AT)[0]["question_id"], "essai", LATER)
    with shelf.engine.connect() as connection:
        assert claim_decisions.standing(connection, AT) == {}
        assert list(claim_decisions.standing(connection, LATER).values()) == ["essai"]
        assert connection.scalars(sa.select(decision_table.c.decided_by)).all() == ["Camille"]


def test_one_claim_can_be_decided_alone_and_decided_again(shelf: Shelf) -> None:
    told = asking(claim("12", service=LIKELY), claim("7", service=LIKELY))
    shelf.keep(told)
    name = next(row["claim_id"] for row in shelf.read(AT) if row["text"] == "7")
    for hours, (answer, expected) in enumerate([("autre", "autre"), ("none", None)], start=1):
        at = AT + timedelta(hours=hours)
        assert shelf.decide(name, answer, at) == 1
        shelf.keep(told, at)
        assert {row["text"]: row["service_id"] for row in shelf.read(at)} == {"12": "essai", "7": expected}
    assert [len(row["claims"]) for row in shelf.questions()] == [1]


@pytest.mark.parametrize(
    ("about", "answer", "sentence"),
    [
        ("", "essai", "No question and no claim begins with ''."),
        ("nothing", "essai", "No question and no claim begins with 'nothing'."),
        ("%", "essai", "No question and no claim begins with '%'."),
        ("{name}", "nobody", "No service of the portfolio has the id 'nobody'."),
    ],
)
def test_an_answer_must_fit(shelf: Shelf, about: str, answer: str, sentence: str) -> None:
    shelf.keep(asking(claim("12", service=LIKELY)))
    name = shelf.questions(AT)[0]["question_id"]
    with pytest.raises(UnknownAnswer) as caught:
        shelf.decide(about.format(name=name), answer, AT)
    assert str(caught.value) == sentence


def test_a_name_that_two_things_begin_with_is_refused(shelf: Shelf) -> None:
    shelf.keep(report(*(claim(str(figure)) for figure in range(300))))
    starts = [row["claim_id"][0] for row in shelf.read()]
    twice = next(start for start in starts if starts.count(start) > 1)
    with pytest.raises(UnknownAnswer, match="Several questions or claims begin"):
        shelf.decide(twice, "essai", AT)


def test_rows_of_one_report_never_touch_another(shelf: Shelf) -> None:
    shelf.keep(report(claim("12"), edition=2022))
    shelf.keep(report(claim("7"), edition=2023), LATER)
    assert [row["text"] for row in shelf.read(edition=2022)] == ["12"]
    with shelf.engine.connect() as connection:
        assert connection.scalar(sa.select(sa.func.count()).select_from(claim_table)) == 2
        assert set(claims.editions(connection, LATER)) == {2022, 2023}
