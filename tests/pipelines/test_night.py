"""The night as its users meet it: what it says, what it adds, and what it leaves alone."""

import json
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import dagster as dg
import pytest

from connectors import catalog
from pipelines import definitions
from pipelines.schedules import NIGHTLY
from tests.pipelines.world import END_OF_2022, END_OF_2023, Dump, World, added, evening
from tests.tools.replica_server import OF_2023, ReplicaServer, portfolio
from warehouse.night import paris_day

Copy = Callable[[World], World]

REAL_PORTFOLIO = Path(__file__).parents[3] / "shared" / "data" / "startups-2026-08-20.json"
JUNE = date(2024, 6, 14)

BILAN_2023 = {
    "demarches-simplifiees.fr/dossiers_deposes": "+11 % (entre -9 % et +32 %)",
    "ban/part_adresses": "+18 pts",
    "dossierfacile/dossiers_valides": "+160 %",
    "signalement/promesses_action": "+198 %",
    "nosgestesclimat/simulations_terminees": "+73 %",
    "rdv-service-public/rendez_vous_pris": "x16",
    "trackdechets/tonnes_traitees": "+76 %",
    "conseillers-entreprises/besoins_traites": "+121 %",
}

OF_THE_NIGHT = {"absences", "confirmations", "nights", "portfolios", "seals", "snapshots", "verdicts"}
"""Tables that say what happened one night, whether or not that is news."""


def _displays(dump: Dump, period: str = "2023") -> dict[str, str]:
    rows = dump["growth"].values()
    return {
        f"{row['service_id']}/{row['metric_id']}": row["display"] for row in rows if row["period"] == period
    }


def _new(table: str, before: Dump, after: Dump) -> list[dict[str, Any]]:
    return [after[table][key] for key in after[table].keys() - before[table].keys()]


def _run(world: World, day: date, at: datetime | None) -> dg.ExecuteInProcessResult:
    """A run as Dagster's daemon starts it: the job, a partition, and the clock."""
    settings = world.settings()
    given = definitions.resources(settings, at=at.isoformat() if at else None, allow_hosts=world.server.hosts)
    assert settings.services
    job = definitions.build(catalog.load(settings.services), given).resolve_job_def(NIGHTLY)
    quiet = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}
    with TemporaryDirectory() as folder, dg.DagsterInstance.ephemeral(folder) as instance:
        return job.execute_in_process(
            partition_key=day.isoformat(), instance=instance, run_config=quiet, raise_on_error=False
        )


# --------------------------------------------------------------------------- two nights


def test_growth_comes_out_as_the_annual_report_prints_it(demo: World) -> None:
    displays = _displays(demo.dump())
    assert {figure: displays.get(figure) for figure in BILAN_2023} == BILAN_2023


def test_the_same_nights_again_change_nothing(demo: World, copy: Copy) -> None:
    again = copy(demo)
    for day in (END_OF_2022, END_OF_2023):
        assert again.night(day).completed
    assert again.dump() == demo.dump()
    assert again.warc() == demo.warc()


def test_a_night_whose_pages_did_not_change_only_tells_of_itself(demo: World, copy: Copy) -> None:
    world = copy(demo)
    assert world.night(JUNE).completed
    before, archive = world.dump(), world.warc()
    assert world.night(JUNE + timedelta(days=1)).completed
    grown = added(before, world.dump())
    assert grown.keys() <= OF_THE_NIGHT
    assert grown["nights"] == grown["portfolios"] == 1
    assert {name: data for name, data in world.warc().items() if name in archive} == archive


def test_one_service_alone_leaves_the_others_as_they_were(demo: World, copy: Copy) -> None:
    world = copy(demo)
    before = world.dump()
    told = world.night(date(2024, 1, 1), only=["signalement"])
    assert told.completed
    after = world.dump()
    grown = added(before, after)
    visited = {row["service_id"] for row in _new("snapshots", before, after)}
    assert visited == {None, "signalement"}
    by_service = [
        table for table in grown if table != "snapshots" and "service_id" in _new(table, before, after)[0]
    ]
    for table in by_service:
        assert {row["service_id"] for row in _new(table, before, after)} == {"signalement"}, table
    assert told.summary
    assert (told.summary["services"], told.summary["read"]) == (1, 1)


# ------------------------------------------------------------------------ a past night


def test_a_past_night_is_read_from_the_archive(demo: World, copy: Copy) -> None:
    world = copy(demo)
    before = world.dump()
    world.server.day = date(2020, 1, 1)  # every page now answers 404
    assert _run(world, END_OF_2023, evening(date(2024, 1, 2))).success
    assert added(before, world.dump()).keys() <= {"confirmations"}
    assert world.warc() == demo.warc()


def test_a_past_night_that_nobody_visited_says_so(demo: World, copy: Copy) -> None:
    world = copy(demo)
    before = world.dump()
    world.server.day = END_OF_2023
    assert not _run(world, date(2023, 6, 15), evening(date(2024, 1, 2))).success
    after = world.dump()
    absent = _new("absences", before, after)
    assert {row["reason"] for row in absent} == {"not_visited"}
    assert len(absent) == len([row for row in after["metrics"].values() if not row["withdrawn"]])
    assert world.warc() == demo.warc()
    for table in ("services", "phases", "events", "observations", "growth", "qualifications", "criteria"):
        assert after[table] == before[table], table
    [night] = _new("nights", before, after)
    assert (night["state"], night["reached"]) == ("blocked", 0)


