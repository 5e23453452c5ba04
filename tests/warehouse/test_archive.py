"""The archive: what is put in comes back, and nothing else ever does."""

import gzip
import os
import subprocess
import sys
import textwrap
from argparse import Namespace
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

import brotli  # type: ignore[import-untyped]
import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st
from warcio.archiveiterator import ArchiveIterator
from warcio.checker import Checker
from warcio.indexer import Indexer

from connectors.fetching.encodings import decode
from connectors.snapshot import Snapshot
from warehouse.archive import Archive, Place
from warehouse.errors import ArchiveBusy, ArchiveUnwritable, BrokenArchive, Unstorable

NIGHT = date(2026, 1, 2)
FILE = "2026/impact-2026-01-02.warc.gz"
AT = datetime(2026, 1, 2, 3, 4, 5, 678901, tzinfo=UTC)
BODY = "<p>1 575 332 simulations terminées</p>".encode() * 20
REQUEST = (("Host", "stats.example.fr"), ("User-Agent", "impact-night/test"))


def snapshot(
    payload: bytes = BODY, *headers: tuple[str, str], url: str = "https://stats.example.fr/a?b=c"
) -> Snapshot:
    return Snapshot(url, AT, 200, "OK", REQUEST, headers, payload, decode(payload, headers, 10**7))


# warcio 1.8 cannot open brotli with brotli 1.2; we can, and we do not ask for it.
BROTLI = snapshot(brotli.compress(BODY), ("content-encoding", "br"))

SNAPSHOTS = {
    "plain": snapshot(BODY, ("Content-Type", "text/html"), ("Content-Length", str(len(BODY)))),
    "no header": snapshot(),
    "empty": snapshot(b""),
    "binary": snapshot(bytes(range(256)) + b"\r\n\r\n"),
    "gzip": snapshot(gzip.compress(BODY, mtime=0), ("Content-Encoding", "gzip")),
    "gzip twice": snapshot(gzip.compress(gzip.compress(BODY, mtime=0)), ("Content-Encoding", "gzip, gzip")),
    "gzip in chunks": snapshot(
        gzip.compress(BODY, mtime=0), ("content-encoding", "gzip"), ("Transfer-Encoding", "chunked")
    ),
    "brotli": BROTLI,
    "zstd": snapshot(zstandard.compress(BODY), ("Content-Encoding", "zstd")),
    "chunked": snapshot(BODY, ("X-Before", "1"), ("transfer-encoding", "chunked"), ("X-After", "2")),
    "wrong length": snapshot(BODY, ("content-length", "5"), ("X-After", "2")),
    "already archived": snapshot(BODY, ("X-Archive-Orig-Content-Length", "5"), ("x-archive-orig-a", "b")),
    "repeated": snapshot(BODY, ("Set-Cookie", "a=1"), ("X", ""), ("Set-Cookie", "b=2")),
    "accents": snapshot(BODY, ("X-Title", "Ã©tÃ© \xa0ÿ")),
    "refusal": replace(snapshot(b"no"), status=503, reason=""),
    "odd reason": replace(snapshot(), status=404, reason="Pas trouvé  ici"),
    "from a file": Snapshot("file:///data/startups.json", AT, 200, "", (), (), BODY, BODY),
    "other zone": replace(snapshot(), at=AT.astimezone(timezone(timedelta(hours=2)))),
}


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    return Archive(tmp_path / "archive")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "archive" / FILE


def same(kept: Snapshot, original: Snapshot) -> bool:
    return kept == replace(original, request_headers=()) and kept.sha256 == original.sha256


def warcio_complaints(path: Path) -> int:
    checker = Checker(Namespace(inputs=[str(path)], verbose=False))
    return int(checker.process_all())


@pytest.mark.parametrize("original", SNAPSHOTS.values(), ids=SNAPSHOTS)
def test_what_is_kept_comes_back(archive: Archive, file: Path, original: Snapshot) -> None:
    place = archive.append(NIGHT, original)
    assert same(archive.open(place), original)
    if original is not BROTLI:
        assert warcio_complaints(file) == 0


