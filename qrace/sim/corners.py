"""Roads drawn as a polygon whose corners are rounded by bends, eased in and out as road builders do."""

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

EASING = 0.35
"""Share of a bend's length over which its curvature rises, and again falls."""
_SAMPLES = 65
_STRAIGHT_ON = 1e-6
"""A corner that turns by less is taken to turn by this much: no bend to be seen, none to divide by zero [rad]."""
_FILL = 0.97
"""Share of a side that its two bends may take, so that a short straight always parts them."""
_GROWTH = 1.5
_LONGEST_STEP_M = 60.0


@lru_cache(maxsize=256)  # a road asks for its bends again and again while it is planned
def unit_corner(turn: float) -> tuple[Floats, float]:
    """A bend through `turn` radians (left positive, below pi) whose tightest radius is 1.

    Curvature rises linearly, holds, and falls linearly (clothoid, arc, clothoid).

    Returns:
        points (M, 2) from (0, 0), setting out along +x; and the tangent length: how far before the polygon's corner the
        bend begins. Both scale with the radius.
    """
    turn = np.copysign(max(abs(turn), _STRAIGHT_ON), turn)
    length = abs(turn) / (1.0 - EASING)
    share = np.linspace(0.0, 1.0, _SAMPLES)
    curvature = np.clip(np.minimum(share, 1.0 - share) / EASING, 0.0, 1.0) * np.sign(turn)
    step = length / (_SAMPLES - 1)
    heading = np.concatenate([[0.0], np.cumsum(0.5 * (curvature[1:] + curvature[:-1]) * step)])
    heading *= turn / heading[-1]
    middle = 0.5 * (heading[1:] + heading[:-1])
    x = np.concatenate([[0.0], np.cumsum(np.cos(middle) * step)])
    y = np.concatenate([[0.0], np.cumsum(np.sin(middle) * step)])
    tangent = float(x[-1] - y[-1] / np.tan(turn))
    points = np.column_stack([x, y])
    points.flags.writeable = False
    return points, tangent


def polygon_turns(vertices: Floats) -> tuple[Floats, Floats, Floats]:
    """Turn (K,) at each corner of a polygon (K, 2) [rad]; length (K,) [m] and direction (K, 2) of the side after it."""
    side = np.roll(vertices, -1, axis=0) - vertices
    length = np.hypot(*side.T)
    direction = side / length[:, None]
    before = np.roll(direction, 1, axis=0)
    cross = before[:, 0] * direction[:, 1] - before[:, 1] * direction[:, 0]
    return np.arctan2(cross, np.sum(before * direction, axis=1)), length, direction


def round_corners(vertices: Floats, radii: Floats) -> tuple[Floats, Floats]:
    """A smooth closed road along a polygon.

    Args:
        vertices: (K, 2) corners of the polygon [m]; no turn may come near a half circle (two corners make a hairpin).
        radii: (K,) tightest radius of the bend at each corner [m].

    Returns:
        points (M, 2) along the road, beginning where the bend at corner 0 ends, dense in bends, sparse on straights
        [m]; and corner (M,): the corner each point belongs to, a fraction on the straight between two, so that a width
        given per corner can be interpolated.

    Raises:
        ValueError: a side is too short for the bends at its ends.
    """
    turn, _, direction = polygon_turns(vertices)
    bends = [unit_corner(angle) for angle in turn]
    tangent = radii * np.array([tangent for _, tangent in bends])
    straight = straights(vertices, radii)
    if straight.min() < 0.0:
        raise ValueError(f"the side after corner {int(straight.argmin())} is {-straight.min():.1f} m too short")
    points, corners = [], []
    for k in range(len(vertices)):
        after = (k + 1) % len(vertices)
        step = _bend_step(turn[k], radii[k]), _bend_step(turn[after], radii[after])
        along = _straight_stations(straight[k], *step)
        points.append(vertices[k] + direction[k] * (tangent[k] + along)[:, None])
        corners.append(k + along / max(straight[k], 1e-9))
        shape = bends[after][0][:: _bend_stride(turn[after])] * radii[after]
        (c, s), entry = direction[k], vertices[after] - direction[k] * tangent[after]
        inner = shape[1:-1]
        points.append(entry + np.column_stack([inner[:, 0] * c - inner[:, 1] * s, inner[:, 0] * s + inner[:, 1] * c]))
        corners.append(np.full(len(inner), k + 1.0))
    return np.concatenate(points), np.concatenate(corners)


def straights(vertices: Floats, radii: Floats) -> Floats:
    """Length (K,) of the straight after each corner's bend, negative where the bends do not fit [m]."""
    turn, length, _ = polygon_turns(vertices)
    tangent = radii * np.array([unit_corner(angle)[1] for angle in turn])
    return length - tangent - np.roll(tangent, -1)


def _bend_stride(turn: float) -> int:
    """Every how many of a bend's samples become points: at most about 13 degrees apart, at least eight pieces."""
    return int(np.clip(2 ** np.floor(np.log2(14.0 / max(abs(turn), 1e-9))), 2, 8))


def _bend_step(turn: float, radius: float) -> float:
    return abs(turn) * radius / (1.0 - EASING) / (_SAMPLES - 1) * _bend_stride(turn)


def _straight_stations(length: float, first_step: float, last_step: float) -> Floats:
    """Distances along a straight, ends included; the steps grow away from the bends so that a spline does not ring."""
    stations = [[0.0], [length]]
    steps = [max(first_step, 1.0), max(last_step, 1.0)]
    while (gap := stations[1][-1] - stations[0][-1]) > 1.5 * max(steps):
        end = int(steps[1] < steps[0])
        stations[end].append(stations[end][-1] + (steps[end] if end == 0 else -steps[end]))
        steps[end] *= _GROWTH
        if gap > 4.0 * _LONGEST_STEP_M:
            steps[end] = min(steps[end], _LONGEST_STEP_M)
    return np.array(stations[0] + stations[1][::-1])


def fit_radii(vertices: Floats, wanted: Floats) -> Floats:
    """Radii (K,) as wanted (K,), the wider bend reduced first where two do not fit on the side between them [m]."""
    turn, length, _ = polygon_turns(vertices)
    unit = np.array([unit_corner(angle)[1] for angle in turn])
    tangent = unit * wanted
    before = np.roll(length, 1)
    room_after = np.maximum(0.5 * length, length - np.roll(tangent, -1))
    room_before = np.maximum(0.5 * before, before - np.roll(tangent, 1))
    return wanted * np.minimum(1.0, _FILL * np.minimum(room_after, room_before) / tangent)
