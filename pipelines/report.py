"""What a person sees on a terminal."""

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from rich.console import Console
from rich.markup import escape
from rich.progress import Progress, SpinnerColumn, TextColumn
from rich.table import Table
from rich.tree import Tree

from pipelines.collect import Outcome
from pipelines.night import Told
from pipelines.saved_page import ReadFigure
from warehouse.dictionary import Entry
from warehouse.history import Row
from warehouse.lineage import Restated, Step
from warehouse.nights import is_expected

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
        columns = (
            SpinnerColumn(),
            TextColumn("{task.completed:.0f} visited"),
            TextColumn("{task.description}"),
        )
        with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
            self._bar = bar
            self._task = bar.add_task("…", total=None)
            yield
        self._bar = None

    def done(self, outcome: Outcome) -> None:
        """One service's visit has ended."""
        self.outcomes.append(outcome)
        if self._bar:
            said = f"{outcome.figures} figures" if outcome.collected else "nothing"
            self._bar.update(self._task, advance=1, description=f"last: {outcome.service_id}, {said}")

    def closing(self, told: Told) -> None:
        """The night in one table: each service and what came of it; then what to do, and the sum."""
        if self.outcomes:
            console.print(_outcomes(told, sorted(self.outcomes, key=lambda one: one.service_id)))
        for line in (
            *_held(told), *_warnings(told), *_advice(told), *_mends(told.incidents), *_sum(told.summary)
        ):  # fmt: skip
            console.print(line, highlight=False)


def _outcomes(told: Told, outcomes: Sequence[Outcome]) -> Table:
    table = Table(title=f"Night of {told.night.day}", title_justify="left")
    table.add_column("service")
    table.add_column("figures", justify="right")
    table.add_column("missing", justify="right")
    table.add_column("what happened", overflow="fold")
    for one in outcomes:
        missing = [row for row in told.missing if row["service_id"] == one.service_id]
        style = None if one.collected else "red"
        happened = escape(_happened([row["sentence"] for row in missing] or one.errors))
        table.add_row(one.service_id, str(one.figures), str(len(missing)), happened, style=style)
    return table


def _happened(sentences: Sequence[str]) -> str:
    """The first reason, and how many others there are."""
    distinct = list(dict.fromkeys(sentences))
    others = len(distinct) - 1
    more = f" (and {others} other reason{'s' if others > 1 else ''})" if others > 0 else ""
    return f"{distinct[0]}{more}" if distinct else ""


def _held(told: Told) -> Iterator[str]:
    for row in told.held:
        figure = f"{row['service_id']}/{row['metric_id']}"
        yield escape(f"Held back: {figure} ({row['check_name']}): {row['reason']}")


def _warnings(told: Told) -> Iterator[str]:
    for row in told.warnings:
        names = [f"{one['service_id']}/{one['metric_id']}" for one in row["sample"]]
        more = f" and {row['failing'] - len(names)} more" if row["failing"] > len(names) else ""
        yield escape(f"Warning {row['check_name']}: {', '.join(names)}{more}. {row['sentence']}")


def _advice(told: Told) -> Iterator[str]:
    """What to do, once per advice, with the services it is for."""
    services: dict[str, list[str]] = {}
    for row in told.missing:
        if not is_expected(row):
            services.setdefault(row["advice"], []).append(row["service_id"])
    for advice, names in services.items():
        yield escape(f"{', '.join(dict.fromkeys(names))}: {advice}")


def _mends(incidents: Sequence[Row]) -> Iterator[str]:
    """The incidents that last, and the service files for which a patch is ready."""
    if incidents:
        yield f"Incidents that last: {len(incidents)}; `impact incidents` lists them."
    for service_id in dict.fromkeys(row["service_id"] for row in incidents if row["patch"]):
        yield escape(f"{service_id}: a patch of its file is ready: impact incidents {service_id} --patch")


def _sum(summary: Row | None) -> Iterator[str]:
    if summary is None:
        return
    yield (
        f"{summary['services']} services tried, {summary['reached']} answered, {summary['read']} understood: "
        f"{summary['figures']} figures, {summary['absent']} missing, {summary['held']} held back."
    )
    if summary["portfolio_trouble"]:
        yield escape(f"An older portfolio served: {summary['portfolio_trouble']}")
    if summary["state"] == "blocked":
        yield "What rests on the portfolio alone was published all the same."


def print_trace(step: Step) -> None:
    """The way back as a tree; what several steps come from is told once."""
    console.print(_branch(step, Tree(_node(step)), {(step.kind, step.id)}))


def _branch(step: Step, tree: Tree, told: set[tuple[str, str]]) -> Tree:
    for source in step.comes_from:
        if (source.kind, source.id) in told:
            tree.add(f"[bold]{source.kind}[/bold] {escape(str(source.says))} [dim](told above)[/dim]")
        else:
            told.add((source.kind, source.id))
            _branch(source, tree.add(_node(source)), told)
    return tree


def _node(step: Step) -> str:
    lines = [f"[bold]{step.kind}[/bold] {escape(str(step.says))}", f"  [dim]id {step.id}[/dim]"]
    lines += [
        f"  [dim]{name.replace('_', ' ')}:[/dim] {escape(str(value))}"
        for name, value in step.facts.items()
        if value is not None and value is not False
    ]
    lines += [f"  [dim]{one.kind}:[/dim] {escape(_restated(one))}" for one in step.restatements]
    return "\n".join(lines)


def _restated(one: Restated) -> str:
    return f"{one.old_value} became {one.new_value or 'nothing'}, known at {one.known_at}. {one.reason}"


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
