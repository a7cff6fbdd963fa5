"""Where a road crosses over itself by a bridge, and the check that it meets itself nowhere else."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from qrace.sim.crossings import crossings_in_parts, find_crossings
from qrace.sim.edges import closed_segments
from qrace.sim.road_shape import TrackError

Floats = NDArray[np.float64]

SHALLOWEST_CROSSING_DEG = 20.0
"""Two stretches that meet at less than this angle run into each other; no bridge is built like that."""
MOST_BRIDGES = 32
_MOST_COLLISIONS = 1_000
"""Once more are known, the rest of the road is not searched for others."""
_BRIDGE_MARGIN_M = 3.0
"""Bends and changing widths move the meeting edges a little beyond the straight-road estimate [m]."""
_TOUCH_M = 1e-6
"""Cross-sections end on the edges; a crossing farther than this from the end is a real one [m]."""


@dataclass(frozen=True)
class Bridge:
    """One passing of the road over itself; the later passing in driving order is above."""

    under_m: float
    """Arc length of the crossing point on the lower branch [m]."""
    over_m: float
    """Arc length of the crossing point on the upper branch [m]."""
    x: float
    y: float
    under_reach_m: float
    """Along the lower branch, how far from the crossing point the two road surfaces overlap at most [m]."""
    over_reach_m: float
    """The same along the upper branch [m]."""


@dataclass(frozen=True)
class Collision:
    """Where the road runs into itself."""

    first_m: float
    """Arc length of one of the places that meet [m]."""
    second_m: float
    """Of the other, farther along the road [m]."""
    x: float
    y: float


def find_bridges(centre: Floats, arc: Floats, widths: Floats) -> tuple[Bridge, ...]:
    """The bridges of a closed centre line (P, 2) with arc length (P,) and widths (P, 2), in driving order.

    Raises:
        TrackError: where the line crosses itself at too shallow an angle, or too often.
    """
    bridges, shallow = sort_crossings(centre, arc, widths)
    if shallow:
        raise _refusal(shallow[0])
    return bridges


def sort_crossings(centre: Floats, arc: Floats, widths: Floats) -> tuple[tuple[Bridge, ...], list[Collision]]:
    """As `find_bridges`, which see; crossings at too shallow an angle are returned apart.

    Raises:
        TrackError: where the line crosses itself too often.
    """
    end = np.roll(centre, -1, axis=0)
    i, j, point = find_crossings(centre, end, limit=20 * MOST_BRIDGES)
    apart = (j - i > 1) & (j - i < len(centre) - 1)
    i, j, point = i[apart], j[apart], point[apart]
    if len(i) > 4 * MOST_BRIDGES:
        raise _too_often()
    bridges: list[Bridge] = []
    shallow: list[Collision] = []
    for a, b, (x, y) in sorted(zip(i.tolist(), j.tolist(), point.tolist(), strict=True)):
        under_m = float(arc[a] + np.hypot(x - centre[a, 0], y - centre[a, 1]))
        over_m = float(arc[b] + np.hypot(x - centre[b, 0], y - centre[b, 1]))
        if any(abs(under_m - other.under_m) < 1.0 and abs(over_m - other.over_m) < 1.0 for other in bridges):
            continue
        u, v = end[a] - centre[a], end[b] - centre[b]
        sine, cosine = abs(u[0] * v[1] - u[1] * v[0]), abs(float(u @ v))
        if np.degrees(np.arctan2(sine, cosine)) < SHALLOWEST_CROSSING_DEG:
            shallow.append(Collision(under_m, over_m, x, y))
            continue
        sine, cosine = sine / np.hypot(sine, cosine), cosine / np.hypot(sine, cosine)
        half_under, half_over = float(widths[a].max()), float(widths[b].max())
        under_reach = _BRIDGE_MARGIN_M + (half_over + half_under * cosine) / sine
        over_reach = _BRIDGE_MARGIN_M + (half_under + half_over * cosine) / sine
        bridges.append(Bridge(under_m, over_m, x, y, float(under_reach), float(over_reach)))
    if len(bridges) > MOST_BRIDGES:
        raise _too_often()
    return tuple(bridges), shallow


def check_apart(left: Floats, right: Floats, arc: Floats, length: float, bridges: tuple[Bridge, ...]) -> None:
    """Check that the road, given by its edges (P, 2), meets itself only at bridges.

    Raises:
        TrackError: naming the two places where the road runs into itself.
    """
    for collision in find_collisions(left, right, arc, length, bridges):
        raise _refusal(collision)


def find_collisions(
    left: Floats, right: Floats, arc: Floats, length: float, bridges: tuple[Bridge, ...]
) -> Iterator[Collision]:
    """Where the road, given by its edges (P, 2), meets itself other than at bridges.

    No edge may cross an edge, nor a cross-section: stretches that lie on each other for long show only in the latter.
    """
    left_index, left_start, left_end = closed_segments(left)
    right_index, right_start, right_end = closed_segments(right)
    start, end = np.concatenate([left, left_start, right_start]), np.concatenate([right, left_end, right_end])
    index = np.concatenate([np.arange(len(arc)), left_index, right_index])
    first_right = len(arc) + len(left_index)
    step = np.diff(arc, append=length)
    told = 0
    for i, j, point in crossings_in_parts(start, end):
        section = i < len(arc)
        inside_section = np.minimum(_distance(point, start[i]), _distance(point, end[i])) > _TOUCH_M
        edge_size = np.where(i < first_right, len(left_index), len(right_index))
        neighbours = ((i < first_right) == (j < first_right)) & ((j - i == 1) | (j - i == edge_size - 1))
        meet = (j >= len(arc)) & np.where(section, inside_section, ~neighbours)
        i, j, point = i[meet], j[meet], point[meet]

        share = _distance(point, start[j]) / _distance(end[j], start[j])
        share_i = np.where(i < len(arc), 0.0, _distance(point, start[i]) / _distance(end[i], start[i]))
        places = np.sort([arc[index[i]] + share_i * step[index[i]], arc[index[j]] + share * step[index[j]]], axis=0)
        for first_m, second_m, (x, y) in zip(*places.tolist(), point.tolist(), strict=True):
            if not any(_at_bridge(bridge, first_m, second_m, length) for bridge in bridges):
                told += 1
                yield Collision(first_m, second_m, x, y)
        if told > _MOST_COLLISIONS:
            return


def _at_bridge(bridge: Bridge, first_m: float, second_m: float, length: float) -> bool:
    def near(s: float, where: float, reach: float) -> bool:
        return abs((s - where + length / 2) % length - length / 2) <= reach

    return any(
        near(a, bridge.under_m, bridge.under_reach_m) and near(b, bridge.over_m, bridge.over_reach_m)
        for a, b in ((first_m, second_m), (second_m, first_m))
    )


def _distance(a: Floats, b: Floats) -> Floats:
    return np.hypot(a[:, 0] - b[:, 0], a[:, 1] - b[:, 1])


def _refusal(collision: Collision) -> TrackError:
    place = collision.x, collision.y
    return TrackError(
        f"points: the road runs into itself near ({place[0]:.0f}, {place[1]:.0f}), where {collision.first_m:.0f} m and "
        f"{collision.second_m:.0f} m from the start meet; move the points apart or narrow the road there (a bridge "
        "needs a clear crossing).",
        place,
    )


def _too_often() -> TrackError:
    return TrackError(f"points: the road crosses itself at more than {MOST_BRIDGES} places; are the points in order?")
