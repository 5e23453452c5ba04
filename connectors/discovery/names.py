"""Which text names a bare number: the nearest one in the smallest box that holds both."""

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from bs4.element import Tag

from connectors.discovery.texts import ASIDE, SUFFIX, Page, Text

LEVELS = 7
"""Levels above a number at which its name is looked for."""
LONGER = 6
"""Words by which a text after a number outdoes the one before it, to be a remark and no name."""

_ROOTS = frozenset({"body", "main", "html"})


class Named(NamedTuple):
    """The text that names a number, the box of both, and a word of unit between them."""

    text: Text | None
    box: Tag | None
    unit: str = ""


def name_of(page: Page, text: Text) -> Named:
    """The text that names a number; one that only adds to a name when there is no other."""
    weak = Named(None, None)
    for element in (text.block.element, *list(text.block.element.parents)[:LEVELS]):
        inside = page.inside(element)
        several = sum(each.bare for each in inside) > 1
        if weak.text and several:  # the names there are those of other numbers
            break
        if not any(each.names and not SUFFIX.fullmatch(each.block.words) for each in inside):
            continue
        chosen = _nearest(inside, text)
        if chosen and not chosen.weak and not _is_unit(chosen, text):
            return Named(chosen, element, _unit_of(weak, text))
        weak = weak if weak.text else Named(chosen, element)
        if element.name in _ROOTS or several:
            break
    return weak


def _is_unit(chosen: Text, text: Text) -> bool:
    """Whether a text is the one word that directly follows a number without one: its unit."""
    follows = chosen.block.index == text.block.index + 1 and chosen.block.element.name == "span"
    same_line = chosen.block.element.parent is text.block.element.parent
    return follows and same_line and len(chosen.words) == 1 and text.block.words[-1:].isdigit()


def _unit_of(weak: Named, text: Text) -> str:
    return weak.text.block.words if weak.text and _is_unit(weak.text, text) else ""


def _nearest(inside: Sequence[Text], text: Text) -> Text | None:
    """Among the texts of a box, the one that names ``text``: before it or after it, as the box is built."""
    rows = [each for each in inside if each is text or each.bare or each.inert or each.names]
    here = rows.index(text)
    before = _next_name(reversed(rows[:here]))
    before = _title_of(rows, before) if before else None
    after = _next_name(each for each in rows[here + 1 :] if not _is_unit(each, text))
    if before is None and after is None:
        return _next_name(rows[here + 1 :])
    if before is None or after is None or before.block.element.name == "dt":
        return before or after
    return before if _label_first(rows, before, after) else after


def _title_of(rows: Sequence[Text], name: Text) -> Text:
    """The heading of a box, where what stands between it and the number is a sentence that explains it."""
    above = rows[rows.index(name) - 1] if rows.index(name) else name
    explains = name.block.words.endswith(".") and not name.titled
    return above if explains and above.titled and above.names and not above.weak else name


def _next_name(rows: Iterable[Text]) -> Text | None:
    """The first name before the next number; a text that only adds to a label when there is no other."""
    aside: Text | None = None
    for each in rows:
        if each.bare or each.inert:
            break
        if not each.weak:
            return each
        aside = aside or each
    return aside


def _label_first(rows: Sequence[Text], before: Text, after: Text) -> bool:
    """Whether names precede numbers here: by the wording, else by what the box begins and ends with."""
    if ASIDE.match(after.block.words) or after.only_unit:
        return True
    if after.block.words[:1].islower() or after.block.words.startswith("%"):
        return False
    if before.block.element.name == "h1":
        return False
    last_is_number = rows[-1].bare or rows[-1].inert
    titles = before.titled and not after.titled
    if sum(each.bare for each in rows) > 1:
        return last_is_number or (rows[0].names and titles)
    return last_is_number or titles or len(after.words) > len(before.words) + LONGER


def whole_name(page: Page, name: Text) -> str:
    """A name that line breaks part, in one piece."""
    element = name.block.element
    parts = [each.block.words for each in page.inside(element) if each.block.element is element]
    alone = any(each.bare for each in page.inside(element)) or len(parts) > 3
    return name.block.words if alone else " ".join(parts)


def says_itself(page: Page, unit: str, box: Tag | None) -> bool:
    """Whether the words after a number name it better than its neighbours do."""
    shared = box is not None and sum(each.bare for each in page.inside(box)) > 1
    return shared or bool(re.match(r"(?:des?|d')\b", unit)) or len(unit.split()) > 1
