"""`bench sim`: how many car-steps a second one core does, and how exact the rays are."""

import statistics
import time
from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from qrace.bench.ray_reference import ray_errors_m
from qrace.env.vector_env import VectorEnv
from qrace.rl.config import Config
from qrace.rl.presets import preset
from qrace.sim.track import Track
from qrace.sim.track_files import load_track

TRACKS = ("oval", "autodrome")
"""A small one and one of 5 km."""
CARS = (64, 1024, 8192)
REPEATS = 7
REPEAT_S = 0.2
"""Time of one repeat; the median of the repeats counts [s]."""
ACTION_ROWS = 64
POSES = 10_000
TOLERANCE_M = 0.15


def bench_sim() -> Iterator[dict[str, object]]:
    """Rows of the benchmark: speed for both cars, each number of cars and both tracks; then the rays."""
    configs = [preset("default"), preset("default", "grand-prix")]
    tracks = [load_track(name) for name in TRACKS]
    for config in configs:
        for track in tracks:
            for cars in CARS:
                yield {
                    "bench": "sim",
                    "car": config.env.car,
                    "rays": len(config.env.sensors.angles_deg),
                    "cars": cars,
                    "track": track.name,
                    "steps_per_s": round(steps_per_second(config, track, cars)),
                }
    for config in configs:
        for track in tracks:
            yield {
                "bench": "rays",
                "car": config.env.car,
                "track": track.name,
                "poses": POSES,
                "within_0.15_m": share_of_exact_poses(config, track, POSES),
            }


def steps_per_second(config: Config, track: Track, cars: int) -> float:
    """Car-steps per second, each one tick with rays, observation, reward and restarts after crashes.

    The cars act at random, drawn beforehand. Only the calling core works.
    """
    rng = np.random.default_rng(0)
    env = VectorEnv([track], replace(config.env, ticks_per_action=1), cars, rng)
    actions = rng.integers(len(env.actions.names), size=(ACTION_ROWS, cars))
    for row in actions:
        env.step(row)  # compiles, and spreads the cars over the track
    return statistics.median(_repeat(env, actions) for _ in range(REPEATS))


def _repeat(env: VectorEnv, actions: np.ndarray) -> float:
    steps, begin, seconds = 0, time.perf_counter(), 0.0
    while seconds < REPEAT_S:
        for row in actions:
            env.step(row)
        steps += len(actions)
        seconds = time.perf_counter() - begin
    return steps * env.cars / seconds


def share_of_exact_poses(config: Config, track: Track, poses: int) -> float:
    """Share of random poses on the road all of whose rays agree with shapely within the tolerance."""
    errors = ray_errors_m(track, config.env.sensors, poses, np.random.default_rng(0))
    return float((errors.max(axis=1) <= TOLERANCE_M).mean())
