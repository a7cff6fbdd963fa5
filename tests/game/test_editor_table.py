"""What lies on the drawing table: points that have gone are held by no hand, and what was saved stays saved."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pygame
import pytest

from qrace.game.screens.drawing_table import UnsavedScreen, go_to
from qrace.game.screens.editor import EditorScreen
from qrace.sim.own_tracks import own_tracks, own_tracks_folder, save_own_track
from qrace.sim.track_files import load_track, save_track
from tests.game.drawing import at, click_at, close_points, control, drop, editor, mouse, wheel, write
from tests.game.helpers import Game, press, run, take_events


@pytest.mark.parametrize("widened", [False, True])
def test_the_last_point_is_deleted_under_the_pointer(game: Game, table: EditorScreen, widened: bool) -> None:
    close_points(table, game)
    click_at(game, at(table, 9), button=3)
    widths = table.table.drawing.widths
    if widened:
        wheel(game, 1, pygame.KMOD_LSHIFT)
    run(game, 0.05)
    assert table.table.drawing.count == 9
    np.testing.assert_array_equal(table.table.drawing.widths, widths)


def test_escape_gives_up_a_point_behind_the_last_one(game: Game, table: EditorScreen) -> None:
    close_points(table, game)
    between = table.camera.to_screen(table.table.drawing.line().evaluate(np.array([9.5]))[0])[0]
    pygame.event.clear()
    mouse(game, pygame.MOUSEBUTTONDOWN, between)
    take_events(game)
    assert (table.table.drawing.count, table.hand.chosen) == (11, 10)
    press(game, pygame.K_ESCAPE)
    run(game, 0.05)
    assert (table.table.drawing.count, table.hand.chosen) == (10, None) and game.screens.top is table


@pytest.mark.parametrize("over", [None, pygame.K_F1, pygame.K_g])
def test_a_file_dropped_on_the_editor_or_a_screen_over_it_is_opened_in_that_editor(
    game: Game, table: EditorScreen, tmp_path: Path, over: int | None
) -> None:
    close_points(table, game)
    save_track(table.table.drawing.track("theirs", "Theirs"), tmp_path / "theirs.json")
    press(game, pygame.K_PERIOD)
    for _ in range(8):
        press(game, pygame.K_i)
        press(game, pygame.K_PERIOD)
    assert table.hand.chosen is not None and table.hand.chosen > 10
    if over is None:
        mouse(game, pygame.MOUSEBUTTONDOWN, at(table, table.hand.chosen))  # and holds it
        take_events(game)
    else:
        press(game, over)
        assert game.screens.top is not table
    drop(game, tmp_path / "theirs.json")
    assert isinstance(game.screens.top, UnsavedScreen)
    press(game, pygame.K_DOWN)
    press(game, pygame.K_RETURN)  # thrown away
    mouse(game, pygame.MOUSEMOTION, at(table, 2))
    take_events(game)
    run(game, 0.05)
    assert game.screens.top is table and table.table.title == "Theirs" and table.hand.chosen is None
    press(game, pygame.K_ESCAPE)
    assert game.screens.top is None, "there is one editor, not one over the other"


@pytest.mark.parametrize("cleared", [False, True])
def test_e_after_a_save_shows_what_was_saved(game: Game, cleared: bool) -> None:
    folder = own_tracks_folder()
    path = folder / f"{save_own_track(replace(load_track('kidney'), title='My loop'), folder).name}.json"
    go_to(game, load_track(str(path)), "drive")
    press(game, pygame.K_e)
    press(game, pygame.K_PLUS)
    control(game, pygame.K_s)
    saved = game.table.drawing
    if cleared:
        control(game, pygame.K_n)
        assert game.table.drawing.count == 0
    press(game, pygame.K_ESCAPE)
    assert game.screens.top is None
    press(game, pygame.K_e)
    assert editor(game).table.drawing.same_as(saved) and game.table.path == path
    assert (game.table.drawing is saved) is not cleared
    control(game, pygame.K_s)
    np.testing.assert_array_equal(load_track(str(path)).shape.width_left, saved.widths[:, 0])


def test_e_on_a_road_driven_before_it_was_saved_shows_what_was_saved(game: Game, table: EditorScreen) -> None:
    close_points(table, game)
    press(game, pygame.K_d)
    assert game.screens.top is None and "unsaved" in game.session.track.name
    press(game, pygame.K_e)
    control(game, pygame.K_s)
    write(game, "Foo")
    press(game, pygame.K_RETURN)
    press(game, pygame.K_ESCAPE)
    press(game, pygame.K_e)
    assert isinstance(game.screens.top, EditorScreen)
    assert game.table.title == "Foo" and game.table.path == own_tracks()[0] and not game.table.unsaved
