"""What redesigns cost: never a wrong figure, always the right reason, and most often a mend that works."""

import hashlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from connectors.catalog import load_file
from connectors.drift.last_seen import LastSeen, Mend
from connectors.drift.mend import mend
from connectors.drift.patch import patch
from connectors.extraction import Document, Extraction, Notation
from connectors.extractor import read_now
from connectors.service import Page
from tests.connectors.drift.mutations import MUTATIONS, REPLACED, Redesign
from tests.tools.replica_server import SAVED, SPECS, TYPES, body_of, days
from warehouse.errors import WarehouseError
from warehouse.normalisation.numbers import read
from warehouse.normalisation.units import check

ENOUGH = 2 / 3
"""The part of the figures lost that must be given a patch that works."""


@dataclass(frozen=True)
class Golden:
    """A saved HTML page of a service, and what is read on it."""

    service_id: str
    page: Page
    document: Document
    figures: dict[str, Extraction]

    def __str__(self) -> str:
        return f"{self.service_id}-{self.page.url.host}"


def goldens() -> Iterator[Golden]:
    """The last saved day of every page that is read as HTML and prints a figure."""
    for service_id in SAVED:
        day = max(days(service_id))
        for page in load_file(SPECS / f"{service_id}.yml").on(day).pages:
            file = body_of(service_id, day, str(page.url))
            if page.protocol == "html" and file is not None:
                document = body(file.read_bytes(), str(page.url))
                found = read_now(service_id, page, [document]).extractions
                if found:
                    yield Golden(service_id, page, document, {each.metric_id: each for each in found})


def body(content: bytes, url: str) -> Document:
    return Document(url, TYPES[".html"], content, hashlib.sha256(content).hexdigest())


GOLDENS = tuple(goldens())


def name_of(redesign: Redesign) -> str:
    return redesign.name


def understand(exact: str, notation: Notation, unit: str) -> Decimal | None:
    """The value of printed characters in a unit, as the night understands them."""
    try:
        printed = read(exact, notation=notation)
        check(unit, printed.unit_text)
    except WarehouseError:
        return None
    return printed.value


def redesigned(golden: Golden, redesign: Redesign) -> Document:
    soup = BeautifulSoup(golden.document.content, "lxml")
    redesign.mutate(soup, sorted({each.exact for each in golden.figures.values()}, key=len, reverse=True))
    return body(str(soup).encode(), golden.document.url)


def value(extraction: Extraction, golden: Golden) -> Decimal | None:
    return understand(extraction.exact, extraction.notation, golden.page.metrics[extraction.metric_id].unit)


def wrong(golden: Golden, found: Extraction) -> bool:
    """Whether characters mean another value than the figure; unreadable ones mean none."""
    now = value(found, golden)
    known = golden.figures.get(found.metric_id)
    return now is not None and (known is None or now != value(known, golden))


def outcomes(golden: Golden, document: Document) -> dict[str, str]:
    """Metric by metric: ``right``, ``wrong``, or the code of the reason why nothing is read."""
    reading = read_now(golden.service_id, golden.page, [document])
    told = {each.metric_id: each.reason for each in reading.absences}
    for each in reading.extractions:
        readable = value(each, golden) is not None or each.exact == golden.figures[each.metric_id].exact
        told[each.metric_id] = "wrong" if wrong(golden, each) else "right" if readable else "unreadable"
    return told


@pytest.mark.parametrize("redesign", MUTATIONS, ids=name_of)
def test_a_redesign_gives_no_wrong_figure_and_tells_rightly_what_it_costs(redesign: Redesign) -> None:
    strange = [
        f"{golden.service_id}/{metric}: {outcome}"
        for golden in GOLDENS
        for metric, outcome in outcomes(golden, redesigned(golden, redesign)).items()
        if metric in golden.figures and outcome not in ("right", *redesign.codes)
    ]
    assert not strange


@pytest.mark.parametrize("code", REPLACED)
def test_a_page_that_took_the_place_of_the_statistics_is_told(code: str) -> None:
    for golden in GOLDENS:
        told = outcomes(golden, body(REPLACED[code].encode(), golden.document.url))
        assert set(told.values()) == {code}, (str(golden), told)
        for metric_id, figure in golden.figures.items():
            document = body(REPLACED[code].encode(), golden.document.url)
            assert mend(golden.page, metric_id, LastSeen.of(figure), [document], understand) is None


def patched_reads_right(
    golden: Golden, metric_id: str, found: Mend, document: Document, folder: Path
) -> bool:
    """Whether the service file with the patch reads the right value on the redesigned page."""
    file = SPECS / f"{golden.service_id}.yml"
    new = patch(file.read_text("utf-8"), f"connectors/services/{file.name}", metric_id, found)
    (folder / file.name).write_text(new.text, "utf-8")
    service = load_file(folder / file.name)
    page = next(each for each in service.pages if metric_id in each.metrics and not each.valid_until)
    figures = read_now(golden.service_id, page, [document]).extractions
    return [wrong(golden, each) for each in figures if each.metric_id == metric_id] == [False]


def mends(redesign: Redesign, folder: Path) -> Counter[str]:
    """How many figures a redesign loses: those whose mend ``works`` or ``misleads``, and those without."""
    counts: Counter[str] = Counter()
    for golden in GOLDENS:
        document = redesigned(golden, redesign)
        told = outcomes(golden, document)
        for metric_id in (each for each in golden.figures if told[each] != "right"):
            seen = LastSeen.of(golden.figures[metric_id])
            found = mend(golden.page, metric_id, seen, [document], understand)
            works = found and patched_reads_right(golden, metric_id, found, document, folder)
            counts["works" if works else "misleads" if found else "none"] += 1
    return counts


def test_most_figures_lost_are_given_a_patch_that_reads_them(tmp_path: Path) -> None:
    table = {each.name: mends(each, tmp_path) for each in MUTATIONS if each.still_there}
    total = sum(table.values(), Counter())
    shown = "\n".join(f"{name}: {dict(counts)}" for name, counts in table.items())
    assert not total["misleads"], shown
    assert total["works"] >= ENOUGH * total.total(), shown


@pytest.mark.parametrize("redesign", [each for each in MUTATIONS if not each.still_there], ids=name_of)
def test_no_other_figure_is_given_for_one_that_is_gone(redesign: Redesign, tmp_path: Path) -> None:
    assert not mends(redesign, tmp_path)["misleads"]
