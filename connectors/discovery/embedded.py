"""Figures in the JSON that a page carries for its scripts: the counts among them.

Only asked when the page prints no figure itself: a state also holds many numbers that nobody is shown.
"""

import json
from collections.abc import Iterator
from typing import NamedTuple

from bs4 import BeautifulSoup

from connectors.discovery.json_body import Leaf, leaves, proposal
from connectors.discovery.locators import verify
from connectors.discovery.proposal import Proposal
from connectors.extraction import Document
from connectors.service import EmbeddedLocator, EmbeddedSource

MOST = 40
LESS = 0.2
"""How much less a count in a state is believed than one that an endpoint publishes."""


class _Held(NamedTuple):
    leaf: Leaf
    locator: EmbeddedLocator


def propose_embedded(document: Document, soup: BeautifulSoup) -> tuple[Proposal, ...]:
    """The counts and dated series in the page's ``application/json`` scripts."""
    held = list(_held(soup))[:MOST]
    given = verify(document, "embedded", {f"m{i}": one.locator for i, one in enumerate(held)})
    read = ((one, [each.exact for each in given.get(f"m{i}", ())]) for i, one in enumerate(held))
    return tuple(proposal(one.leaf, one.locator, LESS) for one, exacts in read if one.leaf.exact in exacts)


def _held(soup: BeautifulSoup) -> Iterator[_Held]:
    for script in soup.select("script[type='application/json'][id]"):
        name = str(script["id"])
        source: EmbeddedSource = "next_data" if name == "__NEXT_DATA__" else "json_script"
        try:
            value = json.loads(script.string or "")
        except (ValueError, RecursionError):
            continue
        for leaf in leaves(value):
            if leaf.announced:
                yield _Held(leaf, _locator(source, name, leaf))


def _locator(source: EmbeddedSource, name: str, leaf: Leaf) -> EmbeddedLocator:
    chart = None if source == "next_data" else name
    place = leaf.locator
    return EmbeddedLocator(source=source, chart=chart, path=place.value, rows=place.rows, date=place.date)
