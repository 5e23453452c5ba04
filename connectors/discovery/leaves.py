"""Numbers in a JSON value that may be figures, each with the words that name it and a query that finds it."""

import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from connectors.discovery.periods import latest
from connectors.discovery.printed import mentions
from connectors.locators import BY_KEY, JsonLocator
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
    r"|delay|timeout|interval|revalidate|price|prix|length|retries|row|col|column|truncated)$"
    r"|Id$|At$|Date$|Code$|^@|Timestamp$|Version$|Limit$|Offset$|Index$|Delay$|Timeout$|Price$|Pages$"
    r"|^(?:page|unread|cart|notification|menu|retry|error|column|row|char|word|badge|rating|review|item)s?_?(?:Count|Total)"
    r"|^numberOfItems$|^(?:rating|best|worst)",
    re.IGNORECASE,
)
"""Keys of numbers that count nothing of use."""

_WITHIN = re.compile(r"[a-z]_(?:this|last|per|current)_(?:day|week|month|year)$", re.IGNORECASE)
"""Keys of what was counted within a span of time."""

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
_COLUMNS = re.compile(r"cols|columns|colonnes|headers?|fields", re.IGNORECASE)
DEEPEST, SERIES, FEW, CATEGORIES, MOST_WORDS = 12, 2, 3, 12, 20
"""Levels looked through; rows of a series; items of a list that are no list of things, and rows of a table
that is none; words of a name."""


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
    """A place in the value: its query, the keys on the way, and the words that describe all around it.

    ``columns`` are the names that a mapping has, beside its rows, for the cells of each.
    """

    query: str
    keys: tuple[str, ...]
    said: str
    columns: tuple[str, ...] = ()

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
    dated = list(_by_date(value, here))
    if dated:
        yield from dated
        return
    name = _name(value)
    here = here._replace(columns=_columns(value))
    counts = [key for key in value if isinstance(key, str) and is_numeric(value[key]) and COUNTS.search(key)]
    for key, inner in value.items():
        if not isinstance(key, str) or counts_nothing(key) or ELSEWHERE.search(key):
            continue
        if name and (counts == [key] or (_FIGURES.search(key) and _is_figure(inner))):
            yield _leaf(inner, here.key(key), name[1])
        else:
            yield from _leaves(inner, here.key(key))


def _columns(value: Mapping[Any, Any]) -> tuple[str, ...]:
    """What a mapping says of the cells of its rows: each column by its title, or its name."""
    listed = next((value[key] for key in value if isinstance(key, str) and _COLUMNS.fullmatch(key)), None)
    named = (_title(each) for each in listed) if isinstance(listed, list) else ()
    return tuple(named)


def _title(column: object) -> str:
    """The words that name a column."""
    given = column if isinstance(column, Mapping) else {"name": column}
    said = (given.get(key) for key in ("display_name", "label", "title", "name", "id"))
    return next((each for each in said if isinstance(each, str) and each), "")


def counts_nothing(key: str) -> bool:
    """Whether a key is that of a number which counts nothing of use."""
    apart = re.sub(r"(?<=[a-z\d])(?=[A-Z])", "_", key)
    return bool(NOT_COUNTS.search(key) or NOT_COUNTS.search(apart)) and not _WITHIN.search(apart)


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
    dated = list(_series(rows, here)) or list(_table(rows, here))
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
        if key != date and is_numeric(value) and not counts_nothing(key):
            yield _row(here, date, key, value)


def _row(here: _Here, date: str, key: str, value: object) -> Leaf:
    label = here.said if here.said and key in ("value", "valeur") else words((*here.keys, key))
    return _latest(here, f"$[{quoted(key)}]", f"$[{quoted(date)}]", label, value)


def _latest(here: _Here, place: str, date: str, label: str, value: object) -> Leaf:
    """A leaf for all rows of a place, whose figure is that of the latest date."""
    locator = JsonLocator(rows=f"{here.query}[*]", value=place, date=date)
    return Leaf(locator, printed(value), label, label, value, ("the latest of a dated series",), 0.7, True)


def _by_date(value: Mapping[Any, Any], here: _Here) -> Iterator[Leaf]:
    """Of a mapping whose every key is a date, each count: ``{"2026-09": {"nb_visits": 12}, …}``."""
    keys = [key for key in value if isinstance(key, str)]
    at = latest([*keys]) if len(keys) == len(value) >= SERIES else None
    row = value[keys[at]] if at is not None else None
    if is_numeric(row):
        yield _latest(here, "$", BY_KEY, words(here.keys) or here.said or "valeur", row)
    elif isinstance(row, Mapping):
        counts = [key for key in row if isinstance(key, str) and is_numeric(row[key])]
        told = [key for key in counts if not counts_nothing(key)]
        for key in [key for key in told if COUNTS.search(key)] or told:
            yield _latest(here, f"$[{quoted(key)}]", BY_KEY, words((*here.keys, key)), row[key])


def _table(rows: list[Any], here: _Here) -> Iterator[Leaf]:
    """Of rows that are lists of cells, each numeric column: the only row, or the latest of the dated ones."""
    width = len(rows[0]) if rows and isinstance(rows[0], list) else 0
    if not width or not all(isinstance(row, list) and len(row) == width for row in rows):
        return
    dates = [
        [row[column] if isinstance(row[column], str) else None for row in rows] for column in range(width)
    ]
    found = ((column, latest(each)) for column, each in enumerate(dates))
    date, at = next(((column, rank) for column, rank in found if rank is not None), (None, None))
    if date is None:
        yield from _categories(rows, here, width)
        return
    for column, value in enumerate(rows[at or 0]):
        if column != date and is_numeric(value):
            yield _latest(here, f"$[{column}]", f"$[{date}]", _heading(here, column, width), value)


def _categories(rows: list[Any], here: _Here, width: int) -> Iterator[Leaf]:
    """The numbers of the only row, or of the few rows that a name in their first cell tells apart."""
    names = [row[0] for row in rows if isinstance(row[0], str) and row[0]]
    apart = len(set(names)) == len(rows) <= CATEGORIES
    for row in rows if apart or len(rows) == 1 else ():
        place = here._replace(query=f"{here.query}[?@[0]=={quoted(row[0])}]") if apart else here.item(0)
        for column, value in enumerate(row):
            if is_numeric(value) and not (apart and column == 0):
                title = _heading(here, column, width)
                yield _leaf(value, place.item(column), f"{row[0]}, {title}" if apart else title)


def _heading(here: _Here, column: int, width: int) -> str:
    """What a column of cells is called, or the place of its rows."""
    title = here.columns[column] if len(here.columns) == width else ""
    return title or words(here.keys) or "valeur"


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
