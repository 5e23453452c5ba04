"""Everything is derived again from the archive; whatever was tampered with is found, and named."""

import gzip
import json
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import date, datetime
from pathlib import Path

import pytest

from connectors.catalog import SERVICES
from pipelines.errors import NothingToVerify
from pipelines.reports import import_report
from pipelines.settings import Settings
from pipelines.verify import Verified, verify
from pipelines.verify_words import in_words
from tests.pipelines.world import END_OF_2022, END_OF_2023, World
from warehouse.archive.place import warc_of
from warehouse.archive.walk import records
from warehouse.history import identity
from warehouse.night import PARIS
from warehouse.tables import metadata, seals, snapshots
from warehouse.verification.comparison import DERIVED
from warehouse.verification.given import TAKEN

Copy = Callable[[World], World]


def verified(world: World) -> Verified:
    return verify(world.settings())


def mended(world: World, old: str, new: str) -> Path:
    """Service files in which that of Trackdéchets says something else."""
    folder = shutil.copytree(world.specs, world.folder / "mended")
    file = folder / "trackdechets.yml"
    assert old in file.read_text(encoding="utf-8")
    file.write_text(file.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    return folder


def rows_of(world: World) -> Callable[[str], int]:
    return lambda table: int(world.rows(f"SELECT count(*) FROM {table}")[0][0])


def dump_of(world: World) -> list[str]:
    with closing(sqlite3.connect(world.database)) as connection:
        return list(connection.iterdump())


def warc(world: World, night: date = END_OF_2023) -> Path:
    return world.archive / warc_of(night)


def members(file: Path) -> list[bytes]:
    """The records of a file, each as its gzip member."""
    data, root = file.read_bytes(), file.parent.parent
    name = file.relative_to(root).as_posix()
    return [data[at.offset : at.offset + at.length] for at, _ in records(root, name)]


def test_every_row_is_derived_again(demo: World) -> None:
    told = verified(demo)
    assert told.findings == []
    assert (told.unknown, told.older) == (set(), 0)
    assert told.compared.rows == sum(rows_of(demo)(table.name) for table in DERIVED)
    *_, given, _, last = in_words(told)
    assert given.startswith(
        f"No archive gives {told.taken['metrics']} metrics (what the service files said), "
    )
    sum_of_all = f"{told.compared.rows} rows of 27 tables re-derived from {told.records} records: all equal."
    assert last.replace("\u202f", "") == sum_of_all


def test_nothing_on_record_proves_nothing(tmp_path: Path) -> None:
    nowhere = Settings(database_url=f"sqlite:///{tmp_path / 'none.sqlite'}", archive=tmp_path / "archive")
    with pytest.raises(NothingToVerify):
        verify(nowhere)


def test_a_database_beside_another_archive_is_one_sentence(demo: World, tmp_path: Path) -> None:
    with pytest.raises(NothingToVerify, match="is no archive of any"):
        verify(demo.settings(archive=tmp_path / "none"))
    elsewhere = f"sqlite:///{tmp_path / 'none.sqlite'}"
    with pytest.raises(NothingToVerify, match="knows of none"):
        verify(demo.settings(database_url=elsewhere))


def test_no_table_is_passed_over() -> None:
    """Each is derived again, lies beside the archive, or is named as what no archive gives."""
    assert {*DERIVED, *TAKEN, snapshots, seals} == set(metadata.tables.values())


def test_what_rests_on_a_printed_report_is_derived_again(demo: World, copy: Copy) -> None:
    world = copy(demo)
    text = world.folder / "bilan.txt"
    text.write_text(BILAN, encoding="utf-8")
    moment = datetime(2024, 2, 16, 9, tzinfo=PARIS)
    import_report(world.settings(), str(text), 2023, at=moment)
    assert world.rows("SELECT * FROM criteria WHERE evidence LIKE '%\"claim\"%'")
    assert verified(world).findings == []
    world.say("UPDATE claims SET value = '1' WHERE metric LIKE '%dossiers%'")
    assert any("claims" in str(finding) for finding in verified(world).findings)


BILAN = """Les services

DossierFacile

EN 2023

- **218 481** dossiers validés
"""


def test_verifying_changes_nothing(demo: World, copy: Copy) -> None:
    world = copy(demo)
    before = {path: path.read_bytes() for path in world.archive.rglob("*") if path.is_file()}
    dump = dump_of(world)
    verified(world)
    assert {path: path.read_bytes() for path in world.archive.rglob("*") if path.is_file()} == before
    assert dump_of(world) == dump


# Tampering: each a change, the night it is found in, and words of the first sentence.


def flip_a_bit(world: World) -> None:
    data = bytearray(warc(world).read_bytes())
    data[len(data) // 2] ^= 1
    warc(world).write_bytes(data)


def flip_a_bit_of_a_gzip_head(world: World) -> None:
    data = bytearray(warc(world).read_bytes())
    data[4] ^= 1
    warc(world).write_bytes(data)


def delete_a_record(world: World) -> None:
    kept = members(warc(world))
    del kept[6]
    warc(world).write_bytes(b"".join(kept))


def forge_a_record(world: World) -> None:
    """A body changed with care: gzip's checksum is right, the digest is not."""
    kept = members(warc(world))
    place = next(number for number, each in enumerate(kept) if b"5491633" in gzip.decompress(each))
    kept[place] = gzip.compress(gzip.decompress(kept[place]).replace(b"5491633", b"6491633"), 6, mtime=0)
    warc(world).write_bytes(b"".join(kept))


def swap_a_file(world: World) -> None:
    shutil.copy(warc(world, END_OF_2022), warc(world))


def cut_the_end(world: World) -> None:
    warc(world).write_bytes(b"".join(members(warc(world))[:-1]))


def edit_a_manifest(world: World) -> None:
    file = world.archive / "2022/impact-2022-12-31.manifest.json"
    said = json.loads(file.read_bytes())
    said["files"][0]["records"] += 1
    file.write_bytes(json.dumps(said, sort_keys=True, separators=(",", ":")).encode() + b"\n")


def reword_a_manifest(world: World) -> None:
    file = world.archive / "2022/impact-2022-12-31.manifest.json"
    file.write_bytes(file.read_bytes().replace(b":", b": ", 1))


def edit_an_index(world: World) -> None:
    file = world.archive / "2022/impact-2022-12-31.cdxj"
    file.write_bytes(file.read_bytes().replace(b'"status": "200"', b'"status": "300"', 1))


def remove_an_index(world: World) -> None:
    (world.archive / "2022/impact-2022-12-31.cdxj").unlink()


def remove_a_night(world: World) -> None:
    shutil.rmtree(world.archive / "2022")


def remove_the_last_night(world: World) -> None:
    shutil.rmtree(world.archive / "2023")


ARCHIVE: dict[Callable[[World], None], tuple[str, str]] = {
    flip_a_bit: ("2023-12-31", "In 2023/impact-2023-12-31.warc.gz at byte "),
    flip_a_bit_of_a_gzip_head: (
        "2023-12-31",
        "is not the file that 2023/impact-2023-12-31.manifest.json seals",
    ),
    delete_a_record: ("2023-12-31", "2023/impact-2023-12-31.warc.gz has "),
    forge_a_record: ("2023-12-31", "In 2023/impact-2023-12-31.warc.gz at byte "),
    swap_a_file: ("2023-12-31", "holds the file of the night of 2022-12-31"),
    cut_the_end: ("2023-12-31", " are sealed"),
    edit_a_manifest: ("2022-12-31", "the archive lacks the manifest"),
    reword_a_manifest: ("", "impact-2022-12-31.manifest.json is not as we wrote it"),
    edit_an_index: ("2022-12-31", "impact-2022-12-31.cdxj is not the index of its file"),
    remove_an_index: ("2022-12-31", "impact-2022-12-31.cdxj is not the index of its file"),
    remove_a_night: ("2022-12-31", "the archive lacks the manifest"),
    remove_the_last_night: ("2023-12-31", "the archive lacks the manifest"),
}


@pytest.mark.parametrize("tamper", ARCHIVE, ids=lambda change: change.__name__)
def test_what_was_done_to_the_archive_is_found(
    tamper: Callable[[World], None], demo: World, copy: Copy
) -> None:
    world = copy(demo)
    tamper(world)
    night, words = ARCHIVE[tamper]
    found = [str(finding) for finding in verified(world).findings if finding.rank < 2]
    assert any(sentence.startswith(night) and words in sentence for sentence in found), found


# The database: each a statement, and words of a sentence that it is found by.

DATABASE = {
    "an observation's value": (
        "UPDATE observations SET value = 5491634 WHERE metric_id = 'tonnes_traitees' AND value = 5491633",
        "observations says value 5491634 instead of 5491633 in the row ",
    ),
    "a growth's display": (
        "UPDATE growth SET display = '+77 %' WHERE service_id = 'trackdechets' AND display = '+76 %'",
        "growth says display +77 % instead of +76 % in the row ",
    ),
    "a verdict on a service": (
        "UPDATE criteria SET verdict = 'met' WHERE service_id = 'ban' AND criterion = 'impact'",
        "criteria says verdict met instead of ",
    ),
    "the characters of a figure": (
        "UPDATE extractions SET exact = '5491634' WHERE exact = '5491633'",
        "extractions says exact 5491634 instead of 5491633",
    ),
    "an absence": (
        "UPDATE absences SET sentence = 'All is well.' WHERE snapshot_sha256 IS NULL",
        "of absences does not say what its id does",
    ),
    "where an exchange is": (
        "UPDATE snapshots SET warc_offset = warc_offset + 1 WHERE service_id = 'trackdechets'",
        "of snapshots says 2023/impact-2023-12-31.warc.gz at byte ",
    ),
    "when a page was seen": (
        "UPDATE snapshots SET fetched_at = '2023-12-31T21:00:00.000000Z' WHERE service_id = 'trackdechets'",
        "the database does not know the exchange in 2023/impact-2023-12-31.warc.gz",
    ),
    "what a service file said": (
        "UPDATE metrics SET label = 'Autre chose' WHERE metric_id = 'tonnes_traitees'",
        "of metrics does not say what its id does",
    ),
    "a seal": ("UPDATE seals SET records = records + 1", "of seals is not what the manifest says"),
    "figures removed": (
        "DELETE FROM observations WHERE service_id = 'ban'",
        "observations lacks the row ",
    ),
    "a night's exchanges removed": (
        "DELETE FROM snapshots WHERE night = '2022-12-31' AND service_id = 'ban'",
        "the database does not know the exchange in 2022/impact-2022-12-31.warc.gz",
    ),
    "a count removed": (
        "DELETE FROM portfolio_counts WHERE measure = 'incubators'",
        "portfolio_counts lacks ",
    ),
    "a night's summary removed": ("DELETE FROM nights WHERE night = '2022-12-31'", "nights lacks the row "),
    "a growth nobody derived": (
        "UPDATE growth SET id = 'f0f0f0f0f0f0f0f0f0f0' WHERE metric_id = 'tonnes_traitees'",
        "growth has the row f0f0f0f0f0f0f0f0f0f0 (trackdechets, tonnes_traitees, 2023, ",
    ),
}


@pytest.mark.parametrize("what", DATABASE)
def test_what_was_done_to_the_database_is_found(what: str, demo: World, copy: Copy) -> None:
    world = copy(demo)
    statement, words = DATABASE[what]
    world.say(statement)
    found = [str(finding) for finding in verified(world).findings]
    assert any(words in sentence for sentence in found), found
    assert all(sentence.startswith(("2022-12-31", "2023-12-31")) for sentence in found)


def test_one_edited_row_is_one_difference(demo: World, copy: Copy) -> None:
    world = copy(demo)
    world.say(DATABASE["an observation's value"][0])
    (found,) = verified(world).findings
    assert found.night == END_OF_2023


def test_a_deleted_record_is_named_and_not_those_that_moved_up(demo: World, copy: Copy) -> None:
    world = copy(demo)
    kept = members(warc(world))
    gone = next(number for number, each in enumerate(kept) if b"5491633" in gzip.decompress(each))
    url = gzip.decompress(kept[gone]).split(b"WARC-Target-URI: ")[1].split(b"\r\n")[0].decode()
    del kept[gone]
    warc(world).write_bytes(b"".join(kept))
    lost = [
        str(one) for one in verified(world).findings if "is not in 2023/impact-2023-12-31.warc.gz" in str(one)
    ]
    assert len(lost) == 1
    assert url in lost[0]


# What cannot be derived here is said, and the rest is verified.


def test_a_version_of_a_service_file_that_is_not_here(demo: World, copy: Copy) -> None:
    world = copy(demo)
    told = verify(world.settings(services=mended(world, "$.total_bsdd_created", "$.total_companies")))
    assert told.findings == []
    assert {service for service, _ in told.unknown} == {"trackdechets"}
    assert told.compared.left > 0
    first, *_, last = in_words(told)
    assert "read with a version of the service file that is not here" in first
    assert last.endswith("rows not re-derived.")


def test_the_service_files_of_other_nights(demo: World, copy: Copy) -> None:
    """No page can be read again, and no night is blocked for it: what rests on none is derived still."""
    world = copy(demo)
    told = verify(world.settings(services=SERVICES))
    assert told.findings == []
    assert told.pages == 0
    assert told.compared.left > 0
    assert told.compared.rows > 0


def test_a_reader_that_is_not_here(demo: World, copy: Copy) -> None:
    """As if the night had been read by an older reader: its extractions stay as they are."""
    world = copy(demo)
    with closing(sqlite3.connect(world.database)) as connection, connection:
        aged = age(connection, "trackdechets", "tonnes_traitees")
    told = verified(world)
    assert told.findings == []
    assert told.older == aged > 0


def age(connection: sqlite3.Connection, service: str, metric: str) -> int:
    """Give extractions another reader, and the ids that go with it."""
    names = [row[1] for row in connection.execute("PRAGMA table_info(extractions)")]
    about = "service_id = ? AND metric_id = ?", (service, metric)
    rows = connection.execute(f"SELECT * FROM extractions WHERE {about[0]}", about[1]).fetchall()
    for values in rows:
        row = dict(zip(names, values, strict=True)) | {"reader": "json/0"}
        new = identity("extractions", {name: row[name] for name in names if name not in ("id", "known_at")})
        connection.execute("UPDATE extractions SET reader = 'json/0', id = ? WHERE id = ?", (new, row["id"]))
        connection.execute(
            "UPDATE observations SET extraction_id = ? WHERE extraction_id = ?", (new, row["id"])
        )
    return len(rows)


# The command.


def test_the_command_says_it_in_its_closing_line(demo: World, copy: Copy) -> None:
    world = copy(demo)
    end = world.impact("verify", "--services", str(world.specs))
    assert (end.status, end.err) == (0, "")
    assert end.out.splitlines()[-1].endswith(": all equal.")
    world.say(DATABASE["a growth's display"][0])
    end = world.impact("verify", "--services", str(world.specs))
    assert end.status == 1
    assert "growth says display +77 % instead of +76 %" in end.sentence
