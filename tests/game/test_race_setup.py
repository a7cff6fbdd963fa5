"""The setup of a race: the road, the rules and who takes part, by keys and mouse."""

import shlex
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from time import sleep

import pygame
import pytest

from qrace.cli.arguments import Reference
from qrace.cli.parsing import parse
from qrace.folders import CACHE_VARIABLE
from qrace.game.keys import ModeName
from qrace.game.modes.mode import limit_unknown
from qrace.game.screens.race_setup import RaceSetupScreen
from qrace.race.rules import MOST_ENTRANTS
from qrace.sim.own_tracks import own_tracks_folder
from qrace.sim.track_files import load_track, save_track
from tests.game.helpers import Game, press, run
from tests.game.racing import choose, mode_of, setup


@pytest.fixture
def saved(game: Game) -> Iterator[Path]:
    run(game, 1.0)
    path = game.session.save()
    yield path


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


def race_with_the_limit(game: Game, road: str) -> set[str]:
    """Choose the road and the limit, start, and wait for the lights to go out; all that is told meanwhile."""
    screen, told = setup(game), set[str]()
    while screen.rules[0].value != road:
        choose(game, screen, "Track", 1)
    choose(game, screen, "The limit", 1)
    press(game, pygame.K_RETURN)
    for _ in range(6000):
        run(game, 1 / 60)
        told.add(game.notices.text)
        if mode_of(game).started:
            return told
    raise AssertionError("the lights stay on")


def test_a_limit_that_nobody_knows_is_told_with_the_cure(
    game: Game, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(CACHE_VARIABLE, str(tmp_path / "cache"))
    folder = own_tracks_folder()
    folder.mkdir(parents=True)
    save_track(replace(load_track("oval"), title="Mine"), folder / "my own.json")
    told = race_with_the_limit(game, "My own")
    assert mode_of(game).ghost is None
    cure = "python main.py reference 'my own' --car lesson"
    assert f"The limit is not known on this road: `{cure}` finds it." in told
    command = parse(shlex.split(cure)[2:])
    assert isinstance(command, Reference) and command.track == mode_of(game).race.track.name


def test_a_limit_that_is_known_drives_along_without_a_word(game: Game) -> None:
    told = race_with_the_limit(game, "Oval")
    assert mode_of(game).ghost is not None and not any("limit" in text for text in told)


def test_a_road_that_no_name_leads_to_is_a_file() -> None:
    assert "reference FILE --car" in limit_unknown(replace(load_track("oval"), name="gone"), "lesson")
    assert "reference FILE --car" in limit_unknown(replace(load_track("oval"), name="kidney"), "lesson")
    assert "reference random:3 --car" in limit_unknown(load_track("random:3"), "lesson")


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


def test_escape_leaves_the_setup_and_not_the_game(game: Game) -> None:
    setup(game)
    press(game, pygame.K_ESCAPE)
    assert game.screens.top is None and not game.quit and game.mode.name is ModeName.TRAIN
