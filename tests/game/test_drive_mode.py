"""Driving: nothing is learned, and anyone may take the wheel."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from time import sleep

import numpy as np
import pygame
import pytest

from qrace.folders import HOME_VARIABLE
from qrace.game.ghosts import GhostsShown
from qrace.game.keys import ModeName
from qrace.game.modes.drive import BACK_M, DriveMode
from qrace.game.modes.mode import CONTENT_S
from qrace.race.records import Lap
from qrace.view.panel import PanelContent
from tests.game.conftest import MakeGame
from tests.game.helpers import Game, press, run, small_config, take_events


def drive(game: Game) -> DriveMode:
    press(game, pygame.K_t)
    assert isinstance(game.mode, DriveMode)
    return game.mode


def panel(mode: DriveMode) -> PanelContent:
    """What the panel shows once its figures are due."""
    sleep(CONTENT_S)
    return mode.content()


def test_driving_learns_and_stores_nothing(game: Game) -> None:
    run(game, 1.0)
    trainer = game.session.trainer
    drive(game)
    before, steps, stored = trainer.checkpoint("x").tensors, trainer.metrics.steps, trainer.agent.memory.size
    run(game, 1.0)
    assert game.mode.name is ModeName.DRIVE
    assert (trainer.metrics.steps, trainer.agent.memory.size) == (steps, stored)
    after = trainer.checkpoint("x").tensors
    assert all(np.array_equal(before[name], after[name]) for name in before)
    press(game, pygame.K_t)
    assert game.mode.name is ModeName.TRAIN
    run(game, 0.5)
    assert trainer.metrics.steps > steps


def test_driving_has_no_starts_at_speeds_that_are_for_learning_alone(make_game: MakeGame) -> None:
    config = small_config(cars=32)
    env = replace(config.env, car="grand-prix", start_speed=1.0, standing_starts=0.5)
    game = make_game(replace(config, env=env))
    learning = game.session.trainer.env.simulator.speed.copy()
    driving = drive(game).env.simulator
    assert max(driving.speed) < 0.36 * driving.model.top_speed < max(learning)
    assert min(learning) == 0.0 < min(driving.speed)


def test_driving_is_greedy(make_game: MakeGame) -> None:
    game = make_game(small_config())
    run(game, 1.0)
    mode = drive(game)
    policy = game.session.trainer.best_policy()
    for _ in range(40):
        game.update(0.05, float("inf"))
        expected = mode.env.actions.controls[policy.q_values(mode.env.observation).argmax(axis=1)]
        assert np.array_equal(mode.env.controls, expected)  # of the tick that is on screen


def test_arrow_keys_take_the_wheel_and_b_gives_it_back(make_game: MakeGame) -> None:
    game = make_game(small_config(ticks_per_action=2))
    run(game, 0.5)
    mode = drive(game)
    press(game, pygame.K_TAB)
    press(game, pygame.K_LEFT, release=False)
    assert mode.at_wheel == 1 and "wheel of car 2" in game.notices.text
    heading = mode.env.simulator.heading[1]
    game.update(0.05, float("inf"))
    game.update(1e-6, float("inf"))  # the tick is over
    # The lesson's car turns ten degrees a tick, to the left for a positive angle.
    assert np.degrees(mode.env.simulator.heading[1] - heading) == pytest.approx(10.0)
    pygame.event.post(pygame.event.Event(pygame.KEYUP, key=pygame.K_LEFT, mod=0, unicode=""))
    take_events(game)
    press(game, pygame.K_b)
    assert mode.at_wheel is None
    run(game, 0.3)
    press(game, pygame.K_b)  # and takes it back
    assert mode.at_wheel == 1 and "wheel of car 2" in game.notices.text
    run(game, 0.1)
    assert mode.content().mind is not None and mode.controls[1].tolist() == [0.0, 0.0]


def test_choosing_another_car_gives_the_wheel_back(game: Game) -> None:
    mode = drive(game)
    press(game, pygame.K_UP)
    assert mode.at_wheel == 0
    press(game, pygame.K_TAB)
    run(game, 0.1)
    assert mode.at_wheel is None


def test_whoever_leaves_the_road_goes_on_a_little_before(game: Game) -> None:
    mode = drive(game)
    press(game, pygame.K_LEFT, release=False)
    simulator, tick, crashed_at = mode.env.simulator, mode.env.tick, 0.0

    def tick_and_watch(tick_of_step: int) -> None:
        nonlocal crashed_at
        tick(tick_of_step)
        crashed_at = float(simulator.track_position_m[0])

    mode.env.tick = tick_and_watch  # type: ignore[method-assign]
    for _ in range(200):
        game.update(0.05, float("inf"))
        if "Off the road" in game.notices.text:
            break
    assert not simulator.crashed[0] and mode.at_wheel == 0
    length = simulator.tracks[0].length_m
    assert (crashed_at - simulator.track_position_m[0]) % length == pytest.approx(BACK_M)
    assert np.isnan(simulator.lap_time_s()[0])  # the lap counts from the line on
    assert {f.label: f.value for f in panel(mode).results}["Your crashes"] == "1"


def hold(game: Game, held: set[int], wanted: set[int]) -> None:
    """Press and let go of keys until those wanted are held."""
    for key in sorted(held ^ wanted):
        kind = pygame.KEYDOWN if key in wanted else pygame.KEYUP
        pygame.event.post(pygame.event.Event(kind, key=key, mod=0, unicode=""))
    held.clear()
    held.update(wanted)
    take_events(game)


def drive_laps(game: Game, mode: DriveMode, laps: int, patience_s: float = 60.0) -> None:
    """At the arrow keys: turn to the side that is more open, until so many laps are done."""
    held: set[int] = set()
    for _ in range(round(patience_s / 0.05)):
        left, right = mode.env.simulator.rays[mode.env.cars - 1, [1, 3]].tolist()
        steer = {pygame.K_LEFT} if left > right + 5.0 else {pygame.K_RIGHT} if right > left + 5.0 else set()
        hold(game, held, steer)
        game.update(0.05, float("inf"))
        if mode.trial.laps >= laps:
            return
    raise AssertionError("no lap was driven")


def test_laps_at_the_wheel_are_timed_recorded_and_come_back_as_a_ghost(
    make_game: MakeGame, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(HOME_VARIABLE, str(tmp_path))
    game = make_game(small_config(cars=1))
    recorded: list[Lap] = []
    monkeypatch.setattr(game.session.recorder, "lap", lambda track, lap: recorded.append(lap))
    mode = drive(game)
    press(game, pygame.K_UP)
    assert np.isnan(mode.env.simulator.lap_time_s()[0])  # the brain has driven a part of this one
    drive_laps(game, mode, 2)
    timer = mode.trial.timer
    assert timer.last is not None and timer.best is not None and len(recorded) == 2
    assert recorded[1] == Lap("lesson", "You", timer.last.lap_s, timer.last.sectors_s)
    assert timer.last.lap_s == mode.env.simulator.last_lap_s[0]
    assert sum(timer.last.sectors_s) == pytest.approx(timer.last.lap_s)
    shown = {figure.label: figure.value for figure in (*panel(mode).headline, *panel(mode).results)}
    assert (shown["Your laps"], shown["Your last lap"]) == ("2", f"{timer.last.lap_s:.2f}")
    run(game, 0.5)
    board = mode.trial.board(0.0)
    assert board.best == f"{timer.best.lap_s:.2f}" and board.off_limit.startswith("+") and board.delta_s is not None
    assert {ghost.look.letter for ghost in mode.trial.ghosts_now(0.0, GhostsShown.ALL)} >= {"Y", "L"}
    press(game, pygame.K_b)
    assert "Laps" in {figure.label for figure in panel(mode).results}
    press(game, pygame.K_t)
    press(game, pygame.K_t)  # as at the next launch
    again = game.mode
    assert isinstance(again, DriveMode)
    wait_for(game, lambda: again.trial.timer.best is not None)
    assert again.trial.timer.best is not None and again.trial.timer.best.lap_s == timer.best.lap_s


def wait_for(game: Game, true: Callable[[], bool]) -> None:
    """Until what is done in the background is done."""
    for _ in range(500):
        game.update(1 / 60, float("inf"))
        if true():
            return
        sleep(0.01)
    raise AssertionError("it did not come")


def test_a_key_let_go_over_a_card_does_not_stay_down(game: Game) -> None:
    mode = drive(game)
    press(game, pygame.K_UP, release=False)
    game.update(0.01, float("inf"))
    press(game, pygame.K_g)
    assert game.screens.top is not None
    pygame.event.post(pygame.event.Event(pygame.KEYUP, key=pygame.K_UP, mod=0, unicode=""))
    take_events(game)
    press(game, pygame.K_ESCAPE)
    for _ in range(3):
        game.update(0.05, float("inf"))
    assert mode.controls[0].tolist() == [0.0, 0.0]
