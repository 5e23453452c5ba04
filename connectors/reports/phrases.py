"""The words of one sentence around its figures: what each counts, its date, its rhythm."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

from connectors.report import Quote, ServiceMatch
from connectors.reports.layout import Block, Layout, Span
from connectors.reports.names import Mention, Names
from connectors.reports.numerals import Numeral, dates, rhythms
from connectors.reports.services import mentions_in, service_of
from connectors.reports.words import SAYS_NOTHING, flat

_LONGEST = 600  # characters; a sentence without an end is cut
_MOST_WORDS = 300  # characters that may name one figure
_END = re.compile(r"(?<=[.!?])[»\s]*\s(?=[A-ZÀ-Ý«\"(\d])")
_STOP = re.compile(
    r"\s*[();]|\s*,\s|\s+(?:contre|soit|dont|tandis qu'?e?|alors qu'?e?)(?!\w)|\s+[—–:-]\s|\.(?:\s|$)"
)
_JOINED = re.compile(r"\s+(?:à|a|ou|(?:et|puis|mais)(?:\s+[^\s\d]+){0,2})\s+$")
_LAST_PART = re.compile(r".*(?:[,;:()]|\s[—–-])\s", re.DOTALL)
_FROM = re.compile(r"(?:^|[\s(])(?:de|d'|contre)\s*$")
_GOES_ON = re.compile(r"(?:^|[\s,(])(?:à|a|et|puis|contre|soit|dont)\s+$")
_AGAINST = re.compile(r"(?<!\w)contre\s+$")
_TO = re.compile(r"(?:\s+[^\s\d]+){0,4}\s+à\s+")
_AND = re.compile(r"(?:\s+[^\s\d]+){0,4}\s+(?:à|a|et|ou)\s+")
_PREPOSITION = re.compile(r"\s(?:de|d'|à|a)\s*$")
_ASIDE = re.compile(r"\s[—–-]\s|;")
_ASIDE_ONLY = re.compile(
    r"(?:avant|auparavant|apres)(?!\w)|(?:minutes?|heures?|jours?|semaines?|mois|ans?|annees?)$"
)
"""Words after a figure that say when, or how long, and not what of."""
_LASTS = re.compile(r"\s(?P<unit>minutes?|heures?|jours?|semaines?|mois|ans?|années?)(?!\w)")
_PARENTHESIS = re.compile(r"\s*\([^()]*\)")
_EUROS = re.compile(r"d'euros|euros?")
_COLON = re.compile(r"\s*:\s*")
_PARTICLE = re.compile(r"(?:des?|du|les?|la|nouveaux|nouvelles)\s+|[dl]['’]", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_EDGES = ':;,.()«»"*•-–—'


@dataclass(frozen=True, slots=True)
class Phrase:
    """One sentence, with its figures and growths in order."""

    layout: Layout
    names: Names
    start: int
    end: int
    numerals: Sequence[Numeral]
    dates: Sequence[Span]
    rhythms: Sequence[Span]
    mentions: Sequence[Mention]

    @classmethod
    def of(cls, layout: Layout, names: Names, block: Block, span: Span, numerals: Sequence[Numeral]) -> Self:
        """The sentence at ``span`` of a block."""
        inside = [numeral for numeral in numerals if span[0] <= numeral.start < span[1]]
        mentions = mentions_in(layout, span, block.links, names) if inside else []
        return cls(
            layout, names, *span, inside, dates(layout.text, *span), rhythms(layout.text, *span), mentions
        )

    def words(self) -> list[Quote | None]:
        """What each numeral counts; one without words counts what its neighbour does, in the same unit.

        "83 dossiers en 2022, 218 en 2023": both count files.  "Le total est de 5,8 M€ et 25 agents": the
        money is what the sentence begins with.
        """
        words = [self._words(at) for at in range(len(self.numerals))]
        for at in range(1, len(words)):
            words[at] = words[at] or (words[at - 1] if self._alike(at - 1, at) else None)
        for at in reversed(range(len(words) - 1)):
            joined = _AND.fullmatch(self.layout.text[slice(*self._around(at)[1])])
            words[at] = words[at] or (words[at + 1] if joined and self._alike(at, at + 1) else None)
        return words if all(words) else [said or self._subject() for said in words]

    def _alike(self, one: int, other: int) -> bool:
        """Whether two numerals are in one unit, or in none; a growth is of what was counted before it."""
        return self.numerals[other].kind == "growth" or self._symbol(one) == self._symbol(other)

    def _symbol(self, at: int) -> str:
        symbol = self.numerals[at].symbol
        return _EUROS.sub("€", flat(self.layout.text[slice(*symbol)])) if symbol else ""

    def _subject(self) -> Quote | None:
        """What the sentence begins with, for figures without words ("Le délai passe de 3 à 2")."""
        if not self.numerals:
            return None
        said = self.layout.text[self.start : self.numerals[0].start]
        said = said[: said.find("(")] if "(" in said else said
        subject = trimmed(self.layout, self.start, self.start + len(_PREPOSITION.sub("", said)))
        return subject if subject and not self.names.certain(subject.text) else None

    def date(self, at: int) -> Quote | None:
        """The date of a numeral: the first before the next numeral, else the last before it."""
        launches = {end for _, end in self.rhythms}
        mine = [
            span for span in self.dates if not launches & {span[0], span[0] - 1}
        ]  # "depuis sa création en 2020"
        return self._nearest(mine, at)

    def rhythm(self, at: int) -> Quote | None:
        """What is said of how a numeral accumulates: after it, or before all figures of the sentence."""
        first, start = self.numerals[0].start, self.numerals[at].start
        return self._nearest([span for span in self.rhythms if span[0] < first or span[0] >= start], at)

    def is_earlier(self, at: int) -> bool:
        """Whether a numeral is what another is compared with ("de X à Y", "Y contre X"): of another time."""
        before, after = self._around(at)
        between = self.layout.text[slice(*after)] if at + 1 < len(self.numerals) else ""
        said = self.layout.text[slice(*before)]
        return bool(_AGAINST.search(said) or (_FROM.search(said) and _TO.fullmatch(between)))

    def begins_with_a_name(self) -> bool:
        """Whether the sentence begins with the name of a service, as the items of a list of services do."""
        return any(not self.layout.text[self.start : mention.start].strip() for mention in self.mentions)

    def service(self, at: int) -> ServiceMatch:
        """The service named in the sentence; after a dash or a semicolon, another one may be."""
        aside = _ASIDE.search(self.layout.text, self.numerals[at].end, self.end)
        end = aside.start() if aside else self.end
        start = self.numerals[at].start
        near = [
            one for one in self.mentions if one.start < end and self._is_beside((one.start, one.end), start)
        ]
        return service_of(near, start)

    def unit(self, at: int, words: Quote | None) -> Quote | None:
        """The symbol inside a numeral, or the word that follows it."""
        numeral, text = self.numerals[at], self.layout.text
        if numeral.symbol:
            return self.layout.quote(*numeral.symbol)
        if lasts := _LASTS.match(text, numeral.end):
            return self.layout.quote(*lasts.span("unit"))
        if words is None or not 0 <= words.start - numeral.end <= 3:
            return None
        start = words.start
        while particle := _PARTICLE.match(text, start, words.end):
            start = particle.end()
        word = _WORD.match(text, start, words.end)
        return self.layout.quote(*word.span()) if word else None

    def _words(self, at: int) -> Quote | None:
        """The label before a colon, the words after the numeral, or those before it."""
        before, after = self._around(at)
        text = self.layout.text
        said = text[slice(*before)]
        label = self._label(at)
        if label and not self.names.certain(label.text):
            return label
        colon = _COLON.match(text, *after)
        if colon and not said.strip():
            return trimmed(self.layout, colon.end(), self.end)
        following = trimmed(self.layout, after[0], self._stop(at)) or self._beyond(at)
        last = _LAST_PART.match(text, *before)
        start = last.end() if last else before[0]
        if following and _ASIDE_ONLY.match(flat(following.text)):
            return (
                None
                if _GOES_ON.search(said)
                else trimmed(self.layout, start, start + len(_PREPOSITION.sub("", text[start : before[1]])))
            )
        if following and not following.text.startswith("par "):
            return following
        said = text[start : before[1]]
        if self.numerals[at].kind == "growth" or (last and _FROM.search(said)):
            before = before[0], start + len(_PREPOSITION.sub("", said))
        elif _GOES_ON.search(said) or _FROM.search(said):
            return following
        return trimmed(self.layout, start, before[1]) or following

    def _beyond(self, at: int) -> Quote | None:
        """The words after a growth in parentheses: "6 925 € (+89 %) de primes"."""
        aside = _PARENTHESIS.match(self.layout.text, self.numerals[at].end, self.end)
        if aside is None or not any(
            n.kind == "growth" and aside.start() < n.start < aside.end() for n in self.numerals
        ):
            return None
        sign = _STOP.search(self.layout.text, aside.end(), self.end)
        return trimmed(self.layout, aside.end(), sign.start() if sign else self.end)

    def _label(self, at: int) -> Quote | None:
        """The words before a colon; what stands between two figures is the first one's."""
        start, end = self._around(at)[0]
        said = self.layout.text[start:end]
        if not said.rstrip().endswith(":"):
            return None
        last = _LAST_PART.match(self.layout.text, start, start + len(said.rstrip())) if at else None
        return (
            trimmed(self.layout, last.end(), end)
            if last
            else None
            if at
            else trimmed(self.layout, start, end)
        )

    def _around(self, at: int) -> tuple[Span, Span]:
        """From the last numeral to this one, and from this one to the next."""
        start = self.numerals[at - 1].end if at else self.start
        end = self.numerals[at + 1].start if at + 1 < len(self.numerals) else self.end
        return (start, self.numerals[at].start), (self.numerals[at].end, end)

    def _stop(self, at: int) -> int:
        """Where the words after a numeral end: at a sign that parts, or where another numeral is joined."""
        text, start = self.layout.text, self.numerals[at].end
        beyond = self.numerals[at + 3].start if at + 3 < len(self.numerals) else self.end
        most = min(beyond, start + _MOST_WORDS)
        sign = _STOP.search(text, start, most)
        end = sign.start() if sign else most
        following = (numeral.start for numeral in self.numerals[at + 1 : at + 4] if numeral.start <= end)
        joined = (_JOINED.search(text, start, other) for other in following)
        return min([end, *(match.start() for match in joined if match)])

    def _nearest(self, spans: Sequence[Span], at: int) -> Quote | None:
        start, end = self.numerals[at].start, self._around(at)[1][1]
        spans = [span for span in spans if self._is_beside(span, start)]
        after = [span for span in spans if start <= span[0] < end]
        before = [span for span in spans if span[0] < start]
        span = after[0] if after else before[-1] if before else None
        return self.layout.quote(*span) if span else None

    def _is_beside(self, span: Span, at: int) -> bool:
        """Whether what is said applies to a numeral: beside a figure in parentheses, only to that one."""
        for aside in _PARENTHESIS.finditer(self.layout.text, self.start, self.end):
            inside = aside.start() < span[0] < aside.end()
            own = any(aside.start() < numeral.start < aside.end() for numeral in self.numerals)
            if inside and own and not aside.start() < at < aside.end():
                return False
        return True


