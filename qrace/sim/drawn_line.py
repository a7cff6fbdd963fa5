"""The line through a drawing's control points: the very spline of the finished road, or its likeness while open."""

import numpy as np
from numpy.typing import NDArray

from qrace.sim.spline import PeriodicSpline, interpolate_monotone

Floats = NDArray[np.float64]

_ARC_STEPS = 12
"""Samples of each interval in which arc length is measured."""


class DrawnLine:
    """A line through points (K, 2), K at least 2, closed or open.

    A place on it is a number: 2.25 lies a quarter of the parameter's way from point 2 to point 3. An open line is drawn
    by Hermite pieces, for nothing yet says where it turns at its ends.
    """

    def __init__(self, points: Floats, widths: Floats, closed: bool) -> None:
        self._points, self._widths, self.closed = points, widths, closed
        chords = np.hypot(*(np.roll(points, -1, axis=0) - points).T)
        self.chords = chords if closed else chords[:-1]
        """(I,) parameter's length of each interval [m]."""
        self._knots = np.concatenate([[0.0], np.cumsum(self.chords)])
        self._spline = PeriodicSpline(points, chords) if closed else None

    def evaluate(self, places: Floats) -> tuple[Floats, Floats, Floats]:
        """Position [m], first and second derivative by the parameter, each (M, 2)."""
        index, share = self._split(places)
        if self._spline is not None:
            return self._spline.evaluate(self._knots[index] + share * self.chords[index])
        return self._hermite(index, share)

    def widths_at(self, places: Floats) -> Floats:
        """(M, 2) distance to the left and to the right edge [m]."""
        index, share = self._split(places)
        if self.closed:
            return interpolate_monotone(self._widths, self.chords, self._knots[index] + share * self.chords[index])
        return self._widths[index] + (self._widths[index + 1] - self._widths[index]) * share[:, None]

    def arc(self) -> tuple[Floats, Floats]:
        """Places from the first to the end of the last interval, and how far each lies along the line [m]."""
        steps = len(self.chords) * _ARC_STEPS
        place = np.arange(2 * steps + 1) / (2.0 * _ARC_STEPS)
        speed = np.hypot(*self.evaluate(place)[1].T)
        length = np.repeat(self.chords, _ARC_STEPS) / _ARC_STEPS
        simpson = length * (speed[:-1:2] + 4.0 * speed[1::2] + speed[2::2]) / 6.0
        return place[::2], np.concatenate([[0.0], np.cumsum(simpson)])

    def _split(self, places: Floats) -> tuple[NDArray[np.int64], Floats]:
        """The interval of each place and the share of it that lies before; a closed line goes round."""
        if self.closed:
            places = np.mod(places, len(self.chords))
        index = np.clip(places.astype(np.int64), 0, len(self.chords) - 1)
        return index, places - index

    def _hermite(self, index: NDArray[np.int64], share: Floats) -> tuple[Floats, Floats, Floats]:
        slope = np.diff(self._points, axis=0) / self.chords[:, None]
        weight = (self.chords[1:] / (self.chords[1:] + self.chords[:-1]))[:, None]
        inner = slope[:-1] * weight + slope[1:] * (1.0 - weight)
        tangent = np.concatenate([slope[:1], inner, slope[-1:]])
        h, b = self.chords[index][:, None], share[:, None]
        p, q, m, n = self._points[index], self._points[index + 1], tangent[index], tangent[index + 1]
        c, d = 3.0 * (q - p) - h * (2.0 * m + n), 2.0 * (p - q) + h * (m + n)
        position = p + b * (h * m + b * (c + b * d))
        return position, (h * m + b * (2.0 * c + b * 3.0 * d)) / h, (2.0 * c + b * 6.0 * d) / h**2
