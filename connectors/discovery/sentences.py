"""Numbers inside a text, where something says that one of them is a figure."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from bs4.element import NavigableString, Tag

from connectors.discovery.alone import is_large
from connectors.discovery.blocks import Block
from connectors.discovery.candidate import Candidate
from connectors.discovery.labels import is_no_figure, is_postcode, is_span_of_time, tidy
from connectors.discovery.meaning import counted
from connectors.discovery.printed import Mention, is_aim, is_rule
from connectors.discovery.texts import ASIDE, FEW_WORDS, LETTERS, MOST_WORDS, Page, Text
from connectors.selectors import fold

EMPHASIS = 8
"""Words of what an inline element sets apart."""
WEAK = frozenset({"in a sentence", "number first"})
"""Reasons that count only where the page announces figures."""

_META = re.compile(
    r"\d ?[kKMG]o\b|·.*·|\bil y a \d|\b(?:publiée?s?|posté|mise? à jour) le\b|\bétai(?:t|ent) de\b",
    re.IGNORECASE,
)
_SURVEY = re.compile(r"\b(?:enquêtes?|sondage|auprès d|échantillon|répondants?)\b", re.IGNORECASE)
_SCHEDULE = re.compile(
    r"\bcalendrier|\bétapes\b|\bhistorique\b|\bdates clés|feuille de route|\bprogramme$|\bplanning|à venir",
    re.IGNORECASE,
)
"""Headings of what was planned or happened, in which numbers tell the story."""
_VERB = re.compile(
    r"\b(?:attei\w+|est de|sont de|s'élèvent? à|s'établit à|représente(?:nt)?|dépassent?"
    r"|coûte(?:nt)?|économisent?|(?:est |sont |a |ont )?pass\w+ de [\d ,.]+ ?%? à)$",
    re.IGNORECASE,
)
_DONE = re.compile(
    r"(?:[\w'-]+ ){1,4}(?:(?:ont|a) été|sont|étaient|ont|est) (?:déjà )?\w+(?:é|i|t|u)e?s?\b", re.IGNORECASE
)
"""Things to which something was done: "2 104 annonces ont été publiées"."""
_OTHER_CLAUSE = re.compile(
    r",\s+(?=(?:pour|dont|contre|soit|et|sur)\b[^,]*\d)|\s(?=(?:et|soit) (?:(?:plus|près) de |environ )?\d)"
)
"""Where a sentence goes on to another number: "64 905 usagers, pour un total de 112 447 démarches"."""
_BRACKETED = re.compile(r"\([^)]*\)")
_SENTENCE_ENDS = re.compile(r"[.;!?](?:\s|$)")


def in_texts(page: Page, taken: Sequence[Candidate]) -> Iterator[Candidate]:
    """The figures in texts that are no bare number and name none of those ``taken``."""
    names = {id(each.said) for each in taken}
    found = [
        candidate
        for text in page.texts
        if text.mentions and not text.bare and not text.changes and id(text.block.element) not in names
        for candidate in _said(page, text)
    ]
    return _unrepeated(found)


def _unrepeated(candidates: Sequence[Candidate]) -> Iterator[Candidate]:
    """Without the numbers that one label repeats: those are of the items of a list, and key to nothing."""
    count = Counter(each.label for each in candidates)
    return (each for each in candidates if count[each.label] == 1)


def _said(page: Page, text: Text) -> Iterator[Candidate]:
    block = text.block
    aims = is_aim(block.text) and not _emphasised(block)
    if text.only_unit or id(text) in page.steps or aims:
        return
    for mention in text.mentions:
        reason = _why(page, text, mention)
        if reason and not (mention.like_a_year and (page.groups or reason != "label and number")):
            candidate = _candidate(page, text, mention, reason)
            if not is_no_figure(candidate.label) and not is_span_of_time(candidate.label):
                yield candidate


def _why(page: Page, text: Text, mention: Mention) -> str | None:
    """Why this number of a text seems to be a figure, or nothing."""
    before, after, exact = _parts(text.block, mention)
    if (
        _told_otherwise(text, before)
        or is_postcode(exact, after)
        or _SCHEDULE.search(page.heading(text.block.index))
    ):
        return None
    reason = _stands_apart(page, text, exact) or _by_place(text, before, after, exact)
    if reason is None and _in_a_sentence(page, text, before, after, exact):
        reason = "in a sentence"
    doubtful = not page.publishes or page.asked(text.block.index) or is_rule(text.block.text)
    aimed = is_aim(page.heading(text.block.index))
    return None if reason in WEAK and (doubtful or aimed) else reason


def _told_otherwise(text: Text, before: str) -> bool:
    """Whether the words before a number say that it is none, or only how a survey was made."""
    named = before.endswith((":", "=")) and is_no_figure(re.split(r"[.;!?(]\s?", before)[-1].rstrip(" :="))
    bracketed = before.count("(") > before.count(")")
    return named or (bracketed and bool(_SURVEY.search(text.block.words)))


def _parts(block: Block, mention: Mention) -> tuple[str, str, str]:
    """The text before a number, the text after it, and the number."""
    before, after = fold(block.text[: mention.start]).strip(), fold(block.text[mention.end :]).strip()
    return before, after, block.text[mention.start : mention.end].strip()


def _stands_apart(page: Page, text: Text, exact: str) -> str | None:
    """Set apart by an inline element; in a link, such a number only helps to find one's way."""
    if not _emphasised(text.block, exact):
        return None
    linked = text.block.element.name == "a" or text.block.element.find_parent("a") is not None
    small = len(re.sub(r"\D", "", exact)) < 4
    return None if (linked and small) or page.asked(text.block.index) else "emphasised"


