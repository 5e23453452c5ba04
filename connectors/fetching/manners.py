"""How we behave on other people's servers, in figures."""

from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version

PRODUCT = "impact-night"
"""Our product token: the name by which a robots.txt may speak to us (RFC 9309, 2.2.1)."""


def _version() -> str:
    try:
        return version(PRODUCT)
    except PackageNotFoundError:  # run from a checkout that was never installed
        return "dev"


USER_AGENT = f"{PRODUCT}/{_version()} (+https://beta.gouv.fr; collects public /stats pages once a night)"
"""Who we are, where to complain, and what we do there; never the name of a browser."""


@dataclass(frozen=True)
class Manners:
    """Limits of one fetch.  Times are in seconds, sizes in bytes.

    ``deadline`` covers everything that the network may make us wait for in one fetch:
    name resolution, robots.txt, redirects, second attempts.  What we wait out of politeness
    is not counted in it.  ``pace`` separates two requests to one authority (host and port).
    A server that asks for a delay longer than ``max_retry_after`` is not asked again.
    """

    deadline: float = 30.0
    max_wire_bytes: int = 5_000_000
    max_content_bytes: int = 20_000_000
    max_redirects: int = 5
    pace: float = 1.0
    attempts: int = 2
    max_retry_after: float = 20.0