def sentences(layout: Layout, block: Block) -> list[Span]:
    """The sentences of a block."""
    cuts = [match.end() for match in _END.finditer(layout.text, block.start, block.end)]
    spans = zip([block.start, *cuts], [*cuts, block.end], strict=True)
    return [
        (at, min(at + _LONGEST, end))
        for start, end in spans
        for at in range(start, max(end, start + 1), _LONGEST)
    ]


def trimmed(layout: Layout, start: int, end: int) -> Quote | None:
    """The words of a span without dates and signs at its ends; nothing when none says anything."""
    text, left = layout.text, dates(layout.text, start, end)
    while start < end and (cut := _cut(text, start, end, left)) != (start, end):
        start, end = cut
    said = {word for word in _WORD.findall(flat(text[start:end])) if len(word) > 2}
    return layout.quote(start, end) if said - SAYS_NOTHING else None


def _cut(text: str, start: int, end: int, left: Sequence[Span]) -> Span:
    """The span without one sign or one date at its ends."""
    if text[start].isspace() or text[start] in _EDGES:
        return start + 1, end
    if text[end - 1].isspace() or text[end - 1] in _EDGES.replace(")", ""):
        return start, end - 1
    for from_, to in left:
        if start <= from_ < to <= end and (from_ == start or to == end):
            return (to, end) if from_ == start else (start, from_)
    return start, end
