"""Names of services: which product a printed name, address or mention stands for.

Only a name, an alias or an address that is printed makes a match certain.  Whatever resembles one is
likely at most, and becomes a question.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from math import log
from urllib.parse import urlsplit

from connectors.portfolio import Product
from connectors.report import ServiceMatch
from connectors.reports.words import SAYS_NOTHING, flat

NOBODY = ServiceMatch(None, "none", (), "no service is named here")

_CLOSE = 0.86  # difflib's ratio; "base adresse locale" and "bases adresses locales" are above
_LEADS = 1.5  # how many times better the best of two guesses must be
_LONGEST_NAME = 9  # words
_SHORTEST = 3  # letters of a name that may be recognised in a sentence
_WORD = re.compile(r"\w+")
_SITE = re.compile(r"^(?:https?://)?(?:www\.)?([\w-]+(?:\.[\w-]+)+)/?$")
_ENDING = re.compile(r"(?:\.beta|\.data)?(?:\.gouv)?\.fr$")
_ARTICLE = re.compile(r"^(?:logo (?:de |du |d')?)?(?:l'|l[ea]s? |des? |du )?")
_ARTICLES = {"l", "le", "la", "les"}
_FORMER = re.compile(
    r"\s*\(\s*(?:ex|anciennement|aka)?[ :.-]*(?P<former>[^()]{2,60})\)|,\s+l[ea]s?\s(?P<full>.{6,})"
)
_FICHE = re.compile(
    r"^(?:https?://[^/?#]+)?/(?:startups?|produits?|services?)/(?P<id>[\w.-]+?)(?:\.html)?/?(?:[?#]|$)"
)
_EMPTY = SAYS_NOTHING | {
    "beta", "cette", "depuis", "donne", "etat", "faire", "gouv", "lancement", "leur", "leurs",
    "mettre", "notre", "nous", "numerique", "numeriques", "permet", "permettre", "public", "publics",
    "publique", "service", "services", "vos", "vous",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Mention:
    """A name that stands in running text."""

    start: int
    end: int
    match: ServiceMatch


class Names:
    """The names of every product, by what is left of them without case, accents and punctuation."""

    def __init__(
        self,
        products: Iterable[Product],
        former: Iterable[Product] = (),
        aliases: Mapping[str, Iterable[str]] | None = None,
        counted: Mapping[str, Iterable[str]] | None = None,
    ) -> None:
        """The names of ``products``.

        Args:
            products: of the portfolio whose ids are to be used.
            former: of an older portfolio: reports print the name of their day.  An id that is gone
                stands for the product that has its name, address or pitch and was not there then.
            aliases: other names, by product id.
            counted: the words of what a product is known to count, by product id.
        """
        self._ids: dict[str, set[str]] = defaultdict(set)
        self._partial: dict[str, set[str]] = defaultdict(set)
        self._sites: dict[str, set[str]] = defaultdict(set)
        self._tokens: dict[str, Counter[str]] = defaultdict(Counter)
        self.labels: dict[str, str] = {}
        current, older = list(products), list(former)
        renamed = _renamed(current, older)
        for product in [*current, *older]:
            self._add(product, renamed.get(product.id, product.id))
        for service_id, names in (aliases or {}).items():
            for name in names:
                self._ids[key(name)].add(service_id)
        for service_id, labels in (counted or {}).items():
            self._tokens[service_id].update(_stems(" ".join(labels)))
        self._ids.pop("", None)
        self._rare = self._weights()

    def _add(self, product: Product, service_id: str) -> None:
        self.labels.setdefault(service_id, product.name)
        self._ids[key(product.name)].add(service_id)
        self._ids[key(product.id)].add(service_id)
        for part in _FORMER.finditer(product.name):
            self._ids[key(_FORMER.sub("", product.name))].add(service_id)
            names = self._ids if part["former"] else self._partial
            names[key(part["former"] or part["full"])].add(service_id)
        if site := _root(product.link or ""):
            self._sites[site].add(service_id)
        self._tokens[service_id].update(_stems(f"{product.name} {product.id} {product.pitch or ''}"))

    def _weights(self) -> dict[str, float]:
        seen = Counter(stem for stems in self._tokens.values() for stem in set(stems))
        return {stem: log((1 + len(self._tokens)) / count) for stem, count in seen.items()}

    def certain(self, name: str) -> ServiceMatch | None:
        """The product whose name, alias or address this is; of several, a match without a service."""
        printed = " ".join(name.split())
        site = _SITE.match(flat(printed))
        if site and (ids := self._sites.get(_host(site[1]))):
            return _certain(ids, f"{printed!r} is its address")
        ids = self._ids.get(key(printed))
        return _certain(ids, f"{printed!r} is its name") if ids else None

    def find(self, name: str) -> ServiceMatch:
        """The product that a title names, or resembles."""
        printed = " ".join(name.split())
        if match := self.certain(printed):
            return match
        if close := self._resembling(printed):
            return _guess(close, f"{printed!r} resembles its name")
        return ServiceMatch(None, "none", (), f"no product is named {printed!r}")

    def named(self, name: str, url: str | None) -> ServiceMatch:
        """The product that a name stands for, else the one its link leads to; of two that differ, none."""
        match, linked = self.find(name), self.at(url or "")
        if match.match != "certain":
            return linked if linked.match == "certain" else match
        if linked.match != "certain" or linked.service_id == match.service_id:
            return match
        ids = tuple(sorted(filter(None, (match.service_id, linked.service_id))))
        return ServiceMatch(None, "none", ids, f"{match.reason}, but {linked.reason}")

    def _resembling(self, name: str) -> list[str]:
        """Products whose name is nearly the same, or holds the same words with others."""
        sought = key(name)
        if len(sought) < _SHORTEST + 2:
            return []
        if part := self._partial.get(sought):
            return sorted(part)
        close = get_close_matches(sought, self._ids, n=3, cutoff=_CLOSE)
        ids = [i for found in close for i in sorted(self._ids[found])]
        words = set(_stems(name))
        if not ids and len(words) >= 2:
            ids = sorted(
                i for i, label in self.labels.items() if _covers(words, set(_stems(label)), set(_stems(i)))
            )
        return list(dict.fromkeys(ids))

    def at(self, url: str) -> ServiceMatch:
        """The product that an address belongs to: its own site, or its page in the portfolio."""
        fiche = _FICHE.match(url)
        if fiche and fiche["id"] in self.labels:
            return ServiceMatch(fiche["id"], "certain", (), f"the link leads to {url}")
        if fiche and (ids := self._ids.get(key(fiche["id"]))):
            return _certain(ids, f"the link leads to {url}")
        ids = self._sites.get(_root(url)) if url.startswith("http") else None
        return _certain(ids, f"the link leads to {url}") if ids else NOBODY

    def mentions(self, text: str, start: int, end: int) -> list[Mention]:
        """The names in a sentence, longest first where they overlap.

        A name of one word that begins the sentence may be an ordinary word: likely at most, unless it
        has a capital inside.
        """
        words = list(_WORD.finditer(text, start, end))
        found, at = [], 0
        while at < len(words):
            length = next(
                (n for n in range(_LONGEST_NAME, 0, -1) if self._named(text, words[at : at + n], n)), 0
            )
            if length:
                found.append(self._mention(text, words[at : at + length], first=at == 0))
            at += length or 1
        return found

    def _named(self, text: str, words: list[re.Match[str]], length: int) -> bool:
        capital = any(character.isupper() for character in words[0][0])
        if len(words) < length or not capital or flat(words[0][0]) in _ARTICLES:
            return False
        printed = text[words[0].start() : words[-1].end()]
        whole = key(printed)
        return len(whole) >= _SHORTEST and "\n\n" not in printed and whole in self._ids

    def _mention(self, text: str, words: list[re.Match[str]], *, first: bool) -> Mention:
        start, end = words[0].start(), words[-1].end()
        printed = text[start:end]
        ids = self._ids[key(printed)]
        ordinary = len(words) == 1 and first and not any(c.isupper() for c in printed[1:])
        if ordinary and text[end : end + 3].lstrip()[:1] != ":":
            return Mention(start, end, _guess(sorted(ids), f"the sentence begins with {printed!r}"))
        return Mention(start, end, _certain(ids, f"{printed!r} is named in the sentence"))

    def about(self, text: str, counted: str, elsewhere: Mapping[str, str]) -> ServiceMatch:
        """The product whose name, purpose and counts share the most rare words with ``text``; never certain.

        ``counted`` is what is counted there, and ``elsewhere`` what the same report counts of products
        under their names: that decides when purposes leave a doubt.
        """
        said = set(_stems(text))
        scores = {i: self._score(said, stems) for i, stems in self._tokens.items()}
        everyone = _ranked(scores)
        things = set(_stems(counted))
        same = {i: float(len(things & set(_stems(words)))) for i, words in elsewhere.items()}
        for found, why in (
            (scores, "the words are those of its purpose, or of what it counts"),
            ({i: n for i, n in same.items() if n > 1}, "the report counts the same things under its name"),
        ):
            ranked = _ranked(found)
            if ranked and (len(ranked) == 1 or found[ranked[0]] >= _LEADS * found[ranked[1]]):
                others = [i for i in everyone if i != ranked[0]]
                return ServiceMatch(
                    ranked[0], "likely", (ranked[0], *others[:2]), f"no name is printed; {why}"
                )
        reason = "its words fit several products" if everyone else "its words fit no product"
        return ServiceMatch(None, "none", tuple(everyone[:3]), f"no name is printed, and {reason}")

    def _score(self, said: set[str], stems: Counter[str]) -> float:
        shared = said & stems.keys()
        return sum(self._rare[stem] for stem in shared) if len(shared) > 1 else 0.0


def _ranked(scores: Mapping[str, float]) -> list[str]:
    """Those that score, best first."""
    return sorted((i for i in scores if scores[i] > 0), key=lambda i: (-scores[i], i))


def _renamed(current: list[Product], older: list[Product]) -> dict[str, str]:
    """Ids that are gone, and the one product that came instead."""
    was, now = {product.id for product in older}, {product.id for product in current}
    new = [product for product in current if product.id not in was]
    found: dict[str, str] = {}
    for product in older:
        same = [other.id for other in new if _same(product, other)] if product.id not in now else []
        if len(same) == 1:
            found[product.id] = same[0]
    return found


def _same(product: Product, other: Product) -> bool:
    return (
        key(product.name) == key(other.name)
        or (product.link is not None and product.link == other.link)
        or (product.pitch is not None and key(product.pitch) == key(other.pitch or ""))
    )


def key(name: str) -> str:
    """What is left of a name without case, accents, punctuation, article and the ending of its address."""
    plain = " ".join(flat(name).replace("ex-", "").split())
    return re.sub(r"[\W_]+", "", _ARTICLE.sub("", _ENDING.sub("", plain)))


def _stems(text: str) -> list[str]:
    """The beginnings of the words that say something."""
    words = re.findall(r"[a-z]{3,}", flat(text))
    return [word[:6].rstrip("s") for word in words if word not in _EMPTY]


def _covers(words: set[str], label: set[str], service_id: set[str]) -> bool:
    """Two names of several words, one of which holds all words of the other."""
    return any(len(own) >= 2 and (words <= own or own <= words) for own in (label, service_id))


def _host(host: str) -> str:
    return host.lower().removeprefix("www.")


def _root(url: str) -> str:
    """The host of an address that leads to the whole of a site; else nothing."""
    try:
        parts = urlsplit(url.strip())
        return _host(parts.hostname or "") if parts.path in ("", "/") else ""
    except ValueError:
        return ""


def _certain(ids: set[str], reason: str) -> ServiceMatch:
    if len(ids) > 1:
        return ServiceMatch(None, "none", tuple(sorted(ids)), f"{reason}, and that of {len(ids)} products")
    return ServiceMatch(min(ids), "certain", (), reason)


def _guess(ids: list[str], reason: str) -> ServiceMatch:
    if len(ids) > 1:
        return ServiceMatch(None, "none", tuple(ids), f"{reason}, and those of {len(ids)} products")
    return ServiceMatch(ids[0], "likely", tuple(ids), reason)
