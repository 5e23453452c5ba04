"""Discovered: a figure proposed for a page that nobody configured, with what its characters mean.

The connectors say where numbers stand and what the words beside them suggest; the warehouse reads
the numbers.  A proposal that the warehouse cannot read as one number is left out.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from connectors.discovery.addresses import Classified
from connectors.discovery.proposal import Proposal
from connectors.extraction import Document
from connectors.secrets import safe_address
from warehouse.errors import UnreadableNumber
from warehouse.normalisation.numbers import Printed, read
from warehouse.normalisation.units import printed_unit

UNNAMED = "unité"
_PREPOSITION = re.compile(
    r"(?:^|[ ,)])(?:par|pour|avec|dans|sur|sous|en|à|aux?|via|chez|depuis|qui|ont|a|est|sont|peuvent)(?= )"
)
"""Words behind which a label no longer names what is counted: "actions par utilisateur" counts actions."""
PRINTED_UNITS = {"percent": "%", "points": "pts", "multiple": "x"}
"""Units that the printed form itself says."""


@dataclass(frozen=True, slots=True)
class Discovered:
    """One figure proposed, with what its characters mean, and the documents that it was found in."""

    url: str
    proposal: Proposal
    printed: Printed
    unit: str

    def as_json(self) -> dict[str, Any]:
        """For scripts: names of the service file's format; numbers as text, so that they stay exact."""
        it, printed = self.proposal, self.printed
        return {
            "label": it.label,
            "value": _plain(printed.value),
            "exact": it.exact,
            "low": _plain(printed.low),
            "high": _plain(printed.high),
            "qualifier": printed.qualifier,
            "unit": self.unit,
            "nature": it.nature,
            "period": it.period,
            "dimension": it.dimension,
            "kind": it.kind,
            "reach": it.reach,
            "url": safe_address(self.url),
            "protocol": it.protocol,
            "locator": it.locator.model_dump(exclude_defaults=True, mode="json"),
            "anchor": it.anchor,
            "decimal": "." if it.notation == "dot" else ",",
            "confidence": it.confidence,
            "reasons": list(it.reasons),
        }


@dataclass(frozen=True, slots=True)
class Discovery:
    """All that one address gave: its kind, the bodies received, the figures proposed."""

    address: Classified
    documents: tuple[Document, ...]
    figures: tuple[Discovered, ...]


def understand(url: str, proposals: Iterable[Proposal]) -> tuple[Discovered, ...]:
    """The proposals that are each one number, with it."""
    return tuple(each for each in (_understood(url, proposal) for proposal in proposals) if each)


def _understood(url: str, proposal: Proposal) -> Discovered | None:
    try:
        printed = read(proposal.exact, notation=proposal.notation)
    except UnreadableNumber:
        return None
    return None if printed.value is None else Discovered(url, proposal, printed, _unit(proposal, printed))


def _plain(number: Decimal | None) -> str | None:
    return None if number is None else f"{number:f}"


def _unit(proposal: Proposal, printed: Printed) -> str:
    """The unit printed beside the number, else the first that its label names."""
    if printed.kind in PRINTED_UNITS:
        return PRINTED_UNITS[printed.kind]
    heads = _heads(printed.unit_text, proposal.unit_words, proposal.label)
    return next((unit.code for unit in map(printed_unit, heads) if unit), UNNAMED)


def _heads(*texts: str) -> Iterator[str]:
    """Each text from each of its words on, up to where it goes on to speak of something else."""
    for text in texts:
        words = _PREPOSITION.split(text.replace("d'", "").replace("l'", ""), maxsplit=1)[0].split()
        yield from (" ".join(words[start:]) for start in range(len(words)))
