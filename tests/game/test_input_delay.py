"""From a key to the picture: how many frames, and what becomes of the fixed tick."""

import numpy as np
import pygame
import pytest

from qrace.game.modes.drive import DriveMode
from qrace.game.scene import Cars
from qrace.sim.car import TICK_S
from qrace.sim.simulator import Simulator
from tests.game.conftest import MakeGame
from tests.game.helpers import Game, press, small_config

FRAME_S = 1 / 60
MOST_FRAMES = 2


def drive(make_game: MakeGame, monkeypatch: pytest.MonkeyPatch, keys: tuple[int, ...]) -> tuple[Game, list[np.ndarray]]:
    """A drive in which these keys have been pressed, and the poses of every frame that it draws."""
    game, drawn = make_game(small_config(cars=2)), []
    for key in (pygame.K_t, *keys):
        press(game, key)
    draw = game.context.scene.draw

    def watch(surface: pygame.Surface, cars: Cars, dt: float, time_scale: float) -> None:
        drawn.append(cars.poses[game.context.scene.chosen].copy())
        draw(surface, cars, dt, time_scale)

    monkeypatch.setattr(game.context.scene, "draw", watch)
    return game, drawn


def frame(game: Game) -> None:
    game.update(FRAME_S, float("inf"))
    game.draw(game.display.surface, FRAME_S)


@pytest.mark.parametrize("frames_before", range(13, 16))  # a tick is three frames: wherever in it the key comes
@pytest.mark.parametrize(
    ("keys", "key", "column", "enough"),
    [
        ((pygame.K_UP,), pygame.K_LEFT, 2, np.deg2rad(1.0)),  # the lesson's car turns 200° a second
        ((), pygame.K_LEFT, 2, np.deg2rad(1.0)),  # and whoever takes the wheel is not kept waiting
        ((pygame.K_x,), pygame.K_LEFT, 3, np.deg2rad(0.2)),  # the front wheels of the grand-prix car
        ((pygame.K_x,), pygame.K_UP, 4, 0.05),  # its speed [m/s]
    ],
)
def test_a_key_is_on_screen_within_two_frames(
    make_game: MakeGame,
    monkeypatch: pytest.MonkeyPatch,
    frames_before: int,
    keys: tuple[int, ...],
    key: int,
    column: int,
    enough: float,
) -> None:
    with_key, without = [], []
    for pressed, drawn in ((True, with_key), (False, without)):
        game, seen = drive(make_game, monkeypatch, keys)
        for _ in range(frames_before):
            frame(game)
        seen.clear()
        if pressed:
            press(game, key, release=False)
        for _ in range(MOST_FRAMES):
            frame(game)
        drawn.extend(seen)
    changed = [abs(a[column] - b[column]) > enough for a, b in zip(with_key, without, strict=True)]
    assert len(changed) == MOST_FRAMES and changed[-1]


def test_what_is_drawn_moves_evenly_whatever_is_pressed(make_game: MakeGame, monkeypatch: pytest.MonkeyPatch) -> None:
    """No leap from one frame to the next, neither at a tick's end nor when a key goes down or up."""
    game, drawn = drive(make_game, monkeypatch, (pygame.K_UP,))
    rng = np.random.default_rng(4)
    for _ in range(120):
        if rng.random() < 0.3:
            press(game, [pygame.K_LEFT, pygame.K_RIGHT][rng.integers(2)], release=bool(rng.random() < 0.5))
        frame(game)
        if "Off the road" in game.notices.text:
            break
    poses = np.array(drawn)[1:-3]
    assert len(poses) > 20
    steps = np.hypot(*np.diff(poses[:, :2], axis=0).T)
    assert steps.max() < 1.5 * poses[:, 4].max() * FRAME_S
    assert np.abs(np.diff(np.unwrap(poses[:, 2]))).max() <= np.deg2rad(200.0) * FRAME_S + 1e-6


def test_the_world_is_made_of_whole_ticks_alone(make_game: MakeGame, monkeypatch: pytest.MonkeyPatch) -> None:
    """The controls of its ticks, given to a plain simulator, lead to the same place to the last bit."""
    game, _ = drive(make_game, monkeypatch, (pygame.K_x,))
    mode = game.mode
    assert isinstance(mode, DriveMode)
    simulator, taken = mode.env.simulator, []
    replay = Simulator(simulator.tracks, 1, "grand-prix", simulator.sensors)
    replay.take_state(simulator)
    tick = mode.env.tick

    def note(number: int) -> None:
        taken.append(mode.env.controls.copy())
        tick(number)

    monkeypatch.setattr(mode.env, "tick", note)
    press(game, pygame.K_UP, release=False)
    for number in range(50):
        if number % 7 == 3:
            press(game, [pygame.K_LEFT, pygame.K_RIGHT][number % 2])
        frame(game)
    assert len(taken) == pytest.approx(50 * FRAME_S / TICK_S, abs=1)
    assert any(0.0 < abs(controls[0, 0]) < 1.0 for controls in taken)
    for controls in taken:
        replay.step(controls)
    for name in ("x", "y", "heading", "speed", "steer", "distance_m", "clock_s"):
        assert getattr(replay, name).tolist() == getattr(simulator, name).tolist()
