"""Every hostile input, down the whole path of a night: the right reason is told, and no figure comes."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from connectors.extractor import Extractor
from tests.hostile.cases import TABLE, agrees
from tests.hostile.trial import Bench, Case
from warehouse.database import open_database


@pytest.fixture(scope="module")
def extractor() -> Iterator[Extractor]:
    with Extractor(workers=1) as shared:
        yield shared


@pytest.fixture(scope="module")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("hostile") / "warehouse.db"
    open_database(f"sqlite:///{path}").dispose()
    return path


@pytest.fixture
def bench(tmp_path: Path, migrated: Path, extractor: Extractor) -> Iterator[Bench]:
    shutil.copy(migrated, tmp_path / "warehouse.db")
    engine = open_database(f"sqlite:///{tmp_path / 'warehouse.db'}")
    yield Bench(tmp_path, engine, extractor)
    engine.dispose()


@pytest.mark.parametrize("case", TABLE, ids=lambda case: ascii(case.name))
def test_what_the_night_says_of_it(case: Case, bench: Bench) -> None:
    told = case.trial.run(bench)
    assert len(told) == 1
    assert agrees(told[0], case.told), told[0]
    assert "\n" not in told[0]


def test_every_case_has_a_name_of_its_own() -> None:
    assert len({case.name for case in TABLE}) == len(TABLE)
