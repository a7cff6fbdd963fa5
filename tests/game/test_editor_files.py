"""What the track editor saves, opens and keeps, by posted mouse and key events."""

import json
from pathlib import Path

import pygame
import pytest

from qrace.game.screens.dialogs import Ask
from qrace.game.screens.drawing_table import UnsavedScreen, edit, show_editor
from qrace.game.screens.editor import EditorScreen
from qrace.game.screens.tracks import TracksScreen
from qrace.sim.drawing_files import load_drawing
from qrace.sim.own_tracks import BIN, own_tracks, own_tracks_folder
from qrace.sim.track_files import builtin_tracks, load_track, save_track
from tests.game.drawing import at, click_at, close_points, control, drop, editor, loop, write
from tests.game.helpers import Game, click, press, run


def test_an_unsaved_drawing_is_driven_on_under_a_name_of_its_own(game: Game, table: EditorScreen) -> None:
    close_points(table, game)
    table.table.road()
    press(game, pygame.K_t)
    assert game.session.track.name == "new-track-unsaved"
    assert load_track("new-track-unsaved").length_m == game.session.track.length_m
    assert game.table.unsaved
    press(game, pygame.K_e)
    assert editor(game).table.drawing.count == 10
    control(game, pygame.K_s)
    write(game, "Mine")
    press(game, pygame.K_RETURN)
    assert [path.stem for path in own_tracks()] == ["mine"], "the draft has become the track"


@pytest.mark.parametrize("name", ["oval", "random:3"])
def test_what_is_changed_of_a_track_is_saved_as_another(game: Game, name: str) -> None:
    built_in = {other: load_track(other).length_m for other in builtin_tracks()}
    edit(game, load_track(name))
    table = editor(game)
    assert table.table.drawing.closed and not table.table.unsaved
    press(game, pygame.K_PLUS)
    control(game, pygame.K_s)
    assert isinstance(game.screens.top, Ask)
    press(game, pygame.K_RETURN)
    [path] = own_tracks()
    assert path.stem not in built_in
    assert {other: load_track(other).length_m for other in builtin_tracks()} == built_in
    press(game, pygame.K_PLUS)
    control(game, pygame.K_s)
    assert own_tracks() == [path], "its own file is replaced without a question"
    assert load_track(str(path)).shape.width_left[0] == table.table.drawing.widths[0, 0]
    control(game, pygame.K_s, shift=True)
    assert isinstance(game.screens.top, Ask)


def test_nothing_unsaved_leaves_the_table_unasked(game: Game, table: EditorScreen) -> None:
    close_points(table, game)
    drawing = table.table.drawing
    edit(game, load_track("oval"))
    assert isinstance(game.screens.top, UnsavedScreen)
    press(game, pygame.K_ESCAPE)
    assert table.table.drawing is drawing
    control(game, pygame.K_n)
    for key in (pygame.K_DOWN, pygame.K_DOWN, pygame.K_RETURN):
        press(game, key)
    assert game.screens.top is table and table.table.drawing is drawing
    control(game, pygame.K_n)
    press(game, pygame.K_RETURN)
    assert [path.stem for path in own_tracks()] == ["new-track"]
    assert table.table.drawing.count == 0 and not table.table.history.can_undo
    close_points(table, game)
    control(game, pygame.K_n)
    press(game, pygame.K_DOWN)
    press(game, pygame.K_RETURN)
    assert table.table.drawing.count == 0
    [kept] = (own_tracks_folder() / BIN).iterdir()
    assert load_drawing(kept).drawing.count == 10


def test_an_open_line_is_there_again_in_the_next_sitting(game: Game, table: EditorScreen) -> None:
    for pixel in loop(10)[:5]:
        click_at(game, pixel)
    drawing = table.table.drawing
    press(game, pygame.K_ESCAPE)
    [draft] = own_tracks()
    game.table.begin()  # as a new sitting would have it
    game.open_named("Tracks")
    tracks = game.screens.top
    assert isinstance(tracks, TracksScreen)
    tracks.shelf.finish()
    run(game, 0.05)
    assert (tracks.list.rows[1].name, tracks.list.rows[1].detail) == ("New track · unsaved", "unfinished")
    click(game, tracks.list.row_rect(1).center)
    press(game, pygame.K_RETURN)
    assert editor(game).table.drawing.same_as(drawing)
    assert game.table.unsaved and game.table.title == "New track"
    control(game, pygame.K_s)
    write(game, "Half")
    press(game, pygame.K_RETURN)
    assert [path.stem for path in own_tracks()] == ["half"] and not draft.exists()


