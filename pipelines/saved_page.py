"""What a service file reads on a saved page: for whoever writes it, without network or database."""

import hashlib
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

from connectors.catalog import load_file
from connectors.clock import utc_now
from connectors.errors import InvalidSpec
from connectors.extraction import Document, Extraction
from connectors.extractor import read_now
from connectors.service import Metric
from warehouse.errors import NormalisationError
from warehouse.night import Night
from warehouse.observations import understand


@dataclass(frozen=True, slots=True)
class ReadFigure:
    """One figure of the file: the characters and what they mean, or why there is none."""

    metric: str
    exact: str | None
    value: Decimal | None
    unit: str | None
    period_start: date | None
    period_end: date | None
    locator: str | None
    reason: str | None


def read_saved_page(file: Path, service_file: Path, page_number: int = 0) -> list[ReadFigure]:
    """Read a saved page as a service file says.

    Raises:
        InvalidSpec: the service file cannot be used, or has no such page.
    """
    service = load_file(service_file)
    if page_number >= len(service.pages):
        raise InvalidSpec(f"{service_file.name} has {len(service.pages)} page(s), not {page_number + 1}.")
    # A page that is saved has been reached: whatever had to be visited first is behind it.
    page = service.pages[page_number].model_copy(update={"first": None})
    content = file.read_bytes()
    document = Document(str(page.url), "", content, hashlib.sha256(content).hexdigest())
    reading = read_now(service.id, page, [document])
    night = Night.of(utc_now())
    found = [_found(one, page.metrics[one.metric_id], night) for one in reading.extractions]
    missing = [
        ReadFigure(one.metric_id, None, None, None, None, None, None, one.sentence)
        for one in reading.absences
    ]
    return found + missing


def _found(extraction: Extraction, metric: Metric, night: Night) -> ReadFigure:
    names = ("service_id", "metric_id", "exact", "notation", "period_text")
    row = {name: getattr(extraction, name) for name in names}
    row |= {"id": "", "snapshot_sha256": extraction.body_sha256}
    try:
        understood = understand(row, metric, night)
    except NormalisationError as error:
        return ReadFigure(
            extraction.metric_id, extraction.exact, None, None, None, None, extraction.locator, str(error)
        )
    return ReadFigure(
        extraction.metric_id,
        extraction.exact,
        understood["value"],
        understood["unit"],
        understood["period_start"],
        understood["period_end"],
        extraction.locator,
        None,
    )
