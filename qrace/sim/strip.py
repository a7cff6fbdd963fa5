"""The road as a strip of triangles, and the one walk that everything physical is made of.

Cross-sections (right edge, left edge) in driving order give vertices R0 L0 R1 L1 …; triangle k is vertices k, k+1, k+2.
Two sides of every triangle are portals to its neighbours, the third is a piece of the road's edge. A straight segment
from a point on the road is followed from triangle to triangle: each step looks at one new vertex and asks on which
side of the segment it lies, so the result is exact. Rays, crashes, progress and laps all use this walk; because it
knows only neighbours, a road may cross itself by a bridge and a car stays on its branch, and no motion is too fast.
(The "funnel" of portals is the standard one of navigation meshes, e.g. Demyen and Buro 2006.)
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numba import njit
from numpy.typing import NDArray

from qrace.sim.track import Track

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_WRAP = 2  # vertices repeated at the end of each track, so that triangle k never needs a modulo


@dataclass(frozen=True, eq=False)
class Strips:
    """The strips of M tracks in flat arrays, V vertices and S cross-sections in all."""

    vertices: Floats
    """(V, 2) even rows right edge, odd rows left edge [m]."""
    first_vertex: Ints
    """(M,) row of each track's vertex 0; halved, less its track's wrap, its first section."""
    triangles: Ints
    """(M,) number of triangles, two per cross-section."""
    arc_length: Floats
    """(V / 2,) distance along the centre line at each cross-section; a track's last row holds its length [m]."""
    length_m: Floats
    """(M,) length of each centre line [m]."""


def build_strips(tracks: Sequence[Track]) -> Strips:
    """Lay the edges of the tracks end to end, each closed by a copy of its first cross-section."""
    vertices, arcs = [], []
    for track in tracks:
        sections = np.stack([track.right_edge, track.left_edge], axis=1)
        vertices.append(np.concatenate([sections, sections[:1]]).reshape(-1, 2))
        arcs.append(np.append(track.arc_length, track.length_m))
    triangles = np.array([len(rows) - _WRAP for rows in vertices], dtype=np.int64)
    first = np.concatenate([[0], np.cumsum(triangles + _WRAP)[:-1]]).astype(np.int64)
    lengths = np.array([track.length_m for track in tracks], dtype=np.float64)
    return Strips(np.concatenate(vertices), first, triangles, np.concatenate(arcs), lengths)


@njit(cache=True, nogil=True, inline="always")
def _cross(ax: float, ay: float, bx: float, by: float) -> float:
    return ax * by - ay * bx


@njit(cache=True, nogil=True)
def _wall_fraction(  # type: ignore[no-untyped-def]
    px, py, dx, dy, ax, ay, bx, by
):
    """Share of the segment p → p + d at which it meets the line through a and b, at most 1."""
    ex, ey = bx - ax, by - ay
    along = _cross(dx, dy, ex, ey)
    if along == 0.0:
        return 1.0
    return min(max(_cross(ax - px, ay - py, ex, ey) / along, 0.0), 1.0)


@njit(cache=True, nogil=True)
def _walk_forward(v, first, count, k, px, py, dx, dy):  # type: ignore[no-untyped-def]
    qx, qy = px + dx, py + dy
    right, left = (first + k + 1, first + k + 2) if k & 1 else (first + k + 2, first + k + 1)
    rx, ry, lx, ly = v[right, 0], v[right, 1], v[left, 0], v[left, 1]
    crossed = 0
    while _cross(lx - rx, ly - ry, qx - rx, qy - ry) < 0.0:  # the segment's end lies beyond this portal
        k += 1
        if k == count:
            k = 0
            crossed += 1
        nx, ny = v[first + k + 2, 0], v[first + k + 2, 1]
        side = _cross(dx, dy, nx - px, ny - py)
        if k & 1:
            if side < 0.0:
                return _wall_fraction(px, py, dx, dy, lx, ly, nx, ny), k, crossed
            lx, ly = nx, ny
        else:
            if side > 0.0:
                return _wall_fraction(px, py, dx, dy, rx, ry, nx, ny), k, crossed
            rx, ry = nx, ny
    return 1.0, k, crossed


@njit(cache=True, nogil=True)
def _walk_backward(v, first, count, k, px, py, dx, dy):  # type: ignore[no-untyped-def]
    qx, qy = px + dx, py + dy
    right, left = (first + k + 1, first + k) if k & 1 else (first + k, first + k + 1)
    rx, ry, lx, ly = v[right, 0], v[right, 1], v[left, 0], v[left, 1]
    crossed = 0
    while _cross(lx - rx, ly - ry, qx - rx, qy - ry) > 0.0:
        k -= 1
        if k < 0:
            k = count - 1
            crossed -= 1
        nx, ny = v[first + k, 0], v[first + k, 1]
        side = _cross(dx, dy, nx - px, ny - py)
        if k & 1:
            if side > 0.0:
                return _wall_fraction(px, py, dx, dy, lx, ly, nx, ny), k, crossed
            lx, ly = nx, ny
        else:
            if side < 0.0:
                return _wall_fraction(px, py, dx, dy, rx, ry, nx, ny), k, crossed
            rx, ry = nx, ny
    return 1.0, k, crossed