def test_a_folder_that_takes_no_file_costs_no_drawing(game: Game, table: EditorScreen, home: Path) -> None:
    close_points(table, game)
    home.mkdir()
    (home / "data").write_text("in the way")
    control(game, pygame.K_s)
    write(game, "Mine")
    press(game, pygame.K_RETURN)
    assert "cannot be made" in game.notices.text
    ask = game.screens.top
    assert isinstance(ask, Ask) and ask.entry.get_text() == "Mine"
    assert table.table.unsaved and table.table.drawing.count == 10


def test_an_empty_name_is_asked_for_again(game: Game, table: EditorScreen) -> None:
    close_points(table, game)
    control(game, pygame.K_s)
    write(game, "   ")
    press(game, pygame.K_RETURN)
    assert isinstance(game.screens.top, Ask)
    press(game, pygame.K_ESCAPE)
    assert game.screens.top is table and not own_tracks()


@pytest.mark.parametrize("shift", [False, True])
def test_an_empty_table_asks_for_no_name(game: Game, table: EditorScreen, shift: bool) -> None:
    control(game, pygame.K_s, shift=shift)
    assert game.screens.top is table and "Nothing is drawn" in game.notices.text
    assert not own_tracks()


@pytest.mark.parametrize("shift", [False, True])
def test_a_track_of_which_every_point_is_deleted_stays_in_its_file(
    game: Game, table: EditorScreen, shift: bool
) -> None:
    close_points(table, game)
    control(game, pygame.K_s)
    write(game, "Mine")
    press(game, pygame.K_RETURN)
    [path] = own_tracks()
    before = path.read_bytes()
    while table.table.drawing.count:
        click_at(game, at(table, 0), button=3)
    control(game, pygame.K_s, shift=shift)
    assert game.screens.top is table and "Nothing is drawn" in game.notices.text
    assert own_tracks() == [path] and path.read_bytes() == before


def test_a_drawing_whose_draft_is_in_the_bin_can_be_thrown_away(game: Game, table: EditorScreen) -> None:
    close_points(table, game)
    drawing = table.table.drawing
    press(game, pygame.K_ESCAPE)
    game.open_named("Tracks")
    tracks = game.screens.top
    assert isinstance(tracks, TracksScreen)
    tracks.shelf.finish()
    run(game, 0.05)
    assert tracks.list.rows[1].name == "New track · unsaved"
    click(game, tracks.list.row_rect(1).center)
    press(game, pygame.K_PAGEDOWN)  # the last one is Delete
    press(game, pygame.K_RETURN)
    assert not own_tracks() and game.screens.top is tracks
    press(game, pygame.K_TAB)
    press(game, pygame.K_RETURN)
    assert isinstance(game.screens.top, UnsavedScreen)
    press(game, pygame.K_DOWN)
    press(game, pygame.K_RETURN)
    assert editor(game).table.drawing.count == 0 and not own_tracks()
    assert all(load_drawing(kept).drawing.count == drawing.count for kept in (own_tracks_folder() / BIN).iterdir())


def test_the_file_holds_what_the_schema_knows(game: Game, tmp_path: Path) -> None:
    edit(game, load_track("kart"))
    save_track(editor(game).table.drawing.track("a", "A"), tmp_path / "a.json")
    fields = json.loads((tmp_path / "a.json").read_text())
    assert fields["drawn"] is True
    assert len(fields["points"]) == editor(game).table.drawing.count + 1
    assert load_track(str(tmp_path / "a.json")).shape.drawn


@pytest.mark.parametrize("over", [None, "Title", "Tracks", "Editor"])
def test_a_file_dropped_anywhere_is_opened_as_a_copy(game: Game, tmp_path: Path, over: str | None) -> None:
    save_track(load_track("kidney"), tmp_path / "theirs.json")
    if over == "Title":
        game.open_title()
    elif over == "Tracks":
        game.open(TracksScreen(game))
    elif over == "Editor":
        show_editor(game)
    drop(game, tmp_path / "theirs.json")
    assert editor(game).table.title == load_track("kidney").title
    assert game.table.unsaved and game.table.path is None
    (tmp_path / "notes.txt").write_text("hello")
    drop(game, tmp_path / "notes.txt")
    assert "notes.txt" in game.notices.text and game.table.drawing.count > 0


def test_a_file_dropped_while_unsaved_is_asked_about_once(game: Game, tmp_path: Path) -> None:
    for name in ("kidney", "kart", "clover"):
        save_track(load_track(name), tmp_path / f"{name}.json")
        drop(game, tmp_path / f"{name}.json")
    assert isinstance(game.screens.top, UnsavedScreen)
    press(game, pygame.K_DOWN)
    press(game, pygame.K_RETURN)  # thrown away
    assert editor(game).table.title == load_track("clover").title
    press(game, pygame.K_ESCAPE)
    assert game.screens.top is None
