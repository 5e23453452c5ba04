"""The two figures that a printed growth compares, found by words and years; never by arithmetic.

Whether the growth is right is not asked here: a report's slip must stay visible.
"""

import re
from collections.abc import Sequence
from dataclasses import replace

from connectors.report import Claim
from connectors.reports.columns import year_of
from connectors.reports.words import GROWTH, flat

_YEAR = re.compile(r"(?:19|20)\d\d")
_MOST = 200  # figures; a card that has more is no card
_WORD = re.compile(r"[a-z]{3,}")
_AGAINST = re.compile(r"contre\s*$")
_FROM = re.compile(r"(?:^|\s)(?:de|d')\s*$")


def linked(text: str, claims: Sequence[Claim]) -> list[Claim]:
    """The claims of one card, each growth with its figures where the words leave no doubt."""
    figures = [claim for claim in claims if claim.kind == "figure"]
    if len(figures) > _MOST:
        return list(claims)
    return [
        _link(text, claim, figures) if claim.kind == "growth" and claim.base is None else claim
        for claim in claims
    ]


def _link(text: str, growth: Claim, figures: Sequence[Claim]) -> Claim:
    fitting = [figure for figure in figures if _compares(growth, figure)]
    listed = [figure for figure in figures if _is_number(figure) and (figure in fitting or figure.column)]
    pair = _in_passage(text, growth, fitting) or _in_columns(growth, listed)
    if pair is None:
        return growth
    base, result = pair
    if growth.period_from not in ("sentence", "column"):
        year = result.column or result.period
        growth = replace(growth, period=year, period_from="column" if result.column else result.period_from)
    return replace(growth, base=base, result=result)


def _compares(growth: Claim, figure: Claim) -> bool:
    """Points are between ratios; a percentage may be of anything but is rarely of a ratio."""
    ratio = figure.unit is not None and figure.unit.text.strip() in ("%", "‰")
    points = bool(re.search("pts?|points?", growth.exact.text, re.IGNORECASE))
    return ratio == points and _is_number(figure)


def _is_number(figure: Claim) -> bool:
    return any(character.isdigit() for character in figure.exact.text)


def _in_passage(text: str, growth: Claim, figures: Sequence[Claim]) -> tuple[Claim, Claim] | None:
    """Two figures of one thing beside the growth: "de X à Y", "Y contre X", "X en 2022, Y en 2023"."""
    beside = [f for f in figures if f.passage == growth.passage and f.words and growth.words]
    same = [f for f in beside if _shared(f, growth) == _shared(growth, growth) or f.words == growth.words]
    if len(same) != 2:
        return None
    first, second = same
    before = (
        flat(text[first.passage.start : first.exact.start]),
        flat(text[first.exact.end : second.exact.start]),
    )
    if _AGAINST.search(before[1]):
        return second, first
    years = _year(first), _year(second)
    if years[0] and years[1] and years[0] != years[1]:
        return (first, second) if years[0] < years[1] else (second, first)
    return (first, second) if _FROM.search(before[0]) else None


def _year(claim: Claim) -> int:
    """The year printed beside a figure; 0 for none."""
    years = _YEAR.findall(claim.period.text) if claim.period and claim.period_from == "sentence" else []
    return int(years[-1]) if years else 0


def _in_columns(growth: Claim, figures: Sequence[Claim]) -> tuple[Claim, Claim] | None:
    """One figure of each of the last two columns, the ones whose words are most like the growth's."""
    columns: dict[int, list[Claim]] = {}
    for figure in figures:
        if year := year_of(figure.column) if figure.column else _year(figure):
            columns.setdefault(year, []).append(figure)
    if len(columns) < 2:
        return None
    if growth.words and GROWTH.fullmatch(flat(growth.words.text)):
        return _only_series([columns[year] for year in sorted(columns)[-2:]])
    base, result = (_most_alike(growth, columns[year]) for year in sorted(columns)[-2:])
    return (base, result) if base and result else None


def _only_series(columns: Sequence[Sequence[Claim]]) -> tuple[Claim, Claim] | None:
    """The two figures of two columns, when a growth without words of its own can be of nothing else."""
    if [len(column) for column in columns] != [1, 1] or _stems(columns[0][0]) != _stems(columns[1][0]):
        return None
    return columns[0][0], columns[1][0]


def _most_alike(growth: Claim, figures: Sequence[Claim]) -> Claim | None:
    """The figure that shares most words; of equals the one of its kind, then one that leads its item.

    So a growth printed in the wrong unit stands beside its own figures, and not beside its neighbour's.
    """
    scores = [(_shared(growth, figure), _compares(growth, figure), _leads(figure)) for figure in figures]
    best = max(scores)
    return figures[scores.index(best)] if best[0] and scores.count(best) == 1 else None


def _shared(growth: Claim, figure: Claim) -> int:
    return len(_stems(growth) & _stems(figure))


def _leads(figure: Claim) -> bool:
    return figure.exact.start - figure.passage.start < 3


def _stems(claim: Claim) -> set[str]:
    words = _WORD.findall(flat(claim.words.text)) if claim.words else []
    return {
        word.rstrip("sx")
        for word in words
        if word not in ("des", "les", "par", "avec", "une", "sur", "aux", "pour")
    }
