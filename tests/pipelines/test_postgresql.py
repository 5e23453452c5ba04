"""What proves the figures, on PostgreSQL: verified, replayed, and said before it happens, as on SQLite."""

import shutil
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

import pytest
import sqlalchemy as sa

from pipelines.replay import Change, replay
from pipelines.settings import Settings
from pipelines.verify import verify
from tests.pipelines.world import END_OF_2022, END_OF_2023, World
from tests.sweep.databases import Database, NotHere, opened
from tests.tools.expectations import import_great_expectations
from tests.tools.replica_server import ReplicaServer
from warehouse.database import opened as warehouse_opened
from warehouse.night import PARIS

LATER = datetime(2024, 1, 2, 23, tzinfo=PARIS)
EXPECTED = [
    Change("growth", "trackdechets/tonnes_traitees/2023", "+76 %", "+86 %"),
    Change("observations", "trackdechets/tonnes_traitees 2022-12-31", "3113222", "2175054"),
    Change("observations", "trackdechets/tonnes_traitees 2023-12-31", "5491633", "4066389"),
]


class Kept(NamedTuple):
    """A server's database after two nights, kept under the name ``nights``."""

    database: Database
    world: World
    settings: Settings


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kept]:
    import_great_expectations()
    folder = tmp_path_factory.mktemp("postgresql")
    try:
        with opened("postgresql", folder) as database, ReplicaServer(["trackdechets"], down=()) as server:
            world = World(folder / "world", server)
            for day in (END_OF_2022, END_OF_2023):
                assert world.night(day, database_url=database.url).completed
            database.keep("nights")
            yield Kept(database, world, world.settings(database_url=database.url))
    except NotHere as error:
        pytest.skip(str(error))


@pytest.fixture
def settings(kept: Kept) -> Settings:
    """Those of the database as the nights left it."""
    kept.database.put_back("nights")
    return kept.settings


def mended(kept: Kept) -> Path:
    """The service file reads slips where it read tonnes."""
    folder = kept.world.folder / "mended"
    shutil.copytree(kept.world.specs, folder, dirs_exist_ok=True)
    file = folder / "trackdechets.yml"
    text = file.read_text("utf-8")
    file.write_text(text.replace("$.total_quantity_processed", "$.total_bsdd_created"), "utf-8")
    return folder


def rows(settings: Settings, query: str) -> list[tuple[object, ...]]:
    with warehouse_opened(settings.database_url) as engine, engine.connect() as connection:
        return [tuple(row) for row in connection.execute(sa.text(query))]


def test_everything_is_derived_again_and_an_edited_row_is_found(settings: Settings) -> None:
    told = verify(settings)
    assert told.findings == []
    assert told.compared.rows > 0
    with warehouse_opened(settings.database_url) as engine, engine.begin() as connection:
        edited = sa.text("UPDATE growth SET display = '+77 %' WHERE display = '+76 %'")
        assert connection.execute(edited).rowcount == 1
    (found,) = verify(settings).findings
    assert found.sentence.startswith("growth says display +77 % instead of +76 % in the row ")


def test_a_replay_is_said_before_it_happens_and_verified_after(settings: Settings, kept: Kept) -> None:
    today = settings.model_copy(update={"services": mended(kept)})
    count = "SELECT count(*) FROM extractions"
    before = rows(settings, count)
    assert replay(today, dry_run=True, at=LATER).changes == EXPECTED
    assert rows(settings, count) == before
    assert replay(today, at=LATER).changes == EXPECTED
    assert rows(settings, count) > before
    assert verify(today).findings == []
