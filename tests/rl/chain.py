"""A corridor of cells that N walkers share, small enough to know its Q-values by formula."""

import numpy as np


class Chain:
    """Cells 0 … length-1; action 1 steps right, 0 left (staying in cell 0). Reaching the last cell pays 1 and ends.

    With gamma and k = length - 1 - cell steps to go: Q(cell, right) = gamma^(k-1), Q(cell, left) =
    gamma * gamma^(max(cell-1, 0) steps to go - 1). Observations are one-hot (N, length). Walkers that reach the end
    (terminated), and those whose time is up (truncated after `limit` steps), start anew in a random cell.
    """

    def __init__(self, length, walkers, rng, limit=20):
        self.length, self.limit, self.rng = length, limit, rng
        self.cell = rng.integers(length - 1, size=walkers)
        self.age = np.zeros(walkers, dtype=int)

    def one_hot(self, cell):
        return np.eye(self.length, dtype=np.float32)[cell]

    @property
    def observation(self):
        return self.one_hot(self.cell)

    def step(self, action):
        """(reward, next observation before any restart, terminated, truncated)."""
        successor = np.clip(self.cell + np.where(action == 1, 1, -1), 0, self.length - 1)
        self.age += 1
        terminated = successor == self.length - 1
        truncated = (self.age >= self.limit) & ~terminated
        ended = terminated | truncated
        self.cell = np.where(ended, self.rng.integers(self.length - 1, size=len(action)), successor)
        self.age[ended] = 0
        return terminated.astype(np.float32), self.one_hot(successor), terminated, truncated

    def exact_q(self, gamma):
        """(length - 1, 2) the optimal Q-values by the formula above."""
        value = gamma ** (self.length - 2 - np.arange(self.length - 1.0))
        left = gamma * value[np.maximum(np.arange(self.length - 1) - 1, 0)]
        return np.stack([left, value], axis=1)


def train(agent, chain, steps):
    """The trainer's loop on a chain."""
    for _ in range(steps):
        observation = chain.observation
        action = agent.explore(observation)
        reward, successor, terminated, truncated = chain.step(action)
        agent.store(observation, action, reward, successor, terminated, truncated)
        agent.publish()
        due = agent.updates_due()
        if due:
            agent.update(due)
