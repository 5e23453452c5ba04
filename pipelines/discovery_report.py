"""What a person sees of a discovery on a terminal."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from rich.markup import escape
from rich.table import Table

from connectors.discovery.addresses import Published, summary
from connectors.secrets import safe_address
from pipelines.discovered import Discovered
from pipelines.report import console
from warehouse.history import Row


def print_discovery(figures: Sequence[Discovered]) -> None:
    """The figures proposed, most believable first."""
    table = Table()
    for name in ("label", "printed", "value", "unit", "nature", "confidence", "where", "because"):
        table.add_column(name, overflow="fold")
    for each in figures:
        it = each.as_json()
        nature = f"{it['nature']} ({it['period']})" if it["period"] else it["nature"]
        where = ", ".join(f"{key}: {value}" for key, value in it["locator"].items())
        cells = (it["label"], it["exact"], it["value"], it["unit"], nature, f"{it['confidence']:.2f}")
        table.add_row(*map(escape, (*cells, where, "; ".join(it["reasons"]))))
    console.print(table)


def as_rows(published: Sequence[Published]) -> list[dict[str, Any]]:
    """For scripts: one row for each address."""
    return [
        {
            "service": one.product_id,
            "field": one.field,
            "url": one.classified.url and safe_address(one.classified.url),
            "kind": one.classified.kind,
        }
        | {
            "protocol": one.classified.protocol,
            "usable": one.classified.usable,
            "reason": one.classified.reason,
        }
        for one in published
    ]


def print_summary(published: Sequence[Published]) -> None:
    """How many addresses of each kind, and how many of them can be read."""
    table = Table()
    for name in ("field", "kind", "addresses", "readable"):
        table.add_column(name, justify="right" if name in ("addresses", "readable") else "left")
    for field, kind, count, readable in summary(published):
        table.add_row(field, kind, str(count), str(readable))
    console.print(table)


def candidate_rows(figures: Sequence[Row]) -> list[dict[str, Any]]:
    """For scripts: one row for each figure discovered for a service without a file."""
    names = (
        "service_id", "metric_id", "page_url", "protocol", "label", "exact", "value", "unit", "nature",
        "locator", "confidence", "reasons", "night",
    )  # fmt: skip
    exact = {"value", "confidence", "night"}
    return [{name: str(row[name]) if name in exact else row[name] for name in names} for row in figures]


def print_candidates(figures: Sequence[Row], addresses: Sequence[Row]) -> None:
    """The figures discovered, then how many services without a file gave some, and why the others did not."""
    table = Table()
    for name in ("service", "figure", "label", "printed", "value", "unit", "confidence"):
        table.add_column(name, overflow="fold")
    for row in figures:
        value = f"{row['value']:f}" if row["value"] is not None else ""
        cells = (row["service_id"], row["metric_id"], row["label"], row["exact"], value, row["unit"])
        table.add_row(*map(escape, cells), f"{row['confidence']:.2f}")
    console.print(table)
    for outcome, count in Counter(row["outcome"] for row in addresses).most_common():
        example = next((row for row in addresses if row["outcome"] == outcome and row["sentence"]), None)
        because = f", such as {example['service_id']}: {example['sentence']}" if example else ""
        console.print(escape(f"{count} services without a file: {outcome}{because}"), highlight=False)
