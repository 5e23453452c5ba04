"""What a new version of an API costs: never a wrong figure, the right reason, and a mend that works."""

import json
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from connectors.catalog import load_file
from connectors.drift.last_seen import LastSeen
from connectors.drift.mend import mend
from connectors.drift.patch import patch
from connectors.extraction import Document, Extraction
from connectors.extractor import read_now
from connectors.service import Page
from tests.connectors.drift.mutations import REPLACED
from tests.connectors.drift.test_mutations import ENOUGH, understand
from tests.connectors.values import json_document
from tests.tools.replica_server import SAVED, SPECS, body_of, days

Golden = tuple[str, Page, Any, dict[str, list[Extraction]]]


def goldens() -> Iterator[Golden]:
    """The last saved day of every page that is read as JSON and prints a figure under a name."""
    for service_id in SAVED:
        day = max(days(service_id))
        for page in load_file(SPECS / f"{service_id}.yml").on(day).pages:
            file = body_of(service_id, day, str(page.url)) if page.protocol == "json" else None
            value = json.loads(file.read_text("utf-8")) if file else None
            if isinstance(value, dict):
                figures = read(page, json_document(value, str(page.url)))
                if figures:
                    yield service_id, page, value, figures


def read(page: Page, document: Document) -> dict[str, list[Extraction]]:
    found: dict[str, list[Extraction]] = {}
    for each in read_now("s", page, [document]).extractions:
        found.setdefault(each.metric_id, []).append(each)
    return found


def renamed(value: Any) -> Any:
    """Every key is spelt another way."""
    if isinstance(value, dict):
        return {_respelt(key): renamed(inside) for key, inside in value.items()}
    return [renamed(each) for each in value] if isinstance(value, list) else value


def _respelt(key: str) -> str:
    return key if key[:1].isdigit() else f"total{key[:1].upper()}{key[1:]}"


def nested(value: Any) -> Any:
    """The answer gets an envelope."""
    return {"status": "ok", "version": 2, "data": value}


def reordered(value: Any) -> Any:
    """The keys come in another order."""
    return dict(reversed(value.items()))


def emptied(value: Any) -> Any:
    """Nothing is counted yet."""
    if isinstance(value, dict):
        return {key: emptied(inside) for key, inside in value.items()}
    return [emptied(each) for each in value] if isinstance(value, list) else None


GOLDENS = tuple(goldens())
NEW_VERSIONS: tuple[tuple[Callable[[Any], Any], set[str]], ...] = (
    (renamed, {"not_found"}),
    (nested, {"not_found"}),
    (reordered, set()),
    (emptied, {"empty", "not_found"}),
)
of_each_version = pytest.mark.parametrize(
    ("change", "codes"), NEW_VERSIONS, ids=lambda given: getattr(given, "__name__", "")
)


@of_each_version
def test_a_new_version_gives_no_wrong_figure_and_tells_what_it_costs(
    change: Callable[[Any], Any], codes: set[str]
) -> None:
    for service_id, page, value, figures in GOLDENS:
        reading = read_now(service_id, page, [json_document(change(value), str(page.url))])
        told = {each.metric_id: each.reason for each in reading.absences if each.metric_id in figures}
        assert set(told.values()) <= codes, (service_id, told)
        known = {(each.metric_id, each.exact) for some in figures.values() for each in some}
        assert {(each.metric_id, each.exact) for each in reading.extractions} <= known, service_id


@pytest.mark.parametrize("code", [code for code in REPLACED if code != "not_found"])
def test_a_page_in_place_of_an_answer_is_told(code: str) -> None:
    for service_id, page, _, _ in GOLDENS:
        document = Document(str(page.url), "text/html", REPLACED[code].encode(), "0")
        reasons = {each.reason for each in read_now(service_id, page, [document]).absences}
        assert reasons == {code}, service_id


@pytest.mark.parametrize("change", [renamed, nested], ids=lambda change: change.__name__)
def test_most_figures_lost_are_given_a_patch_that_reads_them(
    change: Callable[[Any], Any], tmp_path: Path
) -> None:
    counts: Counter[str] = Counter()
    for service_id, page, value, figures in GOLDENS:
        document = json_document(change(value), str(page.url))
        still = read(page, document)
        for metric_id, some in figures.items():
            if metric_id in still:
                continue
            found = mend(page, metric_id, LastSeen.of(some[-1]), [document], understand)
            counts["none" if found is None else "some"] += 1
            if found:
                file = SPECS / f"{service_id}.yml"
                (tmp_path / file.name).write_text(
                    patch(file.read_text("utf-8"), "s", metric_id, found).text, "utf-8"
                )
                pages = load_file(tmp_path / file.name).pages
                [new] = [each for each in pages if metric_id in each.metrics and not each.valid_until]
                assert [each.exact for each in read(new, document)[metric_id]] == [
                    each.exact for each in some
                ]
    assert counts["some"] >= ENOUGH * counts.total(), counts
