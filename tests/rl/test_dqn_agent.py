"""The agent as the trainer uses it: it learns a chain, repeats itself exactly, and goes on from a saved state."""

from dataclasses import replace

import numpy as np
import pytest

from qrace.errors import QRaceError
from qrace.rl.agent import make_agent
from qrace.rl.config import EpsilonConfig, LearnerConfig
from qrace.rl.policy import NetworkPolicy
from tests.rl.chain import Chain, train

EXPLORING = EpsilonConfig(start=0.5, end=0.5, decay=1.0)
CONFIG = LearnerConfig(
    hidden=(32, 32),
    discount=0.8,
    learning_rate=3e-3,
    batch_size=64,
    learning_starts=200,
    updates_per_step=2,
    target_rate=0.05,
    epsilon=EXPLORING,
)
VARIANTS = {
    "plain": replace(CONFIG, double=False, loss="mse", target_update="hard", target_period=20),
    "double": CONFIG,
    "all": replace(CONFIG, dueling=True, layer_norm=True),
}


@pytest.mark.parametrize("variant", VARIANTS)
def test_learns_the_q_values_of_a_chain(variant):
    chain = Chain(6, walkers=16, rng=np.random.default_rng(0), limit=4)
    agent = make_agent(VARIANTS[variant], 6, 2, cars=16, seed=0)
    train(agent, chain, 600)
    learned = agent.q_values(chain.one_hot(np.arange(5)))
    np.testing.assert_allclose(learned, chain.exact_q(0.8), atol=0.05)


def test_n_step_learns_the_way_to_the_end():
    """3-step returns of an exploring driver are lower than Q*, but the way is the same."""
    chain = Chain(6, walkers=16, rng=np.random.default_rng(0))
    agent = make_agent(replace(CONFIG, n_step=3), 6, 2, cars=16, seed=0)
    train(agent, chain, 400)
    assert agent.select_actions(chain.one_hot(np.arange(5))).tolist() == [1] * 5


@pytest.mark.parametrize("kind", ["dqn", "q-table"])
def test_same_seed_same_weights(kind):
    config = replace(CONFIG, kind=kind, ray_bins=2)

    def weights(seed):
        chain = Chain(6, walkers=8, rng=np.random.default_rng(1))
        agent = make_agent(config, 6, 2, cars=8, seed=seed)
        train(agent, chain, 80)
        return agent.get_state()[0]

    first, second, other = weights(0), weights(0), weights(1)
    assert first.keys() == second.keys()
    assert all(np.array_equal(first[name], second[name]) for name in first)
    assert not all(np.array_equal(first[name], other[name]) for name in first)


def test_making_an_agent_leaves_the_global_generators_alone():
    np.random.seed(5)  # noqa: NPY002
    before = np.random.get_state()[1].copy()  # noqa: NPY002
    train(make_agent(CONFIG, 6, 2, cars=16, seed=0), Chain(6, 16, np.random.default_rng(0)), 20)
    np.testing.assert_array_equal(before, np.random.get_state()[1])  # noqa: NPY002


@pytest.mark.parametrize(("kind", "fast"), [("dqn", True), ("dqn", False), ("q-table", True)])
def test_goes_on_from_a_saved_state_as_if_never_interrupted(kind, fast):
    """With the same data after loading, the loaded agent stays equal to the last bit, epsilon and target included."""
    config = replace(
        CONFIG,
        kind=kind,
        fast=fast,
        ray_bins=2,
        target_update="hard",
        target_period=7,
        epsilon=EpsilonConfig(1.0, 0.05, 0.99),
    )
    agent = make_agent(config, 6, 2, cars=16, seed=0)
    train(agent, Chain(6, 16, np.random.default_rng(0)), 40)
    tensors, scalars = agent.get_state()
    loaded = make_agent(config, 6, 2, cars=16, seed=99)
    loaded.set_state(tensors, scalars)
    assert 0.05 < agent.epsilon < 0.9
    assert loaded.updates == agent.updates > 0
    assert loaded.epsilon == agent.epsilon
    if kind == "dqn":
        agent.memory = type(agent.memory)(config.replay_capacity, 6)  # the replay memory is not saved
    for either in (agent, loaded):
        train(either, Chain(6, 16, np.random.default_rng(7)), 60)
    assert loaded.updates == agent.updates > scalars["updates"]
    expected, found = agent.get_state()[0], loaded.get_state()[0]
    assert all(np.array_equal(expected[name], found[name]) for name in expected)


def test_epsilon_and_target_period_count_updates_not_steps_or_episodes():
    config = replace(
        CONFIG,
        learning_starts=160,
        updates_per_step=3,
        target_update="hard",
        target_period=9,
        epsilon=EpsilonConfig(1.0, 0.0, 0.9),
    )
    agent = make_agent(config, 6, 2, cars=16, seed=0)
    chain = Chain(6, 16, np.random.default_rng(0), limit=2)  # many episodes end
    train(agent, chain, 9)
    assert (agent.updates, agent.epsilon) == (0, 1.0)  # 144 transitions: learning has not started
    before = agent.brain.target.copy()
    train(agent, chain, 2)
    assert agent.updates == 6
    assert agent.epsilon == pytest.approx(0.9**6)
    np.testing.assert_array_equal(agent.brain.target, before)
    train(agent, chain, 1)
    assert agent.updates == 9
    np.testing.assert_array_equal(agent.brain.target, agent.brain.online)


