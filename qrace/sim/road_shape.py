"""A road as it is given: a few points and widths, checked, and resampled to what simulator and painter need."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qrace.errors import QRaceError
from qrace.sim.spline import PeriodicSpline, interpolate_monotone

Floats = NDArray[np.float64]

FEWEST_POINTS = 8
SHORTEST_M, LONGEST_M = 100.0, 30_000.0
NARROWEST_M, WIDEST_M = 1.0, 60.0
"""Sane distance from the centre line to an edge [m]."""
FARTHEST_M = 1e6
"""Largest coordinate for which rounding stays far below a millimetre [m]."""
WIDEST_GAP = 3.0
"""A road is closed if the way from the last point to the first is at most so many times the longest other step."""
SAGITTA_M = 0.03
"""How far the straight pieces of an edge may stray from its curve [m]."""
SHORTEST_STEP_M, LONGEST_STEP_M = 0.7, 20.0
"""Bounds of the spacing of resampled points [m]."""

_FINE_STEP_M = 0.7
_SAME_POINT_M = 1e-3


class TrackError(QRaceError):
    """A road that cannot be: the sentence names the field or the place, and the cure.

    Attributes:
        place: where on the map, if the fault is at one place [m].
    """

    def __init__(self, sentence: str, place: tuple[float, float] | None = None) -> None:
        super().__init__(sentence)
        self.place = place


@dataclass(frozen=True, eq=False)
class RoadShape:
    """What a track file holds; everything else about the road follows from it."""

    points: Floats
    """(K, 2) centre line, closed, last point not repeated, in driving direction [m]."""
    width_left: Floats
    """(K,) distance from the centre line to the left edge [m]."""
    width_right: Floats
    """(K,) distance from the centre line to the right edge [m]."""
    start_m: float = 0.0
    """Where the start line lies, along the road from the first point [m]."""
    drawn: bool = False
    """A person set each point by hand: an editor keeps them as they are."""


def check_shape(
    points: ArrayLike, width_left: ArrayLike, width_right: ArrayLike, start_m: float, drawn: bool = False
) -> RoadShape:
    """Bring points (K, 2) and widths (K,) or scalars into a `RoadShape`; repeated points are dropped.

    The road closes from the last point to the first; a long way there must be meant: the first point given again.

    Raises:
        TrackError: naming the field at fault.
    """
    line = np.array(points, dtype=np.float64)
    if line.ndim != 2 or line.shape[1] != 2:
        raise TrackError("points: give a list of [x, y] pairs in metres.")
    widths = np.empty((len(line), 2))
    for column, (side, given) in enumerate((("width_left", width_left), ("width_right", width_right))):
        width = np.asarray(given, dtype=np.float64)
        if width.shape not in ((), (len(line),)):
            raise TrackError(f"{side}: give one number or one per point ({len(line)} points, {width.size} widths).")
        widths[:, column] = width
        wrong = np.flatnonzero(~((widths[:, column] >= NARROWEST_M) & (widths[:, column] <= WIDEST_M)))
        if len(wrong):
            raise TrackError(
                f"{side}: {widths[wrong[0], column]:g} m at point {wrong[0] + 1} is no sane distance to the road's "
                f"edge; give {NARROWEST_M:g} to {WIDEST_M:g} m."
            )
    wrong = np.flatnonzero(~np.all(np.abs(line) <= FARTHEST_M, axis=1))
    if len(wrong):
        x, y = line[wrong[0]]
        raise TrackError(f"points: point {wrong[0] + 1} is ({x:g}, {y:g}); give finite metres within {FARTHEST_M:g}.")
    moves = np.hypot(*(np.roll(line, -1, axis=0) - line).T) > _SAME_POINT_M
    closes_itself = len(line) > 0 and np.hypot(*(line[-1] - line[0])) <= _SAME_POINT_M
    line, widths = line[moves], widths[moves]
    if len(line) < FEWEST_POINTS:
        raise TrackError(f"points: a road needs at least {FEWEST_POINTS} different points, this one has {len(line)}.")
    if not closes_itself:
        _check_closed(line)
    _check_length(float(_chords(line).sum()))
    if not np.isfinite(start_m):
        raise TrackError("start_m: the start line's place along the road must be a finite number of metres.")
    return RoadShape(line, widths[:, 0].copy(), widths[:, 1].copy(), float(start_m), drawn)


def resample_road(shape: RoadShape) -> tuple[Floats, Floats, Floats]:
    """Points along the smooth road, from the start line on, dense where the edges bend.

    Returns:
        centre (P, 2) [m]; heading (P + 1,) continuous, the last being point 0 after one round [rad]; widths (P, 2) left
        and right [m].
    """
    chords = _chords(shape.points)
    spline = PeriodicSpline(shape.points, chords)
    fine_count = int(np.ceil(spline.period / _FINE_STEP_M))
    parameter = np.linspace(0.0, spline.period, fine_count + 1, dtype=np.float64)
    _, first, second = spline.evaluate(parameter)
    speed = np.hypot(*first.T)
    curvature = np.abs(first[:, 0] * second[:, 1] - first[:, 1] * second[:, 0]) / np.maximum(speed, 1e-9) ** 3
    given_widths = np.column_stack([shape.width_left, shape.width_right])
    widths = interpolate_monotone(given_widths, chords, parameter % spline.period)
    arc = _integral(speed, parameter)
    _check_length(float(arc[-1]))

    swell = np.abs(np.gradient(np.gradient(widths, parameter, axis=0), parameter, axis=0)).max(axis=1)
    edge_bend = curvature * (1.0 + curvature * widths.max(axis=1)) + swell
    steps_per_m = np.sqrt(edge_bend / (8.0 * SAGITTA_M)).clip(1.0 / LONGEST_STEP_M, 1.0 / SHORTEST_STEP_M)
    steps = _integral(steps_per_m, arc)
    count = int(np.ceil(steps[-1]))
    start = np.interp(shape.start_m % arc[-1], arc, steps)
    wanted = (start + np.arange(count) * (steps[-1] / count)) % steps[-1]
    where = np.interp(wanted, steps, parameter) % spline.period
    centre, first, _ = spline.evaluate(where)
    widths = interpolate_monotone(given_widths, chords, where)
    direction = np.arctan2(first[:, 1], first[:, 0])
    heading = np.unwrap(np.concatenate([direction, direction[:1]]))
    return centre, heading, widths


def _chords(points: Floats) -> Floats:
    step = np.roll(points, -1, axis=0) - points
    return np.hypot(step[:, 0], step[:, 1])


def _check_closed(line: Floats) -> None:
    """Refuse a file cut short: its last point of (K, 2) lies too far from the first to be its neighbour."""
    *steps, gap = _chords(line)
    if gap > WIDEST_GAP * max(steps):
        raise TrackError(
            f"points: the road is not closed, its end lies {gap:.0f} m from its beginning and no other two neighbours "
            f"lie more than {max(steps):.1f} m apart; give the whole round, or the first point again at the end if a "
            "straight closes it."
        )


def _integral(values: Floats, over: Floats) -> Floats:
    """Running trapezoid sum, (M,), starting at zero."""
    return np.concatenate([[0.0], np.cumsum(0.5 * (values[1:] + values[:-1]) * np.diff(over))])


def _check_length(length: float) -> None:
    if not SHORTEST_M <= length <= LONGEST_M:
        raise TrackError(
            f"points: the road is {length:.0f} m long, which must lie between {SHORTEST_M:g} and {LONGEST_M:g} m; "
            "are the points in metres?"
        )
