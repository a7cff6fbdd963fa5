"""Tabular Q-learning against the analytic Q-values of a chain and against updates worked by hand."""

import numpy as np
import pytest

from qrace.errors import QRaceError
from qrace.rl.config import EpsilonConfig, LearnerConfig
from qrace.rl.q_table import QTableAgent, discretise
from tests.rl.chain import Chain, train

EXPLORING = EpsilonConfig(start=0.5, end=0.5, decay=1.0)


def config(**changes):
    settings = {"kind": "q-table", "ray_bins": 2, "discount": 0.8, "learning_rate": 0.3, "epsilon": EXPLORING}
    return LearnerConfig(**(settings | changes))


def test_converges_to_the_analytic_q_values():
    chain = Chain(6, walkers=16, rng=np.random.default_rng(0), limit=4)  # most episodes end by the clock
    agent = QTableAgent(config(), observation_size=6, actions=2, cars=16, seed=0)
    train(agent, chain, 1500)
    learned = agent.q_values(chain.one_hot(np.arange(5)))
    np.testing.assert_allclose(learned, chain.exact_q(0.8), atol=1e-3)


def one_update(terminated, truncated, rewards=(1.0,)):
    """Q of one cell after an update by hand: the next state is worth 10, the cell itself 2."""
    agent = QTableAgent(config(learning_rate=0.5), observation_size=1, actions=2, cars=1, seed=0)
    agent.table[:] = [[2.0, 0.0], [10.0, 7.0]]
    cars = len(rewards)
    low, high = np.zeros((cars, 1), dtype=np.float32), np.ones((cars, 1), dtype=np.float32)
    flags = np.full(cars, terminated), np.full(cars, truncated)
    agent.store(low, np.zeros(cars, dtype=np.int64), np.array(rewards, dtype=np.float32), high, *flags)
    assert agent.updates_due() == 1
    agent.update()
    assert agent.updates_due() == 0
    return float(agent.table[0, 0])


def test_update_by_hand():
    assert one_update(terminated=False, truncated=False) == pytest.approx(2 + 0.5 * (1 + 0.8 * 10 - 2))


def test_a_crash_does_not_bootstrap_and_a_time_limit_does():
    assert one_update(terminated=True, truncated=False) == pytest.approx(2 + 0.5 * (1 - 2))
    assert one_update(terminated=False, truncated=True) == pytest.approx(2 + 0.5 * (1 + 0.8 * 10 - 2))


def test_cars_in_one_cell_share_the_step():
    assert one_update(False, False, rewards=(0.0, 2.0)) == pytest.approx(one_update(False, False, rewards=(1.0,)))


def test_bins():
    observation = np.array([[0.0, 0.0], [0.99, 0.0], [1.0, 0.0], [0.0, 1.0], [0.3, 0.2], [-1.0, 5.0]], dtype=np.float32)
    # four bins with edges at 0, 1/16, 1/4, 9/16 and 1: digits of a number in base 4, first feature least
    assert discretise(observation, 4).tolist() == [0, 3, 3, 12, 2 + 4 * 1, 12]


def test_too_large_a_table_is_refused():
    with pytest.raises(QRaceError, match="fewer rays"):
        QTableAgent(config(ray_bins=5), observation_size=13, actions=9, cars=1, seed=0)
