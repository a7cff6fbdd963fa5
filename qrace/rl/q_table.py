"""Tabular Q-learning on a discretised observation (Watkins 1989): the lesson's Q-table."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from qrace.errors import QRaceError
from qrace.rl.agent_state import restore_scalars, saved_scalars
from qrace.rl.config import LearnerConfig
from qrace.rl.policy import GreedyPolicy, epsilon_greedy
from qrace.rl.schedules import epsilon_at

LARGEST_TABLE = 4_000_000
"""Cells; 16 MB of float32."""


def discretise(observation: NDArray[np.float32], bins: int) -> NDArray[np.int64]:
    """Table row of each observation (B, D): one bin per feature, read as the digits of a number in base `bins`.

    A feature in [0, 1] falls into bin floor(bins * sqrt(feature)): finer near 0, where walls are near.
    """
    digits = (bins * np.sqrt(np.clip(observation, 0.0, 1.0))).astype(np.int64)
    np.minimum(digits, bins - 1, out=digits)
    return digits @ bins ** np.arange(observation.shape[1])


class TablePolicy(GreedyPolicy):
    """Greedy driving by a Q-table (states, A)."""

    def __init__(self, table: NDArray[np.float32], bins: int) -> None:
        self.table = table
        self.bins = bins

    def q_values(self, observation: NDArray[np.float32]) -> NDArray[np.float32]:
        return self.table[discretise(observation, self.bins)]

    def tensors(self) -> dict[str, NDArray[np.float32]]:
        return {"champion": self.table.copy()}


class QTableAgent(TablePolicy):
    """A Q-table that N cars fill together; one update per vector step learns from all N transitions.

    Args are those of NetworkAgent. Raises QRaceError when the table would be too large.
    """

    def __init__(self, config: LearnerConfig, observation_size: int, actions: int, cars: int, seed: int) -> None:
        states = config.ray_bins**observation_size
        if states * actions > LARGEST_TABLE:
            raise QRaceError(
                f"a Q-table of {observation_size} features in {config.ray_bins} bins has {states:.1e} states: "
                "use fewer rays (the lesson car has 5), fewer ray_bins, or kind dqn."
            )
        super().__init__(np.zeros((states, actions), dtype=np.float32), config.ray_bins)
        self.config = config
        self.updates = 0
        self._rng = np.random.default_rng(seed)
        self._acting = self.frozen()
        self._acting_epsilon = self.epsilon
        self._latest: tuple[NDArray[Any], ...] | None = None
        self.explored: float | None = None  # epsilon alone says it

    @property
    def epsilon(self) -> float:
        """Share of random actions in explore()."""
        return epsilon_at(self.config.epsilon, self.updates)

    def explore(self, observation: NDArray[np.float32]) -> NDArray[np.int64]:
        """Epsilon-greedy actions (N,) for observations (N, D), by the table and the epsilon last published."""
        greedy = self._acting.select_actions(observation)
        return epsilon_greedy(greedy, self.table.shape[1], self._acting_epsilon, self._rng)

    def publish(self) -> None:
        """Let explore() act by the table as it is now, so that update() may change it at the same time."""
        np.copyto(self._acting.table, self.table)
        self._acting_epsilon = self.epsilon

    def store(
        self,
        observation: NDArray[np.float32],
        action: NDArray[np.int64],
        reward: NDArray[np.float32],
        next_observation: NDArray[np.float32],
        terminated: NDArray[np.bool_],
        truncated: NDArray[np.bool_],
    ) -> None:
        """Keep one vector step for the next update; a table needs no replay memory. Shapes as in DQNAgent.store."""
        state, next_state = discretise(observation, self.bins), discretise(next_observation, self.bins)
        # Only a crash ends the future: a truncated episode would have gone on, so it bootstraps.
        self._latest = (state, action.copy(), reward.copy(), next_state, ~terminated)

    def updates_due(self) -> int:
        """1 when a vector step waits to be learned from, else 0."""
        return int(self._latest is not None)

    def update(self, count: int = 1) -> float:
        """Learn from the stored step; returns the mean squared TD error.

        Q(s, a) += rate * (r + gamma * max_a' Q(s', a') - Q(s, a))   (Watkins 1989; Bellman 1957)

        Cars that share a cell (s, a) move it by the mean of their TD errors.
        """
        if self._latest is None:
            return 0.0
        state, action, reward, next_state, goes_on = self._latest
        future = np.where(goes_on, self.table[next_state].max(axis=1), np.float32(0.0))
        error = reward + self.config.discount * future - self.table[state, action]
        cell, owner = np.unique(state * self.table.shape[1] + action, return_inverse=True)
        mean_error = np.bincount(owner, weights=error) / np.bincount(owner)
        self.table.reshape(-1)[cell] += self.config.learning_rate * mean_error
        self.updates += 1
        self._latest = None
        return float(np.mean(error**2))

    def frozen(self) -> TablePolicy:
        """Today's greedy policy as a copy that further learning does not change."""
        return TablePolicy(self.table.copy(), self.bins)

    def get_state(self) -> tuple[dict[str, NDArray[np.float32]], dict[str, Any]]:
        """Copies of all that is needed to go on: tensors by name, and scalars fit for JSON."""
        return {"table": self.table.copy()}, saved_scalars({"updates": self.updates}, explore=self._rng)

    def set_state(self, tensors: dict[str, NDArray[np.float32]], scalars: dict[str, Any]) -> None:
        """Take over what get_state gave, from an agent of the same shape."""
        (self.updates,) = restore_scalars(scalars, ("updates",), explore=self._rng)
        self.table[:] = tensors["table"]
        self._latest = None
        self.publish()
