"""`train`: the window's training without the window."""

import shlex
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import fields, replace
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from qrace.cli.arguments import Train
from qrace.cli.model_files import check_out, free_path, model_path, save_model
from qrace.cli.output import print_json
from qrace.cli.progress import TrainingProgress, training_row
from qrace.errors import printable
from qrace.folders import MODELS_FOLDER, data_folder
from qrace.game.recorder import keep_training_run
from qrace.game.stopping import StopRequest, stop_signals
from qrace.race.records import RECORDS_NAME
from qrace.rl.checkpoint import Checkpoint, load_checkpoint
from qrace.rl.config import Config
from qrace.rl.general import general_roads
from qrace.rl.overrides import override
from qrace.rl.persona import Persona
from qrace.rl.presets import preset
from qrace.sim.track_files import load_track

if TYPE_CHECKING:
    from qrace.rl.trainer import Trainer

DEFAULT_SECONDS = 60.0


def run_train(command: Train) -> int:
    """Train until the time or the steps are over or someone stops it, then save and say where.

    Everything that can be wrong with the command is found before the first step.
    """
    resumed = None if command.resume is None else load_checkpoint(command.resume)
    settings = chain.from_iterable(command.set)
    if resumed is None:
        config = override(_config(command), settings)
    else:
        config = override(resumed.config, settings, trained=True)
        resumed = replace(resumed, config=config)
    names = _track_names(command, resumed)
    tracks, examined_on = ([load_track(name) for name in names], None) if names else general_roads(config.seed)
    out, persona = check_out(_out(command, config, names), command.force), _persona(command, resumed)
    from qrace.rl.trainer import Trainer  # compiles its kernels when first used: mistakes are told sooner

    if resumed is None:
        trainer = Trainer(config, tracks, examined_on)
    else:
        trainer = Trainer.from_checkpoint(resumed, tracks, examined_on)
    with stop_signals() as stop:
        steps, seconds = _train(trainer, command, stop)
        trainer.close()
        checkpoint = trainer.checkpoint(out.stem, _words(command, steps))
        checkpoint = replace(checkpoint, track=shlex.join(names), persona=persona)
        if trainer.blown_up:
            print("The learner blew up, saved is its champion: try a smaller learner.learning_rate.", file=sys.stderr)
        path = save_model(checkpoint, out, command.force)
        if told := keep_training_run(data_folder() / RECORDS_NAME, checkpoint, path):
            print(printable(told), file=sys.stderr)
    _report(command, trainer, path, seconds, stop.is_set())
    return 0


def _track_names(command: Train, resumed: Checkpoint | None) -> Sequence[str]:
    """The tracks to learn; none for the general driver, whose roads are generated."""
    if command.general:
        return ()
    return command.track or (("oval",) if resumed is None else resumed.tracks)


def _config(command: Train) -> Config:
    config = preset("general" if command.general else command.preset or "default", command.car)
    given = {name: getattr(command, name) for name in ("cars", "seed") if getattr(command, name) is not None}
    return replace(config, **given)


def _persona(command: Train, resumed: Checkpoint | None) -> Persona:
    """What the command says, over what the resumed driver was."""
    before = Persona() if resumed is None else resumed.persona.trained_on(resumed.name)
    names = ("name", "about", "livery", "number")
    given = {name: getattr(command, name) for name in names if getattr(command, name) is not None}
    return replace(before, **given)


def _out(command: Train, config: Config, names: Sequence[str]) -> Path:
    """The file asked for; else a new name beside the resumed model or in models/."""
    if command.out is not None:
        return command.out
    if command.resume is not None:
        return free_path(model_path(command.resume))
    if not names:
        return free_path(MODELS_FOLDER / "general.safetensors")
    kind = "" if config.preset == "default" else f"-{config.preset}"
    return free_path(MODELS_FOLDER / f"{Path(names[0]).stem.replace(':', '-')}{kind}.safetensors")


def _train(trainer: "Trainer", command: Train, stop: StopRequest) -> tuple[int, float]:
    """Step until one of the limits or a stop; returns how many steps were made and the seconds that took."""
    wanted_s = command.seconds or (DEFAULT_SECONDS if command.steps is None else float("inf"))
    wanted_steps = command.steps or float("inf")
    steps, seconds, begin = 0, 0.0, time.perf_counter()
    with suppress(BrokenPipeError), TrainingProgress(command.json) as progress:  # nobody reads on: save what is learnt
        while not stop.is_set() and steps < wanted_steps and seconds < wanted_s:
            trainer.step(background=True)
            steps += 1
            seconds = time.perf_counter() - begin
            progress.update(trainer.metrics, seconds, max(steps / wanted_steps, seconds / wanted_s))
    return steps, seconds


def _report(command: Train, trainer: "Trainer", path: Path, seconds: float, interrupted: bool) -> None:
    metrics = trainer.metrics
    if command.json:
        print_json({"event": "saved", "out": str(path), "interrupted": interrupted} | training_row(metrics, seconds))
    else:
        print(f"Saved {path} after {metrics.steps:,} steps in {seconds:.0f} s. Watch it: python main.py --model {path}")


def _words(command: Train, steps: int) -> str:
    """The command line that makes this model: by steps, for seconds hold more of them on a faster machine."""
    command = replace(command, steps=steps or None, seconds=None)
    words = ["python", "main.py", "train"]
    for field in fields(command):
        value = getattr(command, field.name)
        if value is None or value is False or value == () or field.name in ("json", "force", "out"):
            continue
        values = value if isinstance(value, tuple) else () if value is True else (value,)
        if field.name == "set":
            values = tuple(chain.from_iterable(values))
        words += [f"--{field.name}", *(str(item) for item in values)]
    return shlex.join(words)
