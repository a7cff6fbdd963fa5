"""The limit in a race: a car of light that does the fastest laps there are, touches nobody and takes no place."""

import numpy as np
from numpy.typing import NDArray

from qrace.race.driven_lap import DrivenLap
from qrace.race.ghost_laps import limit_lap
from qrace.sim.car import TICK_S, CarName
from qrace.sim.limit import Limit, Run, load_limit
from qrace.sim.track import Track


class LimitGhost:
    """The standing limit's lap, from rest on the start line, and flying ones from then on.

    Attributes:
        car: which car model it is the limit of.
        lap_s: the flying lap [s].
        total_s: its race time [s].
    """

    def __init__(self, track: Track, limit: Limit, laps: int) -> None:
        """Raises ValueError for a limit that does not come round on this track."""
        flying = limit_lap(track, limit)
        if flying is None:
            raise ValueError(f"the limit of {track.name} does not come round")
        self.car: CarName = limit.car
        self.lap_s = limit.limit_s
        self.total_s = limit.standing_limit_s + (laps - 1) * limit.limit_s
        self._standing_s = limit.standing_limit_s
        self._standing = _standing_poses(track, limit.car, limit.standing)
        self._flying: DrivenLap = flying
        self._length_m = track.length_m

    @classmethod
    def of(cls, track: Track, car: CarName, laps: int) -> "LimitGhost | None":
        """The ghost, or None where no limit is kept for this car on this road."""
        limit = load_limit(track, car)
        try:
            return None if limit is None else cls(track, limit, laps)
        except ValueError:
            return None

    def pose_at(self, race_s: float) -> tuple[float, float, float, float]:
        """x, y [m], heading and front wheel angle [rad] at a time of the race."""
        if race_s >= self._standing_s:
            return self._flying.pose_at(race_s - self._standing_s)
        place = min(race_s / TICK_S, len(self._standing) - 1.0)
        before = min(int(place), len(self._standing) - 2)
        share = place - before
        x, y, heading, wheels, _ = (
            self._standing[before] * (1.0 - share) + self._standing[before + 1] * share
        ).tolist()
        return x, y, heading, wheels

    def position_m(self, race_s: float) -> float:
        """How far it has come from the start line, laps included [m]."""
        if race_s < self._standing_s:
            ticks = np.arange(len(self._standing)) * TICK_S
            return float(np.interp(race_s, ticks, self._standing[:, 4]))
        laps = 1 + int((race_s - self._standing_s) // self._flying.lap_s)
        return laps * self._length_m + self._flying.progress_at(race_s - self._standing_s)


def _standing_poses(track: Track, car: CarName, run: Run) -> NDArray[np.float64]:
    """(T, 5) x, y, heading, front wheel angle and distance driven, a tick apart, from rest to beyond the line."""
    simulator = run.begin(track, car)
    rows = []
    for controls in [*run.controls, run.controls[-1]]:
        wheels = simulator.steer[0] * simulator.model.steer_max
        rows.append((simulator.x[0], simulator.y[0], simulator.heading[0], wheels, max(simulator.distance_m[0], 0.0)))
        simulator.step(controls[None])
    return np.array(rows)
