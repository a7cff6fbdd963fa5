"""Where the middle of a car may be: stations along the smooth centre line and how far to either side there is road."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from qrace.sim.spline import PeriodicSpline
from qrace.sim.track import Track

Floats = NDArray[np.float64]

STATION_M = 2.0
"""Spacing of the stations along the centre line [m]."""


@dataclass(frozen=True, eq=False)
class Corridor:
    """Where the middle of a car may be: stations at equal distances along the centre line, M of them."""

    frame: Floats
    """(4, M) x and y of the centre line [m], x and y of the unit vector to its left."""
    low: Floats
    """(M,) offset of the right bound, left of the centre line positive [m]."""
    high: Floats
    """(M,) offset of the left bound [m]."""
    step_m: float
    """Spacing of the stations [m]."""

    def inset(self, margin: Floats | float) -> "Corridor":
        """The corridor less a margin (M,) to either side [m]; where it is too narrow for that, its middle."""
        middle = 0.5 * (self.low + self.high)
        low, high = np.minimum(self.low + margin, middle), np.maximum(self.high - margin, middle)
        return Corridor(self.frame, low, high, self.step_m)


def corridor(track: Track) -> Corridor:
    """The road from edge to edge.

    In a bend tighter than the road's half width the inner bound stays short of the bend's centre, where cross-sections
    meet.
    """
    chord = np.hypot(*(np.roll(track.centre, -1, axis=0) - track.centre).T)
    spline = PeriodicSpline(track.centre, chord)
    count = max(round(spline.period / STATION_M), 16)
    where = np.arange(count, dtype=np.float64) * (spline.period / count)
    centre, first, second = spline.evaluate(where)
    length = np.hypot(*first.T)
    tangent = first / length[:, None]
    normal = np.column_stack([-tangent[:, 1], tangent[:, 0]])
    bend = (first[:, 0] * second[:, 1] - first[:, 1] * second[:, 0]) / length**3
    own_normal = np.column_stack([-np.sin(track.heading), np.cos(track.heading)])
    knots = np.append(spline.knots[:-1], spline.period)
    left, right = (
        np.interp(where, knots, np.append(reach, reach[0]))
        for reach in (
            np.sum((edge - track.centre) * own_normal, axis=1) for edge in (track.left_edge, track.right_edge)
        )
    )
    middle = 0.5 * (left + right)
    radius = 0.8 / np.maximum(np.abs(bend), 1e-9)
    high = np.minimum(np.maximum(left, middle), np.where(bend > 0.0, radius, np.inf))
    low = np.maximum(np.minimum(right, middle), np.where(bend < 0.0, -radius, -np.inf))
    frame = np.ascontiguousarray(np.vstack([centre.T, normal.T]))
    return Corridor(frame, low, high, spline.period / count)
