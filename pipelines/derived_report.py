"""What a person sees of revisions and of the portfolio's two clocks on a terminal."""

from typing import Any

from rich.markup import escape
from rich.table import Table

from pipelines.derived import Counts
from pipelines.report import console
from warehouse.derived.revision_triangle import Triangle


def print_triangle(told: Triangle) -> None:
    """A row for each period, a column for each day on which something was said."""
    table = Table(title=f"{told.service_id}/{told.metric_id}: what was said, by when", title_justify="left")
    table.add_column("period")
    for day in told.days:
        table.add_column(str(day), justify="right")
    for period, words in told.words.items():
        said_on = {word.said_on: word for word in words}
        cells = [_cell(said_on[day]) if day in said_on else "" for day in told.days]
        table.add_row(_period(period), *map(escape, cells))
    console.print(table)


def _cell(word: Any) -> str:
    said = "—" if word.value is None else f"{word.value:f}"
    return f"{said} ({word.kind})" if word.kind else said


def _period(period: tuple[Any, Any]) -> str:
    start, end = period
    return f"until {end}" if start is None else str(end) if start == end else f"{start} to {end}"


def triangle_rows(told: Triangle) -> list[dict[str, Any]]:
    """For scripts: one row for each thing that was said."""
    return [
        {
            "period_start": start,
            "period_end": end,
            "said_on": word.said_on,
            "value": None if word.value is None else f"{word.value:f}",
            "kind": word.kind,
            "reason": word.reason,
            "observation_id": word.observation_id,
        }
        for (start, end), words in told.words.items()
        for word in words
    ]


def print_portfolio(counts: Counts) -> None:
    """Each measure at each moment, with what makes the difference; then the budget's indicators."""
    table = Table(title=f"Portefeuille au {counts.day:%d/%m/%Y}", title_justify="left")
    table.add_column("mesure")
    for at in counts.moments:
        table.add_column(f"connu le {at:%d/%m/%Y}", justify="right")
    table.add_column("gagné, perdu entre les deux", overflow="fold")
    for one in counts.measures:
        change = [*(f"+{key}" for key in one.gained), *(f"-{key}" for key in one.lost)]
        shown = ", ".join(change[:8]) + (f" et {len(change) - 8} autres" if len(change) > 8 else "")
        table.add_row(one.measure, *map(str, one.values), escape(shown))
    console.print(table)
    plf = Table(title=f"Indicateurs du PLF, année {counts.day.year - 1}", title_justify="left")
    for name in ("indicateur", "N-1", "cible", "N", "atteint"):
        plf.add_column(name, justify="left" if name == "indicateur" else "right")
    for row in counts.indicators:
        met = {True: "oui", False: "non", None: "—"}[row["met"]]
        cells = ("—" if row[name] is None else f"{row[name]:f}" for name in ("previous", "target", "value"))
        plf.add_row(row["indicator"], *cells, met)
    console.print(plf)


def portfolio_rows(counts: Counts) -> dict[str, Any]:
    """For scripts: the measures at each moment, with the ids behind them, and the indicators."""
    return {
        "on": counts.day,
        "measures": [
            {
                "measure": one.measure,
                "known": [
                    {"at": at, "value": value, "products": ids}
                    for at, value, ids in zip(counts.moments, one.values, one.ids, strict=True)
                ],
            }
            for one in counts.measures
        ],
        "plf": list(counts.indicators),
    }
