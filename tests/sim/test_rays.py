"""Sensors against shapely: the same edges, an independent geometry library."""

import numpy as np
import pytest
import shapely

from qrace.sim.sensors import AHEAD_SLOWEST, SensorConfig
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


@pytest.mark.parametrize("name", ["oval", "hairpins", "eight"])
def test_the_map_points_to_the_edges_of_the_road_ahead(name: str) -> None:
    """Where the points lie in the world, by shapely: on their edge, as far on as the car's speed says."""
    track, cars, ahead_s = load_track(name), 200, (0.5, 1.0, 3.0)
    simulator = Simulator([track], cars, "grand-prix", SensorConfig(ANGLES, RANGE_M, ahead_s))
    rng = np.random.default_rng(3)
    start_m, speed = rng.uniform(0.0, track.length_m, cars), rng.uniform(0.0, 80.0, cars)
    simulator.place(np.arange(cars), start_m, turned=rng.uniform(-np.pi, np.pi, cars), speed=speed)
    simulator.sense()
    reach = np.maximum(speed, AHEAD_SLOWEST)[:, None] * np.array(ahead_s)
    forward, left = (simulator.road_ahead * np.repeat(reach, 2, axis=1)[:, :, None]).transpose(2, 0, 1)
    cos, sin = np.cos(simulator.heading)[:, None], np.sin(simulator.heading)[:, None]
    x = simulator.x[:, None] + forward * cos - left * sin
    y = simulator.y[:, None] + forward * sin + left * cos
    for side, edge in enumerate((track.right_edge, track.left_edge)):
        line = shapely.LineString(np.concatenate([edge, edge[:1]]))
        assert shapely.distance(shapely.points(x[:, side::2], y[:, side::2]), line).max() < 0.01
    wanted_x, wanted_y, _ = track.pose_at(start_m[:, None] + reach)
    middle_x, middle_y = 0.5 * (x[:, ::2] + x[:, 1::2]), 0.5 * (y[:, ::2] + y[:, 1::2])
    assert np.hypot(middle_x - wanted_x, middle_y - wanted_y).max() < 2.0  # it is not quite the centre line


def test_readings_are_rays_and_map_in_metres_and_those_of_one_car_are_its_own() -> None:
    """Every point lies where the road's edges are, told by the map of shares that the test above holds to shapely."""
    ahead_s = (0.5, 1.0, 3.0)
    simulator = Simulator([load_track("hairpins")], 6, "grand-prix", SensorConfig(ANGLES, RANGE_M, ahead_s))
    simulator.place(np.arange(6), np.linspace(0.0, 500.0, 6), speed=np.linspace(0.0, 75.0, 6))
    rays = simulator.sense().copy()
    readings = simulator.readings()
    np.testing.assert_array_equal(readings[:, : len(ANGLES)], rays)
    points = readings[:, len(ANGLES) :].reshape(6, 2 * len(ahead_s), 2)
    metres = np.maximum(simulator.speed, AHEAD_SLOWEST)[:, None] * np.repeat(ahead_s, 2)
    np.testing.assert_allclose(points / metres[:, :, None], simulator.road_ahead, rtol=1e-5)
    for car in (0, 3, 5):
        alone = simulator.alone(car)
        alone.road_ahead[:] = 0.0
        alone.sense()
        np.testing.assert_array_equal(alone.readings()[0], readings[car])
