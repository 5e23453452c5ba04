"""The world after the two nights of the demo, once per test process; take a copy to change it."""

import itertools
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.pipelines.world import END_OF_2022, END_OF_2023, World
from tests.tools.expectations import import_great_expectations
from tests.tools.replica_server import ReplicaServer


@pytest.fixture(scope="session")
def server() -> Iterator[ReplicaServer]:
    import_great_expectations()
    with ReplicaServer() as server:
        yield server


@pytest.fixture(scope="session")
def first(server: ReplicaServer, tmp_path_factory: pytest.TempPathFactory) -> World:
    """After the night of 2022-12-31.  Nobody changes it."""
    world = World(tmp_path_factory.mktemp("first"), server)
    assert world.night(END_OF_2022).completed
    return world


@pytest.fixture(scope="session")
def demo(first: World, tmp_path_factory: pytest.TempPathFactory) -> World:
    """After the nights of 2022-12-31 and 2023-12-31.  Nobody changes it."""
    world = first.copy(tmp_path_factory.mktemp("demo") / "world")
    assert world.night(END_OF_2023).completed
    return world


@pytest.fixture
def copy(tmp_path: Path) -> Callable[[World], World]:
    """A world like another, to be changed."""
    numbers = itertools.count()
    return lambda world: world.copy(tmp_path / f"copy-{next(numbers)}")
