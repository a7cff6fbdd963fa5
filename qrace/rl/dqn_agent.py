"""A driver that learns by deep Q-learning: network, replay memory, target network, epsilon-greedy exploration."""

import numpy as np
from numpy.typing import NDArray

from qrace.rl.config import LearnerConfig
from qrace.rl.n_step import NStepAssembler
from qrace.rl.network_agent import NetworkAgent
from qrace.rl.replay import Batch, ReplayMemory


class DQNAgent(NetworkAgent):
    """Learns from transitions drawn at random from a replay memory (Mnih et al. 2015); see NetworkAgent."""

    def __init__(self, config: LearnerConfig, observation_size: int, actions: int, cars: int, seed: int) -> None:
        super().__init__(config, observation_size, actions, cars, seed)
        self.memory = ReplayMemory(config.replay_capacity, observation_size)
        self._n_step = NStepAssembler(config.n_step, config.discount, cars, observation_size)

    def store(
        self,
        observation: NDArray[np.float32],
        action: NDArray[np.int64],
        reward: NDArray[np.float32],
        next_observation: NDArray[np.float32],
        terminated: NDArray[np.bool_],
        truncated: NDArray[np.bool_],
    ) -> None:
        """Remember one vector step. All arrays are copied.

        Args:
            observation: (N, D) what the actions were chosen from.
            action: (N,).
            reward: (N,).
            next_observation: (N, D) the true successors, before any reset.
            terminated: (N,) the car crashed: there is no future to bootstrap from.
            truncated: (N,) the clock cut the episode: there is.
        """
        self._observed(observation)
        self.memory.add(self._n_step.step(observation, action, reward, next_observation, terminated, truncated))

    def updates_due(self) -> int:
        """Gradient updates to make after one vector step; none until `learning_starts` transitions are stored."""
        return self.config.updates_per_step if self.memory.size >= self.config.learning_starts else 0

    def _batches(self, count: int) -> tuple[Batch, NDArray[np.int64]]:
        return self.memory.draws(count, self.config.batch_size, self._sample_rng)
