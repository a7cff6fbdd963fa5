"""Who takes part in a race: a name, a livery, a car with its senses, and what drives it."""

from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from qrace.env.actions import ACTION_TABLES
from qrace.env.config import EnvConfig
from qrace.env.observation import Observer
from qrace.race.rules import HEADWAY_M, MOST_CRASHES, PASS_THROUGH_S, PENALTY_S, STUCK_S, CrashRule
from qrace.sim.car import TICK_S
from qrace.sim.simulator import Simulator
from qrace.sim.track import Track


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
    """One entrant under way.

    Attributes:
        simulator: the car's world, N = 1; where it shares one with others, its part of that.
        observation: (1, D) float32, what the last action was chosen from.
        action: the last action chosen by the policy.
        controls: (1, 2) steer and pedal in [-1, 1]; written by the policy, or by whoever is at the wheel.
        finish_s: race time at the flag, interpolated within the tick; None until then [s].
        crossed_s: race time at which it completed a lap in the last tick; None if it did not [s].
        out: crashed for good or stuck before the flag.
        flagged: stopped before its flag, the others being long home.
        crashes: how often it has left the road.
        penalties: how often it has been put back.
        held_ticks: how long it still stands, a penalty.
        ghost_ticks: how long nobody can touch it yet.
    """

    def __init__(
        self,
        entrant: Entrant,
        track: Track,
        crash: CrashRule = "out",
        simulator: Simulator | None = None,
        controls: NDArray[np.float64] | None = None,
    ) -> None:
        """simulator: of one car, to be stepped by whoever made it, with these controls (1, 2); None for one's own."""
        config = entrant.config
        self.entrant = entrant
        self.simulator = simulator or Simulator([track], 1, config.car, config.sensors)
        self.observer = Observer(self.simulator, config.features)
        self.observation = np.zeros((1, self.observer.size), dtype=np.float32)
        self.action = 0
        self.controls = np.zeros((1, 2)) if controls is None else controls
        self.finish_s: float | None = None
        self.crossed_s: float | None = None
        self.best_lap_s: float | None = None
        self.laps = 0
        self.out = self.flagged = False
        self.crashes = self.penalties = self.held_ticks = self.ghost_ticks = 0
        self.trail: list[float] = []
        """Furthest position past the start line after each tick, up to the flag [m]; negative on the grid."""
        self._crash_rule = crash
        self._start_m = 0.0
        self._ticks = 0
        self._lap_crashes = self._moving_since = 0
        self._waiting = False
        """It stands for a penalty."""

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

    @property
    def done(self) -> bool:
        """Whether the race is over for it."""
        return self.out or self.flagged or self.finish_s is not None

    @property
    def penalty_s(self) -> float:
        """Time that its crashes cost: it stands still for so long [s]."""
        return PENALTY_S * self.penalties

    def sense(self) -> None:
        """Cast the rays and write the observation."""
        self.simulator.sense()
        self.observer.write(self.observation)

    def tick(self, laps: int) -> None:
        """Race alone for one tick, to the flag after so many laps."""
        self.decide()
        self.simulator.step(self.controls)
        self.count()
        if self.crossed_s is not None and self.laps >= laps:
            self.finish()
        self.mind_the_road()

    def decide(self) -> None:
        """Begin a tick: have the policy decide, if that is due, or wait, if a penalty is to be served."""
        policy, config, simulator = self.entrant.policy, self.entrant.config, self.simulator
        self.ghost_ticks = max(self.ghost_ticks - 1, 0)
        if self.held_ticks:
            self.held_ticks -= 1
            simulator.clock_s += TICK_S
            return
        if self._waiting:
            self._waiting = False
            simulator.crashed[0] = False
        if policy is not None and self._ticks % config.ticks_per_action == 0 and not simulator.crashed[0]:
            self.sense()
            self.action = int(policy.select_actions(self.observation)[0])
            self.controls[:] = ACTION_TABLES[config.car].controls[self.action]
        self._ticks += 1

    def count(self) -> None:
        """Note how far the car has come in this tick, and whether it has completed a lap."""
        simulator, laps = self.simulator, self.laps
        self.crossed_s = None
        if self.done:
            return
        self.trail.append(self._start_m + float(simulator.furthest_m[0]))
        self.laps = int(simulator.laps[0])
        if self.laps > laps:
            self.crossed_s = float(simulator.lap_start_s[0])
            self.best_lap_s = float(simulator.best_lap_s[0])
            self._lap_crashes = 0

    def finish(self) -> None:
        """The lap that has just been completed was the last."""
        self.finish_s = self.crossed_s

    def mind_the_road(self) -> None:
        """A car that has left the road is put back for a penalty, or is out; one that gets nowhere is out."""
        if self.done:
            return
        if self.simulator.crashed[0] and not self._waiting:
            self.crashes += 1
            self._lap_crashes += 1
            if self._crash_rule == "out" or (self.entrant.policy is not None and self._lap_crashes > MOST_CRASHES):
                self.out = True
            else:
                self._put_back()
        elif self._stuck():
            self.out = True
            self.simulator.crashed[0] = True  # it stays where it is

    def _put_back(self) -> None:
        self.penalties += 1
        self.simulator.put_back(0)
        self.simulator.crashed[0] = self._waiting = True  # the simulator leaves it alone
        self.controls[:] = 0.0
        self.held_ticks = round(PENALTY_S / TICK_S)
        self.ghost_ticks = self.held_ticks + round(PASS_THROUGH_S / TICK_S)
        self._ticks, self._moving_since = 0, len(self.trail) + self.held_ticks
        self.sense()

    def _stuck(self) -> bool:
        ticks = round(STUCK_S / TICK_S)
        if self.entrant.policy is None or len(self.trail) - self._moving_since <= ticks:
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
            0.0 if self.held_ticks else float(s.speed[0]),
        )
