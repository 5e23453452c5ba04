"""Figures in the state that a page carries for its scripts: the counts among its many numbers.

Only asked when the page shows no figure of which we are sure: what people are shown is in the page, and
a state also holds many numbers that nobody is shown.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from connectors.discovery.json_body import gives, proposal
from connectors.discovery.leaves import Leaf, leaves, quoted
from connectors.discovery.locators import verify
from connectors.discovery.proposal import Proposal
from connectors.embedded.data import Carried, Text
from connectors.embedded.sources import SOURCES
from connectors.extraction import Document
from connectors.locators import EmbeddedLocator, EmbeddedSource
from connectors.text.html_text import decode

STATES: tuple[EmbeddedSource, ...] = (
    "next_data", "next_flight", "nuxt", "ld_json", "json_script", "variable",
)  # fmt: skip
MOST, MOST_KEYS = 40, 20_000
LESS = 0.2
"""How much less a count in a state is believed than one that an endpoint publishes."""

_TELLING = re.compile(r"stat|kpi|chiffre|indicat|metric|impact", re.IGNORECASE)
"""Names of variables, of which a page has many, that announce figures."""
_RANKED = re.compile(r"\[\d+\]")


class _Held(NamedTuple):
    leaf: Leaf
    locator: EmbeddedLocator


def propose_states(document: Document) -> tuple[Proposal, ...]:
    """The announced counts and the dated series in the page's states, each number once."""
    page = Text(decode(document).replace("\0", "\ufffd"))
    held = [each for source in STATES for each in _held(page, source)][:MOST]
    given = verify(document, "embedded", {f"m{i}": one.locator for i, one in enumerate(held)})
    found: dict[tuple[str, str], Proposal] = {}
    for i, one in enumerate(held):
        points = given.get(f"m{i}", [])
        if gives(points, one.leaf):
            key = one.leaf.label, one.leaf.exact
            found.setdefault(key, proposal(one.leaf, one.locator, points, LESS))
    return tuple(found.values())


def _held(page: Text, source: EmbeddedSource) -> Iterator[_Held]:
    every = list(SOURCES[source].find(page))
    for rank, data in enumerate(every, 1):
        if not isinstance(data, Carried) or not _wanted(source, data):
            continue
        chart = next((name for name in data.names if name), rank if len(every) > 1 else None)
        where = EmbeddedLocator(source=source, chart=None if source in ("next_data", "nuxt") else chart)
        keys = Counter(_keys(data.value))
        for leaf in leaves(data.value):
            if leaf.announced:
                yield _Held(leaf, _at(where, leaf, keys))


def _wanted(source: EmbeddedSource, data: Carried) -> bool:
    """Whether a piece of data may hold statistics and is not another source's."""
    if source == "variable":
        return any(_TELLING.search(name) and name != "__NUXT__" for name in data.names)
    return source != "json_script" or not {"__NEXT_DATA__", "__NUXT_DATA__"} & set(data.names)


def _keys(value: object) -> Iterator[str]:
    """Every key in a value, as often as it is there; of the first many."""
    left = [value]
    for _ in range(MOST_KEYS):
        if not left:
            return
        here = left.pop()
        if isinstance(here, Mapping):
            yield from map(str, here)
        left += here.values() if isinstance(here, Mapping) else here if isinstance(here, list) else ()


def _at(where: EmbeddedLocator, leaf: Leaf, keys: Counter[str]) -> EmbeddedLocator:
    """Where a leaf is: by its key alone when the state has it once, since ranks change with each build."""
    place = leaf.locator
    path = place.value
    key = re.search(r"\['((?:[^'\\])+)'\]$", path)
    if not place.rows and key and keys[key[1]] == 1 and _RANKED.search(path):
        path = f"$..[{quoted(key[1])}]"
    return where.model_copy(update={"path": path, "rows": place.rows, "date": place.date})
