"""A few kill points of each command; ``python -m tests.sweep`` takes them all, on both databases."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.sweep.commands import COMMANDS
from tests.sweep.databases import NotHere, opened
from tests.sweep.place import SERVICES, Place
from tests.sweep.sweep import Sweep, sample
from tests.tools.replica_server import ReplicaServer

SAMPLES = {("night", "sqlite"): 3, ("night", "postgresql"): 2, ("import-warc", "sqlite"): 2} | {
    (name, "sqlite"): 1 for name in COMMANDS if name not in ("night", "import-warc")
}


@pytest.fixture
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Place]:
    try:
        with (
            opened(request.param, tmp_path) as database,
            ReplicaServer(SERVICES, down=(), login=()) as server,
        ):
            yield Place(tmp_path, database, server)
    except NotHere as error:
        pytest.skip(str(error))


@pytest.mark.parametrize(
    ("name", "place", "count"),
    [pytest.param(*key, count, id="-".join(key)) for key, count in SAMPLES.items()],
    indirect=["place"],
)
def test_killed_and_run_again_it_leaves_what_it_would_have(name: str, place: Place, count: int) -> None:
    sweep = Sweep(place, name)
    reached = {point: sweep.killed_at(point) for point in sample(sweep.steps, count)}
    assert set(reached.values()) <= {"", None}
    assert "" in reached.values(), "no kill point was reached"
