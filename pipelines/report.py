"""What a person sees on a terminal."""

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn
from rich.table import Table
from rich.tree import Tree

from pipelines.collect import Outcome
from pipelines.night import Told
from pipelines.saved_page import ReadFigure
from warehouse.dictionary import Entry
from warehouse.lineage import Step

WIDTH = 120
"""Columns where the output is no terminal (a log, a file)."""

console = Console(width=None if sys.stdout.isatty() else WIDTH)


class Terminal:
    """Progress while a night runs, and the closing table."""

    def __init__(self) -> None:
        self.outcomes: list[Outcome] = []
        self._bar: Progress | None = None

    @contextmanager
    def progress(self) -> Iterator[None]:
        """Show a line that moves, when a person looks at a terminal; nothing otherwise."""
        if not sys.stderr.isatty():
            yield
            return
        columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
        with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
            self._bar = bar
            self._task = bar.add_task("night", total=None)
            yield
        self._bar = None

    def done(self, outcome: Outcome) -> None:
        """One service's visit has ended."""
        self.outcomes.append(outcome)
        if self._bar:
            state = "read" if outcome.collected else "nothing"
            self._bar.update(self._task, advance=1, description=f"{outcome.service_id}: {state}")

    def closing(self, told: Told) -> None:
        """The night in one table: each service, what came of it, and the sum."""
        if self.outcomes:
            console.print(_outcomes(told, sorted(self.outcomes, key=lambda one: one.service_id)))
        if told.summary:
            console.print(_sum(told.summary))


def _outcomes(told: Told, outcomes: Sequence[Outcome]) -> Table:
    table = Table(title=f"Night of {told.night.day}", title_justify="left")
    table.add_column("service")
    table.add_column("figures", justify="right")
    table.add_column("missing", justify="right")
    table.add_column("what happened", overflow="fold")
    for one in outcomes:
        style = None if one.collected else "red"
        happened = " ".join(dict.fromkeys(one.errors)) or ("" if one.collected else _nothing(one))
        table.add_row(one.service_id, str(one.figures), str(one.absent), escape(happened), style=style)
    return table


def _nothing(outcome: Outcome) -> str:
    return " ".join(dict.fromkeys(outcome.reasons)) or "No figure on its pages."


def _sum(summary: dict[str, Any]) -> str:
    lines = [
        f"{summary['services']} services tried, {summary['reached']} answered, {summary['read']} understood: "
        f"{summary['figures']} figures, {summary['absent']} missing, {summary['held']} held back.",
    ]
    if summary["portfolio_trouble"]:
        lines.append(f"An older portfolio served: {escape(summary['portfolio_trouble'])}")
    if summary["state"] == "blocked":
        lines.append("What rests on the portfolio alone was published all the same.")
    return "\n".join(lines)


def print_trace(step: Step) -> None:
    """The way back as a tree."""
    console.print(_branch(step, Tree(_node(step))))


def _branch(step: Step, tree: Tree) -> Tree:
    for source in step.comes_from:
        _branch(source, tree.add(_node(source)))
    return tree


def _node(step: Step) -> str:
    lines = [f"[bold]{step.kind}[/bold] {escape(step.says)}", f"  [dim]id {step.id}[/dim]"]
    lines += [
        f"  [dim]{name.replace('_', ' ')}:[/dim] {escape(str(value))}"
        for name, value in step.facts.items()
        if value is not None
    ]
    return "\n".join(lines)


def print_reading(rows: Sequence[ReadFigure]) -> None:
    """What was read on a saved page."""
    table = Table()
    for name in ("metric", "printed", "value", "unit", "period", "where, or why not"):
        table.add_column(name, overflow="fold")
    for row in rows:
        period = f"{row.period_start or '…'} to {row.period_end}" if row.period_end else ""
        value = "" if row.value is None else str(row.value)
        cells = (row.metric, row.exact or "", value, row.unit or "", period, row.reason or row.locator or "")
        table.add_row(*map(escape, cells), style="red" if row.reason else None)
    console.print(table)


def print_dictionary(rows: Sequence[Entry]) -> None:
    """Every table with its columns."""
    table = Table(show_header=True)
    for name in ("table", "column", "type", "meaning"):
        table.add_column(name, overflow="fold")
    for row in rows:
        first = row.table if not row.column else ""
        table.add_row(first, row.column, row.type, row.meaning, style=None if row.column else "bold")
    console.print(table)
