"""Random simple polygons, and how close a polygon comes to itself: the rough plan of a generated circuit."""

import numpy as np
from numba import njit
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def random_tour(rng: np.random.Generator, count: int, evenness: int) -> Floats:
    """A closed tour (count, 2) through random points of the unit square that does not cross itself.

    Each new point is the one farthest from the others among `evenness` candidates (1: clustered, 8: spread). The tour
    is shortened by 2-opt moves; with none left it has no crossing, by the triangle inequality (Croes 1958).
    """
    points = _spread(rng.random((1, 2)), rng.random((count - 1, evenness, 2)))
    distance = np.hypot(*(points[:, None] - points).transpose(2, 0, 1))
    return points[_without_crossings(distance)]


@njit(cache=True)
def _spread(first, candidates):  # type: ignore[no-untyped-def]
    """Points (1 + K, 2): the first (1, 2) and, of each row of candidates (K, M, 2), the farthest from all before it."""
    points = np.empty((1 + len(candidates), 2))
    points[0] = first[0]
    for k in range(len(candidates)):
        farthest = -1.0
        for candidate in candidates[k]:
            nearest = np.sum((points[: k + 1] - candidate) ** 2, axis=1).min()
            if nearest > farthest:
                farthest = nearest
                points[k + 1] = candidate
    return points


@njit(cache=True)
def _without_crossings(distance):  # type: ignore[no-untyped-def]
    """The order (K,) in which to visit points (K, K) apart, from their own order by the best 2-opt move each time."""
    count = len(distance)
    tour = np.arange(count)
    while True:
        best, first, last = 1e-12, 0, 0
        for i in range(count):
            a, b = tour[i], tour[(i + 1) % count]
            for j in range(i + 1, count):
                c, d = tour[j], tour[(j + 1) % count]
                gain = distance[a, b] + distance[c, d] - distance[a, c] - distance[b, d]
                if gain > best:
                    best, first, last = gain, i, j
        if first == last:
            return tour
        tour[first + 1 : last + 1] = tour[first + 1 : last + 1][::-1].copy()


def stretch_longest_side(vertices: Floats, share: float) -> Floats:
    """The polygon (K, 2) pulled apart along its longest side until that takes this share of its length.

    The plane is cut across the middle of the side and the two halves are moved apart, so that whatever else runs across
    the cut grows longer too; where that is much, the share is not reached. The longest side is returned as the last.
    """
    side = np.roll(vertices, -1, axis=0) - vertices
    length = np.hypot(*side.T)
    longest = int(length.argmax())
    vertices = np.roll(vertices, -longest - 1, axis=0)
    direction = side[longest] / length[longest]
    along = (vertices - 0.5 * (vertices[-1] + vertices[0])) @ direction
    crossing = np.count_nonzero((along > 0.0) != (np.roll(along, -1) > 0.0))
    extra = max(0.0, (share * length.sum() - length[longest]) / max(1.0 - share * crossing, 0.1))
    return vertices + extra * (along > 0.0)[:, None] * direction


def clearance(vertices: Floats) -> float:
    """Smallest distance between sides of a polygon (K, 2) that have two others between them; 0 if any sides cross [m].

    Sides with one between them are not measured: they are the two legs of a bend, whose distance its radius decides.
    """
    count = len(vertices)
    end = np.roll(vertices, -1, axis=0)
    along = end - vertices
    apart = (np.arange(count)[None, :] - np.arange(count)[:, None]) % count
    apart = np.minimum(apart, count - apart)

    to_start, to_end = vertices[:, None] - vertices, end[:, None] - vertices
    start_side, end_side = _cross(along, to_start), _cross(along, to_end)
    straddles = start_side * end_side < 0.0
    if np.any(straddles & straddles.T & (apart > 1)):
        return 0.0
    share = (np.sum(to_start * along, axis=2) / np.sum(along**2, axis=1)).clip(0.0, 1.0)
    gap = np.hypot(*(to_start - share[:, :, None] * along).transpose(2, 0, 1))
    gap = np.minimum(gap, np.roll(gap, -1, axis=0))
    return float(np.min(gap[apart > 2], initial=np.inf))


def _cross(along: Floats, to: Floats) -> Floats:
    """(K, K) cross product of side j's direction with the vector from its start to point i."""
    return along[:, 0] * to[:, :, 1] - along[:, 1] * to[:, :, 0]
