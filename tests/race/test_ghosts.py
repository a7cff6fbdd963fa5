"""Laps to chase: replayed, driven by a brain, kept on disk."""

import json
import os
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from qrace.env.config import EnvConfig
from qrace.race.driven_lap import DrivenLap
from qrace.race.entrant import Entrant
from qrace.race.ghost_files import GhostError, ghost_path, load_ghost, save_ghost
from qrace.race.ghost_laps import driver_lap, limit_lap
from qrace.race.race import Race
from qrace.race.rules import RaceRules
from qrace.sim.car import CarName
from qrace.sim.limit import load_limit
from qrace.sim.road_shape import FARTHEST_M, WIDEST_M
from qrace.sim.track_files import load_track

OVAL = load_track("oval")


class RoundTheOval:
    """Drives by the rays: turn to the side that is more open."""

    def select_actions(self, observation: np.ndarray) -> np.ndarray:
        left, right = observation[:, 1], observation[:, 3]
        return np.where(left > right + 0.1, 0, np.where(right > left + 0.1, 1, 2))


class LikesWalls(RoundTheOval):
    def select_actions(self, observation: np.ndarray) -> np.ndarray:
        return np.zeros(len(observation), dtype=np.int64)


@pytest.fixture(scope="module")
def lap() -> DrivenLap:
    found = driver_lap(OVAL, EnvConfig(), RoundTheOval())
    assert found is not None
    return found


@pytest.mark.parametrize("car", ["lesson", "grand-prix"])
@pytest.mark.parametrize("track", ["oval", "eight"])
def test_the_limits_lap_takes_the_limits_time(track: str, car: CarName) -> None:
    road = load_track(track)
    limit = load_limit(road, car)
    assert limit is not None
    lap = limit_lap(road, limit)
    assert lap is not None and lap.lap_s == pytest.approx(limit.limit_s, abs=1e-6)
    assert sum(lap.sectors_s) == pytest.approx(lap.lap_s)
    assert lap.progress_at(lap.lap_s - 1e-9) == pytest.approx(road.length_m, abs=2.0)


def test_a_drivers_lap_is_the_best_that_a_race_would_time(lap: DrivenLap) -> None:
    race = Race(OVAL, [Entrant("x", policy=RoundTheOval())], laps=2, rules=RaceRules(rolling=True))
    race.run()
    assert lap.lap_s == race.standings()[0].best_lap_s
    x, y, _, _ = lap.pose_at(0.0)
    assert np.hypot(x - OVAL.centre[0, 0], y - OVAL.centre[0, 1]) < 8.0  # begins on the start line


def test_a_driver_that_crashes_or_is_stopped_has_no_lap() -> None:
    assert driver_lap(OVAL, EnvConfig(), LikesWalls()) is None
    assert driver_lap(OVAL, EnvConfig(), RoundTheOval(), stop=lambda: True) is None


def test_a_lap_is_kept_and_read_again(lap: DrivenLap, tmp_path: Path) -> None:
    folder = tmp_path / "ghosts"
    assert load_ghost(folder, OVAL, "lesson") is None
    save_ghost(folder, OVAL, "lesson", lap)
    read = load_ghost(folder, OVAL, "lesson")
    assert read is not None and read.lap_s == lap.lap_s and read.sectors_s == lap.sectors_s
    assert np.allclose(read.poses, lap.poses, atol=1e-4) and np.allclose(read.time_s, lap.time_s, atol=1e-4)
    assert load_ghost(folder, OVAL, "grand-prix") is load_ghost(folder, load_track("eight"), "lesson") is None
    assert [path.name for path in folder.iterdir()] == [ghost_path(folder, OVAL, "lesson").name]  # no leftovers


def test_only_a_faster_lap_takes_its_place(lap: DrivenLap, tmp_path: Path) -> None:
    for seconds, expected in ((0.0, 0.0), (3.0, 0.0), (-0.5, -0.5)):
        save_ghost(tmp_path, OVAL, "lesson", _slower(lap, seconds))
        read = load_ghost(tmp_path, OVAL, "lesson")
        assert read is not None and read.lap_s == pytest.approx(lap.lap_s + expected)


def _slower(lap: DrivenLap, seconds: float) -> DrivenLap:
    stretch = 1.0 + seconds / lap.lap_s
    first, second, third = (stretch * sector for sector in lap.sectors_s)
    return replace(lap, lap_s=stretch * lap.lap_s, sectors_s=(first, second, third), time_s=stretch * lap.time_s)


