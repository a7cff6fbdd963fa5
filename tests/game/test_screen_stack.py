"""From one screen or mode to the next: nothing of the old one stays behind."""

import pygame
import pytest

from qrace.errors import QRaceError
from qrace.game.keys import ModeName
from qrace.game.modes.drive import DriveMode
from qrace.game.modes.mode import Context, Mode
from qrace.game.screens.shape import Shape
from tests.game.helpers import Game, click, press, run, take_events
from tests.game.sample_page import Sample


def test_a_key_held_in_one_screen_is_not_held_in_the_next(game: Game) -> None:
    game.open(Sample(game))
    press(game, pygame.K_DOWN, release=False)
    click(game, (5, 5))  # beside the card
    assert game.screens.top is None
    pygame.event.post(pygame.event.Event(pygame.KEYUP, key=pygame.K_DOWN, mod=0, unicode=""))
    take_events(game)
    sample = Sample(game)
    game.open(sample)
    run(game, 1.0)
    assert sample.list.marked == 1


class Stubborn(Sample):
    def close(self) -> None:
        raise QRaceError("It does not close.")


def test_a_screen_that_fails_to_close_is_gone_all_the_same(game: Game) -> None:
    page = Sample(game, Shape.FULL)
    game.open(page)
    game.open(Stubborn(game))
    press(game, pygame.K_ESCAPE)
    assert "does not close" in game.notices.text and game.screens.top is page
    assert len(game.screens._behind) == 1
    run(game, 0.1)
    click(game, page.stops[1].rect.center)
    assert page.told[-1] == "start", "its widgets are there again"


def test_a_mode_is_made_once_the_old_one_is_closed(game: Game, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[str] = []
    monkeypatch.setattr(game.mode, "close", lambda: told.append("closed"))

    def make(context: Context) -> Mode:
        told.append("made")
        return DriveMode(context)

    game.enter(make)
    assert told == ["closed", "made"] and game.mode.name is ModeName.DRIVE


def test_a_stick_let_go_outside_of_screens_counts_when_it_is_pushed_again(game: Game) -> None:
    sample, axis = Sample(game), pygame.CONTROLLER_AXIS_LEFTY
    game.open(sample)

    def move(value: int) -> None:
        pygame.event.post(pygame.event.Event(pygame.CONTROLLERAXISMOTION, axis=axis, value=value, instance_id=0))
        take_events(game)

    move(32_000)
    assert sample.list.marked == 2
    game.back()
    move(0)
    game.open(sample)
    move(32_000)
    assert sample.list.marked == 3
