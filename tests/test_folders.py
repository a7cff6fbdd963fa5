"""Where files lie."""

import sys
from pathlib import Path

import pytest

from qrace.folders import CACHE_VARIABLE, MODELS_FOLDER, cache_folder


def test_the_models_lie_beside_the_game() -> None:
    assert (MODELS_FOLDER / "shipped.json").is_file()


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the variable is Linux's own")
def test_what_can_be_computed_anew_never_lies_where_one_happens_to_be(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(CACHE_VARIABLE, "")
    monkeypatch.setenv("XDG_CACHE_HOME", "/somewhere")
    assert cache_folder() == Path("/somewhere/qrace")
    monkeypatch.setenv("XDG_CACHE_HOME", "")
    assert cache_folder() == Path.home() / ".cache" / "qrace"
    monkeypatch.setenv(CACHE_VARIABLE, "/elsewhere")
    assert cache_folder() == Path("/elsewhere")
