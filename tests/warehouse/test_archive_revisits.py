"""A body that did not change is kept once; the index; and what a record's head proves."""

import gzip
import os
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from connectors.snapshot import Snapshot
from tests.warehouse.test_archive import (
    BODY,
    BROTLI,
    FILE,
    NIGHT,
    SNAPSHOTS,
    records,
    same,
    snapshot,
    warcio_complaints,
)
from warehouse.archive import Archive, Place
from warehouse.errors import BrokenArchive, Unstorable
from warehouse.warc_import import Captures, WarcFile


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "archive" / FILE


LATER = date(2026, 1, 5)
LATER_FILE = "2026/impact-2026-01-05.warc.gz"


def again(original: Snapshot, **changes: object) -> Snapshot:
    """The same answer three nights later."""
    return replace(original, at=original.at + timedelta(days=3), **changes)  # type: ignore[arg-type]


def kind(archive: Archive, place: Place) -> str:
    return archive.record(place).kind


REPEATED = {name: each for name, each in SNAPSHOTS.items() if name not in ("empty", "from a file")}


@pytest.mark.parametrize("original", REPEATED.values(), ids=REPEATED)
def test_a_body_that_did_not_change_is_kept_once(
    archive: Archive, tmp_path: Path, original: Snapshot
) -> None:
    first = archive.append(NIGHT, original)
    second = archive.append(LATER, again(original, headers=(*original.headers, ("Age", "3"))), first)
    assert kind(archive, second) == "revisit"
    assert same(
        Archive(tmp_path / "archive").open(second), again(original, headers=(*original.headers, ("Age", "3")))
    )
    if original is not BROTLI:
        assert warcio_complaints(tmp_path / "archive" / LATER_FILE) == 0


def test_a_third_night_refers_to_the_first(archive: Archive) -> None:
    original = SNAPSHOTS["plain"]
    places = [archive.append(NIGHT, original)]
    places.append(archive.append(LATER, again(original), places[-1]))
    places.append(archive.append(date(2026, 1, 8), again(again(original)), places[-1]))
    assert [archive.record(place).original.filename for place in places[1:]] == [
        "impact-2026-01-02.warc.gz"
    ] * 2
    assert same(archive.open(places[2]), again(again(original)))


@pytest.mark.parametrize(
    ("earlier", "tonight"),
    [
        (SNAPSHOTS["plain"], snapshot(b"another")),
        (SNAPSHOTS["plain"], snapshot(BODY, url="https://stats.example.fr/b")),
        (SNAPSHOTS["gzip"], SNAPSHOTS["plain"]),
        (SNAPSHOTS["empty"], SNAPSHOTS["empty"]),
        (SNAPSHOTS["from a file"], SNAPSHOTS["from a file"]),
    ],
    ids=["another body", "another address", "another encoding", "no body", "no exchange"],
)
def test_what_is_not_the_same_body_of_the_same_address_is_kept_whole(
    archive: Archive, earlier: Snapshot, tonight: Snapshot
) -> None:
    place = archive.append(LATER, again(tonight), archive.append(NIGHT, earlier))
    assert kind(archive, place) == "response"
    assert same(archive.open(place), again(tonight))


def test_an_earlier_record_that_cannot_be_read_repeats_nothing(archive: Archive, file: Path) -> None:
    first = archive.append(NIGHT, SNAPSHOTS["plain"])
    os.truncate(file, first.offset + first.length - 1)
    assert kind(archive, archive.append(LATER, again(SNAPSHOTS["plain"]), first)) == "response"


@pytest.fixture
def revisit(archive: Archive) -> Place:
    first = archive.append(NIGHT, SNAPSHOTS["plain"])
    return archive.append(LATER, again(SNAPSHOTS["plain"]), first)


def test_what_other_tools_see_of_a_revisit(archive: Archive, revisit: Place, tmp_path: Path) -> None:
    _, request, response = records(tmp_path / "archive" / LATER_FILE)
    assert (response[0], response[2], response[3]) == ("revisit", dict(SNAPSHOTS["plain"].headers), b"")
    assert request[1]["WARC-Concurrent-To"] == response[1]["WARC-Record-ID"]
    original = next(
        fields for name, fields, _, _ in records(tmp_path / "archive" / FILE) if name == "response"
    )
    assert {
        name: value for name, value in response[1].items() if name.startswith(("WARC-Refers", "WARC-Prof"))
    } == {
        "WARC-Profile": "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest",
        "WARC-Refers-To": original["WARC-Record-ID"],
        "WARC-Refers-To-Target-URI": original["WARC-Target-URI"],
        "WARC-Refers-To-Date": original["WARC-Date"],
        "WARC-Refers-To-Filename": "impact-2026-01-02.warc.gz",
    }
    assert response[1]["WARC-Payload-Digest"] == original["WARC-Payload-Digest"]


