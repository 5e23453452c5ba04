"""A night is sealed at its end: a chain of manifests, in the archive and in the database."""

import hashlib
import json
from datetime import date
from pathlib import Path

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from tests.warehouse.build import URL, World, night, snapshot
from warehouse import manifest as manifests
from warehouse import seals, snapshots
from warehouse.archive import Archive
from warehouse.archive.walk import Weighed
from warehouse.errors import BrokenArchive
from warehouse.history import Row
from warehouse.manifest import Manifest
from warehouse.snapshots import Visit
from warehouse.tables import seals as table
from warehouse.tables import snapshots as snapshot_table
from warehouse.verification import chain, exchanges

FIRST, SECOND, THIRD = "2026-01-01", "2026-01-02", "2026-01-03"


@pytest.fixture
def world(engine: sa.Engine, archive: Archive) -> World:
    return World(engine, archive)


def seal(world: World, day: str, hour: int = 3) -> int:
    with world.engine.begin() as connection:
        return seals.seal(connection, world.archive, night(day, hour))


def told(world: World) -> list[Row]:
    with world.engine.connect() as connection:
        return [dict(row) for row in connection.execute(sa.select(table).order_by(table.c.number)).mappings()]


def sha256(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


def test_each_manifest_names_the_one_before(world: World) -> None:
    for day in (FIRST, SECOND):
        world.shows(night(day), dossiers=day[-1])
        assert seal(world, day) == 1
    root = world.archive.root
    first, second = (root / f"2026/impact-{day}.manifest.json" for day in (FIRST, SECOND))
    said = json.loads(second.read_bytes())
    file = root / f"2026/impact-{SECOND}.warc.gz"
    assert said["previous"] == sha256(first)
    assert said["replaces"] is None
    assert said["files"] == [
        {
            "name": f"2026/{file.name}",
            "size": file.stat().st_size,
            "sha256": sha256(file),
            "records": said["files"][0]["records"],
        }
    ]
    assert [row["manifest_sha256"] for row in told(world)] == [sha256(first), sha256(second)]
    assert [row["previous"] for row in told(world)] == [None, sha256(first)]


def test_a_night_that_did_not_grow_is_sealed_already(world: World) -> None:
    world.shows(night(FIRST), dossiers="1")
    assert seal(world, FIRST) == 1
    before = {path: path.read_bytes() for path in world.archive.root.rglob("*.*")}
    assert seal(world, FIRST, hour=4) == 0
    assert {path: path.read_bytes() for path in world.archive.root.rglob("*.*")} == before


def test_a_night_that_grew_gets_another_manifest_and_the_chain_goes_on(world: World) -> None:
    world.shows(night(FIRST), dossiers="1")
    seal(world, FIRST)
    world.shows(night(SECOND), dossiers="2")
    seal(world, SECOND)
    world.shows(night(FIRST, 5), dossiers="3")
    assert seal(world, FIRST, 5) == 1
    one, two, three = manifests.chain(world.archive.root)
    assert [each.number for each in (one, two, three)] == [1, 2, 3]
    assert (three.night, three.version, three.previous, three.replaces) == (
        date(2026, 1, 1),
        2,
        two.sha256,
        one.sha256,
    )
    assert three.held.size > one.held.size
    assert (world.archive.root / "2026/impact-2026-01-01.manifest.json").read_bytes() == one.as_bytes()


def test_killed_between_the_manifest_and_its_row(world: World) -> None:
    world.shows(night(FIRST), dossiers="1")
    seal(world, FIRST)
    before = told(world)
    with world.engine.begin() as connection:
        connection.execute(sa.delete(table))
    assert seal(world, FIRST, hour=4) == 1
    assert told(world) == before


def test_only_the_end_of_the_chain_is_read(world: World) -> None:
    for day in (FIRST, SECOND, THIRD):
        if day == THIRD:
            (world.archive.root / f"2026/impact-{FIRST}.manifest.json").write_bytes(b"not one of ours")
        world.shows(night(day), dossiers=day[-1])
        assert seal(world, day) == 1
    assert told(world)[2]["previous"] == told(world)[1]["manifest_sha256"]
    with world.engine.connect() as connection:
        (found,) = (each for each in chain.check(connection, world.archive) if each.night is None)
    assert f"{FIRST}.manifest.json is not one that we wrote" in found.sentence


@pytest.mark.parametrize("kept", [True, False], ids=["altered", "gone"])
def test_nothing_is_sealed_after_an_end_that_is_not_as_it_was(world: World, *, kept: bool) -> None:
    for day in (FIRST, SECOND):
        world.shows(night(day), dossiers=day[-1])
        seal(world, day)
    end = world.archive.root / f"2026/impact-{SECOND}.manifest.json"
    altered = end.read_bytes().replace(b'"records":', b'"records":1')
    end.unlink()
    if kept:
        end.write_bytes(altered)
    world.shows(night(THIRD), dossiers="3")
    with pytest.raises(BrokenArchive, match=f"manifests of the night of {SECOND} .* `impact verify`"):
        seal(world, THIRD)


def test_another_database_on_the_same_archive_goes_on_with_its_chain(world: World) -> None:
    for day in (FIRST, SECOND):
        world.shows(night(day), dossiers=day[-1])
        seal(world, day)
    before = told(world)
    with world.engine.begin() as connection:
        connection.execute(sa.delete(table).where(table.c.number == 2))
    world.shows(night(THIRD), dossiers="3")
    assert seal(world, THIRD) == 2
    *known, last = told(world)
    assert known == before
    assert last["previous"] == before[-1]["manifest_sha256"]


def test_a_night_without_exchanges_has_no_seal(world: World) -> None:
    assert seal(world, FIRST) == 0
    assert not world.archive.root.exists()


def test_what_a_killed_run_left_is_not_sealed(world: World) -> None:
    world.shows(night(FIRST), dossiers="1")
    end = world.archive.end(date(2026, 1, 1))
    with (world.archive.root / "2026/impact-2026-01-01.warc.gz").open("ab") as file:
        file.write(b"\x1f\x8b\x08 torn")
    seal(world, FIRST)
    assert manifests.chain(world.archive.root)[0].held.size == end


def test_what_is_sealed_is_not_cut_even_for_another_database(world: World) -> None:
    world.shows(night(FIRST), dossiers="1")
    seal(world, FIRST)
    size = world.archive.end(date(2026, 1, 1))
    with world.engine.begin() as connection:
        connection.execute(sa.delete(snapshot_table))
        assert snapshots.clear_torn_tail(connection, world.archive, date(2026, 1, 1)) == 0
    assert world.archive.end(date(2026, 1, 1)) == size


def test_a_file_with_a_torn_record_is_not_sealed(world: World) -> None:
    world.shows(night(FIRST), dossiers="1")
    file = world.archive.root / "2026/impact-2026-01-01.warc.gz"
    data = file.read_bytes()
    file.write_bytes(data[:-30] + bytes([data[-30] ^ 1]) + data[-29:])
    with pytest.raises(BrokenArchive):
        seal(world, FIRST)
    assert manifests.chain(world.archive.root) == []


@pytest.mark.parametrize(
    "data", [b"", b"{}", b"[]", b"null", b"\xff", b'{"files": [1]}', b'{"files": [{}, {}]}'], ids=repr
)
def test_a_manifest_that_is_none(tmp_path: Path, data: bytes) -> None:
    file = tmp_path / "2026/impact-2026-01-01.manifest.json"
    file.parent.mkdir()
    file.write_bytes(data)
    with pytest.raises(BrokenArchive, match=r"impact-2026-01-01\.manifest\.json is not"):
        manifests.chain(tmp_path)


digests = st.text("0123456789abcdef", min_size=64, max_size=64)


@given(
    st.dates(date(2000, 1, 1)),
    st.integers(1, 10**6),
    st.integers(1, 99),
    st.builds(Weighed, st.integers(0, 10**12), digests, st.integers(0, 10**6)),
    st.none() | digests,
    st.none() | digests,
)
def test_a_manifest_comes_back_as_it_was(
    tmp_path_factory: pytest.TempPathFactory,
    day: date,
    number: int,
    version: int,
    held: Weighed,
    previous: str | None,
    replaces: str | None,
) -> None:
    root = tmp_path_factory.mktemp("chain")
    written = Manifest(day, number, version, night(FIRST).at, held, previous, replaces)
    (root / written.file).parent.mkdir()
    manifests.write(root, written)
    assert manifests.chain(root) == [written]


def test_an_exchange_that_two_services_made_at_once_has_a_record_for_each(
    engine: sa.Engine, archive: Archive
) -> None:
    on = night("2026-01-05")
    same = (snapshot(b"<b>10</b>", on.at),)
    visits = [Visit(service_id, URL, same) for service_id in ("un", "deux")]
    with engine.begin() as connection:
        assert snapshots.keep(connection, archive, on, visits) == 2
        seals.seal(connection, archive, on)
    with engine.connect() as connection:
        checked = exchanges.check(connection, archive)
    assert checked.findings == []
    assert len(set(checked.places.values())) == 2