token = st.text("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_!", min_size=1, max_size=30)
value = st.text(st.characters(codec="latin-1", exclude_characters="\r\n"), max_size=50).map(
    lambda text: text.strip(" \t")
)
framing = st.sampled_from(
    [("Content-Length", "3"), ("Transfer-Encoding", "chunked"), ("X-Archive-Orig-Host", "a")]
)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.tuples(token, value) | framing, max_size=8), value, st.binary(max_size=300))
def test_any_headers_and_any_bytes_come_back(
    tmp_path_factory: pytest.TempPathFactory, headers: list[tuple[str, str]], reason: str, payload: bytes
) -> None:
    archive = Archive(tmp_path_factory.mktemp("any"))
    original = replace(snapshot(payload), headers=tuple(headers), reason=reason)
    assert same(archive.open(archive.append(NIGHT, original)), original)


def test_a_night_in_one_file(archive: Archive, file: Path) -> None:
    originals = [each for each in SNAPSHOTS.values() if each is not BROTLI]
    places = archive.append_many(NIGHT, originals[:5])
    places += [archive.append(NIGHT, each) for each in originals[5:]]
    assert {place.file for place in places} == {FILE}
    assert all(same(archive.open(place), each) for place, each in zip(places, originals, strict=True))
    assert warcio_complaints(file) == 0
    assert archive.end(NIGHT) == file.stat().st_size
    assert [path.name for path in file.parent.iterdir()] == [file.name]


def test_nothing_is_created_before_the_first_append(archive: Archive, tmp_path: Path) -> None:
    assert archive.append_many(NIGHT, []) == []
    assert archive.end(NIGHT) == 0
    assert list(tmp_path.iterdir()) == []


def records(file: Path) -> Iterator[tuple[str, dict[str, str], dict[str, str], bytes]]:
    """Each record as a foreign reader sees it: type, WARC fields, HTTP headers, decoded body."""
    with file.open("rb") as stream:
        for record in ArchiveIterator(stream):
            http = dict(record.http_headers.headers) if record.http_headers else {}
            yield record.rec_type, dict(record.rec_headers.headers), http, record.content_stream().read()


def test_what_other_tools_see(archive: Archive, file: Path) -> None:
    archive.append(NIGHT, SNAPSHOTS["gzip in chunks"])
    info, request, response = records(file)
    assert [info[0], request[0], response[0]] == ["warcinfo", "request", "response"]
    assert info[1]["WARC-Filename"] == file.name
    assert response[1]["WARC-Date"] == "2026-01-02T03:04:05.678901Z"
    assert response[1]["WARC-Target-URI"] == "https://stats.example.fr/a?b=c"
    assert response[1]["WARC-Payload-Digest"].startswith("sha256:")
    assert response[3] == BODY
    assert response[2] == {
        "content-encoding": "gzip",
        "X-Archive-Orig-Transfer-Encoding": "chunked",
        "Content-Length": str(len(SNAPSHOTS["gzip in chunks"].payload)),
    }
    assert request[1]["WARC-Concurrent-To"] == response[1]["WARC-Record-ID"]
    assert request[2] == dict(REQUEST)


