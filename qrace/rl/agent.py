"""What the trainer asks of a brain, and the brains there are."""

from collections.abc import Callable
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from qrace.rl.config import LearnerConfig
from qrace.rl.dqn_agent import DQNAgent
from qrace.rl.policy import Driver, Policy
from qrace.rl.pqn_agent import PQNAgent
from qrace.rl.q_table import QTableAgent


class Agent(Policy, Protocol):
    """A policy that learns. NetworkAgent and DQNAgent document the methods."""

    explored: float | None

    @property
    def epsilon(self) -> float: ...
    @property
    def updates(self) -> int: ...
    def explore(self, observation: NDArray[np.float32]) -> NDArray[np.int64]: ...
    def publish(self) -> None: ...
    def store(
        self,
        observation: NDArray[np.float32],
        action: NDArray[np.int64],
        reward: NDArray[np.float32],
        next_observation: NDArray[np.float32],
        terminated: NDArray[np.bool_],
        truncated: NDArray[np.bool_],
    ) -> None: ...
    def updates_due(self) -> int: ...
    def update(self, count: int = 1) -> float: ...
    def frozen(self) -> Driver: ...
    def get_state(self) -> tuple[dict[str, NDArray[np.float32]], dict[str, Any]]: ...
    def set_state(self, tensors: dict[str, NDArray[np.float32]], scalars: dict[str, Any]) -> None: ...


def make_agent(config: LearnerConfig, observation_size: int, actions: int, cars: int, seed: int) -> Agent:
    """A newborn brain of the configured kind: D = observation_size, A = actions, N = cars.

    Two agents made with the same arguments and fed the same data are identical to the last bit.
    """
    kinds: dict[str, Callable[..., Agent]] = {"dqn": DQNAgent, "pqn": PQNAgent, "q-table": QTableAgent}
    return kinds[config.kind](config, observation_size, actions, cars, seed)
