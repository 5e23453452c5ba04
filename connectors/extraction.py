"""Extraction: a figure as printed, and where.  Absence: why there is none."""

from dataclasses import dataclass
from typing import Literal, Self

from connectors.errors import ConnectorError

Notation = Literal["french", "dot", "json"]
"""How the digits are written: French typography, a dot for decimals, or a JSON number token."""


@dataclass(frozen=True, slots=True)
class Document:
    """A body to be read: where it came from, what it says it is, its decoded bytes and their hash.

    ``url`` is the address that was asked for, ``final_url`` the one that answered after redirects ("" when
    not known).  ``status`` is 2xx, but for a refusal that its protocol understands.  ``unframed`` is true
    when nothing says that the body came whole (:attr:`connectors.snapshot.Snapshot.unframed`).
    """

    url: str
    content_type: str
    content: bytes
    sha256: str
    final_url: str = ""
    status: int = 200
    unframed: bool = False


@dataclass(frozen=True, slots=True)
class Extraction:
    """The characters of one figure on one body, untouched.

    ``locator`` is the place that really matched: a CSS path, a normalised JSONPath, or for CSV a
    cell by row and column from 1 (``cell=4,2``, RFC 7111; the header is row 1).
    ``exact`` is the verbatim text, ``prefix`` and ``suffix`` the few words around it (at
    most 64 characters each).  ``start`` and ``end`` are character offsets: for HTML in the
    text content of the document, for JSON and CSV in the decoded body.  ``period_text`` is the date
    printed beside the figure, verbatim, when there is one.
    """

    service_id: str
    metric_id: str
    body_sha256: str
    locator_kind: Literal["css", "jsonpath", "csv"]
    locator: str
    exact: str
    prefix: str
    suffix: str
    start: int
    end: int
    notation: Notation
    period_text: str | None
    spec_version: str
    reader: str


@dataclass(frozen=True, slots=True)
class Absence:
    """A figure that was expected and not found, with the reason and what to do."""

    service_id: str
    metric_id: str
    reason: str
    sentence: str
    advice: str
    again: bool
    body_sha256: str | None = None

    @classmethod
    def because(
        cls, error: ConnectorError, service_id: str, metric_id: str, body_sha256: str | None = None
    ) -> Self:
        """The absence that ``error`` explains."""
        return cls(service_id, metric_id, error.code, str(error), error.advice, error.again, body_sha256)


@dataclass(frozen=True, slots=True)
class Reading:
    """What one page gave: every metric of the page is in one list or the other, never in neither."""

    extractions: tuple[Extraction, ...]
    absences: tuple[Absence, ...]
