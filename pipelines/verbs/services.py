"""Verbs about service files: what an address is, and what to write for it."""

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from pipelines.verbs.common import in_one_sentence, moment_of, settings_from


def discover(
    page: Annotated[str, typer.Argument(help="The address of a page, or a saved page.")],
    url: Annotated[str | None, typer.Option(help="Where a saved page came from.")] = None,
    write: Annotated[
        Path | None, typer.Option(help="Folder to write a service file and a golden page to.")
    ] = None,
    allow_host: Annotated[
        list[str] | None, typer.Option(help="HOST[:PORT] exempt from the private-address rule (repeatable).")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False,
) -> None:
    """Propose the figures of a page that nobody configured, each with its place and how sure it is."""
    settings = settings_from()
    with in_one_sentence():
        from pipelines.discover import look_at, saved, visit
        from pipelines.discovery_report import print_discovery
        from pipelines.scaffold import scaffold

        found = look_at(saved(Path(page), url)) if Path(page).is_file() else visit(page, settings, allow_host)
        written = scaffold(found, write) if write else []
    if as_json:
        typer.echo(json.dumps([each.as_json() for each in found.figures], ensure_ascii=False, indent=2))
    else:
        print_discovery(found.figures)
    for path in written:
        typer.echo(f"Written: {path}", err=True)


def classify(
    portfolio: Annotated[str | None, typer.Option(help="File or URL of the portfolio.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="As JSON: every address.")] = False,
) -> None:
    """Say what each statistics and impact address of the portfolio leads to, and whether it can be read."""
    settings = settings_from(portfolio=portfolio)
    with in_one_sentence():
        from pipelines.discover import classified_portfolio
        from pipelines.discovery_report import as_rows, print_summary

        published = classified_portfolio(settings)
    if as_json:
        typer.echo(json.dumps(as_rows(published), ensure_ascii=False, indent=2))
    else:
        print_summary(published)


def incidents(
    service: Annotated[list[str] | None, typer.Argument(help="Only these services.")] = None,
    every: Annotated[bool, typer.Option("--all", help="Those that ended too.")] = False,
    patch: Annotated[
        bool,
        typer.Option(
            help="Print the patches of their service files, and nothing else: for `patch -p1`, or "
            "`patch -p1 -d DIR` where the service files are in another folder than the project's."
        ),
    ] = False,
    at: Annotated[str | None, typer.Option(help="As known at this ISO date and time.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False,
) -> None:
    """List what is wrong with pages and figures, since when, what to do, and the patch where one is ready."""
    settings, moment = settings_from(), moment_of(at)
    with in_one_sentence():
        from connectors.clock import utc_now
        from pipelines.incident_report import as_rows, print_incidents
        from warehouse.database import reading
        from warehouse.derived.incidents import ever, open_now
        from warehouse.night import Night

        night = Night.of(moment or utc_now())
        with reading(settings.database_url) as connection:
            rows = (ever if every else open_now)(connection, night)
    rows = _only(rows, service)
    if patch:
        typer.echo("".join(row["patch"] or "" for row in rows), nl=False)
    elif as_json:
        typer.echo(json.dumps(as_rows(rows), ensure_ascii=False, indent=2))
    else:
        print_incidents(rows)


def candidates(
    service: Annotated[list[str] | None, typer.Argument(help="Only these services.")] = None,
    at: Annotated[str | None, typer.Option(help="As known at this ISO date and time.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False,
) -> None:
    """List what the nights discovered for services that have no file: guesses, published nowhere."""
    settings, moment = settings_from(), moment_of(at)
    with in_one_sentence():
        from connectors.clock import utc_now
        from pipelines.discovery_report import candidate_rows, print_candidates
        from warehouse.candidates import proposed, waiting
        from warehouse.database import reading
        from warehouse.night import Night

        night = Night.of(moment or utc_now())
        with reading(settings.database_url) as connection:
            figures, addresses = proposed(connection, night), waiting(connection, night)
    figures, addresses = _only(figures, service), _only(addresses, service)
    if as_json:
        typer.echo(json.dumps(candidate_rows(figures), ensure_ascii=False, indent=2))
    else:
        print_candidates(figures, addresses)


def _only(rows: list[dict[str, Any]], services: list[str] | None) -> list[dict[str, Any]]:
    """The rows of the services named; all when none is."""
    return [row for row in rows if not services or row["service_id"] in services]


def adopt(
    service: Annotated[str, typer.Argument(help="The service, by its portfolio id.")],
    metric: Annotated[
        list[str] | None, typer.Option(help="Only this figure, as `impact candidates` names it (repeatable).")
    ] = None,
    write: Annotated[Path, typer.Option(help="Folder to write services/ and pages/ below.")] = Path(
        "adopted"
    ),
) -> None:
    """Write the service file and the golden page of a service from what the nights discovered."""
    settings = settings_from()
    with in_one_sentence():
        from pipelines.adoption import adopt as adopt_service

        written = adopt_service(settings, service, write, tuple(metric or ()))
    for path in written:
        typer.echo(f"Written: {path}")
    typer.echo("Complete the file, move it to the services folder, and the page to tests/pages.", err=True)
