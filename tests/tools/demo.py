"""The demo: two nights of the main job over replicas of real services, and what people read of it.

The pages are those of ``tests/pages``, served on loopback as they stood at the end of 2022 (the fourteen
services of Bilan 2023) and of 2023 (all, in every way of publishing that is known); one service is
down, one answers with a login page.  Everything else is the real
thing: fetching, archive, reading, checks, growth, qualification.
"""

import shutil
import time
from datetime import date, datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from rich.markup import escape
from rich.table import Table

from connectors import catalog
from pipelines.night import Told, run_night
from pipelines.report import Terminal, console, print_trace
from pipelines.settings import Settings
from tests.tools.replica_server import SAVED, ReplicaServer
from warehouse import extractions, portfolios
from warehouse import observations as observations_of
from warehouse.archive import Archive
from warehouse.database import open_database
from warehouse.derived.comparison import Comparison, agree
from warehouse.history import Row, current
from warehouse.lineage import trace
from warehouse.metrics import declared
from warehouse.night import Night
from warehouse.normalisation.numbers import show
from warehouse.normalisation.units import unit
from warehouse.tables import criteria, growth, metadata, observations, qualifications
from warehouse.words import AGREEMENTS, VERDICTS, reason

FOLDER = Path("data/demo")
NIGHTS = ("2022-12-31T23:00", "2023-12-31T23:00")

PRINTED = {
    ("demarches-simplifiees.fr", "dossiers_deposes"): "+10 %",
    ("ban", "part_adresses"): "+18 pts",
    ("dossierfacile", "dossiers_valides"): "+160 %",
    ("signalement", "promesses_action"): "+198 %",
    ("nosgestesclimat", "simulations_terminees"): "+73 %",
    ("rdv-service-public", "rendez_vous_pris"): "x16",
    ("trackdechets", "tonnes_traitees"): "+76 %",
    ("conseillers-entreprises", "besoins_traites"): "+121 %",
}
"""Growth as Bilan 2023 prints it."""


def main() -> None:
    """Run the demo."""
    started = time.monotonic()
    shutil.rmtree(FOLDER, ignore_errors=True)
    with ReplicaServer(SAVED) as server:
        told = [_night(server, moment) for moment in NIGHTS]
        rows = _rows()
        again = [_night(server, moment, quiet=True) for moment in NIGHTS]
        added = _rows() - rows
    night = told[-1].night
    engine = open_database(_settings(server).database_url)
    with engine.connect() as connection:
        _show_growth(connection, night)
        _show_impact_national(connection, night)
        _show_troubles(connection, night)
        console.rule("Une trace, d'un chiffre imprimé aux octets de la page", align="left")
        print_trace(trace(connection, Archive(FOLDER / "archive"), "signalement/promesses_action/2023"))
    console.rule("Où regarder", align="left")
    console.print(
        f"Les deux nuits, rejouées, ajoutent {added} ligne(s) à {rows} ({len(again)} nuits).\n"
        f"Base : {FOLDER}/impact.sqlite — archive : {FOLDER}/archive — "
        f"{time.monotonic() - started:.0f} s en tout.\n"
        "À essayer :\n"
        f"  IMPACT_DATABASE_URL=sqlite:///{FOLDER}/impact.sqlite IMPACT_ARCHIVE={FOLDER}/archive "
        ".venv/bin/impact trace ban/part_adresses/2023\n"
        "  .venv/bin/impact dictionary",
        highlight=False,
        soft_wrap=True,
    )
    if added or not all(one.completed for one in told):
        raise SystemExit(1)


def _settings(server: ReplicaServer, services: Path | None = None) -> Settings:
    return Settings(
        database_url=f"sqlite:///{FOLDER}/impact.sqlite",
        archive=FOLDER / "archive",
        portfolio=server.portfolio_url,
        services=services,
        pace=0,
    )


def _night(server: ReplicaServer, moment: str, *, quiet: bool = False) -> Told:
    server.day = date.fromisoformat(moment[:10])
    settings = _settings(server, server.specs(FOLDER / "services"))
    portfolio_host = server.portfolio_url.split("/")[2]
    terminal = Terminal()
    with terminal.progress():
        told = run_night(
            settings,
            at=datetime.fromisoformat(f"{moment}+01:00"),
            allow_hosts=[*server.hosts, portfolio_host],
            on_done=terminal.done,
        )
    if not quiet:
        terminal.closing(told)
    return told


