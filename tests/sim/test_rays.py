"""Rays against shapely: the same edges, an independent geometry library."""

import numpy as np
import pytest
import shapely

from qrace.sim.sensors import SensorConfig
from qrace.sim.simulator import Simulator
from qrace.sim.track import Track
from qrace.sim.track_files import load_track

RANGE_M = 200.0
ANGLES = tuple(np.linspace(-180.0, 165.0, 24))


def edges_of(track: Track) -> shapely.MultiLineString:
    return shapely.MultiLineString([shapely.LinearRing(track.left_edge), shapely.LinearRing(track.right_edge)])


def exact_distances(track: Track, x: np.ndarray, y: np.ndarray, angle: np.ndarray) -> np.ndarray:
    """Distance to the nearest crossing of each ray (K,) with the road's edges, at most RANGE_M."""
    edges, origin = edges_of(track), np.stack([x, y], axis=1)
    tip = origin + RANGE_M * np.stack([np.cos(angle), np.sin(angle)], axis=1)
    shapely.prepare(edges)
    hits = shapely.intersection(shapely.linestrings(np.stack([origin, tip], axis=1)), edges)
    distance = shapely.distance(shapely.points(origin), hits)
    return np.where(np.isnan(distance), RANGE_M, distance)


def random_poses(track: Track, cars: int, rng: np.random.Generator) -> Simulator:
    simulator = Simulator([track], cars, "grand-prix", SensorConfig(ANGLES, RANGE_M))
    simulator.place(
        np.arange(cars),
        rng.uniform(0.0, track.length_m, cars),
        across=rng.uniform(0.02, 0.98, cars),
        turned=rng.uniform(-np.pi, np.pi, cars),
    )
    return simulator


@pytest.mark.parametrize("name", ["oval", "hairpins", "autodrome"])
def test_rays_agree_with_shapely(name: str) -> None:
    track = load_track(name)
    simulator = random_poses(track, 10_000, np.random.default_rng(7))
    rays = simulator.sense()
    ray = np.random.default_rng(8).integers(len(ANGLES), size=10_000)  # one ray of each pose
    angle = simulator.heading + np.deg2rad(ANGLES)[ray]
    error = np.abs(rays[np.arange(10_000), ray] - exact_distances(track, simulator.x, simulator.y, angle))
    assert np.mean(error < 0.15) >= 0.999
    assert np.median(error) < 1e-4
