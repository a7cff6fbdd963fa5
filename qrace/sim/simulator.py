"""N cars of one model on one or more tracks, stepped by a fixed tick."""

from collections.abc import Sequence
from copy import copy

import numpy as np
from numba import njit
from numpy.typing import NDArray

from qrace.sim.car import CAR_MODELS, TICK_S, CarName, drive_grand_prix, drive_lesson
from qrace.sim.laps import cross_line, line_fraction
from qrace.sim.sensors import AHEAD_SLOWEST, SensorConfig, cast_rays, look_ahead
from qrace.sim.strip import arc_position, build_strips, leaves_road, point_on_road, walk
from qrace.sim.track import Track

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]


class Simulator:
    """The world. Cars pass through one another; a car that leaves the road has crashed and stays where it is.

    Public arrays, each (N,): x, y [m], heading [rad], speed [m/s], steer (share of full lock at this speed, left
    positive), track_index, crashed, clock_s since the car was placed, track_position_m along its centre line,
    distance_m (net, since it was placed), furthest_m (the largest distance so far), laps, last_lap_s and best_lap_s
    (nan before the first); rays (N, R) [m] and road_ahead (N, 2 K, 2), see `look_ahead`.
    """

    def __init__(
        self, tracks: Sequence[Track], cars: int, car: CarName, sensors: SensorConfig, margin_m: float = 0.0
    ) -> None:
        """Cars that crash as if they were larger by margin_m on every side [m]; all stand on the first track's line."""
        self.tracks = tuple(tracks)
        self.cars = cars
        self.model = CAR_MODELS[car]
        self.sensors = sensors
        self.strips = build_strips(self.tracks)
        self._half_length = 0.5 * self.model.length_m + margin_m
        self._half_width = 0.5 * self.model.width_m + margin_m
        angles = np.deg2rad(sensors.angles_deg)
        self._fan = np.stack([np.cos(angles), np.sin(angles)], axis=1)
        self.rays = np.full((cars, len(angles)), sensors.range_m, dtype=np.float32)
        self._ahead_s = np.array(sensors.ahead_s, dtype=np.float64)
        self.road_ahead = np.zeros((cars, 2 * len(sensors.ahead_s), 2), dtype=np.float32)
        self.x, self.y, self.heading, self.speed, self.steer = np.zeros((5, cars))
        self.clock_s, self.track_position_m, self.distance_m, self.furthest_m, self._start_m = np.zeros((5, cars))
        self.lap_start_s, self.last_lap_s, self.best_lap_s = np.full((3, cars), np.nan)
        self.track_index, self.laps, self._triangle, self._crossings, self._line = np.zeros((5, cars), dtype=np.int64)
        self.crashed = np.zeros(cars, dtype=np.bool_)
        self._every = np.arange(cars)
        self.place(self._every, np.zeros(cars))

    def place(
        self,
        cars: Ints,
        start_m: Floats,
        *,
        track_index: Ints | None = None,
        across: Floats | None = None,
        turned: Floats | None = None,
        speed: Floats | None = None,
    ) -> None:
        """Put cars (K,) on the road and forget their past.

        start_m (K,): distance along the track; 0 is on the start line with the lap clock running, a negative distance
        waits behind it, anywhere else the first lap begins when the line is crossed. track_index (K,): a new track, or
        None to stay. across (K,): 0 right edge to 1 left edge, None for the middle. turned (K,): angle from the road's
        heading [rad]. speed (K,): None for the model's standing start [m/s].
        """
        strips, one = self.strips, np.ones(len(cars))
        _place(
            strips.vertices, strips.first_vertex, strips.triangles, strips.arc_length, strips.length_m, cars, start_m,
            self.track_index[cars] if track_index is None else track_index,
            0.5 * one if across is None else across,
            0.0 * one if turned is None else turned,
            self.model.start_speed * one if speed is None else speed,
            self.x, self.y, self.heading, self.speed, self.track_index, self._triangle, self._crossings, self._line,
            self._start_m, self.track_position_m, self.lap_start_s, self.last_lap_s, self.best_lap_s,
        )  # fmt: skip
        for zeroed in (self.steer, self.clock_s, self.distance_m, self.furthest_m, self.laps, self.crashed):
            zeroed[cars] = 0

    def alone(self, car: int) -> "Simulator":
        """One of the cars as a simulator of one car, on the same arrays: what happens to either happens to both."""
        part = copy(self)
        part.cars, part._every = 1, np.arange(1)
        for name, array in vars(self).items():
            if isinstance(array, np.ndarray) and name not in ("_fan", "_ahead_s", "_every"):
                setattr(part, name, array[car : car + 1])
        return part

    def take_state(self, other: "Simulator") -> None:
        """Be where another simulator of as many cars of the same model on the same tracks is; rays included."""
        for name, array in vars(self).items():
            if isinstance(array, np.ndarray):
                np.copyto(array, getattr(other, name))

    def put_back(self, car: int) -> None:
        """Set a car that has crashed on the middle of the road beside it, as for a standing start; its past stays."""
        strips, track = self.strips, int(self.track_index[car])
        self.x[car], self.y[car], self.heading[car], self._triangle[car] = point_on_road(
            strips.vertices, strips.arc_length, strips.first_vertex[track], strips.triangles[track],
            self.track_position_m[car], 0.5,
        )  # fmt: skip
        self.speed[car], self.steer[car], self.crashed[car] = self.model.start_speed, 0.0, False

    def place_of(self, car: int) -> tuple[int, int]:
        """Triangle of the strip and start-line crossings of a car: where `end_tick_at` begins."""
        return int(self._triangle[car]), int(self._crossings[car])

    def end_tick_at(
        self, car: int, start: tuple[float, float, int, int], pose: tuple[float, float, float], speed: float
    ) -> None:
        """Have a car end its tick elsewhere on the road than its own motion took it; laps it has completed stay.

        start: x, y [m] and `place_of` before the tick. pose: x, y [m] and heading [rad] after it. speed: [m/s].
        """
        strips, track = self.strips, int(self.track_index[car])
        first, count = int(strips.first_vertex[track]), int(strips.triangles[track])
        x, y, triangle, crossings = start
        _, k, crossed = walk(strips.vertices, first, count, triangle, x, y, pose[0] - x, pose[1] - y)
        self._triangle[car], self._crossings[car] = k, crossings + crossed
        self.x[car], self.y[car], self.heading[car] = pose
        self.speed[car] = speed
        self.track_position_m[car] = arc_position(strips.vertices, strips.arc_length, first, k, pose[0], pose[1])
        whole = self._crossings[car] * strips.length_m[track]
        self.distance_m[car] = whole + self.track_position_m[car] - self._start_m[car]
        self.furthest_m[car] = max(self.furthest_m[car], self.distance_m[car])

    def step(self, controls: Floats) -> None:
        """Advance every car that has not crashed by one tick; controls (N, 2) steer and pedal in [-1, 1]."""
        strips = self.strips
        _step(
            strips.vertices, strips.first_vertex, strips.triangles, strips.arc_length, strips.length_m,
            self.model.kind, self._half_length, self._half_width, controls,
            self.x, self.y, self.heading, self.speed, self.steer,
            self.track_index, self._triangle, self._crossings, self._line, self.crashed,
            self.clock_s, self._start_m, self.track_position_m, self.distance_m, self.furthest_m,
            self.laps, self.lap_start_s, self.last_lap_s, self.best_lap_s,
        )  # fmt: skip

    def sense(self, cars: Ints | None = None) -> NDArray[np.float32]:
        """Cast the rays of the given cars (K,), or of all, and read their map.

        Returns rays (N, R) float32 [m], always the same array.
        """
        strips, sensing = self.strips, self._every if cars is None else cars
        cast_rays(
            strips.vertices, strips.first_vertex, strips.triangles, sensing, self.track_index, self._triangle,
            self.x, self.y, self.heading, self._fan, self.sensors.range_m, self.rays,
        )  # fmt: skip
        if len(self._ahead_s):
            look_ahead(
                strips.vertices, strips.first_vertex, strips.triangles, strips.arc_length, strips.length_m, sensing,
                self.track_index, self.track_position_m, self.x, self.y, self.heading, self.speed, self._ahead_s,
                self.road_ahead,
            )  # fmt: skip
        return self.rays

    def readings(self) -> NDArray[np.float32]:
        """What sense() last found, as lengths (N, R + 4 K) [m]: the rays, then the map's points, forward and left."""
        if not len(self._ahead_s):
            return self.rays.copy()
        reach = np.repeat(self._ahead_s, 2) * np.maximum(self.speed, AHEAD_SLOWEST)[:, None]
        points = (self.road_ahead * reach[:, :, None]).reshape(self.cars, -1)
        return np.concatenate([self.rays, points], axis=1, dtype=np.float32)

    def lap_time_s(self) -> Floats:
        """Running lap time (N,) [s]; nan until the start line has been crossed."""
        return self.clock_s - self.lap_start_s


