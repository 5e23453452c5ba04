"""All at once: what hostile services do to the others of the same night."""

from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

from connectors.catalog import Catalog
from connectors.extractor import Extractor
from connectors.fetcher import Fetcher, Manners
from connectors.service import Service
from pipelines.collect import Outcome, Tools, collect
from tests.connectors.values import page
from tests.hostile.trial import FIGURE, GIVEN
from tests.tools.server import Behaviour, Site, answer, bomb, flood, hang, never_ending, redirect
from warehouse.archive import Archive
from warehouse.database import open_database
from warehouse.night import Night

NIGHT = Night.of(datetime(2026, 3, 1, 2, tzinfo=UTC))
DEADLINE = 600
"""Seconds: nobody could wait for it."""

HOSTILE: tuple[Behaviour, ...] = (hang, never_ending, flood, bomb(50_000_000, "gzip"), redirect("/stats"))
HONEST = ("un", "deux", "trois")


def service(name: str, site: Site) -> Service:
    return Service(id=name, name=name, incubator="x", pages=(page("html", FIGURE, url=site.url("/stats")),))


def test_hostile_services_delay_no_other_and_cost_no_other_its_figure(tmp_path: Path) -> None:
    """The waiting ones are only let go when all others have been told: were one in their way, none would."""
    with ExitStack() as opened:
        hostile = [opened.enter_context(Site({"/stats": behave})) for behave in HOSTILE for _ in range(8)]
        honest = [opened.enter_context(Site({"/stats": answer(GIVEN)})) for _ in HONEST]
        services = [service(f"hostile-{n}", site) for n, site in enumerate(hostile)]
        services += [service(name, site) for name, site in zip(HONEST, honest, strict=True)]
        told: dict[str, Outcome] = {}

        def on_done(outcome: Outcome) -> None:
            told[outcome.service_id] = outcome
            if told.keys() >= set(HONEST):
                for site in hostile:
                    site.closing.set()

        extractor = opened.enter_context(Extractor(workers=1))
        engine = open_database(f"sqlite:///{tmp_path / 'warehouse.db'}")
        opened.callback(engine.dispose)
        fetcher = Fetcher(
            manners=Manners(deadline=DEADLINE, pace=0, attempts=1),
            allow_hosts=["127.0.0.1"],
            clock=lambda: NIGHT.at,
        )
        collect(
            Catalog(tuple(services)).services,
            NIGHT,
            Tools(engine, Archive(tmp_path / "archive"), fetcher, extractor),
            on_done,
        )
    assert {name: told[name].figures for name in HONEST} == dict.fromkeys(HONEST, 1)
    assert {one.figures for name, one in told.items() if name not in HONEST} == {0}
    assert all(one.reasons for name, one in told.items() if name not in HONEST)
    assert len(told) == len(services)
