"""The settings screen, by keys and clicks: what is changed holds at once and is on disk."""

from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import pygame
import pytest

from qrace.game.display import Display
from qrace.game.game import Game
from qrace.game.keys import Action
from qrace.game.screens.key_choice import KeysScreen, NewKey
from qrace.game.screens.rows import RowList
from qrace.game.screens.settings import LINES, SettingsScreen
from qrace.game.session import Session
from qrace.game.settings import Settings, SettingsFile, read_settings, write_settings
from qrace.rl.trainer import Trainer
from qrace.sim.track_files import load_track
from qrace.view import palette
from qrace.view.type import STRONG
from tests.game.helpers import click, press, run, small_config, take_events


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "config" / "settings.json"


@pytest.fixture
def game(display: Display, path: Path, tmp_path: Path) -> Iterator[Game]:
    """A game that keeps its settings in a file."""
    track = load_track("oval")
    game = Game(Session(track, Trainer(small_config(), [track]), tmp_path), display, settings=SettingsFile(path))
    yield game
    game.close()
    palette.use("okabe-ito")


def open_settings(game: Game) -> SettingsScreen:
    press(game, pygame.K_ESCAPE)
    title = game.screens.top
    assert title is not None
    rows = title.stops[0]  # type: ignore[attr-defined]
    while rows.rows[rows.marked].name != "Settings":
        press(game, pygame.K_DOWN)
    press(game, pygame.K_RETURN)
    assert isinstance(game.screens.top, SettingsScreen)
    return game.screens.top


def mark(game: Game, screen: SettingsScreen, field: str) -> int:
    """Move to the line of a field; returns its row."""
    row = next(row for row, line in enumerate(screen.lines) if line is not None and line.field == field)
    while screen.list.marked != row:
        press(game, pygame.K_DOWN if screen.list.marked < row else pygame.K_UP)
    return row


def test_every_setting_has_a_line_and_every_line_a_default() -> None:
    assert {line.field for line in LINES} | {"keys"} == {field.name for field in fields(Settings)}
    for line in LINES:
        assert getattr(Settings(), line.field) in line.values and len(line.values) == len(line.labels)


@pytest.mark.parametrize("line", LINES, ids=lambda line: line.field)
def test_every_value_of_every_line_can_be_chosen_and_is_kept(game: Game, path: Path, line: object) -> None:
    screen = open_settings(game)
    mark(game, screen, line.field)  # type: ignore[attr-defined]
    seen = []
    for _ in line.values:  # type: ignore[attr-defined]
        press(game, pygame.K_RETURN)
        seen.append(getattr(game.settings, line.field))  # type: ignore[attr-defined]
        run(game, 0.05)
    assert sorted(map(str, seen)) == sorted(map(str, line.values))  # type: ignore[attr-defined]
    press(game, pygame.K_LEFT)
    game._preferences._file.finish()  # type: ignore[union-attr]
    assert read_settings(path) == game.settings


def test_the_mouse_changes_a_value_both_ways(game: Game) -> None:
    screen = open_settings(game)
    run(game, 0.1)
    row = mark(game, screen, "sound_volume")
    rect = screen.list.row_rect(row)
    click(game, (rect.right - 20, rect.centery))
    assert game.settings.sound_volume == 0.7
    detail = game.type.width("70 %", STRONG)
    click(game, (rect.right - 40 - detail, rect.centery))
    assert game.settings.sound_volume == 0.6


def test_text_size_scales_the_window_and_the_screen(game: Game) -> None:
    screen = open_settings(game)
    before, height = game.layout.scale, screen.list.row_rect(1).height
    mark(game, screen, "text_size")
    for _ in range(5):
        press(game, pygame.K_RIGHT)
    assert game.settings.text_size == 1.5
    assert game.layout.scale == game.type.scale == pytest.approx(1.5 * before)
    assert screen.list.row_rect(1).height == pytest.approx(1.5 * height, abs=1)
    window = game.display.surface.get_rect()
    assert all(window.contains(stop.rect) for stop in screen.stops)
    run(game, 0.1)


def test_colours_change_at_once_and_again_at_the_next_start(game: Game, path: Path, display: Display) -> None:
    screen = open_settings(game)
    mark(game, screen, "colours")
    press(game, pygame.K_LEFT)
    assert palette.scheme() == game.settings.colours == "high-contrast"
    run(game, 0.1)
    assert display.surface.get_at(screen.frame.move(4, 4).topleft)[:3] == palette.SCHEMES["high-contrast"]["PANEL"]
    palette.use("okabe-ito")
    again = Game(game.session, display, settings=SettingsFile(path))
    assert palette.scheme() == "high-contrast"
    again.context.scene.close()


def test_full_screen_is_the_same_by_key_and_by_setting(game: Game) -> None:
    press(game, pygame.K_F11)
    assert game.settings.full_screen and game.display.full_screen
    screen = open_settings(game)
    mark(game, screen, "full_screen")
    press(game, pygame.K_RETURN)
    assert not game.settings.full_screen and not game.display.full_screen


