"""A race in the window: who takes part, who steers, how it starts and ends; without a window it ends the same."""

from collections.abc import Callable
from dataclasses import replace
from time import sleep

import numpy as np
import pygame
import pytest
from numpy.typing import NDArray

from qrace.env.config import EnvConfig
from qrace.game.keys import ModeName
from qrace.game.modes.mode import CONTENT_S
from qrace.game.race_plan import RacePlan, Racer, entries_of
from qrace.game.screens.race_result import RaceResultScreen
from qrace.game.screens.race_setup import RaceSetupScreen
from qrace.race.race import Race
from qrace.race.rules import LIGHT_S, LIGHTS, RaceRules
from qrace.sim.limit import load_limit
from qrace.sim.track_files import load_track
from tests.game.helpers import Game, press, run
from tests.game.racing import LikesWalls, RoundTheOval, mode_of, open_race, plan, wait_for_start


def test_race_with_oneself(game: Game) -> None:
    run(game, 0.5)
    mode = open_race(game, laps=2)
    assert mode.race.laps == 2
    assert [car.entrant.name for car in mode.race.cars] == ["You", "This brain"]
    press(game, pygame.K_UP, release=False)
    run(game, LIGHT_S * LIGHTS + 0.1)
    assert mode.lights == LIGHTS and mode.race.ticks == 0
    wait_for_start(game)
    run(game, 0.7)
    assert mode.lights == 0 and mode.race.ticks > 5
    you, brain = mode.race.cars
    assert you.controls[0].tolist() == [0.0, 1.0]
    assert you.simulator.speed[0] > 30.0  # the lesson's car goes from 20 to 33 m/s
    assert brain.simulator.distance_m[0] > 0.0
    assert game.mode.content().standings[0].position == "1"
    press(game, pygame.K_r)
    assert mode.race.ticks == 0 and not mode.started
    press(game, pygame.K_t)
    assert game.mode.name is ModeName.TRAIN


def test_the_limit_drives_along_and_takes_no_place(game: Game) -> None:
    race = replace(plan(1, RoundTheOval()), limit=True)
    game.commands.race(race)
    wait_for_start(game)
    run(game, 1.0)
    mode = mode_of(game)
    assert mode.ghost is not None
    sleep(CONTENT_S)
    rows = mode.content().standings
    assert [(row.position, row.name) for row in rows] == [("", "The limit"), ("1", "car 0")]


@pytest.mark.parametrize(
    ("speed_keys", "rules"),
    [
        (0, RaceRules(crash="out", seed=3)),
        (2, RaceRules(collisions=True)),
        (3, RaceRules(crash="out", collisions=True, rolling=True)),
    ],
)
def test_the_window_and_the_command_line_race_the_same_race(game: Game, speed_keys: int, rules: RaceRules) -> None:
    drivers = [RoundTheOval(n % 2 == 0) for n in range(4)] + [LikesWalls()]
    race = plan(1, *drivers, rules=rules)
    game.commands.race(race)
    wait_for_start(game)
    for _ in range(speed_keys):
        press(game, pygame.K_PLUS)
    for _ in range(4000):
        game.update(1 / 30, deadline=0.0)
        if mode_of(game).race.finished:
            break
    headless = Race(race.track, [entry.entrant for entry in race.entries], race.laps, race.rules)
    assert mode_of(game).race.standings() == headless.run()


