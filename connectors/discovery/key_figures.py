"""Key figures in the texts of a page: a number that stands out, and the short text that names it.

Each text is of one kind: a bare number, a text that could name one, a change beside a figure, or a
sentence with numbers in it.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from bs4.element import NavigableString, Tag

from connectors.discovery.blocks import Block
from connectors.discovery.candidate import Candidate
from connectors.discovery.meaning import counted
from connectors.discovery.printed import Mention, is_aim, is_change, is_datum, mentions
from connectors.selectors import fold

LARGE = re.compile(
    r"number|chiffre|count|stat|key|kpi|value|valeur|figure|highlight|big|display|\bfr-h\d|text-\dxl|num\b|h[1-4]\b"
    r"|metric|total|indicat|bold",
    re.IGNORECASE,
)
"""Names of classes under which pages set a figure large."""

TITLED = re.compile(r"label|title|libell|legend|caption|name|intitul", re.IGNORECASE)
DATED = re.compile(
    r"\b(?:année|création|lancement|naissance|date|depuis|édition|ouverture|mise à jour)\b", re.IGNORECASE
)
ASIDE = re.compile(
    r"^\(?(?:au \d|du \d|sur \d|sur les|sur un an|enquêtes?\b|d'après|selon|depuis|dont|source|données"
    r"|chiffres?|soit|en (?:19|20)\d\d|màj|mise à jour|par )",
    re.IGNORECASE,
)
"""Words that add to a label and are none by themselves."""

SUFFIX = re.compile(
    r"(?:%|‰|€|[Mk]€|milliards?|millions?|milliers?|mille|M|k|K|/ ?\d+|pts?|\+)(?![\w'])", re.IGNORECASE
)
_LETTERS = re.compile(r"[^\W\d_]{3,}")
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6", "dt", "th", "figcaption", "label", "legend"})
_ROOTS = frozenset({"body", "main", "html"})
_NO_FIGURE = re.compile(
    r"\b(?:étapes?|step|classement|position|rang|page|version|contact|tél(?:éphone)?|fax|siret|siren"
    r"|code postal|adresse postale|numéro (?!\d)|référence|réf\.|mise à jour|date d\w*|répondants?"
    r"|échantillon|périmètre|participants? à l'enquête|chapitre)\b",
    re.IGNORECASE,
)
"""Labels of what is no figure, or says how a figure was made."""
_THING = re.compile(r"(?!jours|heures|minutes|semaines|années|tonnes|euros)[a-zà-ÿ]{5,}(?: [a-zà-ÿ]{3,})?")
_LEAD_IN = re.compile(
    r"(?:déjà|plus de|près de|environ|soit|au total|en moyenne|jusqu'à|au moins|\+ de|seulement|voir .*"
    r"|en savoir plus) ?:?",
    re.IGNORECASE,
)
"""What may introduce a number, or lead away from it, and names nothing."""
_CONTINUES = re.compile(r"(?:des?|d'|du|sur|en moins de|dans|par) ?\S")
_NOTHING = re.compile(
    r"n\.? ?[dc]\.?|non (?:disponible|communiqué|renseigné)e?s?|[-–—]|à venir", re.IGNORECASE
)
MOST_WORDS, FEW_WORDS, EMPHASIS = 25, 3, 8
"""Words of a label, of a unit beside its number, and of what an inline element sets apart."""
LEVELS, LEADING = 7, 2
"""Levels above a number at which its name is looked for; words before a number that a name may hold."""


@dataclass(eq=False)
class Text:
    """A block with what its numbers make of it."""

    block: Block
    mentions: tuple[Mention, ...]

    @cached_property
    def words(self) -> list[str]:
        """Its words."""
        return self.block.words.split()

    @property
    def changes(self) -> bool:
        """The change beside a figure."""
        return is_change(self.block.words)

    @cached_property
    def numbers(self) -> list[Mention]:
        """Its numbers that are no years."""
        return [each for each in self.mentions if not each.like_a_year]

    @cached_property
    def inert(self) -> bool:
        """Something that stands where a figure could: a date, a telephone number, "ND"."""
        datum = not self.mentions and is_datum(self.block.words)
        return not self.changes and bool(_NOTHING.fullmatch(self.block.words) or datum)

    @cached_property
    def bare(self) -> bool:
        """A number with at most a few words of unit."""
        if len(self.mentions) != 1 or self.changes:
            return False
        only = self.mentions[0]
        before, after = self.block.text[: only.start].strip(), self.block.text[only.end :].strip()
        return (
            not before
            and len(after.split()) <= FEW_WORDS
            and len(self.words) <= 7
            and not after.startswith((":", "("))
        )

    @cached_property
    def names(self) -> bool:
        """A short text that could name a figure."""
        words = self.block.words
        lettered = bool(_LETTERS.search(words)) or words.isupper()
        nothing = self.changes or self.inert or self._has_its_number or _LEAD_IN.fullmatch(words)
        return lettered and not nothing and len(self.words) <= MOST_WORDS

    @property
    def _has_its_number(self) -> bool:
        """Whether a number in it is what it speaks of, and no detail of a name ("traités sous 5 jours")."""
        if not self.numbers or _CONTINUES.match(self.block.words):
            return self.block.words.endswith(":")
        before = self.block.text[: self.numbers[0].start].rstrip()
        named = before.endswith((":", "=", "(")) or len(_LETTERS.findall(before)) < LEADING
        return len(self.numbers) > 1 or named

    @property
    def only_unit(self) -> bool:
        """One word in capitals or a symbol: it says what is counted, and names nothing."""
        return len(self.words) == 1 and (
            self.block.words.isupper() or bool(SUFFIX.fullmatch(self.block.words))
        )

    @property
    def titled(self) -> bool:
        """Whether its element says that it is a title."""
        element = self.block.element
        return element.name in _HEADINGS or bool(TITLED.search(str(element.get("class", ""))))


class Page:
    """The texts of a page, and which of them each element holds."""

    def __init__(self, blocks: Sequence[Block]) -> None:
        self.texts = [Text(block, tuple(mentions(block.text))) for block in blocks]
        self.ranges: dict[int, tuple[int, int]] = {}
        self.details: set[int] = set()
        for block in blocks:
            for element in (block.element, *block.element.parents):
                first, _ = self.ranges.get(id(element), (block.index, 0))
                self.ranges[id(element)] = (first, block.index + 1)
        self.steps = set(_steps([text for text in self.texts if text.bare]))
        self.groups = any(re.search(r"\d[\s\u00a0\u202f]\d{3}", text.block.text) for text in self.texts)

    def inside(self, element: Tag) -> list[Text]:
        """The texts that an element holds."""
        first, last = self.ranges.get(id(element), (0, 0))
        return self.texts[first:last]

    def heading(self, index: int) -> str:
        """The nearest title above a text."""
        above = (text for text in reversed(self.texts[:index]) if text.titled and (text.names or text.inert))
        return next((text.block.words for text in above), "")


def _steps(bare: Sequence[Text]) -> Iterator[int]:
    """The bare numbers that count 1, 2, 3 down the page: they number something."""
    run: list[Text] = []
    for text in [*bare, None]:
        if text is not None and text.block.words == str(len(run) + 1):
            run.append(text)
            continue
        if len(run) > 1:
            yield from map(id, run)
        run = [text] if text is not None and text.block.words == "1" else []


def key_figures(blocks: Sequence[Block]) -> Iterator[Candidate]:
    """Every number of these texts that seems to be a figure, with its name."""
    page = Page(blocks)
    alone = [each for text in page.texts if text.bare for each in _bare(page, text)]
    names = {id(each.said) for each in alone}
    yield from alone
    others = [
        text
        for text in page.texts
        if text.mentions and not text.bare and not text.changes and id(text.block.element) not in names
    ]
    yield from _unrepeated([each for text in others for each in _said(page, text)])


def _unrepeated(candidates: Sequence[Candidate]) -> Iterator[Candidate]:
    """Without the numbers that one label repeats: those are of the items of a list, and key to nothing."""
    count = Counter(each.label for each in candidates)
    yield from (each for each in candidates if count[each.label] == 1)


# ------------------------------------------------------------------------------ a bare number


def _bare(page: Page, text: Text) -> Iterator[Candidate]:
    block, mention = text.block, text.mentions[0]
    unit = block.text[mention.end :].strip(" .:;,")
    suffix = _suffix(page, text)
    name, box = _name(page, text)
    label = _whole_name(page, name) if name else ""
    if len(unit) > 3 and (not label or _says_itself(page, unit, box)):
        label, name = unit, None
    elif name and label[:1].islower() and _THING.fullmatch(unit):
        label = f"{unit} {label}"
    if not label or _misleading(page, text, label):
        return
    inside = page.inside(box) if box and _small(page, box) else []
    page.details.update(map(id, inside))
    context = [each.block.words for each in inside] or [label]
    if ASIDE.match(label):
        label = f"{page.heading(block.index)}, {label}".lstrip(", ")
    exact, element = block.text.strip(), block.element
    if suffix:
        element, exact = suffix
    yield Candidate(
        element,
        exact,
        _tidy(label),
        " ".join((*context, block.words)),
        unit,
        tuple(_bare_reasons(text, name, label)),
        name.block.element if name else None,
        block.attribute,
        place=block.index,
    )


def _whole_name(page: Page, name: Text) -> str:
    """A name that line breaks part, in one piece."""
    element = name.block.element
    parts = [each.block.words for each in page.inside(element) if each.block.element is element]
    alone = any(each.bare for each in page.inside(element)) or len(parts) > FEW_WORDS
    return name.block.words if alone else " ".join(parts)


def _says_itself(page: Page, unit: str, box: Tag | None) -> bool:
    """Whether the words after a number name it better than its neighbours do."""
    shared = box is not None and sum(each.bare for each in page.inside(box)) > 1
    return shared or bool(re.match(r"(?:des?|d')\b", unit)) or len(unit.split()) > 1


def _suffix(page: Page, text: Text) -> tuple[Tag, str] | None:
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
    end = whole.find(match[0], start + len(block.text.strip()))
    return (both, whole[start : end + len(match[0])]) if 0 <= start < end else None


def _ends_with_symbol(text: str) -> bool:
    return not text.strip()[-1:].isdigit()


def _name(page: Page, text: Text) -> tuple[Text | None, Tag | None]:
    """The text that names a number, and the box of both: the smallest around it that holds a name."""
    weak: tuple[Text | None, Tag | None] = (None, None)
    for element in (text.block.element, *list(text.block.element.parents)[:LEVELS]):
        inside = page.inside(element)
        names = [each for each in inside if each.names and not SUFFIX.fullmatch(each.block.words)]
        if not names:
            continue
        chosen = _nearest(inside, text)
        if chosen and not chosen.only_unit and not ASIDE.match(chosen.block.words):
            return chosen, element
        weak = weak if weak[0] else (chosen, element)
        if element.name in _ROOTS or sum(each.bare for each in inside) > 1:
            break
    return weak


def _nearest(inside: Sequence[Text], text: Text) -> Text | None:
    """Among the texts of a box, the one that names ``text``: before it or after it, as the box is built."""
    rows = [each for each in inside if each is text or each.bare or each.inert or each.names]
    here = rows.index(text)
    before = _next_name(reversed(rows[:here]))
    after = _next_name(rows[here + 1 :])
    if before is None or after is None or before.block.element.name == "dt":
        return before or after
    return before if _label_first(rows, before, after) else after


def _next_name(rows: Iterator[Text] | Sequence[Text]) -> Text | None:
    """The first name before the next number; a text that only adds to a label when there is no other."""
    aside: Text | None = None
    for each in rows:
        if each.bare or each.inert:
            break
        if SUFFIX.fullmatch(each.block.words) or each.only_unit or ASIDE.match(each.block.words):
            aside = aside or each
            continue
        return each
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
    if sum(each.bare for each in rows) > 1:
        return last_is_number or (rows[0].names and before.titled and not after.titled)
    return last_is_number or (before.titled and not after.titled) or len(after.words) > len(before.words) + 6


def _small(page: Page, box: Tag) -> bool:
    inside = page.inside(box)
    return sum(each.bare for each in inside) == 1 and sum(len(each.words) for each in inside) <= 60


def _misleading(page: Page, text: Text, label: str) -> bool:
    """A year, a step, a rank, a date: bare numbers that are no figure."""
    block, only = text.block, text.mentions[0]
    dates = bool(DATED.search(label)) or (page.groups and not counted(label))
    bare_year = only.like_a_year and dates
    dated = only.like_a_year and re.search(
        r"year|annee|date", str(block.element.get("class", "")), re.IGNORECASE
    )
    digits = re.sub(r"\D", "", block.text)
    tiny = len(digits) == 1 and not _stands_out(block) and not _ends_with_symbol(block.text)
    nothing = id(text) in page.steps or not digits.strip("0")
    return bool(bare_year or dated or nothing or (tiny and not counted(label)) or _NO_FIGURE.search(label))


def _stands_out(block: Block) -> bool:
    strong = any(node.parent is not None and node.parent.name in ("strong", "b") for node in block.nodes)
    return strong or block.text[:1] in "xX×" or bool(LARGE.search(_classes(block.element)))


def _classes(element: Tag) -> str:
    around = element.parent.get("class", "") if element.parent else ""
    return f"{element.name} {element.get('class', '')} {around}"


def _bare_reasons(text: Text, name: Text | None, label: str) -> Iterator[str]:
    yield "a number that stands alone"
    if LARGE.search(_classes(text.block.element)):
        yield "set large"
    if name and len(name.words) <= 12:
        yield "a short name beside it"
    if counted(label):
        yield "it names what public services count"
    if text.block.attribute:
        yield "shown by a count-up script"


# ------------------------------------------------------------------------- a number in a text


_META = re.compile(
    r"\d ?[kKMG]o\b|·.*·|\bil y a \d|\b(?:publiée?s?|posté|mise? à jour) le\b|\bétai(?:t|ent) de\b",
    re.IGNORECASE,
)
_VERB = re.compile(
    r"\b(?:attei\w+|est de|sont de|s'élèvent? à|s'établit à|représente(?:nt)?|dépassent?"
    r"|coûte(?:nt)?|économisent?)$",
    re.IGNORECASE,
)


def _said(page: Page, text: Text) -> Iterator[Candidate]:
    block = text.block
    if text.only_unit or (is_aim(block.text) and not _emphasised(block)):
        return
    for mention in text.mentions:
        reason = _why(page, text, mention)
        if reason and not (mention.like_a_year and (page.groups or reason != "label and number")):
            yield _in_text(page, text, mention, reason)


def _why(page: Page, text: Text, mention: Mention) -> str | None:
    """Why this number of a text seems to be a figure, or nothing."""
    block = text.block
    before, after = fold(block.text[: mention.start]).strip(), fold(block.text[mention.end :]).strip()
    exact = block.text[mention.start : mention.end].strip()
    if _emphasised(block, exact):
        return "emphasised"
    several = len(re.sub(r"\D", "", exact)) > 1 or exact[-1:] in "%€"
    most_after = FEW_WORDS if several else 1
    said = re.split(r"[.;!?](?:\s|$)", after, maxsplit=1)[0].split()
    if re.search(r"[:=]$", before) and len(before.split()) <= MOST_WORDS and len(said) <= most_after:
        return None if _NO_FIGURE.search(before) else "label and number"
    if re.search(r"[^\W\d_]\s*\($", before) and after.startswith(")") and text.titled:
        return "a count in a title"
    if not before and _LETTERS.search(after) and len(text.words) <= MOST_WORDS:
        return "number first"
    if re.search(r"(?:^|\W)dont$", before) and re.search(r"derni|mois|année", after):
        return "a part of the figure above"
    aside = _META.search(block.words) or is_aim(page.heading(block.index))
    if not several or aside or id(text) in page.details:
        return None
    percent = bool(re.match(r"(?:des? |d')", after)) and exact.endswith("%")
    return "in a sentence" if percent or counted(after) or _VERB.search(before) else None


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


def _in_text(page: Page, text: Text, mention: Mention, reason: str) -> Candidate:
    block = text.block
    before, after = fold(block.text[: mention.start]), fold(block.text[mention.end :])
    label = _label_in_text(before, after, reason)
    if ASIDE.match(label) or not _LETTERS.search(label):
        label = f"{page.heading(block.index)}, {label}".strip(" ,")
    reasons = [reason, *(["it names what public services count"] if counted(after) else [])]
    return Candidate(
        block.element,
        block.text[mention.start : mention.end].strip(),
        _tidy(label),
        block.words,
        after.strip(" .:;,)"),
        tuple(reasons),
        attribute=block.attribute,
        precedes=before,
        follows=after,
        place=block.index,
    )


def _label_in_text(before: str, after: str, reason: str) -> str:
    """The words that name a number in a text: those before a colon, else those after it in its sentence."""
    if reason in ("label and number", "a count in a title") or _VERB.search(before.strip()):
        return re.split(r"[.;!?]\s", _VERB.sub("", before.strip()).rstrip(" :=("))[-1]
    sentence = re.split(r"[.;!?](?:\s|$)", after, maxsplit=1)[0]
    sentence = re.sub(r"^\s*\([^)]*\)", "", sentence).split("(")[0]
    following = " ".join(sentence.split()[:MOST_WORDS]).strip(" ,)")
    return following if _LETTERS.search(following) else re.split(r"[.;!?]\s", before.rstrip())[-1]


def _tidy(label: str) -> str:
    """The words of a label: without a leading article, remarks in brackets that hold numbers, or a tail."""
    words = re.sub(r"\s*\([^)]*\d[^)]*(?:\)|$)", "", fold(label)).strip(" .:;,()–-")
    return " ".join(re.sub(r"^(?:de |des |d'|:)", "", words, count=1).split()[:MOST_WORDS])
