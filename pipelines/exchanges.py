"""Exchanges: what an address gave on a night, from its archive or from the web; nothing is recorded here."""

from collections.abc import Mapping
from dataclasses import dataclass

from connectors.errors import NotVisited
from connectors.fetcher import Cookies, Fetched, Fetcher
from connectors.first_page import filled
from connectors.secrets import safe_address
from warehouse import snapshots
from warehouse.archive import Archive
from warehouse.history import Row
from warehouse.night import Night
from warehouse.snapshots import Visit


@dataclass(frozen=True, slots=True)
class WayIn:
    """What a first page gave for the requests after it; it ends with the visit of the page."""

    cookies: Cookies | None = None
    token: str = ""

    def __bool__(self) -> bool:
        return self.cookies is not None or self.token != ""


@dataclass(frozen=True, slots=True)
class Asked:
    """What an address gave, and the visit to be recorded when that is new."""

    fetched: Fetched
    visit: Visit | None = None


@dataclass(frozen=True, slots=True)
class Exchanges:
    """The exchanges of one night; used by threads, changes nothing.

    ``kept`` are the night's answers in the archive, by service and address asked.
    """

    fetcher: Fetcher
    archive: Archive
    night: Night
    kept: Mapping[tuple[str | None, str], Row]

    def is_kept(self, service_id: str, url: str) -> bool:
        """Whether the night's archive has an answer."""
        return (service_id, safe_address(url)) in self.kept

    def ask(self, service_id: str, url: str, way_in: WayIn = WayIn(), anew: bool = False) -> Asked:
        """The answer kept for this night, else that of the web; on a past night there is no other.

        An address is known by what the service file says, not by the token of the night.  ``anew`` asks the
        web on the night itself even for what is kept.

        Raises:
            BrokenArchive: what is kept cannot be read.
        """
        row = self.kept.get((service_id, safe_address(url)))
        if row and not (anew and self.night.live):
            return Asked(Fetched((self.archive.open(snapshots.place_of(row)),), None))
        if not self.night.live:
            return Asked(Fetched((), NotVisited(f"Nobody collected {url} on {self.night.day}.", url=url)))
        fetched = self.fetcher.fetch(filled(url, way_in.token), way_in.cookies)
        return Asked(fetched, Visit(service_id, url, fetched.hops, (way_in.token,)) if fetched.hops else None)
