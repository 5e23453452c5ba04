"""What a person sees of incidents on a terminal."""

from collections.abc import Sequence

from rich.markup import escape
from rich.table import Table

from pipelines.report import console
from warehouse.history import Row

SHOWN = (
    "service_id",
    "page_url",
    "metric_id",
    "kind",
    "first_night",
    "last_night",
    "sentence",
    "advice",
    "mend",
)


def print_incidents(rows: Sequence[Row]) -> None:
    """One line for each: what is wrong, since when, and what to do."""
    table = Table()
    for name in ("service", "figure", "kind", "since", "until", "what happened", "what to do"):
        table.add_column(name, overflow="fold")
    for row in rows:
        figure = row["metric_id"] or "the page"
        to_do = f"A patch is ready: {row['mend']}" if row["patch"] else row["advice"]
        days = str(row["first_night"]), str(row["last_night"] or "")
        cells = (row["service_id"], figure, row["kind"], *days, row["sentence"], to_do)
        table.add_row(*map(escape, cells), style="dim" if row["last_night"] else None)
    console.print(table)


def as_rows(rows: Sequence[Row]) -> list[dict[str, str | None]]:
    """For scripts: the columns of ``incidents`` that a person reads, and the patch."""
    return [
        {name: None if row[name] is None else str(row[name]) for name in (*SHOWN, "patch")} for row in rows
    ]
