"""The decision problem for N cars at once: actions in, observations and rewards out, every array written in place."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from qrace.env.actions import ACTION_TABLES
from qrace.env.config import EnvConfig
from qrace.env.observation import Observer
from qrace.env.reward import reward
from qrace.sim.car import TICK_S
from qrace.sim.simulator import Simulator
from qrace.sim.track import Track

START_ACROSS = (0.3, 0.7)
"""Episodes start between these shares of the road's width."""
START_TURNED = 0.15
"""… turned from the road's heading by up to this angle [rad]."""


class VectorEnv:
    """N cars, each in an episode of its own; a car whose episode ends is put back on the road in the same step.

    Public arrays after a step: `observation` (N, D) float32, what the next action is chosen from; `next_observation`
    (N, D), the true successor of the last action, taken before any car was put back; `reward` (N,) float32;
    `terminated` (crash) and `truncated` (time limit) (N,) bool; `ended`, either of them; `poses`
    (ticks_per_action + 1, N, 5): x, y [m], heading, front wheel angle [rad] and speed [m/s] at the step's start and
    after each of its ticks, for drawing. Of the last step also `ended_returns` (K,), the undiscounted returns of the
    episodes that ended in it, and `lap_times` (L,), the laps completed in it [s].
    """

    def __init__(self, tracks: Sequence[Track], config: EnvConfig, cars: int, rng: np.random.Generator) -> None:
        self.config = config
        self.cars = cars
        self.simulator = Simulator(tracks, cars, config.car, config.sensors, config.margin_m)
        self.actions = ACTION_TABLES[config.car]
        self.observer = Observer(self.simulator, config.features)
        self.observation, self.next_observation = np.zeros((2, cars, self.observer.size), dtype=np.float32)
        self.reward = np.zeros(cars, dtype=np.float32)
        self.terminated, self.truncated, self.ended = np.zeros((3, cars), dtype=np.bool_)
        self.controls = np.zeros((cars, 2))
        self._pose_columns = np.zeros((config.ticks_per_action + 1, 5, cars))
        self.poses = self._pose_columns.transpose(0, 2, 1)
        self.ended_returns, self.lap_times = np.zeros((2, 0))
        self._return, self._furthest_before = np.zeros((2, cars))
        self._laps_before = np.zeros(cars, dtype=np.int64)
        laps_s = config.max_episode_laps * self.simulator.strips.length_m / (0.5 * self.simulator.model.top_speed)
        self._limit_s = np.maximum(config.max_episode_s, laps_s) - 0.5 * TICK_S
        self._rng = rng
        self.reset()

    def reset(self) -> None:
        """Start every episode anew."""
        self._start_episodes(np.arange(self.cars))
        self.simulator.sense()
        self.observer.write(self.observation)
        self._record_pose(0)
        self._pose_columns[:] = self._pose_columns[0]

    def stagger(self) -> None:
        """Spread the ends of the running episodes over their time limits, so that they do not all end at once."""
        simulator = self.simulator
        simulator.clock_s[:] = self._rng.random(self.cars) * self._limit_s[simulator.track_index]

    def step(self, actions: NDArray[np.int64]) -> None:
        """One decision of every car, actions (N,) held for `ticks_per_action` ticks."""
        self.begin_step(actions)
        for tick in range(self.config.ticks_per_action):
            self.tick(tick)
        self.end_step()

    def begin_step(self, actions: NDArray[np.int64]) -> None:
        """Set `controls` (N, 2) from the actions; rows may be overwritten before each tick (a person at the wheel)."""
        np.take(self.actions.controls, actions, axis=0, out=self.controls)
        np.copyto(self._furthest_before, self.simulator.furthest_m)
        np.copyto(self._laps_before, self.simulator.laps)
        self._record_pose(0)

    def tick(self, tick: int) -> None:
        """Advance the world by one tick, the tick-th of this step."""
        self.simulator.step(self.controls)
        self._record_pose(tick + 1)

    def end_step(self) -> None:
        """Observe, pay, and put the cars whose episode ended back on the road."""
        simulator = self.simulator
        simulator.sense()
        self.observer.write(self.next_observation)
        np.copyto(self.terminated, simulator.crashed)
        reward(self.config.reward, simulator.furthest_m - self._furthest_before, self.terminated, self.reward)
        np.greater_equal(simulator.clock_s, self._limit_s[simulator.track_index], out=self.truncated)
        self.truncated &= ~self.terminated
        np.logical_or(self.terminated, self.truncated, out=self.ended)
        self._return += self.reward
        self.ended_returns = self._return[self.ended]
        self.lap_times = simulator.last_lap_s[simulator.laps > self._laps_before]
        ended = np.flatnonzero(self.ended)
        if len(ended):
            self._start_episodes(ended)
            simulator.sense(ended)
            self.observer.write(self.observation)
        else:
            np.copyto(self.observation, self.next_observation)

    def _start_episodes(self, cars: NDArray[np.int64]) -> None:
        simulator, draws = self.simulator, self._rng.random((5, len(cars)))
        model, standing = simulator.model, self.config.standing_starts
        rolling = (draws[4] - standing) / max(1.0 - standing, 1e-9)  # below 0: stands
        self._return[cars] = 0.0
        track_index = (draws[0] * len(simulator.tracks)).astype(np.int64)
        simulator.place(
            cars,
            draws[1] * simulator.strips.length_m[track_index],
            track_index=track_index,
            across=_between(*START_ACROSS, draws[2]),
            turned=_between(-START_TURNED, START_TURNED, draws[3]),
            speed=np.maximum(self.config.start_speed * model.top_speed * rolling, model.start_speed),
        )

    def _record_pose(self, row: int) -> None:
        simulator, columns = self.simulator, self._pose_columns
        columns[row, 0] = simulator.x
        columns[row, 1] = simulator.y
        columns[row, 2] = simulator.heading
        np.multiply(simulator.steer, simulator.model.steer_max, out=columns[row, 3])
        columns[row, 4] = simulator.speed


def _between(low: float, high: float, share: NDArray[np.float64]) -> NDArray[np.float64]:
    return low + (high - low) * share
