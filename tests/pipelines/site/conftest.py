"""Two sites: a small one, of a page that tells a story, and that of the demo with all that can happen."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.pipelines import world as demo_world
from tests.pipelines.site.world import HOSTILE, Site, Small, eventful_site, small_world


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Small]:
    yield from small_world(tmp_path, "Dossiers")


@pytest.fixture
def hostile(tmp_path: Path) -> Iterator[Small]:
    """The same, whose service and figure bear a hostile name of ten thousand characters."""
    for small in small_world(tmp_path, HOSTILE):
        small.names(HOSTILE + "a" * 10_000)
        yield small


@pytest.fixture(scope="session")
def site(demo: demo_world.World, tmp_path_factory: pytest.TempPathFactory) -> Site:
    """Figures of every state, a report, incidents.  Nobody changes it."""
    return eventful_site(demo, tmp_path_factory.mktemp("site"))
