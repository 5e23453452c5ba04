"""What a page that nobody configured seems to publish: visited or saved, proposed, understood.

The connectors say where numbers stand and what the words beside them suggest; the warehouse reads
the numbers.  A proposal that the warehouse cannot read as one number is left out.
"""

import hashlib
import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from connectors import portfolio
from connectors.discovery.addresses import Classified, Published, classify, classify_products
from connectors.discovery.dashboards import card_page, dashboards, propose_cards
from connectors.discovery.proposal import Proposal
from connectors.discovery.proposals import frames, propose
from connectors.errors import FetchError, ReadingError
from connectors.extraction import Document
from connectors.extractor import Extractor
from connectors.fetcher import Fetcher, Manners
from connectors.service import Page
from connectors.text.html_text import parse, sign_of
from pipelines.errors import NightError, NoPortfolio
from pipelines.settings import Settings
from warehouse.errors import UnreadableNumber
from warehouse.normalisation.numbers import Printed, read
from warehouse.normalisation.units import printed_unit
from warehouse.snapshots import document as document_of

MOST_FRAMES, MOST_CARDS = 3, 40
"""Frames of a page, and cards of a dashboard, that are looked into."""

UNNAMED = "unité"
PRINTED_UNITS = {"percent": "%", "points": "pts", "multiple": "x"}
"""Units that the printed form itself says."""


class NothingDiscovered(NightError):
    """No figure can be proposed for this address."""

    advice = "Look at the page, and write its service file by hand if it publishes figures all the same."


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
            "url": self.url,
            "protocol": it.protocol,
            "locator": it.locator.model_dump(exclude_defaults=True, mode="json"),
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


def _plain(number: Decimal | None) -> str | None:
    return None if number is None else f"{number:f}"


# ------------------------------------------------------------------------- understanding


def understand(url: str, proposals: Iterable[Proposal]) -> tuple[Discovered, ...]:
    """The proposals that are each one number, with it."""
    return tuple(each for each in (_understood(url, proposal) for proposal in proposals) if each)


def discover(document: Document) -> tuple[Discovered, ...]:
    """The figures that one body seems to publish, most believable first."""
    return understand(document.url, propose(document))


def _understood(url: str, proposal: Proposal) -> Discovered | None:
    try:
        printed = read(proposal.exact, notation=proposal.notation)
    except UnreadableNumber:
        return None
    return None if printed.value is None else Discovered(url, proposal, printed, _unit(proposal, printed))


def _unit(proposal: Proposal, printed: Printed) -> str:
    """The unit printed beside the number, else the first that its label names."""
    if printed.kind in PRINTED_UNITS:
        return PRINTED_UNITS[printed.kind]
    heads = _heads(printed.unit_text, proposal.unit_words, proposal.label)
    return next((unit.code for unit in map(printed_unit, heads) if unit), UNNAMED)


def _heads(*texts: str) -> Iterator[str]:
    """Each text from each of its words on."""
    for text in texts:
        words = text.replace("d'", "").replace("l'", "").split()
        yield from (" ".join(words[start:]) for start in range(len(words)))


# ------------------------------------------------------------------------------ visiting


def saved(file: Path, url: str | None = None) -> Document:
    """A saved body as a document; without its ``url``, under an address that exists nowhere."""
    content = file.read_bytes()
    address = url or f"https://{re.sub(r'[^a-z0-9-]', '-', file.stem.lower())}.example/"
    return Document(address, "", content, hashlib.sha256(content).hexdigest())


def look_at(document: Document) -> Discovery:
    """The figures of a saved body.

    Raises:
        NothingDiscovered: it prints none; the sentence says what it seems to be.
    """
    discovery = Discovery(classify(document.url), (document,), discover(document))
    if not discovery.figures:
        raise NothingDiscovered(f"No figure was found ({_what(discovery.address, document)}).")
    return discovery


def look(url: str, fetcher: Fetcher) -> Discovery:
    """Visit an address, and what it leads to one level down, and propose its figures.

    Raises:
        FetchError: the address does not answer.
        NothingDiscovered: what it leads to cannot be read, or prints no figure; the sentence says what it is.
    """
    before = _readable(classify(url))
    fetched = fetcher.fetch(before.url or url)
    document = document_of(url, fetched.answer)
    after = _readable(classify(fetched.answer.url))
    seen = after.url if after.kind != before.kind and after.url else before.url or url
    discovery = _of_dashboards(after, seen, document, fetcher) or _of_page(after, document, fetcher)
    if not discovery.figures:
        raise NothingDiscovered(f"No figure was found at {url} ({_what(after, document)}).")
    return discovery


def visit(url: str, settings: Settings, allow_hosts: Collection[str] | None = None) -> Discovery:
    """Visit an address with a fetcher of its own, as :func:`look` does."""
    manners = Manners(pace=settings.pace, deadline=settings.deadline)
    return look(url, Fetcher(manners=manners, allow_hosts=allow_hosts or ()))


def classified_portfolio(settings: Settings) -> list[Published]:
    """Every address of the portfolio, classified.

    Raises:
        FetchError: the portfolio does not answer.
        InvalidPortfolio: it is none.
        NoPortfolio: there is no such file.
    """
    place = settings.portfolio
    if "://" not in place and not Path(place).is_file():
        raise NoPortfolio(f"There is no portfolio file {place!r}.")
    manners = Manners(pace=settings.pace, deadline=settings.deadline)
    content = (
        Fetcher(manners=manners).fetch(place).answer.content if "://" in place else Path(place).read_bytes()
    )
    return classify_products(portfolio.read(content).products)


def _readable(address: Classified) -> Classified:
    """The address, when something can be proposed for it."""
    if address.protocol in ("html", "metabase"):
        return address
    sentence = f"{address.url or 'The address'} is of kind {address.kind!r}: {address.reason}."
    raise NothingDiscovered(sentence)


def _what(address: Classified, document: Document) -> str:
    try:
        return str(sign_of(parse(document)) or f"of kind {address.kind!r}")
    except ReadingError as error:
        return str(error)


def _of_page(address: Classified, document: Document, fetcher: Fetcher) -> Discovery:
    """The figures of the page itself, else those of its frames."""
    figures = discover(document)
    documents: tuple[Document, ...] = (document,)
    if not figures:
        for frame in frames(document)[:MOST_FRAMES]:
            inner = _answer(fetcher, frame)
            documents += (inner,) if inner else ()
            figures += discover(inner) if inner else ()
    return Discovery(address, documents, figures)


def _answer(fetcher: Fetcher, url: str) -> Document | None:
    try:
        return document_of(url, fetcher.fetch(url).answer)
    except FetchError:
        return None


def _of_dashboards(address: Classified, url: str, document: Document, fetcher: Fetcher) -> Discovery | None:
    """The numbers on the Metabase dashboards that stand there, when there are any."""
    shown = dashboards(document, url)
    boards = [board for board in (_answer(fetcher, each.address) for each in shown[:MOST_FRAMES]) if board]
    page = card_page(url, boards)
    if page is None:
        return None
    received: tuple[Document, ...] = (document, *boards) if address.kind == "own page" else tuple(boards)
    received += _results(page, received, fetcher)
    return Discovery(address, received, understand(url, propose_cards(page, received)))


def _results(page: Page, received: Sequence[Document], fetcher: Fetcher) -> tuple[Document, ...]:
    wanted = Extractor().follow(page, received)[:MOST_CARDS]
    return tuple(answer for answer in (_answer(fetcher, each) for each in wanted) if answer)
