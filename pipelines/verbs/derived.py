"""Verbs about what is derived: growth, revisions of a figure, the portfolio on a day, impact national."""

import json
from datetime import date, datetime
from typing import Annotated, Literal

import typer

from pipelines.verbs.common import REFUSED, WRONG_USE, in_one_sentence, moment_of, settings_from, stop


def _day(text: str, option: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        stop(f"{option} {text!r} is no ISO date, such as 2023-12-31.", WRONG_USE)


def _figure(text: str) -> tuple[str, str]:
    service_id, slash, metric_id = text.partition("/")
    if not slash or not metric_id:
        stop(f"{text!r} names no figure: say service/metric, such as ban/part_adresses.", WRONG_USE)
    return service_id, metric_id


def growth(
    figure: Annotated[str, typer.Argument(help="service/metric.")],
    since: Annotated[str, typer.Option("--from", help="The earlier day (ISO).")],
    until: Annotated[str, typer.Option("--to", help="The later day (ISO).")],
    months: Annotated[
        int | None, typer.Option(help="For a flow: the months counted up to each day; 0 for its own periods.")
    ] = 12,
    rounded: Annotated[
        bool, typer.Option("--round", help="Round; the annual report truncates, and so does this.")
    ] = False,
    english: Annotated[bool, typer.Option("--english", help="In English.")] = False,
    at: Annotated[str | None, typer.Option(help="As known at this ISO date and time.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False,
) -> None:
    """Print the growth of a figure between any two days, with its range, or the reason why there is none."""
    settings, moment = settings_from(), moment_of(at)
    days = _day(since, "--from"), _day(until, "--to")
    service_id, metric_id = _figure(figure)
    with in_one_sentence():
        from pipelines.derived import grown

        rule: Literal["truncate", "round"] = "round" if rounded else "truncate"
        row = grown(settings, service_id, metric_id, days, months or None, rule, moment)
    if as_json:
        typer.echo(json.dumps(row, ensure_ascii=False, indent=2, default=str))
        return
    said = [row["display_en"], row["meaning_en"]] if english else [row["display"], row["meaning"]]
    said.append(row["note"])
    typer.echo(" — ".join(each for each in said if each))


def revisions(
    figure: Annotated[str, typer.Argument(help="service/metric.")],
    at: Annotated[str | None, typer.Option(help="As known at this ISO date and time.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False,
) -> None:
    """Print what was said of each period of a figure, and by when."""
    settings, moment = settings_from(), moment_of(at)
    service_id, metric_id = _figure(figure)
    with in_one_sentence():
        from pipelines.derived import triangle
        from pipelines.derived_report import print_triangle, triangle_rows

        told = triangle(settings, service_id, metric_id, moment)
    if not told.words:
        stop(f"Nothing on record is named {figure!r}.", REFUSED)
    if as_json:
        typer.echo(json.dumps(triangle_rows(told), ensure_ascii=False, indent=2, default=str))
    else:
        print_triangle(told)


def portfolio(
    on: Annotated[str, typer.Option("--on", help="The day (ISO) on which the portfolio is counted.")],
    known: Annotated[
        list[str] | None,
        typer.Option(help="As known at this ISO date and time (repeatable: columns side by side)."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False,
) -> None:
    """Count the portfolio on a day, as known at one or several moments, and the budget's indicators."""
    settings, day = settings_from(), _day(on, "--on")
    moments: list[datetime] = [moment for text in known or () if (moment := moment_of(text))]
    with in_one_sentence():
        from pipelines.derived import counted
        from pipelines.derived_report import portfolio_rows, print_portfolio

        counts = counted(settings, day, moments)
    if as_json:
        typer.echo(json.dumps(portfolio_rows(counts), ensure_ascii=False, indent=2, default=str))
    else:
        print_portfolio(counts)


def qualify(
    service: Annotated[
        str | None, typer.Argument(help="One service: its criteria and their evidence.")
    ] = None,
    rules: Annotated[
        str | None, typer.Option(help="The rule set, such as 2023-01; that of the day by default.")
    ] = None,
    missing: Annotated[
        bool, typer.Option("--missing", help="What each service in acceleration or later lacks.")
    ] = False,
    at: Annotated[str | None, typer.Option(help="As known at this ISO date and time.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False,
) -> None:
    """Judge impact national by any rule set on what was known at any moment; nothing is written."""
    settings, moment = settings_from(), moment_of(at)
    with in_one_sentence():
        from pipelines.derived import qualified, rule_sets
        from pipelines.derived_report import judged_rows, print_judged, print_lacking

        if rules and rules not in rule_sets():
            stop(f"No rule set is named {rules!r}: say one of {', '.join(rule_sets())}.", WRONG_USE)
        judged = qualified(settings, moment, rules)
    if service and all(row["service_id"] != service for row in judged.told.verdicts):
        stop(f"No service of the portfolio is named {service!r}.", REFUSED)
    if as_json:
        typer.echo(json.dumps(judged_rows(judged, service), ensure_ascii=False, indent=2, default=str))
    elif missing:
        print_lacking(judged, service)
    else:
        print_judged(judged, service)
