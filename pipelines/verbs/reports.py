"""Verbs about printed reports: what they claim, and how that stands to what is derived."""

import getpass
import json
from pathlib import Path
from typing import Annotated

import typer

from pipelines.verbs.common import WRONG_USE, in_one_sentence, moment_of, settings_from, stop

Edition = Annotated[int, typer.Option(help="The year that the report is about.", min=2013, max=2099)]
At = Annotated[str | None, typer.Option(help="As known at this ISO date and time; now by default.")]


def import_report(
    source: Annotated[
        str, typer.Argument(metavar="FILE_OR_URL", help="The report: HTML, Markdown, text or PDF.")
    ],
    edition: Edition,
    answer: Annotated[
        list[str] | None,
        typer.Option(
            help="QUESTION=SERVICE: the answer to a question of an earlier import; `none` for no service"
            " (repeatable)."
        ),
    ] = None,
    by: Annotated[str | None, typer.Option(help="Who answers; the login by default.")] = None,
    at: At = None,
    allow_host: Annotated[
        list[str] | None, typer.Option(help="HOST[:PORT] exempt from the private-address rule (repeatable).")
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="As JSON: every claim, question and passage.")
    ] = False,
) -> None:
    """Read a printed annual report, and keep what it claims."""
    if "://" not in source and not Path(source).is_file():
        stop(f"There is no report {source!r}.", WRONG_USE)
    settings, moment, answers = settings_from(), moment_of(at), _answers(answer or [])
    with in_one_sentence():
        from pipelines.reconciliation_report import imported_as_json, print_imported
        from pipelines.reports import import_report as import_it

        told = import_it(
            settings,
            source,
            edition,
            at=moment,
            allow_hosts=allow_host or (),
            answers=answers,
            who=by or getpass.getuser(),
        )
    if as_json:
        typer.echo(json.dumps(imported_as_json(told), ensure_ascii=False, indent=2, default=str))
    else:
        print_imported(told)


def _answers(given: list[str]) -> dict[str, str]:
    pairs = [one.partition("=") for one in given]
    for about, sign, answer in pairs:
        if not (about.strip() and sign and answer.strip()):
            stop(f"--answer {about + sign + answer!r} is not QUESTION=SERVICE.", WRONG_USE)
    return {about.strip(): answer.strip() for about, _, answer in pairs}


def reconcile(
    edition: Edition,
    every: Annotated[bool, typer.Option("--all", help="The claims for which there is no data too.")] = False,
    at: At = None,
    as_json: Annotated[bool, typer.Option("--json", help="As JSON: every row.")] = False,
) -> None:
    """Set each claim of a printed report beside what the warehouse derives, and keep the verdicts."""
    settings, moment = settings_from(), moment_of(at)
    with in_one_sentence():
        from pipelines.reconciliation_report import print_reconciliation
        from pipelines.reports import reconcile as reconcile_it

        rows = reconcile_it(settings, edition, at=moment)
    if as_json:
        typer.echo(json.dumps(rows, ensure_ascii=False, indent=2, default=str))
    else:
        print_reconciliation(rows, edition, every=every)
