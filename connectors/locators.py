"""Locators: where a figure stands, as a service file says it; one kind for each way of publishing.

Like those of ``service.py``, these classes *are* the format of the file: a key that is not here is refused.
"""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator


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


def plain(given: Any) -> Any:
    """A scalar of a service file, which comes as text, as the number or the truth that it writes."""
    if isinstance(given, str) and given.isdecimal():
        return int(given)
    return True if given == "true" else given


Rank = Annotated[Annotated[int, Field(ge=1)] | str, BeforeValidator(plain)]
"""Which of several: a name, or a rank from 1."""


Dated = Annotated[Literal[True] | Names, BeforeValidator(plain)]
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
    date: Annotated[Literal[True] | str, BeforeValidator(plain)] | None = None


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


class TokenLocator(Strict):
    """Where a page states a token: the one element that ``css`` selects, its text or its ``attribute``.

    ``pattern`` is a regular expression with one group named ``token``, for a token inside a script.
    """

    css: str
    attribute: str | None = None
    pattern: str | None = None
