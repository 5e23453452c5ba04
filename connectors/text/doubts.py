"""Reasons not to believe the characters at a place: each would publish a wrong figure without an error.

A redesign moves a number into several elements, its "millions" into the label, or fills it in by script.
"""

import re
from collections.abc import Iterator
from itertools import pairwise

from bs4.element import Tag

from connectors.errors import CountUp, NotFound, ReadingError, ScaleUnclear, SplitFigure
from connectors.selectors import label
from connectors.service import Metric
from connectors.text.figure_box import Box, box_of
from connectors.text.figure_pattern import SCALE
from connectors.text.html_text import texts
from connectors.text.html_tree import Html, are_one

_MARK = r"[.,'’ʼ·\u200b\u2060\ufeff]?"  # what may part two groups of digits, beside a space
_GROUP = re.compile(r"\s\d{3}(?!\d)")
_GOES_ON = re.compile(rf"{_MARK}\d|\s\d{{3}}(?!\d)")
_BEGAN = re.compile(rf"\d{_MARK}$|(?<![\d.,])\d{{1,3}}\s$")
_BEGAN_AT_ONCE = re.compile(rf"\d{_MARK}$")
_NEXT_SCALE = re.compile(rf"\s*(?:\(?\s*en )?(?P<word>{SCALE})")
_NEXT_PERCENT = re.compile(r"\s*(?P<word>[%‰])")
_LABEL_SCALE = re.compile(
    rf"^\(?(?P<first>{SCALE})|\ben (?P<inside>milliers|millions|milliards|[kM]€|Md€)(?!\w)", re.IGNORECASE
)
_FIRST_NUMBER = re.compile(r"\d[\d\s.,]*")
_COUNTS_UP = re.compile(
    r"\bcount(?:-?(?:er|up|to))?\b|odometer|data-(?:target|to|end|stop|goal|final)\b", re.IGNORECASE
)
_COUNTING_SCRIPT = re.compile(
    r"count-?up|counter-?up|purecounter|odometer|animate(?:value|number|counter)", re.IGNORECASE
)
_NEAR = 3  # elements around the figure whose attributes may speak of it


def refuse_doubtful(html: Html, metric: Metric, exact: str, start: int, end: int) -> None:
    """Refuse the characters at a span of the text content if they cannot be the whole figure meant.

    Raises:
        NotFound: the words of the metric's ``anchor`` do not stand beside them.
        SplitFigure: they are part of a longer number, or may be: the body stops there.
        ScaleUnclear: a word of scale stands beside them, not in them.
        CountUp: they are a zero from which a script counts up.
    """
    box = box_of(html, start, end)
    if metric.anchor:
        _refuse_another(metric.anchor, box, exact)
    for doubt in (_split(html, exact, start, end), _scale(html, metric, exact, (start, end), box)):
        if doubt:
            raise doubt
    if _is_zero(exact) and _is_counted_up(html, metric, start):
        raise CountUp(f"{exact!r} is where a script counts up from, not the figure")


def refuse_unnamed(html: Html, metric: Metric, exact: str, holder: Tag) -> None:
    """Refuse the characters of an attribute of ``holder``, beside which the words of ``anchor`` do not stand.

    Raises:
        NotFound: they do not.
    """
    if metric.anchor:
        _refuse_another(metric.anchor, box_of(html, *html.span(holder), holder), exact)


def _refuse_another(anchor: str, box: Box | None, exact: str) -> None:
    if box is None or not box.says(anchor):
        beside = f": there stand {box.words[:80]!r}" if box else ""
        raise NotFound(f"{exact[:40]!r} was found, but the words {anchor!r} do not stand beside it{beside}")


def _split(html: Html, exact: str, start: int, end: int) -> ReadingError | None:
    if not html.whole and end == len(html.content.rstrip()):
        return SplitFigure(f"the page stops at {exact!r}, in the middle of its text")
    before, after = html.line(start, end)
    rest = _GOES_ON.match(after) if exact[-1].isdigit() else None
    if rest:
        return SplitFigure(f"the number goes on after {exact!r}: {rest[0]!r} follows")
    pattern = _BEGAN if re.match(r"\d{3}(?!\d)", exact) else _BEGAN_AT_ONCE
    begun = pattern.search(before) if exact[0].isdigit() else None
    if begun:
        return SplitFigure(f"the number began before {exact!r}: {begun[0]!r} precedes")
    return _stitched(html, start, end)


def _stitched(html: Html, start: int, end: int) -> SplitFigure | None:
    """Digits of two texts are one number only as groups of it, parted by a space and set alike.

    Else one of them may be a year, a rank, an aim, or what was struck out.
    """
    for text, other in pairwise(html.pieces(start, end)):
        touching = f"{text.rstrip()[-1]}{other.lstrip()[0]}"
        grouped = _GROUP.match(html.content, html.starts[id(text)] + len(text.rstrip()))
        if touching.isdecimal() and not (grouped and are_one(text, other)):
            said = f"{text.strip()[-20:]!r} and {other.strip()[:20]!r}"
            return SplitFigure(f"{said} stand beside each other and are not set as one number")
    return None


def _scale(
    html: Html, metric: Metric, exact: str, span: tuple[int, int], box: Box | None
) -> ScaleUnclear | None:
    if not exact[-1].isdigit():
        return None
    after = html.line(*span)[1]
    scales = [_NEXT_SCALE.match(after), *_in_labels(html, box, span)]
    if metric.unit not in ("%", "‰"):
        scales.append(_NEXT_PERCENT.match(after))
    found = next((each for each in scales if each), None)
    if found is None:
        return None
    word = next(each for each in found.groups() if each)
    return ScaleUnclear(f"{word!r} stands beside {exact!r} and not in it: which is the figure?")


def _in_labels(html: Html, box: Box | None, span: tuple[int, int]) -> Iterator[re.Match[str] | None]:
    """Words of scale in the texts of the box, but those of another number."""
    for text in texts(box.element) if box else ():
        at = html.starts[id(text)]
        if not at <= span[0] < at + len(text) and not _after_another_number(html, at, span):
            yield _LABEL_SCALE.search(label(text))


def _after_another_number(html: Html, at: int, span: tuple[int, int]) -> bool:
    before = html.content[:at].rstrip()
    return before[-1:].isdigit() and not span[0] < len(before) <= span[1]


def _is_zero(exact: str) -> bool:
    """Whether the number is nothing but zeros, whatever it counts ("0/5", "0 million")."""
    number = _FIRST_NUMBER.search(exact)
    return number is not None and set(re.sub(r"\D", "", number[0])) == {"0"}


def _is_counted_up(html: Html, metric: Metric, start: int) -> bool:
    """Whether something says that a script replaces a zero: attributes near it, a script of that name.

    A zero below the least that the service file believes, on a page with scripts, is one as well.
    """
    near = [each for each, _ in zip(html.text_at(start).parents, range(_NEAR), strict=False)]
    if any(_COUNTS_UP.search(words) for each in near for words in _attributes(each)):
        return True
    scripts = html.soup.find_all("script")
    if any(_COUNTING_SCRIPT.search(f"{each.get('src', '')} {each.string or ''}") for each in scripts):
        return True
    return bool(scripts) and metric.expect.min is not None and metric.expect.min > 0


def _attributes(element: Tag) -> Iterator[str]:
    """The names of an element's attributes and its classes."""
    yield from map(str, element.attrs)
    yield str(element.get("class") or "")
