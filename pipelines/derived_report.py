"""What a person sees of revisions, of the portfolio's two clocks and of impact national on a terminal."""

from typing import Any

from rich.markup import escape
from rich.table import Table

from pipelines.derived import Counts, Judged
from pipelines.report import console
from warehouse.derived.qualifications import confusion
from warehouse.derived.revision_triangle import Triangle
from warehouse.words import CRITERIA, VERDICTS


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


def print_judged(judged: Judged, service_id: str | None) -> None:
    """The verdicts beside the designations; of one service, its criteria, their evidence and what lacks."""
    if service_id is None:
        console.print(_confused(judged))
        disagreeing = [row for row in judged.told.verdicts if row["disagreement"]]
        table = Table(title="Désaccords avec la désignation officielle", title_justify="left")
        for name in ("service", "verdict", "cohorte", "raison"):
            table.add_column(name, overflow="fold")
        for row in sorted(disagreeing, key=lambda one: one["service_id"]):
            cells = (
                row["service_id"],
                VERDICTS[row["verdict"]],
                str(row["cohort"] or "—"),
                row["disagreement"],
            )
            table.add_row(*map(escape, cells))
        console.print(table)
        return
    for row in (one for one in judged.told.criteria if one["service_id"] == service_id):
        console.print(f"{CRITERIA[row['criterion']]} : {VERDICTS[row['verdict']]}", markup=False)
        for evidence in row["evidence"]:
            console.print(f"  {VERDICTS[evidence['verdict']]} — {evidence['sentence']}", markup=False)
    print_lacking(judged, service_id)


def _confused(judged: Judged) -> Table:
    cells = confusion(judged.told.verdicts)
    title = f"Impact national au {judged.day:%d/%m/%Y}, règles {judged.rules}"
    table = Table(title=title, title_justify="left")
    table.add_column("désigné")
    for said in VERDICTS.values():
        table.add_column(said, justify="right")
    for designated, said in ((True, "oui"), (False, "non")):
        table.add_row(said, *(str(len(ids)) for cell, ids in cells.items() if cell[0] is designated))
    return table


def print_lacking(judged: Judged, service_id: str | None) -> None:
    """What is missing, for each service in acceleration or later, or for one."""
    table = Table(title="Ce qui manque", title_justify="left")
    for name in ("service", "critère", "verdict", "ce qui manque"):
        table.add_column(name, overflow="fold")
    for row in judged.told.missing:
        if service_id in (None, row["service_id"]):
            cells = (row["service_id"], CRITERIA[row["criterion"]], VERDICTS[row["verdict"]], row["sentence"])
            table.add_row(*map(escape, cells))
    console.print(table)


def judged_rows(judged: Judged, service_id: str | None) -> dict[str, Any]:
    """For scripts: the rows that the three tables would have."""
    return {"rule_set": judged.rules, "as_of": judged.day} | {
        name: [row for row in rows if service_id in (None, row["service_id"])]
        for name, rows in judged.told._asdict().items()
    }
