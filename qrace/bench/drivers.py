"""`bench drivers`: the drivers that come with the game, made anew and measured."""

import shlex
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean

import numpy as np

from qrace.bench.judging import Row, rounded, verdict
from qrace.errors import QRaceError
from qrace.folders import MODELS_FOLDER
from qrace.rl.checkpoint import Checkpoint, load_checkpoint, load_policy
from qrace.rl.evaluate import Evaluation, Examination
from qrace.sim.limit import Limit, load_limit
from qrace.sim.track_files import builtin_tracks, load_track

ROOT = Path(__file__).resolve().parents[2]
STARTS = 100
"""Random starts on every track, besides the standing one."""
PROCESSES = 2
"""Drivers that are trained at a time."""
GENERAL = "general"


@dataclass(frozen=True)
class Recipe:
    """How a driver of the box is made, and where it is measured."""

    stem: str
    """Name of its file in models/, without the ending."""
    seconds: float
    """Wall clock of its training; what is kept in the file is the number of steps that this made."""
    words: str
    """Further flags of `train`."""
    tracks: tuple[str, ...] = ()
    """Where it is measured; none: every built-in track."""


def _card(name: str, about: str, livery: int, number: int) -> str:
    return f'--name "{name}" --about "{about}" --livery {livery} --number {number}'


TOWN, FAST = ("kart", "hairpins", "old-town"), ("autodrome", "airfield", "triangle")
RECIPES = (
    Recipe(
        GENERAL,
        900.0,
        "--general " + _card("Meridian", "Learned on generated roads alone, and laps roads it has never seen.", 4, 1),
    ),
    Recipe(
        "town",
        240.0,
        f"--car grand-prix --track {' '.join(TOWN)} "
        + _card("Nell Alley", "At home between walls: knows karts, hairpins and the old town by heart.", 1, 22),
        TOWN,
    ),
    Recipe(
        "fast",
        240.0,
        f"--car grand-prix --track {' '.join(FAST)} "
        + _card("Longshot", "Lives for long straights and late braking, on three fast roads.", 7, 88),
        FAST,
    ),
    Recipe(
        "timid",
        200.0,
        "--general --seed 3 --set env.reward.crash=-4 env.margin_m=1.0 "
        + _card("Mild Mary", "Keeps well clear of the edge, and minds being slow less than a scratch.", 6, 60),
    ),
    Recipe(
        "reckless",
        150.0,
        "--general --seed 2 --set env.reward.crash=-0.1 env.margin_m=0 "
        + _card("Ragna Rush", "Would rather crash than lift, and often does.", 5, 13),
    ),
    Recipe(
        "minute",
        60.0,
        _card("Oval Olive", "The lesson's car, one track, one minute: knows the oval by heart.", 0, 7),
        ("oval", "kidney", "clover"),
    ),
    Recipe(
        "lesson",
        90.0,
        "--preset lesson "
        + _card("Old School", "Five rays, five neurons, taught as the lesson taught it: there to compare with.", 2, 5),
        ("oval", "kidney", "clover"),
    ),
    Recipe(
        "table",
        45.0,
        "--preset q-table "
        + _card("Ledger", "No network at all: looks everything up in a table of 3,125 rows.", 3, 31),
        ("oval", "kidney", "clover"),
    ),
)
"""The drivers in the box, in the order in which they are listed."""


def bench_drivers(train: bool, seconds: float | None = None, folder: Path = MODELS_FOLDER) -> Iterator[Row]:
    """A row per driver with its sums, then one per driver and track.

    With `train` all are made anew first and replace those in the folder, which is called models; `seconds`, if given,
    is the budget of each instead of its own. Raises QRaceError where a driver is missing or cannot be trained.
    """
    if train:
        train_all(seconds, folder)
    rows: list[Row] = []
    for recipe in RECIPES:
        checkpoint = load_checkpoint(folder / f"{recipe.stem}.safetensors")
        whole, *parts = measured(recipe, checkpoint)
        yield whole
        rows += parts
    yield from rows


def train_all(seconds: float | None, folder: Path) -> None:
    """The general driver first and alone, with every core to itself, then the rest."""
    general, *others = RECIPES
    _train(general, seconds, folder)
    with ThreadPoolExecutor(PROCESSES) as pool:
        for _ in pool.map(lambda recipe: _train(recipe, seconds, folder), others):
            pass


def _train(recipe: Recipe, seconds: float | None, folder: Path) -> None:
    """Run `train` in a process of its own; the driver's file is replaced when it is through."""
    words = ["--seconds", f"{seconds or recipe.seconds:g}", *shlex.split(recipe.words)]
    out = f"models/{recipe.stem}.safetensors"
    print(f"training {out}", file=sys.stderr, flush=True)
    done = subprocess.run(
        [sys.executable, str(ROOT / "main.py"), "train", *words, "--out", out, "--force", "--json"],
        cwd=folder.parent, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    if done.returncode:
        told = done.stderr.strip().splitlines() or [f"exit status {done.returncode}"]
        raise QRaceError(f"{out}: was not trained ({told[-1]}); mend that and try again.")


def measured(recipe: Recipe, checkpoint: Checkpoint) -> list[Row]:
    """The rows of one driver, the sums first; all it drives is greedy and on the whole road."""
    env = checkpoint.config.env
    tracks = [load_track(name) for name in recipe.tracks or builtin_tracks()]
    limits = [load_limit(track, env.car) for track in tracks]
    examination = Examination(load_policy(checkpoint), env, tracks, 1 + STARTS, np.random.default_rng(0))
    found = examination.run()
    sums = verdict(found, limits)
    parts = [_row(recipe, one, limit) for one, limit in zip(found, limits, strict=True)]
    whole: Row = {
        "bench": "drivers",
        "file": f"{recipe.stem}.safetensors",
        "name": checkpoint.persona.name,
        "character": checkpoint.persona.about,
        "car": env.car,
        "training_s": round(checkpoint.seconds),
        "steps": checkpoint.counters["metrics"]["steps"],
        "tracks": len(tracks),
        "standing_laps": sum(one.standing_lap_clean for one in found),
        "clean_of_100": rounded(fmean(float(str(row["clean_of_100"])) for row in parts), 1),
        "best_off_limit_pct": rounded(sums.best_off_pct, 1),
    }
    return [whole, *parts]


def _row(recipe: Recipe, found: Evaluation, limit: Limit | None) -> Row:
    """One driver on one track; its best lap is a flying one more often than not."""
    standing, best = found.standing_lap_s, found.best_lap_s
    standing_off = limit.percent_off(standing, standing=True) if limit and standing else None
    best_off = limit.percent_off(best) if limit and best else None
    return {
        "bench": "drivers",
        "file": f"{recipe.stem}.safetensors",
        "track": found.track,
        "clean_of_100": found.laps_clean - found.standing_lap_clean,
        "standing_lap_s": rounded(standing),
        "standing_off_limit_pct": rounded(standing_off, 1),
        "best_lap_s": rounded(best),
        "best_off_limit_pct": rounded(best_off, 1),
    }
