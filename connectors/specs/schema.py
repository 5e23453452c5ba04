"""The JSON Schema of a service file, for editors: completion, and a red line under a mistake.

Derived from the classes in ``service.py``; ``services.schema.json`` is its written form.
"""

import json
from pathlib import Path
from typing import Any

from connectors.service import Service
from connectors.specs.rules import KINDS

SCHEMA = Path(__file__).parents[1] / "services.schema.json"

FIELDS: dict[str, dict[str, str]] = {
    "Service": {
        "id": "Id in the portfolio; also the name of the file.",
        "name": "Name as staff say it, in French.",
        "incubator": "Id of the incubator in the portfolio.",
        "formerly": "Ids that the portfolio gave to this service before.",
        "note": "What a person who mends this file should know.",
        "unread": "Without pages: why nothing is read, and what would change that.",
        "pages": "The addresses that publish figures.",
    },
    "Page": {
        "url": "Address of the page or endpoint, as people see it.",
        "protocol": "How figures are published there.",
        "first": "The page that must be visited before, and what it gives.",
        "metrics": "The figures, by id (lower case, unique within the service).",
        "dated": "Where the page states the date of all its figures.",
        "valid_until": "Last day on which the page was as this says; another version serves after it.",
    },
    "First": {
        "url": "Address of the page to visit first; none with `frame`.",
        "cookie": "true: its cookies are sent with the page's requests, to the same host only.",
        "token": "Where it states the token that stands for {token} in the page's address.",
        "frame": "Selector of the frame on the page itself whose address is what is read.",
    },
    "TokenLocator": {
        "css": "Selector that matches exactly one element.",
        "attribute": "Attribute to read instead of the text.",
        "pattern": "Regular expression with one group (?P<token>…), for a token inside a script.",
    },
    "Metric": {
        "label": "Name of the figure as staff say it, in French.",
        "unit": "What one of it is.",
        "nature": "stock: at a date; flow: in a period; cumulative: since launch; ratio, cost or score.",
        "dimension": "Place in the programme's impact matrix.",
        "kind": "Usage or impact, as in the national schema.",
        "reach": "What is counted; thresholds of national impact depend on it.",
        "locate": "Where the figure stands.",
        "period": "For a flow, and only then: the period it counts.",
        "periodicity": "For a figure with its own date: how long the period is that this date names.",
        "decimal": "Decimal mark, when the figure is printed as text.",
        "evidence": "How we know that the page prints it.",
        "anchor": "The words of the page that name the figure, where the locator does not say them.",
        "typed": "Whether somebody types the figure by hand: unchanged for months, it is not broken.",
        "expect": "What the figure should look like.",
        "definition": "What exactly is counted; with another definition it is another thing.",
        "adds_to": "For a flow: the total since launch of this service that it adds to.",
        "headline": "Whether it is the service's first figure.",
        "note": "What a reader of the figure should know.",
    },
    "Expect": {
        "min": "Below, the figure is held back.",
        "max": "Above, the figure is flagged.",
        "factor": "Largest believable ratio between two successive values.",
        "max_age_days": "How long the figure may stay unchanged.",
    },
    "HtmlLocator": {
        "css": "Selector that matches exactly one element.",
        "label": "Text beside the figure; goes with `within` and `value`.",
        "within": "Selector of the box that holds label and figure.",
        "value": "Selector of the figure inside that box.",
        "attribute": "Attribute to read instead of the text.",
        "pattern": "Regular expression with one group (?P<figure>…), for a figure inside a sentence.",
    },
    "JsonLocator": {
        "value": "RFC 9535 query of the figure; relative to the row when there are rows.",
        "rows": "RFC 9535 query of the rows, each of which gives one figure.",
        "date": "RFC 9535 query of the row's date, or key: the name under which the row stands.",
    },
    "CardLocator": {
        "card": "Title of the card on the dashboard; on a text card, the text beside the figure.",
        "column": "Name of the result column that holds the figure, or its names in several languages.",
        "date": "Name of the result column that holds the date, or true: the only column of dates.",
        "where": "Only the rows that have these cells (column: cell).",
        "dashboard": "On a page that embeds several: id, title, or rank from 1.",
        "pattern": "Regular expression with one group (?P<figure>…), for a figure typed into a text card.",
    },
    "EmbeddedLocator": {
        "source": "How the page carries the data.",
        "chart": "Which of several: id, caption, name of the variable, or rank from 1.",
        "series": "Name of the series, or of the table's column.",
        "row": "Label of one point or row; without `date`.",
        "path": "RFC 9535 query of the figure; relative to the row when there are rows.",
        "rows": "RFC 9535 query of the rows, each of which gives one figure.",
        "date": "true: each point is dated by its label; with `rows`, a query of the row's date, or key.",
    },
    "ChartLocator": {
        "chart": "Title of the chart on the dashboard.",
        "column": "Name of the column that holds the figure, or its names in several languages.",
        "date": "Name of the column that holds the date, or true: the only column of dates.",
        "where": "Only the rows that have these cells (column: cell).",
    },
    "SeriesLocator": {},
    "MatomoLocator": {
        "value": "Matomo's name of the figure: nb_visits, nb_uniq_visitors, nb_events…",
        "event": "What the label names: an event category, or an event action; goes with `label`.",
        "label": "Label of one event category or action.",
    },
    "TableLocator": {
        "column": "Name of the column that holds the figure.",
        "value": "Indicateur of the national Table Schema, in place of `column`.",
        "date": "Name of the column that holds the date: every row gives a figure.",
        "where": "Only the rows that have these cells (column: cell).",
        "resource": "Part of the title of the file, in a dataset that has several.",
    },
}
"""One sentence for each key, shown by editors."""


def json_schema() -> dict[str, Any]:
    """The JSON Schema (Draft 2020-12) of a service file."""
    schema = Service.model_json_schema()
    definitions = schema["$defs"]
    for name, sentences in FIELDS.items():
        properties = (schema if name == "Service" else definitions[name])["properties"]
        for key, sentence in sentences.items():
            properties[key]["description"] = sentence
    definitions["Page"]["allOf"] = [_locators(name, kind.__name__) for name, kind in KINDS.items()]
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}


def _locators(protocol: str, kind: str) -> dict[str, Any]:
    """If the page has this protocol, its locators are of this kind."""
    locate = {"properties": {"locate": {"$ref": f"#/$defs/{kind}"}}}
    return {
        "if": {"properties": {"protocol": {"const": protocol}}, "required": ["protocol"]},
        "then": {"properties": {"metrics": {"additionalProperties": locate}}},
    }


def write_schema(path: Path = SCHEMA) -> None:
    """Write the schema where editors find it."""
    path.write_text(json.dumps(json_schema(), ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
