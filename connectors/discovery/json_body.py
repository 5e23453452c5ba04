"""Figures of a JSON body: its named counts, and its dated series."""

from collections.abc import Mapping, Sequence

from connectors.discovery.leaves import Leaf, is_numeric, leaves
from connectors.discovery.locators import verify
from connectors.discovery.meaning import guess, guess_series
from connectors.discovery.periods import dated, latest
from connectors.discovery.proposal import Proposal
from connectors.errors import ReadingError
from connectors.extraction import Document, Extraction, Notation
from connectors.locators import EmbeddedLocator, JsonLocator, SeriesLocator
from connectors.text.json_text import parse

MOST, SHALLOW = 60, 7
"""Figures of a body that are looked into; brackets of a query beyond which nothing is published."""


def propose_json(document: Document) -> tuple[Proposal, ...]:
    """The figures of a JSON body; nothing when it is not JSON."""
    try:
        value = parse(document).value
        if is_convention(value):
            return _of_convention(document, value)
        some = [leaf for leaf in leaves(value) if _query(leaf).count("[") <= SHALLOW][:MOST]
    except (ReadingError, RecursionError):
        return ()
    given = verify(document, "json", {f"m{i}": leaf.locator for i, leaf in enumerate(some)})
    read = ((leaf, given.get(f"m{i}", [])) for i, leaf in enumerate(some))
    found = [proposal(leaf, leaf.locator, points) for leaf, points in read if gives(points, leaf)]
    return tuple(sorted(found, key=lambda each: -each.confidence))


def _query(leaf: Leaf) -> str:
    return leaf.locator.rows or leaf.locator.value


def is_convention(value: object) -> bool:
    """Whether a body is ``{description?, stats: [{date, value}]}``, which has a protocol of its own."""
    rows = value.get("stats") if isinstance(value, Mapping) else None
    return (
        isinstance(rows, list)
        and bool(rows)
        and all(isinstance(row, Mapping) and "date" in row and is_numeric(row.get("value")) for row in rows)
    )


def _of_convention(document: Document, value: object) -> tuple[Proposal, ...]:
    described = value.get("description") if isinstance(value, Mapping) else None
    points = verify(document, "stats_json", {"m": SeriesLocator()}).get("m", [])
    at = latest([(each.period_text or "")[:10] for each in points])
    if at is None:
        return ()
    label = described if isinstance(described, str) and described else "valeur"
    found = points[at]
    return (
        Proposal(
            label=label,
            exact=found.exact,
            locator=SeriesLocator(),
            notation=found.notation,
            around=label,
            unit_words="",
            confidence=0.9,
            reasons=("a dated series in the convention of stats endpoints",),
            points=dated(points),
            **guess_series(label, dated=True)._asdict(),
        ),
    )


def gives(points: Sequence[Extraction], leaf: Leaf) -> bool:
    """Whether the characters of a leaf are among those that its locator gives."""
    return leaf.exact in [each.exact for each in points]


def proposal(
    leaf: Leaf, locator: JsonLocator | EmbeddedLocator, points: Sequence[Extraction], less: float = 0
) -> Proposal:
    """The proposal of a leaf at its place, believed ``less`` than on an endpoint of its own.

    ``points`` are all that its locator gives.
    """
    text = isinstance(leaf.value, str)
    notation: Notation = "json" if not text else "dot" if "." in leaf.exact else "french"
    words = f"{leaf.label} {leaf.exact}"
    meaning = guess_series(words, dated=True) if leaf.locator.rows else guess(words)
    return Proposal(
        label=leaf.label,
        exact=leaf.exact,
        locator=locator,
        notation=notation,
        around=leaf.around,
        unit_words="",
        confidence=round(leaf.confidence - less, 2),
        reasons=leaf.reasons,
        points=dated(points),
        **meaning._asdict(),
    )
