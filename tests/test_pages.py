"""The golden corpus: every saved page, and what each of its figures must be read as.

``tests/pages/<service>/<day>/answers.json`` gives for each metric its printed characters and what
they mean, or the code of the reason for which the page has none; a list where a metric is a series.
"""

import hashlib
import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from connectors.catalog import load_file
from connectors.extraction import Absence, Document, Extraction
from connectors.extractor import Extractor, read_now
from connectors.service import Page, Service
from tests.tools.replica_server import PAGES, SAVED, SPECS, TYPES, body_of, days
from warehouse.normalisation.numbers import read
from warehouse.normalisation.units import agrees

CORPUS = [(service_id, day) for service_id in SAVED for day in days(service_id)]


@pytest.mark.parametrize(("service_id", "day"), CORPUS, ids=str)
def test_every_figure_of_a_saved_page_is_read_as_its_answer_says(service_id: str, day: date) -> None:
    service = load_file(SPECS / f"{service_id}.yml")
    answers = json.loads((PAGES / service_id / str(day) / "answers.json").read_text("utf-8"))
    expected = {
        metric: answer if isinstance(answer, list) else [answer] for metric, answer in answers.items()
    }
    assert _answers(service, day) == expected


def _answers(service: Service, day: date) -> dict[str, list[dict[str, Any]]]:
    """What the readers make of the saved bodies, in the shape of an answers file."""
    service = service.on(day)
    answers: dict[str, list[dict[str, Any]]] = {metric: [] for metric in service.metrics}
    for page in service.pages:
        reading = read_now(service.id, page, _documents(service.id, page, day))
        for extraction in reading.extractions:
            answers[extraction.metric_id].append(_figure(extraction, page.metrics[extraction.metric_id].unit))
        for absence in reading.absences:
            answers[absence.metric_id].append(_absence(absence))
    return answers


def _figure(extraction: Extraction, unit: str) -> dict[str, Any]:
    printed = read(extraction.exact, notation=extraction.notation)
    value, low, high = (None if n is None else str(n) for n in (printed.value, printed.low, printed.high))
    figure = {"exact": extraction.exact, "value": value, "low": low, "high": high}
    figure |= {"unit": unit if agrees(unit, printed.unit_text) else printed.unit_text}
    figure |= {"qualifier": printed.qualifier}
    return figure | ({"period": extraction.period_text} if extraction.period_text else {})


def _absence(absence: Absence) -> dict[str, Any]:
    return {"absent": absence.reason}


def _documents(service_id: str, page: Page, day: date) -> list[Document]:
    """The bodies of a page, asked for in the order in which a night fetches them."""
    extractor = Extractor()
    documents: list[Document] = []
    wanted: tuple[str, ...] = (extractor.address(page),)
    while wanted:
        documents += [_document(service_id, url, day) for url in wanted]
        wanted = extractor.follow(page, documents)
    return documents


def _document(service_id: str, url: str, day: date) -> Document:
    file: Path | None = body_of(service_id, day, url)
    assert file is not None, f"no body is saved for {url} on {day}"
    content = file.read_bytes()
    return Document(url, TYPES[file.suffix], content, hashlib.sha256(content).hexdigest())
