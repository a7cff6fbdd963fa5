"""The track editor and the screens round it, by posted mouse and key events."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pygame
import pytest

from qrace.game.keys import ModeName
from qrace.game.screens.dialogs import Ask
from qrace.game.screens.drawing_table import edit
from qrace.game.screens.editor import EditorScreen
from qrace.game.screens.editor_keys import KEYS, EditorHelp
from qrace.sim.drawing_files import load_drawing
from qrace.sim.drawing_fit import drawing_of
from qrace.sim.own_tracks import own_tracks
from qrace.sim.track_files import load_track
from qrace.view.drawing_road import start_plate
from tests.game.drawing import at, click_at, close_points, control, drag, editor, loop, mouse, wheel, write
from tests.game.helpers import Game, press, run, take_events


def test_a_loop_drawn_by_hand_is_saved_loaded_and_driven_on(game: Game, table: EditorScreen, home: Path) -> None:
    drag(game, loop(120)[:-3])
    drawing = table.table.drawing
    assert drawing.closed and 8 <= drawing.count <= 40
    table.finish()
    assert table.checked is not None and table.checked.track is not None
    control(game, pygame.K_s)
    assert isinstance(game.screens.top, Ask)
    write(game, "My loop")
    press(game, pygame.K_RETURN)
    [path] = own_tracks()
    assert path == home / "data" / "tracks" / "my-loop.json"
    assert not table.table.unsaved
    track = load_track(str(path))
    np.testing.assert_array_equal(track.shape.points, drawing.points)
    np.testing.assert_array_equal(drawing_of(track).widths, drawing.widths)
    press(game, pygame.K_d)
    assert game.mode.name is ModeName.DRIVE and game.screens.top is None
    assert game.session.track.name == "my-loop"
    assert game.context.scene.track is game.session.track
    run(game, 0.5)
    press(game, pygame.K_t)
    before = game.session.trainer.metrics.steps
    run(game, 0.5)
    assert game.session.trainer.metrics.steps > before
    edit(game, game.session.track)
    assert editor(game).table.drawing is drawing, "the table is as it was left"
    control(game, pygame.K_z)
    assert editor(game).table.drawing.count == 0


def test_points_by_clicks_and_the_first_one_closes_the_loop(game: Game, table: EditorScreen) -> None:
    close_points(table, game)
    drawing = table.table.drawing
    assert (drawing.closed, drawing.count) == (True, 10)
    np.testing.assert_allclose(table.camera.to_screen(drawing.points), np.round(loop(10)), atol=0.51)
    control(game, pygame.K_z)
    assert not table.table.drawing.closed
    press(game, pygame.K_l)
    assert table.table.drawing.same_as(drawing)


def test_points_are_dragged_inserted_and_deleted(game: Game, table: EditorScreen) -> None:
    close_points(table, game)
    before = table.table.drawing
    target = np.add(at(table, 3), (40.0, -30.0))
    drag(game, np.linspace(at(table, 3), target, 9))
    np.testing.assert_allclose(at(table, 3), target, atol=1.0)
    control(game, pygame.K_z)
    assert table.table.drawing is before, "a drag is one step"
    control(game, pygame.K_y)
    np.testing.assert_allclose(at(table, 3), target, atol=1.0)

    road = table.camera.to_screen(table.table.drawing.line().evaluate(np.array([5.5]))[0])[0]
    drag(game, np.linspace(road, np.add(road, (25.0, 25.0)), 5))
    assert table.table.drawing.count == 11
    np.testing.assert_allclose(at(table, 6), road + 25.0, atol=1.5)
    press(game, pygame.K_DELETE)
    assert table.table.drawing.count == 10
    click_at(game, at(table, 2), button=3)
    assert table.table.drawing.count == 9


def test_widths_by_handles_wheel_and_buttons(game: Game, table: EditorScreen) -> None:
    close_points(table, game)
    click_at(game, at(table, 4))
    assert table.hand.chosen == 4
    before = table.table.drawing.widths.copy()
    left, right = table.hand.handles(4)
    out = (left - right) / np.hypot(*(left - right))
    drag(game, np.linspace(left, left + out * 10.0, 8))
    widened = table.table.drawing.widths - before
    assert widened[4, 0] == pytest.approx(10.0 / table.camera.scale, abs=0.3)
    widened[4, 0] = 0.0
    assert not widened.any()
    wheel(game, 2, pygame.KMOD_LSHIFT)
    assert table.table.drawing.widths[4, 1] == pytest.approx(before[4, 1] + 1.0)
    assert table.table.drawing.widths[5, 1] == before[5, 1]
    wheel(game, -1, pygame.KMOD_LCTRL)
    assert table.table.drawing.widths[5, 1] == pytest.approx(before[5, 1] - 0.5)
    click_at(game, np.array(table._buttons_of["wider"].rect.center))
    assert table.table.drawing.widths[5, 1] == pytest.approx(before[5, 1])


def test_the_start_line_moves_and_the_direction_turns(game: Game, table: EditorScreen) -> None:
    close_points(table, game)
    table.hand.chosen = None
    ends = table.camera.to_screen(np.stack(table.hand.start_ends()))
    grip = ends[0] * 0.9 + ends[1] * 0.1
    goal = table.camera.to_screen(table.table.drawing.line().evaluate(np.array([3.5]))[0])[0]
    drag(game, np.linspace(grip, goal, 12))
    assert table.table.drawing.start == pytest.approx(3.5, abs=0.1)
    plate = start_plate(*table.camera.to_screen(np.stack(table.hand.start_ends())), table.hand.scale)
    goal = table.camera.to_screen(table.table.drawing.line().evaluate(np.array([5.5]))[0])[0]
    drag(game, np.linspace(plate.center, goal, 12))
    assert table.table.drawing.start == pytest.approx(5.5, abs=0.1)
    press(game, pygame.K_r)
    assert table.table.drawing.start == pytest.approx(4.5, abs=0.1)


def test_the_view_moves_and_zooms_about_the_pointer(game: Game, table: EditorScreen) -> None:
    close_points(table, game)
    drawing, pixel = table.table.drawing, np.array([300.0, 200.0])
    click_at(game, pixel)
    world = table.camera.to_world([pixel])[0]
    wheel(game, 3)
    np.testing.assert_allclose(table.camera.to_screen([world])[0], pixel, atol=1.0)
    for button in (1, 2, 3):
        world = table.camera.to_world([pixel])[0]
        drag(game, np.linspace(pixel, np.add(pixel, (60.0, 20.0)), 5), button)
        np.testing.assert_allclose(table.camera.to_screen([world])[0], np.add(pixel, (60.0, 20.0)), atol=1.5)
    assert table.table.drawing is drawing
    press(game, pygame.K_f)
    assert all(table.camera.viewport.collidepoint(*point) for point in table.camera.to_screen(drawing.points))


def test_keys_choose_and_move_points_and_snapping_is_off_at_first(game: Game, table: EditorScreen) -> None:
    close_points(table, game)
    for _ in range(3):
        press(game, pygame.K_PERIOD)
    chosen = table.hand.chosen
    assert chosen is not None
    before = table.table.drawing.points[chosen]
    press(game, pygame.K_RIGHT)
    press(game, pygame.K_UP, shift=True)
    np.testing.assert_allclose(table.table.drawing.points[chosen], np.add(before, (1.0, 10.0)))
    press(game, pygame.K_i)
    assert table.table.drawing.count == 11
    press(game, pygame.K_x)
    step = table.hand.snap_m
    assert step > 0.0
    drag(game, np.linspace(at(table, 8), np.add(at(table, 8), (21.0, 13.0)), 4))
    np.testing.assert_allclose(table.table.drawing.points[8] % step, 0.0, atol=1e-9)


def test_a_fault_keeps_the_road_from_being_driven_and_is_found_by_a_key(game: Game, table: EditorScreen) -> None:
    close_points(table, game)
    drag(game, np.linspace(at(table, 2), np.add(at(table, 7), (8.0, 4.0)), 9))
    table.finish()
    run(game, 0.1)
    assert table.checked is not None and table.checked.track is None
    assert not table._buttons_of["drive"].is_enabled
    press(game, pygame.K_d)
    assert "runs into itself" in game.notices.text or "too wide" in game.notices.text
    assert game.mode.name is ModeName.TRAIN and game.screens.top is table
    press(game, pygame.K_c)
    place = next(problem.place for problem in table.checked.problems if problem.place)
    assert table.camera.viewport.inflate(-400, -300).collidepoint(*table.camera.to_screen([place])[0])
    control(game, pygame.K_s)
    write(game, "Faulty")
    press(game, pygame.K_RETURN)
    assert "cars cannot use it yet" in game.notices.text
    [path] = own_tracks()
    assert load_drawing(path).drawing.same_as(replace(table.table.drawing, start=load_drawing(path).drawing.start))


def test_escape_gives_up_a_drag_first(game: Game, table: EditorScreen) -> None:
    close_points(table, game)
    drawing = table.table.drawing
    mouse(game, pygame.MOUSEBUTTONDOWN, at(table, 3))
    for step in range(1, 6):
        mouse(game, pygame.MOUSEMOTION, at(table, 3) + 9.0 * step)
    take_events(game)
    assert table.table.drawing is not drawing
    press(game, pygame.K_ESCAPE)
    assert game.screens.top is table and table.table.drawing.same_as(drawing)
    press(game, pygame.K_ESCAPE)
    assert game.screens.top is None


def test_help_tells_every_key_and_f1_closes_it(game: Game, table: EditorScreen) -> None:
    press(game, pygame.K_F1)
    card = game.screens.top
    assert isinstance(card, EditorHelp)
    press(game, pygame.K_F1)
    assert game.screens.top is table
    commands = {key.command for key in KEYS if key.command}
    assert commands == set(table._commands)


KEYS_THAT_STAY = (
    pygame.K_l, pygame.K_r, pygame.K_MINUS, pygame.K_PLUS, pygame.K_x, pygame.K_f, pygame.K_c, pygame.K_i,
    pygame.K_DELETE, pygame.K_PERIOD, pygame.K_COMMA, pygame.K_LEFT, pygame.K_UP, pygame.K_PAGEUP, pygame.K_PAGEDOWN,
)  # fmt: skip


@pytest.mark.parametrize("seed", range(4))
def test_whatever_hands_do_nothing_breaks_and_all_can_be_undone(game: Game, table: EditorScreen, seed: int) -> None:
    rng = np.random.default_rng(seed)
    drag(game, loop(60)[:-2])
    for _ in range(400):
        pixel = rng.uniform((0.0, 0.0), (980.0, 700.0))
        count = table.table.drawing.count
        if count and rng.random() < 0.5:
            pixel = at(table, int(rng.integers(count))) + rng.normal(scale=4.0, size=2)
        kind, button = int(rng.integers(6)), int(rng.choice([1, 1, 1, 2, 3]))
        pygame.event.clear()
        if kind < 3:
            kinds = (pygame.MOUSEMOTION, pygame.MOUSEBUTTONDOWN, pygame.MOUSEBUTTONUP)
            mouse(game, kinds[kind], pixel, button)
            take_events(game)
        elif kind == 3:
            wheel(game, int(rng.integers(-2, 3)), int(rng.choice([0, pygame.KMOD_LCTRL, pygame.KMOD_LSHIFT])))
        elif kind == 4:
            control(game, int(rng.choice([pygame.K_z, pygame.K_y])))
        else:
            press(game, int(rng.choice(KEYS_THAT_STAY)))
        if rng.random() < 0.05:
            run(game, 1 / 60)
        assert game.screens.top is table
        assert np.all(np.isfinite(table.table.drawing.points))
    while table.table.history.can_undo:
        control(game, pygame.K_z)
    assert table.table.drawing.count == 0


def test_no_button_has_the_focus_before_one_is_gone_to(game: Game, table: EditorScreen) -> None:
    close_points(table, game)
    drawing = table.table.drawing
    table.hand.chosen = None
    press(game, pygame.K_RETURN)
    press(game, pygame.K_SPACE)
    assert table.table.drawing is drawing
    for key in (pygame.K_TAB, pygame.K_DOWN, pygame.K_RIGHT, pygame.K_RETURN):  # undo, close, reverse
        press(game, key)
    assert table.table.drawing.same_as(drawing.reverse())
