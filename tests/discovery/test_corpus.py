"""Discovery over pages of every shape, in seven batches.

``seen`` and ``third`` shaped the heuristics; ``held_out``, ``unseen`` and those from ``fourth`` on did when
they were no longer unseen.  Before that, ``fourth`` had been measured in halves, ``fifth`` and ``sixth``
once: the README of connectors says what came out.  Beside each page stand its key figures,
``[{label, value}]``; one that is
``optional`` is a figure nobody needs to find, whatever it is called.  One is found when a
proposal has its value and most words of its label.  A proposal that is no key figure counts against
discovery even where it is a figure, so the measure is a severe one.
"""

import json
import re
from collections import Counter
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from pipelines.discover import discover, saved
from pipelines.discovered import Discovered

PAGES = Path(__file__).parent / "pages"
BATCHES = ("seen", "held_out", "third", "unseen", "fourth", "fifth", "sixth")


@dataclass(frozen=True)
class Measure:
    """Of one page: how many key figures it has, those missed, and the proposals that are none."""

    wanted: int
    missed: list[str]
    wrong: list[str]
    proposed: int


def words(text: str) -> set[str]:
    return {word[:5] for word in re.findall(r"\w{3,}", text.casefold())}


def same(figure: Discovered, answer: dict[str, Any]) -> bool:
    said = words(f"{figure.proposal.label} {figure.proposal.around}")
    shared = len(said & words(answer["label"]))
    return figure.printed.value == Decimal(answer["value"]) and 2 * shared >= len(words(answer["label"]))


def measure(page: Path) -> Measure:
    answers = json.loads(page.with_suffix(".json").read_text("utf-8"))
    left = list(discover(saved(page)))
    proposed, missed = len(left), []
    for answer in answers:
        found = next((figure for figure in left if same(figure, answer)), None)
        if found:
            left.remove(found)
        elif not answer.get("optional"):
            missed.append(f"{page.stem}: {answer['label']} {answer['value']}")
    wanted = sum(not answer.get("optional") for answer in answers)
    wrong = [f"{page.stem}: {figure.proposal.label} {figure.proposal.exact}" for figure in left]
    return Measure(wanted, missed, wrong, proposed)


@pytest.fixture(scope="module", params=BATCHES)
def batch(request: pytest.FixtureRequest) -> list[Measure]:
    return [measure(page) for page in sorted((PAGES / request.param).glob("*.html"))]


def test_nine_key_figures_in_ten_are_found(batch: list[Measure]) -> None:
    missed = [each for one in batch for each in one.missed]
    assert len(missed) <= 0.1 * sum(one.wanted for one in batch), missed


def test_at_most_one_proposal_in_twenty_is_no_key_figure(batch: list[Measure]) -> None:
    wrong = [each for one in batch for each in one.wrong]
    assert len(wrong) <= 0.05 * sum(one.proposed for one in batch), wrong


@pytest.mark.parametrize("name", BATCHES)
def test_every_page_has_its_answers(name: str) -> None:
    suffixes = Counter(file.suffix for file in (PAGES / name).iterdir())
    assert suffixes[".html"] == suffixes[".json"] >= 12
