"""`reference`: what it prints, what it keeps, what it searches for again."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from qrace.cli import main
from qrace.sim.limit import Limit, load_limit, save_limit
from qrace.sim.limit_find import replay
from qrace.sim.track import Track
from qrace.sim.track_files import load_track, save_track

Captured = pytest.CaptureFixture[str]


@pytest.fixture
def ring(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small round track in a file, and an empty cache."""
    monkeypatch.setenv("QRACE_CACHE", str(tmp_path / "cache"))
    angle = np.linspace(0.0, 2.0 * np.pi, 60, endpoint=False)
    points = 30.0 * np.stack([np.cos(angle), np.sin(angle)], axis=1)
    save_track(Track.from_points("ring", points, 4.0, 4.0), tmp_path / "ring.json")
    return tmp_path / "ring.json"


def reference(capsys: Captured, *words: str) -> dict[str, object]:
    assert main(["reference", *words, "--json"]) == 0
    [line] = capsys.readouterr().out.splitlines()
    return json.loads(line)


def kept(ring: Path) -> Limit:
    limit = load_limit(load_track(str(ring)), "lesson")
    assert limit is not None
    return limit


def test_one_line_with_the_limit_which_is_kept(ring: Path, capsys: Captured) -> None:
    row = reference(capsys, str(ring), "--car", "lesson")
    assert list(row)[:5] == ["track", "car", "limit_s", "refined_change_pct", "seconds"]
    assert (row["track"], row["car"]) == ("ring", "lesson")
    driven_s = replay(load_track(str(ring)), "lesson", kept(ring).flying)
    assert row["limit_s"] == pytest.approx(driven_s, abs=1e-4)
    assert reference(capsys, str(ring)) == row  # with its seconds: read, not searched for again


def test_a_kept_limit_that_no_longer_drives_is_found_anew(ring: Path, capsys: Captured) -> None:
    row = reference(capsys, str(ring))
    save_limit(replace(kept(ring), limit_s=1.0), load_track(str(ring)))
    assert reference(capsys, str(ring))["limit_s"] == row["limit_s"] == pytest.approx(kept(ring).limit_s, abs=1e-4)


def test_again_searches_again(ring: Path, capsys: Captured) -> None:
    first = reference(capsys, str(ring))
    save_limit(replace(kept(ring), seconds=1234.0), load_track(str(ring)))
    assert reference(capsys, str(ring))["seconds"] == 1234.0
    again = reference(capsys, str(ring), "--again")
    assert again["seconds"] == pytest.approx(kept(ring).seconds, abs=0.01) != 1234.0
    assert {**again, "seconds": 0} == {**first, "seconds": 0}


def test_people_get_a_table(ring: Path, capsys: Captured) -> None:
    assert main(["reference", str(ring)]) == 0
    out, err = capsys.readouterr()
    assert "limit s" in out and "lesson" in out
    assert "Searching" in err


@pytest.mark.parametrize("words", [("nowhere",), ("oval", "--car", "tank"), ()])
def test_mistakes_are_told_in_one_line(words: tuple[str, ...], capsys: Captured) -> None:
    assert main(["reference", *words]) == 2
    out, err = capsys.readouterr()
    assert out == "" and err.count("\n") == 1
