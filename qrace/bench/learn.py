"""`bench learn`: how long cars that know nothing take to their first clean lap."""

import time
from collections.abc import Iterator
from dataclasses import replace

from qrace.rl.presets import preset
from qrace.rl.trainer import Trainer
from qrace.rl.warm_up import warm_up
from qrace.sim.track import Track
from qrace.sim.track_files import load_track

TRACK = "oval"
GIVE_UP_S = 300.0


def bench_learn(seeds: int) -> Iterator[dict[str, object]]:
    """A row per seed: the time, ticks and updates from the first tick to the first clean greedy lap.

    The lap is driven from a standing start on the line by a frozen copy of the learner, as the window does it.
    `first_clean_lap_s` is None when there was none within GIVE_UP_S.
    """
    track = load_track(TRACK)
    warm_up(preset("default"), [track])
    for seed in range(seeds):
        yield first_clean_lap(track, seed, GIVE_UP_S)


def first_clean_lap(track: Track, seed: int, give_up_s: float) -> dict[str, object]:
    """Train with the default settings until a greedy lap from a standing start is clean, or the time is over."""
    trainer = Trainer(replace(preset("default"), seed=seed), [track])
    metrics, ticks = trainer.metrics, trainer.config.env.ticks_per_action
    begin = time.perf_counter()
    while metrics.first_clean_lap_step is None and time.perf_counter() - begin < give_up_s:
        trainer.step(background=True)
    seconds = time.perf_counter() - begin
    trainer.close()
    return {
        "bench": "learn",
        "seed": seed,
        "first_clean_lap_s": None if metrics.first_clean_lap_step is None else round(seconds, 3),
        "ticks": metrics.steps * ticks,
        "updates": metrics.updates,
    }
