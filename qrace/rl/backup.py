"""One backup of Q-learning in numbers: what a single transition says about the value of its action."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from qrace.rl.policy import Policy


class Transition(NamedTuple):
    """One decision of one car, and what came of it."""

    observation: NDArray[np.float32]
    """(D,) the state s in which the action was chosen."""
    action: int
    """Index of the action a."""
    reward: float
    next_observation: NDArray[np.float32]
    """(D,) the true successor s', before any reset."""
    terminated: bool
    """The car crashed: there is no future to bootstrap from."""
    car: int = 0
    """Index of the car."""


@dataclass(frozen=True)
class Backup:
    """The Bellman equation for one transition: Q(s, a) is to be r + discount * max_a' Q(s', a').

    Bellman 1957; Watkins 1989. One step and one set of values: what n-step returns and a target network vary.
    """

    transition: Transition
    q_value: float
    """Q(s, a)."""
    discount: float
    next_value: float
    """max_a' Q(s', a'), 0 after a crash."""

    @property
    def target(self) -> float:
        """What Q(s, a) is pulled towards."""
        return self.transition.reward + self.discount * self.next_value

    @property
    def td_error(self) -> float:
        """How far it still has to go."""
        return self.target - self.q_value


def backup(policy: Policy, transition: Transition, discount: float) -> Backup:
    """The equation as this policy values both states."""
    q, next_q = policy.q_values(np.stack([transition.observation, transition.next_observation]))
    next_value = 0.0 if transition.terminated else float(next_q.max())
    return Backup(transition, float(q[transition.action]), discount, next_value)
