"""What the window writes: nothing over another thing, nothing beyond its place, no key that does nothing."""

from dataclasses import replace

import pygame
import pytest

from qrace.env.config import EnvConfig
from qrace.game.keys import STEERING
from qrace.game.modes.race_panel import race_content
from qrace.game.race_plan import RacePlan, Racer, entries_of
from qrace.game.screens.drawing_table import UnsavedScreen
from qrace.game.screens.help import HelpScreen
from qrace.game.screens.page import Page
from qrace.game.screens.rows import RowList
from qrace.game.screens.shape import Shape
from qrace.game.time_trial import PERSON
from qrace.race.rules import RaceRules
from qrace.sim.track_files import load_track
from qrace.view.layout import PADDING
from tests.game.helpers import Game, press, resize, run
from tests.game.racing import RoundTheOval, mode_of, plan
from tests.game.sample_page import Sample
from tests.view.writing import Written, note_writing, overprinted

LONG = "A road with a title as long as a title of a road can ever be"
SIZES = [(1920, 1080), (1280, 720), (960, 600), (480, 320)]


def drawn(game: Game, written: list[Written]) -> list[Written]:
    """What is written in one frame."""
    written.clear()
    game.draw(game.display.surface, 0.0)
    return list(written)


@pytest.mark.parametrize(("lap", "unit"), [("41.27", "s"), ("1:23.45", ""), ("10:23.45", "")])
def test_the_best_lap_of_a_car_with_two_figures_stands_beside_its_label(game: Game, lap: str, unit: str) -> None:
    racer = Racer("car", EnvConfig(), RoundTheOval(), number=46)
    game.commands.race(RacePlan(load_track("oval"), 3, RaceRules(), entries_of([racer]), lights_seed=5))
    best, state = race_content(mode_of(game)).results
    assert best.label.endswith("46")
    content = replace(race_content(mode_of(game)), results=(replace(best, value=lap, unit=unit), state))
    written = note_writing(game.type)
    game.panel.draw(game.display.surface, game.layout.panel, game.type, content)
    assert {best.label, lap} <= {entry.text for entry in written}
    assert overprinted(written) == []


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("shape", Shape)
@pytest.mark.parametrize(("title", "note"), [(LONG, ""), (LONG, "3 of 8"), ("Result", LONG), (LONG, LONG)])
def test_a_heading_ends_before_its_note_and_both_within_the_page(
    game: Game, size: tuple[int, int], shape: Shape, title: str, note: str
) -> None:
    resize(game, size)
    page = Sample(game, shape)
    page.title, page.note = title, note
    game.open(page)
    written = drawn(game, note_writing(game.type))
    line = [entry for entry in written if entry.text and any(full.startswith(entry.text[:5]) for full in (title, note))]
    assert len(line) == 1 + bool(note) and overprinted(line) == []
    assert all(page.frame.left < entry.start < entry.end <= page.frame.right - PADDING for entry in line)
    if note == "3 of 8":
        assert note in {entry.text for entry in line}


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("title", ["W" * 60, "Oval"])
def test_what_is_not_saved_is_said_however_long_its_title(game: Game, size: tuple[int, int], title: str) -> None:
    resize(game, size)
    game.table.title = title
    page: Page = UnsavedScreen(game, lambda: None)
    game.open(page)
    [heading] = [entry for entry in drawn(game, note_writing(game.type)) if entry.text.endswith("saved")]
    assert heading.text.startswith(title[:4]) and heading.end <= page.frame.right - PADDING
    if title == "Oval":
        assert heading.text == "Oval is not saved"


@pytest.mark.parametrize("size", [(960, 600), (640, 480)])
def test_a_notice_stands_below_the_badge_and_over_a_page_at_the_top(game: Game, size: tuple[int, int]) -> None:
    resize(game, size)
    run(game, 0.3)
    assert not game.panel.open
    game.notices.warn(LONG)
    game.notices.update(0.5)
    written = note_writing(game.type)

    def notice() -> Written:
        return next(entry for entry in drawn(game, written) if entry.text == LONG)

    below = notice()
    [mode] = [entry for entry in written if entry.text == game.mode.name.value]
    assert below.baseline - mode.baseline >= 20
    game.open(Sample(game, Shape.FULL))
    assert notice().baseline < below.baseline


@pytest.mark.parametrize("person", [False, True])
def test_a_race_of_brains_alone_tells_no_key_of_a_wheel(game: Game, person: bool) -> None:
    racers = [Racer("car", EnvConfig(), RoundTheOval())] + person * [Racer(PERSON, EnvConfig(), None)]
    game.commands.race(replace(plan(1, RoundTheOval()), entries=entries_of(racers)))
    written = note_writing(game.type)
    run(game, 0.1)
    texts = {entry.text for entry in written}
    steering = {hint.text for hint in game.keys.hints(game.mode.name) if hint.key == game.keys.label(STEERING[0])}
    assert steering == {"drive"} and "again" in texts
    assert ("drive" in texts) is person


@pytest.mark.parametrize("person", [False, True])
def test_the_help_of_a_race_of_brains_alone_tells_no_key_of_a_wheel(game: Game, person: bool) -> None:
    racers = [Racer("car", EnvConfig(), RoundTheOval())] + person * [Racer(PERSON, EnvConfig(), None)]
    game.commands.race(replace(plan(1, RoundTheOval()), entries=entries_of(racers)))
    press(game, pygame.K_F1)
    page = game.screens.top
    assert isinstance(page, HelpScreen)
    told = {row.name for stop in page.stops if isinstance(stop, RowList) for row in stop.rows}
    assert "Race again" in told
    assert ({"Wheel", "Throttle", "Brake"} <= told) is ({"Wheel", "Throttle", "Brake"} & told != set()) is person
