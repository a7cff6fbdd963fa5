"""`play`: the window from its first picture to its last, sixty frames a second."""

from collections.abc import Sequence
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING

import pygame

from qrace.folders import MODELS_FOLDER, data_folder
from qrace.game.clock import FRAME_S, FramePacer
from qrace.game.display import Display
from qrace.game.loading import Preparation, Report, open_large_libraries, show_while
from qrace.game.stopping import StopRequest, stop_signals
from qrace.sim.track import Track
from qrace.sim.track_files import builtin_tracks, load_track
from qrace.view.track_painter import TrackPainter

if TYPE_CHECKING:
    from qrace.game.game import Game
    from qrace.game.session import Session
    from qrace.game.settings import SettingsFile
    from qrace.sim.car import CarName

DRAWING_S = 0.006
"""What drawing is thought to take before it has been measured [s]."""
MARGIN_S = 0.002
"""Left over in each frame, so that it is never missed for a whisker [s]."""


def play(
    track: str | None = None,
    model: Path | None = None,
    cars: int | None = None,
    car: "CarName | None" = None,
    seed: int | None = None,
    preset: str | None = None,
    settings: Sequence[str] = (),
) -> int:
    """Open the window and stay until it is closed; the brain is saved then. Returns the exit status.

    The arguments are those of the command line. Raises QRaceError where no window can be opened, or where the track
    or the model cannot be used.
    """
    road = load_track(track or _own_track(model) or builtin_tracks()[0])
    display, painter = Display(), TrackPainter(road)
    try:
        with stop_signals() as stop:
            files: list[SettingsFile] = []

            def prepare_all(report: Report) -> "Session":
                from qrace.game.settings import SettingsFile

                files.append(SettingsFile())
                return prepare(report, road, model, cars, car, seed, preset, settings, record=True)

            session = show_while(display, painter, Preparation(prepare_all), stop.is_set)
            if session is not None:
                from qrace.game.game import Game

                game = Game(session, display, painter, files[0])
                if track is None and model is None and not files[0].first:
                    game.open_title()  # whoever plays for the first time sees cars learn, and nothing else
                run(game, stop)
    finally:
        painter.close()
        display.close()
    return 0


def _own_track(model: Path | None) -> str | None:
    """The first track that the model was trained on, if there is a model and it has one."""
    if model is None:
        return None
    from qrace.rl.checkpoint import load_checkpoint

    return next(iter(load_checkpoint(model).tracks), None)


def prepare(
    report: Report,
    track: Track,
    model: Path | None = None,
    cars: int | None = None,
    car: "CarName | None" = None,
    seed: int | None = None,
    preset: str | None = None,
    settings: Sequence[str] = (),
    folder: Path | None = None,
    record: bool = False,
) -> "Session":
    """Import what is heavy, compile what has to be, and make the trainer; slow, so on a second thread.

    settings: of the config, each KEY=VALUE, see qrace.rl.overrides; folder: where brains are saved, the game's own
    folder when left out; record: whether laps and the like go into the player's records.
    """
    from dataclasses import replace

    report(0.1, "Loading the simulator")
    from qrace.rl.presets import preset as find_preset

    report(0.2, "Loading the learner")
    from qrace.game import game  # noqa: F401  so that the window need not wait for it
    from qrace.game.recorder import Recorder
    from qrace.game.session import Session
    from qrace.race.records import RECORDS_NAME
    from qrace.rl.checkpoint import load_checkpoint
    from qrace.rl.overrides import override
    from qrace.rl.trainer import Trainer
    from qrace.rl.warm_up import warm_up

    checkpoint = load_checkpoint(model) if model is not None else None
    config = checkpoint.config if checkpoint is not None else find_preset(preset or "default", car)
    config = replace(config, cars=config.cars if cars is None else cars, seed=config.seed if seed is None else seed)
    config = override(config, settings, trained=checkpoint is not None)
    if config.learner.kind != "q-table" and not config.learner.fast:
        open_large_libraries("torch")
    report(0.4, "Compiling, once: the next start is quick")
    warm_up(config, [track])
    report(0.95, "Putting the cars on the road")
    if checkpoint is None:
        trainer = Trainer(config, [track])
    else:
        trainer = Trainer.from_checkpoint(replace(checkpoint, config=config), [track])
    recorder = Recorder(data_folder() / RECORDS_NAME if record else None)
    session = Session(track, trainer, folder or MODELS_FOLDER, recorder)
    if model is not None and checkpoint is not None:
        session.comes_from(model, checkpoint.persona)
    return session


def run(game: "Game", stop: StopRequest) -> None:
    """The main loop: until the game or a signal says stop. Whatever ends it, the brain is saved."""
    pacer, dt, drawing_s = FramePacer(), FRAME_S, DRAWING_S
    game.context.speaker.start()
    try:
        while not (game.quit or stop.is_set()):
            begin = perf_counter()
            for event in pygame.event.get():
                game.process_event(event)
            game.update(dt, begin + (game.frame_s or FRAME_S) - drawing_s - MARGIN_S)
            drawing = perf_counter()
            game.draw(game.display.surface, dt)
            pygame.display.flip()
            drawing_s += 0.1 * (perf_counter() - drawing - drawing_s)
            dt = pacer.wait(game.frame_s)
    finally:
        game.close()
