"""What a person sees of a discovery on a terminal."""

from collections.abc import Sequence
from typing import Any

from rich.markup import escape
from rich.table import Table

from connectors.discovery.addresses import Published, summary
from pipelines.discover import Discovered
from pipelines.report import console


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
            "url": one.classified.url,
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
