"""The drivers screen: who is there and what is wrong, and everything that can be done with them, by keys and mouse."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pygame
import pytest

from qrace.game.display import Display
from qrace.game.driver_files import BIN, SHIPPED
from qrace.game.game import Game
from qrace.game.keys import Action, ModeName
from qrace.game.modes.drive import DriveMode
from qrace.game.modes.race import RaceMode
from qrace.game.recorder import Recorder
from qrace.game.screens.dialogs import Ask
from qrace.game.screens.drivers import DriversScreen
from qrace.game.session import Session
from qrace.race.records import Lap, Records
from qrace.rl.checkpoint import load_checkpoint, save_checkpoint
from qrace.rl.persona import TRAINED_ON, Persona
from qrace.rl.trainer import Trainer
from qrace.sim.limit import load_limit
from qrace.sim.track_files import load_track
from tests.game.helpers import click, mark_driver, press, run, small_config, take_events, wait_for_drivers

OVAL, KIDNEY = load_track("oval"), load_track("kidney")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """One driver of the game, from the kidney, one of one's own, one damaged."""
    folder = tmp_path / "models"
    brain = Trainer(small_config(), [KIDNEY]).checkpoint("brain")
    tim = Persona("Timid Tim", "Brakes for butterflies.", 4, 8)
    save_checkpoint(replace(brain, persona=tim, best_lap_s=30.0), folder / "tim.safetensors")
    save_checkpoint(replace(brain, track="oval kidney"), folder / "mine.safetensors")
    (folder / "broken.safetensors").write_bytes(b"no model")
    (folder / SHIPPED).write_text(json.dumps(["tim.safetensors"]))
    return folder


@pytest.fixture
def garage(display: Display, tmp_path: Path, folder: Path) -> Iterator[Game]:
    recorder = Recorder(tmp_path / "records.sqlite")
    recorder.lap(OVAL, Lap("lesson", "mine", 14.0))
    game = Game(Session(OVAL, Trainer(small_config(seed=5), [OVAL]), folder, recorder), display)
    yield game
    game.close()


def opened(game: Game) -> DriversScreen:
    game.open_named("Drivers")
    screen = game.screens.top
    assert isinstance(screen, DriversScreen)
    wait_for_drivers(game, screen)
    return screen


def names(screen: DriversScreen) -> list[str]:
    return [row.name for row in screen.list.rows]


def buttons(screen: DriversScreen) -> list[str]:
    return [button.text for button in screen._buttons]


def typed(game: Game, text: str) -> None:
    """Put a word in the line of the card on top, as a person who pastes does, and confirm it."""
    card = game.screens.top
    assert isinstance(card, Ask)
    run(game, 0.1)
    card.entry.set_text("")
    for character in text:
        pygame.event.post(pygame.event.Event(pygame.TEXTINPUT, text=character, window=None))
        take_events(game)
    press(game, pygame.K_RETURN)


def test_the_list_tells_where_they_come_from_and_how_near_the_limit_they_are(garage: Game) -> None:
    screen = opened(garage)
    assert names(screen) == ["With the game", "Timid Tim", "Your own", "broken", "mine"]
    kidney, oval = load_limit(KIDNEY, "lesson"), load_limit(OVAL, "lesson")
    assert kidney is not None and oval is not None
    assert f"{100 * (30.0 / kidney.limit_s - 1):+.1f} %" in screen.list.rows[1].detail
    assert f"{100 * (14.0 / oval.limit_s - 1):+.1f} %" in screen.list.rows[4].detail
    assert screen.list.rows[1].picture is not None


def test_what_can_be_done_depends_on_the_driver(garage: Game) -> None:
    screen = opened(garage)
    mark_driver(garage, screen, "Timid Tim")
    assert buttons(screen) == ["Train on", "Watch", "Race"]
    mark_driver(garage, screen, "broken")
    assert buttons(screen) == ["Delete"]
    assert screen.driver is not None and "broken.safetensors" in screen.driver.fault
    mark_driver(garage, screen, "mine")
    assert buttons(screen) == ["Train on", "Watch", "Race", "Rename", "Delete"]
    press(garage, pygame.K_t)  # of the title below: not to be reached
    assert garage.screens.top is None or garage.screens.top is screen


