"""The door: the bytes of a printed report in, a report out."""

import hashlib
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Literal

from connectors.errors import UnreadableReport, WrongFormat
from connectors.extraction import Document
from connectors.report import Claim, IndicatorRow, Question, Report, ServiceMatch
from connectors.reports import markdown, page, plain, printed_pages
from connectors.reports.cards import cards_of
from connectors.reports.columns import name_columns
from connectors.reports.figures import Found, Reader
from connectors.reports.growths import linked
from connectors.reports.layout import Layout
from connectors.reports.names import NOBODY, Names
from connectors.reports.pieces import Piece, pieces_of
from connectors.reports.services import services_of
from connectors.reports.tables import read_table
from connectors.text.html_text import decode

Format = Literal["html", "text", "pdf"]

LARGEST = 64 * 2**20
"""Bytes; a report with all its pictures is below."""
_LONGEST = 5_000_000  # characters of text
_READ_AS: tuple[tuple[str, Format], ...] = (
    ("application/pdf", "pdf"), ("application/xhtml", "html"), ("text/html", "html"), ("text/", "text"),
    ("application/octet-stream", "text"), ("application/xml", "html"), ("application/markdown", "text"),
)  # fmt: skip


def read_report(content: bytes, content_type: str | None, edition: int, names: Names) -> Report:
    """Read a printed annual report.

    Args:
        content: the file, as HTML, Markdown, plain text or PDF with a text layer.
        content_type: what it was announced as; the bytes decide where it says nothing.
        edition: the year that the report is about.
        names: the names of the services it may speak of.

    Returns:
        The report: no number of it is missing (see ``connectors/report.py``).

    Raises:
        UnreadableReport: it is none of these formats, holds no text, or is too large.
    """
    if len(content) > LARGEST:
        raise UnreadableReport(f"the report has {len(content)} bytes, and at most {LARGEST} are read")
    form = _format(content, (content_type or "").split(";")[0].strip().lower())
    layout = _layout(content, content_type or "", form)
    found, indicators = _read(layout, names)
    return Report(
        edition,
        hashlib.sha256(content).hexdigest(),
        form,
        layout.text,
        tuple(found.claims),
        tuple(indicators),
        tuple(_questions(found.claims)),
        tuple(found.unplaced),
        tuple(found.skipped),
    )


def _format(content: bytes, announced: str) -> Format:
    if content.startswith(b"%PDF-"):
        return "pdf"
    form = next((form for beginning, form in _READ_AS if announced.startswith(beginning)), None)
    if announced and form is None:
        raise UnreadableReport(f"the report is {announced}, which is not read")
    head = content[:2048].lower()
    shows_html = any(mark in head for mark in (b"<!doctype html", b"<html", b"<body"))
    return "html" if shows_html and announced != "text/plain" else form or "text"


def _layout(content: bytes, content_type: str, form: Format) -> Layout:
    if form == "pdf":
        layout = printed_pages.layout_of(content)
    else:
        text = decode(Document("", content_type, content, ""))
        if "\0" in text:
            raise UnreadableReport(
                "the report holds zero bytes, as pictures and archives do and texts do not"
            )
        try:
            if form == "text" and markdown.holds_html(text):
                form, text = "html", markdown.rendered(text)
            layout = page.layout_of(text) if form == "html" else plain.layout_of(text)
        except WrongFormat as error:
            raise UnreadableReport(str(error)) from error
    if not layout.text.strip():
        raise UnreadableReport("the report holds no text")
    if len(layout.text) > _LONGEST:
        raise UnreadableReport(
            f"the report has {len(layout.text)} characters, and at most {_LONGEST} are read"
        )
    return layout


def _read(layout: Layout, names: Names) -> tuple[Found, list[IndicatorRow]]:
    """Read every card; within a card, rows that follow one another are one table."""
    cards = cards_of(layout, pieces_of(layout, names))
    name_columns(layout, cards)
    found, indicators = Found(), list[IndicatorRow]()
    for card, service in zip(cards, services_of(layout, cards, names), strict=True):
        reader = Reader(layout, names, card, service)
        start = len(found.claims)
        above: Piece | None = None
        for is_row, group in groupby(card.pieces, key=lambda piece: piece.role == "row"):
            pieces = list(group)
            if is_row:
                indicators += read_table(reader, above, pieces, found)
            else:
                for piece in pieces:
                    reader.read(piece, found)
            above = pieces[-1]
        found.claims[start:] = linked(layout.text, found.claims[start:])
    return found, indicators


def _questions(claims: Iterable[Claim]) -> Iterator[Question]:
    """One question for the claims that follow one another and wait for the same answer."""
    listed = list(claims)
    for match, group in groupby(listed, key=lambda claim: claim.service):
        waiting = tuple(group)
        if _asks(match):
            quoted = waiting[0].passage.text.split("\n")[0][:80]
            sentence = f"Which service is {quoted!r} about? {match.reason[:1].upper()}{match.reason[1:]}."
            yield Question("service", sentence, match.candidates, waiting)
    for doubt, group in groupby(listed, key=lambda claim: claim.doubt):
        if doubt:
            yield Question(
                "words", f"Are these the words of these figures? {doubt.capitalize()}.", (), tuple(group)
            )


def _asks(match: ServiceMatch) -> bool:
    return match.match != "certain" and match != NOBODY
