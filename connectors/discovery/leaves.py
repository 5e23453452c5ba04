"""Numbers in a JSON value that may be figures, each with the words that name it and a query that finds it."""

import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from connectors.discovery.printed import mentions
from connectors.locators import JsonLocator
from connectors.text.json_text import normalised

COUNTS = re.compile(
    r"^(?:nb|nombre|number|num|count|total|sum|value|valeur|taux|rate|percent|part|cout|cost)|"
    r"(?:count|total|nb|number|percent|rate|sum|value)s?$|Count|Total|Percent|^[a-z_]+_total$"
    r"|^(?:users?|accounts?|visits?|visitors?|views?|downloads?|organi[sz]ations?|certifications?|companies"
    r"|simulations?|dossiers?|demandes?|utilisateurs?|usagers?|visites?|structures?|communes?|collectivites?"
    r"|agents?|entreprises?|beneficiaires?|missions?|benevoles?|inscrits?|comptes?|rdvs?|actifs?)$",
    re.IGNORECASE,
)
"""Keys that announce a figure."""

NOT_COUNTS = re.compile(
    r"(?:^|_)(?:id|ids|uuid|code|lat|lon|lng|latitude|longitude|x|y|zoom|year|annee|année|month|day|week|page|pages"
    r"|limit|offset|size|port|status|version|index|order|rank|position|timestamp|time|date|width|height|min|max"
    r"|level|duration_ms|seed|siret|siren|insee|zip|postal|phone|tel|next|previous|per_page|ttl|took|statusCode"
    r"|delay|timeout|interval|revalidate|price|prix|length|retries)$"
    r"|Id$|At$|Date$|Code$|^@|Timestamp$|Version$|Limit$|Offset$|Index$|Delay$|Timeout$|Price$|Pages$"
    r"|^(?:page|unread|cart|notification|menu|retry|error|column|row|char|word|badge|rating|review|item)s?_?(?:Count|Total)"
    r"|^numberOfItems$|^(?:rating|best|worst)",
    re.IGNORECASE,
)
"""Keys of numbers that count nothing of use."""

ELSEWHERE = re.compile(
    r"^(?:pagination|menu|navigation|nav|footer|header|config|runtimeConfig|env|flags|settings|theme|router?|query"
    r"|params|i18n|translations|messages|breakpoints|breadcrumbs?|offers?|aggregateRating|reviews?|geo|address"
    r"|potentialAction|itemListElement|numberOfEmployees|author|publisher|founder|images?|icons?|style|layout|cookies?|consent|session|viewport)$",
    re.IGNORECASE,
)
"""Keys under which a state keeps what is no statistics."""

DATES = re.compile(
    r"^(?:date|mois|month|jour|day|annee|année|year|week|semaine|period|periode|période|x)$", re.IGNORECASE
)
_NAMES = re.compile(
    r"^(?:label|libelle|libellé|title|titre|name|nom|legend|legende|description|text|texte)$", re.IGNORECASE
)
_FIGURES = re.compile(r"^(?:value|valeur|number|nombre|figure|chiffre|stat|kpi|data|score)$", re.IGNORECASE)
_NUMBER = re.compile(r"-?\d{1,3}(?:[ \u00a0\u202f]\d{3})*(?:[.,]\d+)?|-?\d+(?:[.,]\d+)?")
DEEPEST, SERIES, FEW, MOST_WORDS = 12, 2, 3, 20
"""Levels looked through; rows of a series; items of a list that are no list of things; words of a name."""


class Leaf(NamedTuple):
    """A number, or the latest row of a series; ``announced`` when a key or a name says what it counts."""

    locator: JsonLocator
    exact: str
    label: str
    around: str
    value: object
    reasons: tuple[str, ...]
    confidence: float
    announced: bool


class _Here(NamedTuple):
    """A place in the value: its query, the keys on the way, and the words that describe all around it."""

    query: str
    keys: tuple[str, ...]
    said: str

    def key(self, name: str) -> "_Here":
        return self._replace(query=f"{self.query}[{quoted(name)}]", keys=(*self.keys, name))

    def item(self, rank: int) -> "_Here":
        return self._replace(query=f"{self.query}[{rank}]")

    def named(self, key: str, name: str) -> "_Here":
        """The item of a list that has a name: found by it, wherever it stands."""
        return self._replace(query=f"{self.query}[?@[{quoted(key)}]=={quoted(name)}]")


def leaves(value: object) -> Iterator[Leaf]:
    """The numbers in a JSON value that may be figures."""
    said = str(value.get("description") or "") if isinstance(value, Mapping) else ""
    return _leaves(value, _Here(normalised(()), (), said))


def _leaves(value: object, here: _Here) -> Iterator[Leaf]:
    if here.query.count("[") > DEEPEST:
        return
    if isinstance(value, Mapping):
        yield from _of_mapping(value, here)
    elif isinstance(value, list):
        yield from _of_list(value, here)
    elif is_numeric(value):
        yield _leaf(value, here, "")


