"""Where line segments cross, found by a sweep along one axis: plain numpy, fast enough for whole circuits."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_PAIRS_AT_ONCE = 500_000
"""Candidate pairs looked at in one go: bounds the memory, not the result."""


def find_crossings(start: Floats, end: Floats, limit: int = 1_000) -> tuple[Ints, Ints, Floats]:
    """All pairs of segments that cross or touch; neighbours in a polyline touch and are reported too.

    Args:
        start: (M, 2) first points of the segments.
        end: (M, 2) last points of the segments.
        limit: the search stops once it has more pairs than this, neighbours (j = i + 1) not counted.

    Returns:
        i (K,) and j (K,) with i < j, and the points (K, 2) where segment i meets segment j.
    """
    found: list[tuple[Ints, Ints, Floats]] = []
    crossings = 0
    for i, j, point in crossings_in_parts(start, end):
        found.append((i, j, point))
        crossings += int(np.count_nonzero(j - i > 1))
        if crossings > limit:
            break
    return (
        np.concatenate([i for i, _, _ in found]),
        np.concatenate([j for _, j, _ in found]),
        np.concatenate([point for _, _, point in found]),
    )


def crossings_in_parts(start: Floats, end: Floats) -> Iterator[tuple[Ints, Ints, Floats]]:
    """What `find_crossings` returns, without a limit and a part at a time, for who keeps only some of the pairs."""
    low, high = np.minimum(start, end), np.maximum(start, end)
    axis = int(np.argmax(np.ptp(low, axis=0)))
    order = np.argsort(low[:, axis])
    first_later = np.arange(1, len(order) + 1)
    candidates = np.searchsorted(low[order, axis], high[order, axis], side="right") - first_later
    chunk = np.cumsum(candidates) // _PAIRS_AT_ONCE
    low, high = low[:, 1 - axis], high[:, 1 - axis]  # along the sweep's axis candidates overlap
    for rows in np.split(np.arange(len(order)), np.flatnonzero(np.diff(chunk)) + 1):
        count = candidates[rows]
        offset = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count)
        one = order[np.repeat(rows, count)]
        two = order[np.repeat(first_later[rows], count) + offset]
        near = (low[one] <= high[two]) & (low[two] <= high[one])
        one, two = one[near], two[near]
        yield _meeting_pairs(start, end, np.minimum(one, two), np.maximum(one, two))


def _meeting_pairs(start: Floats, end: Floats, i: Ints, j: Ints) -> tuple[Ints, Ints, Floats]:
    """Of pairs (i, j) with overlapping boxes, those that share a point, and that point."""
    along_i, along_j, between = end[i] - start[i], end[j] - start[j], start[j] - start[i]
    j_start, j_end = _cross(along_i, between), _cross(along_i, end[j] - start[i])
    i_start, i_end = _cross(along_j, -between), _cross(along_j, end[i] - start[j])
    meet = (j_start * j_end <= 0.0) & (i_start * i_end <= 0.0)
    i, j, along_i = i[meet], j[meet], along_i[meet]
    span = (i_start - i_end)[meet]
    share = np.where(span == 0.0, 0.5, i_start[meet] / np.where(span == 0.0, 1.0, span))
    return i, j, start[i] + share[:, None] * along_i


def _cross(a: Floats, b: Floats) -> Floats:
    return a[:, 0] * b[:, 1] - a[:, 1] * b[:, 0]
