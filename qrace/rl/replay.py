"""Replay memory: the last transitions of all cars in preallocated arrays (Lin 1992; Mnih et al. 2015)."""

from collections.abc import Iterable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from qrace.errors import QRaceError


class Batch(NamedTuple):
    """Transitions as plain arrays. The TD target of each is `reward + discount * value of next_observation`."""

    observation: NDArray[np.float32]
    """(B, D) the state in which the action was chosen."""
    action: NDArray[np.int64]
    """(B,) index of the action taken."""
    reward: NDArray[np.float32]
    """(B,) discounted sum of the rewards until next_observation."""
    next_observation: NDArray[np.float32]
    """(B, D) the true successor, never the observation after a reset."""
    discount: NDArray[np.float32]
    """(B,) gamma^n where the episode went on (or was cut by the clock), 0 where it ended in a crash."""


class ReplayMemory:
    """A ring of transitions: when it is full, the oldest are overwritten.

    Attributes:
        data: the arrays of all transitions, each with `capacity` rows.
        size: rows filled so far.
    """

    def __init__(self, capacity: int, observation_size: int) -> None:
        try:
            self.data = Batch(
                observation=np.zeros((capacity, observation_size), dtype=np.float32),
                action=np.zeros(capacity, dtype=np.int64),
                reward=np.zeros(capacity, dtype=np.float32),
                next_observation=np.zeros((capacity, observation_size), dtype=np.float32),
                discount=np.zeros(capacity, dtype=np.float32),
            )
        except (MemoryError, ValueError) as error:
            raise QRaceError(
                f"replay_capacity {capacity:,} does not fit into memory: choose a smaller one, such as 100000."
            ) from error
        self.capacity = capacity
        self.size = 0
        self._next = 0

    def add(self, batch: Batch) -> None:
        """Copy the transitions of `batch` into the ring, of more than the capacity the last ones."""
        batch = Batch._make(column[-self.capacity :] for column in batch)
        count = len(batch.action)
        first = min(count, self.capacity - self._next)
        pairs: Iterable[tuple[NDArray[Any], NDArray[Any]]] = zip(self.data, batch, strict=True)
        for column, rows in pairs:
            column[self._next : self._next + first] = rows[:first]
            column[: count - first] = rows[first:]
        self._next = (self._next + count) % self.capacity
        self.size = min(self.size + count, self.capacity)

    def sample_indices(self, count: int, rng: np.random.Generator) -> NDArray[np.int64]:
        """Rows drawn uniformly with replacement, (count,)."""
        return rng.integers(self.size, size=count)

    def draws(self, count: int, batch_size: int, rng: np.random.Generator) -> tuple[Batch, NDArray[np.int64]]:
        """All transitions, and rows (count, B) of them drawn uniformly with replacement: what updates learn from."""
        return self.data, self.sample_indices(count * batch_size, rng).reshape(count, -1)

    def sample(self, batch_size: int, rng: np.random.Generator) -> Batch:
        """`batch_size` transitions drawn uniformly with replacement, as copies."""
        rows = self.sample_indices(batch_size, rng)
        return Batch._make(column.take(rows, axis=0) for column in self.data)
