"""Screens over a mode: opened and left by keys and clicks, one step at a time."""

from time import thread_time

import pygame
import pytest

from qrace.errors import QRaceError
from qrace.game.keys import ModeName
from qrace.game.screens.dialogs import Ask, Confirm
from qrace.game.screens.page import Page, Shape
from qrace.game.screens.registry import ENTRIES
from qrace.game.screens.rows import RowList
from qrace.game.screens.theme import theme
from qrace.game.screens.title import TitleScreen
from qrace.view import palette
from qrace.view.help_overlay import VEIL
from tests.game.helpers import Game, click, press, resize, run, take_events
from tests.game.sample_page import Sample


def top(game: Game) -> Page:
    assert isinstance(game.screens.top, Page)
    return game.screens.top


def test_escape_goes_to_the_title_and_out(game: Game) -> None:
    press(game, pygame.K_ESCAPE)
    assert isinstance(top(game), TitleScreen) and not game.quit
    before = game.session.trainer.metrics.steps
    run(game, 0.5)
    assert game.session.trainer.metrics.steps > before, "the cars drive on behind the title"
    press(game, pygame.K_ESCAPE)
    assert game.quit


def test_the_road_moves_beside_the_title_and_back(game: Game) -> None:
    before = game.layout.stage.copy()
    press(game, pygame.K_ESCAPE)
    column = top(game).frame
    assert game.context.scene.camera.viewport == game.layout.stage
    assert (game.layout.stage.left, game.layout.stage.right) == (column.right, before.right)
    run(game, 0.1)
    game.open(Sample(game))
    run(game, 0.1)
    assert game.layout.stage.left == column.right, "it stays there behind a card over the title"
    veiled = palette.mix(palette.PANEL, palette.SHADOW, VEIL / 255)
    assert game.display.surface.get_at((4, 4))[:3] == pytest.approx(veiled, abs=1)
    press(game, pygame.K_ESCAPE)
    game.close_screens()
    assert game.layout.stage == before == game.context.scene.camera.viewport


def test_the_title_leads_to_the_modes(game: Game) -> None:
    press(game, pygame.K_ESCAPE)
    press(game, pygame.K_RETURN)  # the mark is on what goes on
    assert game.screens.top is None and game.mode.name is ModeName.TRAIN
    press(game, pygame.K_ESCAPE)
    press(game, pygame.K_DOWN)
    press(game, pygame.K_RETURN)
    assert game.screens.top is None and game.mode.name is ModeName.DRIVE


@pytest.mark.parametrize("name", ENTRIES)
def test_every_entry_of_the_title_by_mouse(game: Game, name: str) -> None:
    press(game, pygame.K_ESCAPE)
    run(game, 0.1)
    rows = top(game).stops[0]
    assert isinstance(rows, RowList)
    click(game, rows.row_rect(list(ENTRIES).index(name)).center)
    assert game.quit is (name == "Quit")
    run(game, 0.1)


def test_keys_move_take_change_and_go_back(game: Game) -> None:
    sample = Sample(game)
    game.open(sample)
    assert sample.list.marked == 1  # a heading cannot be marked
    press(game, pygame.K_UP)
    assert sample.list.marked == 1
    press(game, pygame.K_RIGHT)
    press(game, pygame.K_RIGHT)
    press(game, pygame.K_LEFT)
    assert sample.value == 4 and sample.list.rows[1].detail == "4"
    press(game, pygame.K_DOWN)
    press(game, pygame.K_SPACE)
    press(game, pygame.K_RETURN)
    assert sample.told[1:] == ["row 2", "row 2"]
    press(game, pygame.K_TAB)
    press(game, pygame.K_RETURN)
    assert sample.told[-1] == "start"
    press(game, pygame.K_LEFT)  # the button beside it
    press(game, pygame.K_RETURN)
    assert game.screens.top is None


def push(game: Game, button: int) -> None:
    for kind in (pygame.CONTROLLERBUTTONDOWN, pygame.CONTROLLERBUTTONUP):
        pygame.event.post(pygame.event.Event(kind, button=button, instance_id=0))
    take_events(game)


def test_a_gamepad_does_what_keys_do(game: Game) -> None:
    push(game, pygame.CONTROLLER_BUTTON_START)
    assert isinstance(top(game), TitleScreen)
    push(game, pygame.CONTROLLER_BUTTON_DPAD_DOWN)
    push(game, pygame.CONTROLLER_BUTTON_A)
    assert game.screens.top is None and game.mode.name is ModeName.DRIVE
    sample = Sample(game)
    game.open(sample)
    for value in (0, 15_000, 32_000, 20_000, 32_000, 0, -32_000, 0, 32_000, 0):  # down, up, down
        pygame.event.post(
            pygame.event.Event(
                pygame.CONTROLLERAXISMOTION, axis=pygame.CONTROLLER_AXIS_LEFTY, value=value, instance_id=0
            )
        )
    take_events(game)
    assert sample.list.marked == 2
    push(game, pygame.CONTROLLER_BUTTON_X)
    assert sample.told[-1] == "row 2"
    push(game, pygame.CONTROLLER_BUTTON_DPAD_UP)
    push(game, pygame.CONTROLLER_BUTTON_DPAD_RIGHT)
    assert sample.value == 4
    push(game, pygame.CONTROLLER_BUTTON_B)
    assert game.screens.top is None


def test_a_key_that_is_held_moves_on(game: Game) -> None:
    sample = Sample(game)
    game.open(sample)
    press(game, pygame.K_DOWN, release=False)
    run(game, 0.3)
    assert sample.list.marked == 2
    run(game, 1.0)
    assert 10 < sample.list.marked < 20
    pygame.event.post(pygame.event.Event(pygame.KEYUP, key=pygame.K_DOWN, mod=0, unicode=""))
    take_events(game)
    there = sample.list.marked
    run(game, 0.5)
    assert sample.list.marked == there


