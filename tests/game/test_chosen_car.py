"""Another car is chosen while time stands still: what is shown under its name is its own."""

from time import sleep

import numpy as np
import pygame
import pytest
from numpy.typing import NDArray

from qrace.game.modes.drive import DriveMode
from qrace.game.modes.mode import CONTENT_S
from qrace.race.rules import RaceRules
from qrace.view.panel import Mind
from qrace.view.q_bars import Decision
from tests.game.helpers import Game, click, press, run
from tests.game.racing import LikesWalls, RoundTheOval, mode_of, plan, wait_for_start


def mind(game: Game) -> Mind:
    """The panel's group about the chosen car, once its figures are due."""
    sleep(CONTENT_S)
    shown = game.mode.content().mind
    assert shown is not None
    return shown


def decision(game: Game) -> Decision:
    shown = mind(game)
    assert shown.title == f"The mind of car {game.context.scene.chosen + 1}" and shown.decision is not None
    return shown.decision


def pause(game: Game) -> None:
    press(game, pygame.K_SPACE)
    run(game, 0.1)


def test_in_training_it_is_what_the_car_expects_where_it_is(game: Game) -> None:
    run(game, 1.0)
    pause(game)
    trainer, scene = game.session.trainer, game.context.scene
    trainer.join()
    made = decision(game)
    assert made.taken is not None
    press(game, pygame.K_TAB)
    x, y = scene.camera.to_screen(trainer.env.poses[-1][3:, :2])[0]
    for car in (1, 3):
        if car == 3:
            click(game, (round(x), round(y)))
        shown = decision(game)
        expected = trainer.agent.q_values(trainer.env.observation[car : car + 1])[0]
        assert scene.chosen == car and shown.taken is None
        assert np.array_equal(shown.q_values, expected) and not np.array_equal(expected, made.q_values)
    press(game, pygame.K_n)
    run(game, 0.1)
    taken = decision(game).taken
    assert taken is not None and (trainer.env.actions.controls[taken] == trainer.env.controls[3]).all()


def test_in_training_a_decision_that_was_made_is_there_again_with_its_car(game: Game) -> None:
    run(game, 1.0)
    pause(game)
    made = decision(game)
    press(game, pygame.K_TAB)
    assert decision(game) is not made
    press(game, pygame.K_TAB, shift=True)
    assert decision(game) is made


def test_in_a_drive_it_is_what_the_brain_decided_for_the_car(game: Game) -> None:
    run(game, 1.0)
    press(game, pygame.K_t)
    run(game, 0.5)
    pause(game)
    mode = game.mode
    assert isinstance(mode, DriveMode)
    q_values = game.session.trainer.best_policy().q_values(mode.env.observation)
    assert len(np.unique(q_values, axis=0)) == 4
    for car in range(3):
        shown = decision(game)
        assert game.context.scene.chosen == car and np.array_equal(shown.q_values, q_values[car])
        assert shown.taken == q_values[car].argmax()
        press(game, pygame.K_TAB)
    press(game, pygame.K_UP)
    assert mode.at_wheel == 3 and decision(game).taken is None


def sight_now(game: Game, index: int) -> NDArray[np.float32]:
    """What a car of the race would see if it looked up, (R,) [m]."""
    return mode_of(game).race.cars[index].simulator.sense()[0].copy()


def drawn(game: Game, index: int) -> NDArray[np.float32] | None:
    """The rays (R,) of a car on the stage, None where none are drawn [m]."""
    assert game.context.scene.shown is not None
    sight = game.context.scene.shown.sights[index]
    return None if sight is None else sight.distances


@pytest.mark.parametrize("again", [False, True])
def test_in_a_race_its_rays_are_of_now(game: Game, again: bool) -> None:
    game.commands.race(plan(9, RoundTheOval(), RoundTheOval(True), RoundTheOval()))
    grid = [reading.copy() for reading in mode_of(game).readings]
    if again:  # seen before, and again after a while
        wait_for_start(game)
        press(game, pygame.K_TAB)
        run(game, 0.3)
        press(game, pygame.K_TAB, shift=True)
    wait_for_start(game)
    run(game, 1.5)
    pause(game)
    press(game, pygame.K_TAB)
    run(game, 0.1)
    shown = mind(game)
    assert shown.sight is not None and np.array_equal(shown.sight.distances, sight_now(game, 1))
    assert np.array_equal(drawn(game, 1), sight_now(game, 1)) and not np.array_equal(drawn(game, 1), grid[1])
    assert drawn(game, 0) is None and drawn(game, 2) is None
    press(game, pygame.K_v)
    run(game, 0.1)
    for index in range(3):
        assert np.array_equal(drawn(game, index), sight_now(game, index))
    press(game, pygame.K_v)
    run(game, 0.1)
    assert drawn(game, 1) is None


def test_a_race_that_is_looked_at_is_the_same_race(game: Game) -> None:
    race = plan(1, RoundTheOval(True), RoundTheOval(), LikesWalls(), rules=RaceRules(collisions=True))
    places = []
    for looked_at in (False, True):
        game.commands.race(race)
        wait_for_start(game)
        for key in (pygame.K_TAB, pygame.K_v, pygame.K_TAB, pygame.K_v, pygame.K_v):
            if looked_at:
                pause(game)
                press(game, key)
                pause(game)
        while mode_of(game).race.ticks < 100:
            game.update(1 / 60, float("inf"))
        places.append(mode_of(game).race.poses.copy())
    assert np.array_equal(*places)
