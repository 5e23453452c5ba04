"""Snapshots: bytes first, then their row; what a killed run wrote is cut off."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from tests.warehouse.build import URL, night, snapshot
from warehouse import snapshots
from warehouse.archive import Archive
from warehouse.errors import ArchiveUnwritable
from warehouse.snapshots import Visit
from warehouse.tables import snapshots as table

NIGHT = night("2023-12-31")
BODY = b"<p>1 234</p>"


def visit(*bodies: bytes, url: str = URL, service: str | None = "essai", status: int = 200) -> Visit:
    """A chain of redirects that ends on the last body."""
    last = len(bodies) - 1
    hops = [snapshot(body, NIGHT.at, url, status if n == last else 302) for n, body in enumerate(bodies)]
    return Visit(service, url, tuple(hops))


def keep(engine: sa.Engine, archive: Archive, *visits: Visit) -> int:
    with engine.begin() as connection:
        return snapshots.keep(connection, archive, NIGHT, visits)


def test_what_is_kept_is_kept_once(engine: sa.Engine, archive: Archive) -> None:
    visits = [visit(b"", BODY), visit(BODY, url=URL + "/2"), visit(b"[]", service=None)]
    assert keep(engine, archive, *visits) == 4
    size = archive.end(NIGHT.day)
    assert keep(engine, archive, *visits) == 0
    assert keep(engine, archive, *visits, visit(b"new", url=URL + "/3")) == 1
    assert archive.end(NIGHT.day) > size


def test_the_bytes_are_where_the_row_says(engine: sa.Engine, archive: Archive) -> None:
    keep(engine, archive, visit(b"", BODY), visit(b"[]", service=None))
    with engine.connect() as connection:
        rows = [dict(row) for row in connection.execute(sa.select(table)).mappings()]
    assert len(rows) == 3
    for row in rows:
        kept = archive.open(snapshots.place_of(row))
        assert (kept.sha256, kept.status, len(kept.content)) == (row["sha256"], row["status"], row["bytes"])
        assert kept.at == row["fetched_at"]


@pytest.mark.parametrize(
    ("kept", "answered"),
    [
        (visit(BODY), True),
        (visit(b"", b"", BODY), True),
        (visit(BODY, status=404), False),
        (visit(BODY, status=503), False),
        (visit(b"", BODY, status=302), False),
    ],
    ids=["page", "redirected", "gone", "down", "redirect without end"],
)
def test_only_a_good_answer_is_not_asked_for_again(
    engine: sa.Engine, archive: Archive, kept: Visit, answered: bool
) -> None:
    keep(engine, archive, kept)
    with engine.connect() as connection:
        found = snapshots.answers(connection, NIGHT.day)
        assert (
            {key: row["sha256"] for key, row in found.items()} == {("essai", URL): kept.hops[-1].sha256}
        ) is (answered)
        assert bool(found) is answered
        assert snapshots.answers(connection, NIGHT.day - timedelta(days=1)) == {}


def test_of_two_answers_the_last_counts(engine: sa.Engine, archive: Archive) -> None:
    later = replace(snapshot(b"later", NIGHT.at), at=NIGHT.at + timedelta(minutes=5))
    keep(engine, archive, Visit("essai", URL, (later,)), visit(b"earlier"))
    with engine.connect() as connection:
        assert snapshots.answers(connection, NIGHT.day)["essai", URL]["sha256"] == later.sha256


def test_a_torn_tail_is_cut(engine: sa.Engine, archive: Archive) -> None:
    keep(engine, archive, visit(BODY))
    whole = archive.end(NIGHT.day)
    archive.append(NIGHT.day, snapshot(b"written by a run that was killed before it told", NIGHT.at))
    torn = archive.end(NIGHT.day)
    with engine.begin() as connection:
        assert snapshots.clear_torn_tail(connection, archive, NIGHT.day) == torn - whole > 0
        assert snapshots.clear_torn_tail(connection, archive, NIGHT.day) == 0
    assert keep(engine, archive, visit(b"next", url=URL + "/2")) == 1
    with engine.connect() as connection:
        for row in snapshots.answers(connection, NIGHT.day).values():
            archive.open(snapshots.place_of(row))


def test_a_file_without_any_row_is_cut_whole(engine: sa.Engine, archive: Archive) -> None:
    archive.append(NIGHT.day, snapshot(BODY, NIGHT.at))
    with engine.begin() as connection:
        assert snapshots.clear_torn_tail(connection, archive, NIGHT.day) > 0
    assert archive.end(NIGHT.day) == 0


def test_no_row_without_bytes(engine: sa.Engine, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(ArchiveUnwritable):
        keep(engine, Archive(tmp_path / "file"), visit(BODY))
    with engine.connect() as connection:
        assert connection.scalar(sa.select(sa.func.count()).select_from(table)) == 0


def test_the_last_portfolio_is_the_newest_good_one(engine: sa.Engine, archive: Archive) -> None:
    nights = [night(day) for day in ("2023-12-30", "2023-12-31", "2024-01-01")]
    with engine.begin() as connection:
        for number, when in enumerate(nights):
            status = 503 if number == 1 else 200
            hops = (snapshot(f"[{number}]".encode(), when.at, status=status),)
            snapshots.keep(connection, archive, when, [Visit(None, URL, hops)])
        snapshots.keep(connection, archive, nights[0], [visit(BODY)])
        days = [[str(row["night"]) for row in snapshots.portfolios_kept(connection, when)] for when in nights]
    assert days == [["2023-12-30"], ["2023-12-30"], ["2024-01-01", "2023-12-30"]]
