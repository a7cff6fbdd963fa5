"""What the tests of races share: drivers, plans, and the way from the setup to the grid."""

from time import perf_counter

import numpy as np
import pygame
from numpy.typing import NDArray

from qrace.env.config import EnvConfig
from qrace.game.modes.race import RaceMode
from qrace.game.race_plan import RacePlan, Racer, entries_of
from qrace.game.screens.race_setup import RaceSetupScreen
from qrace.race.rules import RaceRules
from qrace.sim.track_files import load_track
from tests.game.helpers import Game, press, run


class RoundTheOval:
    """Drives by the rays: turn to the side that is more open."""

    def __init__(self, fast: bool = False) -> None:
        self._straight_on = 3 if fast else 2

    def select_actions(self, observation: NDArray[np.float32]) -> NDArray[np.int64]:
        return self.q_values(observation).argmax(axis=1)

    def q_values(self, observation: NDArray[np.float32]) -> NDArray[np.float32]:
        left, right = observation[:, 1], observation[:, 3]
        action = np.where(left > right + 0.1, 0, np.where(right > left + 0.1, 1, self._straight_on))
        return np.eye(4, dtype=np.float32)[action]


class LikesWalls(RoundTheOval):
    def q_values(self, observation: NDArray[np.float32]) -> NDArray[np.float32]:
        return np.eye(4, dtype=np.float32)[[0]]


def plan(laps: int, *drivers: RoundTheOval, rules: RaceRules | None = None) -> RacePlan:
    racers = [Racer(f"car {n}", EnvConfig(), driver) for n, driver in enumerate(drivers)]
    return RacePlan(load_track("oval"), laps, rules or RaceRules(), entries_of(racers), lights_seed=5)


def setup(game: Game) -> RaceSetupScreen:
    press(game, pygame.K_g)
    run(game, 0.05)
    screen = game.screens.top
    assert isinstance(screen, RaceSetupScreen)
    return screen


def choose(game: Game, screen: RaceSetupScreen, name: str, steps: int) -> None:
    """Go to a rule on the left and change it with the arrows."""
    press(game, pygame.K_TAB, shift=True)  # from the drivers to the rules
    while screen.rules[screen.rule_list.marked].name != name:
        before = screen.rule_list.marked
        press(game, pygame.K_DOWN)
        assert screen.rule_list.marked != before, f"there is no {name}"
    for _ in range(abs(steps)):
        press(game, pygame.K_RIGHT if steps > 0 else pygame.K_LEFT)
    while screen.rule_list.marked:
        press(game, pygame.K_UP)
    press(game, pygame.K_TAB)


def mode_of(game: Game) -> RaceMode:
    assert isinstance(game.mode, RaceMode)
    return game.mode


def wait_for_start(game: Game) -> None:
    """The lights stay on until what the race needs has been prepared on another thread, however long that takes."""
    patience = perf_counter() + 120.0
    while not mode_of(game).started:
        assert perf_counter() < patience, "the lights stay on"
        run(game, 1 / 60)


def open_race(game: Game, laps: int = 3) -> RaceMode:
    screen = setup(game)
    choose(game, screen, "Laps", laps - 3)
    press(game, pygame.K_RETURN)
    return mode_of(game)