def _by_place(text: Text, before: str, after: str, exact: str) -> str | None:
    """By where it stands in its text: behind a colon, in a title, at the beginning, as a part."""
    several = _several(exact)
    most_after = FEW_WORDS if several else 1
    said = _SENTENCE_ENDS.split(_BRACKETED.sub("", after), maxsplit=1)[0].split()
    labelled = before.endswith((":", "=")) and len(before) > 1 and len(before.split()) <= MOST_WORDS
    if labelled and len(said) <= most_after:
        return "label and number"
    if re.search(r"[^\W\d_]\s*\($", before) and after.startswith(")") and text.titled:
        return "a count in a title"
    if not before and LETTERS.search(after) and len(text.words) <= MOST_WORDS:
        strong = several or is_large(text.block.element)
        return "number first" if strong else None
    if re.search(r"(?:^|\W)dont$", before) and re.search(r"derni|mois|année", after):
        return "a part of the figure above"
    return None


def _several(exact: str) -> bool:
    return len(re.sub(r"\D", "", exact)) > 1 or exact[-1:] in "%€"


def _in_a_sentence(page: Page, text: Text, before: str, after: str, exact: str) -> bool:
    block = text.block
    aside = _META.search(block.words) or is_aim(page.heading(block.index))
    if not _several(exact) or aside or id(text) in page.details:
        return False
    percent = bool(re.match(r"(?:des? |d')", after)) and exact.endswith("%")
    return percent or counted(after) or bool(_VERB.search(before) or _DONE.match(after))


def _emphasised(block: Block, exact: str | None = None) -> bool:
    """Whether an inline element of this text sets a number (this number) apart."""
    inlines = (_inline_parent(node, block.element) for node in block.nodes)
    said = (fold(inline.get_text()).strip() for inline in inlines if inline is not None)
    figure = "" if exact is None else fold(exact)
    return any(
        len(words.split()) <= EMPHASIS
        and re.search(r"\d", words)
        and (words.startswith(figure) or words.endswith(figure))
        for words in said
    )


def _inline_parent(node: NavigableString, limit: Tag) -> Tag | None:
    parent = node.parent
    marked = (
        parent is not None
        and parent is not limit
        and parent.name in ("strong", "b", "em", "mark", "span", "big")
    )
    return parent if marked else None


def _candidate(page: Page, text: Text, mention: Mention, reason: str) -> Candidate:
    block = text.block
    before, after = fold(block.text[: mention.start]), fold(block.text[mention.end :])
    label = _label(before, after, reason)
    if ASIDE.match(label) or not LETTERS.search(label):
        label = f"{page.heading(block.index)}, {label}".strip(" ,")
    reasons = [reason, *(["it names what public services count"] if counted(after) else [])]
    return Candidate(
        block.element,
        block.text[mention.start : mention.end].strip(),
        tidy(label),
        block.words,
        _BRACKETED.sub(" ", after).strip(" .:;,)"),
        tuple(reasons),
        attribute=block.attribute,
        precedes=before,
        follows=after,
        place=block.index,
    )


def _label(before: str, after: str, reason: str) -> str:
    """The words that name a number in a text: those before a colon, else those after it in its sentence."""
    if reason in ("label and number", "a count in a title") or _VERB.search(before.strip()):
        return re.split(r"[.;!?]\s", _VERB.sub("", before.strip()).rstrip(" :=("))[-1]
    sentence = _SENTENCE_ENDS.split(after, maxsplit=1)[0]
    sentence = re.sub(r"^\s*\([^)]*\)", "", sentence).split("(")[0]
    following = " ".join(_OTHER_CLAUSE.split(sentence)[0].split()[:MOST_WORDS]).strip(" ,)")
    names = LETTERS.search(following) and not is_span_of_time(following)
    return following if names else re.split(r"[.;!?]\s", before.rstrip())[-1]
