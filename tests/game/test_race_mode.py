"""A race in the window: who takes part, who steers, how it starts and ends; without a window it ends the same."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from time import perf_counter, sleep

import numpy as np
import pygame
import pytest
from numpy.typing import NDArray

from qrace.env.config import EnvConfig
from qrace.game.keys import ModeName
from qrace.game.modes.mode import CONTENT_S
from qrace.game.modes.race import RaceMode
from qrace.game.race_plan import RacePlan, Racer, entries_of
from qrace.game.screens.race_result import RaceResultScreen
from qrace.game.screens.race_setup import RaceSetupScreen
from qrace.race.race import Race
from qrace.race.rules import LIGHT_S, LIGHTS, MOST_ENTRANTS, RaceRules
from qrace.sim.limit import load_limit
from qrace.sim.own_tracks import own_tracks_folder
from qrace.sim.track_files import load_track, save_track
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


@pytest.fixture
def saved(game: Game) -> Iterator[Path]:
    run(game, 1.0)
    path = game.session.save()
    yield path


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


def test_a_saved_driver_is_raced_in_two_key_presses(game: Game, saved: Path) -> None:
    press(game, pygame.K_g)
    press(game, pygame.K_RETURN)
    assert saved.stem in [car.entrant.name for car in mode_of(game).race.cars]


def test_ticks_decide_who_races(game: Game, saved: Path) -> None:
    screen = setup(game)
    assert screen.keys[screen.driver_list.marked] == "you"
    press(game, pygame.K_SPACE)
    press(game, pygame.K_RETURN)
    assert [car.entrant.name for car in mode_of(game).race.cars] == ["This brain", saved.stem]
    setup(game)  # remembered
    press(game, pygame.K_DOWN)
    press(game, pygame.K_SPACE)
    press(game, pygame.K_RETURN)
    assert [car.entrant.name for car in mode_of(game).race.cars] == [saved.stem]


def test_nobody_ticked_is_told_and_a_thirteenth_finds_no_place(game: Game, saved: Path) -> None:
    setup(game)
    for key in (pygame.K_SPACE, pygame.K_DOWN, pygame.K_SPACE, pygame.K_DOWN, pygame.K_SPACE, pygame.K_RETURN):
        press(game, key)
    assert game.mode.name is ModeName.TRAIN and "Nobody is ticked" in game.notices.text
    press(game, pygame.K_ESCAPE)
    for n in range(MOST_ENTRANTS):
        (saved.parent / f"copy-{n}.safetensors").write_bytes(saved.read_bytes())
    screen = setup(game)
    for _ in range(MOST_ENTRANTS + 2):
        press(game, pygame.K_SPACE)
        press(game, pygame.K_DOWN)
    assert screen.note == "12 of 12" and "grid is full" in game.notices.text
    press(game, pygame.K_RETURN)
    cars = [car.entrant for car in mode_of(game).race.cars]
    assert len(cars) == MOST_ENTRANTS
    assert len({car.livery for car in cars}) == len({car.number for car in cars}) == MOST_ENTRANTS


def test_rules_are_chosen_with_the_arrows_and_kept(game: Game) -> None:
    screen = setup(game)
    choose(game, screen, "Laps", 4)
    choose(game, screen, "Off the road", 1)
    choose(game, screen, "Contact", 1)
    choose(game, screen, "Grid", 1)
    choose(game, screen, "Your car", 1)
    press(game, pygame.K_RETURN)
    mode = mode_of(game)
    assert (mode.race.laps, mode.race.rules.crash, mode.race.rules.collisions) == (7, "out", True)
    assert mode.race.rules.seed is not None
    assert [car.entrant.config.car for car in mode.race.cars] == ["grand-prix", "lesson"]
    assert game.settings.crash_rule == "out" and game.settings.collisions
    assert [rule.value for rule in setup(game).rules][1:5] == ["7", "out", "cars touch", "by lot"]


def test_another_road_is_raced_on_and_left_again(game: Game) -> None:
    learned_on = game.session.track
    screen = setup(game)
    while not game.race_choice.random:
        choose(game, screen, "Track", 1)
    choose(game, screen, "Seed", 6)
    press(game, pygame.K_RETURN)
    seed = game.race_choice.track_seed
    assert mode_of(game).race.track.name == game.context.scene.track.name == f"random:{seed}"
    run(game, 0.1)
    press(game, pygame.K_t)
    assert game.context.scene.track is learned_on is game.session.track
    run(game, 0.1)


def test_a_broken_track_of_ones_own_is_told_and_starts_nothing(
    game: Game, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QRACE_HOME", str(tmp_path / "home"))
    folder = own_tracks_folder()
    folder.mkdir(parents=True)
    (folder / "mine.json").write_text("{}")
    save_track(replace(load_track("oval"), title="Half"), folder / "half.json")
    screen = setup(game)
    while screen.rules[0].value != "Half":
        choose(game, screen, "Track", 1)
    wait_for_road(game, screen)
    choose(game, screen, "Track", 1)
    assert screen.rules[0].value == "Mine"
    assert "mine.json" in wait_for_road(game, screen)
    press(game, pygame.K_RETURN)
    assert game.mode.name is ModeName.TRAIN and "mine.json" in game.notices.text
    choose(game, screen, "Track", -1)
    assert wait_for_road(game, screen) == ""
    press(game, pygame.K_RETURN)
    assert mode_of(game).race.track.title == "Half"


def wait_for_road(game: Game, screen: RaceSetupScreen) -> str:
    """Until the road that is chosen is shown; what is wrong with it."""
    for _ in range(1000):
        preview = screen.road.preview
        if preview is not None and preview.name == game.race_choice.track_name:
            run(game, 0.02)
            return preview.fault
        game.update(0.0, deadline=0.0)
        sleep(0.005)
    raise AssertionError("the road does not come")


def test_the_mouse_ticks_and_starts(game: Game) -> None:
    screen = setup(game)
    row = screen.driver_list
    top = int(row.rect.top) + 16
    pygame.event.clear()
    for kind in (pygame.MOUSEBUTTONDOWN, pygame.MOUSEBUTTONUP):
        pygame.event.post(pygame.event.Event(kind, pos=(int(row.rect.centerx), top + 32), button=1))
    for event in pygame.event.get():
        game.process_event(event)
    assert game.race_choice.ticked == {"brain"}


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
    press(game, pygame.K_LEFT, release=False)
    for _ in range(100):
        if mode.race.cars[0].crashes:
            break
        run(game, 0.1)
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


def test_escape_leaves_the_setup_and_not_the_game(game: Game) -> None:
    setup(game)
    press(game, pygame.K_ESCAPE)
    assert game.screens.top is None and not game.quit and game.mode.name is ModeName.TRAIN


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
