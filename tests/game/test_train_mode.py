"""Watching cars learn: what the keys change, by the state behind the picture."""

from dataclasses import replace
from pathlib import Path
from time import sleep

import numpy as np
import pygame
import pytest

from qrace.game.keys import ModeName
from qrace.game.modes.mode import CONTENT_S, small_text
from qrace.game.scene import RaysShown
from qrace.rl.evaluate import Evaluation
from qrace.rl.trainer import Trainer
from qrace.sim.track_files import load_track
from tests.game.conftest import MakeGame
from tests.game.helpers import Game, click, mark_driver, open_drivers, press, run, small_config


@pytest.mark.parametrize(("presses", "ticks_per_second"), [(0, 20), (1, 80), (2, 320)])
def test_speeds(make_game: MakeGame, presses: int, ticks_per_second: int) -> None:
    game = make_game(small_config(ticks_per_action=2))
    for _ in range(presses):
        press(game, pygame.K_PLUS)
    run(game, 1.0)
    game.session.trainer.join()
    assert game.session.trainer.metrics.steps * 2 == pytest.approx(ticks_per_second, abs=2)
    press(game, pygame.K_MINUS)
    assert game.context.pace.index == max(presses - 1, 0)


def test_flat_out_draws_every_frame_and_runs_as_much_as_fits(game: Game) -> None:
    for _ in range(3):
        press(game, pygame.K_KP_PLUS)
    for _ in range(5):
        game.update(1 / 60, deadline=0.0)  # no time at all, and still one step each
    assert game.session.trainer.metrics.steps == 5


def test_the_window_learns_exactly_as_the_trainer_alone(make_game: MakeGame) -> None:
    game = make_game(small_config(seed=3))
    press(game, pygame.K_PLUS)
    run(game, 1.0)
    press(game, pygame.K_TAB)
    press(game, pygame.K_v)
    run(game, 1.0)
    press(game, pygame.K_SPACE)
    press(game, pygame.K_TAB)
    sleep(CONTENT_S)
    run(game, 0.1)
    press(game, pygame.K_n)
    run(game, 0.1)
    watched = game.session.trainer
    alone = Trainer(small_config(seed=3), [load_track("oval")])
    for _ in range(watched.metrics.steps):
        alone.step()
    assert watched.agent.updates > 50
    expected = alone.checkpoint("x").tensors
    assert all(np.array_equal(expected[name], tensor) for name, tensor in watched.checkpoint("x").tensors.items())


def test_pause_and_one_tick(make_game: MakeGame) -> None:
    game = make_game(small_config(ticks_per_action=2))
    run(game, 0.5)
    press(game, pygame.K_SPACE)
    metrics = game.session.trainer.metrics
    before = metrics.steps
    run(game, 0.5)
    assert metrics.steps == before
    for _ in range(4):  # four ticks are two steps of two ticks
        press(game, pygame.K_n)
        run(game, 0.1)
    assert metrics.steps == before + 2
    press(game, pygame.K_SPACE)
    run(game, 0.5)
    assert metrics.steps > before + 2


def test_choose_a_car_by_tab_and_by_click(game: Game) -> None:
    scene = game.context.scene
    press(game, pygame.K_TAB)
    press(game, pygame.K_TAB)
    assert scene.chosen == 2
    press(game, pygame.K_TAB, shift=True)
    assert scene.chosen == 1
    for _ in range(3):
        press(game, pygame.K_TAB)
    assert scene.chosen == 0  # four cars: round again
    run(game, 0.1)
    press(game, pygame.K_SPACE)
    run(game, 0.1)
    poses = game.session.trainer.env.poses[-1]
    for car in (3, 1):
        apart = np.hypot(*(poses[:, :2] - poses[car, :2]).T)
        assert np.sort(apart)[1] > 20.0, "the seed puts cars too close together for this test"
        x, y = scene.camera.to_screen(poses[car : car + 1, :2])[0]
        click(game, (round(x) + 3, round(y) - 3))
        assert scene.chosen == car
    click(game, (5, 5))  # far from any car
    assert scene.chosen == 1


