"""The numbers of the lesson against sums on paper, the paper's targets in torch, and the table's own update."""

import numpy as np
import pytest
import torch

from qrace.rl.backup import Transition, backup
from qrace.rl.config import LearnerConfig
from qrace.rl.dqn import td_targets
from qrace.rl.policy import NetworkPolicy
from qrace.rl.q_table import QTableAgent
from qrace.rl.weights import NetworkShape


class Known:
    """States that name their own values."""

    def select_actions(self, observation):
        return observation.argmax(axis=1)

    def q_values(self, observation):
        return observation


def transition(terminated=False):
    here, there = np.array([1.0, 4.0, 2.0], dtype=np.float32), np.array([5.0, 3.0, 8.0], dtype=np.float32)
    return Transition(here, 2, 0.5, there, terminated)


def test_by_hand():
    found = backup(Known(), transition(), 0.75)
    assert (found.q_value, found.next_value, found.target, found.td_error) == (2.0, 8.0, 6.5, 4.5)


def test_a_crash_has_no_future():
    found = backup(Known(), transition(terminated=True), 0.75)
    assert (found.next_value, found.target, found.td_error) == (0.0, 0.5, -1.5)


@pytest.mark.parametrize("terminated", [False, True])
def test_is_the_papers_target(terminated):
    rng = np.random.default_rng(1)
    shape = NetworkShape.of(LearnerConfig(hidden=(16,)), 5, 4)
    policy = NetworkPolicy(shape, shape.initial_weights(rng))
    here, there = rng.normal(size=(2, 5)).astype(np.float32)
    next_q = torch.from_numpy(policy.q_values(there[None]))
    discount = torch.tensor([0.0 if terminated else 0.9])
    expected = td_targets(torch.tensor([0.25]), discount, next_q, next_q, double=True)
    found = backup(policy, Transition(here, 1, 0.25, there, terminated), 0.9)
    assert found.target == pytest.approx(float(expected), rel=1e-6)
    assert found.q_value == pytest.approx(float(policy.q_values(here[None])[0, 1]), rel=1e-6)


def test_a_table_takes_away_its_share_of_the_error():
    agent = QTableAgent(LearnerConfig(kind="q-table", learning_rate=0.25, discount=0.9), 2, 3, 1, 0)
    agent.table[:] = np.random.default_rng(2).normal(size=agent.table.shape)
    step = Transition(np.float32([0.1, 0.9]), 1, 1.5, np.float32([0.8, 0.3]), False)
    before = backup(agent, step, 0.9)
    rows = (step.observation[None], np.array([1]), np.float32([1.5]), step.next_observation[None])
    agent.store(*rows, np.array([False]), np.array([False]))
    agent.update()
    assert backup(agent, step, 0.9).td_error == pytest.approx(0.75 * before.td_error, rel=1e-5)