def _rows() -> int:
    """How many rows the warehouse holds."""
    with open_database(f"sqlite:///{FOLDER}/impact.sqlite").connect() as connection:
        tables = metadata.tables.values()
        return sum(connection.scalar(sa.select(sa.func.count()).select_from(table)) or 0 for table in tables)


def _show_growth(connection: sa.Connection, night: Night) -> None:
    table = Table(title="Croissance 2022 → 2023, à côté du bilan imprimé", title_justify="left")
    for name in ("service", "chiffre", "fin 2022", "fin 2023", "calculé", "imprimé", "accord"):
        table.add_column(name, overflow="fold")
    labels = _labels(connection, night)
    rows = current(connection, growth, ("service_id", "metric_id", "period"), night.at)
    by_figure = {(row["service_id"], row["metric_id"]): row for row in rows if row["period"] == "2023"}
    for figure, printed in PRINTED.items():
        row = by_figure.get(figure)
        ends = [_printed(connection, row[name]) for name in _ENDS] if row else ["—", "—"]
        computed = row["display"] if row else "—"
        table.add_row(figure[0], labels[figure], *ends, computed, printed, _agreement(row, printed))
    console.print(table)


_ENDS = ("base_observation_id", "observation_id")


def _labels(connection: sa.Connection, night: Night) -> dict[tuple[str, str], str]:
    return {about: row["label"] for about, row in declared(connection, night).items()}


def _printed(connection: sa.Connection, observation_id: str) -> str:
    row = (
        connection.execute(sa.select(observations).where(observations.c.id == observation_id))
        .mappings()
        .one()
    )
    return show(row["value"], "%") if row["unit"] == "%" else f"{show(row['value'])} {_plural(row)}"


def _plural(row: Any) -> str:
    return unit(row["unit"]).plural if abs(row["value"]) >= 2 else unit(row["unit"]).singular


def _agreement(row: Row | None, printed: str) -> str:
    if row is None:
        return "pas de donnée"
    computed = Comparison(row["kind"], row["value"], row["low"], row["high"], row["display"], row["rule"])
    return AGREEMENTS[agree(printed, computed)]


def _show_impact_national(connection: sa.Connection, night: Night) -> None:
    table = Table(title=f"Services désignés à impact national, au {night.day:%d/%m/%Y}", title_justify="left")
    for name in ("service", "cohorte", "déployé", "impact", "qualité", "preuve principale de chaque critère"):
        table.add_column(name, overflow="fold")
    verdicts = _in_force(current(connection, qualifications, ("service_id", "rule_set"), night.at))
    found = _in_force(current(connection, criteria, ("service_id", "rule_set", "criterion"), night.at))
    by_service = {(row["service_id"], row["criterion"]): row for row in found}
    names = _names(connection, night)
    for row in sorted((row for row in verdicts if row["designated"]), key=_by_cohort):
        judged = [by_service[row["service_id"], name] for name in ("deployment", "impact", "quality")]
        cells = [VERDICTS[one["verdict"]] for one in judged]
        proofs = "\n".join(f"· {one['evidence'][0]['sentence']}" for one in judged if one["evidence"])
        called = names.get(row["service_id"], row["service_id"])
        table.add_row(called, str(row["cohort"]), *cells, escape(proofs))
    console.print(table)


def _in_force(rows: list[Row]) -> list[Row]:
    """The rows of the newest rule set."""
    newest = max((row["rule_set"] for row in rows), default="")
    return [row for row in rows if row["rule_set"] == newest]


def _by_cohort(row: Row) -> tuple[int, str]:
    return row["cohort"], row["service_id"]


def _names(connection: sa.Connection, night: Night) -> dict[str, str]:
    """Names as the portfolio gives them, and as the service files do."""
    told = {product.id: product.name for product in portfolios.products(connection, night.at)}
    return told | {service.id: service.name for service in catalog.load().values()}


def _show_troubles(connection: sa.Connection, night: Night) -> None:
    table = Table(title="Ce qui manque cette nuit, et pourquoi", title_justify="left")
    for name in ("service", "chiffres", "raison", "détail du premier"):
        table.add_column(name, overflow="fold")
    with_figures = observations_of.tell(connection, catalog.load(FOLDER / "services"), night).understood
    grouped: dict[tuple[str, str], list[str]] = {}
    for row in extractions.missing(connection, night, with_figures):
        grouped.setdefault((row["service_id"], row["reason"]), []).append(row["sentence"])
    for (service, code), sentences in grouped.items():
        table.add_row(service, str(len(sentences)), reason(code), escape(sentences[0]))
    console.print(table)


if __name__ == "__main__":
    main()
