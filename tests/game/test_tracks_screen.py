"""The tracks screen and the generator, by keys and clicks."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pygame
import pytest

from qrace.game.keys import ModeName
from qrace.game.recorder import Recorder
from qrace.game.screens.editor import EditorScreen
from qrace.game.screens.generate import GenerateScreen
from qrace.game.screens.race_setup import RaceSetupScreen
from qrace.game.screens.slider import Slider
from qrace.game.screens.tracks import TrackScreen, TracksScreen
from qrace.game.track_shelf import list_tracks
from qrace.race.records import Lap, Records
from qrace.sim.own_tracks import BIN, own_tracks, own_tracks_folder, save_own_track
from qrace.sim.track_files import builtin_tracks, load_track
from qrace.sim.track_generator import RoadStyle, generate_track
from tests.game.drawing import control, drag, loop, write
from tests.game.helpers import Game, click, press, resize, run, take_events
from tests.game.racing import choose, setup


def open_tracks(game: Game) -> TracksScreen:
    game.open_named("Tracks")
    screen = game.screens.top
    assert isinstance(screen, TracksScreen)
    screen.shelf.finish()
    run(game, 0.05)
    return screen


def mark(game: Game, screen: TracksScreen, name: str) -> None:
    """Move the mark to a track with the arrow keys."""
    names = [item.path.stem if item.path else item.name for item in screen.shelf.listed]
    for _ in range(100):
        if screen.marked == names.index(name):
            return
        press(game, pygame.K_DOWN if screen.marked < names.index(name) else pygame.K_UP)
    raise AssertionError(name)


def take(game: Game, name: str) -> None:
    """Take a row of the card by a click."""
    card = game.screens.top
    assert isinstance(card, TrackScreen)
    run(game, 0.05)
    click(game, card.stops[0].row_rect(card._names.index(name)).center)


def make_own(title: str = "My loop") -> Path:
    folder = own_tracks_folder()
    return folder / f"{save_own_track(replace(load_track('kidney'), title=title), folder).name}.json"


def test_all_tracks_are_listed_with_pictures_lengths_and_limits(game: Game) -> None:
    make_own()
    screen = open_tracks(game)
    groups = [item.group for item in screen.shelf.listed]
    assert groups == sorted(groups, key=["Your own", "Built in", "Generated"].index)
    assert {item.name for item in screen.shelf.listed} >= set(builtin_tracks())
    assert screen.shelf.listed[screen.marked].name == game.session.track.name
    for place, item in enumerate(screen.shelf.listed):
        seen = screen.shelf.seen[place]
        assert seen.track is not None and seen.picture is not None
        assert seen.track.length_m == load_track(item.name).length_m
    assert screen.shelf.seen[screen.marked].limit_s is not None
    texts = [row.name for row in screen.list.rows]
    assert texts[:2] == ["Your own", "My loop"]


@pytest.mark.parametrize(("what", "mode"), [("Let cars learn", ModeName.TRAIN), ("Drive", ModeName.DRIVE)])
def test_a_track_is_chosen_to_learn_or_drive_on(game: Game, what: str, mode: ModeName) -> None:
    screen = open_tracks(game)
    mark(game, screen, "triangle")
    press(game, pygame.K_RETURN)
    take(game, what)
    assert game.session.track.name == game.context.scene.track.name == "triangle"
    assert game.mode.name is mode and game.screens.top is None
    run(game, 0.2)


def test_a_track_is_chosen_to_race_on(game: Game) -> None:
    screen = open_tracks(game)
    mark(game, screen, "eight")
    press(game, pygame.K_RETURN)
    take(game, "Race")
    assert game.session.track.name == "eight"
    assert game.screens.top is not None


def test_a_track_of_ones_own_is_opened_in_the_editor_and_saved_over(game: Game) -> None:
    path = make_own()
    screen = open_tracks(game)
    mark(game, screen, "my-loop")
    press(game, pygame.K_RETURN)
    take(game, "Edit")
    assert isinstance(game.screens.top, EditorScreen)
    assert game.table.path == path


def test_ones_own_track_goes_to_the_bin_and_no_other_can(game: Game) -> None:
    path = make_own()
    screen = open_tracks(game)
    mark(game, screen, "kidney")
    press(game, pygame.K_RETURN)
    card = game.screens.top
    assert isinstance(card, TrackScreen) and "Delete" not in card._names
    press(game, pygame.K_ESCAPE)
    mark(game, screen, "my-loop")
    press(game, pygame.K_RETURN)
    take(game, "Delete")
    assert own_tracks() == [] and (path.parent / BIN / path.name).exists()
    assert all(item.path is None for item in screen.shelf.listed)
    assert "bin" in game.notices.text


def test_a_broken_file_is_said_and_can_be_deleted(game: Game) -> None:
    folder = own_tracks_folder()
    folder.mkdir(parents=True)
    for name, text in (
        ("bad.json", "{"),
        ("evil.json", '{"format_version": 1, "points": [[1e999, 0]]}'),
        ("a.csv", "x"),
    ):
        (folder / name).write_text(text)
    screen = open_tracks(game)
    assert [screen.shelf.seen[place].track for place in range(3)] == [None, None, None]
    assert "bad.json" in screen.shelf.seen[1].fault
    mark(game, screen, "bad")
    press(game, pygame.K_RETURN)
    card = game.screens.top
    assert isinstance(card, TrackScreen) and card._names == ["Delete"]
    take(game, "Delete")
    assert [path.name for path in own_tracks()] == ["a.csv", "evil.json"]


def test_the_best_lap_that_is_known_is_told(game: Game, tmp_path: Path) -> None:
    records = Records(tmp_path / "records.sqlite")
    records.add_lap(load_track("oval"), Lap("lesson", "Ada", 14.25))
    records.close()
    game.session.recorder.close()
    game.session.recorder = Recorder(tmp_path / "records.sqlite")
    screen = open_tracks(game)
    assert screen.shelf.seen[screen.marked].best_lap_s == 14.25
    assert any("14.25 s" in row.detail for row in screen.list.rows)


def test_new_track_begins_an_empty_drawing(game: Game) -> None:
    screen = open_tracks(game)
    click(game, screen._buttons[0].rect.center)
    assert isinstance(game.screens.top, EditorScreen)
    assert game.table.drawing.count == 0


def test_a_random_present_track_is_in_the_list() -> None:
    assert "random:77" in [item.name for item in list_tracks(generate_track(77))]


def open_generator(game: Game) -> GenerateScreen:
    game.open_named("Generate")
    screen = game.screens.top
    assert isinstance(screen, GenerateScreen)
    screen.nursery.finish()
    run(game, 0.05)
    return screen


def test_the_generator_shows_seeds_and_more_of_them(game: Game) -> None:
    screen = open_generator(game)
    count = len(screen.nursery.seeds)
    assert screen.nursery.seeds == list(range(1, count + 1))
    for seed in screen.nursery.seeds[:2]:
        track = screen.nursery.grown[seed].track
        assert track is not None
        np.testing.assert_array_equal(track.centre, generate_track(seed).centre)
    press(game, pygame.K_m)
    assert screen.nursery.seeds == list(range(count + 1, 2 * count + 1))


def test_arrows_mark_a_track_and_enter_opens_it_in_the_editor(game: Game) -> None:
    screen = open_generator(game)
    press(game, pygame.K_RIGHT)
    press(game, pygame.K_DOWN)
    seed = screen.nursery.seeds[screen.cards.marked]
    assert screen.cards.marked == 1 + screen.cards._columns
    press(game, pygame.K_RETURN)
    assert isinstance(game.screens.top, EditorScreen)
    assert game.table.title == f"Random {seed}" and not game.table.unsaved
    assert game.table.road().name == f"random:{seed}"


def test_a_click_marks_and_a_second_one_takes(game: Game) -> None:
    screen = open_generator(game)
    click(game, screen.cards.card_rect(2).center)
    assert screen.cards.marked == 2 and game.screens.top is screen
    click(game, screen.cards.card_rect(2).center)
    assert isinstance(game.screens.top, EditorScreen)


def test_sliders_change_what_is_grown_and_what_is_driven_is_kept(game: Game) -> None:
    screen = open_generator(game)
    slider = screen.stops[1]
    assert isinstance(slider, Slider)
    box = slider.rect
    click(game, (int(box.left + 0.1 * box.width), int(box.centery)))
    length = slider.value
    assert 0.5 <= length < 1.5
    press(game, pygame.K_RIGHT)
    assert slider.value == pytest.approx(length + 0.1)
    screen.nursery.finish()
    run(game, 0.05)
    low, high = screen.style.length_m
    assert screen.style == RoadStyle(length_m=(low, high)) and low < 1000.0 * slider.value < high
    tracks = [grown.track for grown in screen.nursery.grown.values() if grown.track is not None]
    assert tracks and all(low <= track.length_m <= high for track in tracks)
    screen.cards.mark(list(screen.nursery.seeds).index(int(tracks[0].name.removeprefix("random:"))))
    press(game, pygame.K_TAB)
    screen._go("drive")
    [path] = own_tracks()
    assert game.mode.name is ModeName.DRIVE and game.session.track.name == path.stem
    np.testing.assert_array_equal(load_track(str(path)).centre, tracks[0].centre)


def test_a_style_that_no_circuit_fits_is_said_on_its_card(game: Game) -> None:
    screen = open_generator(game)
    screen._count = 1
    screen._want("length", 0.05)
    screen.nursery.finish()
    run(game, 0.05)
    assert all(grown.track is None for grown in screen.nursery.grown.values())
    assert "No circuit fits" in screen.cards.cards[0].detail
    press(game, pygame.K_RETURN)
    assert game.screens.top is screen
    take_events(game)


def test_a_window_with_room_for_fewer_cards_marks_one_of_them(game: Game) -> None:
    screen = open_generator(game)
    screen.cards.mark(len(screen.cards.cards) - 1)
    before, size = len(screen.cards.cards), (480, 320)
    resize(game, size)
    assert len(screen.cards.cards) < before and screen.cards.marked < len(screen.cards.cards)
    press(game, pygame.K_RETURN)
    run(game, 0.05)


def test_what_was_edited_is_shown_and_driven_on_at_once(game: Game) -> None:
    make_own()
    screen = open_tracks(game)
    mark(game, screen, "my-loop")
    press(game, pygame.K_RETURN)
    take(game, "Edit")
    press(game, pygame.K_PLUS)
    control(game, pygame.K_s)
    wider = game.table.drawing.widths[:, 0]
    press(game, pygame.K_ESCAPE)
    assert game.screens.top is screen
    screen.shelf.finish()
    run(game, 0.05)
    seen = screen.shelf.seen[screen.marked].track
    assert seen is not None and seen.name == "my-loop"
    np.testing.assert_array_equal(seen.shape.width_left, wider)
    press(game, pygame.K_RETURN)
    take(game, "Drive")
    np.testing.assert_array_equal(game.session.track.shape.width_left, wider)


def test_a_track_that_was_drawn_meanwhile_is_listed_and_the_mark_stays(game: Game) -> None:
    make_own()
    screen = open_tracks(game)
    mark(game, screen, "my-loop")
    click(game, screen._buttons[0].rect.center)
    drag(game, loop(120)[:-3])
    control(game, pygame.K_s)
    write(game, "Another")
    press(game, pygame.K_RETURN)
    press(game, pygame.K_ESCAPE)
    assert game.screens.top is screen
    screen.shelf.finish()
    run(game, 0.05)
    assert [row.name for row in screen.list.rows[:3]] == ["Your own", "Another", "My loop"]
    assert screen.shelf.listed[screen.marked].name.endswith("my-loop.json")


def test_a_race_is_set_up_on_the_marked_track_whatever_was_raced_on_before(game: Game) -> None:
    choose(game, setup(game), "Track", 1)
    press(game, pygame.K_ESCAPE)
    assert game.race_choice.track_name not in (game.session.track.name, "eight")
    screen = open_tracks(game)
    mark(game, screen, "eight")
    press(game, pygame.K_RETURN)
    take(game, "Race")
    assert isinstance(game.screens.top, RaceSetupScreen) and game.race_choice.track_name == "eight"
