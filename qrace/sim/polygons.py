"""Random simple polygons, and how close a polygon comes to itself: the rough plan of a generated circuit."""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def random_tour(rng: np.random.Generator, count: int, evenness: int) -> Floats:
    """A closed tour (count, 2) through random points of the unit square that does not cross itself.

    Each new point is the one farthest from the others among `evenness` candidates (1: clustered, 8: spread). The tour
    is shortened by 2-opt moves; with none left it has no crossing, by the triangle inequality (Croes 1958).
    """
    points = rng.random((1, 2))
    while len(points) < count:
        candidates = rng.random((evenness, 2))
        nearest = np.hypot(*(candidates[:, None] - points).transpose(2, 0, 1)).min(axis=1)
        points = np.vstack([points, candidates[nearest.argmax()]])
    distance = np.hypot(*(points[:, None] - points).transpose(2, 0, 1))
    tour = np.arange(count)
    while True:
        after = np.roll(tour, -1)
        side = distance[tour, after]
        gain = side[:, None] + side - distance[np.ix_(tour, tour)] - distance[np.ix_(after, after)]
        i, j = np.unravel_index(np.triu(gain, 1).argmax(), gain.shape)
        if gain[i, j] <= 1e-12 or i >= j:
            return points[tour]
        tour[i + 1 : j + 1] = tour[i + 1 : j + 1][::-1]


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