def test_drivers_of_the_game_are_neither_renamed_nor_deleted(garage: Game, folder: Path) -> None:
    screen = opened(garage)
    mark_driver(garage, screen, "Timid Tim")
    press(garage, pygame.K_r)
    press(garage, pygame.K_DELETE)
    wait_for_drivers(garage, screen)
    assert garage.screens.top is screen and (folder / "tim.safetensors").exists()


def test_renaming_takes_the_file_and_the_records_along(garage: Game, folder: Path) -> None:
    screen = opened(garage)
    mark_driver(garage, screen, "mine")
    press(garage, pygame.K_r)
    typed(garage, "Timid Tim")
    assert isinstance(garage.screens.top, Ask) and "already" in garage.notices.text
    typed(garage, "Bold Bea")
    assert garage.screens.top is screen
    wait_for_drivers(garage, screen)
    assert screen.driver is not None and screen.driver.name == "Bold Bea"
    assert sorted(path.stem for path in folder.glob("*.safetensors")) == ["bold-bea", "broken", "tim"]
    assert load_checkpoint(folder / "bold-bea.safetensors").persona.name == "Bold Bea"
    records = garage.context.recorder.ask(Records.lap_records).result(10.0)
    assert [record.lap.driver for record in records] == ["Bold Bea"]


def test_deleting_puts_into_the_bin_and_u_takes_it_back(garage: Game, folder: Path) -> None:
    screen = opened(garage)
    mark_driver(garage, screen, "mine")
    press(garage, pygame.K_DELETE)
    wait_for_drivers(garage, screen)
    assert names(screen)[-2:] == ["In the bin", "mine"] and "U puts it back" in garage.notices.text
    assert (folder / BIN / "mine.safetensors").exists() and not (folder / "mine.safetensors").exists()
    press(garage, pygame.K_u)
    wait_for_drivers(garage, screen)
    assert "In the bin" not in names(screen) and (folder / "mine.safetensors").exists()
    assert screen.driver is not None and screen.driver.name == "mine"


def test_the_bin_by_mouse(garage: Game, folder: Path) -> None:
    screen = opened(garage)
    click(garage, screen.list.row_rect(names(screen).index("broken")).center)
    run(garage, 0.05)
    click(garage, screen._buttons[0].rect.center)
    wait_for_drivers(garage, screen)
    click(garage, screen.list.row_rect(names(screen).index("broken")).center)
    run(garage, 0.05)
    assert buttons(screen) == ["Put back"]
    click(garage, screen._buttons[0].rect.center)
    wait_for_drivers(garage, screen)
    assert (folder / "broken.safetensors").exists() and "In the bin" not in names(screen)


def test_training_on_makes_another_driver_on_its_own_road(garage: Game, folder: Path) -> None:
    before = (folder / "tim.safetensors").read_bytes()
    screen = opened(garage)
    mark_driver(garage, screen, "Timid Tim")
    press(garage, pygame.K_RETURN)
    press(garage, pygame.K_RETURN)
    assert garage.screens.top is None and garage.mode.name is ModeName.TRAIN
    session = garage.session
    assert session.track.name == "kidney" == garage.context.scene.track.name
    assert session.brain_name == "Timid Tim"
    run(garage, 1.0)
    assert session.brain_name == f"Timid Tim{TRAINED_ON}"
    saved = session.save()
    assert saved.stem == "kidney-1" and load_checkpoint(saved).persona == Persona("", "", 4, 8)
    assert (folder / "tim.safetensors").read_bytes() == before


