"""What a page that nobody configured seems to publish: visited or saved, proposed, understood."""

import hashlib
import re
from collections.abc import Collection
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

from connectors import portfolio
from connectors.discovery.addresses import Classified, Published, classify, classify_products
from connectors.discovery.proposals import propose
from connectors.discovery.sight import Sight, see
from connectors.extraction import Document
from connectors.extractor import Extractor
from connectors.fetcher import Fetcher, Manners
from pipelines.discovered import Discovered, Discovery, understand
from pipelines.errors import NoPortfolio, NoSuchPage, NothingDiscovered
from pipelines.leads import Fetches, Visit
from pipelines.settings import Settings
from warehouse.snapshots import document as document_of

VISITED = ("html", "metabase", "matomo")
"""Protocols of the addresses for which something can be proposed."""


def discover(document: Document) -> tuple[Discovered, ...]:
    """The figures that one body seems to publish, most believable first; in this process, without limits.

    In a night, ``extractor.run(see, document)`` does the same within the limits of a worker.
    """
    return understand(document.url, propose(document))


# --------------------------------------------------------------------------------- saved


def saved(file: Path, url: str | None = None) -> Document:
    """A saved body as a document; without its ``url``, under an address that exists nowhere."""
    content = file.read_bytes()
    address = url or f"https://{re.sub(r'[^a-z0-9-]', '-', file.stem.lower())}.example/"
    return Document(address, "", content, hashlib.sha256(content).hexdigest())


def look_at(document: Document) -> Discovery:
    """The figures of a saved body.

    Raises:
        NothingDiscovered: it prints none; the sentence says what it seems to be.
        ReadingTooLong: it took too much time or memory.
    """
    with Extractor(workers=1) as extractor:
        sight = extractor.run(see, document).result()
    address = classify(document.url)
    figures = understand(document.url, sight.proposals)
    if not figures:
        raise NothingDiscovered(f"No figure was found ({_what(address, sight)}).")
    return Discovery(address, (document,), figures)


# ------------------------------------------------------------------------------- visited


def look(url: str, fetcher: Fetches, extractor: Extractor) -> Discovery:
    """Visit an address, and what it leads to one level down, and propose its figures.

    The address is classified before the visit, and again where its redirects end: an address of the
    service that leads to a dashboard or to another site is what it leads to.

    Raises:
        FetchError: the address does not answer.
        NothingDiscovered: what it leads to cannot be read, or prints no figure; the sentence says what it is.
        ReadingTooLong: the page took too much time or memory.
    """
    asked = _readable(classify(url))
    answer = document_of(asked.url or url, fetcher.fetch(asked.url or url).answer)
    ended = _readable(classify(answer.final_url))
    moved = _moved(asked, ended)
    document = replace(answer, url=answer.final_url) if moved else answer
    sight = extractor.run(see, document).result()
    if ended.protocol == "matomo":
        sight = replace(sight, tracker=document.url)
    visit = Visit(fetcher, extractor, document, sight)
    figures = tuple(_told(each, moved) for each in visit.figures())
    if not figures:
        raise NothingDiscovered(f"No figure was found at {url} ({_what(ended, sight)}).")
    return Discovery(ended, tuple(visit.received), figures)


def visit(url: str, settings: Settings, allow_hosts: Collection[str] | None = None) -> Discovery:
    """Visit an address with a fetcher and a worker of its own, as :func:`look` does.

    Raises:
        NoSuchPage: it is no address, and :func:`look` has nothing to visit.
    """
    if classify(url).url is None:
        raise NoSuchPage(f"{url!r} is no file that is there, and no web address.")
    manners = Manners(pace=settings.pace, deadline=settings.deadline)
    with Extractor(workers=1) as extractor:
        return look(url, Fetcher(manners=manners, allow_hosts=allow_hosts or ()), extractor)


def _moved(asked: Classified, ended: Classified) -> str:
    """What to say of an address that redirects to another site, or to another kind of page."""
    hosts = [urlsplit(each.url or "").netloc for each in (asked, ended)]
    if asked.kind != ended.kind:
        return f"the address redirects to a page of kind {ended.kind!r}"
    return "" if hosts[0] == hosts[1] else f"the address redirects to {hosts[1]}"


def _told(figure: Discovered, moved: str) -> Discovered:
    """A figure whose reasons say that its page moved, when it did."""
    if not moved:
        return figure
    return replace(figure, proposal=replace(figure.proposal, reasons=(*figure.proposal.reasons, moved)))


def _readable(address: Classified) -> Classified:
    """The address, when something can be proposed for it."""
    if address.protocol in VISITED:
        return address
    sentence = f"{address.url or 'The address'} is of kind {address.kind!r}: {address.reason}."
    raise NothingDiscovered(sentence)


def _what(address: Classified, sight: Sight) -> str:
    """What a page without figures seems to be, and where it leads."""
    leads = f"it shows a dashboard at {sight.dashboards[0].api}" if sight.dashboards else ""
    visits = f"its visits are counted at {sight.tracker}" if sight.tracker else ""
    said = [each for each in (sight.otherwise, leads, visits) if each]
    return "; ".join(said) or f"of kind {address.kind!r}"


# ----------------------------------------------------------------------------- portfolio


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
