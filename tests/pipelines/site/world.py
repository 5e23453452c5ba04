"""What the tests of the site are built from: a warehouse of one page, and the demo with every event."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from pipelines.reports import import_report, reconcile
from pipelines.settings import Settings
from pipelines.site.files import Built
from pipelines.site.site import build_site
from tests.pipelines import world as demo_world
from tests.warehouse.build import World, chart, metric, service
from tests.warehouse.publishing import close
from warehouse.archive import Archive
from warehouse.database import open_database
from warehouse.history import Row, identity
from warehouse.night import Night
from warehouse.restatements import restatement, withdrawal
from warehouse.tables import held_back, observations, restatements, services

HOSTILE = "=cmd|' /C calc'!A0 <script>alert(1)</script><img src=x onerror=alert(1)>\u202e]]>{{7*7}}--"
"""A name that tries everything; with its end far away."""

CHROMIUM = ("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome")
LATER = timedelta(microseconds=1)
FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run")


@dataclass
class Small:
    """A warehouse of one service, and the folder of its site."""

    world: World
    settings: Settings
    folder: Path

    def night(self, on: Night, state: str = "publishable", **printed: Any) -> None:
        """One night, judged."""
        self.world.shows(on, **printed)
        close(self.world, on, state)

    def build(self, at: datetime, folder: Path | None = None) -> Built:
        """Build the site, as of a moment."""
        return build_site(self.settings, folder or self.folder, at)

    def names(self, name: str) -> None:
        """The portfolio gives the service a name."""
        said = {column.name: None for column in services.columns} | {
            "id": identity("services", name),
            "service_id": self.world.service.id,
            "name": name,
            "pitch": name,
            "link": "javascript:alert(1)",
            "stats_url": "https://essai.example/stats",
            "portfolio_sha256": "0" * 64,
            "withdrawn": False,
            "known_at": datetime(2023, 1, 1, tzinfo=UTC),
        }
        with self.world.engine.begin() as connection:
            connection.execute(sa.insert(services), [said])

    def rows(self, table: sa.Table) -> list[Row]:
        return self.world.rows(table)


def small_world(folder: Path, label: str) -> Iterator[Small]:
    url = f"sqlite:///{folder / 'impact.sqlite'}"
    settings = Settings(database_url=url, archive=folder / "archive")
    engine = open_database(url)
    about = service(dossiers=chart(label=label), agents=metric(label="Agents", unit="agent"))
    yield Small(World(engine, Archive(settings.archive), about), settings, folder / "site")
    engine.dispose()


@dataclass(frozen=True)
class Site:
    """The site of the demo, with what it was built from."""

    folder: Path
    world: demo_world.World
    refused: str
    replaced: str
    withdrawn: str

    @property
    def kinds(self) -> dict[str, str]:
        """A page of each kind."""
        return {
            "home": "index.html",
            "services": "services.html",
            "service": "services/signalement.html",
            "service without figures": "services/aldo.html",
            "refused growth": f"evolutions/{self._refused_growth}.html",
            "figure": f"figures/{self._figure('ban', 'part_adresses')}.html",
            "refused figure": f"figures/{self.refused}.html",
            "replaced figure": f"figures/{self.replaced}.html",
            "withdrawn figure": f"figures/{self.withdrawn}.html",
            "impact national": "impact-national.html",
            "portfolio": "portefeuille.html",
            "reports": "bilans.html",
            "report": "bilans/2023.html",
            "incidents": "incidents.html",
            "methods": "donnees-et-methodes.html",
            "search": "recherche.html?q=promesses",
        }

    @property
    def _refused_growth(self) -> str:
        """Of which one figure was read."""
        return self.world.rows("SELECT id FROM refusals WHERE metric_id = 'part_communes'")[0][0]  # type: ignore[no-any-return]

    def _figure(self, service_id: str, metric_id: str) -> str:
        return str(_last(self.world, service_id, metric_id)["id"])


REPORT = """# Bilan 2023

## SignalConso

Les promesses d'action sont passées de 58 000 à 173 154, soit +198 %.

## Base Adresse Nationale

57 % d'adresses présentes dans la BAN, soit +20 pts.
"""


def eventful_site(demo: demo_world.World, folder: Path) -> Site:
    """The site of a copy of the demo, with a report, and figures refused, replaced and withdrawn."""
    world = demo.copy(folder / "world")
    at = demo_world.evening(demo_world.END_OF_2023)
    report = folder / "bilan.md"
    report.write_text(REPORT, "utf-8")
    import_report(world.settings(), str(report), 2023, at=at)
    reconcile(world.settings(), 2023, at=at)
    refused = _last(world, "rdv-service-public", "rendez_vous_pris")
    with open_database(world.settings().database_url).begin() as connection:
        connection.execute(sa.insert(held_back), [_held(refused, at)])
        replaced = _restate(connection, _last(world, "trackdechets", "tonnes_traitees"))
        withdrawn = _withdraw(connection, _last(world, "nosgestesclimat", "simulations_terminees"))
    build_site(world.settings(), folder / "site", at)
    return Site(folder / "site", world, refused["id"], replaced, withdrawn)


def _last(world: demo_world.World, service_id: str, metric_id: str) -> Row:
    """The last observation of a figure."""
    about = observations.c.service_id == service_id, observations.c.metric_id == metric_id
    query = sa.select(observations).where(*about).order_by(observations.c.period_end.desc())
    with open_database(world.settings().database_url).connect() as connection:
        return dict(connection.execute(query.limit(1)).mappings().one())


def _held(figure: Row, at: datetime) -> Row:
    return {
        "id": "held-for-the-tests",
        "observation_id": figure["id"],
        "service_id": figure["service_id"],
        "metric_id": figure["metric_id"],
        "check_name": "no_jump",
        "reason": "Le chiffre a bondi.",
        "value": figure["value"],
        "night": at.date(),
        "withdrawn": False,
        "known_at": figure["known_at"],
    }


def _restate(connection: sa.Connection, old: Row) -> str:
    """The page says another value of the same period; returns the id of the value replaced."""
    known = {"snapshot_sha256": "", "spec_version": ""}
    new = old | {"id": "f" * 20, "value": old["value"] + Decimal(1), "known_at": old["known_at"] + LATER}
    event = restatement(old | known, new | known | {"snapshot_sha256": "1"})
    connection.execute(sa.insert(observations), [new])
    connection.execute(sa.insert(restatements), [event | {"known_at": old["known_at"]}])
    return str(old["id"])


def _withdraw(connection: sa.Connection, old: Row) -> str:
    connection.execute(sa.insert(restatements), [withdrawal(old, old["known_at"])])
    return str(old["id"])
