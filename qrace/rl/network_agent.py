"""What every driver with a Q-network shares: exploring by published weights, updates, an average that drives."""

from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from qrace.rl.agent_state import restore_scalars, saved_scalars
from qrace.rl.config import LearnerConfig
from qrace.rl.fast_learner import FastLearner
from qrace.rl.policy import NetworkPolicy, epsilon_greedy
from qrace.rl.replay import Batch
from qrace.rl.schedules import epsilon_at
from qrace.rl.standardise import RunningStatistics
from qrace.rl.weights import BRAIN_PARTS, Brain, NetworkShape


class Learner(Protocol):
    """The gradient updates of a brain, in torch or by hand."""

    def learn(self, data: Batch, draws: NDArray[np.int64]) -> float: ...


class NetworkAgent(NetworkPolicy):
    """One brain for N cars. Making the first one compiles the fast update, seconds on a fresh machine.

    A subclass says what it remembers, `store`, and what an update learns from, `_batches`.

    Args:
        config: the learner's switches.
        observation_size: D.
        actions: A.
        cars: N, the rows of every call to explore() and store().
        seed: decides the first weights, the exploration and the sampling, each by a generator of its own.

    Attributes:
        explored: share of the last explore()'s actions that were not greedy, None where epsilon alone says it.
    """

    explored: float | None = None

    def __init__(self, config: LearnerConfig, observation_size: int, actions: int, cars: int, seed: int) -> None:
        initial, self._explore_rng, self._sample_rng = (
            np.random.default_rng(child) for child in np.random.SeedSequence(seed).spawn(3)
        )
        shape = NetworkShape.of(config, observation_size, actions)
        self.config = config
        self.brain = Brain.newborn(shape, initial)
        super().__init__(shape, self.brain.online)
        self._acting = NetworkPolicy(shape, self.brain.online.copy())
        self._acting_epsilon = self.epsilon
        self._statistics = RunningStatistics(shape, self.brain) if config.standardise else None
        self._learner = self._make_learner()

    @property
    def updates(self) -> int:
        """Gradient updates so far."""
        return self.brain.updates

    @property
    def epsilon(self) -> float:
        """Share of random actions in explore()."""
        return epsilon_at(self.config.epsilon, self.updates)

    def explore(self, observation: NDArray[np.float32]) -> NDArray[np.int64]:
        """Epsilon-greedy actions (N,) for observations (N, D), by the weights and the epsilon last published."""
        greedy = self._acting.select_actions(observation)
        return epsilon_greedy(greedy, self.shape.actions, self._acting_epsilon, self._explore_rng)

    def publish(self) -> None:
        """Let explore() act by the weights as they are now, so that update() may change them at the same time."""
        np.copyto(self._acting.weights, self.brain.online)
        self._acting_epsilon = self.epsilon

    def update(self, count: int = 1) -> float:
        """Make `count` gradient updates; returns their mean loss.

        Fit for a second thread beside explore(), not beside store(). With `fast` nearly all of it runs without the GIL.
        """
        loss = self._learner.learn(*self._batches(count))
        self._follow(count)
        return loss

    def _batches(self, count: int) -> tuple[Batch, NDArray[np.int64]]:
        """Transitions, and the rows (count, B) of them that the next updates learn from."""
        raise NotImplementedError

    def _observed(self, observation: NDArray[np.float32]) -> None:
        """For store(): what was seen (N, D) counts in the statistics of the inputs."""
        if self._statistics:
            self._statistics.add(observation)

    def _follow(self, count: int) -> None:
        """Let the average follow the online weights over `count` updates.

        It reaches back over 1 / average_rate updates, but never over more than the latest tenth of all there were: the
        weights of a beginner are soon forgotten. Where there is no average_rate it is a copy, for whoever resumes with
        one.
        """
        if not self.config.average_rate:
            np.copyto(self.brain.average, self.brain.online)
            return
        rate = max(self.config.average_rate, min(1.0, 10.0 / self.updates))
        self.brain.average += np.float32(1.0 - (1.0 - rate) ** count) * (self.brain.online - self.brain.average)

    def _make_learner(self) -> Learner:
        if self.config.fast:
            return FastLearner(self.brain, self.shape, self.config)
        from qrace.rl.dqn import TorchLearner  # torch takes seconds to import: only who asks for it waits

        return TorchLearner(self.brain, self.shape, self.config)

    def frozen(self) -> NetworkPolicy:
        """Today's driver, as a copy that further learning does not change.

        The running average of the online weights drives far more steadily than they do (Polyak and Juditsky 1992).
        """
        driver = self.brain.average if self.config.average_rate else self.brain.online
        return NetworkPolicy(self.shape, driver.copy())

    def get_state(self) -> tuple[dict[str, NDArray[np.float32]], dict[str, Any]]:
        """Copies of all that is needed to go on: tensors by name, and scalars fit for JSON. Not the replay memory."""
        tensors = {
            f"{part}.{name}": view.copy()
            for part in BRAIN_PARTS
            for name, view in self.shape.views(getattr(self.brain, part)).items()
        }
        counts = {"updates": self.updates}
        if self._statistics:
            counts["observed"] = self._statistics.count
        return tensors, saved_scalars(counts, explore=self._explore_rng, sample=self._sample_rng)

    def set_state(self, tensors: dict[str, NDArray[np.float32]], scalars: dict[str, Any]) -> None:
        """Take over what get_state gave, from an agent of the same shape. The replay memory fills anew."""
        names = ("updates", "observed") if self._statistics else ("updates",)
        counts = restore_scalars(scalars, names, explore=self._explore_rng, sample=self._sample_rng)
        self.brain.updates = counts[0]
        if self._statistics:
            self._statistics.count = counts[1]
        for part in BRAIN_PARTS:
            for name, view in self.shape.views(getattr(self.brain, part)).items():
                view[:] = tensors[f"{part}.{name}"]
        self._learner = self._make_learner()
        self.publish()
