"""PQN as the trainer uses it: it learns a chain, in torch as by hand, and spreads its updates evenly."""

from dataclasses import replace

import numpy as np
import pytest

from qrace.rl.agent import make_agent
from qrace.rl.config import EpsilonConfig, LearnerConfig
from tests.rl.chain import Chain, train

CONFIG = LearnerConfig(
    kind="pqn",
    hidden=(32, 32),
    dueling=True,
    layer_norm=True,
    discount=0.8,
    learning_rate=3e-3,
    batch_size=64,
    rollout_steps=8,
    trace=0.0,
    epochs=2,
    average_rate=0.05,
    epsilon=EpsilonConfig(start=0.5, end=0.5, decay=1.0),
)


def trained(config, steps, seed=0):
    chain = Chain(6, walkers=16, rng=np.random.default_rng(0), limit=4)
    agent = make_agent(config, 6, 2, cars=16, seed=seed)
    train(agent, chain, steps)
    return chain, agent


def test_one_step_targets_learn_the_q_values_of_a_chain():
    """Also where the clock cuts episodes short: a cut is no end."""
    chain, agent = trained(CONFIG, 1500)
    learned = agent.frozen().q_values(chain.one_hot(np.arange(5)))
    np.testing.assert_allclose(learned, chain.exact_q(0.8), atol=0.05)


def q_of_the_softmax_policy(gamma, temperature):
    """(5, 2) of the chain of 6 cells: Q = r + gamma sum_a pi(a) Q, iterated to its fixed point."""
    cell = np.arange(5)
    successor = np.stack([np.maximum(cell - 1, 0), cell + 1], axis=1)
    q = np.zeros((6, 2))
    for _ in range(500):
        policy = np.exp(q / temperature) / np.exp(q / temperature).sum(axis=1, keepdims=True)
        value = np.where(np.arange(6) == 5, 0.0, (policy * q).sum(axis=1))
        q[:5] = (successor == 5) + gamma * value[successor]
    return q[:5]


@pytest.mark.parametrize("trace", [0.0, 0.9])
def test_with_a_temperature_it_learns_what_the_softmax_policy_earns(trace):
    """Less than the best policy does; with traces only on the policy's own actions, so without random ones."""
    config = replace(CONFIG, temperature=0.5, trace=trace, epsilon=EpsilonConfig(0.0, 0.0, 1.0))
    chain, agent = trained(config, 2000)
    learned = agent.frozen().q_values(chain.one_hot(np.arange(5)))
    expected = q_of_the_softmax_policy(0.8, 0.5)
    assert np.abs(expected - chain.exact_q(0.8)).max() > 0.15
    np.testing.assert_allclose(learned, expected, atol=0.05)


def test_it_tells_how_many_actions_were_not_greedy():
    """Half of two actions when the softmax is hot; nothing to tell when epsilon alone explores."""
    config = replace(CONFIG, temperature=1e3, epsilon=EpsilonConfig(0.0, 0.0, 1.0))
    agent = make_agent(config, 6, 2, cars=2_000, seed=0)
    observation = np.eye(6, dtype=np.float32)[np.arange(2_000) % 6]
    actions = agent.explore(observation)
    assert agent.explored == np.mean(actions != agent.select_actions(observation))
    assert agent.explored == pytest.approx(0.5, abs=0.05)
    assert make_agent(CONFIG, 6, 2, cars=2, seed=0).explored is None


def test_traces_learn_the_way_to_the_end():
    chain, agent = trained(replace(CONFIG, trace=0.9), 600)
    assert agent.select_actions(chain.one_hot(np.arange(5))).tolist() == [1] * 5


def test_by_hand_as_in_torch():
    slow = replace(CONFIG, fast=False, learning_rate_half_life=40)
    _, one = trained(slow, 60)
    _, other = trained(replace(slow, fast=True), 60)
    assert one.updates == other.updates > 0
    newborn = make_agent(slow, 6, 2, cars=16, seed=0).brain.target
    assert all(np.array_equal(agent.brain.target, newborn) for agent in (one, other)), "there is no target network"
    np.testing.assert_allclose(one.brain.online, other.brain.online, atol=2e-4)


@pytest.mark.parametrize(("cars", "size"), [(16, 64), (2, 16)])
def test_no_step_makes_more_updates_than_its_share(cars, size):
    """16 cars: 8 steps, 2 epochs of 2 batches, so 4 updates over 8 steps; 2 cars fill only one small batch."""
    chain = Chain(6, walkers=cars, rng=np.random.default_rng(0))
    agent = make_agent(CONFIG, 6, 2, cars=cars, seed=0)
    made = []
    for _ in range(33):
        before = agent.updates
        train(agent, chain, 1)
        made.append(agent.updates - before)
    assert agent.config.batch_size == size
    assert made[:8] == [0] * 8, "the first rollout is not full"
    rounds = [sum(made[begin : begin + 8]) for begin in (8, 16, 24)]
    assert rounds == [2 * (8 * cars // size)] * 3
    assert max(made) == 1


def test_a_softmax_too_cold_for_float32_is_greedy():
    _, cold = trained(replace(CONFIG, temperature=1e-46), 40)
    _, greedy = trained(replace(CONFIG, temperature=0.0), 40)
    np.testing.assert_array_equal(cold.brain.online, greedy.brain.online)


def test_a_resumed_brain_drives_by_what_it_knows_from_the_first_step():
    chain, agent = trained(CONFIG, 600)
    resumed = make_agent(replace(CONFIG, epsilon=EpsilonConfig(0.0, 0.0, 1.0)), 6, 2, cars=16, seed=1)
    resumed.set_state(*agent.get_state())
    observation = chain.one_hot(np.arange(5).repeat(4)[:16])
    np.testing.assert_array_equal(resumed.explore(observation), agent.q_values(observation).argmax(axis=1))
