"""Adopting what was discovered: a service file, and the archived page as its golden one, to be completed."""

from pathlib import Path
from typing import TypeVar

import sqlalchemy as sa

from connectors.clock import utc_now
from connectors.extractor import Extractor
from connectors.fetcher import Fetcher
from pipelines.candidates import look_again
from pipelines.collect import Tools
from pipelines.errors import NothingToAdopt
from pipelines.scaffold import About, scaffold
from pipelines.settings import Settings
from warehouse import candidates, portfolios
from warehouse.archive import Archive
from warehouse.database import opened
from warehouse.history import Row
from warehouse.night import Night

T = TypeVar("T")


def adopt(settings: Settings, service_id: str, folder: Path, only: tuple[str, ...] = ()) -> list[Path]:
    """Write the files of a service whose figures were discovered, from the archive alone; the paths written.

    Raises:
        NothingToAdopt: nothing stands as discovered for this service.
        AlreadyThere: it has a file in ``folder`` already.
        NightError: a figure of ``only`` was not discovered.
    """
    with opened(settings.database_url) as engine:
        return _adopt(engine, settings, service_id, folder, only)


def _adopt(
    engine: sa.Engine, settings: Settings, service_id: str, folder: Path, only: tuple[str, ...]
) -> list[Path]:
    now = Night.of(utc_now())
    with engine.connect() as connection:
        proposed = _of(candidates.proposed(connection, now), service_id)
        waiting = _of(candidates.waiting(connection, now), service_id)
        names = {product.id: product for product in portfolios.products(connection, now.at)}
    if not proposed or not waiting:
        said = f" {waiting[0]['sentence']}" if waiting and waiting[0]["sentence"] else ""
        raise NothingToAdopt(f"No figure stands as discovered for {service_id!r}.{said}")
    night = Night(max(row["night"] for row in proposed), now.at)
    with Extractor(workers=1) as extractor:
        tools = Tools(engine, Archive(settings.archive), Fetcher(), extractor)
        discovery = look_again(service_id, waiting[0]["url"], night, tools)
    product = names.get(service_id)
    about = About(service_id, product.name if product else service_id, (product and product.incubator) or "")
    return scaffold(discovery, folder, night.day, about, only)


def _of(rows: list[Row], service_id: str) -> list[Row]:
    return [row for row in rows if row["service_id"] == service_id]
