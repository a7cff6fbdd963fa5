"""Policies: observation in, action out."""

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from qrace.rl.weights import NetworkShape, forward


class Policy(Protocol):
    """What drives a car; a batch of N observations at a time."""

    def select_actions(self, observation: NDArray[np.float32]) -> NDArray[np.int64]:
        """The greedy action of each observation (N, D): (N,)."""
        ...

    def q_values(self, observation: NDArray[np.float32]) -> NDArray[np.float32]:
        """What the brain expects of every action: (N, A)."""
        ...


class Driver(Policy, Protocol):
    """A policy that can be saved."""

    def tensors(self) -> dict[str, NDArray[np.float32]]:
        """Copies of all that it consists of, by the names of a model file."""
        ...


class GreedyPolicy:
    """Always takes the action of the highest Q-value; the first of equals."""

    def select_actions(self, observation: NDArray[np.float32]) -> NDArray[np.int64]:
        return self.q_values(observation).argmax(axis=1)

    def q_values(self, observation: NDArray[np.float32]) -> NDArray[np.float32]:
        raise NotImplementedError


def epsilon_greedy(
    greedy: NDArray[np.int64], actions: int, epsilon: float, rng: np.random.Generator
) -> NDArray[np.int64]:
    """Replace each car's greedy action (N,) by a uniformly random one with probability epsilon.

    Draws the same amount of randomness whatever epsilon is, so that runs that differ in epsilon alone stay comparable.
    """
    explores = rng.random(len(greedy)) < epsilon
    return np.where(explores, rng.integers(actions, size=len(greedy)), greedy)


def softmax(q: NDArray[np.float32], temperature: float) -> NDArray[np.float32]:
    """Probabilities (N, A) in proportion to exp(q / temperature) (Sutton and Barto 2018, equation 2.11)."""
    weight = np.exp((q - q.max(axis=1, keepdims=True)) / np.float32(temperature))
    weight /= weight.sum(axis=1, keepdims=True)
    return weight


def draw_actions(probabilities: NDArray[np.float32], rng: np.random.Generator) -> NDArray[np.int64]:
    """An action for each row of probabilities (N, A): (N,)."""
    upper = probabilities.cumsum(axis=1)
    return np.count_nonzero(upper < upper[:, -1:] * rng.random((len(upper), 1), dtype=np.float32), axis=1)


class NetworkPolicy(GreedyPolicy):
    """Greedy driving by a Q-network's weights, in numpy alone: one batched forward pass for all cars.

    The weights (P,) are read at every call, not copied: a policy over a learning brain's array drives with the latest.
    """

    def __init__(self, shape: NetworkShape, weights: NDArray[np.float32]) -> None:
        self.shape = shape
        self.weights = weights
        self._views = shape.views(weights)

    def q_values(self, observation: NDArray[np.float32]) -> NDArray[np.float32]:
        return forward(self.shape, self._views, observation)

    def tensors(self) -> dict[str, NDArray[np.float32]]:
        return {f"champion.{name}": view.copy() for name, view in self._views.items()}