def _of_mapping(value: Mapping[Any, Any], here: _Here) -> Iterator[Leaf]:
    name = _name(value)
    counts = [key for key in value if isinstance(key, str) and is_numeric(value[key]) and COUNTS.search(key)]
    for key, inner in value.items():
        if not isinstance(key, str) or NOT_COUNTS.search(key) or ELSEWHERE.search(key):
            continue
        if name and (counts == [key] or (_FIGURES.search(key) and _is_figure(inner))):
            yield _leaf(inner, here.key(key), name[1])
        else:
            yield from _leaves(inner, here.key(key))


def _name(value: Mapping[Any, Any]) -> tuple[str, str] | None:
    """The key that names a mapping, and the name: words, and not many of them."""
    for key, said in value.items():
        if isinstance(key, str) and isinstance(said, str) and _NAMES.search(key):
            words = said.split()
            if 0 < len(words) <= MOST_WORDS and re.search(r"[^\W\d_]{3,}", said):
                return key, said
    return None


def _is_figure(text: object) -> bool:
    """Whether a value is a text of one number with at most a word of unit."""
    if not isinstance(text, str):
        return False
    found = list(mentions(text))
    return len(found) == 1 and not text[: found[0].start].strip() and len(text[found[0].end :].split()) <= 1


def _of_list(rows: list[Any], here: _Here) -> Iterator[Leaf]:
    """A dated series; items that have names; or the few parts of something."""
    dated = list(_series(rows, here))
    if dated:
        yield from dated
        return
    names = [_name(row) if isinstance(row, Mapping) else None for row in rows]
    few = len(rows) <= FEW or not all(isinstance(row, Mapping) for row in rows)
    for rank, (row, name) in enumerate(zip(rows, names, strict=True)):
        if name and names.count(name) == 1:
            yield from (leaf for leaf in _leaves(row, here.named(*name)) if leaf.label == name[1])
        elif few and isinstance(row, Mapping | list):
            yield from _leaves(row, here.item(rank))


def is_numeric(value: object) -> bool:
    """Whether a value is a number, or a text that is one."""
    number = isinstance(value, int | float) and not isinstance(value, bool)
    return number or (isinstance(value, str) and bool(_NUMBER.fullmatch(value.strip())))


def _leaf(value: object, here: _Here, name: str) -> Leaf:
    key = here.keys[-1] if here.keys else ""
    announced = bool(COUNTS.search(key) or name)
    reasons = ("a number in JSON", *(("its key announces a count",) if announced else ()))
    label = name or words(here.keys) or here.said or "valeur"
    confidence = 0.8 if announced or not here.keys else 0.6
    around = " ".join(dict.fromkeys((label, words(here.keys))))
    place = JsonLocator(value=here.query)
    return Leaf(place, printed(value), label, around, value, reasons, confidence, announced)


def _series(rows: list[Any], here: _Here) -> Iterator[Leaf]:
    """Of rows with a date, each other numeric column: its figure is that of the latest date."""
    if len(rows) < SERIES or not all(isinstance(row, Mapping) for row in rows):
        return
    date = next((key for key in rows[0] if isinstance(key, str) and DATES.match(key)), None)
    dated = [row for row in rows if date and isinstance(row.get(date), (str, int, float))]
    if not date or not dated or len({type(row[date]) for row in dated}) > 1:
        return
    latest = max(dated, key=lambda row: row[date])
    for key, value in latest.items():
        if key != date and is_numeric(value) and not NOT_COUNTS.search(key):
            yield _row(here, date, key, value)


def _row(here: _Here, date: str, key: str, value: object) -> Leaf:
    locator = JsonLocator(rows=f"{here.query}[*]", value=f"$[{quoted(key)}]", date=f"$[{quoted(date)}]")
    label = here.said if here.said and key in ("value", "valeur") else words((*here.keys, key))
    return Leaf(locator, printed(value), label, label, value, ("the latest of a dated series",), 0.7, True)


def quoted(key: str) -> str:
    """A string of a JSONPath."""
    escaped = key.replace("\\", "\\\\").replace("'", "\\'").replace("\n", "\\n").replace("\t", "\\t")
    return f"'{escaped}'"


def printed(value: object) -> str:
    """A number as JSON writes it, or the text that is one."""
    return value.strip() if isinstance(value, str) else repr(value)


def words(keys: tuple[str, ...]) -> str:
    """The last keys as words: ``nbAdresses`` under ``ban`` is "ban nb adresses"."""
    apart = re.sub(r"(?<=[a-zà-ÿ])(?=[A-Z])|[_\-.]+", " ", " ".join(keys[-2:]))
    return " ".join(apart.split()).lower()
