"""Tyre marks: where cars brake and turn hard, they leave rubber on the road or on the bridge that they drive over."""

import numpy as np
from numpy.typing import NDArray

from qrace.sim.track import Track
from qrace.view.decks import deck_intervals
from qrace.view.road_polygons import stretch
from qrace.view.rubber import CELL_M, Rubber

Floats = NDArray[np.float64]

MARK = 26.0
"""What one pass adds at most, of 255."""
SLIDE = (6.0, 26.0)
"""Acceleration at which tyres begin to leave marks, and at which they mark most [m/s²]."""
WHEELS_M = np.array([[-1.6, 0.75], [-1.6, -0.75]])
"""The tyres that mark, the rear ones, from the car's middle, forward and left."""
MOST_MARKING = 16
"""Moves that are marked per call; of more, these are drawn by lot and leave more each, up to LOT_GAIN times."""
LOT_GAIN = 3.0
WEAR_TICKS = 30


class TyreMarks:
    """The rubber of one track: on the ground and, apart from it, on the decks of its bridges."""

    def __init__(self, track: Track) -> None:
        self.ground = Rubber(track.bounds)
        self.decks = Rubber(track.bounds)
        intervals = deck_intervals(track)
        ribbons = [stretch(track, *interval) for interval in intervals]
        self._deck_middle = [np.concatenate([r.left, r.right]).mean(axis=0) for r in ribbons]
        self._deck_reach = [float(np.hypot(*(r.left[0] - r.left[-1]))) / 2.0 for r in ribbons]
        self._deck_heading = [float(track.pose_at((start + end) / 2.0)[2]) for start, end in intervals]
        self._ticks = 0
        self._lot = np.random.default_rng(0)  # of what is drawn, never of what is driven

    def add(self, poses: Floats, tick_s: float) -> None:
        """Lay down what the tyres left.

        Args:
            poses: (T + 1, N, 5) x, y, heading, steer, speed of every car at T + 1 ticks [m, rad, m/s].
            tick_s: time between ticks [s].
        """
        before, after = poses[:-1].reshape(-1, 5), poses[1:].reshape(-1, 5)
        turned = np.mod(after[:, 2] - before[:, 2] + np.pi, 2.0 * np.pi) - np.pi
        slide = np.hypot(turned * after[:, 4], np.minimum(after[:, 4] - before[:, 4], 0.0)) / tick_s
        moved = np.hypot(after[:, 0] - before[:, 0], after[:, 1] - before[:, 1])
        went = (moved < 2.0 * tick_s * np.abs(after[:, 4]) + 1.0) & (moved > 1e-3)
        marking = np.flatnonzero(went & (slide > SLIDE[0]))
        gain = 1.0
        if len(marking) > MOST_MARKING:
            gain = min(len(marking) / MOST_MARKING, LOT_GAIN)
            marking = self._lot.choice(marking, MOST_MARKING, replace=False)
        if len(marking):
            strength = np.clip((slide[marking] - SLIDE[0]) / (SLIDE[1] - SLIDE[0]), 0.0, 1.0) * gain
            self._mark(before[marking], after[marking], strength, moved[marking])
        self._ticks += len(poses) - 1
        if self._ticks >= WEAR_TICKS:
            self._ticks = 0
            self.ground.wear_off()
            self.decks.wear_off()

    def _mark(self, before: Floats, after: Floats, strength: Floats, moved: Floats) -> None:
        """Lay rubber along the way of the tyres of K cars."""
        steps = max(int(np.ceil(moved.max() / CELL_M)), 1)
        start, end = _wheels(before), _wheels(after)
        share = (np.arange(steps) + 0.5)[:, None, None, None] / steps
        points = start + share * (end - start)
        thickness = MARK * strength * moved / (steps * CELL_M)
        above = self._on_deck(before)
        for rubber, cars in ((self.ground, ~above), (self.decks, above)):
            if cars.any():
                spread = np.broadcast_to(thickness[cars][:, None], (steps, int(cars.sum()), len(WHEELS_M)))
                rubber.lay(points[:, cars].reshape(-1, 2), spread.ravel())

    def _on_deck(self, poses: Floats) -> NDArray[np.bool_]:
        """Which of K poses are on a bridge: near one, and heading its way rather than that of the road beneath."""
        above = np.zeros(len(poses), dtype=bool)
        for middle, reach, heading in zip(self._deck_middle, self._deck_reach, self._deck_heading, strict=True):
            near = np.hypot(poses[:, 0] - middle[0], poses[:, 1] - middle[1]) < reach
            above |= near & (np.abs(np.sin(poses[:, 2] - heading)) < 0.4)
        return above


def _wheels(poses: Floats) -> Floats:
    """(K, 2, 2) where the marking tyres of K poses (K, 5) are [m]."""
    cosine, sine = np.cos(poses[:, 2])[:, None], np.sin(poses[:, 2])[:, None]
    forward, left = WHEELS_M.T
    return np.stack(
        [poses[:, :1] + cosine * forward - sine * left, poses[:, 1:2] + sine * forward + cosine * left], axis=2
    )
