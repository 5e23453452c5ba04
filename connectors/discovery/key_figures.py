"""Key figures in the texts of a page: a number that stands out, and the short text that names it."""

from collections.abc import Iterator, Sequence

from connectors.discovery.alone import standing_alone
from connectors.discovery.blocks import Block
from connectors.discovery.candidate import Candidate
from connectors.discovery.sentences import in_texts
from connectors.discovery.texts import Page

PROMINENT = frozenset({"set large", "shown by a count-up script"})
SEVERAL = 2
"""Prominent figures (or one more of any) with which a page publishes figures, whatever its titles say."""


def key_figures(blocks: Sequence[Block], title: str = "") -> Iterator[Candidate]:
    """Every number of these texts that seems to be a figure, with its name; ``title`` is the page's."""
    page = Page(blocks, title)
    alone = list(standing_alone(page))
    large = sum(PROMINENT.intersection(each.reasons) != set() for each in alone)
    many = large >= SEVERAL or len(alone) > SEVERAL
    page.publishes = page.publishes or (many and not page.elsewhere)
    yield from alone
    yield from in_texts(page, alone)
