"""How like a figure is to the one that was lost."""

from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.drift.likeness import (
    EQUAL,
    GROWN,
    NAMED,
    NEAR,
    POSSIBLE,
    RENAMED,
    Judged,
    Likeness,
    alike,
    best,
    closeness,
    is_distinctive,
)
from connectors.locators import HtmlLocator
from tests.connectors.values import metric

TOTAL = metric(HtmlLocator(css="p"), expect={"min": 10, "max": 100_000, "factor": 10})
STOCK = TOTAL.model_copy(update={"nature": "stock"})


@pytest.mark.parametrize(
    ("old", "new", "least", "most"),
    [
        ("Dossiers déposés", "dossiers déposés (total)", NAMED, 1),
        ("Dossiers déposés", "Nombre de dossiers déposés :", NAMED, 1),
        ("total_companies", "companiesTotal", NAMED, 1),
        ("benevoles", "nbBenevoles", NAMED, 1),
        ("dossiers", "Dossier", NAMED, 1),
        ("Dossiers déposés dans l'année", "Dossiers transmis dans l'année", RENAMED, 0.98),
        ("Dossiers déposés", "Agents inscrits", 0, 0.4),
        ("Dossiers", "", 0, 0),
        ("", "Dossiers", 0, 0),
    ],
)
def test_names_alike(old: str, new: str, least: float, most: float) -> None:
    assert least <= alike(old, new) <= most


@pytest.mark.parametrize(
    ("last", "now", "total", "stock"),
    [
        (1000, 1000, EQUAL, EQUAL),
        (1000, 1040, GROWN, GROWN),
        (1000, 990, GROWN, GROWN),
        (1000, 900, 0, NEAR),
        (1000, 1200, NEAR, NEAR),
        (1000, 9000, POSSIBLE, POSSIBLE),
        (1000, 10_001, 0, 0),
        (1000, 5, 0, 0),
        (50_000, 100_001, 0, 0),
        (None, 50, POSSIBLE, POSSIBLE),
        (None, None, POSSIBLE, POSSIBLE),
        (1000, None, 0, 0),
        (0, 50, POSSIBLE, POSSIBLE),
    ],
)
def test_values_close(last: int | None, now: int | None, total: float, stock: float) -> None:
    before, after = (None if each is None else Decimal(each) for each in (last, now))
    assert (closeness(before, after, TOTAL), closeness(before, after, STOCK)) == (total, stock)


@pytest.mark.parametrize(
    ("exact", "told"),
    [
        ("12 408", True),
        ("1 575 332", True),
        ("12 000", False),
        ("345", False),
        ("95 %", False),
        ("ND", False),
    ],
)
def test_digits_that_hardly_stand_twice(exact: str, told: bool) -> None:
    assert is_distinctive(exact) is told


LIKENESSES = st.builds(
    Likeness, st.sampled_from([0.0, 0.3, 0.6, 1.0]), st.sampled_from([0.0, 0.4, 0.6, 0.8, 1.0]), st.booleans()
)


@given(st.lists(LIKENESSES, max_size=5))
def test_the_best_is_clearly_better_than_every_other(likenesses: list[Likeness]) -> None:
    found = best(Judged(rank, each) for rank, each in enumerate(likenesses))
    scores = sorted((each.score for each in likenesses if each.score), reverse=True)
    alone = bool(scores) and all(high - low >= 0.1 for high, low in pairwise(scores[:2]))
    assert (found is not None) == alone
    assert found is None or found.likeness.score == scores[0]


@given(LIKENESSES)
def test_a_score_is_a_part_of_one(likeness: Likeness) -> None:
    assert 0 <= likeness.score < 1
