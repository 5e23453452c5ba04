"""From a figure on a page to a locator: the ones that survive small changes first, each one verified.

A locator is believed only when the reader of every night gives with it exactly these characters.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from types import MappingProxyType
from typing import NamedTuple

import soupsieve
from bs4.element import Tag

from connectors.discovery.candidate import Candidate
from connectors.extraction import Document, Extraction
from connectors.extractor import read_now
from connectors.locators import HtmlLocator, Locator
from connectors.selectors import fold, label
from connectors.service import Metric, Page
from connectors.text.figure_box import box_of
from connectors.text.html_tree import Html

_MADE_UP = re.compile(
    r"^(?:css|sc|jsx|jss|svelte|emotion)-|[0-9a-f]{6,}|__(?=[a-z]*[\dA-Z_])\w{5}$|^_|\d{3,}|[:\[\]/]"
)
_LETTERS = re.compile(r"(?!milli)[^\W\d_]{3,}")
_NUMBER = re.compile(r"\d+(?: \d{3})*(?:[.,]\d+)?")
_DIGITS = re.compile(r"\d+")
ROOT = "html:nth-of-type(1)"
ROUNDS: tuple[tuple[int, int | None], ...] = ((0, 1), (1, 4), (4, None))
"""Which of its locators are tried on a page together; the next only for figures that none has found."""
LONGEST_ANCHOR = 120
"""Characters of an anchor: a longer one breaks at the next change."""


_Found = tuple[HtmlLocator, Extraction]


class Located(NamedTuple):
    """A locator, and the words that must stand beside the figure where the locator itself names none.

    It is ``guarded`` when either tells the figure from another one that takes its place.
    """

    locator: HtmlLocator
    anchor: str | None = None
    guarded: bool = True


def locate(document: Document, candidates: Sequence[Candidate]) -> list[Located | None]:
    """For each candidate the first of its locators that gives its characters, or nothing."""
    options = [list(_options(each)) for each in candidates]
    found: list[_Found | None] = [None] * len(candidates)
    for first, last in ROUNDS:
        lacking = [i for i, one in enumerate(found) if one is None]
        flat = {f"m{i}_{j}": it for i in lacking for j, it in enumerate(options[i][first:last])}
        given = verify(document, "html", flat)
        for i in lacking:
            tried = ((it, f"m{i}_{j}") for j, it in enumerate(options[i][first:last]))
            good = ((it, given[name][0]) for it, name in tried if _gives(given, name, candidates[i]))
            found[i] = next(good, None)
    anchors = _anchors(document, candidates, found)
    return [
        _located(candidate, *one, anchors.get(f"m{i}")) if one else None
        for i, (candidate, one) in enumerate(zip(candidates, found, strict=True))
    ]


def _located(candidate: Candidate, locator: HtmlLocator, found: Extraction, anchor: str | None) -> Located:
    guarded = anchor is not None or _says_words(locator, candidate)
    return Located(_shortest(locator, found), anchor, guarded)


def _anchors(
    document: Document,
    candidates: Sequence[Candidate],
    found: Sequence[_Found | None],
) -> dict[str, str]:
    """The words of its box for each figure whose place alone is known: another may stand there tomorrow."""
    if not candidates:
        return {}
    html = Html(list(candidates[0].element.parents)[-1])  # type: ignore[arg-type]
    options = {
        f"m{i}": (one[0], anchor)
        for i, (one, candidate) in enumerate(zip(found, candidates, strict=True))
        if one and not _says_words(one[0], candidate) and (anchor := _anchor(html, candidate, one[1]))
    }
    given = verify(
        document,
        "html",
        {name: locator for name, (locator, _) in options.items()},
        {name: anchor for name, (_, anchor) in options.items()},
    )
    return {name: options[name][1] for name in given}


def _says_words(locator: HtmlLocator, candidate: Candidate) -> bool:
    """Whether a locator finds its figure by words: a label, or those of its pattern."""
    pattern = locator.pattern or ""
    beside = pattern.replace(_flexible(candidate.exact), candidate.exact)
    return locator.label is not None or bool(pattern and _LETTERS.search(beside))


def _anchor(html: Html, candidate: Candidate, found: Extraction) -> str | None:
    """The name of a figure where it stands in its box, else all that the box says."""
    box = box_of(html, found.start, found.end, candidate.element if candidate.attribute else None)
    names = (_as_read(candidate.said) if candidate.said else "", candidate.label)
    said = [each for each in map(label, names) if each and box and box.says(each)]
    return next(iter([*said, *([box.words] if box and len(box.words) <= LONGEST_ANCHOR else [])]), None)


def _gives(given: Mapping[str, list[Extraction]], name: str, candidate: Candidate) -> bool:
    return [each.exact for each in given.get(name, ())] == [candidate.exact]


def _shortest(locator: HtmlLocator, found: Extraction) -> HtmlLocator:
    """The reader's own, shorter path in place of the long one from the root."""
    if not (locator.css or "").startswith(ROOT):
        return locator
    return locator.model_copy(update={"css": found.locator.split("@")[0]})