def test_a_word_is_asked_for_and_a_question_answered(game: Game) -> None:
    told: list[str] = []

    def done(text: str) -> None:
        if text == "bad":
            raise QRaceError("That name is taken.")
        told.append(text)

    ask = Ask(game, "Name", "What is it called?", "Rename", done, first="ol")
    game.open(ask)
    pygame.event.post(pygame.event.Event(pygame.TEXTINPUT, text="r"))
    take_events(game)
    assert ask.entry.get_text() == "ol", "the key that opened the card types nothing into it"
    run(game, 0.05)
    for character in "d":
        pygame.event.post(pygame.event.Event(pygame.TEXTINPUT, text=character))
    take_events(game)
    assert ask.entry.get_text() == "old"
    press(game, pygame.K_RETURN)
    assert told == ["old"] and game.screens.top is None
    ask = Ask(game, "Name", "What is it called?", "Rename", done, first="bad")
    game.open(ask)
    press(game, pygame.K_RETURN)
    assert game.screens.top is ask and ask.entry.get_text() == "bad" and "taken" in game.notices.text
    press(game, pygame.K_ESCAPE)
    for key in (pygame.K_ESCAPE, pygame.K_LEFT):  # left of the main button is the one that leaves things as they are
        game.open(Confirm(game, "Bin", "Put it in the bin?", "Bin it", lambda: told.append("yes")))
        press(game, key)
        press(game, pygame.K_RETURN)
        assert game.screens.top is None and told == ["old"]
    game.open(Confirm(game, "Bin", "Put it in the bin?", "Bin it", lambda: told.append("yes")))
    press(game, pygame.K_RETURN)
    assert told == ["old", "yes"] and game.screens.top is None


def test_the_theme_tells_the_look_of_what_screens_make_and_of_nothing_else(game: Game) -> None:
    game.open(Ask(game, "Name", "What is it called?", "Rename", print))
    made = game.gui.manager.get_sprite_group().sprites()
    known = {name for element in made for name in (*element.element_ids, *element.class_ids)}
    assert set(theme(1.0)) - {"defaults"} <= known
    dead = {"link_text", "link_hover", "filled_bar", "unfilled_bar"}  # of text boxes and bars
    assert not dead & set(theme(1.0)["defaults"]["colours"])


def test_a_list_scrolls_by_keys_wheel_and_thumb(game: Game) -> None:
    sample = Sample(game)
    game.open(sample)
    for _ in range(30):
        press(game, pygame.K_DOWN)
    assert sample.list.marked == 31 and sample.list.rect.contains(sample.list.row_rect(31))
    pygame.event.post(pygame.event.Event(pygame.MOUSEWHEEL, x=0, y=100))
    take_events(game)
    assert sample.list.row_rect(0).top == sample.list.rect.top and sample.list.marked == 31
    click(game, (sample.list.rect.right - 4, sample.list.rect.bottom - 4))
    assert sample.list.row_rect(41).bottom <= sample.list.rect.bottom and len(sample.told) == 1


def test_the_mouse_marks_takes_changes_and_presses(game: Game) -> None:
    sample = Sample(game)
    game.open(sample)
    run(game, 0.1)
    where = sample.list.row_rect(4).center
    pygame.event.post(pygame.event.Event(pygame.MOUSEMOTION, pos=where, rel=(0, 0), buttons=(0, 0, 0)))
    take_events(game)
    assert sample.list.marked == 4
    click(game, where)
    assert sample.told[-1] == "row 4"
    row = sample.list.row_rect(1)
    click(game, (row.right - 26, row.centery))
    assert sample.value == 4
    click(game, sample.stops[1].rect.center)
    assert sample.told[-1] == "start"
    click(game, (5, 5))  # beside the card
    assert game.screens.top is None


def test_cards_over_pages_come_back_one_by_one(game: Game) -> None:
    page, card = Sample(game, Shape.FULL), Sample(game)
    game.open(page)
    press(game, pygame.K_DOWN)
    game.open(card)
    run(game, 0.1)
    press(game, pygame.K_ESCAPE)
    assert game.screens.top is page and page.list.marked == 2
    run(game, 0.1)
    press(game, pygame.K_ESCAPE)
    assert game.screens.top is None


def test_a_screen_is_laid_out_anew_when_the_window_changes(game: Game) -> None:
    sample = Sample(game, Shape.FULL)
    game.open(sample)
    press(game, pygame.K_DOWN)
    for size in ((1920, 1080), (960, 600), (480, 320)):
        resize(game, size)
        window = game.display.surface.get_rect()
        assert all(window.contains(stop.rect) for stop in sample.stops) and sample.list.marked == 2
        run(game, 0.1)


def test_full_screen_and_pictures_work_over_a_screen(game: Game) -> None:
    game.open(Sample(game))
    press(game, pygame.K_F11)
    assert game.display.full_screen
    press(game, pygame.K_F11)
    press(game, pygame.K_t)
    assert game.mode.name is ModeName.TRAIN, "other keys of the mode are out of reach"


def test_opening_costs_less_than_a_frame(game: Game) -> None:
    """In time of the processor, so that whatever else runs here does not count."""
    sample = Sample(game, Shape.FULL, rows=400)
    times = []
    for _ in range(9):
        begin = thread_time()
        game.open(sample)
        sample.update(0.0, 0.0)
        times.append(thread_time() - begin)
        game.back()
    assert sorted(times)[4] < 0.016