def test_a_key_is_chosen_and_works(game: Game, path: Path) -> None:
    screen = open_settings(game)
    for _ in range(len(screen.lines)):
        press(game, pygame.K_DOWN)
        if screen.list.rows[screen.list.marked].name == "Choose other keys":
            break
    press(game, pygame.K_RETURN)
    keys = game.screens.top
    assert isinstance(keys, KeysScreen)
    rows = keys.stops[0]
    assert isinstance(rows, RowList)
    while not rows.rows[rows.marked].name.startswith("Pause"):
        press(game, pygame.K_DOWN)
        rows = keys.stops[0]  # type: ignore[assignment]
    press(game, pygame.K_RETURN)
    assert isinstance(game.screens.top, NewKey)
    press(game, pygame.K_LSHIFT)
    assert isinstance(game.screens.top, NewKey), "shift alone is no key"
    press(game, pygame.K_p)
    assert game.screens.top is keys
    assert game.settings.keys == {"PAUSE": ("p",), "PANEL": ()}
    assert "P: Pause" in game.notices.text and "Show or hide the panel" in game.notices.text
    game.close_screens()
    open_before = game.panel.open
    press(game, pygame.K_p)
    assert game.context.pace.paused and game.panel.open is open_before
    press(game, pygame.K_SPACE)
    assert game.context.pace.paused, "the old key does nothing any more"
    assert ("P", "pause") in [(hint.key, hint.text) for hint in game.keys.hints(game.mode.name)]
    game._preferences._file.finish()  # type: ignore[union-attr]
    assert read_settings(path).keys["PAUSE"] == ("p",)


def test_a_gamepad_gives_no_key_away(game: Game) -> None:
    """Its sticks and buttons stand for keys in a screen; the card for a new key waits for one of the keyboard."""
    game.open_named("Keys")
    rows = game.screens.top.stops[0]  # type: ignore[union-attr]
    while not rows.rows[rows.marked].name.startswith("Pause"):
        press(game, pygame.K_DOWN)
    press(game, pygame.K_RETURN)
    assert isinstance(game.screens.top, NewKey)
    for value in (0, 32_000, 0, -32_000, 0):
        axis = pygame.CONTROLLER_AXIS_LEFTY
        pygame.event.post(pygame.event.Event(pygame.CONTROLLERAXISMOTION, axis=axis, value=value, instance_id=0))
    for button in (pygame.CONTROLLER_BUTTON_A, pygame.CONTROLLER_BUTTON_X, pygame.CONTROLLER_BUTTON_DPAD_LEFT):
        for kind in (pygame.CONTROLLERBUTTONDOWN, pygame.CONTROLLERBUTTONUP):
            pygame.event.post(pygame.event.Event(kind, button=button, instance_id=0))
    take_events(game)
    assert isinstance(game.screens.top, NewKey) and game.settings.keys == {}
    pygame.event.post(pygame.event.Event(pygame.CONTROLLERBUTTONDOWN, button=pygame.CONTROLLER_BUTTON_B, instance_id=0))
    take_events(game)
    assert isinstance(game.screens.top, KeysScreen) and game.settings.keys == {}, "B leaves it as it is"
    press(game, pygame.K_RETURN)
    press(game, pygame.K_DOWN)
    assert game.settings.keys["PAUSE"] == ("DOWN",), "the same key of a keyboard is taken"


def test_other_keys_steer(game: Game) -> None:
    press(game, pygame.K_t)
    run(game, 0.2)
    for action, code in ((Action.THROTTLE, pygame.K_w), (Action.LEFT, pygame.K_a)):
        game.change_settings(keys=game.keys.bind(action, code)[0])
    press(game, pygame.K_UP, release=False)
    assert game.mode.at_wheel is None, "the arrow means nothing any more"  # type: ignore[attr-defined]
    press(game, pygame.K_w, release=False)
    press(game, pygame.K_a, release=False)
    run(game, 0.3)
    assert game.mode.at_wheel is not None  # type: ignore[attr-defined]
    assert game.mode._wheel.controls == (1.0, 1.0)  # type: ignore[attr-defined]
    assert [hint.key for hint in game.keys.hints(game.mode.name) if hint.text == "drive"] == ["A"]


def test_a_key_goes_back_to_what_it_was(game: Game) -> None:
    game.change_settings(keys={"PAUSE": ("F5",)})
    game.open_named("Keys")
    rows = game.screens.top.stops[0]  # type: ignore[union-attr]
    while not rows.rows[rows.marked].name.startswith("Pause"):
        press(game, pygame.K_DOWN)
    press(game, pygame.K_DELETE)
    assert game.settings.keys == {} and game.keys.codes(Action.PAUSE) == (pygame.K_SPACE,)


def test_all_goes_back_when_asked(game: Game) -> None:
    game.change_settings(sound_on=False, text_size=1.3, keys={"PAUSE": ("F5",)})
    screen = open_settings(game)
    press(game, pygame.K_TAB)
    press(game, pygame.K_TAB)
    press(game, pygame.K_RETURN)
    assert game.screens.top is not screen
    press(game, pygame.K_RETURN)
    assert game.settings == Settings() and game.screens.top is screen


def test_two_windows_take_no_settings_from_each_other(game: Game, path: Path, display: Display) -> None:
    other = Game(game.session, display, settings=SettingsFile(path))
    keys = game.keys.bind(Action.PAUSE, pygame.K_p)[0]
    game.change_settings(keys=keys)
    game._preferences._file.finish()  # type: ignore[union-attr]
    other.change_settings(sound_volume=0.1)
    other._preferences.close()
    assert read_settings(path) == Settings(keys=keys, sound_volume=0.1)
    other.context.scene.close()


def test_a_broken_file_is_told_in_the_window(display: Display, path: Path, tmp_path: Path) -> None:
    write_settings(Settings(), path)
    path.write_text('{"colours": "neon"}')
    track = load_track("oval")
    game = Game(Session(track, Trainer(small_config(), [track]), tmp_path), display, settings=SettingsFile(path))
    assert "settings.broken-1.json" in game.notices.text and game.settings == Settings()
    game.close()


def test_a_disk_that_is_full_is_told_in_the_window(game: Game, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("os.fsync", full)
        game.change_settings(sound_volume=0.1)
        game._preferences._file._disk.submit(lambda: None).result()  # type: ignore[union-attr]
        run(game, 0.05)
    assert "No space left" in game.notices.text and game.settings.sound_volume == 0.1
    pygame.event.clear()
    take_events(game)