# ------------------------------------------------------------------------- as Dagster


def test_a_scheduled_run_takes_the_moment_of_its_creation(first: World, copy: Copy) -> None:
    world = copy(first)
    before = world.dump()
    world.server.day = END_OF_2023
    started = datetime.now(UTC)
    result = _run(world, paris_day(started), None)
    assert result.success
    after = world.dump()
    moments = {row["known_at"] for row in _new("snapshots", before, after)}
    assert len(moments) == 1
    assert abs(moments.pop() - started) < timedelta(minutes=2)
    assert {row["known_at"] for row in _new("observations", before, after)} <= {
        row["known_at"] for row in _new("nights", before, after)
    }
    found = {
        event.asset_key.to_user_string(): event
        for event in result.get_asset_materialization_events()
        if event.asset_key
    }
    assert "pages/ban" in found
    assert {"pages/tchap", "pages/l-immersion-facile"}.isdisjoint(found)
    assert "growth" in found
    metadata = found["pages/ban"].materialization.metadata
    assert set(metadata) == {"figures found", "figures missing", "bytes", "status", "sha256", "trace"}
    assert metadata["status"].value == 200
    assert metadata["figures found"].value == 4


# ----------------------------------------------------------------- services that are down


def test_three_services_down_of_fourteen_is_an_ordinary_night(tmp_path: Path) -> None:
    down = {"tchap", "ban", "signalement"}
    with ReplicaServer(down=down, login=()) as server:
        world = World(tmp_path, server)
        ended = world.impact(*world.night_arguments(END_OF_2023))
    assert (ended.status, ended.err) == (0, "")
    dump = world.dump()
    absent = {row["service_id"] for row in dump["absences"].values() if row["reason"] == "unreachable"}
    assert absent == down
    assert {row["service_id"] for row in dump["observations"].values()} == set(OF_2023) - down
    assert dump["qualifications"]
    for service in down:
        assert service in ended.out


def test_with_every_page_down_only_what_rests_on_the_portfolio_is_published(tmp_path: Path) -> None:
    everyone = OF_2023
    with ReplicaServer(down=everyone, login=()) as server:
        world = World(tmp_path, server)
        ended = world.impact(*world.night_arguments(END_OF_2023))
    assert ended.status == 1
    assert "Coverage has collapsed" in ended.sentence
    assert "Traceback" not in ended.out
    for service in everyone:
        assert service in ended.out
    dump = world.dump()
    assert {row["reason"] for row in dump["absences"].values()} == {"unreachable"}
    assert not any(
        dump[table] for table in ("observations", "growth", "refusals", "qualifications", "criteria")
    )
    assert dump["portfolio_counts"]
    with ReplicaServer() as server:
        later = World(tmp_path, server)
        assert later.night(END_OF_2023 + timedelta(days=1)).completed
    assert later.dump()["qualifications"]


def test_a_portfolio_that_collapsed_changes_nothing_that_rests_on_it_and_the_next_one_serves(
    first: World, copy: Copy
) -> None:
    world = copy(first)
    half = portfolio(END_OF_2023)
    half["data"] = half["data"][::2]
    file = world.folder / "half.json"
    file.write_text(json.dumps(half), encoding="utf-8")
    told = world.night(END_OF_2023, portfolio=str(file))
    assert not told.completed
    assert "The portfolio has lost more than one product in five." in " ".join(told.failures)
    for table in ("portfolio_counts", "plf_indicators", "qualifications"):
        assert world.dump()[table] == first.dump()[table], table
    assert world.dump()["growth"]
    assert world.night(END_OF_2023 + timedelta(days=1)).completed


def test_a_night_that_fails_does_not_repeat_what_an_earlier_run_of_it_said(
    server: ReplicaServer, tmp_path: Path
) -> None:
    world = World(tmp_path, server)
    assert world.night(END_OF_2022, only=["tchap"]).blocked
    (world.archive / "2022" / "impact-2022-12-31.warc.gz").unlink()
    told = world.night(END_OF_2022)
    assert not told.completed
    assert not told.blocked
    assert "impact-2022-12-31.warc.gz" in " ".join(told.failures)


@pytest.mark.skipif(not REAL_PORTFOLIO.exists(), reason=f"{REAL_PORTFOLIO.name} is not here")
def test_the_real_portfolio_gives_its_counts_with_the_network_down(tmp_path: Path) -> None:
    with ReplicaServer(down=OF_2023, login=()) as server:
        world = World(tmp_path, server)
        told = world.night(date(2026, 8, 21), portfolio=str(REAL_PORTFOLIO))
    assert told.blocked
    assert not told.completed
    counts = {
        row["as_of"].year: row["value"]
        for row in world.dump()["portfolio_counts"].values()
        if row["measure"] == "impact_national_total" and (row["as_of"].month, row["as_of"].day) == (1, 1)
    }
    assert {year: counts.get(year) for year in (2022, 2023, 2024)} == {2022: 12, 2023: 18, 2024: 24}
