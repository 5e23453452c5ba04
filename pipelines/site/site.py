"""Site: every page of it, from the warehouse and the archive to a folder of files."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from connectors.clock import utc_now
from pipelines.exports.export import FORMATS, export
from pipelines.exports.package import NAME
from pipelines.services import services_of
from pipelines.settings import Settings
from pipelines.site.files import Built, alone, standing, write_site
from pipelines.site.fingerprint import fingerprint
from pipelines.site.page import Page, Renderer
from pipelines.site.pages import home, incidents, methods, national, portfolio, reports, search, services
from pipelines.site.pages.methods import DATA
from pipelines.site.record import Record
from warehouse.archive import Archive
from warehouse.database import reading
from warehouse.publication.publication import publication_at

KINDS = (services, national, portfolio, reports, incidents, methods, search, home)
"""The kinds of pages, in the order in which they are written: the home page, which leads to all, last."""


def build_site(settings: Settings, folder: Path, at: datetime | None = None) -> Built:
    """Bring a folder to hold the site, as of a moment (now by default).

    It shows what the last night that passed its checks allows; of a later one, that it did not.

    Raises:
        NothingPublished: no night has passed its checks.
        InvalidSpec: a service file cannot be used.
        NightError: the folder is not one of ours, or cannot be written.
    """
    with reading(settings.database_url) as connection:
        publication = publication_at(connection, at or utc_now(), services_of(settings).services)
        record = Record(publication, Archive(settings.archive))
        with alone(folder):
            made_from = fingerprint(publication)
            return standing(folder, made_from) or _built(folder, record, made_from)


def _built(folder: Path, record: Record, made_from: str) -> Built:
    """Every file read and written anew where it differs."""
    files = export(record.publication, folder / DATA, tuple(FORMATS), site="..")
    data = [f"{DATA}/{name}" for name in (*(one.name for one in files), NAME)]
    return write_site(folder, pages(record), Renderer({"menu": MENU}), made_from, data)


def pages(record: Record) -> Iterator[Page]:
    """Every page.

    The day, and the notice of a night that was blocked, stand on the pages of the first level: on those of
    services and figures, which bear their own dates, they would rewrite the whole site every night.
    """
    publication = record.publication
    dated = {"notice": publication.notice, "shown": publication.night.day}
    for kind in KINDS:
        for page in kind.pages(record):
            yield page if "/" in page.path else replace(page, says={**page.says, **dated})


MENU = (
    ("index.html", "Accueil"),
    ("services.html", "Services"),
    ("impact-national.html", "Impact national"),
    ("portefeuille.html", "Portefeuille et PLF"),
    ("bilans.html", "Bilans imprimés"),
    ("incidents.html", "Incidents"),
    ("donnees-et-methodes.html", "Données et méthodes"),
)
"""The navigation that stands on each page."""