def test_watching_and_racing_by_their_keys(garage: Game) -> None:
    screen = opened(garage)
    mark_driver(garage, screen, "mine")
    press(garage, pygame.K_w)
    assert garage.mode.name is ModeName.DRIVE and garage.session.brain_name == "mine"
    assert garage.session.track.name == "oval"  # learnt on two roads: it stays on the one it is on
    screen = opened(garage)
    mark_driver(garage, screen, "Timid Tim")
    press(garage, pygame.K_g)
    assert isinstance(garage.mode, RaceMode)
    entrants = [car.entrant for car in garage.mode.race.cars]
    assert [entrant.name for entrant in entrants] == ["You", "Timid Tim"]
    assert (entrants[1].livery, entrants[1].number) == (4, 8) and entrants[0].livery != 4
    run(garage, 0.2)


def test_a_driver_that_turns_out_damaged_leaves_everything_as_it_is(garage: Game, folder: Path) -> None:
    screen = opened(garage)
    mark_driver(garage, screen, "mine")
    (folder / "mine.safetensors").write_bytes(b"gone bad")
    trainer = garage.session.trainer
    press(garage, pygame.K_t)
    assert "mine.safetensors" in garage.notices.text
    assert garage.session.trainer is trainer and garage.screens.top is screen


def test_what_was_asked_for_is_done_even_if_the_screen_is_left_at_once(garage: Game, folder: Path) -> None:
    screen = opened(garage)
    mark_driver(garage, screen, "mine")
    press(garage, pygame.K_DELETE)
    press(garage, pygame.K_ESCAPE)
    assert garage.screens.top is None and (folder / BIN / "mine.safetensors").exists()


def test_every_size_has_room(garage: Game) -> None:
    screen = opened(garage)
    for size in ((1920, 1080), (960, 600), (480, 320)):
        pygame.display.set_mode(size, pygame.RESIZABLE)
        garage.resize()
        wait_for_drivers(garage, screen)
        window = garage.display.surface.get_rect()
        assert all(window.contains(stop.rect) for stop in screen.stops)
        assert screen._card.width == 0 or screen.list.rect.right < screen._card.left < screen._card.right < size[0]


def test_no_drivers_yet(game: Game) -> None:
    screen = opened(game)
    assert names(screen) == [] and buttons(screen) == []
    run(game, 0.1)


def test_a_driver_is_watched_whatever_car_was_driven_before(garage: Game) -> None:
    press(garage, pygame.K_t)
    press(garage, pygame.K_x)
    assert isinstance(garage.mode, DriveMode) and garage.mode.env.config.car == "grand-prix"
    screen = opened(garage)
    mark_driver(garage, screen, "mine")
    press(garage, pygame.K_w)
    assert isinstance(garage.mode, DriveMode) and garage.mode.env.config.car == "lesson"
    assert garage.mode.at_wheel is None


@pytest.mark.parametrize("key", [pygame.K_ESCAPE, pygame.K_t])
def test_a_driver_that_cannot_be_deleted_is_told_even_if_the_screen_is_left_at_once(
    garage: Game, folder: Path, key: int
) -> None:
    (folder / BIN).write_text("in the way")
    screen = opened(garage)
    mark_driver(garage, screen, "mine")
    press(garage, pygame.K_DELETE)
    press(garage, key)
    assert "cannot be moved" in garage.notices.text
    assert garage.screens.top is None and not garage.screens._behind
    before = garage.session.trainer.metrics.steps
    run(garage, 0.2)
    assert garage.session.trainer.metrics.steps > before, "the brain at work is that of the session"


def test_where_there_is_nobody_the_key_that_saves_is_named(game: Game, monkeypatch: pytest.MonkeyPatch) -> None:
    game.change_settings(keys=game.keys.bind(Action.SAVE, pygame.K_F5)[0])
    opened(game)
    told: list[str] = []
    monkeypatch.setattr(game.type, "wrap", lambda text, style, width: told.append(text) or [])
    run(game, 1 / 60)
    assert any(text.startswith("No drivers yet: F5 saves") for text in told)
