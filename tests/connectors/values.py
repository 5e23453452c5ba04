"""Short ways to build the values that readers take."""

import hashlib
import json
from typing import Any

from connectors.extraction import Document, Reading
from connectors.locators import Locator
from connectors.service import Metric, Page


def document(
    content: str | bytes, content_type: str = "", url: str = "https://service.example/stats"
) -> Document:
    body = content.encode() if isinstance(content, str) else content
    return Document(url, content_type, body, hashlib.sha256(body).hexdigest())


def json_document(value: object, url: str = "https://service.example/api") -> Document:
    return document(json.dumps(value), "application/json", url)


def metric(locate: Locator, **more: Any) -> Metric:
    given = {
        "label": "Dossiers",
        "unit": "dossier",
        "nature": "cumulative",
        "dimension": "utilisé",
        "kind": "usage",
        "reach": "uses",
    }
    return Metric(locate=locate, **{**given, **more})


def page(protocol: str, *locators: Locator, **more: Any) -> Page:
    """A page whose metrics are named a, b, c… in the order of their locators."""
    metrics = {chr(ord("a") + rank): metric(locate) for rank, locate in enumerate(locators)}
    return Page(**{"url": "https://service.example/stats", "protocol": protocol, "metrics": metrics, **more})


def told(reading: Reading) -> dict[str, str]:
    """Metric by metric, the figure or the reason why there is none."""
    figures = {each.metric_id: each.exact for each in reading.extractions}
    return figures | {each.metric_id: f"{each.reason}: {each.sentence}" for each in reading.absences}
