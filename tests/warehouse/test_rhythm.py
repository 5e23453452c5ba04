"""How long one period of a series is: its own dates say so, or nothing does."""

from datetime import date, timedelta

import pytest
from dateutil.relativedelta import relativedelta
from hypothesis import given
from hypothesis import strategies as st

from connectors.service import Periodicity
from warehouse.normalisation.rhythm import rhythm


@pytest.mark.parametrize(
    ("dates", "told"),
    [
        ("2024-01-30 2024-01-31 2024-02-01", "day"),
        ("2024-01-05 2024-01-08 2024-01-09", "day"),  # nobody works at the weekend
        ("2023-12-31 2024-01-01", "day"),
        ("2024-01-29 2024-02-05 2024-02-12", "week"),
        ("2024-S05 2024-S06", "week"),
        ("2023-11-01 2023-12-01 2024-01-01", "month"),
        ("2023-11-30 2023-12-31 2024-02-29", "month"),  # January is missing
        ("2024-01-15 2024-02-15", "month"),
        ("2023-11 2023-12", "month"),
        ("11/2023 12/2023 01/2024", "month"),
        ("2024-02-01T00:00:00+01:00 2024-03-01T00:00:00+01:00", "month"),
        ("1704063600 1706742000", "month"),
        ("2023-01-01 2023-04-01 2023-07-01", "quarter"),
        ("2023-03-31 2023-06-30 2023-12-31", "quarter"),
        ("2023-03 2023-06 2023-09", "quarter"),
        ("T1-2023 T2-2023", "quarter"),
        ("2021 2022 2023", "year"),
        ("2022-12-31 2023-12-31", "year"),
        ("2024-01-01 2024-01-20 2024-03-02", None),
        ("2023-10-31 2023-11-30 2023-12-15", None),  # the month that runs is dated today
        ("2024-01-31 2024-02-05", None),
        ("2023-01 2023-03 2023-05", None),  # every other month
        ("2021 2023", None),
        ("2024-01-01", None),
        ("2024-01-01 2024-01-01", None),
        ("2023-12 bientôt", None),
        ("", None),
    ],
)
def test_the_dates_tell_how_long_one_period_is_or_nothing_does(dates: str, told: str | None) -> None:
    assert rhythm(dates.split()) == told
    assert rhythm(reversed(dates.split())) == told


STEPS: dict[Periodicity, relativedelta] = {
    "day": relativedelta(days=1),
    "week": relativedelta(weeks=1),
    "month": relativedelta(months=1),
    "quarter": relativedelta(months=3),
    "year": relativedelta(years=1),
}


@given(
    st.dates(date(2001, 1, 1), date(2060, 1, 1)), st.sampled_from([*STEPS]), st.integers(2, 12), st.booleans()
)
def test_a_regular_series_is_told_by_its_first_or_last_days(
    day: date, length: Periodicity, count: int, last: bool
) -> None:
    start = day if length in ("day", "week") else day.replace(month=1, day=1)
    days = [start + STEPS[length] * rank - timedelta(days=last) for rank in range(count)]
    assert rhythm(map(date.isoformat, days)) == length