@njit(cache=True, nogil=True)
def _place(  # type: ignore[no-untyped-def]
    vertices, first_vertex, triangles, arc, length_m, cars, start_m, new_track, across, turned, new_speed,
    x, y, heading, speed, track_index, triangle, crossings, line,
    placed_m, track_position_m, lap_start_s, last_lap_s, best_lap_s,
):  # fmt: skip
    """Put `cars` (K,) where the (K,) arrays say; a start at 0 has the lap clock running."""
    for i in range(cars.size):
        n, track = cars[i], new_track[i]
        track_index[n] = track
        crossings[n] = line[n] = int(np.floor(start_m[i] / length_m[track]))
        placed_m[n] = start_m[i]
        track_position_m[n] = start_m[i] - crossings[n] * length_m[track]
        x[n], y[n], road, triangle[n] = point_on_road(
            vertices, arc, first_vertex[track], triangles[track], track_position_m[n], across[i]
        )
        heading[n] = road + turned[i]
        speed[n] = new_speed[i]
        lap_start_s[n] = 0.0 if start_m[i] == 0.0 else np.nan
        last_lap_s[n] = best_lap_s[n] = np.nan


@njit(cache=True, nogil=True)
def _step(  # type: ignore[no-untyped-def]
    vertices, first_vertex, triangles, arc, length_m,
    kind, half_length, half_width, controls,
    x, y, heading, speed, steer,
    track_index, triangle, crossings, line, crashed,
    clock_s, start_m, track_position_m, distance_m, furthest_m,
    laps, lap_start_s, last_lap_s, best_lap_s,
):  # fmt: skip
    """One tick of every car: drive, follow the motion over the road, check the corners, count the line."""
    for n in range(x.size):
        if crashed[n]:
            continue
        before = speed[n]
        if kind == 0:
            drive = drive_lesson(heading[n], before, controls[n, 0], controls[n, 1])
        else:
            drive = drive_grand_prix(heading[n], before, steer[n], controls[n, 0], controls[n, 1])
        heading[n], speed[n], steer[n], course = drive
        metres = TICK_S * (speed[n] if kind == 0 else 0.5 * (before + speed[n]))
        dx, dy = metres * np.cos(course), metres * np.sin(course)
        first, count, track = first_vertex[track_index[n]], triangles[track_index[n]], track_index[n]
        fraction, k, crossed = walk(vertices, first, count, triangle[n], x[n], y[n], dx, dy)
        triangle[n] = k
        crossings[n] += crossed
        if crossings[n] > line[n]:
            share = line_fraction(vertices, first, x[n], y[n], dx, dy)
            cross_line(n, clock_s[n] + share * TICK_S, line, lap_start_s, laps, last_lap_s, best_lap_s)
        x[n] += fraction * dx
        y[n] += fraction * dy
        clock_s[n] += TICK_S
        track_position_m[n] = arc_position(vertices, arc, first, k, x[n], y[n])
        distance_m[n] = crossings[n] * length_m[track] + track_position_m[n] - start_m[n]
        furthest_m[n] = max(furthest_m[n], distance_m[n])
        crashed[n] = fraction < 1.0 or leaves_road(
            vertices, first, count, k, x[n], y[n], heading[n], half_length, half_width
        )