def test_stored_state_is_the_one_acted_in_even_when_the_caller_reuses_its_arrays():
    """A vector environment overwrites one observation array in place; what is stored must not change with it."""
    agent = make_agent(CONFIG, 1, 2, cars=2, seed=0)
    observation, successor = np.zeros((2, 1), np.float32), np.zeros((2, 1), np.float32)
    no = np.zeros(2, dtype=bool)
    for step in range(5):
        observation[:], successor[:] = 10 * step, 10 * step + 1
        agent.store(observation, np.zeros(2, np.int64), np.ones(2, np.float32), successor, no, no)
    data = agent.memory.data
    np.testing.assert_array_equal(data.observation[:10, 0], np.repeat([0, 10, 20, 30, 40], 2))
    np.testing.assert_array_equal(data.next_observation[:10], data.observation[:10] + 1)


def test_a_time_limit_bootstraps_and_a_crash_does_not():
    agent = make_agent(CONFIG, 1, 2, cars=3, seed=0)
    state = np.zeros((3, 1), np.float32)
    terminated, truncated = np.array([False, True, False]), np.array([False, False, True])
    agent.store(state, np.zeros(3, np.int64), np.ones(3, np.float32), state + 5, terminated, truncated)
    discount = dict(zip(["gone-on", "crashed", "timed-out"], agent.memory.data.discount[:3], strict=True))
    assert discount == pytest.approx({"gone-on": 0.8, "crashed": 0.0, "timed-out": 0.8})


def test_a_frozen_policy_does_not_learn_on():
    chain = Chain(6, 16, np.random.default_rng(0))
    agent = make_agent(CONFIG, 6, 2, cars=16, seed=0)
    frozen = agent.frozen()
    before = frozen.q_values(chain.one_hot(np.arange(5)))
    train(agent, chain, 30)
    np.testing.assert_array_equal(frozen.q_values(chain.one_hot(np.arange(5))), before)
    assert not np.array_equal(agent.q_values(chain.one_hot(np.arange(5))), before)


def test_the_running_average_drives_and_the_latest_weights_explore():
    """The average against its definition: one exponential step per update, never reaching back over a tenth of all."""
    chain = Chain(6, 16, np.random.default_rng(0))
    agent = make_agent(replace(CONFIG, average_rate=0.25), 6, 2, cars=16, seed=0)
    train(agent, chain, 20)
    expected = agent.brain.average.astype(np.float64)
    assert agent.updates < 40 < agent.updates + 60, "the rate is the tenth's at first, and the config's later"
    for _ in range(60):
        before = agent.updates
        agent.update()
        rate = max(0.25, min(1.0, 10.0 / (before + 1)))
        expected += rate * (agent.brain.online - expected)
    agent.update(4)
    for _ in range(4):  # four steps at once, towards the weights after all four
        expected += 0.25 * (agent.brain.online - expected)
    np.testing.assert_allclose(agent.frozen().weights, expected, atol=1e-5)
    assert np.abs(agent.brain.online - expected).max() > 1e-3
    observation = np.random.default_rng(1).normal(size=(200, 6)).astype(np.float32)
    latest = NetworkPolicy(agent.shape, agent.brain.online)
    np.testing.assert_array_equal(agent.q_values(observation), latest.q_values(observation))


def test_without_an_average_the_latest_weights_drive_and_are_kept_as_one():
    """A brain that is resumed with an average begins with what it knew, not with newborn weights."""
    chain = Chain(6, 16, np.random.default_rng(0))
    agent = make_agent(replace(CONFIG, average_rate=0.0), 6, 2, cars=16, seed=0)
    train(agent, chain, 20)
    tensors, scalars = agent.get_state()
    resumed = make_agent(replace(CONFIG, average_rate=0.001), 6, 2, cars=16, seed=0)
    resumed.set_state(tensors, scalars)
    np.testing.assert_array_equal(resumed.frozen().weights, agent.brain.online)
    np.testing.assert_array_equal(agent.frozen().weights, agent.brain.online)


def test_a_memory_for_less_than_a_step_of_all_cars_ends_no_training():
    """Neither do episodes that end together, each of which completes several n-step transitions at once."""
    for capacity in (10, 20):
        chain = Chain(6, 16, np.random.default_rng(0), limit=2)
        config = replace(CONFIG, replay_capacity=capacity, learning_starts=5, n_step=3)
        agent = make_agent(config, 6, 2, cars=16, seed=0)
        train(agent, chain, 20)
        assert agent.memory.size == capacity and agent.updates > 0


@pytest.mark.parametrize("kind", ["dqn", "q-table"])
def test_exploring_follows_the_learner_only_when_it_is_published(kind):
    """So that updates may run beside the driving and the same seed still gives the same brain."""
    config = replace(CONFIG, kind=kind, ray_bins=2, epsilon=EpsilonConfig(0.0, 0.0, 1.0))
    agent = make_agent(config, 6, 2, cars=16, seed=0)
    observation = Chain(6, 16, np.random.default_rng(0)).one_hot(np.arange(5))
    before = agent.explore(observation)
    weights = agent.brain.online if kind == "dqn" else agent.table
    weights *= -1.0
    if kind == "dqn":
        weights[-1 - before[0]] += 100.0  # the bias of the other action
    else:
        weights[:, 1 - before[0]] = 1.0
    learned = agent.select_actions(observation)
    assert not np.array_equal(learned, before)
    np.testing.assert_array_equal(agent.explore(observation), before)
    agent.publish()
    np.testing.assert_array_equal(agent.explore(observation), learned)


@pytest.mark.parametrize(
    "damage",
    [
        {"updates": -1},
        {"updates": 10**400},
        {"updates": "many"},
        {"generators": {}},
        {"generators": {"explore": {"bit_generator": "MT19937"}, "sample": 3}},
    ],
)
def test_a_damaged_state_is_refused(damage):
    agent = make_agent(CONFIG, 6, 2, cars=16, seed=0)
    tensors, scalars = agent.get_state()
    with pytest.raises(QRaceError, match="damaged"):
        agent.set_state(tensors, scalars | damage)
