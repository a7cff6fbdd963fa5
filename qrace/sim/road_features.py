"""What a straight side of a generated circuit may turn into: hairpins, chicane, esses, kink.

A sketch is a closed polygon (K, 3): x [m], y [m], and the radius wanted for the bend at that corner [m]. Each feature
gives the corners (M, 3) to put on a side, in the side's own frame: distance along it, distance to its left, radius; or
None where the side is too short for it.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from qrace.sim.corners import polygon_turns, unit_corner

Floats = NDArray[np.float64]

_SHARP_TURN = np.radians(105.0)
"""Corners that turn by more than this become hairpins."""
_HAIRPIN_LEG_M = (70.0, 600.0)
_ROUND_SHARE, _SHARPEST_ROUND = 0.6, np.radians(165.0)
"""How many of the plan's own hairpins are one round bend, and how far one bend may turn."""
_LEAST_ROUND = np.radians(135.0)
"""A round hairpin turns by at least this much."""
_SLACK = 1.06
"""A side between two bends is this much longer than they need."""


@dataclass(frozen=True)
class RoadNeeds:
    """What bounds every bend of one circuit."""

    width_m: float
    tightest_m: float

    @property
    def apart_m(self) -> float:
        """Distance that centre lines of neighbouring stretches keep."""
        return 1.2 * self.width_m + 5.0


Feature = Callable[[np.random.Generator, float, RoadNeeds], Floats | None]


def hairpin(rng: np.random.Generator, side_m: float, needs: RoadNeeds) -> Floats | None:
    """The road leaves the side, runs out, turns back round a tight bend and returns beside itself."""
    radius = needs.tightest_m * rng.uniform(1.1, 1.7)
    tip = max(2.0 * _SLACK * radius * unit_corner(np.pi / 2)[1], needs.apart_m)
    mouth = tip * rng.uniform(1.0, 2.0)
    entry = rng.uniform(12.0, 40.0)
    room = 0.5 * mouth + 1.5 * entry
    if side_m < 2.0 * room:
        return None
    middle = rng.uniform(room, side_m - room)
    out = float(np.exp(rng.uniform(*np.log(_HAIRPIN_LEG_M))))
    tip_middle = middle + out * rng.uniform(-0.35, 0.35)
    across = rng.choice([-1.0, 1.0]) * out
    return np.array(
        [
            [middle - mouth / 2, 0.0, entry],
            [tip_middle - tip / 2, across, radius],
            [tip_middle + tip / 2, across, radius],
            [middle + mouth / 2, 0.0, entry],
        ]
    )


def round_hairpin(rng: np.random.Generator, side_m: float, needs: RoadNeeds) -> Floats | None:
    """A hairpin of one bend, most nearly as tight as can be, a few up to five times as wide; its legs converge."""
    radius, entry = needs.tightest_m * 5.0 ** rng.uniform() ** 3, rng.uniform(12.0, 30.0)
    turn = rng.uniform(_LEAST_ROUND, _SHARPEST_ROUND)
    shortest = _SLACK * (radius * unit_corner(turn)[1] + entry * unit_corner(0.5 * turn)[1])
    leg = np.exp(rng.uniform(np.log(shortest), np.log(max(shortest, _HAIRPIN_LEG_M[1]))))
    mouth = 2.0 * leg * np.cos(0.5 * turn)
    room = 0.5 * mouth + 1.5 * entry
    if side_m < 2.0 * room:
        return None
    middle = rng.uniform(room, side_m - room)
    across = rng.choice([-1.0, 1.0]) * leg * np.sin(0.5 * turn)
    return np.array([[middle - mouth / 2, 0.0, entry], [middle, across, radius], [middle + mouth / 2, 0.0, entry]])


def chicane(rng: np.random.Generator, side_m: float, needs: RoadNeeds) -> Floats | None:
    """Two or four tight bends that shift the road aside, as built to slow cars down on a straight."""
    step, across = rng.uniform(22.0, 42.0), rng.choice([-1.0, 1.0]) * rng.uniform(9.0, 20.0)
    radius = needs.tightest_m * rng.uniform(1.0, 2.0)
    along, offset = np.array([-0.5, 0.5]) * step, np.array([0.0, across])
    if rng.random() < 0.5:
        rest = rng.uniform(20.0, 50.0)
        along = np.concatenate([along - 0.5 * (step + rest), along + 0.5 * (step + rest)])
        offset = np.concatenate([offset, offset[::-1]])
    room = 40.0 + np.ptp(along) / 2
    if side_m < 2.0 * room:
        return None
    return np.column_stack([along + rng.uniform(room, side_m - room), offset, np.full(len(along), radius)])


def esses(rng: np.random.Generator, side_m: float, needs: RoadNeeds) -> Floats | None:
    """Three to six flowing bends, left and right in turn."""
    count, step = int(rng.integers(3, 7)), rng.uniform(50.0, 110.0)
    if side_m < step * (count + 1):
        return None
    along = rng.uniform(step, side_m - step * count) + step * np.arange(count)
    sign = rng.choice([-1.0, 1.0]) * (-1.0) ** np.arange(count)
    offset = sign * rng.uniform(0.1, 0.35, size=count) * step
    return np.column_stack([along, offset, rng.uniform(25.0, 120.0, size=count)])


def kink(rng: np.random.Generator, side_m: float, needs: RoadNeeds) -> Floats | None:
    """One wide bend, often taken flat out."""
    if side_m < 120.0:
        return None
    offset = side_m * rng.uniform(0.03, 0.2) * rng.choice([-1.0, 1.0])
    return np.array([[side_m * rng.uniform(0.3, 0.7), offset, rng.uniform(60.0, 300.0)]])


def insert_feature(sketch: Floats, side: int, corners: Floats) -> Floats:
    """The sketch with corners (M, 3), given in the frame of a side, put on that side."""
    start, end = sketch[side, :2], sketch[(side + 1) % len(sketch), :2]
    along = (end - start) / np.hypot(*(end - start))
    left = np.array([-along[1], along[0]])
    placed = start + corners[:, :1] * along + corners[:, 1:2] * left
    return np.insert(sketch, side + 1, np.column_stack([placed, corners[:, 2]]), axis=0)


def split_sharp_corners(rng: np.random.Generator, sketch: Floats, needs: RoadNeeds) -> Floats | None:
    """The sketch with each sharp point made a hairpin, round or with its tip cut off; None where there is no room."""
    turn, length, direction = polygon_turns(sketch[:, :2])
    corners: list[Floats] = []
    for k, (x, y, radius) in enumerate(sketch):
        if abs(turn[k]) <= _SHARP_TURN:
            corners.append(np.array([x, y, radius]))
            continue
        tight = needs.tightest_m * rng.uniform(1.05, 2.0)
        room = 0.5 * min(length[k - 1], length[k])
        if rng.random() < _ROUND_SHARE and abs(turn[k]) < _SHARPEST_ROUND:
            tight = max(tight, needs.apart_m / 2.5)
            if tight * unit_corner(turn[k])[1] > room:
                return None
            corners.append(np.array([x, y, tight]))
            continue
        tip = max(2.0 * _SLACK * tight * unit_corner(abs(turn[k]) / 2)[1], needs.apart_m)
        back = tip / (2.0 * np.cos(turn[k] / 2))
        if back > room:
            return None
        corners.append(np.array([*(sketch[k, :2] - back * direction[k - 1]), tight]))
        corners.append(np.array([*(sketch[k, :2] + back * direction[k]), tight]))
    return np.array(corners)
