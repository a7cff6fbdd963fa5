"""Smooth closed curves through given points: a periodic cubic spline for the line, monotone cubics for its widths."""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

_SOLVER_SWEEPS = 60
"""Jacobi sweeps for the spline's linear system; each halves the error at least, so 60 end at rounding."""


class PeriodicSpline:
    """The closed cubic spline with continuous curvature through K points.

    Method: the second derivatives at the knots solve a cyclic, diagonally dominant tridiagonal system (de Boor, A
    Practical Guide to Splines, ch. IV).
    """

    def __init__(self, points: Floats, intervals: Floats) -> None:
        """Fit the curve.

        Args:
            points: (K, D) the curve's points; the curve returns from the last to the first.
            intervals: (K,) positive parameter step from each point to the next, usually the chord [m].
        """
        self.knots = np.concatenate([[0.0], np.cumsum(intervals)])
        self.period = float(self.knots[-1])
        self._points = points
        self._step = intervals[:, None]
        before = np.roll(self._step, 1, axis=0)
        slope = (np.roll(points, -1, axis=0) - points) / self._step
        right_side = 6.0 * (slope - np.roll(slope, 1, axis=0))
        diagonal = 2.0 * (before + self._step)
        bend = right_side / diagonal
        previous, following = np.roll(np.arange(len(points)), 1), np.roll(np.arange(len(points)), -1)
        for _ in range(_SOLVER_SWEEPS):  # indexing, since rolling takes three times as long
            neighbours = before * bend[previous] + self._step * bend[following]
            bend = (right_side - neighbours) / diagonal
        self._bend = bend
        """(K, D) second derivative at each point."""

    def evaluate(self, parameter: Floats) -> tuple[Floats, Floats, Floats]:
        """Position, first and second derivative, each (M, D), at parameters (M,) in [0, period)."""
        i = np.clip(np.searchsorted(self.knots, parameter, side="right") - 1, 0, len(self._points) - 1)
        j = (i + 1) % len(self._points)
        h = self._step[i]
        b = (parameter - self.knots[i])[:, None] / h
        a = 1.0 - b
        p, q, m, n = self._points[i], self._points[j], self._bend[i], self._bend[j]
        position = a * p + b * q + ((a**3 - a) * m + (b**3 - b) * n) * (h**2 / 6.0)
        first = (q - p) / h + ((1.0 - 3.0 * a**2) * m + (3.0 * b**2 - 1.0) * n) * (h / 6.0)
        second = a * m + b * n
        return position, first, second


def interpolate_monotone(values: Floats, intervals: Floats, parameter: Floats) -> Floats:
    """Periodic interpolation that never overshoots its data, so that a width stays between its neighbours.

    Method: cubic Hermite pieces with harmonic-mean slopes (Fritsch and Butland 1984).

    Args:
        values: (K, D) data at the knots.
        intervals: (K,) positive parameter step from each knot to the next.
        parameter: (M,) where to evaluate, in [0, sum of intervals).

    Returns:
        (M, D) interpolated values.
    """
    knots = np.concatenate([[0.0], np.cumsum(intervals)])
    h = intervals[:, None]
    rise = (np.roll(values, -1, axis=0) - values) / h
    rise_before = np.roll(rise, 1, axis=0)
    product = rise * rise_before
    total = rise + rise_before
    slope = np.where(product > 0.0, 2.0 * product / np.where(total == 0.0, 1.0, total), 0.0)
    i = np.clip(np.searchsorted(knots, parameter, side="right") - 1, 0, len(values) - 1)
    j = (i + 1) % len(values)
    h = h[i]
    b = (parameter - knots[i])[:, None] / h
    a = 1.0 - b
    ends = values[i] * a**2 * (1.0 + 2.0 * b) + values[j] * b**2 * (1.0 + 2.0 * a)
    return ends + h * a * b * (slope[i] * a - slope[j] * b)
