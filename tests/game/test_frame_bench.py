"""`bench frame` reaches every mode and measures what it promises; how fast this machine is, is no test."""

import pytest

from qrace.errors import QRaceError
from qrace.game import frame_bench
from qrace.game.frame_scenes import SCENES, FrameScene
from qrace.game.keys import ModeName
from tests.game.conftest import MakeGame
from tests.game.helpers import small_config


@pytest.fixture
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(frame_bench, "WARM_S", 0.0)
    monkeypatch.setattr(frame_bench, "CARS", 2)
    monkeypatch.setattr(frame_bench, "SIZES", ((640, 480), (800, 600)))


def test_a_row_per_scene_and_size(short: None) -> None:
    rows = list(frame_bench.bench_frame(0.1, ["train", "title"]))
    assert [(row["mode"], row["size"]) for row in rows] == [
        ("train", "640x480"), ("title", "640x480"), ("train", "800x600"), ("title", "800x600"),
    ]  # fmt: skip
    for row in rows:
        p50, p99, longest = (float(str(row[name])) for name in ("p50_ms", "p99_ms", "max_ms"))
        assert 0.0 < p50 <= p99 <= longest
        assert "grown_mb" not in row


def test_a_soak_tells_long_frames_and_memory(short: None) -> None:
    (row,) = frame_bench.bench_frame(soak_s=0.2)
    assert row["mode"] == "train" and row["soak_s"] == 0.2
    assert isinstance(row["frames_over_50_ms"], int)
    assert row["grown_mb"] is None or abs(float(str(row["grown_mb"]))) < 100.0


def test_a_scene_that_is_not_there_is_said() -> None:
    with pytest.raises(QRaceError, match=r"“tarin”.*train x4"):
        list(frame_bench.bench_frame(0.1, ["tarin"]))


@pytest.mark.parametrize("scene", SCENES, ids=lambda scene: scene.name)
def test_every_scene_is_reached(make_game: MakeGame, scene: FrameScene) -> None:
    game = make_game(small_config())
    scene.enter(game)
    for _ in range(3):
        game.update(1 / 60, deadline=0.0)
        game.draw(game.display.surface, 1 / 60)
    mode = {"drive": ModeName.DRIVE, "at the wheel": ModeName.DRIVE, "race": ModeName.RACE}.get(
        scene.name, ModeName.TRAIN
    )
    assert game.mode.name is mode
    played = scene.name.split()[0] == "train" or scene.name in ("drive", "at the wheel", "race")
    assert (game.screens.top is None) == played
