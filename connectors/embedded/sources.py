"""Every way in which a page carries data: where the data are, and how they make series."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

from connectors.embedded.calls import called
from connectors.embedded.charts import (
    DSFR,
    chart_js_series,
    chartkick_series,
    data_series,
    dsfr_series,
    elements,
    plotly_series,
)
from connectors.embedded.data import Carried, Series, Text
from connectors.embedded.states import flight, json_scripts, nuxt, variables
from connectors.embedded.tables import carried_tables, table_series
from connectors.errors import ReadingError


@dataclass(frozen=True, slots=True)
class Source:
    """Where the data of one kind are, and how they make series; ``None`` when they make none."""

    find: Callable[[Text], Iterator[Carried | ReadingError]]
    series: Callable[[object], Iterator[Series]] | None = None


SOURCES: dict[str, Source] = {
    "next_data": Source(partial(json_scripts, wanted=lambda name, _: name == "__NEXT_DATA__")),
    "next_flight": Source(flight),
    "nuxt": Source(nuxt),
    "variable": Source(variables),
    "json_script": Source(partial(json_scripts, wanted=lambda _, kind: "ld+json" not in kind)),
    "ld_json": Source(partial(json_scripts, wanted=lambda _, kind: "ld+json" in kind)),
    "chartkick": Source(
        partial(called, r"\bnew\s+Chartkick\s*(?:\.\s*\w+|\[\s*(?:\"\w+\"|'\w+')\s*\])\s*\("),
        chartkick_series,
    ),
    "plotly": Source(partial(called, r"\bPlotly\s*\.\s*(?:newPlot|react|plot)\s*\("), plotly_series),
    "chart_js": Source(partial(called, r"\bnew\s+Chart\s*\("), chart_js_series),
    "dsfr_chart": Source(partial(elements, lambda tag: bool(DSFR.fullmatch(tag.name))), dsfr_series),
    "data_series": Source(partial(elements, lambda tag: "data-series" in tag.attributes), data_series),
    "table": Source(carried_tables, table_series),
}
"""Every way of carrying data, by the name that service files use."""
