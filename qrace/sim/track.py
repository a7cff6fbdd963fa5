"""A race track: a closed road given by its centre line and its width to either side."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qrace.sim.bridges import Bridge, check_apart, find_bridges
from qrace.sim.edges import road_edges
from qrace.sim.road_shape import RoadShape, TrackError, check_shape, resample_road

__all__ = ["Bridge", "RoadShape", "Track", "TrackError"]

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Track:
    """A closed road, resampled so that straights have few points and bends have many; made by `Track.from_points`.

    The road's surface is the strip of triangles (R_i, R_i+1, L_i) and (R_i+1, L_i+1, L_i) between its edges, none of
    which is turned over; in a tight bend several cross-sections may share one point of the inner edge.
    """

    name: str
    """What `load_track` takes: "oval", a file's stem, "random:7"."""
    title: str
    """The name shown to people."""
    description: str
    shape: RoadShape
    """The road as it was given, for saving."""
    centre: Floats
    """(P, 2) centre line, closed, last point not repeated; point 0 lies on the start line [m]."""
    heading: Floats
    """(P,) direction of the road at each point, continuous along the road [rad]."""
    width_left: Floats
    """(P,) distance from the centre line to the left edge, before folds are cut [m]."""
    width_right: Floats
    """(P,) the same to the right [m]."""
    left_edge: Floats
    """(P, 2) closed polyline; its point i, centre point i and right point i make cross-section i [m]."""
    right_edge: Floats
    """(P, 2) [m]."""
    arc_length: Floats
    """(P,) distance of each point from the start line along the centre line [m]."""
    length_m: float
    bounds: tuple[float, float, float, float]
    """Smallest x and y, largest x and y of the edges [m]."""
    bridges: tuple[Bridge, ...]
    """Where the road crosses over itself."""

    @classmethod
    def from_points(
        cls,
        name: str,
        points: ArrayLike,
        width_left: ArrayLike,
        width_right: ArrayLike,
        *,
        title: str = "",
        description: str = "",
        start_m: float = 0.0,
        drawn: bool = False,
    ) -> "Track":
        """Build a track.

        Args:
            name: see the field.
            points: (K, 2) centre line in driving direction; the first point may be repeated at the end [m].
            width_left: distance to the left edge, one number or (K,) [m].
            width_right: distance to the right edge, one number or (K,) [m].
            title: defaults to the name.
            description: one line about the road's character.
            start_m: the start line's distance from the first point along the road [m].
            drawn: see RoadShape.

        Raises:
            TrackError: the numbers make no road, or the road runs into itself other than by a bridge.
        """
        shape = check_shape(points, width_left, width_right, start_m, drawn)
        centre, heading, widths = resample_road(shape)
        step = np.hypot(*(np.roll(centre, -1, axis=0) - centre).T)
        arc, length = np.concatenate([[0.0], np.cumsum(step[:-1])]), float(step.sum())
        bridges = find_bridges(centre, arc, widths)
        left, right = road_edges(centre, heading, arc, length, widths)
        check_apart(left, right, arc, length, bridges)
        low, high = np.minimum(left, right).min(axis=0), np.maximum(left, right).max(axis=0)
        return cls(
            name=name,
            title=title or name,
            description=description,
            shape=shape,
            centre=centre,
            heading=heading[:-1],
            width_left=widths[:, 0].copy(),
            width_right=widths[:, 1].copy(),
            left_edge=left,
            right_edge=right,
            arc_length=arc,
            length_m=length,
            bounds=(float(low[0]), float(low[1]), float(high[0]), float(high[1])),
            bridges=bridges,
        )

    def edge_bytes(self) -> bytes:
        """The road's edges from its start line on, to the centimetre: what a fingerprint of the road is made of.

        The last digits of a spline depend on the machine; the shift keeps round numbers away from the borders between
        centimetres.
        """
        edges = np.floor(np.concatenate([self.left_edge, self.right_edge]) * 100.0 + 0.1234)
        return edges.astype("<i8").tobytes()

    def pose_at(self, s_m: ArrayLike) -> tuple[Floats, Floats, Floats]:
        """x [m], y [m] and heading [rad] on the centre line at arc lengths of any shape; s wraps round the track."""
        s = np.asarray(s_m, dtype=np.float64) % self.length_m
        turns = round((self.heading[-1] - self.heading[0]) / (2.0 * np.pi)) * 2.0 * np.pi
        knots = np.append(self.arc_length, self.length_m)
        x = np.interp(s, knots, np.append(self.centre[:, 0], self.centre[0, 0]))
        y = np.interp(s, knots, np.append(self.centre[:, 1], self.centre[0, 1]))
        return x, y, np.interp(s, knots, np.append(self.heading, self.heading[0] + turns))
