"""Figures of a JSON body: its named counts, and the latest row of its dated series."""

import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from connectors.discovery.locators import verify
from connectors.discovery.meaning import guess
from connectors.discovery.proposal import Proposal
from connectors.errors import ReadingError
from connectors.extraction import Document, Notation
from connectors.service import EmbeddedLocator, JsonLocator
from connectors.text.json_text import Location, normalised, parse

COUNTS = re.compile(
    r"^(?:nb|nombre|number|num|count|total|sum|value|valeur|taux|rate|percent|part|cout|cost)|"
    r"(?:count|total|nb|number|percent|rate|sum|value)s?$|Count|Total|Percent|^[a-z_]+_total$",
    re.IGNORECASE,
)
"""Keys that announce a figure."""

NOT_COUNTS = re.compile(
    r"(?:^|_)(?:id|ids|uuid|code|lat|lon|lng|latitude|longitude|x|y|zoom|year|annee|année|month|day|week|page|pages"
    r"|limit|offset|size|port|status|version|index|order|rank|position|timestamp|time|date|width|height|min|max"
    r"|level|duration_ms|seed|siret|siren|insee|zip|postal|phone|tel|next|previous|per_page|ttl|took|statusCode)$"
    r"|Id$|At$|Date$|Code$|^@|Timestamp$|Version$|Limit$|Offset$|Index$",
)
"""Keys of numbers that count nothing of use."""

DATES = re.compile(
    r"^(?:date|mois|month|jour|day|annee|année|year|week|semaine|period|periode|période|x)$", re.IGNORECASE
)
_NUMBER = re.compile(r"-?\d{1,3}(?:[ \u00a0\u202f]\d{3})*(?:[.,]\d+)?|-?\d+(?:[.,]\d+)?")
MOST, DEEPEST, SERIES = 60, 6, 2


class Leaf(NamedTuple):
    """A number, or the latest row of a series; ``announced`` when a key says that it counts something."""

    locator: JsonLocator
    exact: str
    label: str
    value: object
    reasons: tuple[str, ...]
    confidence: float
    announced: bool


def propose_json(document: Document) -> tuple[Proposal, ...]:
    """The figures of a JSON body; nothing when it is not JSON."""
    try:
        body = parse(document)
    except ReadingError:
        return ()
    some = list(leaves(body.value))[:MOST]
    given = verify(document, "json", {f"m{i}": leaf.locator for i, leaf in enumerate(some)})
    read = ((leaf, [each.exact for each in given.get(f"m{i}", ())]) for i, leaf in enumerate(some))
    found = [proposal(leaf, leaf.locator) for leaf, exacts in read if leaf.exact in exacts]
    return tuple(sorted(found, key=lambda each: -each.confidence))


def leaves(value: object) -> Iterator[Leaf]:
    """The numbers in a JSON value that may be figures."""
    return _leaves(value, (), _described(value))


def _described(value: object) -> str:
    return str(value.get("description") or "") if isinstance(value, Mapping) else ""


def _leaves(value: object, here: Location, said: str) -> Iterator[Leaf]:
    if len(here) > DEEPEST:
        return
    if isinstance(value, Mapping):
        for key, inner in value.items():
            if not NOT_COUNTS.search(key):
                yield from _leaves(inner, (*here, key), said)
    elif isinstance(value, list):
        yield from _series(value, here, said)
    elif _numeric(value):
        yield _leaf(value, here, said)


def _numeric(value: object) -> bool:
    number = isinstance(value, int | float) and not isinstance(value, bool)
    return number or (isinstance(value, str) and bool(_NUMBER.fullmatch(value.strip())))


def _leaf(value: object, here: Location, said: str) -> Leaf:
    key = next((str(step) for step in reversed(here) if isinstance(step, str)), "")
    announced = bool(COUNTS.search(key))
    reasons = ("a number in JSON", *(("its key announces a count",) if announced else ()))
    label = _words(here) or said or "valeur"
    confidence = 0.8 if announced or not here else 0.6
    return Leaf(
        JsonLocator(value=normalised(here)), _printed(value), label, value, reasons, confidence, announced
    )


def _series(rows: list[Any], here: Location, said: str) -> Iterator[Leaf]:
    """Of rows with a date, each other numeric column: its figure is that of the latest date."""
    if len(rows) < SERIES or not all(isinstance(row, Mapping) for row in rows):
        return
    date = next((key for key in rows[0] if DATES.match(key)), None)
    dated = [row for row in rows if date and row.get(date) is not None]
    if not date or not dated or len({type(row[date]) for row in dated}) > 1:
        return
    latest = max(dated, key=lambda row: row[date])
    for key, value in latest.items():
        if key != date and _numeric(value) and not NOT_COUNTS.search(key):
            yield _row(here, date, key, value, said)


def _row(here: Location, date: str, key: str, value: object, said: str) -> Leaf:
    locator = JsonLocator(
        rows=f"{normalised(here)}[*]", value=f"$[{_quoted(key)}]", date=f"$[{_quoted(date)}]"
    )
    label = said if said and key in ("value", "valeur") else _words((*here, key))
    return Leaf(locator, _printed(value), label, value, ("the latest of a dated series",), 0.7, True)


def _quoted(key: str) -> str:
    escaped = key.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"


def _printed(value: object) -> str:
    return value.strip() if isinstance(value, str) else repr(value)


def _words(here: Location) -> str:
    """The keys on the way as words: ``nbAdresses`` under ``ban`` is "ban nb adresses"."""
    names = [str(step) for step in here if isinstance(step, str)][-2:]
    apart = re.sub(r"(?<=[a-zà-ÿ])(?=[A-Z])|[_\-.]+", " ", " ".join(names))
    return " ".join(apart.split()).lower()


def proposal(leaf: Leaf, locator: JsonLocator | EmbeddedLocator, less: float = 0) -> Proposal:
    """The proposal of a leaf at its place, believed ``less`` than on an endpoint of its own."""
    text = isinstance(leaf.value, str)
    notation: Notation = "json" if not text else "dot" if "." in leaf.exact else "french"
    meaning = guess(f"{leaf.label} {leaf.exact}")
    if leaf.locator.rows and meaning.nature == "stock":
        meaning = meaning._replace(nature="flow", period="dated")
    return Proposal(
        label=leaf.label,
        exact=leaf.exact,
        locator=locator,
        notation=notation,
        around=leaf.label,
        unit_words="",
        confidence=round(leaf.confidence - less, 2),
        reasons=leaf.reasons,
        **meaning._asdict(),
    )
