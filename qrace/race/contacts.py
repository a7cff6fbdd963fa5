"""Contact among racing cars: which of them can be touched, and where contact leaves them."""

from collections.abc import Sequence

import numpy as np

from qrace.race.entrant import RaceCar
from qrace.sim.contact import collide, gap_between

NEAR_M = 40.0
"""Cars further apart along the road than this are not beside one another, but on and under a bridge [m]."""


class Contacts:
    """Lets the cars of a race touch, tick by tick.

    Attributes:
        solid: (N,) who can be touched: nobody who is done, stands for a penalty, has just been put back, or still
            overlaps another.
    """

    def __init__(self, cars: Sequence[RaceCar]) -> None:
        self._cars = cars
        models = [car.simulator.model for car in cars]
        self._radius = 0.5 * max(model.width_m for model in models)
        self._half = np.array([0.5 * model.length_m - self._radius for model in models])
        self._before, self._after = np.zeros((2, len(cars), 3))
        self._speed, self._along = np.zeros((2, len(cars)))
        self._length_m = float(cars[0].simulator.strips.length_m[0])
        self._close = np.zeros((len(cars), len(cars)), dtype=np.bool_)
        self.solid = np.zeros(len(cars), dtype=np.bool_)

    def begin(self) -> None:
        """A tick is about to be driven."""
        self._read(self._before)
        self._places = [car.simulator.place_of(0) for car in self._cars]
        self._triangles = np.array([triangle for triangle, _ in self._places])
        self._along[:] = [car.simulator.track_position_m[0] for car in self._cars]
        apart = np.abs(self._along[:, None] - self._along)
        self._close = np.minimum(apart, self._length_m - apart) < NEAR_M
        for index, car in enumerate(self._cars):
            free = not (car.done or car.held_ticks or car.ghost_ticks)
            self.solid[index] = free and (self.solid[index] or self._clear(index))

    def end(self) -> None:
        """It has been driven: nobody has gone through anybody."""
        self._read(self._after)
        for index, car in enumerate(self._cars):
            self._speed[index] = car.simulator.speed[0]
            self.solid[index] &= not car.simulator.crashed[0]
        touched = self._collide(self._after, self._speed)
        for index in np.flatnonzero(touched).tolist():
            x, y, heading = self._after[index].tolist()
            start = (*self._before[index, :2].tolist(), *self._places[index])
            self._cars[index].simulator.end_tick_at(0, start, (x, y, heading), float(self._speed[index]))

    def foresee(self, poses: np.ndarray) -> None:
        """Change poses (N, 5), at which the tick would end without contact, to those with it."""
        after, speed = poses[:, :3].copy(), poses[:, 4].copy()
        touched = self._collide(after, speed)
        poses[touched, :3], poses[touched, 4] = after[touched], speed[touched]

    def _collide(self, after: np.ndarray, speed: np.ndarray) -> np.ndarray:
        strips = self._cars[0].simulator.strips
        pairs = self.solid[:, None] & self.solid & self._close
        return collide(
            strips.vertices, 0, int(strips.triangles[0]), self._triangles, self._before, after, speed,
            self._half, self._radius, pairs,
        )  # fmt: skip

    def _read(self, poses: np.ndarray) -> None:
        for index, car in enumerate(self._cars):
            s = car.simulator
            poses[index] = s.x[0], s.y[0], s.heading[0]

    def _clear(self, index: int) -> bool:
        half, (x, y, heading) = self._half, self._before[index].tolist()
        for other in np.flatnonzero(self.solid & self._close[index]).tolist():
            ox, oy, turned = self._before[other].tolist()
            gap = gap_between(x, y, heading, half[index], ox, oy, turned, half[other], self._radius)[0]
            if other != index and gap <= 0.0:
                return False
        return True


def warm_up_contact() -> None:
    """Compile what contact needs, before anyone waits for it."""
    strip = np.array([[0.0, 0.0], [0.0, 1.0]] * 3)
    collide(
        strip, 0, 4, np.zeros(1, dtype=np.int64), np.zeros((1, 3)), np.zeros((1, 3)), np.zeros(1), np.zeros(1), 1.0,
        np.zeros((1, 1), dtype=np.bool_),
    )  # fmt: skip
    gap_between(0.0, 0.0, 0.0, np.float64(1.0), 9.0, 9.0, 0.0, np.float64(1.0), 1.0)
