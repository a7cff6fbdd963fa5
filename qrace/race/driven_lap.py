"""A lap as it was driven, tick by tick: what deltas and ghosts are made of."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Sectors = tuple[float, float, float]


@dataclass(frozen=True, eq=False)
class DrivenLap:
    """One clean lap from start line to start line. K samples, a tick apart, the first and last just outside the lap."""

    lap_s: float
    sectors_s: Sectors
    """Times of the three thirds of the road [s]."""
    time_s: Floats
    """(K,) since the line was crossed, rising [s]."""
    progress_m: Floats
    """(K,) along the centre line from the start line on, never falling [m]."""
    poses: Floats
    """(K, 4) x, y [m], heading without leaps, front wheel angle [rad]."""

    def time_at(self, progress_m: float) -> float:
        """When the car had come so far [s]."""
        return float(np.interp(progress_m, self.progress_m, self.time_s))

    def pose_at(self, time_s: float) -> tuple[float, float, float, float]:
        """x, y [m], heading and front wheel angle [rad] so long after the line; time runs round the lap."""
        time_s %= self.lap_s
        after = int(np.clip(np.searchsorted(self.time_s, time_s), 1, len(self.time_s) - 1))
        start, end = self.time_s[after - 1 : after + 1]
        share = min(max((time_s - start) / (end - start), 0.0), 1.0)
        x, y, heading, wheels = (self.poses[after - 1] * (1.0 - share) + self.poses[after] * share).tolist()
        return x, y, heading, wheels

    def progress_at(self, time_s: float) -> float:
        """How far the car had come by then [m]; time runs round the lap."""
        return float(np.interp(time_s % self.lap_s, self.time_s, self.progress_m))