@pytest.mark.parametrize(
    ("damage", "reason"),
    [
        (lambda d: {**d, "format_version": 2}, "format_version"),
        (lambda d: {**d, "lap_s": -1.0}, "lap_s"),
        (lambda d: {**d, "geometry": "0" * 32}, "another road"),
        (lambda d: {**d, "x": d["x"][:-1]}, "differ in length"),
        (lambda d: {**d, "x": ["a"] * len(d["x"])}, "x"),
        (lambda d: {**d, "y": [1e300] * len(d["y"])}, "y"),
        (lambda d: {**d, "time_s": d["time_s"][::-1]}, "backwards"),
        (lambda d: {**d, "sectors_s": [1.0, 1.0, 1.0]}, "add up"),
        (lambda d: {**d, "more": 1}, "more"),
        (lambda d: [], "object"),
    ],
)
def test_a_damaged_lap_is_set_aside_and_said(lap: DrivenLap, tmp_path: Path, damage, reason: str) -> None:  # type: ignore[no-untyped-def]
    save_ghost(tmp_path, OVAL, "lesson", lap)
    path = ghost_path(tmp_path, OVAL, "lesson")
    text = json.dumps(damage(json.loads(path.read_text())))
    path.write_text(text)
    with pytest.raises(GhostError, match=reason) as told:
        load_ghost(tmp_path, OVAL, "lesson")
    assert path.name in str(told.value) and "\n" not in str(told.value)
    assert not path.exists() and (tmp_path / f"{path.name}.damaged").read_text() == text
    save_ghost(tmp_path, OVAL, "lesson", lap)
    assert load_ghost(tmp_path, OVAL, "lesson") is not None


def test_an_endless_name_in_a_lap_is_told_in_short(lap: DrivenLap, tmp_path: Path) -> None:
    save_ghost(tmp_path, OVAL, "lesson", lap)
    path = ghost_path(tmp_path, OVAL, "lesson")
    path.write_text(json.dumps(json.loads(path.read_text()) | {"k\n" * 500_000: 1}))
    with pytest.raises(GhostError, match="Extra inputs") as told:
        load_ghost(tmp_path, OVAL, "lesson")
    assert len(str(told.value)) - len(str(tmp_path)) < 300 and "\n" not in str(told.value)


def test_a_file_cut_short_is_damaged(lap: DrivenLap, tmp_path: Path) -> None:
    save_ghost(tmp_path, OVAL, "lesson", lap)
    path = ghost_path(tmp_path, OVAL, "lesson")
    path.write_bytes(path.read_bytes()[:1000])
    save_ghost(tmp_path, OVAL, "lesson", lap)  # which finds it damaged, and keeps it
    assert load_ghost(tmp_path, OVAL, "lesson") is not None
    assert len(list(tmp_path.iterdir())) == 2


def test_a_lap_that_cannot_be_read_is_not_replaced(
    lap: DrivenLap, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> bytes:
        raise PermissionError(13, "Permission denied")

    save_ghost(tmp_path, OVAL, "lesson", lap)
    with monkeypatch.context() as patch:
        patch.setattr("qrace.race.ghost_files.read_bounded", refuse)
        with pytest.raises(GhostError, match=r"cannot be read \(Permission denied\)"):
            save_ghost(tmp_path, OVAL, "lesson", _slower(lap, 3.0))
    read = load_ghost(tmp_path, OVAL, "lesson")
    assert read is not None and read.lap_s == lap.lap_s


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such files")
def test_a_pipe_is_no_lap(tmp_path: Path) -> None:
    os.mkfifo(ghost_path(tmp_path, OVAL, "lesson"))
    with pytest.raises(GhostError, match="no regular file"):
        load_ghost(tmp_path, OVAL, "lesson")


def test_a_lap_at_the_end_of_the_world_is_kept(lap: DrivenLap, tmp_path: Path) -> None:
    far = replace(lap, poses=lap.poses + np.array([FARTHEST_M + WIDEST_M, 0.0, 0.0, 0.0]))
    save_ghost(tmp_path, OVAL, "lesson", far)
    read = load_ghost(tmp_path, OVAL, "lesson")
    assert read is not None and np.allclose(read.poses, far.poses, atol=1e-4)


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="needs a folder that refuses")
def test_a_folder_that_refuses_is_told(lap: DrivenLap, tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(GhostError, match="could not be kept"):
        save_ghost(tmp_path, OVAL, "lesson", lap)


def test_a_full_disk_leaves_what_was_there(lap: DrivenLap, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    save_ghost(tmp_path, OVAL, "lesson", _slower(lap, 2.0))

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(GhostError, match="No space left"):
        save_ghost(tmp_path, OVAL, "lesson", lap)
    read = load_ghost(tmp_path, OVAL, "lesson")
    assert read is not None and read.lap_s == pytest.approx(lap.lap_s + 2.0)
    assert len(list(tmp_path.iterdir())) == 1
