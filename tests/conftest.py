"""No test reads or writes the files of the person who runs it."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from qrace.folders import HOME_VARIABLE


@pytest.fixture(scope="session", autouse=True)
def home_of_its_own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Settings, records and the like of this run of the tests, and of the programs it starts."""
    before, home = os.environ.get(HOME_VARIABLE), tmp_path_factory.mktemp("home")
    os.environ[HOME_VARIABLE] = str(home)
    yield home
    os.environ.pop(HOME_VARIABLE)
    if before is not None:
        os.environ[HOME_VARIABLE] = before
