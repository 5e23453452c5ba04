"""A few kill points of each command; ``python -m tests.sweep`` takes them all, on both databases."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from tests.pipelines.world import END_OF_2023
from tests.sweep.commands import COMMANDS, night
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


@pytest.mark.parametrize("place", ["sqlite"], indirect=True)
def test_a_night_killed_and_run_again_two_hours_later_is_verified(place: Place) -> None:
    """What the killed one left is the archive's word too, and what it did not come to is missed by nobody."""
    sweep = Sweep(place, "night")
    for point in sample(sweep.steps, 4):
        place.put_back(sweep.before)
        place.run(night(place, END_OF_2023, earlier=timedelta(hours=2)), at=point)
        assert place.run(sweep.arguments).status == 0
        end = place.run(["verify", "--services", str(place.living / "services")])
        assert end.status == 0, (point, end.out)
