"""The last few vector steps of all cars, and the returns that Q-values learn from without a replay memory."""

import numpy as np
from numpy.typing import NDArray

from qrace.rl.replay import Batch

Floats32 = NDArray[np.float32]


def lambda_returns(reward: Floats32, discount: Floats32, next_value: Floats32, trace: Floats32) -> Floats32:
    """Peng's Q(lambda) (Peng and Williams 1996; Gallici et al. 2024, equation 8), arrays (T, N) in the order of time.

        G_t = r_t + discount_t ((1 - trace_t) next_value_t + trace_t G_{t+1})

    next_value is what the true successor is worth, max_a Q or what the policy expects; discount is 0 after a crash;
    trace is 0 where the episode was cut. The last step of the rollout has no G_{t+1}: its trace counts as 0.
    """
    returns = np.empty_like(reward)
    later = next_value[-1]
    for t in range(len(reward) - 1, -1, -1):
        later = returns[t] = reward[t] + discount[t] * (next_value[t] + trace[t] * (later - next_value[t]))
    return returns


class Rollout:
    """T vector steps of N cars. `add` them one by one; `close` gives them as transitions when it is `full`.

    Attributes:
        filled: steps added since it was empty.
    """

    def __init__(self, steps: int, cars: int, observation_size: int, discount: float, trace: float) -> None:
        self._gamma, self._lambda = np.float32(discount), np.float32(trace)
        self._observation = np.zeros((2, steps, cars, observation_size), dtype=np.float32)
        self._action = np.zeros((2, steps, cars), dtype=np.int64)
        self._reward, self._discount, self._next_value = np.zeros((3, steps, cars), dtype=np.float32)
        self._cut = np.zeros((steps, cars), dtype=np.bool_)
        self._side = 0  # one side of the first two arrays fills while the other is learnt from
        self.filled = 0

    @property
    def full(self) -> bool:
        return self.filled == len(self._reward)

    def add(
        self,
        observation: Floats32,
        value: Floats32,
        action: NDArray[np.int64],
        reward: Floats32,
        terminated: NDArray[np.bool_],
        truncated: NDArray[np.bool_],
    ) -> None:
        """Take one vector step: arrays (N, D) and (N,); value is what the observation is worth."""
        t = self.filled
        if t:
            self._follow(t - 1, value)
        self._observation[self._side, t], self._action[self._side, t], self._reward[t] = observation, action, reward
        self._discount[t] = np.where(terminated, np.float32(0.0), self._gamma)
        self._cut[t] = truncated
        self.filled += 1

    def cut(self, truncated: NDArray[np.bool_], value: Floats32) -> None:
        """The step just added was the last of its episode for the cars in the mask (N,); value (K,) of their ends."""
        self._next_value[self.filled - 1, truncated] = value

    def close(self, value: Floats32) -> Batch:
        """All T N transitions with their returns as rewards, and an empty rollout; value (N,) of what came after.

        The arrays stay as they are until the first add() after the next close().
        """
        self._follow(self.filled - 1, value)
        trace = np.where(self._cut, np.float32(0.0), self._lambda)
        returns = lambda_returns(self._reward, self._discount, self._next_value, trace).reshape(-1)
        observation = self._observation[self._side].reshape(len(returns), -1)
        batch = Batch(observation, self._action[self._side].reshape(-1), returns, observation, np.zeros_like(returns))
        self._side, self.filled = 1 - self._side, 0
        return batch

    def _follow(self, t: int, value: Floats32) -> None:
        """What was observed next has this value; where the episode was cut, that is another episode's beginning."""
        np.copyto(self._next_value[t], value, where=~self._cut[t])
