"""Times one car's laps: three sectors, and at every place of the road how far ahead of the best lap it is."""

from dataclasses import dataclass

import numpy as np

from qrace.race.driven_lap import DrivenLap
from qrace.sim.car import TICK_S
from qrace.sim.simulator import Simulator

SECTORS = 3

Pose = tuple[float, float, float, float]


@dataclass(frozen=True)
class Split:
    """A sector that has been driven."""

    time_s: float
    delta_s: float | None
    """Behind the same sector of the best lap before, negative if ahead; None where there was none [s]."""


class LapTimer:
    """Watches one car of a simulator, one call a tick.

    Attributes:
        best, last: the fastest and the latest lap that counts, None before the first.
        splits: sectors of the lap that runs; of the one before until the first is done.
        lap_s: time since the line, None while no lap counts [s].
        delta_s: that time less the best lap's at the same place of the road, None where there is nothing to compare.
        last_delta_s: the last lap's time less the best one's before it.
        sector: which is being driven, 0 to 2.
    """

    def __init__(self, length_m: float, best: DrivenLap | None = None) -> None:
        """Of a road so long [m]; best: a lap to compare with from the start."""
        self.best = best
        self.last: DrivenLap | None = None
        self.last_delta_s: float | None = None
        self._length_m = length_m
        self._laps = 0
        self.void()

    def void(self) -> None:
        """The lap that runs does not count; the next begins at the line."""
        self.splits: list[Split] = []
        self.lap_s: float | None = None
        self.delta_s: float | None = None
        self.sector = 0
        self._sector_ends_s: list[float] = []
        self._before: tuple[float, Pose] | None = None
        self._progress_m = 0.0
        self._samples: list[tuple[float, float, Pose]] = []

    def observe(self, simulator: Simulator, car: int) -> DrivenLap | None:
        """Take note of the tick that has run; returns the lap that ended in it, if it counts."""
        pose = (
            float(simulator.x[car]),
            float(simulator.y[car]),
            float(simulator.heading[car]),
            float(simulator.steer[car] * simulator.model.steer_max),
        )
        laps, finished_s = int(simulator.laps[car]), None
        if laps > self._laps:
            finished_s = float(simulator.last_lap_s[car])
        self._laps = laps
        return self.tick(float(simulator.lap_time_s()[car]), float(simulator.track_position_m[car]), pose, finished_s)

    def tick(self, lap_time_s: float, position_m: float, pose: Pose, finished_s: float | None) -> DrivenLap | None:
        """The same from numbers: running lap time (nan for none), place along the road, and the time of an ended lap.

        Returns the lap that ended, if it counts.
        """
        done = None
        if self.lap_s is not None:
            since_s = lap_time_s + (finished_s or 0.0)
            self._go_on(since_s, position_m, pose)
            if finished_s is not None:
                done = self._finish(finished_s)
        if np.isnan(lap_time_s):
            self.lap_s = self.delta_s = None
        elif self.lap_s is None or finished_s is not None:
            self._begin(lap_time_s, position_m, pose)
        else:
            self.lap_s = lap_time_s
            self.delta_s = None if self.best is None else lap_time_s - self.best.time_at(self._progress_m)
        self._before = position_m, pose
        return done

    def _begin(self, lap_time_s: float, position_m: float, pose: Pose) -> None:
        self.sector, self._sector_ends_s, self._samples = 0, [], []
        if self._before is not None:
            start_m, start = self._before
            self._samples.append((lap_time_s - TICK_S, self._past_line(start_m), start))
        self._progress_m = self._past_line(position_m)
        self._samples.append((lap_time_s, self._progress_m, pose))
        self.lap_s = lap_time_s
        self.delta_s = None if self.best is None else lap_time_s - self.best.time_at(self._progress_m)

    def _go_on(self, since_s: float, position_m: float, pose: Pose) -> None:
        before_s, before_m, _ = self._samples[-1]
        self._progress_m += self._past_line(position_m - before_m)
        self._samples.append((since_s, self._progress_m, pose))
        while self.sector < SECTORS - 1:
            end_m = self._length_m * (self.sector + 1) / SECTORS
            if self._progress_m < end_m:
                break
            share = (end_m - before_m) / (self._progress_m - before_m)
            self._end_sector(before_s + share * (since_s - before_s))

    def _end_sector(self, since_s: float) -> None:
        sector, begun_s = self.sector, self._sector_ends_s[-1] if self._sector_ends_s else 0.0
        time_s = since_s - begun_s
        delta_s = None if self.best is None else time_s - self.best.sectors_s[sector]
        self.splits = [*(self.splits if sector else []), Split(time_s, delta_s)]
        self._sector_ends_s.append(since_s)
        self.sector += 1

    def _finish(self, lap_s: float) -> DrivenLap | None:
        if self.sector < SECTORS - 1:  # cannot be on a road; a lap without sectors is none
            return None
        self._end_sector(lap_s)
        first, second, third = (split.time_s for split in self.splits)
        times, progress, poses = (np.array(column, dtype=np.float64) for column in zip(*self._samples, strict=True))
        poses[:, 2] = np.unwrap(poses[:, 2])
        lap = DrivenLap(lap_s, (first, second, third), times, np.maximum.accumulate(progress), poses)
        self.last, self.last_delta_s = lap, None if self.best is None else lap_s - self.best.lap_s
        if self.best is None or lap_s < self.best.lap_s:
            self.best = lap
        return lap

    def _past_line(self, metres: float) -> float:
        """The same place or way along the closed road, the shorter way round [m]."""
        half = 0.5 * self._length_m
        return (metres + half) % self._length_m - half
