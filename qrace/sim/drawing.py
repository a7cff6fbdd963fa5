"""A road as a person draws it: a few control points with widths, each edit giving a new drawing.

Drawings never change, so that an editor undoes by going back to one it has kept.
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qrace.sim.drawn_line import DrawnLine
from qrace.sim.road_shape import FEWEST_POINTS, NARROWEST_M, WIDEST_M, RoadShape, check_shape
from qrace.sim.track import Track

Floats = NDArray[np.float64]

USUAL_HALF_WIDTH_M = 6.0
CLOSEST_M = 0.5
"""Neighbouring control points stay so far apart, for a spline needs a way to go [m]."""


@dataclass(frozen=True, eq=False)
class Drawing:
    """Control points (K, 2), K from 0 on, in driving direction; places on the road are numbered as in DrawnLine."""

    points: Floats
    """(K, 2) [m]"""
    widths: Floats
    """(K, 2) distance to the left and to the right edge [m]."""
    closed: bool = False
    """Whether the road goes on from the last point to the first."""
    start: float = 0.0
    """The place of the start line."""

    @property
    def count(self) -> int:
        """K"""
        return len(self.points)

    def same_as(self, other: "Drawing") -> bool:
        """Whether both are the same to the last bit."""
        return (
            (self.closed, self.start) == (other.closed, other.start)
            and np.array_equal(self.points, other.points)
            and np.array_equal(self.widths, other.widths)
        )

    def append(self, point: ArrayLike) -> "Drawing":
        """Go on to another point, as wide as the last; one on top of the last changes nothing."""
        width = self.widths[-1] if self.count else np.full(2, USUAL_HALF_WIDTH_M)
        new = np.asarray(point, dtype=np.float64)
        if self.count and np.hypot(*(new - self.points[-1])) < CLOSEST_M:
            return self
        return replace(self, points=np.vstack([self.points, new]), widths=np.vstack([self.widths, width]))

    def move(self, index: int, point: ArrayLike) -> "Drawing":
        """Put a point elsewhere, though not on top of a neighbour."""
        points, new = self.points.copy(), np.asarray(point, dtype=np.float64)
        for neighbour in {(index - 1) % self.count, (index + 1) % self.count} - {index}:
            away = new - points[neighbour]
            if np.hypot(*away) < CLOSEST_M:
                away = points[index] - points[neighbour]
                new = points[neighbour] + away * (CLOSEST_M / np.hypot(*away))
        points[index] = new
        return replace(self, points=points)

    def insert(self, place: float) -> "Drawing":
        """A new point on the road, as wide as the road is there; none on top of another point."""
        line, where = self.line(), np.array([place])
        centre, width = line.evaluate(where)[0], line.widths_at(where)
        if np.hypot(*(self.points - centre).T).min() < CLOSEST_M:
            return self
        index, base, share = int(place) + 1, int(self.start), self.start % 1.0
        if base == int(place):  # the start line lies in the interval that is cut in two
            cut = place % 1.0
            share, base = (share / cut, base) if share < cut else ((share - cut) / (1.0 - cut), base + 1)
        elif base > int(place):
            base += 1
        return replace(
            self,
            points=np.insert(self.points, index, centre[0], axis=0),
            widths=np.insert(self.widths, index, width[0], axis=0),
            start=base + share,
        )

    def delete(self, index: int) -> "Drawing":
        """Without a point; the start line stays between the same neighbours."""
        base, share, count = int(self.start), self.start % 1.0, self.count - 1
        previous = (index - 1) % self.count
        if base == index:
            base, share = previous, 0.5 + 0.5 * share
        elif base == previous:
            share *= 0.5
        return replace(
            self,
            points=np.delete(self.points, index, axis=0),
            widths=np.delete(self.widths, index, axis=0),
            closed=self.closed and count >= 3,
            start=base - (base > index) + share if self.closed and count >= 3 else 0.0,
        )

    def set_width(self, index: int | None, left: float | None = None, right: float | None = None) -> "Drawing":
        """Set the distance to one edge or both, at one point or (None) at all; kept within what a road may have [m]."""
        widths = self.widths.copy()
        rows = slice(None) if index is None else index
        for column, value in enumerate((left, right)):
            if value is not None:
                widths[rows, column] = np.clip(value, NARROWEST_M, WIDEST_M)
        return replace(self, widths=widths)

    def widen(self, index: int | None, by: float) -> "Drawing":
        """Move both edges outwards (inwards if negative), at one point or (None) at all [m]."""
        rows = slice(None) if index is None else index
        widths = self.widths.copy()
        widths[rows] = np.clip(widths[rows] + by, NARROWEST_M, WIDEST_M)
        return replace(self, widths=widths)

    def close(self) -> "Drawing":
        """Join the last point to the first; where there are fewer points than a road needs, some are added on it.

        Fewer than three places enclose nothing: then it stays as it is.
        """
        around = self.count > 1 and np.hypot(*(self.points[-1] - self.points[0])) < CLOSEST_M
        if self.count - around < 3:
            return self
        closed = replace(self.delete(self.count - 1) if around else self, closed=True)
        while FEWEST_POINTS > closed.count >= 3:
            closed = closed.insert(float(closed.line().chords.argmax()) + 0.5)
        return closed

    def reverse(self) -> "Drawing":
        """The same road the other way; point 0 of a closed one stays point 0."""
        order = -np.arange(self.count) if self.closed else np.arange(self.count)[::-1]
        start = (self.count - self.start) % self.count if self.closed else 0.0
        return replace(self, points=self.points[order], widths=self.widths[order][:, ::-1], start=start)

    def set_start(self, place: float) -> "Drawing":
        """Put the start line elsewhere on a closed road."""
        return replace(self, start=float(place) % self.count)

    def line(self) -> DrawnLine:
        """The line through the points, of which there must be two, or three to be closed."""
        return DrawnLine(self.points, self.widths, self.closed)

    def start_m(self) -> float:
        """The start line's distance from point 0 along the road, as a track file has it [m]."""
        return float(np.interp(self.start, *self.line().arc()))

    def with_start_m(self, start_m: float) -> "Drawing":
        """The start line at this distance from point 0 along a closed road [m]."""
        place, arc = self.line().arc()
        return self.set_start(float(np.interp(start_m % arc[-1], arc, place)))

    def shape(self) -> RoadShape:
        """The road as a track file has it.

        Raises:
            TrackError: where that makes no road.
        """
        ring = np.append(np.arange(self.count), [0] if self.closed else []).astype(int)
        points, widths = self.points[ring], self.widths[ring]
        start_m = self.start_m() if self.closed and self.count >= 3 else 0.0
        return check_shape(points, widths[:, 0], widths[:, 1], start_m, drawn=True)

    def track(self, name: str, title: str, description: str = "") -> Track:
        """The road as the game builds it.

        Raises:
            TrackError: where it makes no road.
        """
        shape = self.shape()
        ring = np.append(np.arange(len(shape.points)), 0)
        return Track.from_points(
            name,
            shape.points[ring],
            shape.width_left[ring],
            shape.width_right[ring],
            title=title,
            description=description,
            start_m=shape.start_m,
            drawn=True,
        )


EMPTY = Drawing(np.zeros((0, 2)), np.zeros((0, 2)))
