"""Foreign WARC files: what any tool captured is read as it was; a file that is not sound is refused whole."""

import gzip
import hashlib
import re
from collections.abc import Callable
from contextlib import ExitStack
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import brotli  # type: ignore[import-untyped]
import pytest
import sqlalchemy as sa

from connectors.snapshot import Snapshot
from tests.tools.foreign_warc import HTML, SAME_BODY, Shot, chunked, moment, sha1, write
from warehouse import snapshots
from warehouse.archive import Archive
from warehouse.errors import MalformedWarc, Unstorable
from warehouse.night import Night
from warehouse.snapshots import Visit
from warehouse.warc_import import Capture, Captures, WarcFile, archived

AT = moment("2022-12-31T10:00:00")
URL = "https://essai.example/stats"
BODY = "<p>1 575 332 simulations terminées</p>".encode() * 20

GZIP, BROTLI = ("Content-Encoding", "gzip"), ("Content-Encoding", "br")
CHUNKED = ("Transfer-Encoding", "chunked")


def nowhere(_: Capture) -> Snapshot | None:
    return None


def read(*paths: Path, elsewhere: Callable[[Capture], Snapshot | None] = nowhere) -> list[Snapshot]:
    with ExitStack() as opened:
        captures = Captures([opened.enter_context(WarcFile(path)) for path in paths], elsewhere)
        return [captures.snapshot(capture) for capture in captures.all]


def read_shots(tmp_path: Path, *shots: Shot, **how: bool | str) -> list[Snapshot]:
    path = tmp_path / "foreign.warc"
    write(path, shots, **how)  # type: ignore[arg-type]
    return read(path)


# --- sound files --------------------------------------------------------------------------

SHOTS = {
    "plain": Shot(URL, AT, BODY),
    "chunked": Shot(URL, AT, chunked(BODY), headers=(HTML, CHUNKED)),
    "chunks removed by the tool": Shot(URL, AT, BODY, headers=(HTML, CHUNKED)),
    "gzip": Shot(URL, AT, gzip.compress(BODY, mtime=0), headers=(HTML, GZIP)),
    "gzip in chunks": Shot(URL, AT, chunked(gzip.compress(BODY, mtime=0)), headers=(HTML, GZIP, CHUNKED)),
    "brotli": Shot(URL, AT, brotli.compress(BODY), headers=(HTML, BROTLI)),
    "http": Shot("http://essai.example/stats", AT, BODY),
    "without a body of its own": Shot(URL, AT, BODY, kind="resource"),
    "gone": Shot(URL, AT, BODY, status="404 Not Found"),
    "no reason": Shot(URL, AT, BODY, status="200 "),
    "another digest": Shot(
        URL, AT, BODY, more={"WARC-Payload-Digest": f"sha256:{hashlib.sha256(BODY).hexdigest()}"}
    ),
    "a digest we do not know": Shot(URL, AT, BODY, more={"WARC-Payload-Digest": "xxh3:00"}),
}


@pytest.mark.parametrize("gzipped", [True, False], ids=["file.gz", "file"])
@pytest.mark.parametrize("shot", SHOTS.values(), ids=SHOTS)
def test_a_capture_is_read_as_it_was(tmp_path: Path, shot: Shot, gzipped: bool) -> None:
    (snapshot,) = read_shots(tmp_path, shot, gzip=gzipped)
    assert snapshot.content == BODY
    assert (snapshot.url, snapshot.at) == (shot.url, AT)
    assert snapshot.status == int(shot.status[:3])
    assert snapshot.content_type.startswith("text/html")


@pytest.mark.parametrize("shot", SHOTS.values(), ids=SHOTS)
def test_our_own_archive_keeps_it(tmp_path: Path, shot: Shot) -> None:
    (snapshot,) = read_shots(tmp_path, shot)
    archive = Archive(tmp_path / "archive")
    kept = archive.open(archive.append(AT.date(), snapshot))
    assert (kept.sha256, kept.at, kept.url) == (hashlib.sha256(BODY).hexdigest(), AT, shot.url)


@pytest.mark.parametrize("how", [{"version": "1.0"}, {"gzip": False}], ids=str)
def test_several_records_of_every_kind(tmp_path: Path, how: dict[str, bool | str]) -> None:
    shots = [Shot(f"{URL}/{n}", AT + timedelta(hours=n), BODY * n) for n in range(1, 4)]
    about = Shot(URL, AT, b"hops: 1", kind="metadata")
    assert [len(one.content) for one in read_shots(tmp_path, about, *shots, about, **how)] == [
        len(BODY) * n for n in range(1, 4)
    ]


def test_records_and_captures_are_counted(tmp_path: Path) -> None:
    path = tmp_path / "foreign.warc.gz"
    offsets = write(path, [Shot(URL, AT, BODY), Shot(URL, AT, b"x", kind="metadata"), Shot(URL, AT, b"")])
    with WarcFile(path) as file:
        assert file.records == 4
        assert [capture.offset for capture in file.captures] == [offsets[0], offsets[2]]


