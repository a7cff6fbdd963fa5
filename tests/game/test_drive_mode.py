"""Driving: nothing is learned, and anyone may take the wheel."""

from time import sleep

import numpy as np
import pygame
import pytest

from qrace.game.keys import ModeName
from qrace.game.modes.drive import BACK_M, DriveMode
from qrace.game.modes.mode import CONTENT_S
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


def test_driving_is_greedy(make_game: MakeGame) -> None:
    game = make_game(small_config())
    run(game, 1.0)
    mode = drive(game)
    policy = game.session.trainer.best_policy()
    for _ in range(40):
        observation = mode.env.observation.copy()
        game.update(0.05, float("inf"))
        expected = mode.env.actions.controls[policy.q_values(observation).argmax(axis=1)]
        assert np.array_equal(mode.env.controls, expected)


def test_arrow_keys_take_the_wheel_and_b_gives_it_back(make_game: MakeGame) -> None:
    game = make_game(small_config(ticks_per_action=2))
    run(game, 0.5)
    mode = drive(game)
    press(game, pygame.K_TAB)
    press(game, pygame.K_LEFT, release=False)
    assert mode.at_wheel == 1 and "wheel of car 2" in game.notices.text
    heading = mode.env.simulator.heading[1]
    game.update(0.05, float("inf"))
    assert mode.env.controls[1].tolist() == [1.0, 0.0]
    # The lesson's car turns ten degrees a tick, to the left for a positive angle.
    assert np.degrees(mode.env.simulator.heading[1] - heading) == pytest.approx(10.0)
    pygame.event.post(pygame.event.Event(pygame.KEYUP, key=pygame.K_LEFT, mod=0, unicode=""))
    press(game, pygame.K_b)
    assert mode.at_wheel is None
    run(game, 0.3)


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


def test_laps_at_the_wheel_are_the_persons_own(game: Game) -> None:
    mode = drive(game)
    simulator = mode.env.simulator
    press(game, pygame.K_UP)
    assert np.isnan(simulator.lap_time_s()[0])  # the brain has driven a part of this one
    length = simulator.tracks[0].length_m
    for car, seconds in ((0, 9.0), (1, 5.0), (0, 7.0)):  # just before the line, so long after it was last crossed
        simulator.place(np.array([car]), np.array([length - 0.5]), speed=np.array([30.0]))
        simulator.clock_s[car] = 100.0
        simulator.lap_start_s[car] = 100.0 - seconds
        game.update(0.05, float("inf"))
        game.update(0.05, float("inf"))
    shown = {figure.label: figure.value for figure in (*panel(mode).headline, *panel(mode).results)}
    assert shown["Your laps"] == "2"
    assert 7.0 <= float(shown["Your best lap"]) == float(shown["Your last lap"]) <= 7.1
    press(game, pygame.K_b)
    shown = {figure.label: figure.value for figure in (*panel(mode).headline, *panel(mode).results)}
    assert shown["Laps"] == "3" and 5.0 <= float(shown["Best of this drive"]) <= 5.1


def test_a_key_let_go_over_a_card_does_not_stay_down(game: Game) -> None:
    mode = drive(game)
    press(game, pygame.K_UP, release=False)
    press(game, pygame.K_g)
    assert game.chooser is not None
    pygame.event.post(pygame.event.Event(pygame.KEYUP, key=pygame.K_UP, mod=0, unicode=""))
    take_events(game)
    press(game, pygame.K_ESCAPE)
    game.update(0.05, float("inf"))
    assert mode.env.controls[0].tolist() == [0.0, 0.0]
