"""The texts of a page as places for figures: what the numbers in each make of it, and what stands where."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from bs4.element import Tag

from connectors.discovery.blocks import Block
from connectors.discovery.printed import Mention, is_change, is_datum, mentions

MOST_WORDS, FEW_WORDS = 25, 3
"""Words of a label, and of a unit beside its number."""
LEADING, CHANGE_WORDS = 2, 8
"""Words before a number that a name may hold; words of a change that only its class tells."""

LETTERS = re.compile(r"[^\W\d_]{3,}")
SUFFIX = re.compile(
    r"(?:%|‰|€|[Mk]€|Md€|milliards?|millions?|milliers?|mille|M|Mds?|k|K|/ ?\d+|pts?|\+)(?![\w'])",
    re.IGNORECASE,
)
"""A magnitude or a symbol that belongs to the number before it."""
ASIDE = re.compile(
    r"^\(?(?:au \d|du \d|sur \d|sur les|sur un an|enquêtes?\b|d'après|selon|depuis|dont|source|données"
    r"|chiffres?|soit|en (?:19|20)\d\d|màj|mise? à jour|actualisée?s? le|par "
    r"|(?:(?:au )?total|cette (?:année|semaine)|ce mois(?:-ci)?|l'an dernier|aujourd'hui|hier"
    r"|(?:les )?\d+ derniers \w+)$)",
    re.IGNORECASE,
)
"""Words that add to a label and are none by themselves."""
HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})

_NAMING = HEADINGS | {"dt", "th", "figcaption", "label", "legend"}
_TITLED = re.compile(r"label|title|libell|legend|caption|name|intitul", re.IGNORECASE)
_TREND = re.compile(r"evolution|trend|delta|variation|progression|growth", re.IGNORECASE)
_LEAD_IN = re.compile(
    r"(?:déjà|plus de|près de|environ|soit|au total|en moyenne|jusqu'à|au moins|\+ de|seulement|voir .*"
    r"|en savoir plus|(?:tout )?(?:voir|afficher)|télécharger(?: .*)?) ?:?",
    re.IGNORECASE,
)
"""What may introduce a number, or lead away from it, and names nothing."""
_CONTINUES = re.compile(r"(?:des?|d'|du|sur|en moins de|dans|par) ?\S")
_NOTHING = re.compile(
    r"n\.? ?[dc]\.?|non (?:disponible|communiqué|renseigné)e?s?|[-–—]|à venir", re.IGNORECASE
)
_PUBLISHES = re.compile(
    r"statisti|\bstats?\b|chiffre|\bimpact|indicateur|\bbilan|\busages?\b|utilisation|tableau de bord"
    r"|résultats|\bsuivi|activité|mesur|observatoire|déploiement|\bkpi\b|performance|budget",
    re.IGNORECASE,
)
_OTHER = re.compile(
    r"\bcontact|mentions légales|nous recrutons|recrutement|questions fréquentes|\bfaq\b|\btarifs?\b|formules"
    r"|\bactualités|annuaire|plan du site|\baide\b|rencontre|événement|confidentialité|trouver ",
    re.IGNORECASE,
)
"""Titles of pages that announce figures, and of pages that announce something else."""
_ASKS_FOR_FIGURES = re.compile(
    r"^(?:où en|combien)\b|^quel\w* (?:[\w']+ ){1,3}(?:impact|résultat|usage|bilan|chiffre)", re.IGNORECASE
)


@dataclass(eq=False)
class Text:
    """A block with what its numbers make of it: a bare number, a name, a change, or a sentence."""

    block: Block
    mentions: tuple[Mention, ...]

    @cached_property
    def words(self) -> list[str]:
        """Its words."""
        return self.block.words.split()

    @cached_property
    def changes(self) -> bool:
        """The change beside a figure, by its wording or by the class it is set in."""
        classes = str(self.block.element.get("class", ""))
        classed = bool(_TREND.search(classes)) and len(self.words) <= CHANGE_WORDS
        return is_change(self.block.words) or classed

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
        lettered = bool(LETTERS.search(words)) or words.isupper()
        nothing = self.changes or self.inert or self._has_its_number or _LEAD_IN.fullmatch(words)
        return lettered and not nothing and len(self.words) <= MOST_WORDS

    @property
    def _has_its_number(self) -> bool:
        """Whether a number in it is what it speaks of, and no detail of a name ("traités sous 5 jours")."""
        if not self.numbers or _CONTINUES.match(self.block.words):
            return self.block.words.endswith(":") and bool(self.numbers)
        before = self.block.text[: self.numbers[0].start].rstrip()
        named = before.endswith((":", "=", "(")) or len(LETTERS.findall(before)) < LEADING
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
        return element.name in _NAMING or bool(_TITLED.search(str(element.get("class", ""))))

    @property
    def weak(self) -> bool:
        """Whether it names nothing by itself: a unit, a suffix, or a remark that adds to a name."""
        return self.only_unit or bool(SUFFIX.fullmatch(self.block.words) or ASIDE.match(self.block.words))


class Page:
    """The texts of a page, and which of them each element holds."""

    def __init__(self, blocks: Sequence[Block], title: str = "") -> None:
        self.texts = [Text(block, tuple(mentions(block.text))) for block in blocks]
        self.ranges: dict[int, tuple[int, int]] = {}
        self.details: set[int] = set()
        for block in blocks:
            for element in (block.element, *block.element.parents):
                first, _ = self.ranges.get(id(element), (block.index, 0))
                self.ranges[id(element)] = (first, block.index + 1)
        self.steps = set(_steps(self.texts))
        self.groups = any(re.search(r"\d[\s\u00a0\u202f]\d{3}", text.block.text) for text in self.texts)
        headings = [text.block for text in self.texts if text.block.element.name in HEADINGS]
        self.elsewhere = any(_OTHER.search(each.words) for each in headings if each.element.name == "h1")
        """Whether its main title announces something else than figures."""
        self.publishes = not self.elsewhere and any(
            _PUBLISHES.search(words) for words in (title, *(each.words for each in headings))
        )
        """Whether its titles announce figures."""

    def inside(self, element: Tag) -> list[Text]:
        """The texts that an element holds."""
        first, last = self.ranges.get(id(element), (0, 0))
        return self.texts[first:last]

    def heading(self, index: int) -> str:
        """The nearest title above a text."""
        titles = (text for text in reversed(self.texts[:index]) if text.titled and (text.names or text.inert))
        return next((text.block.words for text in titles if not ASIDE.match(text.block.words)), "")

    def asked(self, index: int) -> bool:
        """Whether the nearest heading above a text asks for something else than figures, which it answers."""
        above = (text.block for text in reversed(self.texts[:index]) if text.block.element.name in HEADINGS)
        asks = next((block.words for block in above), "")
        return asks.endswith("?") and not _ASKS_FOR_FIGURES.search(asks)


_RANKED = re.compile(r"(\d{1,2})(?!\d)(?! ?(?:[\d%€/]|[MkK]\b))")


def _steps(texts: Sequence[Text]) -> Iterator[int]:
    """The texts that begin with 1, 2, 3 in elements of one name: their numbers are ranks."""
    by_name: dict[str, list[Text]] = {}
    for text in texts:
        if text.mentions or text.inert:
            by_name.setdefault(text.block.element.name, []).append(text)
    for group in by_name.values():
        yield from _counting(group)


def _counting(group: Sequence[Text]) -> Iterator[int]:
    run: list[Text] = []
    for text in [*group, None]:
        rank = _RANKED.match(text.block.words) if text else None
        if text and rank and int(rank[1]) == len(run) + 1:
            run.append(text)
            continue
        if len(run) > 1:
            yield from map(id, run)
        run = [text] if text and rank and rank[1] == "1" else []
