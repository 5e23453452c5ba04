"""The archive read again: what comes out otherwise stands beside the old rows, and is said before it does."""

import shutil
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

import pytest

from pipelines.errors import UnknownServices
from pipelines.night import run_night
from pipelines.replay import Change, Replayed, in_words, replay
from pipelines.verify import verify
from tests.pipelines.world import END_OF_2022, END_OF_2023, World, evening

Copy = Callable[[World], World]

NEW_YEAR = date(2024, 1, 1)
LATER = evening(date(2024, 1, 2))

TONNES, SLIPS = "{value: $.total_quantity_processed}", "{value: $.total_bsdd_created}"


@pytest.fixture(scope="module")
def three(demo: World, tmp_path_factory: pytest.TempPathFactory) -> World:
    """After a third night, on which every page was as on the second.  Nobody changes it."""
    world = demo.copy(tmp_path_factory.mktemp("three") / "world")
    world.server.day = END_OF_2023
    told = run_night(world.settings(), at=evening(NEW_YEAR), allow_hosts=world.hosts)
    assert told.completed
    return world


def mended(world: World, old: str = TONNES, new: str = SLIPS) -> Path:
    """Service files in which that of Trackdéchets reads another figure."""
    folder = world.folder / "mended"
    if not folder.exists():
        shutil.copytree(world.specs, folder)
    file = folder / "trackdechets.yml"
    said = file.read_text(encoding="utf-8")
    assert old in said or new in said
    file.write_text(said.replace(old, new), encoding="utf-8")
    return folder


def replayed(
    world: World, folder: Path | None = None, *, at: datetime = LATER, **options: object
) -> Replayed:
    settings = world.settings(services=folder) if folder else world.settings()
    return replay(settings, at=at, **options)  # type: ignore[arg-type]


def growth(world: World) -> list[str]:
    query = (
        "SELECT display FROM growth WHERE metric_id = 'tonnes_traitees' AND NOT withdrawn ORDER BY known_at"
    )
    return [display for (display,) in world.rows(query)]


def facts(world: World) -> dict[str, list[tuple[object, ...]]]:
    """What the tables that a replay writes hold."""
    tables = (
        "extractions", "absences", "observations", "restatements", "held_back", "growth", "refusals",
        "qualifications", "criteria", "metrics",
    )  # fmt: skip
    return {table: world.rows(f"SELECT * FROM {table} ORDER BY id") for table in tables}


def test_a_third_night_like_the_second_is_kept_as_revisits(three: World) -> None:
    night, before = (three.archive / f"{day:%Y}/impact-{day}.warc.gz" for day in (NEW_YEAR, END_OF_2023))
    assert night.stat().st_size < before.stat().st_size
    assert verify(three.settings()).findings == []


def test_nothing_changes_when_nothing_is_read_otherwise(three: World, copy: Copy) -> None:
    world = copy(three)
    before = facts(world)
    told = replayed(world)
    assert (told.nights, told.extractions, told.absences, told.changes, told.broken) == (3, 0, 0, [], [])
    assert told.pages > 40
    assert facts(world) == before


EXPECTED = [
    Change("growth", "trackdechets/tonnes_traitees/2023", "+76 %", "+86 %"),
    Change("observations", "trackdechets/tonnes_traitees 2022-12-31", "3113222", "2175054"),
    Change("observations", "trackdechets/tonnes_traitees 2023-12-31", "5491633", "4066389"),
]


def test_a_mended_service_file_restates_the_past_even_where_the_body_stayed(three: World, copy: Copy) -> None:
    world = copy(three)
    told = replayed(world, mended(world))
    assert told.changes == EXPECTED
    assert growth(world) == ["+76 %", "+86 %"]
    first, *_ = in_words(told, dry_run=False)
    assert first == "growth trackdechets/tonnes_traitees/2023: +76 % -> +86 %"


def test_a_dry_run_says_the_same_and_leaves_everything_as_it_was(three: World, copy: Copy) -> None:
    world = copy(three)
    folder = mended(world)
    before, files = facts(world), {path: path.stat().st_mtime_ns for path in world.archive.rglob("*")}
    assert replayed(world, folder, dry_run=True).changes == EXPECTED
    assert facts(world) == before
    assert {path: path.stat().st_mtime_ns for path in world.archive.rglob("*")} == files


def test_run_again_it_adds_nothing(three: World, copy: Copy) -> None:
    world = copy(three)
    folder = mended(world)
    replayed(world, folder)
    before = facts(world)
    assert replayed(world, folder).extractions == 0
    assert facts(world) == before


def test_in_two_halves_it_ends_as_in_one(three: World, copy: Copy) -> None:
    """As when it is killed after the first nights, and run again at the same moment."""
    whole, halves = copy(three), copy(three)
    replayed(whole, mended(whole))
    replayed(halves, mended(halves), until=END_OF_2022)
    replayed(halves, mended(halves))
    same = ("extractions", "absences", "observations", "restatements", "held_back")
    assert {table: facts(halves)[table] for table in same} == {table: facts(whole)[table] for table in same}
    assert growth(halves)[-1] == growth(whole)[-1] == "+86 %"


def test_only_the_nights_and_services_asked_for(three: World, copy: Copy) -> None:
    world = copy(three)
    told = replayed(world, since=END_OF_2023, until=END_OF_2023, only=["trackdechets", "ban"])
    assert told.nights == 1
    assert 0 < told.pages < 6


def test_what_was_replayed_is_verified_too(three: World, copy: Copy) -> None:
    """Both versions of the service file are needed: the nights before were read with the old one."""
    world = copy(three)
    folder = mended(world)
    replayed(world, folder)
    told = verify(world.settings(services=folder))
    assert told.findings == []
    assert {service for service, _ in told.unknown} == {"trackdechets"}


def test_a_page_whose_bytes_are_gone_is_told(three: World, copy: Copy) -> None:
    world = copy(three)
    file = world.archive / "2022/impact-2022-12-31.warc.gz"
    file.write_bytes(file.read_bytes()[:-100])
    told = replayed(world)
    assert told.broken
    assert all(
        sentence.startswith("2022-12-31: In 2022/impact-2022-12-31.warc.gz") for sentence in told.broken
    )


def test_a_service_that_is_none_is_refused(demo: World) -> None:
    with pytest.raises(UnknownServices, match=r"Did you mean 'trackdechets'\?"):
        replay(demo.settings(), only=["trackdechet"])


def test_the_command(three: World, copy: Copy) -> None:
    world = copy(three)
    folder = mended(world)
    arguments = ["replay", "--services", str(folder), "--at", LATER.isoformat()]
    end = world.impact(*arguments, "--dry-run", "--since", "2022-12-31", "--service", "trackdechets")
    assert (end.status, end.err) == (0, "")
    assert "+76 % -> +86 %" in end.out
    assert "3 published figures would be changed." in end.out
    assert growth(world) == ["+76 %"]
    assert world.impact("replay", "--service", "nobody").status == 2