def test_a_whole_file_in_one_gzip_member_is_read_too(tmp_path: Path) -> None:
    path = tmp_path / "foreign.warc"
    write(path, [Shot(URL, AT, BODY), Shot(URL + "/2", AT, BODY)], gzip=False)
    path.write_bytes(gzip.compress(path.read_bytes()))
    assert [snapshot.content for snapshot in read(path)] == [BODY, BODY]


def test_an_address_between_angle_brackets(tmp_path: Path) -> None:
    assert [one.url for one in read_shots(tmp_path, Shot(f"<{URL}>", AT, BODY))] == [URL]


# --- what repeats -------------------------------------------------------------------------


def revisit(at: datetime, url: str = URL, **more: str) -> Shot:
    return Shot(url, at, kind="revisit", more={"WARC-Profile": SAME_BODY, "WARC-Payload-Digest": "", **more})


LATER = AT + timedelta(days=30)
NAMED = {"WARC-Refers-To-Target-URI": URL, "WARC-Refers-To-Date": "2022-12-31T10:00:00Z"}
ALIKE = {"WARC-Payload-Digest": sha1(BODY)}


@pytest.mark.parametrize("says", [NAMED, ALIKE, NAMED | ALIKE], ids=["named", "alike", "both"])
def test_a_revisit_has_the_answer_it_repeats(tmp_path: Path, says: dict[str, str]) -> None:
    first, again = read_shots(tmp_path, Shot(URL, AT, BODY), revisit(LATER, **says))
    assert (again.content, again.status, again.at) == (BODY, 200, LATER)
    assert again.sha256 == first.sha256


def test_a_revisit_repeats_a_capture_of_another_file(tmp_path: Path) -> None:
    one, other = tmp_path / "1.warc.gz", tmp_path / "2.warc.gz"
    write(one, [revisit(LATER, "http://essai.example/stats", **ALIKE)])
    write(other, [Shot(URL, AT, BODY)])
    assert [snapshot.content for snapshot in read(one, other)] == [BODY, BODY]


@pytest.mark.parametrize("says", [NAMED, ALIKE], ids=["named", "alike"])
def test_a_revisit_repeats_what_the_archive_has(
    tmp_path: Path, engine: sa.Engine, archive: Archive, says: dict[str, str]
) -> None:
    kept = Snapshot(URL, AT, 200, "OK", (), (HTML,), BODY, BODY)
    with engine.begin() as connection:
        snapshots.keep(connection, archive, Night.of(AT), [Visit("essai", URL, (kept,))])
    path = tmp_path / "foreign.warc.gz"
    write(path, [revisit(LATER, **says)])
    with engine.connect() as connection:
        (again,) = read(path, elsewhere=lambda one: archived(connection, archive, one))
    assert (again.content, again.at) == (BODY, LATER)


OTHER = {"WARC-Payload-Digest": sha1(b"other")}


@pytest.mark.parametrize("says", [OTHER, OTHER | NAMED], ids=["unknown", "denied"])
def test_a_revisit_of_what_nobody_has_is_left_aside(
    tmp_path: Path, engine: sa.Engine, archive: Archive, says: dict[str, str]
) -> None:
    kept = Snapshot(URL, AT, 200, "OK", (), (HTML,), BODY, BODY)
    with engine.begin() as connection:
        snapshots.keep(connection, archive, Night.of(AT), [Visit("essai", URL, (kept,))])
    path = tmp_path / "foreign.warc.gz"
    write(path, [Shot(URL, AT, BODY), revisit(LATER, **says)])
    with engine.connect() as connection, pytest.raises(Unstorable, match="in none of these files"):
        read(path, elsewhere=lambda one: archived(connection, archive, one))


# --- what is left aside -------------------------------------------------------------------

BAD_SHOTS = {
    "is something else": Shot(URL, AT, BODY, headers=(HTML, GZIP)),
    "stops in the middle": Shot(URL, AT, gzip.compress(BODY, mtime=0)[:-9], headers=(HTML, GZIP)),
    "middle of a chunk": Shot(URL, AT, chunked(BODY)[:-20], headers=(HTML, CHUNKED)),
    "a part only": Shot(URL, AT, BODY, more={"WARC-Truncated": "length"}),
    "no HTTP response": Shot(URL, AT, BODY, status="nothing", headers=()),
}


@pytest.mark.parametrize("why", BAD_SHOTS)
def test_a_capture_that_is_no_exchange_costs_itself_only(tmp_path: Path, why: str) -> None:
    path = tmp_path / "foreign.warc.gz"
    write(path, [BAD_SHOTS[why], Shot(URL, AT, BODY)])
    with WarcFile(path) as file:
        bad, good = file.captures
        with pytest.raises(Unstorable, match=why):
            file.load(bad)
        assert file.load(good).content == BODY


# --- refused whole ------------------------------------------------------------------------