def test_the_end_is_told_and_shown_and_leads_on(game: Game) -> None:
    game.commands.race(plan(1, RoundTheOval(True), RoundTheOval(), LikesWalls(), rules=RaceRules(crash="out")))
    wait_for_start(game)
    for _ in range(3):  # flat out
        press(game, pygame.K_PLUS)
    told = set()
    for _ in range(2000):
        game.update(1 / 60, deadline=0.0)
        told.add(game.notices.text)
        if game.screens.top is not None:
            break
    result = game.screens.top
    assert isinstance(result, RaceResultScreen)
    assert any("won in" in text for text in told)
    assert [line.name for line in result.lines] == ["car 0", "car 1", "car 2"]
    assert result.lines[2].figures[3] == "out" and len(result.honoured) == 2
    limit = load_limit(load_track("oval"), "lesson")
    best_s = result._mode.race.cars[0].best_lap_s
    assert limit is not None and best_s is not None
    assert result.lines[0].off_limit == f"{limit.percent_off(best_s):+.1f} %" and result.lines[2].off_limit == ""
    run(game, 0.1)
    press(game, pygame.K_r)
    assert game.screens.top is None and mode_of(game).race.ticks == 0
    game.open(RaceResultScreen(game, mode_of(game)))
    press(game, pygame.K_g)
    assert isinstance(game.screens.top, RaceSetupScreen)
    press(game, pygame.K_ESCAPE)
    game.open(RaceResultScreen(game, mode_of(game)))
    press(game, pygame.K_ESCAPE)
    assert game.screens.top is None and game.mode.name is ModeName.RACE


def test_a_start_is_seen_at_the_pace_of_life_and_the_clock_stops_at_the_end(game: Game) -> None:
    game.commands.race(plan(1, RoundTheOval(True), LikesWalls(), rules=RaceRules(crash="out")))
    mode = mode_of(game)
    game.context.scene.chosen = 1
    wait_for_start(game)
    for _ in range(2):  # x16
        press(game, pygame.K_PLUS)
    for _ in range(600):
        run(game, 0.1)
        if mode.race.finished:
            break
    sleep(CONTENT_S)
    content = mode.content()
    assert content.mind is not None and content.mind.sight is None and content.mind.decision is None
    shown = []
    for _ in range(2):
        sleep(CONTENT_S)
        shown.append(mode.content().headline)
        ticks = mode.race.ticks
        run(game, 0.5)
        assert mode.race.ticks > ticks
    assert shown[0] == shown[1] and shown[0][0].value == "Finished"
    press(game, pygame.K_r)
    assert game.context.pace.speed == 1.0
    run(game, 0.5)
    assert mode.race.ticks == 0
    sleep(CONTENT_S)
    assert mode.content().headline[0].value == "Grid"


def test_a_person_off_the_road_goes_on_after_the_penalty(game: Game) -> None:
    mode = open_race(game)
    wait_for_start(game)
    steer_off(game, lambda: mode.race.cars[0].crashes > 0)
    press(game, pygame.K_LEFT)
    assert "you go on in 5 s" in game.notices.text
    assert mode.race.cars[0].held_ticks > 90 and not mode.race.cars[0].out
    sleep(CONTENT_S)
    assert mode.content().results[1].label == "Goes on in"
    run(game, 5.2)
    assert mode.race.cars[0].held_ticks == 0 and mode.race.cars[0].simulator.speed[0] > 0.0


def test_no_ring_where_a_car_that_is_out_was(game: Game, monkeypatch: pytest.MonkeyPatch) -> None:
    game.commands.race(plan(3, LikesWalls(), RoundTheOval(), rules=RaceRules(crash="out")))
    mode = mode_of(game)
    rings: list[float] = []
    monkeypatch.setattr(game.context.scene.sprites, "draw_halo", lambda *a: rings.append(1.0))
    run(game, 0.2)
    assert rings
    wait_for_start(game)
    for _ in range(100):
        if mode.race.cars[0].out:
            break
        run(game, 0.1)
    rings.clear()
    run(game, 0.2)
    assert mode.race.cars[0].out and not rings


