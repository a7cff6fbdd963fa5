"""The rays against an independent answer: shapely's intersections with the same edges."""

import numpy as np
from numpy.typing import NDArray

from qrace.errors import QRaceError
from qrace.sim.sensors import SensorConfig
from qrace.sim.simulator import Simulator
from qrace.sim.track import Track

Floats = NDArray[np.float64]


def ray_errors_m(track: Track, sensors: SensorConfig, poses: int, rng: np.random.Generator) -> Floats:
    """Error of every ray (poses, R) at random places and in random directions on the road [m].

    For tracks without bridges: shapely knows no branches. Raises QRaceError where shapely is not installed.
    """
    simulator = Simulator([track], poses, "lesson", sensors)
    simulator.place(
        np.arange(poses),
        rng.uniform(0.0, track.length_m, poses),
        across=rng.uniform(0.02, 0.98, poses),
        turned=rng.uniform(-np.pi, np.pi, poses),
    )
    angles = simulator.heading[:, None] + np.deg2rad(sensors.angles_deg)
    origins = np.stack([simulator.x, simulator.y], axis=1)
    exact = exact_distances_m(track, origins, angles, sensors.range_m)
    return np.abs(simulator.sense() - exact)


def exact_distances_m(track: Track, origins: Floats, angles: Floats, range_m: float) -> Floats:
    """Distance from each origin (N, 2) to the nearest edge along each angle (N, R) [rad], at most range_m [m]."""
    try:
        import shapely
    except ImportError as error:
        raise QRaceError("The exact rays need shapely: pip install -r tests/requirements.txt") from error

    rings = [np.concatenate([edge, edge[:1]]) for edge in (track.left_edge, track.right_edge)]
    segments = shapely.linestrings(np.concatenate([np.stack([ring[:-1], ring[1:]], axis=1) for ring in rings]))
    starts = np.repeat(origins, angles.shape[1], axis=0)
    ends = starts + range_m * np.stack([np.cos(angles), np.sin(angles)], axis=-1).reshape(-1, 2)
    rays = shapely.linestrings(np.stack([starts, ends], axis=1))
    ray, segment = shapely.STRtree(segments).query(rays, predicate="intersects")
    met = shapely.distance(shapely.points(starts[ray]), shapely.intersection(rays[ray], segments[segment]))
    nearest = np.full(len(rays), range_m)
    np.minimum.at(nearest, ray, met)
    return nearest.reshape(angles.shape)
