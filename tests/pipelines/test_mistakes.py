"""Each mistake gets one clear sentence, and leaves nothing half-written."""

import base64
import json
import random
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.pipelines.world import END_OF_2023, World
from tests.tools.replica_server import ReplicaServer, portfolio
from warehouse.archive import Place

Copy = Callable[[World], World]


@pytest.fixture
def new(tmp_path: Path, server: ReplicaServer) -> World:
    """A world where no night ever ran."""
    return World(tmp_path / "new", server)


# ---------------------------------------------------------------------------- wrong use


def test_a_service_file_with_a_wrong_key(new: World) -> None:
    arguments = new.night_arguments(END_OF_2023)
    spec = new.folder / "services" / "ban.yml"
    lines = spec.read_text(encoding="utf-8").splitlines()
    [number] = [number for number, line in enumerate(lines, 1) if line.startswith("incubator:")]
    lines[number - 1] = lines[number - 1].replace("incubator:", "incubateur:")
    spec.write_text("\n".join(lines), encoding="utf-8")
    end = new.impact(*arguments)
    assert end.status == 2
    assert end.err.count("impact: ") == 1
    assert f"ban.yml:{number}: incubateur: " in end.err
    assert "Traceback" not in end.err
    assert not new.database.exists()
    assert not new.archive.exists()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (
            ("--only", "signalment"),
            (
                "No service file is named 'signalment'. Did you mean 'signalement'?"
                " Name services as their files in the services folder are named."
            ),
        ),
        (
            ("--only", "0"),
            "No service file is named '0'. Name services as their files in the services folder are named.",
        ),
        (("--at", "hier"), "--at 'hier' is no ISO date and time, such as 2023-12-31T23:00."),
        (("--at", "2023-02-30"), "--at '2023-02-30' is no ISO date and time, such as 2023-12-31T23:00."),
        (("--portfolio", "nowhere.json"), "There is no portfolio file 'nowhere.json'."),
    ],
    ids=["a near name", "no near name", "no moment", "no such day", "no such file"],
)
def test_a_wrong_argument(new: World, arguments: tuple[str, ...], said: str) -> None:
    end = new.impact("night", *arguments)
    assert (end.status, end.sentence) == (2, said)
    assert not new.database.exists()
    assert not new.archive.exists()


def test_an_option_that_is_none(new: World) -> None:
    end = new.impact("night", "--when", "now")
    assert end.status == 2
    assert "No such option" in end.err
    assert "Traceback" not in end.err


@pytest.mark.parametrize(
    ("name", "value"), [("IMPACT_PACE", "often"), ("IMPACT_PACE", "-1"), ("IMPACT_DEADLINE", "0")]
)
def test_a_setting_that_cannot_be_used(new: World, name: str, value: str) -> None:
    end = new.impact("night", largest=None, **{name: value})
    assert end.status == 2
    assert end.sentence.startswith(f"A setting cannot be used: {name}: Input should be ")


# ------------------------------------------------------------------------- the database


@pytest.mark.parametrize(
    "url",
    [
        "sqlite:////dev/null/impact.sqlite",
        "postgresql://someone:secret@127.0.0.1:1/impact",
    ],
    ids=["no folder", "nobody listens"],
)
def test_a_database_that_cannot_be_opened(new: World, url: str) -> None:
    end = new.impact(*new.night_arguments(END_OF_2023), IMPACT_DATABASE_URL=url)
    assert end.status == 1
    assert end.sentence.startswith("The database ")
    assert end.sentence.endswith("Check IMPACT_DATABASE_URL, and that the database is up.")
    assert "secret" not in end.err + end.out
    assert new.warc() == {}


def test_a_file_that_is_no_database(new: World) -> None:
    arguments = new.night_arguments(END_OF_2023)
    new.database.write_bytes(b"not a database, by any means\n" * 100)
    end = new.impact(*arguments)
    assert end.status == 1
    assert end.sentence.startswith(f"The database sqlite:///{new.database} cannot be opened: ")
    assert new.database.read_bytes() == b"not a database, by any means\n" * 100


# ------------------------------------------------------------------------ the portfolio


def _broken(folder: Path) -> Path:
    """A portfolio with an unescaped quote on line 3."""
    file = folder / "startups.json"
    file.write_text('{\n "data": [\n  {"id": "un "service"", "type": "startup"}\n ]\n}\n', encoding="utf-8")
    return file


def test_a_portfolio_that_is_not_json_and_no_earlier_copy(new: World) -> None:
    arguments = new.night_arguments(END_OF_2023)
    end = new.impact(*arguments, "--portfolio", str(_broken(new.folder)))
    assert end.status == 1
    assert end.sentence.startswith("No portfolio can be read: The portfolio is not JSON: ")
    assert ".." not in end.sentence
    assert "line 3, column 15: " in end.sentence
    assert new.rows("SELECT * FROM services") == []
    assert new.night(END_OF_2023).completed


