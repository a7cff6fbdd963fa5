"""Who takes part in a race: a name, a livery, a car with its senses, and what drives it."""

from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from qrace.env.actions import ACTION_TABLES
from qrace.env.config import EnvConfig
from qrace.env.observation import Observer
from qrace.sim.car import TICK_S
from qrace.sim.simulator import Simulator
from qrace.sim.track import Track

STUCK_S = 20.0
"""A brain that makes no headway for this long is out [s]; a person may stand as long as they like."""
HEADWAY_M = 5.0


class Driver(Protocol):
    """What a race asks of a policy."""

    def select_actions(self, observation: NDArray[np.float32]) -> NDArray[np.int64]:
        """The action (N,) for each observation (N, D)."""
        ...


@dataclass(frozen=True, eq=False)
class Entrant:
    """One car on the entry list."""

    name: str
    livery: int = 0
    """Index into the palette's liveries."""
    number: int = 1
    """The number painted on the car."""
    config: EnvConfig = field(default_factory=EnvConfig)
    """The car it drives and how it senses: every entrant in its own way."""
    policy: Driver | None = None
    """What drives; None for a person, whose controls are set from outside."""


class RaceCar:
    """One entrant under way, in a simulator of its own: racing cars pass through one another.

    Attributes:
        simulator: the car's world, N = 1.
        observation: (1, D) float32, what the last action was chosen from.
        action: the last action chosen by the policy.
        controls: (1, 2) steer and pedal in [-1, 1]; written by the policy, or by whoever is at the wheel.
        finish_s: race time at the flag, interpolated within the tick; None until then [s].
        out: crashed or stuck before the flag.
    """

    def __init__(self, entrant: Entrant, track: Track) -> None:
        config = entrant.config
        self.entrant = entrant
        self.simulator = Simulator([track], 1, config.car, config.sensors)
        self.observer = Observer(self.simulator, config.features)
        self.observation = np.zeros((1, self.observer.size), dtype=np.float32)
        self.action = 0
        self.controls = np.zeros((1, 2))
        self.finish_s: float | None = None
        self.best_lap_s: float | None = None
        self.laps = 0
        self.out = False
        self.trail: list[float] = []
        """Furthest position past the start line after each tick, up to the flag [m]; negative on the grid."""
        self._start_m = 0.0
        self._ticks = 0

    def place(self, start_m: float, across: float, speed: float | None) -> None:
        """Put the car on its starting place, start_m from the start line (negative: behind it)."""
        self._start_m = start_m
        self.simulator.place(
            np.zeros(1, dtype=np.int64),
            np.array([start_m]),
            across=np.array([across]),
            speed=None if speed is None else np.array([speed]),
        )
        self.sense()

    @property
    def position_m(self) -> float:
        """How far the car has come, laps included, from the start line [m]."""
        return self.trail[-1] if self.trail else self._start_m

    def sense(self) -> None:
        """Cast the rays and write the observation."""
        self.simulator.sense()
        self.observer.write(self.observation)

    def tick(self, laps: int) -> None:
        """Decide if a decision is due, drive one tick, and note a lap, the flag after `laps` laps, or the end."""
        policy, config = self.entrant.policy, self.entrant.config
        if policy is not None and self._ticks % config.ticks_per_action == 0:
            self.sense()
            self.action = int(policy.select_actions(self.observation)[0])
            self.controls[:] = ACTION_TABLES[config.car].controls[self.action]
        self.simulator.step(self.controls)
        self._ticks += 1
        if self.finish_s is None and not self.out:
            self._take_stock(laps)

    def _take_stock(self, laps: int) -> None:
        simulator = self.simulator
        self.trail.append(self._start_m + float(simulator.furthest_m[0]))
        self.laps = int(simulator.laps[0])
        if self.laps:
            self.best_lap_s = float(simulator.best_lap_s[0])
        if self.laps >= laps:
            self.finish_s = float(simulator.lap_start_s[0])
        else:
            self.out = bool(simulator.crashed[0]) or self._stuck()

    def _stuck(self) -> bool:
        ticks = round(STUCK_S / TICK_S)
        if self.entrant.policy is None or len(self.trail) <= ticks:
            return False
        return self.trail[-1] - self.trail[-1 - ticks] < HEADWAY_M

    def pose(self) -> tuple[float, float, float, float, float]:
        """x, y [m], heading, front wheel angle [rad] and speed [m/s], as in VectorEnv.poses."""
        s = self.simulator
        return (
            float(s.x[0]),
            float(s.y[0]),
            float(s.heading[0]),
            float(s.steer[0] * s.model.steer_max),
            float(s.speed[0]),
        )
