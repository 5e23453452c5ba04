"""What an address leads to, by the address alone: who publishes there, and how it can be read.

One dull table: the first row that matches says.  A page of the service's own is what is left.  An
address should be asked about again after its redirects: pages often lead to a dashboard.
"""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, NamedTuple
from urllib.parse import urlsplit

from connectors.portfolio import Product, UrlKind, classify_url

Protocol = Literal["html", "metabase", "matomo", "table"]


class Row(NamedTuple):
    """A kind of address: its pattern, the protocol that reads it, and what to know or do."""

    kind: str
    pattern: str
    protocol: Protocol | None
    advice: str


NO_FIGURES = "it holds texts that people write, and no figure with a place of its own"
SCRIPTED = "its figures are drawn in the browser by another company's script: ask the service for an export"

KINDS: tuple[Row, ...] = (
    Row("metabase dashboard", r"/public/dashboard/", "metabase", "read by its public API"),
    Row("metabase question", r"/public/question/", "metabase", "read by its public API"),
    Row("metabase embedding", r"/embed/(?:dashboard|question)/", None,
        "its token soon expires: give the page that embeds it"),
    Row("matomo", r"[?&]module=API\b|[?&](?:module|action)=\w+.*\bidSite=\d+", "matomo",
        "read by its API as an anonymous visitor; it counts visits, which is use and not impact"),
    Row("matomo", r"^https?://(?:stats\.(?:beta|data)\.gouv\.fr|[^/]*matomo[^/]*)/?(?:index\.php)?$", None,
        "it names no site: add ?idSite=<number>"),
    Row("superset", r"/superset/", None,
        "its Public role must allow reading: ask for the chart data, or for a page of one's own"),
    Row("grist", r"^https?://[^/]*(?:grist)[^/]*/(?:o|api|docs?)/", "table",
        "read by the API of the document when it is public"),
    Row("google sheets", r"docs\.google\.com/spreadsheets/", "table", "read by its export as CSV"),
    Row("document", r"^https?://(?:docs\.google\.com|drive\.google\.com|docs\.numerique\.gouv\.fr"
        r"|fichiers\.numerique\.gouv\.fr|pad\.numerique\.gouv\.fr|resana\.numerique\.gouv\.fr|outline\.[^/]+"
        r"|(?:[^/]*\.)?notion\.(?:so|site|com)|notion\.[^/]+|[^/]*\.sharepoint\.com|hackmd\.io)/",
        None, NO_FIGURES),
    Row("image", r"\.(?:png|jpe?g|gif|svg|webp)(?:[?#]|$)", None,
        "a picture: its figures would have to be typed"),
    Row("pdf", r"\.pdf(?:[?#]|$)", None, "a printed document: import it as a report"),
    Row("dataset", r"data\.gouv\.fr/(?:fr/)?datasets/", "table", "read by its latest resource"),
    Row("table", r"\.(?:csv|xlsx|ods)(?:[?#]|$)", "table", "read as a table"),
    Row("other service", r"^https?://(?:[^/]*\.)?(?:posthog\.com|glide\.page|glideapp\.io|infogram\.com|plausible\.io"
        r"|looker\w*\.google\.com|datastudio\.google\.com|app\.powerbi\.com|public\.tableau\.com|airtable\.com"
        r"|n8n\.[^/]+|audience\.communication\.gouv\.fr)(?:/|$)", None, SCRIPTED),
    Row("wiki", r"(?:github|gitlab)\.com/[^/]+/[^/]+/(?:-/)?wikis?(?:/|$)", None, NO_FIGURES),
    Row("portfolio page", r"^https?://beta\.gouv\.fr/", None, "a page of the programme, not of the service"),
    Row("own page", r"", "html", "read by a service file: `impact discover` proposes one"),
)  # fmt: skip
"""Kinds of addresses, the particular before the general."""

DOUBTS: dict[UrlKind, str] = {
    "empty": "no address is given",
    "unusable": "it is no web address",
    "raw_ip": "it names an IP address instead of a host: ask the service for its name",
    "http": "it is not https",
    "fragment_route": "its route stands in the fragment, which no server sees: find the data behind it",
    "mended": "it was malformed, and mended",
}

RETIRED = re.compile(r"(?:^|\.)pole-emploi\.fr$|\.netlify\.com$")
"""Hosts of a brand or of a platform that has gone."""


@dataclass(frozen=True, slots=True)
class Classified:
    """One address: its kind, the protocol that reads such ones (``None``: nothing can), and the reason.

    ``dead`` says that this one will hardly answer, or not with its figures.
    """

    url: str | None
    kind: str
    protocol: Protocol | None
    reason: str
    dead: bool = False

    @property
    def usable(self) -> bool:
        """Whether figures can be expected from a reader of ours."""
        return self.protocol is not None and not self.dead


def classify(text: str | None, link: str | None = None) -> Classified:
    """What an address leads to; ``link`` is the product's own, to which a path alone is joined."""
    address = classify_url(text, link)
    if address.url is None:
        reason = (
            "a path alone, and the product has no address"
            if address.kind == "relative"
            else DOUBTS[address.kind]
        )
        return Classified(None, address.kind, None, reason)
    url = address.url
    row = next(row for row in KINDS if re.search(row.pattern, url, re.IGNORECASE))
    retired = RETIRED.search(urlsplit(url).hostname or "")
    doubts = [DOUBTS[address.kind]] if address.kind in DOUBTS else []
    doubts += ["its host has been retired"] if retired else []
    dead = bool(retired) or address.kind in ("raw_ip", "fragment_route")
    return Classified(url, row.kind, row.protocol, "; ".join([*doubts, row.advice]), dead)


class Published(NamedTuple):
    """One address of one product, classified."""

    product_id: str
    field: Literal["stats_url", "impact_url"]
    classified: Classified


def classify_products(products: Iterable[Product]) -> list[Published]:
    """Every ``stats_url`` and ``impact_url`` that is given, classified, in the order of the portfolio."""
    fields: tuple[Literal["stats_url", "impact_url"], ...] = ("stats_url", "impact_url")
    return [
        Published(product.id, name, classify(getattr(product, name), product.link))
        for product in products
        for name in fields
        if getattr(product, name)
    ]


def summary(published: Iterable[Published]) -> list[tuple[str, str, int, int]]:
    """Field, kind, how many there are and how many of them a protocol reads; the most frequent first."""
    rows = list(published)
    count = Counter((row.field, row.classified.kind) for row in rows)
    usable = Counter((row.field, row.classified.kind) for row in rows if row.classified.usable)
    order = sorted(count, key=lambda key: (key[0] != "stats_url", -count[key], key[1]))
    return [(*key, count[key], usable[key]) for key in order]
