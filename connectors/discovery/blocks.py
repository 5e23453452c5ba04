"""A page as a reader sees it: its short texts, in order, without what surrounds every page."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

import soupsieve
from bs4.element import NavigableString, Tag

from connectors.discovery.printed import is_one_number
from connectors.selectors import fold
from connectors.text.html_text import TEXT

INLINE = frozenset(
    ("a", "abbr", "acronym", "b", "bdi", "big", "cite", "data", "em", "font", "i", "mark", "output", "q", "s",
     "small", "span", "strong", "sub", "sup", "time", "u", "var", "wbr")
)  # fmt: skip
BESIDE = frozenset({"span", "strong", "b", "i", "em", "a", "small", "data", "output", "mark"})
"""Inline elements that, side by side without text between them, are read as separate texts."""

FURNITURE = soupsieve.compile(
    "nav, footer, aside, form, button, select, textarea, canvas, noscript, progress, meter, template,"
    "dialog, details, pre, code, blockquote, time, address, script, style, iframe, [hidden],"
    "[role=navigation], [role=contentinfo], [role=banner], [role=dialog], [role=alert], [role=search],"
    "[role=tooltip],"
    "[style*='display:none'], [style*='display: none'], [aria-current], del, s,"
    "[class*=cookie i], [id*=cookie i], [class*=consent i], [id*=tarteaucitron i], [class*=banner i][role],"
    "[id*=footer i], [class~=footer], [class*=-footer i]:not([class*=card i]), [class*=breadcrumb i],"
    "[class*=pagination i], [class*=accordion i], [class*=faq i], [id*=faq i],"
    "[class*=skiplink i], [class*=menu i], [class*=modal i], [class*=newsletter i], [class*=temoignage i],"
    "[class*=testimonial i], [class*=quote i], [class*=timeline i], [class*=stepper i], [class~=step],"
    "[class~=rank], [class*=sidebar i], [class*=transcription i], [class*=tooltip i], [class*=copyright i],"
    "[class*=latest-posts i], [class*=post-list i], [class~=post],"
    "[class~=news], [class*=actualit i], [class~=blog],"
    "[class*=countdown i], [class~=tick], [class*=axis i], [class*=-tick i], [class~=pill], [role=tab],"
    "[class~=fr-tag],"
    "[role=progressbar], [class*=progress-bar i], [class~=calendar], [class~=share],"
    "[class~=price], [class*=pricing i], [class*=tarif i], [class*=legend i][class*=chart i]"
)
"""What is on every page and publishes nothing; hidden texts; counts that only help to find one's way."""

_HOLDERS = tuple(
    (soupsieve.compile(outer), soupsieve.compile(inner))
    for outer, inner in (
        ("header, [class*=header i], [id*=header i]", "nav, [class*=nav i]"),
        ("article", "time"),
    )
)
"""What is furniture for what it holds; in two steps, since ``:has`` looks through every element first."""

_MARKS = soupsieve.compile("svg, [class*=badge i]")
_MARKED = soupsieve.compile(":is(a, button, summary, label, h1, h2, h3, h4, h5, h6) *")
"""Drawings and badges, furniture but for those that hold one number; and what such marks only mark."""

CLOCKED = re.compile(
    r"data-(?:[\w-]+-)?(?:target|to|count|count-?to|count-?up|counter|end|number|value|final|figure|stop|goal)"
    r"|countup|data-counterup-nums"
)
"""Attributes that hold the figure which a count-up script will show; until then the text is 0 or empty."""


@dataclass(slots=True, eq=False)
class Block:
    """One text as a reader sees it: verbatim, and the smallest element around all of it.

    ``attribute`` names the attribute that the text comes from, when it is not text.
    """

    element: Tag
    text: str
    nodes: tuple[NavigableString, ...] = ()
    attribute: str | None = None
    index: int = -1
    words: str = field(init=False)

    def __post_init__(self) -> None:
        self.words = fold(self.text).strip()


def blocks(root: Tag) -> list[Block]:
    """The texts below ``root`` in document order; those of tables are left out."""
    found = [block for block in _walk(root) if block.words]
    for index, block in enumerate(found):
        block.index = index
    return found


def is_furniture(element: Tag) -> bool:
    """Whether nobody would look for a figure here."""
    held = (inner for outer, inner in _HOLDERS if outer.match(element))
    return (
        FURNITURE.match(element)
        or (_MARKS.match(element) and _is_mark(element))
        or (element.name == "sup" and not _is_symbol(element))
        or any(inner.select_one(element) is not None for inner in held)
    )