def test_camera_and_rays(game: Game) -> None:
    camera, scene = game.context.scene.camera, game.context.scene
    far = camera.scale
    press(game, pygame.K_c)
    run(game, 2.0)
    assert camera.following and camera.scale > 1.4 * far
    press(game, pygame.K_c)
    run(game, 2.0)
    assert camera.scale == pytest.approx(far, rel=0.01)
    shown = []
    for _ in range(3):
        press(game, pygame.K_v)
        shown.append(scene.rays_shown)
        run(game, 0.1)
    assert shown == [RaysShown.ALL, RaysShown.NONE, RaysShown.CHOSEN]


def test_the_map_is_drawn_for_the_chosen_car_and_hidden_with_its_rays(
    make_game: MakeGame, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = small_config()
    sensors = replace(config.env.sensors, ahead_s=(0.5, 1.0, 2.0))
    game = make_game(replace(config, env=replace(config.env, sensors=sensors, features=("rays", "edges"))))
    drawn: list[np.ndarray] = []
    monkeypatch.setattr("qrace.game.scene.draw_road_map", lambda *args: drawn.append(args[-1]))
    run(game, 0.5)
    assert len(drawn) > 1 and all(points.shape == (6, 2) for points in drawn)
    distance = np.hypot(*drawn[-1].T)
    assert (np.diff(distance[::2]) > 0.0).all() and distance[-1] < 2.0 * 33.4 + 20.0
    mind = game.mode.content().mind
    assert mind is not None and mind.sight is not None and mind.sight.road.shape == (6, 2)
    press(game, pygame.K_v)
    press(game, pygame.K_v)
    drawn.clear()
    run(game, 0.2)
    assert not drawn


@pytest.mark.filterwarnings("ignore:overflow", "ignore:invalid")
def test_a_learner_that_blows_up_is_told_once_and_a_resumed_one_is_not_thought_one(game: Game) -> None:
    run(game, 1.0)
    assert game.session.trainer.metrics.updates and not game.notices.text
    game.session.load(game.session.save())
    game.train()
    assert np.isnan(game.session.trainer.metrics.loss) and game.session.trainer.metrics.updates
    run(game, 0.05)
    assert "blew up" not in game.notices.text
    game.session.trainer.agent.brain.online[:] = 1e30
    run(game, 2.0)
    assert "The learner blew up" in game.notices.text
    run(game, 30.0)
    assert not game.notices.text


def test_the_panel_tells_epsilon_or_what_a_softmax_explores(make_game: MakeGame) -> None:
    config = small_config()
    epsilon_greedy = {figure.label for figure in make_game(config).mode.content().learning}
    learner = replace(config.learner, kind="pqn", temperature=1e3)
    game = make_game(replace(config, learner=learner))
    run(game, 0.5)
    figures = {figure.label: figure for figure in game.mode.content().learning}
    assert figures.keys() ^ epsilon_greedy == {"Epsilon", "Explores"}
    assert 0.0 < float(figures["Explores"].value) <= 100.0 and figures["Explores"].unit == "%"


def test_steps_are_those_of_the_command_line(make_game: MakeGame, monkeypatch: pytest.MonkeyPatch) -> None:
    now = 0.0
    monkeypatch.setattr("qrace.game.modes.train.perf_counter", lambda: now)
    game = make_game(small_config(cars=8, ticks_per_action=2))
    for _ in range(180):
        now += 1 / 60
        game.update(1 / 60, float("inf"))
    press(game, pygame.K_SPACE)
    figures = {figure.label: figure.value for figure in game.mode.content().learning}
    assert game.session.trainer.metrics.steps == pytest.approx(30, abs=1)
    assert figures["Steps"] == f"{game.session.trainer.metrics.steps}"
    assert float(figures["Steps/s"]) == pytest.approx(10.0, abs=1.0)


def test_tracks(game: Game) -> None:
    run(game, 1.0)
    updates = game.session.trainer.agent.updates
    press(game, pygame.K_RIGHTBRACKET)
    assert game.session.track.name == "kidney" == game.context.scene.track.name
    assert "Kidney" in game.notices.text
    run(game, 0.2)
    assert game.session.trainer.agent.updates >= updates > 0
    press(game, pygame.K_8, character="[")
    assert game.session.track.name == "oval"


def test_new_brain_save_and_load(game: Game, tmp_path: Path) -> None:
    run(game, 2.0)
    press(game, pygame.K_s)
    assert (tmp_path / "oval-1.safetensors").exists() and "oval-1" in game.notices.text
    learned = game.session.trainer.agent.updates
    run(game, 1.0)
    press(game, pygame.K_r)
    assert (tmp_path / "oval-2.safetensors").exists()
    assert game.session.trainer.agent.updates == 0 and game.mode.name is ModeName.TRAIN
    screen = open_drivers(game)
    assert sorted(driver.name for driver in screen.shown if driver is not None) == ["oval-1", "oval-2"]
    mark_driver(game, screen, "oval-1")
    press(game, pygame.K_t)
    assert game.screens.top is None
    assert game.session.trainer.agent.updates == learned
    run(game, 0.5)


def test_one_best_lap_everywhere(game: Game) -> None:
    metrics = game.session.trainer.metrics
    run(game, 1.0)
    metrics.best_lap_s = 9.87
    press(game, pygame.K_SPACE)
    sleep(CONTENT_S)
    assert game.mode.content().headline[0].value == "9.87"
    press(game, pygame.K_s)
    screen = open_drivers(game)
    assert screen.book is not None and screen.driver is not None
    assert [lap.lap_s for lap in screen.book.laps[screen.driver.path]] == [9.87]


def test_the_lap_curve_is_of_examinations_alone_and_outlasts_a_drive(make_game: MakeGame) -> None:
    game = make_game(small_config())
    trainer, search = game.session.trainer, game.session.trainer.champion
    expected = []
    for examined, mean in enumerate((13.0, None, 12.0, 11.5), start=1):
        search.latest = [Evaluation("oval", 32, 8, True, 11.0, mean, 1.0)]
        search.examined = examined
        expected.append(np.nan if mean is None else mean)
        game.session.greedy_laps.note(trainer)
        trainer.metrics.last_lap_s = 99.0  # a lap that explores belongs to another curve
    press(game, pygame.K_t)
    press(game, pygame.K_t)
    game.draw(game.display.surface, 1 / 60)
    chart = game.mode.content().charts[1]
    assert np.array_equal(chart.y, expected, equal_nan=True)
    press(game, pygame.K_r)
    assert len(game.session.greedy_laps.curve()[0]) == 0  # another brain, another curve


def test_load_by_mouse_and_leave_without(game: Game) -> None:
    assert open_drivers(game).driver is None
    press(game, pygame.K_ESCAPE)
    run(game, 1.0)
    press(game, pygame.K_s)
    learned = game.session.trainer.agent.updates
    run(game, 0.5)
    open_drivers(game)
    press(game, pygame.K_ESCAPE)
    assert game.screens.top is None and game.session.trainer.agent.updates > learned
    click(game, open_drivers(game).stops[1].rect.center)
    assert game.screens.top is None and game.session.trainer.agent.updates == learned


def test_a_damaged_model_becomes_a_notice(game: Game, tmp_path: Path) -> None:
    run(game, 1.0)
    press(game, pygame.K_s)
    screen, trainer = open_drivers(game), game.session.trainer
    (tmp_path / "oval-1.safetensors").write_bytes(b"gone bad")
    press(game, pygame.K_t)
    assert "oval-1.safetensors" in game.notices.text
    assert game.screens.top is screen and game.session.trainer is trainer


def test_a_crowd_is_watched_without_drawing_all_of_it(make_game: MakeGame, monkeypatch: pytest.MonkeyPatch) -> None:
    game = make_game(small_config(cars=400))
    press(game, pygame.K_TAB, shift=True)
    assert game.context.scene.chosen == 399
    drawn: list[int] = []
    sprites = game.context.scene.sprites
    monkeypatch.setattr(sprites, "draw", lambda *a, number, **k: drawn.append(number))
    game.draw(game.display.surface, 1 / 60)
    assert sorted(drawn) == [*range(1, 257), 400]


@pytest.mark.parametrize(
    ("value", "told"),
    [(0.0, "0.000"), (0.0123, "0.012"), (0.001, "0.001"), (4.23e-5, "4.2e-5"), (9.99e-11, "1.0e-10"), (np.nan, "–")],
)
def test_a_small_loss_is_told_by_its_digits(value: float, told: str) -> None:
    assert small_text(value) == told
