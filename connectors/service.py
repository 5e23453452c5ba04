"""Service: what one file of ``connectors/services`` declares, as values.

These classes *are* the format of the file: a key that is not here is refused.
Loading, with file and line in every error, is in ``catalog.py``.
"""

import hashlib
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    HttpUrl,
    StringConstraints,
    model_validator,
)

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


BY_KEY = "key"
"""In place of the query of a date: the name under which the row stands in its object."""


class JsonLocator(Strict):
    """Where a figure stands in JSON: RFC 9535 queries.

    ``value`` alone must match exactly one node.  With ``rows``, each matched row gives one
    figure: ``value`` and ``date`` are then relative to the row (``$`` is the row); ``date: key``
    is the name under which the row stands, as in ``{"2023-10": 12, "2023-11": 15}``.
    """

    value: str
    rows: str | None = None
    date: str | None = None


Names = str | tuple[str, ...]
"""One name, or the several that a thing goes by (a column, in the languages of an instance)."""


def _plain(given: Any) -> Any:
    """A scalar of a service file, which comes as text, as the number or the truth that it writes."""
    if isinstance(given, str) and given.isdecimal():
        return int(given)
    return True if given == "true" else given


Rank = Annotated[Annotated[int, Field(ge=1)] | str, BeforeValidator(_plain)]
"""Which of several: a name, or a rank from 1."""

Dated = Annotated[Literal[True] | Names, BeforeValidator(_plain)]
"""Where the date is: true when only one place can hold it, else its name or path."""


class CardLocator(Strict):
    """A figure of Metabase: the result of a card, or what somebody typed into a text card.

    ``card`` is the card's title; a public question is one card and needs none.  ``column`` and
    ``date`` name result columns: without ``column`` it is the only numeric one, and ``date: true``
    is the only column of dates.  ``where`` (column: cell) keeps some rows of a table.  ``dashboard``
    chooses on a page that embeds several: an id, a title, or a rank from 1.  On a text card ``card``
    is the text beside the figure, and ``pattern`` a regular expression with one group named ``figure``.
    """

    card: str | None = None
    column: Names | None = None
    date: Dated | None = None
    where: dict[str, str] = {}
    dashboard: Rank | None = None
    pattern: str | None = None


EmbeddedSource = Literal[
    "next_data", "next_flight", "nuxt", "variable", "json_script", "ld_json",
    "chartkick", "plotly", "chart_js", "dsfr_chart", "data_series", "table",
]  # fmt: skip


class EmbeddedLocator(Strict):
    """A figure in data that a page carries for its scripts, or in one of its tables.

    ``source`` says how the page carries them.  ``chart`` chooses among several: an id (a script's, a
    chart's, a variable's name, a table's caption) or a rank from 1.  A state is read by ``path``, an
    RFC 9535 query; with ``rows``, each row gives a figure, and ``path`` and ``date`` are relative to it.
    A chart or a table is read by ``series``, the name of a series or column, then by ``row``, the label
    of one point, or with ``date: true`` at all its points, each dated by its label.
    """

    source: EmbeddedSource
    chart: Rank | None = None
    series: str | None = None
    row: str | None = None
    path: str | None = None
    rows: str | None = None
    date: Annotated[Literal[True] | str, BeforeValidator(_plain)] | None = None


class SeriesLocator(Strict):
    """The whole series of the ADEME convention: the endpoint publishes one figure, so nothing is named."""

    @property
    def date(self) -> str:
        """The key of a row's date: every row has one."""
        return "date"


class MatomoLocator(Strict):
    """A figure of Matomo (``nb_visits``); with ``event`` and ``label``, that of one kind of event."""

    value: str
    event: Literal["category", "action"] | None = None
    label: str | None = None

    @property
    def date(self) -> str:
        """Matomo's name for a row's date: answers are keyed by period."""
        return "period"


class TableLocator(Strict):
    """A column of a downloadable table, in the rows that ``where`` describes (column: cell).

    With ``date``, a column, each of these rows gives one figure; without it exactly one row must
    remain.  ``value``, in place of ``column``, is an ``indicateur`` of the national Table Schema, whose
    columns are known.  ``resource`` is part of the title of a dataset's file.
    """

    column: str | None = None
    value: str | None = None
    date: str | None = None
    where: dict[str, str] = {}
    resource: str | None = None

    @model_validator(mode="before")
    @classmethod
    def _dated_by_the_schema(cls, given: Any) -> Any:
        national = isinstance(given, dict) and given.get("value") is not None
        return {"date": "date", **given} if national else given


class ChartLocator(Strict):
    """A figure of Superset: the data of the chart entitled ``chart``.

    ``column`` and ``date`` name columns of its data: without ``column`` it is the only numeric one, and
    ``date: true`` is the only column of dates.  ``where`` (column: cell) keeps some rows of a table.
    """

    chart: str
    column: Names | None = None
    date: Dated | None = None
    where: dict[str, str] = {}


Locator = (
    HtmlLocator
    | JsonLocator
    | CardLocator
    | SeriesLocator
    | MatomoLocator
    | TableLocator
    | EmbeddedLocator
    | ChartLocator
)


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


class TokenLocator(Strict):
    """Where a page states a token: the one element that ``css`` selects, its text or its ``attribute``.

    ``pattern`` is a regular expression with one group named ``token``, for a token inside a script.
    """

    css: str
    attribute: str | None = None
    pattern: str | None = None


class First(Strict):
    """The page that must be visited before a page can be read, and what it gives: exactly one thing.

    Its cookies (``cookie``), sent with the page's requests to the same host; a ``token``, which stands
    for ``{token}`` in the page's address; or the address that its ``frame`` (a CSS selector) shows, which
    is then what is read: the first page of a frame is the page itself, and has no ``url`` here.
    """

    url: HttpUrl | None = None
    cookie: Annotated[Literal[True] | None, BeforeValidator(_plain)] = None
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
