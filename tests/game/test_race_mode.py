"""A race in the window: who takes part, who steers, and how it ends."""

from time import sleep

import pygame
import pytest

from qrace.game.keys import ModeName
from qrace.game.modes.mode import CONTENT_S
from qrace.game.modes.race import COUNTDOWN_S, RaceMode
from tests.game.helpers import Game, press, run


def open_race(game: Game, laps: int = 3) -> RaceMode:
    press(game, pygame.K_g)
    assert game.chooser is not None
    for _ in range(abs(laps - 3)):
        press(game, pygame.K_RIGHT if laps > 3 else pygame.K_LEFT)
    run(game, 0.05)
    press(game, pygame.K_RETURN)
    assert isinstance(game.mode, RaceMode)
    return game.mode


def test_race_with_oneself(game: Game) -> None:
    run(game, 0.5)
    mode = open_race(game, laps=2)
    assert mode.race.laps == 2
    assert [car.entrant.name for car in mode.race.cars] == ["You", "This brain"]
    press(game, pygame.K_UP, release=False)
    run(game, COUNTDOWN_S - 0.2)
    assert mode.race.ticks == 0
    run(game, 0.7)
    assert mode.race.ticks > 5
    you, brain = mode.race.cars
    assert you.controls[0].tolist() == [0.0, 1.0]
    assert you.simulator.speed[0] > 30.0  # the lesson's car goes from 20 to 33 m/s
    assert brain.simulator.distance_m[0] > 0.0
    assert game.mode.content().standings[0].position == "1"
    press(game, pygame.K_r)
    assert mode.race.ticks == 0
    press(game, pygame.K_t)
    assert game.mode.name is ModeName.TRAIN


def test_ticks_decide_who_races(game: Game) -> None:
    run(game, 1.0)
    press(game, pygame.K_s)
    press(game, pygame.K_g)
    press(game, pygame.K_SPACE)  # not oneself
    press(game, pygame.K_DOWN)
    press(game, pygame.K_DOWN)
    press(game, pygame.K_SPACE)  # but the saved brain
    press(game, pygame.K_RETURN)
    assert isinstance(game.mode, RaceMode)
    assert [car.entrant.name for car in game.mode.race.cars] == ["This brain", "oval-1"]


def test_the_end_is_told(game: Game) -> None:
    mode = open_race(game, laps=1)
    press(game, pygame.K_LEFT, release=False)  # off the road
    for _ in range(2):  # x16
        press(game, pygame.K_PLUS)
    told = set()
    for _ in range(60):
        run(game, 0.5)
        told.add(game.notices.text)
        if mode.race.finished:
            break
    assert any("R races again" in text for text in told)
    assert mode.race.finished and mode.race.cars[0].out
    run(game, 0.1)
    assert "R races again" in game.notices.text


def test_a_start_is_seen_at_the_pace_of_life_and_the_clock_stops_at_the_end(game: Game) -> None:
    mode = open_race(game, laps=1)
    press(game, pygame.K_LEFT, release=False)  # off the road
    for _ in range(2):  # x16
        press(game, pygame.K_PLUS)
    for _ in range(600):
        run(game, 0.1)
        if mode.race.cars[0].out:
            break
    sleep(CONTENT_S)
    content = mode.content()
    assert content.mind is not None and content.mind.sight is None and content.mind.decision is None
    for _ in range(600):
        run(game, 0.1)
        if mode.race.finished:
            break
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
    run(game, COUNTDOWN_S - 0.2)
    assert mode.race.ticks == 0
    sleep(CONTENT_S)
    assert mode.content().headline[0].label == "Lap"


def test_no_ring_where_a_car_that_is_out_was(game: Game, monkeypatch: pytest.MonkeyPatch) -> None:
    mode = open_race(game)
    rings: list[float] = []
    monkeypatch.setattr(game.context.scene.sprites, "draw_halo", lambda *a: rings.append(1.0))
    run(game, 0.2)
    assert rings
    press(game, pygame.K_LEFT, release=False)
    run(game, COUNTDOWN_S)
    for _ in range(100):
        if mode.race.cars[0].out:
            break
        run(game, 0.1)
    rings.clear()
    run(game, 0.2)
    assert mode.race.cars[0].out and not rings


def test_escape_leaves_the_menu_and_not_the_game(game: Game) -> None:
    press(game, pygame.K_g)
    press(game, pygame.K_ESCAPE)
    assert game.chooser is None and not game.quit and game.mode.name is ModeName.TRAIN