def test_a_portfolio_that_is_not_json_and_an_earlier_copy(first: World, copy: Copy) -> None:
    world = copy(first)
    end = world.impact(*world.night_arguments(END_OF_2023), "--portfolio", str(_broken(world.folder)))
    assert (end.status, end.err) == (0, "")
    assert "An older portfolio served" in end.out
    [(trouble, taken_on)] = world.rows("SELECT trouble, taken_on FROM portfolios WHERE night = '2023-12-31'")
    assert "line 3" in trouble
    assert taken_on == "2022-12-31"
    assert world.dump()["services"] == first.dump()["services"]
    assert world.dump()["growth"]


# -------------------------------------------------------------------------- the archive


def _is_consistent(world: World) -> None:
    """Every recorded exchange opens with its bytes, and no file holds more than is recorded."""
    rows = world.rows("SELECT warc_file, warc_offset, warc_length, sha256 FROM snapshots")
    for file, offset, length, sha256 in rows:
        assert world.kept().open(Place(file, offset, length)).sha256 == sha256
    ends = {file: max(row[1] + row[2] for row in rows if row[0] == file) for file, *_ in rows}
    assert {name: len(data) for name, data in world.warc().items()} == ends


def test_an_archive_that_cannot_be_written(new: World) -> None:
    arguments = new.night_arguments(END_OF_2023)
    new.archive.write_text("a file stands where the folder should be", encoding="utf-8")
    end = new.impact(*arguments)
    assert end.status == 1
    assert end.sentence.startswith(f"The archive {new.archive} cannot be written: ")
    assert "IMPACT_ARCHIVE" in end.sentence
    assert new.archive.read_text(encoding="utf-8") == "a file stands where the folder should be"
    assert new.rows("SELECT * FROM snapshots") == []


def test_a_disk_that_is_full_at_first(first: World, demo: World, copy: Copy) -> None:
    world = copy(first)
    (world.archive / "2023").mkdir()
    (world.archive / "2023" / "impact-2023-12-31.warc.gz").symlink_to("/dev/full")
    end = world.impact(*world.night_arguments(END_OF_2023))
    assert end.status == 1
    assert end.sentence.startswith("The archive's disk is full or failing: ")
    assert end.sentence.endswith("Make room on the archive's disk, then run the night again.")
    assert world.dump()["services"] == first.dump()["services"]
    assert world.dump()["portfolio_counts"] == first.dump()["portfolio_counts"]
    assert world.night(END_OF_2023).completed
    once, again = demo.proven(), world.proven()
    # The attempt that had no portfolio stays on record; all the rest is as if it had not been.
    assert len(again.pop("nights")) == len(once.pop("nights")) + 1
    assert again == once


LARGEST = 3_000_000
"""Bytes that a file may have on the disk that fills up; the database takes half of that."""

ROOM = 20_000
"""Bytes that are left for the pages, about half of what they take."""


def _large_portfolio(folder: Path) -> Path:
    """A portfolio that nearly fills the night's file: noise does not compress."""
    noise = base64.b64encode(random.Random(2023).randbytes(int((LARGEST - ROOM) / 1.012))).decode()
    file = folder / "large.json"
    file.write_text(json.dumps(portfolio(END_OF_2023) | {"noise": noise}), encoding="utf-8")
    return file


def test_a_disk_that_fills_up_among_the_pages(first: World, copy: Copy) -> None:
    world, whole = copy(first), copy(first)
    source = str(_large_portfolio(world.folder))
    arguments = [*world.night_arguments(END_OF_2023), "--portfolio", source]
    end = world.impact(*arguments, largest=LARGEST)
    assert end.status == 1
    assert end.sentence.startswith("The archive's disk is full or failing: ")
    assert world.rows("SELECT * FROM snapshots WHERE night = '2023-12-31'")
    assert world.rows("SELECT * FROM observations WHERE known_at > '2023'") == []
    assert world.rows("SELECT * FROM growth") == []
    _is_consistent(world)
    assert world.night(END_OF_2023, portfolio=source).completed
    assert whole.night(END_OF_2023, portfolio=source).completed
    _is_consistent(world)
    assert world.proven() == whole.proven()


def test_a_database_whose_disk_is_full(first: World, demo: World, copy: Copy) -> None:
    world = copy(first)
    end = world.impact(*world.night_arguments(END_OF_2023), largest=100_000)
    assert end.status == 1
    assert end.sentence.startswith("The database failed: ")
    assert end.sentence.endswith("Check that it is up and has room, then run the night again.")
    assert world.night(END_OF_2023).completed
    assert world.proven() == demo.proven()
