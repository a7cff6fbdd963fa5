"""A drawing's road as a picture needs it while a hand moves it: the true line, few samples, edges with their folds."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from qrace.sim.drawing import Drawing
from qrace.sim.drawn_line import DrawnLine

Floats = NDArray[np.float64]

STEP_M = 5.0
FEWEST_STEPS, MOST_STEPS = 4, 16
"""Samples of one interval between control points."""


@dataclass(frozen=True, eq=False)
class Curve:
    """M samples along the road, those of a closed one ending with the first again."""

    place: Floats
    """(M,) see DrawnLine."""
    centre: Floats
    """(M, 2) [m]"""
    left: Floats
    """(M, 2) edge [m]"""
    right: Floats
    """(M, 2) edge [m]"""
    radius_m: Floats
    """(M,) of the centre line, very large on a straight."""
    arc_m: Floats
    """(M,) distance from the first sample along the centre line."""

    @property
    def length_m(self) -> float:
        return float(self.arc_m[-1]) if len(self.arc_m) else 0.0

    @property
    def narrowest_radius_m(self) -> float:
        """inf where there is no bend."""
        return float(self.radius_m.min(initial=np.inf))

    def nearest(self, point: tuple[float, float]) -> tuple[float, float]:
        """Place of the centre line's point next to a given one, and the distance between the two [m]."""
        if len(self.place) < 2:
            return 0.0, np.inf
        begin, along = self.centre[:-1], np.diff(self.centre, axis=0)
        squared = np.maximum(np.sum(along**2, axis=1), 1e-12)
        share = (np.sum((np.array(point) - begin) * along, axis=1) / squared).clip(0.0, 1.0)
        gap = np.hypot(*(begin + share[:, None] * along - point).T)
        k = int(gap.argmin())
        return float(self.place[k] + share[k] * (self.place[k + 1] - self.place[k])), float(gap[k])


def curve_of(drawing: Drawing, line: DrawnLine | None = None) -> Curve:
    """Sample a drawing, one of a single point or none too; `line` is its line, where that is at hand."""
    count = drawing.count
    if count < 2:
        points = drawing.points
        return Curve(
            np.arange(count, dtype=np.float64), points, points, points, np.full(count, np.inf), np.zeros(count)
        )
    line = line or drawing.line()
    steps = np.clip(np.ceil(line.chords / STEP_M), FEWEST_STEPS, MOST_STEPS).astype(int)
    within = np.arange(steps.sum()) - np.repeat(np.cumsum(steps) - steps, steps)
    place = np.append(np.repeat(np.arange(len(steps)), steps) + within / np.repeat(steps, steps), float(len(steps)))
    centre, first, second = line.evaluate(place)
    widths = line.widths_at(place)
    speed = np.maximum(np.hypot(*first.T), 1e-9)
    normal = np.column_stack([-first[:, 1], first[:, 0]]) / speed[:, None]
    bend = np.abs(first[:, 0] * second[:, 1] - first[:, 1] * second[:, 0]) / speed**3
    step = np.hypot(*np.diff(centre, axis=0).T)
    return Curve(
        place=place,
        centre=centre,
        left=centre + normal * widths[:, :1],
        right=centre - normal * widths[:, 1:],
        radius_m=1.0 / np.maximum(bend, 1e-9),
        arc_m=np.concatenate([[0.0], np.cumsum(step)]),
    )
