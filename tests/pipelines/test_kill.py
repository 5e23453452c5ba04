"""A night that is killed, or met by another, leaves nothing that the next one does not put right."""

import signal
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from pipelines.night import ONE_NIGHT
from tests.pipelines.world import END_OF_2023, Dump, World, ended
from tests.tools.warm import Command

Copy = Callable[[World], World]

PATIENCE = 60.0
"""Seconds to wait for a night to come as far as the moment at which it is killed."""

_NIGHT = "'2023-12-31'"

MOMENTS: dict[str, str] = {
    "the portfolio is kept": f"SELECT 1 FROM snapshots WHERE night = {_NIGHT}",
    "some pages are kept": f"SELECT 1 FROM snapshots WHERE night = {_NIGHT} AND service_id = 'trackdechets'",
    "some figures are read": "SELECT 1 FROM extractions WHERE known_at > '2023'",
    "figures are understood": "SELECT 1 FROM observations WHERE known_at > '2023'",
    "figures are judged": f"SELECT 1 FROM nights WHERE night = {_NIGHT}",
}
"""How far the night has come, as rows that are there from then on."""


@pytest.fixture(scope="module")
def uninterrupted(demo: World) -> Dump:
    return demo.proven()


def _kill_when(world: World, process: Command, rows: str) -> None:
    """SIGKILL, as soon as the database holds such rows."""
    deadline = time.monotonic() + PATIENCE
    while not world.rows(rows):
        assert process.poll() is None, ended(process).err
        assert time.monotonic() < deadline, "the night never came that far"
        time.sleep(0.002)
    process.send_signal(signal.SIGKILL)
    process.wait(PATIENCE)
    assert process.returncode == -signal.SIGKILL


def _records(world: World) -> set[bytes]:
    """Each WARC file, its gzip members in no particular order: services answer when they like."""
    return {member for data in world.warc().values() for member in data.split(b"\x1f\x8b\x08\x00")}


@pytest.mark.parametrize("moment", MOMENTS)
def test_a_killed_night_run_again_ends_as_if_it_had_not_been(
    moment: str, first: World, demo: World, uninterrupted: Dump, copy: Copy
) -> None:
    world = copy(first)
    with world.start(*world.night_arguments(END_OF_2023)) as process:
        _kill_when(world, process, MOMENTS[moment])
    assert world.proven() != uninterrupted
    assert world.night(END_OF_2023).completed
    assert world.proven() == uninterrupted
    assert _records(world) == _records(demo)


def test_bytes_that_were_written_and_never_recorded_are_cut(
    first: World, demo: World, uninterrupted: Dump, copy: Copy
) -> None:
    world = copy(first)
    torn = demo.archive / "2023" / "impact-2023-12-31.warc.gz"
    (world.archive / "2023").mkdir()
    (world.archive / "2023" / torn.name).write_bytes(torn.read_bytes()[:-100])
    assert world.night(END_OF_2023).completed
    assert world.proven() == uninterrupted
    assert _records(world) == _records(demo)


def test_of_two_nights_at_once_one_is_done_and_the_database_is_right(
    first: World, uninterrupted: Dump, copy: Copy
) -> None:
    world = copy(first)
    arguments = world.night_arguments(END_OF_2023)
    with world.start(*arguments) as one, world.start(*arguments) as other:
        ends = sorted((ended(one), ended(other)), key=lambda end: end.status)
    assert ends[0].status == 0
    assert ends[0].err == ""
    if ends[1].status:
        assert ends[1].sentence.startswith("Another night is writing to the archive ")
    assert world.proven() == uninterrupted


def test_a_night_that_meets_another_says_so_and_leaves_no_trace(first: World, copy: Copy) -> None:
    world = copy(first)
    before = world.dump()
    with world.kept().lock(ONE_NIGHT):
        end = world.impact(*world.night_arguments(END_OF_2023))
    assert end.status == 1
    assert end.sentence.startswith(f"Another night is writing to the archive {world.archive}. ")
    assert world.dump() == before


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="there is no /proc here")
def test_nothing_of_a_killed_night_goes_on_running(first: World, copy: Copy) -> None:
    world = copy(first)
    with world.start(*world.night_arguments(END_OF_2023)) as process:
        _wait_for(lambda: _children(process.pid))
        children = _children(process.pid)
        process.send_signal(signal.SIGKILL)
        process.wait(PATIENCE)
    _wait_for(lambda: not any(map(_runs, children)))


def _wait_for(true: Callable[[], object]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def _children(pid: int) -> list[int]:
    """The processes that a process has started, theirs included (Linux)."""
    own = [int(child) for child in _read(f"/proc/{pid}/task/{pid}/children").split()]
    return [*own, *(grandchild for child in own for grandchild in _children(child))]


def _runs(pid: int) -> bool:
    """Whether a process still runs; one that ended and waits to be buried does not."""
    state = _read(f"/proc/{pid}/stat").rpartition(")")[2].split()
    return bool(state) and state[0] not in "ZX"


def _read(path: str) -> str:
    try:
        return Path(path).read_text(encoding="utf-8")
    except OSError:
        return ""
