"""Service: what one file of ``connectors/services`` declares, as values.

These classes *are* the format of the file: a key that is not here is refused.
Loading, with file and line in every error, is in ``catalog.py``.
"""

import hashlib
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field, HttpUrl, StringConstraints

from connectors.locators import HtmlLocator, JsonLocator, Locator, Strict, TokenLocator, plain

Nature = Literal["stock", "flow", "cumulative", "ratio", "cost", "score"]
Dimension = Literal["utilisable", "utilisé", "utile", "impactant", "efficient"]
Reach = Literal["people", "companies", "agents", "organisations", "uses", "things"]
PeriodRule = Literal[
    "calendar_month", "calendar_year", "last_30_days", "last_12_months", "year_to_date", "dated"
]
Periodicity = Literal["day", "week", "month", "quarter", "year"]
Evidence = Literal["source", "inferred", "report"]


def _fits(bound: Decimal) -> Decimal:
    if len(bound.normalize().as_tuple().digits) > 15:
        raise ValueError("at most 15 significant digits")
    return bound


Bound = Annotated[Decimal, Field(decimal_places=6), AfterValidator(_fits)]
"""As exact as both databases keep it."""

ServiceId = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9._'-]*$", max_length=80)]
MetricId = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=60)]


class Expect(Strict):
    """What the figure should look like.

    Below ``min`` the figure is held back; above ``max`` it is flagged.  ``factor`` is the
    largest believable ratio between two successive values, either way.  ``max_age_days`` is how
    long the figure may stay unchanged before the page counts as frozen.
    """

    min: Bound | None = None
    max: Bound | None = None
    factor: Bound = Decimal(10)
    max_age_days: int | None = None


class Metric(Strict):
    """One figure that a page publishes, as the programme understands it.

    ``evidence`` says how we know that the page prints it: read in the service's public
    ``source``, ``inferred`` from its shape, or known only from a printed ``report`` (then its
    absence from the page is expected and is not a breakage).  ``anchor`` is the words of the page that
    name the figure, where the locator does not say them: a figure that another name stands beside is
    not this one.  ``typed`` marks a figure that somebody types by hand: unchanged for months, it is
    not broken.  ``definition`` says exactly what is counted: another definition makes another thing of it,
    which no growth spans.  ``adds_to`` names the total since launch of the same service that a flow adds
    to, where the page no longer prints that total.
    """

    label: str
    unit: str
    nature: Nature
    dimension: Dimension
    kind: Literal["usage", "impact"]
    reach: Reach
    locate: Locator
    period: PeriodRule | None = None
    periodicity: Periodicity | None = None
    decimal: Literal[",", "."] = ","
    evidence: Evidence = "source"
    anchor: str | None = None
    typed: bool = False
    expect: Expect = Expect()
    definition: str | None = None
    adds_to: MetricId | None = None
    headline: bool = False
    note: str | None = None


def _said(locator: Strict | None) -> str:
    """A locator as its file says it: a new optional key changes no locator that does not use it."""
    return locator.model_dump_json(exclude_defaults=True) if locator else ""


def _deciding(metric_id: str, metric: Metric) -> str:
    """What of a metric decides how it is read."""
    anchor = f" {metric.anchor}" if metric.anchor else ""
    return f"{metric_id} {_said(metric.locate)} {metric.decimal}{anchor}"


class First(Strict):
    """The page that must be visited before a page can be read, and what it gives: exactly one thing.

    Its cookies (``cookie``), sent with the page's requests to the same host; a ``token``, which stands
    for ``{token}`` in the page's address; or the address that its ``frame`` (a CSS selector) shows, which
    is then what is read: the first page of a frame is the page itself, and has no ``url`` here.
    """

    url: HttpUrl | None = None
    cookie: Annotated[Literal[True] | None, BeforeValidator(plain)] = None
    token: TokenLocator | None = None
    frame: str | None = None


class Page(Strict):
    """One address of a service and the figures on it, as published until ``valid_until`` (a day, included).

    A page that changed has a version for each time: the old one says until when it was right, and serves
    the nights until then; the one without ``valid_until`` serves today.  ``dated`` locates the date the
    page states.  ``first`` is what must be visited before.
    """

    url: HttpUrl
    protocol: Literal["html", "json", "metabase", "stats_json", "matomo", "table", "embedded", "superset"]
    first: First | None = None
    metrics: dict[MetricId, Metric] = Field(min_length=1)
    dated: HtmlLocator | JsonLocator | None = None
    valid_until: date | None = None

    @property
    def last_day(self) -> date:
        """The last night that this version serves."""
        return self.valid_until or date.max

    @property
    def version(self) -> str:
        """Hash (12 hexadecimal digits) of what decides the reading; a new label or note changes nothing."""
        decides = [self.protocol, _said(self.dated)]
        decides += [f"first {_said(self.first)}"] if self.first else []
        decides += [_deciding(name, metric) for name, metric in sorted(self.metrics.items())]
        return hashlib.sha256("\n".join(decides).encode()).hexdigest()[:12]


class Service(Strict):
    """One public digital service: its portfolio id, the ids it had before, and its pages.

    Without pages, ``unread`` says in one sentence why nothing is read, and what would change that.
    """

    id: ServiceId
    name: str
    incubator: str
    formerly: tuple[ServiceId, ...] = ()
    note: str | None = None
    unread: str | None = None
    pages: tuple[Page, ...]

    @property
    def metrics(self) -> dict[str, Metric]:
        """The latest version of every metric, by id."""
        latest = sorted(self.pages, key=lambda page: page.last_day)
        return {metric_id: metric for page in latest for metric_id, metric in page.metrics.items()}

    def on(self, day: date) -> "Service":
        """The service with the versions of its pages that serve the night of ``day``."""
        return self.model_copy(update={"pages": tuple(self._serving(day))})

    def _serving(self, day: date) -> Iterator[Page]:
        """A version serves once those before it, which share a figure with it, have ended."""
        running = [page for page in self.pages if day <= page.last_day]
        for page in running:
            earlier = (other for other in running if other.last_day < page.last_day)
            if all(page.metrics.keys().isdisjoint(other.metrics) for other in earlier):
                yield page
