"""The demo: two nights of the main job over replicas of real services, and what people read of it.

The pages are those of ``tests/pages``, served on loopback as they stood at the end of 2022 (the fourteen
services of Bilan 2023) and of 2023 (all, in every way of publishing that is known); one service is
down, one answers with a login page.  On the night after, some pages were redesigned.  Everything else is
the real thing: fetching, archive, reading, checks, growth, qualification.
"""

import shutil
import time
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import sqlalchemy as sa

from pipelines.letters.letters import write_letters
from pipelines.night import Told, run_night
from pipelines.report import Terminal, console, print_trace
from pipelines.settings import Settings
from pipelines.site.site import build_site
from pipelines.verify import verify
from tests.connectors.drift.mutations import (
    Mutation,
    class_renamed,
    counted_up,
    label_prefixed,
    order_swapped,
)
from tests.tools.demo_tables import (
    show_candidates,
    show_growth,
    show_impact_national,
    show_incidents,
    show_troubles,
)
from tests.tools.redesigns import redesign, replaced
from tests.tools.replica_server import SAVED, ReplicaServer
from warehouse.archive import Archive
from warehouse.database import open_database
from warehouse.lineage import trace
from warehouse.normalisation.numbers import show
from warehouse.tables import metadata, observations

FOLDER = Path("data/demo")
NIGHTS = ("2022-12-31T23:00", "2023-12-31T23:00")
NIGHT_AFTER = "2024-01-01T23:00"

_SETTINGS = (
    f"IMPACT_DATABASE_URL=sqlite:///{FOLDER}/impact.sqlite IMPACT_ARCHIVE={FOLDER}/archive "
    f"IMPACT_SERVICES={FOLDER}/services"
)

REDESIGNS: dict[str, Mutation] = {
    "conseillers-entreprises": class_renamed,
    "transport": label_prefixed,
    "homologation": counted_up,
    "aidantsconnect": order_swapped,
}
REPLACED = {"acceslibre": "cookie_wall", "mesads": "maintenance_page", "eva": "challenge_page"}
"""What became of some pages on the night after: redesigned, or another page in their place."""


def main() -> None:
    """Run the demo."""
    started = time.monotonic()
    shutil.rmtree(FOLDER, ignore_errors=True)
    with ReplicaServer(SAVED) as server:
        told = [_night(server, moment) for moment in NIGHTS]
        rows = _rows()
        again = [_night(server, moment, quiet=True) for moment in NIGHTS]
        added = _rows() - rows
        after = _night_after(server)
    night = told[-1].night
    engine = open_database(_settings(server).database_url)
    with engine.connect() as connection:
        figures = connection.scalar(sa.select(sa.func.count()).select_from(observations)) or 0
        show_growth(connection, night)
        show_impact_national(connection, night)
        show_troubles(connection, night, FOLDER / "services")
        show_incidents(connection, after.night)
        show_candidates(connection, night)
        console.rule("Une trace, d'un chiffre imprimé aux octets de la page", align="left")
        print_trace(trace(connection, Archive(FOLDER / "archive"), "signalement/promesses_action/2023"))
    settings = _settings(server).model_copy(update={"services": FOLDER / "services"})
    built = build_site(settings, FOLDER / "site", after.night.at)
    written = write_letters(settings, FOLDER / "lettres", after.night.at)
    verified = verify(settings)
    console.rule("Où regarder", align="left")
    console.print(
        f"Les deux nuits, rejouées, ajoutent {added} ligne(s) à {rows} ({len(again)} nuits).\n"
        f"Base : {FOLDER}/impact.sqlite — archive : {FOLDER}/archive — "
        f"{time.monotonic() - started:.0f} s en tout.\n"
        f"Site : {FOLDER}/site/index.html ({len(built.written)} fichiers) — "
        f"{len(written)} lettres aux équipes : {FOLDER}/lettres\n"
        f"Vérification : {_count(verified.compared.rows)} lignes de {verified.compared.tables} tables, dont "
        f"{_count(figures)} chiffres, dérivées à nouveau de {_count(verified.records)} enregistrements de "
        f"l'archive ; différences : {len(verified.findings)}.\n"
        "Vérifier soi-même, puis remonter d'un chiffre à sa page :\n"
        f"  {_SETTINGS} .venv/bin/impact verify\n"
        f"  {_SETTINGS} .venv/bin/impact trace ban/part_adresses/2023\n"
        "  .venv/bin/impact dictionary",
        highlight=False,
        soft_wrap=True,
    )
    if added or verified.findings or not all(one.completed for one in (*told, after)):
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
    settings = _settings(server, server.specs(FOLDER / "services", opened=True))
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


def _night_after(server: ReplicaServer) -> Told:
    """The night on which some pages have changed."""
    day = date.fromisoformat(NIGHT_AFTER[:10])
    server.redesigned = {
        service_id: redesign(service_id, day, each) for service_id, each in REDESIGNS.items()
    }
    server.redesigned |= {service_id: replaced(code) for service_id, code in REPLACED.items()}
    return _night(server, NIGHT_AFTER, quiet=True)


def _count(number: int) -> str:
    return show(Decimal(number))


def _rows() -> int:
    """How many rows the warehouse holds."""
    with open_database(f"sqlite:///{FOLDER}/impact.sqlite").connect() as connection:
        tables = metadata.tables.values()
        return sum(connection.scalar(sa.select(sa.func.count()).select_from(table)) or 0 for table in tables)


if __name__ == "__main__":
    main()
