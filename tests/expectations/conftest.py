"""What every test of the checks needs."""

import pytest

from tests.tools.expectations import import_great_expectations


@pytest.fixture(scope="session", autouse=True)
def _great_expectations() -> None:
    import_great_expectations()
