"""Periods: printed dates, and the rules of the metrics."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.service import Metric
from warehouse.errors import UnknownPeriod
from warehouse.normalisation.periods import Period, period_of, read_date, read_period

# Written: the first day, and the last one if it is another.
DATES = {
    "2023-12-31": "2023-12-31",
    "2023-12": "2023-12-01 2023-12-31",
    "2024-02": "2024-02-01 2024-02-29",
    "2023": "2023-01-01 2023-12-31",
    "20231231": "2023-12-31",
    "2023-12-31T12:00:00Z": "2023-12-31",
    "2023-12-31T23:00:00.000Z": "2024-01-01",
    "2024-06-30T22:00:00Z": "2024-07-01",
    "2024-01-01T00:30:00+01:00": "2024-01-01",
    "2024-01-01T00:30:00": "2024-01-01",
    "2024-01-01 00:30:00": "2024-01-01",
    "1704067200": "2024-01-01",
    "1704063600": "2024-01-01",
    "1704063599": "2023-12-31",
    "1704067200000": "2024-01-01",
    "1704067200.5": "2024-01-01",
    "31/12/2023": "2023-12-31",
    "3/4/2023": "2023-04-03",
    "31.12.2023": "2023-12-31",
    "31-12-2023": "2023-12-31",
    "12/2023": "2023-12-01 2023-12-31",
    "décembre 2023": "2023-12-01 2023-12-31",
    "De\u0301cembre 2023": "2023-12-01 2023-12-31",
    "DÉCEMBRE\u00a02023": "2023-12-01 2023-12-31",
    "déc. 2023": "2023-12-01 2023-12-31",
    "janv. 2024": "2024-01-01 2024-01-31",
    "févr. 2024": "2024-02-01 2024-02-29",
    "août 2024": "2024-08-01 2024-08-31",
    "mai-2024": "2024-05-01 2024-05-31",
    "1er janvier 2024": "2024-01-01",
    "1 janvier 2024": "2024-01-01",
    "lundi 4 mars 2024": "2024-03-04",
    "au 31 décembre 2023": "2023-12-31",
    "Chiffres au 1er mars 2024": "2024-03-01",
    "Dernière mise à jour le 03/12/2023": "2023-12-03",
    "Mise à jour : le lundi 4 mars 2024.": "2024-03-04",
    "Mise à jour : 2024-03-04": "2024-03-04",
    "(en 2023)": "2023-01-01 2023-12-31",
    "année 2023": "2023-01-01 2023-12-31",
    "T4 2023": "2023-10-01 2023-12-31",
    "2023-T4": "2023-10-01 2023-12-31",
    "2023-Q1": "2023-01-01 2023-03-31",
    "1er trimestre 2024": "2024-01-01 2024-03-31",
    "4e trimestre 2023": "2023-10-01 2023-12-31",
    "Q1 2024": "2024-01-01 2024-03-31",
    "semaine 12 2024": "2024-03-18 2024-03-24",
    "sem. 12 de 2024": "2024-03-18 2024-03-24",
    "S12 2024": "2024-03-18 2024-03-24",
    "2024-W12": "2024-03-18 2024-03-24",
    "2024-W01": "2024-01-01 2024-01-07",
    "2020-W53": "2020-12-28 2021-01-03",
}

REFUSED = [
    *("12/11/10", "01/02/24", "janv.", "décembre", "déc. 23", "mai 24", "janv-24", "12", "31/12", "4 mars"),
    *(
        "S1 2024",
        "1er semestre 2024",
        "depuis 2015",
        "depuis le 1er janvier 2024",
        "avant 2023",
        "d'ici 2027",
    ),
    *(
        "fin 2023",
        "début mars 2024",
        "2023-2024",
        "2022/2023",
        "de janvier à mars 2024",
        "du 1er au 31 mars 2024",
    ),
    *("12/31/2023", "31/02/2024", "2023-02-29", "2023-13", "2024-W53", "semaine 60 2024", "brumaire 2024"),
    *("1999", "1999-12-31", "2100", "99999999999999", "100000000", "9" * 13, "9" * 10, "2023-12-31T25:00"),
    *(
        "",
        " ",
        "hier",
        "ND",
        "null",
        "２０２３",
        "2023\u200b",
        "1" * 5000,
        "a " * 5000,
        "03/04-2023",
        "5 714",
    ),
]


@pytest.mark.parametrize(("text", "expected"), DATES.items())
def test_a_printed_date_is_a_period(text: str, expected: str) -> None:
    days = [date.fromisoformat(day) for day in expected.split()]
    assert read_period(text) == Period(days[0], days[-1], complete=True)
    assert read_date(text) == days[-1]


@pytest.mark.parametrize("text", REFUSED, ids=lambda text: text[:30])
def test_a_date_that_is_not_one_or_could_be_two_is_refused(text: str) -> None:
    with pytest.raises(UnknownPeriod) as refusal:
        read_period(text)
    assert str(refusal.value).endswith(".")
    assert len(str(refusal.value)) < 250


@pytest.mark.parametrize(
    ("text", "periodicity", "start", "end"),
    [
        ("2024-03-06", "day", "2024-03-06", "2024-03-06"),
        ("2024-03-06", "week", "2024-03-04", "2024-03-10"),
        ("06/03/2024", "month", "2024-03-01", "2024-03-31"),
        ("2023-11-30T23:00:00.000Z", "month", "2023-12-01", "2023-12-31"),
        ("2024-03", "year", "2024-01-01", "2024-12-31"),
        ("T4 2023", "year", "2023-01-01", "2023-12-31"),
    ],
)
def test_a_periodicity_widens_a_date(text: str, periodicity: Any, start: str, end: str) -> None:
    read = read_period(text, periodicity)
    assert (read.start, read.end) == (date.fromisoformat(start), date.fromisoformat(end))


@pytest.mark.parametrize(
    ("text", "periodicity"), [("2023", "month"), ("T4 2023", "month"), ("mai 2024", "week")]
)
def test_a_date_wider_than_the_periodicity_is_refused(text: str, periodicity: Any) -> None:
    with pytest.raises(UnknownPeriod, match=f"by {periodicity}"):
        read_period(text, periodicity)


def metric(nature: str, period: str | None = None, periodicity: str | None = None) -> Metric:
    return Metric.model_validate(
        {
            "label": "Dossiers déposés",
            "unit": "dossier",
            "nature": nature,
            "period": period,
            "periodicity": periodicity,
            "dimension": "utilisé",
            "kind": "usage",
            "reach": "people",
            "locate": {"value": "$.total"},
        }
    )


# nature, rule, periodicity, day, text; first day ("" since launch), last day, complete
RULES = [
    ("stock", None, None, "2024-03-06", None, "2024-03-06", "2024-03-06", True),
    ("ratio", None, None, "2024-03-06", None, "2024-03-06", "2024-03-06", True),
    ("cost", None, None, "2024-03-06", None, "2024-03-06", "2024-03-06", True),
    ("score", None, None, "2024-03-06", None, "2024-03-06", "2024-03-06", True),
    ("stock", "dated", "month", "2024-03-06", "2024-01", "2024-01-31", "2024-01-31", True),
    ("stock", "dated", "month", "2024-03-06", "2024-03", "2024-03-06", "2024-03-06", True),
    ("ratio", "dated", "month", "2024-03-06", "2024-01", "2024-01-01", "2024-01-31", True),
    ("ratio", "calendar_year", None, "2024-03-06", None, "2024-01-01", "2024-12-31", False),
    ("cumulative", None, None, "2024-03-06", None, "", "2024-03-06", True),
    ("cumulative", None, "month", "2024-03-06", "2024-02-01", "", "2024-02-29", True),
    ("cumulative", None, "month", "2024-03-06", "2024-03-01", "", "2024-03-06", True),
    ("cumulative", None, "month", "2024-03-31", "2024-03-01", "", "2024-03-31", True),
    ("flow", "calendar_month", None, "2024-03-06", None, "2024-02-01", "2024-02-29", True),
    ("flow", "calendar_month", None, "2024-01-06", None, "2023-12-01", "2023-12-31", True),
    ("flow", "calendar_month", None, "2024-02-29", None, "2024-02-01", "2024-02-29", True),
    ("flow", "calendar_month", None, "2024-02-28", None, "2024-01-01", "2024-01-31", True),
    ("flow", "calendar_month", None, "2024-03-06", "2024-01-01", "2024-01-01", "2024-01-31", True),
    ("flow", "calendar_year", None, "2024-03-06", None, "2024-01-01", "2024-12-31", False),
    ("flow", "calendar_year", None, "2024-12-31", None, "2024-01-01", "2024-12-31", True),
    ("flow", "calendar_year", None, "2024-03-06", "2023", "2023-01-01", "2023-12-31", True),
    ("flow", "last_30_days", None, "2024-03-06", None, "2024-02-06", "2024-03-06", True),
    ("flow", "last_30_days", None, "2024-03-06", "2024-03-01", "2024-02-01", "2024-03-01", True),
    ("flow", "last_12_months", None, "2024-03-06", None, "2023-03-07", "2024-03-06", True),
    ("flow", "last_12_months", None, "2024-02-29", None, "2023-03-01", "2024-02-29", True),
    ("flow", "year_to_date", None, "2024-03-06", None, "2024-01-01", "2024-03-06", True),
    ("flow", "dated", "month", "2024-03-06", "févr. 2024", "2024-02-01", "2024-02-29", True),
    ("flow", "dated", "month", "2024-03-06", "2024-03", "2024-03-01", "2024-03-31", False),
    ("flow", "dated", "week", "2024-03-06", "04/03/2024", "2024-03-04", "2024-03-10", False),
    ("flow", "dated", "year", "2024-12-31", "2024", "2024-01-01", "2024-12-31", True),
    ("flow", "dated", None, "2024-03-06", "T4 2023", "2023-10-01", "2023-12-31", True),
    ("flow", "dated", "quarter", "2024-03-06", "Q4 2023", "2023-10-01", "2023-12-31", True),
    ("flow", "dated", "quarter", "2024-03-06", "2024-Q1", "2024-01-01", "2024-03-31", False),
    ("flow", "dated", "quarter", "2024-03-06", "2024-01-01", "2024-01-01", "2024-03-31", False),
]


@pytest.mark.parametrize(("nature", "rule", "periodicity", "day", "text", "start", "end", "complete"), RULES)
def test_the_rule_of_a_metric(
    nature: str,
    rule: str | None,
    periodicity: str | None,
    day: str,
    text: str | None,
    start: str,
    end: str,
    complete: bool,
) -> None:
    first = date.fromisoformat(start) if start else None
    found = period_of(metric(nature, rule, periodicity), date.fromisoformat(day), text)
    assert found == Period(first, date.fromisoformat(end), complete)


@pytest.mark.parametrize(
    ("nature", "rule", "text", "sentence"),
    [
        ("flow", None, None, "'Dossiers déposés' counts by period, and has no period"),
        ("flow", "dated", None, "has no date in its row"),
        ("flow", "dated", "bientôt", "'bientôt' is not a date"),
        ("flow", "dated", "2024-04", "'2024-04' is after 2024-03-06"),
        ("stock", None, "07/03/2024", "'07/03/2024' is after 2024-03-06"),
    ],
)
def test_a_period_that_nobody_said_is_refused(
    nature: str, rule: str | None, text: str, sentence: str
) -> None:
    with pytest.raises(UnknownPeriod, match=sentence):
        period_of(metric(nature, rule), date(2024, 3, 6), text)


# --------------------------------------------------------------------------------- properties

DAYS = st.dates(date(2001, 1, 1), date(2098, 12, 31))
MONTHS = ["janvier", "février", "mars", "avril", "mai", "juin", "juillet"]
MONTHS += ["août", "septembre", "octobre", "novembre", "décembre"]
WAYS: dict[str, Callable[[date], str]] = {
    "iso": lambda day: day.isoformat(),
    "french": lambda day: f"{day:%d/%m/%Y}",
    "letters": lambda day: f"{'1er' if day.day == 1 else day.day} {MONTHS[day.month - 1]} {day.year}",
    "stated": lambda day: f"Au {day.day} {MONTHS[day.month - 1].upper()} {day.year}",
}


@given(DAYS, st.sampled_from(sorted(WAYS)))
def test_any_day_written_in_any_way_reads_back(day: date, way: str) -> None:
    assert read_date(WAYS[way](day)) == day


@given(DAYS, st.sampled_from(["day", "week", "month", "year"]))
def test_periods_hold_their_day_and_follow_one_another(day: date, periodicity: Any) -> None:
    this = read_period(day.isoformat(), periodicity)
    following = read_period((this.end + timedelta(days=1)).isoformat(), periodicity)
    assert this.start is not None
    assert this.start <= day <= this.end
    assert following.start == this.end + timedelta(days=1)


@given(DAYS, st.sampled_from(["calendar_month", "last_30_days", "last_12_months", "year_to_date"]))
def test_a_flow_that_is_over_ends_by_its_day(day: date, rule: str) -> None:
    found = period_of(metric("flow", rule), day)
    assert found.complete
    assert found.start is not None
    assert found.start <= found.end <= day
    assert (day - found.end).days < 31


@given(st.text() | st.text("0123456789/-. TWSQ:Zé", max_size=25))
def test_reading_a_date_is_total(text: str) -> None:
    try:
        found = read_period(text)
    except UnknownPeriod:
        return
    assert found.start is not None
    assert found.start <= found.end
