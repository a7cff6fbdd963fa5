"""What there is to say of a training run: counters, the last returns, and a history for the chart."""

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from qrace.env.vector_env import VectorEnv
from qrace.errors import QRaceError
from qrace.rl.agent_state import MOST_COUNTED
from qrace.sim.car import TICK_S

RECENT_EPISODES = 32
"""Episodes that the mean return is taken over."""
HISTORY_STEPS = 50
"""Vector steps between two points of the history."""
HISTORY_POINTS = 2_000
"""Beyond this many points every second one is dropped, so that memory stays flat."""


@dataclass(frozen=True)
class HistoryPoint:
    """One point of the chart."""

    steps: int
    world_s: float
    """Time that has passed in the cars' world [s]."""
    mean_return: float
    """Over the last episodes."""


_COUNTS = ("steps", "transitions", "updates", "episodes", "crashes", "laps")
_MAY_BE_NONE = ("best_lap_s", "last_lap_s", "first_clean_lap_step")
_SAVED = (*_COUNTS, "world_s", *_MAY_BE_NONE)


@dataclass
class Metrics:
    """Counters of a run; nan where there is nothing to tell yet."""

    steps: int = 0
    """Vector steps: decisions of all cars together."""
    transitions: int = 0
    updates: int = 0
    episodes: int = 0
    crashes: int = 0
    laps: int = 0
    """Laps driven in training, exploring."""
    best_lap_s: float | None = None
    """Fastest clean lap, in training or in a greedy examination [s]."""
    last_lap_s: float | None = None
    epsilon: float = 1.0
    loss: float = float("nan")
    world_s: float = 0.0
    first_clean_lap_step: int | None = None
    """Vector steps at which a greedy examination first drove a clean standing lap."""
    history: list[HistoryPoint] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._returns: deque[float] = deque(maxlen=RECENT_EPISODES)
        self._history_every = HISTORY_STEPS

    @property
    def mean_return(self) -> float:
        """Undiscounted return of the last episodes."""
        return float(np.mean(self._returns)) if self._returns else float("nan")

    def counters(self) -> dict[str, Any]:
        """What a model file keeps: every counter, not the history."""
        return {name: getattr(self, name) for name in _SAVED}

    def restore(self, counters: dict[str, Any]) -> None:
        """Take over what counters() gave. Raises QRaceError for anything else."""
        for name in _SAVED:
            value = counters.get(name)
            kinds = (int,) if name in _COUNTS else (int, float)
            known = isinstance(value, kinds) and 0 <= value <= MOST_COUNTED
            if not known and not (value is None and name in _MAY_BE_NONE):
                raise QRaceError(f"the model's counter '{name}' is damaged ({value!r}): use another copy of the model.")
            setattr(self, name, value)

    def record(self, env: VectorEnv) -> None:
        """Count the step that env has just made."""
        self.steps += 1
        self.transitions += env.cars
        self.world_s += env.config.ticks_per_action * TICK_S
        self.episodes += len(env.ended_returns)
        self.crashes += int(np.count_nonzero(env.terminated))
        self._returns.extend(env.ended_returns)
        if len(env.lap_times):
            self.laps += len(env.lap_times)
            self.last_lap_s = float(env.lap_times[-1])
            self.record_laps(env.lap_times)
        if self.steps % self._history_every == 0:
            self._remember()

    def record_laps(self, lap_times: Iterable[float]) -> None:
        """Keep the fastest of these clean laps if it is the best so far [s]."""
        for lap_s in lap_times:
            self.best_lap_s = float(min(lap_s, self.best_lap_s or np.inf))

    def _remember(self) -> None:
        self.history.append(HistoryPoint(self.steps, self.world_s, self.mean_return))
        if len(self.history) >= HISTORY_POINTS:
            del self.history[::2]
            self._history_every *= 2