@pytest.mark.parametrize("frames_before", [0, 1, 2])  # wherever in the tick the key comes
@pytest.mark.parametrize("collisions", [False, True])
def test_a_key_is_on_screen_within_two_frames_and_nothing_leaps(
    game: Game, monkeypatch: pytest.MonkeyPatch, frames_before: int, collisions: bool
) -> None:
    drawn: list[NDArray[np.float64]] = []
    monkeypatch.setattr(game.context.scene, "draw", lambda surface, cars, dt, scale: drawn.append(cars.poses.copy()))
    racers = [Racer("You", EnvConfig(), None), Racer("other", EnvConfig(), RoundTheOval())]
    rules = RaceRules(collisions=collisions)
    seen = []
    for pressed in (True, False):
        game.commands.race(RacePlan(load_track("oval"), 2, rules, entries_of(racers), lights_seed=5))
        wait_for_start(game)
        drawn.clear()
        run_frames(game, 30 + frames_before)
        if pressed:
            press(game, pygame.K_LEFT, release=False)
        run_frames(game, 2)
        press(game, pygame.K_LEFT)
        seen.append(np.array(drawn))
    with_key, without = seen
    assert np.array_equal(with_key[:-2], without[:-2])
    assert abs(with_key[-1, 0, 2] - without[-1, 0, 2]) > np.deg2rad(1.0)
    assert np.array_equal(with_key[:, 1], without[:, 1])
    steps = np.hypot(*np.diff(without[5:, :, :2], axis=0).T)
    assert steps.max() < 33.4 / 60 * 1.02 and steps.min() > 19.9 / 60 * 0.98


def run_frames(game: Game, frames: int) -> None:
    for _ in range(frames):
        game.update(1 / 60, deadline=float("inf"))
        game.draw(game.display.surface, 1 / 60)


def test_a_person_is_told_of_the_flag(game: Game) -> None:
    racers = [Racer("You", EnvConfig(), None), Racer("other", EnvConfig(), RoundTheOval(True))]
    game.commands.race(RacePlan(load_track("oval"), 1, RaceRules(), entries_of(racers), lights_seed=5))
    wait_for_start(game)
    mode, follow, told = mode_of(game), RoundTheOval(), []
    you = mode.race.cars[0]
    for _ in range(60 * 60):
        you.sense()
        keys = [pygame.K_LEFT, pygame.K_RIGHT]
        wanted = int(follow.select_actions(you.observation)[0])
        for place, key in enumerate(keys):
            kind = pygame.KEYDOWN if place == wanted else pygame.KEYUP
            game.process_event(pygame.event.Event(kind, key=key, mod=0, unicode=""))
        game.update(1 / 60, deadline=float("inf"))
        told.append(game.notices.text)
        if you.done:
            break
    assert any("your last" in text for text in told)
    assert you.finish_s is not None and any("position 2" in text or "won in" in text for text in told)


def test_racing_again_shows_oneself_whoever_was_watched_last(game: Game) -> None:
    racers = [Racer("You", EnvConfig(), None), Racer("other", EnvConfig(), RoundTheOval())]
    game.commands.race(RacePlan(load_track("oval"), 2, RaceRules(crash="out"), entries_of(racers), lights_seed=5))
    mode = mode_of(game)
    wait_for_start(game)
    steer_off(game, lambda: mode.race.cars[0].out)
    assert "You are out" in game.notices.text
    press(game, pygame.K_TAB)
    press(game, pygame.K_c)
    assert game.context.scene.chosen == 1 and not game.context.scene.camera.following
    press(game, pygame.K_r)
    assert game.context.scene.chosen == 0 and game.context.scene.camera.following


def test_on_the_grid_no_action_is_marked(game: Game) -> None:
    game.commands.race(plan(1, RoundTheOval(True)))
    run(game, 0.1)
    assert taken(game) is None
    wait_for_start(game)
    run(game, 0.2)
    assert taken(game) == mode_of(game).race.cars[0].action


def steer_off(game: Game, gone: Callable[[], bool]) -> None:
    """Hold the wheel to the left until the person's car has left the road."""
    press(game, pygame.K_LEFT, release=False)
    for _ in range(100):
        if gone():
            break
        run(game, 0.1)


def taken(game: Game) -> int | None:
    """The action that the panel marks once its figures are due."""
    sleep(CONTENT_S)
    mind = game.mode.content().mind
    assert mind is not None and mind.decision is not None
    return mind.decision.taken