@njit(cache=True, nogil=True)
def walk(v, first, count, k, px, py, dx, dy):  # type: ignore[no-untyped-def]
    """Follow the segment from p, in triangle k of the strip that starts at row `first`, to p + d [m].

    Returns (fraction, triangle, crossed): the share of the segment on the road, 1.0 if it never meets an edge; the
    triangle where it ends; and the start-line crossings on the way, forward less backward.
    """
    a, b, c = first + k, first + k + 1, first + k + 2
    side_a = _cross(dx, dy, v[a, 0] - px, v[a, 1] - py)
    side_b = _cross(dx, dy, v[b, 0] - px, v[b, 1] - py)
    side_c = _cross(dx, dy, v[c, 0] - px, v[c, 1] - py)
    odd = k & 1
    if odd:
        ahead, behind = side_b <= 0.0 <= side_c, side_a <= 0.0 <= side_b
    else:
        ahead, behind = side_c <= 0.0 <= side_b, side_b <= 0.0 <= side_a
    if ahead:
        return _walk_forward(v, first, count, k, px, py, dx, dy)
    if behind:
        return _walk_backward(v, first, count, k, px, py, dx, dy)
    return _wall_fraction(px, py, dx, dy, v[a, 0], v[a, 1], v[c, 0], v[c, 1]), k, 0


@njit(cache=True, nogil=True)
def arc_position(v, arc, first, k, px, py):  # type: ignore[no-untyped-def]
    """Distance along the centre line of point p in triangle k [m]: between its two cross-sections by distance."""
    a = first + (k & ~1)
    before = _distance_ahead(v, a, px, py)
    after = -_distance_ahead(v, a + 2, px, py)
    total = before + after
    share = 0.5 if total <= 0.0 else min(max(before / total, 0.0), 1.0)
    section = a >> 1
    return arc[section] + share * (arc[section + 1] - arc[section])


@njit(cache=True, nogil=True)
def _distance_ahead(v, a, px, py):  # type: ignore[no-untyped-def]
    """Signed distance of p ahead of the cross-section whose right vertex is row a [m]."""
    rx, ry = v[a, 0], v[a, 1]
    wx, wy = v[a + 1, 0] - rx, v[a + 1, 1] - ry
    return -_cross(wx, wy, px - rx, py - ry) / np.sqrt(wx * wx + wy * wy)


@njit(cache=True, nogil=True)
def edges_at(v, arc, first, count, s_m):  # type: ignore[no-untyped-def]
    """The road's edges at distance s_m along a track [m]: (right x, right y, left x, left y, section of the road)."""
    row, sections = first >> 1, count >> 1
    i = np.searchsorted(arc[row : row + sections], s_m, side="right") - 1
    share = (s_m - arc[row + i]) / (arc[row + i + 1] - arc[row + i])
    r0, l0, r1, l1 = v[first + 2 * i], v[first + 2 * i + 1], v[first + 2 * i + 2], v[first + 2 * i + 3]
    rx, ry = r0[0] + share * (r1[0] - r0[0]), r0[1] + share * (r1[1] - r0[1])
    lx, ly = l0[0] + share * (l1[0] - l0[0]), l0[1] + share * (l1[1] - l0[1])
    return rx, ry, lx, ly, i


@njit(cache=True, nogil=True)
def point_on_road(v, arc, first, count, s_m, across):  # type: ignore[no-untyped-def]
    """The point at distance s_m along a track [m] and the share `across` from its right edge (0) to its left edge (1).

    Returns (x, y, heading of the road, triangle).
    """
    rx, ry, lx, ly, i = edges_at(v, arc, first, count, s_m)
    r0, l0, r1, l1 = v[first + 2 * i], v[first + 2 * i + 1], v[first + 2 * i + 2], v[first + 2 * i + 3]
    x, y = rx + across * (lx - rx), ry + across * (ly - ry)
    heading = np.arctan2(r1[1] + l1[1] - r0[1] - l0[1], r1[0] + l1[0] - r0[0] - l0[0])
    beyond = _cross(r1[0] - l0[0], r1[1] - l0[1], x - l0[0], y - l0[1]) > 0.0  # the diagonal from l0 to r1
    return x, y, heading, 2 * i + int(beyond)


@njit(cache=True, nogil=True)
def leaves_road(vertices, first, count, k, x, y, heading, half_length, half_width):  # type: ignore[no-untyped-def]
    """Whether any of the four corners cannot be reached from the centre without meeting an edge."""
    fx, fy = half_length * np.cos(heading), half_length * np.sin(heading)
    sx, sy = -fy * half_width / half_length, fx * half_width / half_length
    for dx, dy in ((fx + sx, fy + sy), (fx - sx, fy - sy), (-fx + sx, -fy + sy), (-fx - sx, -fy - sy)):
        fraction, _, _ = walk(vertices, first, count, k, x, y, dx, dy)
        if fraction < 1.0:
            return True
    return False


@njit(cache=True, nogil=True)
def overhang(vertices, first, count, k, x, y, heading, half_length, half_width):  # type: ignore[no-untyped-def]
    """By how much a car's four corners lie beyond the road's edge, summed [m]; 0 where the simulator sees no crash."""
    fx, fy = half_length * np.cos(heading), half_length * np.sin(heading)
    sx, sy = -fy * half_width / half_length, fx * half_width / half_length
    reach, over = np.hypot(half_length, half_width), 0.0
    for dx, dy in ((fx + sx, fy + sy), (fx - sx, fy - sy), (-fx + sx, -fy + sy), (-fx - sx, -fy - sy)):
        fraction, _, _ = walk(vertices, first, count, k, x, y, dx, dy)
        over += reach * (1.0 - fraction)
    return over