def test_a_revisit_of_a_record_that_is_gone_is_broken(archive: Archive, revisit: Place, file: Path) -> None:
    file.unlink()
    with pytest.raises(BrokenArchive, match=r"2026-01-05.*is not in 2026/impact-2026-01-02"):
        archive.open(revisit)


def test_a_revisit_of_an_altered_body_is_broken(archive: Archive, revisit: Place, file: Path) -> None:
    data = file.read_bytes()
    file.write_bytes(data[:-20] + bytes([data[-20] ^ 1]) + data[-19:])
    with pytest.raises(BrokenArchive, match="body is that of another record"):
        archive.open(revisit)


# The index.


def test_the_index_finds_what_is_there_and_is_always_the_same(
    archive: Archive, revisit: Place, tmp_path: Path
) -> None:
    index = tmp_path / "archive/2026/impact-2026-01-05.cdxj"
    archive.write_index(LATER, archive.end(LATER))
    (line,) = index.read_text(encoding="utf-8").splitlines()
    assert line.startswith(
        'fr,example,stats)/a?b=c 20260105030405 {"url": "https://stats.example.fr/a?b=c", '
    )
    assert f'"length": "{revisit.length}", "offset": "{revisit.offset}"' in line
    before = index.read_bytes(), index.stat().st_mtime_ns
    archive.write_index(LATER, archive.end(LATER))
    assert (index.read_bytes(), index.stat().st_mtime_ns) == before


@pytest.mark.parametrize(
    "index", [b"", b"no index\n", b'a 1 {"record-id": "x", "offset": "0", "length": "9"}\n']
)
def test_an_index_that_says_nothing_costs_time_only(
    archive: Archive, revisit: Place, file: Path, index: bytes
) -> None:
    file.with_name("impact-2026-01-02.cdxj").write_bytes(index)
    assert archive.open(revisit).payload == BODY


def test_an_index_that_lies_is_not_believed(archive: Archive, revisit: Place, file: Path) -> None:
    archive.write_index(NIGHT, archive.end(NIGHT))
    index = file.with_name("impact-2026-01-02.cdxj")
    index.write_bytes(index.read_bytes().replace(b'"offset": "', b'"offset": "1'))
    with pytest.raises(BrokenArchive):
        archive.open(revisit)


@pytest.mark.parametrize(
    ("field", "forged"), [(b"https://stats", b"https://stits"), (b"2026-01-02T03", b"2026-01-02T04")]
)
def test_the_head_of_a_record_cannot_be_forged(
    archive: Archive, file: Path, field: bytes, forged: bytes
) -> None:
    """The id is made of address, moment and body: all three are still those."""
    place = archive.append(NIGHT, SNAPSHOTS["plain"])
    intact = file.read_bytes()
    record = gzip.decompress(intact[place.offset : place.offset + place.length])
    member = gzip.compress(record.replace(field, forged), 6, mtime=0)
    file.write_bytes(intact[: place.offset] + member)
    with pytest.raises(BrokenArchive, match="its id"):
        archive.open(Place(FILE, place.offset, len(member)))


def test_the_import_reads_our_own_files_back(archive: Archive, revisit: Place, tmp_path: Path) -> None:
    """As another archive would: alone the revisit is of nothing, with the first night it is whole."""
    root = tmp_path / "archive"
    with WarcFile(root / FILE) as first, WarcFile(root / LATER_FILE) as second:
        assert [capture.kind for capture in (*first.captures, *second.captures)] == ["response", "revisit"]
        both = Captures([first, second], lambda _: None)
        assert [
            same(both.snapshot(one), original)
            for one, original in zip(both.all, (SNAPSHOTS["plain"], again(SNAPSHOTS["plain"])), strict=True)
        ] == [True, True]
        alone = Captures([second], lambda _: None)
        with pytest.raises(Unstorable, match="in none of these files"):
            alone.snapshot(alone.all[0])
