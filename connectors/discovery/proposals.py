"""Proposals for one body: the figures it seems to print, most believable first."""

import re
from collections.abc import Iterable, Iterator

from bs4 import BeautifulSoup

from connectors.discovery.blocks import blocks
from connectors.discovery.candidate import Candidate
from connectors.discovery.charts import propose_charts
from connectors.discovery.csv_body import propose_csv
from connectors.discovery.json_body import propose_json
from connectors.discovery.key_figures import key_figures
from connectors.discovery.locators import locate, verify
from connectors.discovery.meaning import guess
from connectors.discovery.proposal import Proposal
from connectors.discovery.states import propose_states
from connectors.discovery.tables import table_figures
from connectors.errors import ReadingError
from connectors.extraction import Document, Notation
from connectors.locators import EmbeddedLocator, HtmlLocator
from connectors.selectors import fold
from connectors.text.html_text import parse

CELL = "a cell of a table"
UNGUARDED = "only its place leads to it: no words beside it would tell it from another figure there"
WEIGHTS = {
    "a number that stands alone": 0.55,
    "set large": 0.2,
    "a short name beside it": 0.1,
    "it names what public services count": 0.1,
    "shown by a count-up script": 0.05,
    "emphasised": 0.6,
    "label and number": 0.7,
    "a count in a title": 0.6,
    "number first": 0.5,
    "a part of the figure above": 0.55,
    "in a sentence": 0.35,
    CELL: 0.65,
}
"""What each reason adds to the confidence; it stays below 1, since nobody has confirmed anything."""

SURE, SURE_ENOUGH = 0.97, 0.5
"""As sure as we ever are, and sure enough to ask the page's scripts for nothing more."""
MOST = 150
"""Figures of a page that are looked for again with a locator: a page of more lists things."""
_BLANK = b"\xef\xbb\xbf \t\r\n"
_DOT = re.compile(r"\d\.\d")


def propose(document: Document) -> tuple[Proposal, ...]:
    """The figures that a body seems to print, each with a locator that was verified on it.

    HTML, JSON and CSV are read; any other body gives nothing.  Never raises for what a body holds.
    """
    if "json" in document.content_type or not document.content.lstrip(_BLANK).startswith(b"<"):
        return propose_json(document) or propose_csv(document)
    return _propose_html(document)


def _propose_html(document: Document) -> tuple[Proposal, ...]:
    try:
        soup = parse(document)
        charted = propose_charts(document, soup)
        shown = [each for each in _shown(document, soup) if not _again(each, charted.exacts)]
        found = [*shown, *charted.proposals]
        if not any(each.confidence >= SURE_ENOUGH for each in found):
            found += propose_states(document)
        found = found or [*propose_charts(document, soup, categories=True).proposals]
    except (ReadingError, RecursionError):  # a page nested a thousand deep is no page for people
        return ()
    return tuple(sorted(found, key=lambda each: -each.confidence))


def _shown(document: Document, soup: BeautifulSoup) -> Iterator[Proposal]:
    """The figures that people see."""
    root = soup.body or soup
    title = soup.title.get_text() if soup.title else ""
    candidates = _distinct([*key_figures(blocks(root), title), *table_figures(root)])[:MOST]
    located = locate(document, candidates)
    named = {
        f"m{i}": each.cell
        for i, (each, place) in enumerate(zip(candidates, located, strict=True))
        if each.cell and (place is None or place.locator.css)
    }
    cells = verify(document, "embedded", named)
    for i, (candidate, place) in enumerate(zip(candidates, located, strict=True)):
        points = [each.exact for each in cells.get(f"m{i}", ())]
        if candidate.cell and points == [candidate.exact]:
            yield _proposal(candidate, candidate.cell)
        elif place:
            yield _proposal(candidate, place.locator, place.anchor, () if place.guarded else (UNGUARDED,))


def _again(proposal: Proposal, series: frozenset[str]) -> bool:
    """Whether a cell shows a point of a series: by its date the series finds it in every night to come."""
    return CELL in proposal.reasons and proposal.exact in series


def _distinct(candidates: Iterable[Candidate]) -> list[Candidate]:
    """One candidate for each figure: a page that repeats one, in its title or in a sentence, has it once."""
    kept: dict[tuple[str, str], Candidate] = {}
    for each in sorted(candidates, key=_confidence, reverse=True):
        digits = re.sub(r"\D", "", each.exact)
        distinctive = len(digits) > 3 and not digits.endswith("000")
        kept.setdefault((digits, "" if distinctive else _key(each.label)), each)
    return list(kept.values())


def _key(label: str) -> str:
    return " ".join(re.findall(r"\w{4,}", fold(label).casefold())[:2])


def _confidence(candidate: Candidate) -> float:
    return min(SURE, sum(WEIGHTS[reason] for reason in candidate.reasons))


def _proposal(
    candidate: Candidate,
    locator: HtmlLocator | EmbeddedLocator,
    anchor: str | None = None,
    doubts: tuple[str, ...] = (),
) -> Proposal:
    meaning = guess(f"{candidate.label} {candidate.exact} {candidate.unit_words}")
    about = guess(f"{candidate.label} {candidate.exact} {candidate.unit_words} {candidate.around}")
    if meaning.nature == "stock" and about.nature in ("flow", "cumulative"):
        meaning = meaning._replace(nature=about.nature, period=about.period)
    return Proposal(
        label=candidate.label,
        exact=candidate.exact,
        locator=locator,
        anchor=anchor,
        notation=_notation(candidate),
        around=fold(candidate.around).strip(),
        unit_words=fold(candidate.unit_words).strip(),
        confidence=round(_confidence(candidate), 2),
        reasons=(*candidate.reasons, *doubts),
        **meaning._asdict(),
    )


def _notation(candidate: Candidate) -> Notation:
    return "dot" if _DOT.search(candidate.exact) else "french"
