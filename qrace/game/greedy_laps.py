"""The lap chart's data: how fast the learner drives when it explores nothing, examination after examination."""

import numpy as np
from numpy.typing import NDArray

from qrace.rl.trainer import Trainer

MOST_POINTS = 1000
"""Beyond this many examinations every second one is dropped, so that memory stays flat."""


class GreedyLaps:
    """Mean lap times of one trainer's examinations; kept by the session, so that modes may come and go."""

    def __init__(self) -> None:
        self._examined = 0
        self._points: list[tuple[float, float]] = []

    def note(self, trainer: Trainer) -> None:
        """Take the last examination down, if it is a new one; the trainer's updates must be joined."""
        search = trainer.champion
        if search.examined == self._examined or not search.latest:  # counted, but in another sitting
            return
        self._examined = search.examined
        lap_s = search.latest[0].mean_lap_s
        self._points.append((trainer.metrics.world_s, np.nan if lap_s is None else lap_s))
        if len(self._points) >= MOST_POINTS:
            del self._points[::2]

    def curve(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """(K,) world time of each examination and (K,) its mean clean lap, nan where there was none [s]."""
        times, laps = np.array(self._points, dtype=np.float64).reshape(-1, 2).T
        return times, laps