def test_warcio_indexes_the_same_places(
    archive: Archive, file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    places = archive.append_many(NIGHT, [SNAPSHOTS["plain"], SNAPSHOTS["gzip"]])
    Indexer(["offset", "length", "warc-type"], [str(file)], "-").process_all()
    lines = capsys.readouterr().out.splitlines()
    for place in places:
        assert f'{{"offset": "{place.offset}", "length": "{place.length}", "warc-type": "response"}}' in lines


def test_the_same_night_gives_the_same_bytes(tmp_path: Path) -> None:
    one, other = Archive(tmp_path / "one"), Archive(tmp_path / "other")
    assert one.append(NIGHT, SNAPSHOTS["gzip"]) == other.append(NIGHT, SNAPSHOTS["gzip"])
    assert (tmp_path / "one" / FILE).read_bytes() == (tmp_path / "other" / FILE).read_bytes()


# What cannot be kept.


@pytest.mark.parametrize(
    "unfit",
    [
        snapshot(BODY, ("X", "a\r\nY: b")),
        snapshot(BODY, ("X", "a\r\n\r\nb")),
        snapshot(BODY, ("X: Y", "b")),
        snapshot(BODY, ("X", "’")),
        snapshot(url="https://stats.example.fr/a b"),
        snapshot(url="https://stats.example.fr/\r\nWARC-Type: x"),
        replace(snapshot(BODY, ("Content-Length", "5")), content=b"something else"),
        replace(snapshot(), reason="a\r\nX: y"),
    ],
)
def test_what_would_not_come_back_is_refused(archive: Archive, unfit: Snapshot) -> None:
    with pytest.raises(Unstorable):
        archive.append_many(NIGHT, [SNAPSHOTS["plain"], unfit])
    assert archive.end(NIGHT) == 0


# What is broken.


def test_a_missing_file(archive: Archive) -> None:
    with pytest.raises(BrokenArchive, match=FILE):
        archive.open(Place(FILE, 0, 100))


@pytest.mark.parametrize("shift", [Place("", 1, 0), Place("", 0, -1), Place("", 0, 1), Place("", 10**6, 0)])
def test_a_wrong_place(archive: Archive, shift: Place) -> None:
    place = archive.append(NIGHT, SNAPSHOTS["plain"])
    with pytest.raises(BrokenArchive):
        archive.open(Place(FILE, place.offset + shift.offset, place.length + shift.length))


def test_another_kind_of_record(archive: Archive) -> None:
    place = archive.append(NIGHT, SNAPSHOTS["plain"])
    with pytest.raises(BrokenArchive):
        archive.open(Place(FILE, 0, place.offset))


def test_a_torn_file(archive: Archive, file: Path) -> None:
    place = archive.append(NIGHT, SNAPSHOTS["plain"])
    os.truncate(file, place.offset + place.length - 1)
    with pytest.raises(BrokenArchive):
        archive.open(place)


def test_every_altered_byte_is_seen(archive: Archive, file: Path) -> None:
    original = SNAPSHOTS["plain"]
    place = archive.append(NIGHT, original)
    intact = file.read_bytes()
    header = 10  # of a gzip member: its date and system are not data
    for position in range(place.offset + header, place.offset + place.length):
        file.write_bytes(intact[:position] + bytes([intact[position] ^ 1]) + intact[position + 1 :])
        with pytest.raises(BrokenArchive):
            archive.open(place)


def test_a_body_altered_with_care_is_seen(archive: Archive, file: Path) -> None:
    """A forger who also mends the checksum of gzip meets the digest."""
    place = archive.append(NIGHT, SNAPSHOTS["plain"])
    intact = file.read_bytes()
    record = gzip.decompress(intact[place.offset : place.offset + place.length])
    forged = gzip.compress(record.replace(b"1 575 332", b"2 575 332"), 6, mtime=0)
    file.write_bytes(intact[: place.offset] + forged)
    with pytest.raises(BrokenArchive, match="digest"):
        archive.open(Place(FILE, place.offset, len(forged)))


# After a killed run.


def test_a_torn_tail_is_cut_and_the_night_goes_on(archive: Archive, file: Path) -> None:
    first = archive.append(NIGHT, SNAPSHOTS["plain"])
    known = archive.end(NIGHT)
    archive.append(NIGHT, SNAPSHOTS["gzip"])
    with file.open("ab") as stream:
        stream.write(b"\x1f\x8b\x08 torn")
    archive.trim(NIGHT, known)
    assert archive.end(NIGHT) == known
    second = archive.append(NIGHT, SNAPSHOTS["zstd"])
    assert same(archive.open(first), SNAPSHOTS["plain"])
    assert same(archive.open(second), SNAPSHOTS["zstd"])
    assert warcio_complaints(file) == 0


def test_trimming_to_the_last_known_place_cuts_nothing_that_belongs_to_it(archive: Archive) -> None:
    last = archive.append_many(NIGHT, [SNAPSHOTS["plain"], SNAPSHOTS["gzip"]])[-1]
    assert archive.trim(NIGHT, last.offset + last.length) == 0


def test_whole_records_that_are_cut_are_set_aside(archive: Archive, file: Path) -> None:
    first = archive.append(NIGHT, SNAPSHOTS["plain"])
    known = first.offset + first.length
    archive.append(NIGHT, SNAPSHOTS["gzip"])
    cut = file.read_bytes()[known:]
    archive.trim(NIGHT, known)
    (aside,) = file.parent.glob("*.aside-*")
    assert aside.read_bytes() == cut
    assert warcio_complaints(aside) == 0


def test_a_whole_night_that_no_database_knows_is_not_lost(archive: Archive, file: Path) -> None:
    archive.append(NIGHT, SNAPSHOTS["plain"])
    whole = file.read_bytes()
    archive.trim(NIGHT, 0)
    assert [aside.read_bytes() for aside in file.parent.glob("*.aside-*")] == [whole]


def test_a_torn_record_is_not_worth_keeping(archive: Archive, file: Path) -> None:
    first = archive.append(NIGHT, SNAPSHOTS["plain"])
    with file.open("ab") as torn:
        torn.write(file.read_bytes()[first.offset : first.offset + first.length - 5])
    archive.trim(NIGHT, first.offset + first.length)
    assert not list(file.parent.glob("*.aside-*"))


def test_trim_counts_what_it_cuts(archive: Archive, file: Path) -> None:
    archive.append(NIGHT, SNAPSHOTS["plain"])
    size = archive.end(NIGHT)
    assert archive.trim(NIGHT, size) == 0
    assert archive.trim(NIGHT, size + 1) == 0
    assert archive.trim(NIGHT, size - 7) == 7
    assert archive.trim(NIGHT, 0) == size - 7
    assert not file.exists()
    assert archive.trim(NIGHT, 0) == 0


# The disk.


def test_a_full_disk_leaves_the_file_as_it_was(archive: Archive, file: Path) -> None:
    """The limit is set in another process: there, the file really cannot grow."""
    place = archive.append(NIGHT, SNAPSHOTS["plain"])
    before = file.read_bytes()
    script = f"""
        import resource, sys
        from datetime import date
        from pathlib import Path
        from tests.warehouse.test_archive import BODY, SNAPSHOTS, snapshot
        from warehouse.archive import Archive
        from warehouse.errors import ArchiveFull

        resource.setrlimit(resource.RLIMIT_FSIZE, ({len(before)} + 200, {len(before)} + 200))
        try:
            Archive(Path({str(file.parent.parent)!r})).append(date(2026, 1, 2), SNAPSHOTS["plain"])
        except ArchiveFull as error:
            sys.exit(f"full: {{error}}")
    """
    run = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(script)], capture_output=True, text=True, check=False
    )
    assert run.stderr.startswith("full: The archive's disk is full")
    assert run.returncode == 1
    assert file.read_bytes() == before
    assert same(archive.open(place), SNAPSHOTS["plain"])


def test_no_folder_can_be_made(tmp_path: Path) -> None:
    (tmp_path / "archive").write_text("a file stands here")
    archive = Archive(tmp_path / "archive")
    with pytest.raises(ArchiveUnwritable, match="archive"):
        archive.append(NIGHT, SNAPSHOTS["plain"])
    with pytest.raises(ArchiveUnwritable), archive.lock():
        pytest.fail("the lock was given")
    assert archive.end(NIGHT) == 0


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_closed_to_us(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(ArchiveUnwritable):
        Archive(tmp_path / "archive").append(NIGHT, SNAPSHOTS["plain"])


def test_one_night_at_a_time(archive: Archive, tmp_path: Path) -> None:
    other = Archive(tmp_path / "archive")
    with archive.lock(), pytest.raises(ArchiveBusy, match="Another night"), other.lock():
        pytest.fail("two nights at once")
    with Archive(tmp_path / "archive").lock():
        archive.append(NIGHT, SNAPSHOTS["plain"])
