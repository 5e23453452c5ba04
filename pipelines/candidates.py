"""Services without a file: visited all the same, archived, and discovered; their figures live apart.

Nothing of this is published, and nothing of it can stop the night: a page that fails says why.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from connectors.catalog import Catalog
from connectors.discovery.addresses import Classified, classify
from connectors.errors import ConnectorError
from connectors.fetcher import Fetched
from connectors.portfolio import Product, phase_at
from connectors.secrets import is_withheld, safe_address
from pipelines.collect import Tools
from pipelines.discover import VISITED, look
from pipelines.discovered import Discovered, Discovery
from pipelines.errors import NothingDiscovered
from pipelines.exchanges import Exchanges
from pipelines.rereading import looked_back_at
from pipelines.scaffold import named
from warehouse import candidates, portfolios, snapshots
from warehouse.candidates import Explored, Outcome
from warehouse.errors import ArchiveError, BrokenArchive, Unstorable
from warehouse.history import Row
from warehouse.night import Night
from warehouse.snapshots import Visit

THREADS = 32
"""Services explored at once: each mostly waits for its host."""


@dataclass(frozen=True, slots=True)
class Unconfigured:
    """A product that publishes statistics and has no service file."""

    product: Product
    address: Classified


@dataclass(slots=True)
class Recorder:
    """A fetcher for one service and one night.

    ``visits`` are the exchanges that are new; they are recorded when the visit is over.
    """

    service_id: str
    exchanges: Exchanges
    visits: list[Visit] = field(default_factory=list)

    def fetch(self, url: str) -> Fetched:
        """What an address gives on this night."""
        asked = self.exchanges.ask(self.service_id, url)
        if asked.visit:
            self.visits.append(asked.visit)
        return asked.fetched


def unconfigured(products: Iterable[Product], catalog: Catalog, day: date) -> Iterator[Unconfigured]:
    """The products that still live, give an address for their statistics, and have no service file."""
    for product in products:
        phase = phase_at(product.phases, day)
        stopped = phase is not None and phase.meaning == "stopped"
        if product.stats_url and not stopped and catalog.by_portfolio_id(product.id) is None:
            yield Unconfigured(product, classify(product.stats_url, product.link))


def explore(catalog: Catalog, night: Night, tools: Tools) -> list[Explored]:
    """Visit, archive and discover the services without a file; what they gave is recorded.

    Raises:
        ArchiveError: the archive cannot be written: what was recorded before stays whole.
    """
    with tools.archive.lock():
        with tools.engine.begin() as connection:
            snapshots.clear_torn_tail(connection, tools.archive, night.day)
            products = portfolios.products(connection, night.at)
            kept = snapshots.answers(connection, night.day)
        found = list(unconfigured(products, catalog, night.day))
        explored = list(_explored(found, Exchanges(tools.fetcher, tools.archive, night, kept), tools))
        with tools.engine.begin() as connection:
            candidates.keep(connection, explored, night)
    return explored


def explore_again(catalog: Catalog, night: Night, tools: Tools) -> list[Explored]:
    """What the services without a file gave on a past night, from the archive alone; nothing is recorded."""
    with tools.engine.connect() as connection:
        products = portfolios.products(connection, night.at)
        kept = snapshots.answers(connection, night.day)
    found = list(unconfigured(products, catalog, night.day))
    exchanges = Exchanges(tools.fetcher, tools.archive, looked_back_at(night.day), kept)
    return [explored for _, explored in _looked(found, exchanges, tools)]


def _explored(found: Collection[Unconfigured], exchanges: Exchanges, tools: Tools) -> Iterator[Explored]:
    for recorder, explored in _looked(found, exchanges, tools):
        try:
            with tools.engine.begin() as connection:
                snapshots.keep(connection, tools.archive, exchanges.night, recorder.visits)
        except Unstorable as error:  # what cannot be proved is not proposed
            yield _without(explored, "failed", str(error))
        else:
            yield explored


def _looked(
    found: Collection[Unconfigured], exchanges: Exchanges, tools: Tools
) -> Iterator[tuple[Recorder, Explored]]:
    recorders = [Recorder(one.product.id, exchanges) for one in found]
    with ThreadPoolExecutor(THREADS, "explore") as threads:
        visits = [
            threads.submit(_look, one, recorder, tools)
            for one, recorder in zip(found, recorders, strict=True)
        ]
        for recorder, visit in zip(recorders, visits, strict=True):
            yield recorder, visit.result()


def _look(one: Unconfigured, recorder: Recorder, tools: Tools) -> Explored:
    address, key = one.address, one.product.id
    about = Explored(key, address.url or one.product.stats_url or "", address.kind, "figures", None, None)
    if address.url is None or address.protocol not in VISITED:
        return _without(about, "unreadable", f"{address.reason[:1].upper()}{address.reason[1:]}.")
    if is_withheld(address.url):
        return _without(about, "unreadable", "Its address has a secret, which is not on record.")
    try:
        discovery = look(address.url, recorder, tools.extractor)
    except NothingDiscovered as error:
        return _without(about, "nothing", str(error), figures={})
    except (ConnectorError, BrokenArchive) as error:
        return _without(about, "failed", str(error))
    except ArchiveError:
        raise
    except Exception as error:  # noqa: BLE001
        # A fault of ours, met on one page, must not cost the others their night.
        return _without(about, "failed", f"{type(error).__name__}: {error}"[:300])
    figures = {metric_id: _figure(each) for metric_id, each in named(discovery.figures).items()}
    return Explored(key, about.url, discovery.address.kind, "figures", None, figures)


def _without(
    about: Explored, outcome: Outcome, sentence: str, figures: Mapping[str, Row] | None = None
) -> Explored:
    return Explored(about.service_id, about.url, about.kind, outcome, sentence, figures)


def _figure(each: Discovered) -> Row:
    it, printed = each.proposal, each.printed
    return {
        "page_url": safe_address(each.url),
        "protocol": it.protocol,
        "label": it.label,
        "exact": it.exact,
        "value": printed.value,
        "low": printed.low,
        "high": printed.high,
        "qualifier": printed.qualifier,
        "unit": each.unit,
        "nature": it.nature,
        "locator": it.locator.model_dump(exclude_defaults=True, mode="json"),
        "confidence": Decimal(str(it.confidence)),
        "reasons": list(it.reasons),
    }


def look_again(service_id: str, url: str, night: Night, tools: Tools) -> Discovery:
    """The discovery of a past night, made again from the bytes in the archive.

    Raises:
        FetchError: the archive has nothing of it.
        NothingDiscovered: it gives no figure (any more).
    """
    with tools.engine.connect() as connection:
        kept = snapshots.answers(connection, night.day)
    exchanges = Exchanges(tools.fetcher, tools.archive, night, kept)
    return look(url, Recorder(service_id, exchanges), tools.extractor)
