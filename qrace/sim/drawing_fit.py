"""Lines with many points, a hand's stroke or a finished road, brought down to few control points.

Both go the same way: begin with a few points of the line, and wherever the curve through them strays too far, take one
of the line's own points there too.
"""

import numpy as np
from numpy.typing import NDArray

from qrace.sim.drawing import USUAL_HALF_WIDTH_M, Drawing
from qrace.sim.drawn_line import DrawnLine
from qrace.sim.road_shape import FEWEST_POINTS, RoadShape
from qrace.sim.track import Track

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

STRAYS_M = 0.3
"""A road's control points give its centre line and its widths back within this [m]."""
SAMPLE_M = 2.0
_AIM = 0.8
"""Share of the tolerance that is aimed at: between the samples, the curve may stray a little more."""
_ROUNDS = 30
_NEWTON_STEPS = 2
_STROKE_SAMPLES = 400
_SMOOTHING = 2
"""A stroke's samples are averaged with so many to either side, for a hand trembles."""
CLOSES_SHARE = 0.12
"""A stroke that ends this near its beginning, as a share of its length, is a loop."""


def drawing_of(track: Track) -> Drawing:
    """A track's control points: its own where a person set them or there are few, else those that give its road again.

    "Again" is within STRAYS_M.
    """
    shape = track.shape
    own = Drawing(shape.points, np.column_stack([shape.width_left, shape.width_right]), closed=True)
    fitted = own if shape.drawn else _fitted(own, shape)
    return own.with_start_m(shape.start_m) if own.count <= fitted.count else fitted


def _fitted(own: Drawing, shape: RoadShape) -> Drawing:
    line = own.line()
    place, arc = line.arc()
    count = max(int(np.ceil(arc[-1] / SAMPLE_M)), 16 * FEWEST_POINTS)
    along = (shape.start_m + np.linspace(0.0, arc[-1], count, endpoint=False)) % arc[-1]
    places = np.interp(along, arc, place)
    points, widths = line.evaluate(places)[0], line.widths_at(places)
    knots = _choose_knots(points, widths, closed=True, tolerance_m=_AIM * STRAYS_M)
    return Drawing(points[knots], widths[knots], closed=True)


def drawing_of_stroke(stroke: Floats, tolerance_m: float) -> Drawing:
    """A hand's stroke (M, 2) as a road of usual width [m]; a loop if its end comes back to its beginning.

    A stroke of no length gives no point or one.
    """
    step = np.hypot(*np.diff(stroke, axis=0).T) if len(stroke) else np.zeros(0)
    arc = np.concatenate([[0.0], np.cumsum(step)])
    if arc[-1] < 2.0 * tolerance_m:
        return Drawing(stroke[:1], np.full((len(stroke[:1]), 2), USUAL_HALF_WIDTH_M))
    closed = bool(np.hypot(*(stroke[-1] - stroke[0])) < CLOSES_SHARE * arc[-1])
    ring = np.vstack([stroke, stroke[:1]]) if closed else stroke
    arc = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(ring, axis=0).T))])
    count = int(np.clip(arc[-1] / tolerance_m * 2.0, 4 * FEWEST_POINTS, _STROKE_SAMPLES))
    along = np.linspace(0.0, arc[-1], count, endpoint=not closed)
    line = np.column_stack([np.interp(along, arc, column) for column in ring.T])
    line = _smooth(line, closed)
    widths = np.full_like(line, USUAL_HALF_WIDTH_M)
    knots = _choose_knots(line, widths, closed, tolerance_m)
    return Drawing(line[knots], widths[knots], closed)


def _smooth(line: Floats, closed: bool) -> Floats:
    """Samples (M, 2) averaged with their neighbours; the ends of an open line stay where they are."""
    window = 2 * _SMOOTHING + 1
    if closed:
        around = np.concatenate([line[-_SMOOTHING:], line, line[:_SMOOTHING]])
    else:  # mirrored at its ends
        before, after = 2.0 * line[:1] - line[_SMOOTHING:0:-1], 2.0 * line[-1:] - line[-2 : -_SMOOTHING - 2 : -1]
        around = np.concatenate([before, line, after])
    return np.column_stack([np.convolve(column, np.full(window, 1.0 / window), mode="valid") for column in around.T])


def _choose_knots(line: Floats, widths: Floats, closed: bool, tolerance_m: float) -> Ints:
    """Indices of the samples (M, 2), the first among them, whose curve keeps within the tolerance of all of them."""
    count = len(line)
    knots = np.linspace(0, count, FEWEST_POINTS, endpoint=False).astype(int)
    if not closed:
        knots = np.array([0, count // 2, count - 1])
    for _ in range(_ROUNDS):
        strays = _strays(line, widths, knots, closed)
        added = []
        ends = np.append(knots[1:], count) if closed else knots[1:]
        for first, end in zip(knots if closed else knots[:-1], ends, strict=True):
            if end - first > 1 and strays[first:end].max() > tolerance_m:
                worst, quarter = first + int(strays[first:end].argmax()), (end - first) // 4
                added.append(min(max(worst, first + max(quarter, 1)), end - max(quarter, 1)))
        if not added:
            break
        knots = np.sort(np.concatenate([knots, added]))
    return knots


def _strays(line: Floats, widths: Floats, knots: Ints, closed: bool) -> Floats:
    """How far each of the samples (M,) lies from the curve through those at the knots, or its width from theirs [m]."""
    curve = DrawnLine(line[knots], widths[knots], closed)
    ends = np.append(knots, len(line)) if closed else knots
    place = np.interp(np.arange(len(line)), ends, np.arange(len(ends)))
    for _ in range(_NEWTON_STEPS):
        centre, first, _ = curve.evaluate(place)
        interval = curve.chords[np.minimum(place.astype(int), len(curve.chords) - 1)]
        speed = np.maximum(np.sum(first**2, axis=1), 1e-9)
        place = np.clip(place + np.sum((line - centre) * first, axis=1) / speed / interval, 0.0, len(curve.chords))
    gap = np.hypot(*(line - curve.evaluate(place)[0]).T)
    return np.maximum(gap, np.abs(widths - curve.widths_at(place)).max(axis=1))