def verify(
    document: Document,
    protocol: str,
    locators: Mapping[str, Locator],
    anchors: Mapping[str, str] = MappingProxyType({}),
) -> dict[str, list[Extraction]]:
    """What each locator gives on ``document`` with the readers of the night, and with its anchor if any."""
    if not locators:
        return {}
    metrics = {name: _metric(locator, anchors.get(name)) for name, locator in locators.items()}
    page = Page.model_validate({"url": _address(document), "protocol": protocol, "metrics": metrics})
    given: dict[str, list[Extraction]] = {}
    for found in read_now("discovered", page, [document]).extractions:
        given.setdefault(found.metric_id, []).append(found)
    return given


def _address(document: Document) -> str:
    return document.url if document.url.startswith("http") else "https://saved.example/"


def _metric(locator: Locator, anchor: str | None = None) -> Metric:
    return Metric(
        label="?",
        unit="?",
        nature="stock",
        dimension="utilisé",
        kind="usage",
        reach="uses",
        locate=locator,
        anchor=anchor,
    )


def _options(candidate: Candidate) -> Iterator[HtmlLocator]:
    element, pattern = candidate.element, _pattern(candidate)
    more = {"attribute": candidate.attribute, "pattern": pattern}
    if candidate.said is not None and pattern is None:
        yield from _beside_label(candidate, candidate.said)
    if candidate.attribute and pattern:
        yield HtmlLocator(css=f'[{candidate.attribute}*="{_quoted(candidate.label)}"]', **more)
    yield from (HtmlLocator(css=css, **more) for css in _selectors(element))
    if not candidate.attribute:
        patterns = [pattern] if pattern else list(_beside_words(candidate))
        yield from (HtmlLocator(css=css, pattern=each) for css in ("main", "body") for each in patterns)
    yield HtmlLocator(css=_path(element), **more)


def _pattern(candidate: Candidate) -> str | None:
    """A pattern of the figure between the words around it, when its element says more than the figure."""
    element, attribute = candidate.element, candidate.attribute
    said = str(element[attribute]) if attribute else element.get_text()
    if fold(said).strip() == fold(candidate.exact):
        return None
    before, after = candidate.precedes.split()[-2:], candidate.follows.split()[:3]
    return " ?".join([*map(_word, before), _flexible(candidate.exact), *map(_word, after)])


def _quoted(words: str) -> str:
    """Words in a string of CSS."""
    return words.replace("\\", "\\\\").replace('"', '\\"')


def _word(word: str) -> str:
    """A word in a pattern: any digits in place of its own."""
    return _DIGITS.sub(r"\\d+", re.escape(word))


def _flexible(exact: str) -> str:
    """The figure with any digits; its words and symbols stay."""
    before, _, after = _NUMBER.sub("#", fold(exact), count=1).partition("#")
    words = [" ?".join(map(_word, each.split())) for each in (before, after)]
    return f"(?P<figure>{words[0]} ?[0-9][0-9 ]*(?:[.,][0-9]+)?(?: ?{words[1]}))".replace(
        "(?: ?)", ""
    ).replace("(?P<figure> ?", "(?P<figure>")


def _beside_words(candidate: Candidate) -> Iterator[str]:
    """The figure with its own words, or directly before or after those of a label without an element."""
    if _LETTERS.search(candidate.exact):
        yield _flexible(candidate.exact)
    words = list(map(_word, candidate.label.split()))
    yield " ?".join([_flexible(candidate.exact), *words[:3]])
    yield " ?".join([*words[-3:], _flexible(candidate.exact)])


def _beside_label(candidate: Candidate, said: Tag) -> Iterator[HtmlLocator]:
    holders = {id(each) for each in (candidate.element, *candidate.element.parents)}
    box = next(each for each in (said, *said.parents) if id(each) in holders)
    if box is candidate.element or box.name in ("body", "html", "[document]"):
        return
    words = label(_as_read(said))
    for within, value in product(_names(box), _names(candidate.element)):
        yield HtmlLocator(label=words, within=within, value=value, attribute=candidate.attribute)


def _as_read(element: Tag) -> str:
    """The text of an element, a line break parting words: as the reader compares labels."""
    parts = (" " if isinstance(node, Tag) and node.name == "br" else node for node in element.descendants)
    return "".join(str(part) for part in parts if isinstance(part, str))


def _names(element: Tag) -> list[str]:
    """Ways to select an element by its own name, the most telling first."""
    name = soupsieve.escape(element.name)
    classes = [each for each in str(element.get("class") or "").split() if not _MADE_UP.search(each)]
    return [f".{soupsieve.escape(each)}" for each in classes[:3]] + [name]


def _selectors(element: Tag) -> Iterator[str]:
    if element.get("id") and not _MADE_UP.search(str(element["id"])):
        yield f"#{soupsieve.escape(str(element['id']))}"
    yield from (name for name in _names(element) if name.startswith("."))
    if element.parent is not None:
        for outer, inner in product(_names(element.parent), _names(element)):
            yield f"{outer} > {inner}"


def _path(element: Tag) -> str:
    """The way from the root, by rank at each level: it always works, and survives little."""
    steps = [
        f"{soupsieve.escape(each.name)}:nth-of-type({1 + len(each.find_previous_siblings(each.name))})"
        for each in (element, *element.parents)
        if each.parent is not None
    ]
    return " > ".join(reversed(steps))