def _is_symbol(element: Tag) -> bool:
    """Whether what is raised belongs to what it follows: a symbol, or the power of a metre, and no note."""
    said, before = element.get_text().strip(), element.previous_sibling
    power = said in ("2", "3") and isinstance(before, NavigableString) and before.rstrip().endswith("m")
    return power or said in ("%", "‰", "€")


def _is_mark(element: Tag) -> bool:
    """Whether a drawing or a badge shows anything but one number, or marks what it stands in.

    A number without a symbol in a drawing counts something on the screen: a rank, news, a tick.
    """
    texts = [text for each in element.find_all(string=True) if (text := each.strip())]
    drawn = element.name == "svg" and texts[:1] and texts[0][-1:].isdigit()
    return bool(len(texts) != 1 or drawn or not is_one_number(texts[0]) or _MARKED.match(element))


def _walk(element: Tag) -> Iterator[Block]:
    if element.name == "table" or is_furniture(element):
        return
    told = _clocked(element) or _described(element)
    if told:
        yield told
        return
    run: list[NavigableString | Tag] = []
    for child in element.children:
        if isinstance(child, Tag) and (child.name == "br" or not _is_inline(child)):
            yield from _said(element, run)
            run = []
            yield from _walk(child)
        elif isinstance(child, Tag) or type(child) in TEXT:
            run.append(child)  # type: ignore[arg-type]
    yield from _said(element, run)


def _clocked(element: Tag) -> Block | None:
    """The figure that a count-up script will show in ``element``."""
    name = next((each for each in element.attrs if CLOCKED.fullmatch(each) and element[each]), None)
    value = str(element.get(name)).strip() if name else ""
    shown = fold(element.get_text()).strip()
    if not value[:1].isdigit() or (shown not in ("", "0", "0 %", "0%", "—", "-")):
        return None
    return Block(element, value, (), name)


def _described(element: Tag) -> Block | None:
    """What a drawing without text says to those who do not see it: "Trajets déclarés : 452 018"."""
    said = str(element.get("aria-label") or "").strip()
    drawn = element.get("role") == "img" or element.name == "figure"
    if not drawn or not re.search(r"[^\W\d_]{3,}.*\d", said) or element.get_text().strip():
        return None
    return Block(element, said, (), "aria-label")


def _is_inline(element: Tag) -> bool:
    return (
        element.name in INLINE
        and not any(isinstance(each, Tag) and each.name not in INLINE for each in element.descendants)
        and not _clocked(element)
    )


def _said(element: Tag, run: list[NavigableString | Tag]) -> Iterator[Block]:
    """The texts of a run of inline nodes: one, or one for each element when they stand side by side."""
    run = [each for each in run if not (isinstance(each, Tag) and is_furniture(each))]
    solid = [each for each in run if isinstance(each, Tag) or str(each).strip()]
    beside = len(solid) > 1 and all(isinstance(each, Tag) and each.name in BESIDE for each in solid)
    apart = beside and not is_one_number("".join(each.get_text() for each in run))
    for group in [[each] for each in solid] if apart or _another_follows(solid) else [run]:
        yield from _block(element, group)


def _another_follows(solid: list[NavigableString | Tag]) -> bool:
    """Whether a number stands by itself before an element that speaks of another ("contre 1 002")."""
    first, *others = solid or [NavigableString("")]
    alone = not isinstance(first, Tag) and is_one_number(first)
    said = " ".join(each.get_text() for each in others)
    return (
        alone
        and all(isinstance(each, Tag) and each.name in BESIDE for each in others)
        and re.search(r"[^\W\d_]{3,}.*\d", said) is not None
    )


def _block(element: Tag, group: list[NavigableString | Tag]) -> Iterator[Block]:
    nodes = [node for each in group for node in _nodes(each)]
    alone = [each for each in group if isinstance(each, Tag) or str(each).strip()]
    if len(alone) == 1 and isinstance(alone[0], Tag):
        inside = alone[0]
        yield from _said(inside, list(inside.children))  # type: ignore[arg-type]
    elif nodes:
        yield Block(element, "".join(nodes), tuple(nodes))


def _nodes(node: NavigableString | Tag) -> Iterator[NavigableString]:
    if isinstance(node, Tag):
        yield from (each for each in node.descendants if type(each) in TEXT)  # type: ignore[misc]
    else:
        yield node
