"""Service: what one file of ``connectors/services`` declares, as values.

These classes *are* the format of the file: a key that is not here is refused.
Loading, with file and line in every error, is in ``catalog.py``.
"""

import hashlib
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, HttpUrl, StringConstraints

Nature = Literal["stock", "flow", "cumulative", "ratio", "cost", "score"]
Dimension = Literal["utilisable", "utilisé", "utile", "impactant", "efficient"]
Reach = Literal["people", "companies", "agents", "organisations", "uses", "things"]
PeriodRule = Literal[
    "calendar_month", "calendar_year", "last_30_days", "last_12_months", "year_to_date", "dated"
]
Periodicity = Literal["day", "week", "month", "year"]
Evidence = Literal["source", "inferred", "report"]

Bound = Annotated[Decimal, Field(max_digits=15, decimal_places=6)]
"""As exact as both databases keep it."""

ServiceId = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9._'-]*$", max_length=80)]
MetricId = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=60)]


class Strict(BaseModel):
    """Frozen, and closed to keys it does not know."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


class HtmlLocator(Strict):
    """Where a figure stands in HTML.

    Either ``css`` alone, which must match exactly one element; or ``label``, the text that
    stands beside the figure, with ``within`` (a CSS selector of the box that holds both) and
    ``value`` (a CSS selector inside that box).  ``attribute`` reads an attribute instead of
    the text.  ``pattern`` is a regular expression with one group named ``figure``, for a
    figure inside a sentence.
    """

    css: str | None = None
    label: str | None = None
    within: str | None = None
    value: str | None = None
    attribute: str | None = None
    pattern: str | None = None


class JsonLocator(Strict):
    """Where a figure stands in JSON: RFC 9535 queries.

    ``value`` alone must match exactly one node.  With ``rows``, each matched row gives one
    figure: ``value`` and ``date`` are then relative to the row (``$`` is the row).
    """

    value: str
    rows: str | None = None
    date: str | None = None


class CardLocator(Strict):
    """A card of a Metabase dashboard, by its title; ``column`` and ``date`` name result columns."""

    card: str
    column: str | None = None
    date: str | None = None


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
    absence from the page is expected and is not a breakage).
    """

    label: str
    unit: str
    nature: Nature
    dimension: Dimension
    kind: Literal["usage", "impact"]
    reach: Reach
    locate: JsonLocator | CardLocator | HtmlLocator
    period: PeriodRule | None = None
    periodicity: Periodicity | None = None
    decimal: Literal[",", "."] = ","
    evidence: Evidence = "source"
    expect: Expect = Expect()
    headline: bool = False
    note: str | None = None


class Page(Strict):
    """One address of a service and the figures on it.  ``dated`` locates the date the page states."""

    url: HttpUrl
    protocol: Literal["html", "json", "metabase"]
    metrics: dict[MetricId, Metric] = Field(min_length=1)
    dated: HtmlLocator | JsonLocator | None = None

    @property
    def version(self) -> str:
        """Hash (12 hexadecimal digits) of what decides the reading; a new label or note changes nothing."""
        decides = [self.protocol, str(self.dated)]
        decides += [f"{name} {one.locate!r} {one.decimal}" for name, one in sorted(self.metrics.items())]
        return hashlib.sha256("\n".join(decides).encode()).hexdigest()[:12]


class Service(Strict):
    """One public digital service: its portfolio id, the ids it had before, and its pages."""

    id: ServiceId
    name: str
    incubator: str
    formerly: tuple[ServiceId, ...] = ()
    note: str | None = None
    pages: tuple[Page, ...] = Field(min_length=1)

    @property
    def metrics(self) -> dict[str, Metric]:
        """All metrics of all pages, by id (unique within the service)."""
        return {metric_id: metric for page in self.pages for metric_id, metric in page.metrics.items()}
