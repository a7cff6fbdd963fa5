from pathlib import Path

import pytest

from tests.cli.helpers import train


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A driver that has learned next to nothing, alone in its folder."""
    path = tmp_path_factory.mktemp("models") / "table.safetensors"
    assert train(path, "--seed", "3") == 0
    return path
