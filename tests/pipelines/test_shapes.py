"""One night over every shape and every hostile variant: each is told as it should, and none costs another."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa

from connectors.extractor import Extractor
from connectors.fetcher import Fetcher
from connectors.fetching.manners import Manners
from pipelines.collect import Tools, collect
from tests.tools.shapes import Shape, ShapesServer
from warehouse.archive import Archive
from warehouse.database import open_database
from warehouse.night import Night
from warehouse.tables import absences, extractions

Told = dict[str, list[str]]


@pytest.fixture(scope="module")
def night(tmp_path_factory: pytest.TempPathFactory) -> tuple[list[Shape], Told]:
    folder: Path = tmp_path_factory.mktemp("shapes")
    engine = open_database(f"sqlite:///{folder / 'impact.sqlite'}")
    with ShapesServer() as server, Extractor() as extractor:
        fetcher = Fetcher(manners=Manners(pace=0, attempts=1), allow_hosts=server.hosts)
        tools = Tools(engine, Archive(folder / "archive"), fetcher, extractor)
        collect(server.services(), Night.of(datetime.now(UTC)), tools)
    told = _told(engine)
    engine.dispose()
    return server.shapes, told


def _told(engine: sa.Engine) -> Told:
    told: Told = {}
    with engine.connect() as connection:
        found = sa.select(extractions).order_by(extractions.c.start)
        for row in connection.execute(found).mappings():
            line = f"{row['exact']} · {row['period_text']} · {row['notation']}"
            told.setdefault(row["service_id"], []).append(line)
        for row in connection.execute(sa.select(absences)).mappings():
            told.setdefault(row["service_id"], []).append(f"{row['reason']}: {row['sentence']}")
    return told


def test_every_shape_is_read_as_its_answers_say(night: tuple[list[Shape], Told]) -> None:
    shapes, told = night
    expected = {shape.service_id: sorted(shape.told) for shape in shapes if shape.told is not None}
    assert {name: sorted(told.get(name, [])) for name in expected} == expected


def test_every_hostile_variant_gives_a_reason_and_no_figure(night: tuple[list[Shape], Told]) -> None:
    shapes, told = night
    hostile = {shape.service_id: told.get(shape.service_id, []) for shape in shapes if shape.hostile}
    assert all(len(lines) == 1 for lines in hostile.values()), hostile
    codes = {name: lines[0].partition(":")[0] for name, lines in hostile.items()}
    assert not [name for name, code in codes.items() if "·" in code or code == "reading_error"], codes
