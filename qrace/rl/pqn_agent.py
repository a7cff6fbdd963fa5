"""A driver that learns by Q-learning from many cars at once, without replay memory and target network (PQN)."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from qrace.rl.config import LearnerConfig
from qrace.rl.network_agent import NetworkAgent
from qrace.rl.policy import draw_actions, epsilon_greedy, softmax
from qrace.rl.replay import Batch
from qrace.rl.rollout import Rollout
from qrace.rl.schedules import temperature_at

COLDEST = 1e-30
"""Below this temperature the best action is certain: what float32 divides by may be 0."""


class PQNAgent(NetworkAgent):
    """Learns from the lambda-returns of the last rollout; see NetworkAgent.

    Gallici et al. 2024, "Simplifying deep temporal difference learning". The updates of a rollout are spread over the
    steps in which the next one is driven, so that no step of the trainer is longer than another.

    With a temperature a state is worth what the softmax policy, which explores, expects of it (Expected Sarsa, van
    Seijen et al. 2009): actions that are nearly as good as the best one are tried nearly as often, and told apart.
    """

    def __init__(self, config: LearnerConfig, observation_size: int, actions: int, cars: int, seed: int) -> None:
        """A rollout that holds less than a batch is one batch."""
        transitions = config.rollout_steps * cars
        config = replace(config, batch_size=min(config.batch_size, transitions))
        super().__init__(config, observation_size, actions, cars, seed)
        self._rollout = Rollout(config.rollout_steps, cars, observation_size, config.discount, config.trace)
        self._value = np.zeros(cars, dtype=np.float32)
        self._acting_temperature = temperature_at(config, self.updates)
        self._data: Batch | None = None
        self._draws = np.zeros((0, config.batch_size), dtype=np.int64)
        per_round = config.epochs * (transitions // config.batch_size)
        self._updates_per_step = -(-per_round // config.rollout_steps)

    def explore(self, observation: NDArray[np.float32]) -> NDArray[np.int64]:
        q = self._acting.q_values(observation)
        chances = self._chances(q)
        self._value = _worth(q, chances)
        greedy = q.argmax(axis=1)
        chosen = greedy if chances is None else draw_actions(chances, self._explore_rng)
        actions = epsilon_greedy(chosen, self.shape.actions, self._acting_epsilon, self._explore_rng)
        if chances is not None:
            self.explored = float(np.mean(actions != greedy))
        return actions

    def store(
        self,
        observation: NDArray[np.float32],
        action: NDArray[np.int64],
        reward: NDArray[np.float32],
        next_observation: NDArray[np.float32],
        terminated: NDArray[np.bool_],
        truncated: NDArray[np.bool_],
    ) -> None:
        """Remember one vector step, arrays as DQNAgent.store takes them; observation is the one last explored."""
        self._observed(observation)
        if self._rollout.full:
            self._data = self._rollout.close(self._value)
            rows, size = len(self._data.action), self.config.batch_size
            epochs = [self._sample_rng.permutation(rows)[: rows - rows % size] for _ in range(self.config.epochs)]
            self._draws = np.concatenate(epochs).reshape(-1, size)
        self._rollout.add(observation, self._value, action, reward, terminated, truncated)
        if truncated.any():
            q = self._acting.q_values(next_observation[truncated])
            self._rollout.cut(truncated, _worth(q, self._chances(q)))

    def publish(self) -> None:
        """Only as a rollout begins: from its second step on one set of weights drives it and values its states, as a
        target network would."""
        if self._rollout.filled <= 1:
            super().publish()
            self._acting_temperature = temperature_at(self.config, self.updates)

    def updates_due(self) -> int:
        """Gradient updates to make after one vector step; none until the first rollout is full."""
        return min(self._updates_per_step, len(self._draws))

    def _chances(self, q: NDArray[np.float32]) -> NDArray[np.float32] | None:
        """Of the actions (N, A), from their Q-values; None where, but for epsilon, the greedy one is certain."""
        return softmax(q, self._acting_temperature) if self._acting_temperature > COLDEST else None

    def _batches(self, count: int) -> tuple[Batch, NDArray[np.int64]]:
        assert self._data is not None, "no update is due before the first rollout"
        draws, self._draws = self._draws[:count], self._draws[count:]
        return self._data, draws


def _worth(q: NDArray[np.float32], chances: NDArray[np.float32] | None) -> NDArray[np.float32]:
    """Of states (N,), from the Q-values and the chances of their actions, each (N, A)."""
    return q.max(axis=1) if chances is None else np.einsum("na,na->n", chances, q)
