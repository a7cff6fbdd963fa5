"""What `bench frame` looks at: every mode and screen of the window, each with the way there."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pygame

from qrace.sim.car import CarName

if TYPE_CHECKING:
    from qrace.game.game import Game

RACERS = 12


@dataclass(frozen=True)
class FrameScene:
    """One thing that the window can show."""

    name: str
    track: str
    car: CarName | None
    enter: Callable[["Game"], object]
    """Leads there from training."""


def _train(speed: int = 0, follow: bool = False) -> Callable[["Game"], object]:
    """Training at the speed of this index, see pace.SPEEDS."""

    def enter(game: "Game") -> None:
        game.context.pace.index = speed
        game.context.scene.camera.following = follow

    return enter


def _drive(game: "Game") -> None:
    game.drive()
    game.context.scene.camera.following = True


def _at_the_wheel(game: "Game") -> None:
    """The other car, with the throttle held."""
    for key in (pygame.K_t, pygame.K_x, pygame.K_UP):
        game.process_event(pygame.event.Event(pygame.KEYDOWN, key=key, mod=0, unicode=""))


def _race(game: "Game") -> None:
    """Twelve cars; the brain that has just begun to learn drives them all, and they come back on the road."""
    from qrace.game.modes.race import RaceMode
    from qrace.game.race_plan import RacePlan, Racer, entries_of
    from qrace.race.rules import RaceRules

    policy, config = game.session.trainer.best_policy(), game.session.config.env
    racers = [Racer(f"Car {number + 1}", config, policy) for number in range(RACERS)]
    rules = RaceRules(crash="back", collisions=True)
    plan = RacePlan(game.session.track, 50, rules, entries_of(racers), limit=True)
    game.enter(lambda context: RaceMode(context, plan))
    game.context.scene.camera.following = True


def _edit(game: "Game") -> None:
    from qrace.game.screens.drawing_table import edit

    edit(game, game.session.track, None)


def _screen(name: str) -> Callable[["Game"], object]:
    def enter(game: "Game") -> None:
        game.open_title()
        if name:
            game.open_named(name)

    return enter


SCENES: tuple[FrameScene, ...] = (
    FrameScene("train", "oval", None, _train()),
    FrameScene("train x4", "oval", None, _train(1)),
    FrameScene("train x16", "oval", None, _train(2)),
    FrameScene("train flat out", "oval", None, _train(3)),
    FrameScene("train grand-prix", "autodrome", "grand-prix", _train()),
    FrameScene("train grand-prix x4", "autodrome", "grand-prix", _train(1)),
    FrameScene("train grand-prix x16", "autodrome", "grand-prix", _train(2)),
    FrameScene("train follow", "autodrome", "grand-prix", _train(follow=True)),
    FrameScene("drive", "autodrome", "grand-prix", _drive),
    FrameScene("at the wheel", "autodrome", None, _at_the_wheel),
    FrameScene("race", "autodrome", "grand-prix", _race),
    FrameScene("title", "oval", None, _screen("")),
    FrameScene("editor", "autodrome", "grand-prix", _edit),
    FrameScene("race setup", "oval", None, _screen("Race")),
    FrameScene("tracks", "oval", None, _screen("Tracks")),
    FrameScene("generate", "oval", None, _screen("Generate")),
    FrameScene("drivers", "oval", None, _screen("Drivers")),
    FrameScene("records", "oval", None, _screen("Records")),
    FrameScene("settings", "oval", None, _screen("Settings")),
    FrameScene("help", "oval", None, _screen("Help")),
    FrameScene("lesson", "oval", None, _screen("Lesson")),
)
