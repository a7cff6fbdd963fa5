"""Sensors: rays, how far the road goes on in each direction, exactly; and the map, where its edges run ahead."""

from dataclasses import dataclass

import numpy as np
from numba import njit

from qrace.errors import check_range
from qrace.sim.strip import edges_at, walk

AHEAD_SLOWEST = 20.0
"""A slower car looks as far ahead as at this speed [m/s]."""


@dataclass(frozen=True)
class SensorConfig:
    """The fan of ray sensors at a car's centre, and the points of its map."""

    angles_deg: tuple[float, ...] = (90.0, 45.0, 0.0, -45.0, -90.0)
    """Direction of each ray from the car's heading, left positive [degrees]."""
    range_m: float = 50.0
    """Length of every ray; a ray that meets nothing reads this [m]."""

    ahead_s: tuple[float, ...] = ()
    """How far ahead along the road the map's points lie at the car's present speed, for the feature "edges" [s]."""

    def __post_init__(self) -> None:
        check_range("number of rays", len(self.angles_deg), 1, 64)
        for angle in self.angles_deg:
            check_range("angles_deg", angle, -360.0, 360.0)
        check_range("range_m", self.range_m, 1.0, 2_000.0)
        check_range("number of points ahead", len(self.ahead_s), 0, 64)
        for seconds in self.ahead_s:
            check_range("ahead_s", seconds, 0.01, 60.0)


@njit(cache=True, nogil=True)
def cast_rays(  # type: ignore[no-untyped-def]
    vertices, first_vertex, triangles, cars, track_index, triangle, x, y, heading, fan, range_m, rays
):
    """Write the distance from the centre of each of `cars` (K,) to the road's edge along each ray into rays (N, R) [m].

    fan (R, 2) holds cosine and sine of the ray angles.
    """
    for n in cars:
        first, count = first_vertex[track_index[n]], triangles[track_index[n]]
        ux, uy = range_m * np.cos(heading[n]), range_m * np.sin(heading[n])
        for r in range(fan.shape[0]):
            dx, dy = ux * fan[r, 0] - uy * fan[r, 1], ux * fan[r, 1] + uy * fan[r, 0]
            fraction, _, _ = walk(vertices, first, count, triangle[n], x[n], y[n], dx, dy)
            rays[n, r] = fraction * range_m


@njit(cache=True, nogil=True)
def look_ahead(  # type: ignore[no-untyped-def]
    vertices, first_vertex, triangles, arc, length_m, cars, track_index, track_position_m,
    x, y, heading, speed, ahead_s, points,
):  # fmt: skip
    """Write where each of `cars` sees the road's edges ahead_s (K,) seconds further on into points (N, 2 K, 2).

    The right edge, then the left, the nearest first; forward and left of the car's centre, divided by the distance
    along the road: (1, 0) is straight ahead. A fast car looks far. The course ahead at present speed is what GT Sophy
    senses (Wurman et al. 2022, Nature 602); its edges tell how wide a line may be.
    """
    for n in cars:
        track = track_index[n]
        first, count, length = first_vertex[track], triangles[track], length_m[track]
        cos, sin = np.cos(heading[n]), np.sin(heading[n])
        for k in range(ahead_s.size):
            reach = ahead_s[k] * max(speed[n], AHEAD_SLOWEST)
            rx, ry, lx, ly, _ = edges_at(vertices, arc, first, count, (track_position_m[n] + reach) % length)
            for side, dx, dy in ((0, rx - x[n], ry - y[n]), (1, lx - x[n], ly - y[n])):
                points[n, 2 * k + side, 0] = (dx * cos + dy * sin) / reach
                points[n, 2 * k + side, 1] = (dy * cos - dx * sin) / reach
