"""The service files that the settings name, and the names that people give of them."""

from collections.abc import Iterable
from difflib import get_close_matches

from connectors import catalog
from connectors.catalog import Catalog
from pipelines.errors import UnknownServices
from pipelines.settings import Settings


def services_of(settings: Settings) -> Catalog:
    """The service files of the folder that the settings name, or those that ship.

    Raises:
        InvalidSpec: a file cannot be used; every fault of every file is listed.
    """
    return catalog.load(settings.services or catalog.SERVICES)


def refuse_unknown(names: Iterable[str], services: Catalog) -> None:
    """Refuse a name that no service file bears, with the nearest one that a file does.

    Raises:
        UnknownServices: there is one.
    """
    for name in names:
        if name not in services:
            near = get_close_matches(name, list(services), n=1)
            hint = f" Did you mean {near[0]!r}?" if near else ""
            raise UnknownServices(f"No service file is named {name!r}.{hint}")
