"""n-step returns for N cars in step (Sutton 1988; Hessel et al. 2018)."""

import numpy as np
from numpy.typing import NDArray

from qrace.rl.replay import Batch


class NStepAssembler:
    """Turns each vector step into the n-step transitions that it completes.

    A transition that starts in s_t is completed by the n-th reward after it,

        R = r_t + gamma r_{t+1} + ... + gamma^{n-1} r_{t+n-1},   next observation s_{t+n},   discount gamma^n,

    or earlier by the end of the episode, after k < n rewards. Then its return has those k rewards; after a crash there
    is no bootstrap (discount 0), at a time limit there is, from the true successor with gamma^k. No return ever
    reaches into the next episode.
    """

    def __init__(self, n: int, discount: float, cars: int, observation_size: int) -> None:
        self.n = n
        self._powers = (discount ** np.arange(n + 1)).astype(np.float32)
        # A ring of the last n starts, one slot per vector step, shared by all cars.
        self._observation = np.zeros((n, cars, observation_size), dtype=np.float32)
        self._action = np.zeros((n, cars), dtype=np.int64)
        self._return = np.zeros((n, cars), dtype=np.float32)
        self._pending = np.zeros(cars, dtype=np.int64)  # how many of a car's latest slots are not yet completed
        self._slot = 0

    def step(
        self,
        observation: NDArray[np.float32],
        action: NDArray[np.int64],
        reward: NDArray[np.float32],
        next_observation: NDArray[np.float32],
        terminated: NDArray[np.bool_],
        truncated: NDArray[np.bool_],
    ) -> Batch:
        """Take one step of all cars, (N, D) and (N,) arrays; return the transitions it completes."""
        self._observation[self._slot] = observation
        self._action[self._slot] = action
        self._return[self._slot] = 0.0
        self._pending += 1
        ended = terminated | truncated
        completed = []
        for age in range(self.n):
            slot = (self._slot - age) % self.n
            open_ = self._pending > age
            self._return[slot] += np.where(open_, self._powers[age] * reward, np.float32(0.0))
            done = open_ if age == self.n - 1 else open_ & ended
            if done.any():
                completed.append(
                    Batch(
                        self._observation[slot, done],
                        self._action[slot, done],
                        self._return[slot, done],
                        next_observation[done],
                        np.where(terminated[done], np.float32(0.0), self._powers[age + 1]),
                    )
                )
        self._pending = np.where(ended, 0, np.minimum(self._pending, self.n - 1))
        self._slot = (self._slot + 1) % self.n
        if not completed:
            return Batch(observation[:0], action[:0], reward[:0], next_observation[:0], reward[:0])
        return Batch(*(np.concatenate(parts) for parts in zip(*completed, strict=True)))
