"""Ray sensors: how far the road goes on in each direction, exactly."""

from dataclasses import dataclass

import numpy as np
from numba import njit

from qrace.errors import check_range
from qrace.sim.strip import walk


@dataclass(frozen=True)
class SensorConfig:
    """The fan of ray sensors at a car's centre."""

    angles_deg: tuple[float, ...] = (90.0, 45.0, 0.0, -45.0, -90.0)
    """Direction of each ray from the car's heading, left positive [degrees]."""
    range_m: float = 50.0
    """Length of every ray; a ray that meets nothing reads this [m]."""

    def __post_init__(self) -> None:
        check_range("number of rays", len(self.angles_deg), 1, 64)
        for angle in self.angles_deg:
            check_range("angles_deg", angle, -360.0, 360.0)
        check_range("range_m", self.range_m, 1.0, 2_000.0)


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
