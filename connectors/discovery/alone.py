"""Numbers that stand alone on a page, each with the text that names it."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from bs4.element import Tag

from connectors.discovery.blocks import Block
from connectors.discovery.candidate import Candidate
from connectors.discovery.labels import is_no_figure, is_postcode, is_span_of_time, tidy
from connectors.discovery.meaning import counted
from connectors.discovery.names import Named, name_of, says_itself, whole_name
from connectors.discovery.texts import ASIDE, SUFFIX, Page, Text
from connectors.selectors import fold

LARGE = re.compile(
    r"number|chiffre|count|stat|key|kpi|value|valeur|figure|highlight|big|display|\bfr-h\d|text-\dxl|num\b|h[1-4]\b"
    r"|metric|total|indicat|bold|large",
    re.IGNORECASE,
)
"""Names of classes under which pages set a figure large."""

_DATED = re.compile(
    r"\b(?:année|création|lancement|naissance|date|depuis|édition|ouverture|mise à jour)\b", re.IGNORECASE
)
_PRICES = re.compile(r"\b(?:tarifs?|prix|abonnements?|formules?)\b", re.IGNORECASE)
_YEARLY = re.compile(r"year|annee|date", re.IGNORECASE)
_THING = re.compile(r"(?!jours|heures|minutes|semaines|années|tonnes|euros)[a-zà-ÿ]{5,}(?: [a-zà-ÿ]{3,})?")
_DRAWN = re.compile(r"\b(?:width|height|left|flex-basis)\s*:\s*[\d.]+\s*%", re.IGNORECASE)
SHORT_NAME, SMALL_BOX = 12, 60
"""Words of a name that is surely one, and of a box that holds nothing but one figure and its words."""


def standing_alone(page: Page) -> Iterator[Candidate]:
    """A candidate for each bare number that has a name and does not mislead."""
    for text in page.texts:
        if text.bare:
            yield from _candidate(page, text)


def _candidate(page: Page, text: Text) -> Iterator[Candidate]:
    block, mention = text.block, text.mentions[0]
    named = name_of(page, text)
    unit = block.text[mention.end :].strip(" .:;,") or named.unit
    label, said = _label(page, named, unit)
    if not label or _misleading(page, text, label) or _is_its_year(page, text, named.box):
        return
    inside = page.inside(named.box) if named.box and _small(page, named.box) else []
    page.details.update(map(id, inside))
    if ASIDE.match(label):
        first = min(block.index, said.block.index) if said else block.index
        label = f"{page.heading(first)}, {label}".lstrip(", ")
    place = _suffixed(page, text) or _within(block)
    yield Candidate(
        place.element,
        place.exact,
        tidy(label),
        " ".join((*([each.block.words for each in inside] or [label]), block.words)),
        unit,
        tuple(_reasons(text, said, label)),
        said.block.element if said else None,
        block.attribute,
        precedes=place.precedes,
        follows=place.follows,
        place=block.index,
    )


def _label(page: Page, named: Named, unit: str) -> tuple[str, Text | None]:
    """The label of a number, and the text that says it; no text when its own unit says it."""
    name = named.text
    label = whole_name(page, name) if name else ""
    own = unit if unit != named.unit else ""
    if len(own) > 3 and (not label or says_itself(page, own, named.box)):
        return own, None
    if name and label[:1].islower() and (_THING.fullmatch(unit) or named.unit):
        return f"{unit} {label}", name
    return label, name


class _Place(NamedTuple):
    """Where a figure stands, and in an element that says more, the words around it."""

    element: Tag
    exact: str
    precedes: str = ""
    follows: str = ""


def _within(block: Block) -> _Place:
    """The place of a number that stands for itself, and what its element says around it."""
    exact = block.text.strip()
    before, found, after = block.element.get_text().partition(exact)
    return _Place(block.element, exact, fold(before), fold(after)) if found else _Place(block.element, exact)


def _suffixed(page: Page, text: Text) -> _Place | None:
    """A magnitude or symbol that stands outside the number's own element, with the element of both."""
    block = text.block
    following = page.texts[block.index + 1] if block.index + 1 < len(page.texts) else None
    match = SUFFIX.match(following.block.words) if following and not following.mentions else None
    if not match or following is None or block.attribute or _ends_with_symbol(block.text):
        return None
    holders = {id(each) for each in (block.element, *block.element.parents)}
    both = next(
        each for each in (following.block.element, *following.block.element.parents) if id(each) in holders
    )
    whole = both.get_text()
    start = whole.find(block.text.strip())
    end = whole.find(match[0], start + len(block.text.strip())) + len(match[0])
    if not 0 <= start < end - len(match[0]):
        return None
    return _Place(both, whole[start:end], fold(whole[:start]), fold(whole[end:]))


def _ends_with_symbol(text: str) -> bool:
    return not text.strip()[-1:].isdigit()


def _small(page: Page, box: Tag) -> bool:
    inside = page.inside(box)
    return sum(each.bare for each in inside) == 1 and sum(len(each.words) for each in inside) <= SMALL_BOX


def _misleading(page: Page, text: Text, label: str) -> bool:
    """A year, a step, a rank, a length of time to choose from: bare numbers that are no figure."""
    block = text.block
    digits = re.sub(r"\D", "", block.text)
    tiny = len(digits) == 1 and not _stands_out(block) and not _ends_with_symbol(block.text)
    return (
        id(text) in page.steps
        or not digits.strip("0")
        or (tiny and not counted(label))
        or _is_year(page, text, label)
        or is_no_figure(label)
        or ("€" in block.text and bool(_PRICES.search(page.heading(block.index))))
        or is_span_of_time(label)
        or is_postcode(digits, block.text[text.mentions[0].end :].strip())
        or bool(_DRAWN.search(str(block.element.get("style", ""))))
    )


def _is_year(page: Page, text: Text, label: str) -> bool:
    if not text.mentions[0].like_a_year:
        return False
    dates = bool(_DATED.search(label)) or (page.groups and not counted(label))
    return dates or bool(_YEARLY.search(str(text.block.element.get("class", ""))))


def _is_its_year(page: Page, text: Text, box: Tag | None) -> bool:
    """Whether a year stands in the box of another number: it is the year of that one."""
    others = (each.mentions[0] for each in page.inside(box) if each.bare and each is not text) if box else ()
    return text.mentions[0].like_a_year and any(not each.like_a_year for each in others)


def _stands_out(block: Block) -> bool:
    strong = any(node.parent is not None and node.parent.name in ("strong", "b") for node in block.nodes)
    return strong or block.text[:1] in "xX×" or is_large(block.element)


def is_large(element: Tag) -> bool:
    """Whether the names of an element or of its parent say that it is set large."""
    around = element.parent.get("class", "") if element.parent else ""
    return bool(LARGE.search(f"{element.name} {element.get('class', '')} {around}"))


def _reasons(text: Text, said: Text | None, label: str) -> Iterator[str]:
    yield "a number that stands alone"
    if is_large(text.block.element):
        yield "set large"
    if said and len(said.words) <= SHORT_NAME:
        yield "a short name beside it"
    if counted(label):
        yield "it names what public services count"
    if text.block.attribute:
        yield "shown by a count-up script"
