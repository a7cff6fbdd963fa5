"""The two edges of a road: offset from the centre line, with the folds of tight bends cut off.

On the inside of a bend tighter than the road's half width the offset line runs backwards and crosses itself; the loop
between is no edge of the road. Here it shrinks to the crossing point, which then ends several cross-sections at once.
"""

import numpy as np
from numpy.typing import NDArray

from qrace.sim.crossings import find_crossings
from qrace.sim.road_shape import TrackError

Floats = NDArray[np.float64]

_LONGEST_FOLD_WIDTHS = 6.0
"""A fold spans at most this many road widths of centre line; a longer loop means that the road runs into itself."""
_SMALLEST_LOOP_WIDTHS = 1.0
"""Any loop shorter than this is noise and is cut whichever way it turns: no road turns round within its own width."""
_PASSES = 12
_FLAT_M2 = -1e-10
"""Triangles below this signed area count as turned over [m²]."""


def strip_areas(left: Floats, right: Floats) -> tuple[Floats, Floats]:
    """Signed areas [m²] of a closed strip's triangles (R_i, R_i+1, L_i) and (R_i+1, L_i+1, L_i), each (P,)."""
    next_left, next_right = np.roll(left, -1, axis=0), np.roll(right, -1, axis=0)
    return _area(right, next_right, left), _area(next_right, next_left, left)


def road_edges(centre: Floats, heading: Floats, arc: Floats, length: float, widths: Floats) -> tuple[Floats, Floats]:
    """Left and right edge, each (P, 2), of the road around a closed centre line.

    Args:
        centre: (P, 2) points of the centre line [m].
        heading: (P + 1,) continuous heading at each point and, last, at point 0 after one round [rad].
        arc: (P,) arc length of each point [m].
        length: of the whole line [m].
        widths: (P, 2) distance to the left and to the right edge [m].

    Raises:
        TrackError: naming the bend that is too tight for the road's width.
    """
    normal = np.column_stack([-np.sin(heading[:-1]), np.cos(heading[:-1])])
    width = float(widths.sum(axis=1).max())
    left = _cut_folds(centre + normal * widths[:, :1], +1, heading, arc, length, width)
    right = _cut_folds(centre - normal * widths[:, 1:], -1, heading, arc, length, width)
    for _ in range(_PASSES):
        first, second = strip_areas(left, right)
        turned_right, turned_left = np.flatnonzero(first < _FLAT_M2), np.flatnonzero(second < _FLAT_M2)
        if not len(turned_right) and not len(turned_left):
            return left, right
        right[(turned_right + 1) % len(right)] = right[turned_right]
        left[(turned_left + 1) % len(left)] = left[turned_left]
    k = int(np.concatenate([turned_right, turned_left])[0])
    x, y = centre[k]
    raise TrackError(
        f"points: the road is too wide for its bend near ({x:.0f}, {y:.0f}), {arc[k]:.0f} m from the start; "
        "narrow it or widen the bend there.",
        place=(float(x), float(y)),
    )


def closed_segments(edge: Floats) -> tuple[NDArray[np.int64], Floats, Floats]:
    """Segments of a closed polyline that have a length: index (M,) of the point each leaves, start and end (M, 2)."""
    end = np.roll(edge, -1, axis=0)
    index = np.flatnonzero(np.hypot(*(end - edge).T) > 1e-6)
    return index, edge[index], end[index]


def _cut_folds(edge: Floats, side: int, heading: Floats, arc: Floats, length: float, width: float) -> Floats:
    """Shrink each local loop of an edge (side +1 left, -1 right) to the point where the loop closes."""
    count = len(edge)
    arc_twice = np.concatenate([arc, arc + length, [2.0 * length]])
    heading_twice = np.concatenate([heading[:-1], heading[:-1] + heading[-1] - heading[0]])
    for _ in range(_PASSES):
        index, start, end = closed_segments(edge)
        i, j, point = find_crossings(start, end)
        apart = (j - i > 1) & (j - i < len(index) - 1)
        first, last, point = index[i[apart]], index[j[apart]], point[apart]
        wraps = arc[last] - arc[first] > length / 2
        first, last = np.where(wraps, last, first), np.where(wraps, first + count, last)
        loop = arc_twice[last + 1] - arc_twice[first]
        cut = np.zeros(count, dtype=bool)
        order = np.argsort(-loop)
        for k in order[loop[order] <= _LONGEST_FOLD_WIDTHS * width]:
            inside = np.arange(first[k] + 1, last[k] + 1) % count
            if cut[inside].any():
                continue
            turns_inward = side * (heading_twice[last[k]] - heading_twice[first[k]]) > 0.0
            backwards = side * _loop_area(point[k], edge[inside]) < 0.0
            if (turns_inward and backwards) or loop[k] <= _SMALLEST_LOOP_WIDTHS * width:
                edge[inside] = point[k]
                cut[inside] = True
        if not cut.any():
            break
    return edge


def _loop_area(corner: Floats, points: Floats) -> float:
    """Signed area [m²] of the loop that leaves a corner (2,), passes points (K, 2) and returns."""
    x, y = (points - corner).T
    return 0.5 * float(np.sum(x[:-1] * y[1:] - x[1:] * y[:-1]))


def _area(a: Floats, b: Floats, c: Floats) -> Floats:
    u, v = b - a, c - a
    return 0.5 * (u[:, 0] * v[:, 1] - u[:, 1] * v[:, 0])