def flawed(
    tmp_path: Path, *, gzip: bool, old: bytes = b"", new: bytes = b"", cut: int = 0
) -> tuple[Path, int]:
    """A file of three captures, with a change in the second; and the offset of that one."""
    path = tmp_path / "foreign.warc"
    offsets = write(path, [Shot(f"{URL}/{n}", AT, b"%d " % n + BODY) for n in range(3)], gzip=gzip)
    data = path.read_bytes()
    start, end = offsets[1], offsets[2]
    record = data[start:end]
    assert old in record
    path.write_bytes(data[:start] + record[: -cut or None].replace(old, new, 1) + data[end:] * (not cut))
    return path, start


FLAWS: dict[str, tuple[bytes, bytes, str]] = {
    "version": (b"WARC/1.1", b"WORC/1.1", "no head"),
    "no length": (b"Content-Length:", b"Content-Width:", "no head"),
    "no type": (b"WARC-Type:", b"WARC-Kind:", "lacks its type"),
    "a date that is none": (b"2022-12-31T", b"2022-13-31T", "is no date"),
    "no date": (b"WARC-Date:", b"WARC-Data:", "no WARC-Date"),
    "a body that was changed": (b"1 575 332", b"2 575 332", "block digest"),
    "a payload digest of something else": (
        b"Payload-Digest: sha1:",
        b"Payload-Digest: sha1:A",
        "payload digest",
    ),
}


@pytest.mark.parametrize("flaw", FLAWS)
def test_an_altered_record_is_refused_with_its_offset(tmp_path: Path, flaw: str) -> None:
    old, new, why = FLAWS[flaw]
    path, offset = flawed(tmp_path, gzip=False, old=old, new=new)
    with pytest.raises(MalformedWarc, match=why) as refused:
        WarcFile(path)
    assert refused.value.offset == offset
    assert f"{path} is no sound WARC file: at byte {offset}, " in str(refused.value)


@pytest.mark.parametrize("wrong", [-5, 5], ids=["too small", "too large"])
def test_a_wrong_length_is_refused_where_no_digest_tells(tmp_path: Path, wrong: int) -> None:
    path, offset = flawed(tmp_path, gzip=False)
    data = path.read_bytes().replace(b"-Digest:", b"-Digits:")
    length = re.compile(rb"Content-Length: (\d+)").search(data, offset)
    assert length
    path.write_bytes(data[: length.start(1)] + b"%d" % (int(length[1]) + wrong) + data[length.end(1) :])
    with pytest.raises(MalformedWarc, match="does not end where its length says") as refused:
        WarcFile(path)
    assert refused.value.offset == offset


@pytest.mark.parametrize("zipped", [True, False], ids=["file.gz", "file"])
def test_a_file_that_was_cut_is_refused_with_the_offset_of_its_last_record(
    tmp_path: Path, zipped: bool
) -> None:
    path, offset = flawed(tmp_path, gzip=zipped, cut=30)
    with pytest.raises(MalformedWarc, match="torn" if zipped else "longer than what is left") as refused:
        WarcFile(path)
    assert refused.value.offset == offset


@pytest.mark.parametrize("cut", [1, 4, 8], ids="{} bytes of the trailer".format)
def test_a_member_without_its_checksum_is_torn(tmp_path: Path, cut: int) -> None:
    path, offset = flawed(tmp_path, gzip=True, cut=cut)
    with pytest.raises(MalformedWarc, match="torn") as refused:
        WarcFile(path)
    assert refused.value.offset == offset


def test_a_damaged_member_is_refused_with_its_offset(tmp_path: Path) -> None:
    path, offset = flawed(tmp_path, gzip=True)
    data = bytearray(path.read_bytes())
    data[offset + 60] ^= 0xFF
    path.write_bytes(bytes(data))
    with pytest.raises(MalformedWarc, match="damaged") as refused:
        WarcFile(path)
    assert refused.value.offset == offset


def test_a_member_that_expands_without_end_does_not_fill_the_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, plain = tmp_path / "bomb.warc.gz", (tmp_path / "plain").open("w+b")
    path.write_bytes(gzip.compress(bytes(200_000_000), mtime=0))
    monkeypatch.setattr("warehouse.warc_import.LARGEST_FILE", 1_000_000)
    monkeypatch.setattr("tempfile.TemporaryFile", lambda: plain)
    with pytest.raises(MalformedWarc, match="expands to more than 1,000,000 bytes"):
        WarcFile(path)
    assert (tmp_path / "plain").stat().st_size < 80_000_000


@pytest.mark.parametrize("content", [b"", b"<html>", b"\x1f\x8b", gzip.compress(b"", mtime=0)], ids=repr)
def test_what_is_no_warc_file(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "foreign.warc"
    path.write_bytes(content)
    with pytest.raises(MalformedWarc) as refused:
        WarcFile(path)
    assert refused.value.offset == 0


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        WarcFile(tmp_path / "nothing.warc")


def test_dates_are_utc_whatever_their_zone(tmp_path: Path) -> None:
    shot = Shot(URL, AT, BODY, more={"WARC-Date": "2022-12-31T23:30:00.25+00:00"})
    (snapshot,) = read_shots(tmp_path, shot)
    assert snapshot.at == datetime(2022, 12, 31, 23, 30, 0, 250000, UTC)
    assert Night.of(snapshot.at).day == date(2023, 1, 1)
