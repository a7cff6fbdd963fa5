"""The pictures that the README shows: the real window, drawn where nobody sees it, after some seconds of learning."""

import json
import os
import shutil
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter, sleep
from typing import TYPE_CHECKING

import numpy as np
import pygame

from qrace.errors import QRaceError
from qrace.folders import HOME_VARIABLE, MODELS_FOLDER
from qrace.game.clock import FRAME_S
from qrace.game.display import Display
from qrace.game.driver_files import SHIPPED
from qrace.game.keys import ModeName
from qrace.game.modes.drive import DriveMode
from qrace.game.modes.race import RaceMode
from qrace.game.window import prepare
from qrace.sim.car import CarName
from qrace.sim.track_files import load_track

if TYPE_CHECKING:
    from qrace.game.game import Game

LEARN_S = 12.0
"""Wall clock that the brain of each picture learns for [s]."""
SETTLE_S = 15.0
"""Time in the window before the picture is taken, for camera, bars and charts [s]."""
DRIVEN_S = 42.0
"""… at the wheel: a lap, and some of the next …"""
POINT_AHEAD_M = (9.0, 18.0)
"""… while the mouse points at the middle of the road so far ahead, in the first lap and after it."""
RACED_S = 5.5
"""… and in the race."""
READ_S = 10.0
"""Wall clock in which a screen reads in the background what it lists [s]."""


@dataclass(frozen=True)
class _Shot:
    """One picture: where, with which car, how many brains are saved while it learns, and the keys that lead there."""

    name: str
    track: str
    car: CarName | None = None
    brains: int = 1
    keys: tuple[int, ...] = ()
    screen: str = ""
    """What is opened then, by its name on the menu."""


SHOTS = (
    _Shot("train", "kidney"),
    _Shot("lesson", "oval", keys=(pygame.K_i,)),
    # Steered by the mouse from the start line on, with the throttle held.
    _Shot("drive", "kidney", keys=(pygame.K_t, pygame.K_u, pygame.K_BACKSPACE, pygame.K_UP)),
    _Shot("follow", "autodrome", "grand-prix", keys=(pygame.K_c,)),
    _Shot(
        "race",
        "eight",
        brains=4,
        # Untick oneself, tick the saved brains below the newest, which is ticked, start, and watch from near.
        keys=(
            pygame.K_g,
            pygame.K_SPACE,
            *(pygame.K_DOWN,) * 2,
            *(pygame.K_DOWN, pygame.K_SPACE) * 3,
            pygame.K_RETURN,
            pygame.K_c,
        ),
    ),
    _Shot("menu", "eight", keys=(pygame.K_ESCAPE,)),
    _Shot("tracks", "river", brains=0, screen="Tracks"),
    _Shot("drivers", "oval", brains=2, screen="Drivers"),
    _Shot("records", "oval", keys=(pygame.K_t,), screen="Records"),
    _Shot("settings", "oval", brains=0, screen="Settings"),
    _Shot("editor", "river", brains=0, keys=(pygame.K_e, *(pygame.K_PERIOD,) * 8)),
)


def take_screenshots(folder: Path, learn_s: float = LEARN_S) -> list[Path]:
    """Write the pictures into `folder`, replacing older ones; returns the files. Takes about a minute.

    Raises QRaceError when the folder cannot be written.
    """
    os.environ["SDL_VIDEODRIVER"] = "dummy"
    home, display = os.environ.get(HOME_VARIABLE), Display()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        paths = []
        for shot in SHOTS:
            with TemporaryDirectory() as models:
                os.environ[HOME_VARIABLE] = models  # the player's own tracks and records are no business of a picture
                if shot.screen == "Drivers":
                    _copy_box(Path(models))
                game = _game(display, Path(models), shot, learn_s)
                try:
                    paths.append(_picture(game, shot, folder / f"{shot.name}.png"))
                finally:
                    game.close()
        return paths
    except (OSError, pygame.error) as error:
        raise QRaceError(f"{folder}: pictures cannot be written there ({error}); choose another with --out.") from error
    finally:
        display.close()
        if home is None:
            os.environ.pop(HOME_VARIABLE, None)
        else:
            os.environ[HOME_VARIABLE] = home


def _copy_box(folder: Path) -> None:
    """The drivers that come with the game, and no one's own."""
    shipped = MODELS_FOLDER / SHIPPED
    for name in (SHIPPED, *json.loads(shipped.read_text(encoding="utf-8"))):
        shutil.copy2(MODELS_FOLDER / name, folder)


def _game(display: Display, models: Path, shot: _Shot, learn_s: float) -> "Game":
    """A window whose brain has learned for learn_s seconds, saved now and then on the way."""
    from qrace.game.game import Game

    session = prepare(
        lambda share, what: None, load_track(shot.track), car=shot.car, folder=models, record=bool(shot.screen)
    )
    for _ in range(shot.brains):
        end = perf_counter() + learn_s / shot.brains
        while perf_counter() < end:
            session.trainer.step()
        if shot.brains > 1:
            session.save()
    return Game(session, display)


def _picture(game: "Game", shot: _Shot, path: Path) -> Path:
    """Press the keys one after the other, let the window come to rest, and save what it shows."""
    from qrace.game.screens.editor import EditorScreen

    for key in shot.keys:
        game.process_event(pygame.event.Event(pygame.KEYDOWN, key=key, mod=0, unicode=""))
        if isinstance(game.mode, DriveMode):
            game.mode.trial.ghosts.wait()
        _run(game, 2 * FRAME_S)
    while isinstance(game.mode, RaceMode) and not game.mode.started:
        _run(game, FRAME_S)
    _run(game, {ModeName.DRIVE: DRIVEN_S, ModeName.RACE: RACED_S}.get(game.mode.name, SETTLE_S))
    if shot.screen:
        game.open_named(shot.screen)
        opened = perf_counter()
        while perf_counter() < opened + READ_S:
            _run(game, FRAME_S)
            sleep(FRAME_S)
    game.context.scene.painter.finish(game.context.scene.camera)
    if isinstance(game.screens.top, EditorScreen):
        game.screens.top.finish()
    game.draw(game.display.surface, 0.0)
    pygame.image.save(game.display.surface, path)
    return path


def _run(game: "Game", seconds: float) -> None:
    for _ in range(round(seconds / FRAME_S)):
        if isinstance(game.mode, DriveMode):
            _point_along_the_road(game, game.mode)
        game.update(FRAME_S, float("inf"))
        game.draw(game.display.surface, FRAME_S)


def _point_along_the_road(game: "Game", mode: DriveMode) -> None:
    position_m = mode.env.simulator.track_position_m[game.context.scene.chosen]
    x, y, _ = game.session.track.pose_at(position_m + POINT_AHEAD_M[min(mode.trial.laps, 1)])
    left, top = np.rint(game.context.scene.camera.to_screen([[x, y]])[0]).astype(int).tolist()
    game.process_event(pygame.event.Event(pygame.MOUSEMOTION, pos=(left, top), rel=(0, 0), buttons=(0, 0, 0)))
