"""The records screen: what is in the file is on the screen, filtered by keys and by mouse."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter, sleep

import pygame
import pytest

from qrace.game.display import Display
from qrace.game.game import Game
from qrace.game.recorder import Recorder
from qrace.game.screens.records import RecordsScreen
from qrace.game.session import Session
from qrace.race.records import EntrantResult, Lap, RaceResult, TrainingRun
from qrace.rl.trainer import Trainer
from qrace.sim.limit import load_limit
from qrace.sim.track import Track
from qrace.sim.track_files import load_track
from tests.game.helpers import click, press, resize, run, small_config
from tests.view.writing import note_writing, overprinted

OVAL, KIDNEY = load_track("oval"), load_track("kidney")


def fill(recorder: Recorder) -> None:
    for track, car, driver, lap_s in (
        (OVAL, "lesson", "Hanna", 14.0),
        (OVAL, "lesson", "You", 13.5),
        (OVAL, "grand-prix", "Hanna", 15.0),
        (KIDNEY, "lesson", "oval-1", 27.0),
    ):
        sectors = (4.0, 5.0, lap_s - 9.0) if driver == "You" else None
        recorder.lap(track, Lap(car, driver, lap_s, sectors))  # type: ignore[arg-type]
    changed = Track.from_points("oval", OVAL.shape.points * 1.1, 5.0, 5.0, title="Oval")
    recorder.lap(changed, Lap("lesson", "Hanna", 16.0))
    entrants = (
        EntrantResult(1, "Hanna", "grand-prix", 2, 15.2, 31.0, False),
        EntrantResult(2, "You", "grand-prix", 1, 15.9, None, True),
    )
    recorder.race(OVAL, RaceResult(2, entrants))
    recorder.training_run(TrainingRun("/models/oval-1.safetensors", "default", "oval kidney", 0, 75.0, 1200, 13.9))
    recorder.training_run(TrainingRun("/models/general.safetensors", "general", "", 0, 600.0, 9000, None))


@pytest.fixture
def recorded(display: Display, tmp_path: Path) -> Iterator[Game]:
    recorder = Recorder(tmp_path / "records.sqlite")
    game = Game(Session(OVAL, Trainer(small_config(), [OVAL]), tmp_path, recorder), display)
    yield game
    game.close()


def opened(game: Game) -> RecordsScreen:
    """The screen, once everything is read."""
    game.open_named("Records")
    screen = game.screens.top
    assert isinstance(screen, RecordsScreen)
    deadline = perf_counter() + 20.0
    while screen.book is None and perf_counter() < deadline:
        run(game, 1 / 60)
        sleep(0.005)
    return screen


def names(screen: RecordsScreen) -> list[str]:
    return [row.name for row in screen.rows.rows if not row.heading]


def headings(screen: RecordsScreen) -> list[str]:
    return [row.name for row in screen.rows.rows if row.heading]


def test_laps_by_track_and_car_beside_the_limit(recorded: Game) -> None:
    fill(recorded.context.recorder)
    screen = opened(recorded)
    limit, others = load_limit(OVAL, "lesson"), (load_limit(KIDNEY, "lesson"), load_limit(OVAL, "grand-prix"))
    assert limit is not None and others[0] is not None and others[1] is not None
    assert sorted(headings(screen)) == [
        f"Kidney · lesson car · limit {others[0].limit_s:.2f}",
        f"Oval · grand-prix car · limit {others[1].limit_s:.2f}",
        "Oval · lesson car",  # the oval was another road then, with another limit
        f"Oval · lesson car · limit {limit.limit_s:.2f}",
    ]
    [you] = [row for row in screen.rows.rows if row.detail.split()[0] == "13.50"]
    lap, off, percent, *sectors_and_date = you.detail.split()
    assert (lap, off, percent) == ("13.50", f"+{100 * (13.5 / limit.limit_s - 1):.1f}", "%")
    assert sectors_and_date[:3] == ["4.00", "5.00", "4.50"] and you.place == "1"
    [other_road] = [row for row in screen.rows.rows if row.detail.split()[0] == "16.00"]
    assert "%" not in other_road.detail


def test_filters_by_keys(recorded: Game) -> None:
    fill(recorded.context.recorder)
    screen = opened(recorded)
    press(recorded, pygame.K_DOWN)
    press(recorded, pygame.K_RIGHT)
    assert screen.track == "kidney" and names(screen) == ["oval-1"]
    press(recorded, pygame.K_RIGHT)
    press(recorded, pygame.K_DOWN)
    press(recorded, pygame.K_LEFT)
    assert (screen.track, screen.car) == ("oval", "grand-prix") and names(screen) == ["Hanna", "You"]
    press(recorded, pygame.K_UP)
    press(recorded, pygame.K_UP)
    press(recorded, pygame.K_RIGHT)
    assert headings(screen)[0].startswith("Oval · 2 laps") and names(screen) == ["Hanna", "You"]
    assert screen.rows.rows[2].detail.split() == ["grand-prix", "15.90", "out"]
    press(recorded, pygame.K_RIGHT)
    assert names(screen) == ["oval-1 · default · oval kidney"]
    press(recorded, pygame.K_ESCAPE)
    assert recorded.screens.top is None


def test_filters_by_mouse(recorded: Game) -> None:
    fill(recorded.context.recorder)
    screen = opened(recorded)

    def turn(row: int) -> None:
        place = screen.filters.row_rect(row)
        click(recorded, (place.right - 20, place.centery))
        run(recorded, 0.05)

    turn(1)
    assert screen.track == "kidney" and names(screen) == ["oval-1"]
    turn(1)
    turn(1)
    assert screen.track is None
    turn(0)
    turn(0)
    assert set(names(screen)) == {"oval-1 · default · oval kidney", "general · general · generated roads"}


def test_every_size_has_room_for_names_and_laps(recorded: Game) -> None:
    fill(recorded.context.recorder)
    screen = opened(recorded)
    for size in ((1920, 1080), (960, 600), (480, 320)):
        pygame.display.set_mode(size, pygame.RESIZABLE)
        recorded.resize()
        assert recorded.display.surface.get_rect().contains(screen.rows.rect)
        assert screen.rows.rect.top >= screen.filters.rect.bottom or screen.rows.rect.left >= screen.filters.rect.right
        assert any(row.detail.startswith("   13.50") for row in screen.rows.rows)
        run(recorded, 0.05)


def test_nothing_yet_and_no_records_at_all(recorded: Game, game: Game) -> None:
    assert names(opened(recorded)) == []
    run(recorded, 0.1)
    screen = opened(game)
    assert names(screen) == [] and "No records" in screen._told


def test_a_crowd_is_listed_whole_once_its_track_is_chosen(recorded: Game) -> None:
    for brain in range(14):
        recorded.context.recorder.lap(OVAL, Lap("lesson", f"Brain {brain}", 14.0 + brain))
    screen = opened(recorded)
    assert names(screen) == [*(f"Brain {brain}" for brain in range(10)), "and 4 more"]
    press(recorded, pygame.K_DOWN)
    press(recorded, pygame.K_RIGHT)
    assert names(screen) == [f"Brain {brain}" for brain in range(14)]


def test_what_somebody_else_wrote_into_the_file_breaks_nothing(recorded: Game, tmp_path: Path) -> None:
    fill(recorded.context.recorder)
    recorded.context.recorder.ask(lambda records: None).result(10.0)
    with sqlite3.connect(tmp_path / "records.sqlite") as connection:
        connection.execute("UPDATE lap_record SET driver = char(0) || 'x', lap_s = 9e999 WHERE driver = 'oval-1'")
        connection.execute("UPDATE lap_record SET car = 'boat', driven_at = 'soon' WHERE lap_s = 13.5")
        connection.execute("UPDATE track SET title = char(7) || 'Bell'")
        connection.execute("UPDATE race_entrant SET name = char(0), best_lap_s = 9e999, total_s = -1")
        connection.execute("UPDATE training_run SET tracks = '\"', steps = -5, seconds = 9e999")
    screen = opened(recorded)
    assert "\N{REPLACEMENT CHARACTER}Bell · boat car" in headings(screen)
    for _ in range(3):
        run(recorded, 0.1)
        press(recorded, pygame.K_RIGHT)


def test_where_a_filter_leaves_nothing_it_is_the_filter_that_is_blamed(
    recorded: Game, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(recorded.context.recorder)
    screen, told = opened(recorded), [""]
    monkeypatch.setattr(recorded.type, "wrap", lambda text, style, width: told.append(text) or [])
    press(recorded, pygame.K_DOWN)
    press(recorded, pygame.K_RIGHT)
    press(recorded, pygame.K_DOWN)
    press(recorded, pygame.K_LEFT)
    assert (screen.track, screen.car) == ("kidney", "grand-prix") and names(screen) == []
    run(recorded, 1 / 60)
    assert told[-1] == "None on this track with this car."
    press(recorded, pygame.K_RIGHT)
    for _ in range(2):
        press(recorded, pygame.K_UP)
    press(recorded, pygame.K_RIGHT)
    assert (screen.track, screen.car, screen.view) == ("kidney", None, 1) and names(screen) == []
    run(recorded, 1 / 60)
    assert told[-1] == "None on this track."


def test_training_has_no_filter_that_does_nothing(recorded: Game) -> None:
    fill(recorded.context.recorder)
    screen = opened(recorded)
    assert [row.name for row in screen.filters.rows] == ["Show", "Track", "Car"]
    press(recorded, pygame.K_LEFT)
    assert names(screen) and [row.name for row in screen.filters.rows] == ["Show", "Track"]
    press(recorded, pygame.K_RIGHT)
    assert [row.name for row in screen.filters.rows] == ["Show", "Track", "Car"]


@pytest.mark.parametrize("width", [480, 640, 656, 680, 720, 960])
def test_headings_leave_the_names_of_the_columns_alone(recorded: Game, width: int) -> None:
    long = Track.from_points("long", OVAL.shape.points, 5.0, 5.0, title="A road with a title that goes on and on" * 2)
    fill(recorded.context.recorder)
    recorded.context.recorder.lap(long, Lap("grand-prix", "You", 13.5, (4.0, 5.0, 4.5)))
    resize(recorded, (width, 480))
    screen = opened(recorded)
    for _ in range(3):
        written = note_writing(recorded.type)
        screen.rows.set_rows(screen.rows.rows)  # painted anew
        run(recorded, 1 / 60)
        assert {name[:4] for name in headings(screen)} & {entry.text[:4] for entry in written}
        assert [pair for pair in overprinted(written) if pair[0] != pair[1]] == []
        press(recorded, pygame.K_RIGHT)
