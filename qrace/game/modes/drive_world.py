"""The world of a drive: greedy cars, and one that a person may steer, shown as far as its tick has come."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from qrace.env.config import EnvConfig
from qrace.env.vector_env import VectorEnv
from qrace.game.modes.mode import Interval
from qrace.game.scene import interpolate
from qrace.game.seat import Seat
from qrace.game.wheel import Steered, Wheel
from qrace.rl.policy import Policy
from qrace.sim.simulator import Simulator
from qrace.sim.track import Track
from qrace.view.q_bars import Decision

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Brain:
    """What drives the cars that no person drives."""

    name: str
    config: EnvConfig
    """Its car and senses."""
    policy: Policy


class DriveWorld:
    """A tick is run when it is over. Until then a second simulator, `ahead`, runs it with what has been held so far.

    So a person's car answers at the next frame, and the tick stays fixed: the world is made of whole ticks alone.

    Attributes:
        env: the cars as the last tick left them.
        brain: None where a person alone can drive.
        seat: who drives.
        interval: what the cars see from the tick's start to its end.
    """

    def __init__(
        self, track: Track, config: EnvConfig, cars: int, seed: int, brain: Brain | None, wheel: Wheel
    ) -> None:
        self.env = VectorEnv([track], config, cars, np.random.default_rng(seed))
        self.brain = brain
        self.seat = Seat(wheel)
        self._q_values: NDArray[np.float32] | None = None
        """(N, A) what the brain expected when the step began; None where there is no brain."""
        self._actions = np.zeros(cars, dtype=np.int64)
        self.interval = Interval(self.env.simulator)
        self._ahead = Simulator([track], cars, config.car, config.sensors)
        self._tick = config.ticks_per_action
        self._before = self._after = poses_of(self.env.simulator)

    @property
    def simulator(self) -> Simulator:
        return self.env.simulator

    @property
    def step_over(self) -> bool:
        """Whether the tick that has run was the last of a step."""
        return self._tick == self.env.config.ticks_per_action

    def begin_tick(self, chosen: int, every: bool) -> None:
        """The next tick is on screen from now on; rays are cast for the chosen car or for `every` one."""
        if self.step_over:
            self._begin_step()
        elif every:
            self.simulator.sense()
        else:
            self.simulator.sense(np.array([chosen]))
        self.interval.begin(self.simulator)
        self._before = poses_of(self.simulator)

    def _begin_step(self) -> None:
        env = self.env
        if self.brain is not None:
            self._q_values = self.brain.policy.q_values(env.observation)
            self._actions = self._q_values.argmax(axis=1)
        env.begin_step(self._actions)
        if self.brain is None:
            env.controls[:] = 0.0
        self.seat.begin_step(env.controls)
        self._tick = 0

    def decision_of(self, car: int) -> Decision | None:
        """What the brain expects of a car's actions, and which it takes unless a person steers."""
        if self._q_values is None:
            return None
        taken = None if self.seat.person == car else int(self._actions[car])
        return Decision(self.env.actions.names, self._q_values[car], taken)

    def look_ahead(self, chosen: int, every: bool) -> None:
        """See where the tick on screen leads, with what has been held so far."""
        ahead = self._ahead
        ahead.take_state(self.simulator)
        ahead.step(self.seat.so_far(self.env.controls))
        ahead.sense(None if every else np.array([chosen]))
        self.interval.end(ahead)
        self._after = poses_of(ahead)

    def poses(self, share: float) -> Floats:
        """(N, 5) where the cars are when this share of the tick on screen is over."""
        return interpolate(self._before, self._after, share)

    def steered(self, car: int, share: float) -> Steered:
        """One of them, for who steers it."""
        x, y, heading, _, speed = self.poses(share)[car].tolist()
        return Steered(self.simulator.model, x, y, heading, speed)

    def end_tick(self) -> None:
        """The tick on screen is over: run it."""
        self.seat.end_tick(self.env.controls)
        self.env.tick(self._tick)
        self._tick += 1

    def place(self, car: int, start_m: float, speed: float | None = None) -> None:
        """Put a car on the middle of the road, at its standing start's speed or another [m/s]; its lap is void."""
        env, cars = self.env, np.array([car])
        env.simulator.place(cars, np.array([start_m]), speed=None if speed is None else np.array([speed]))
        self.void_lap(car)
        env.simulator.sense(cars)
        env.observer.write(env.observation)
        self.interval.begin(self.simulator)
        self._before = poses_of(self.simulator)

    def void_lap(self, car: int) -> None:
        """A lap that two have driven is nobody's: the clock starts at the line."""
        self.simulator.lap_start_s[car] = np.nan


def poses_of(simulator: Simulator) -> Floats:
    """(N, 5) x, y [m], heading, front wheel angle [rad] and speed [m/s], as in VectorEnv.poses."""
    s = simulator
    return np.stack([s.x, s.y, s.heading, s.steer * s.model.steer_max, s.speed], axis=1)
