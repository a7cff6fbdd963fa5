"""Inputs brought to mean 0 and deviation 1: the statistics against numpy's own, the networks against each other."""

import numpy as np
import pytest
import torch

from qrace.rl.config import LearnerConfig
from qrace.rl.dqn import TorchLearner, td_loss
from qrace.rl.fast_learner import FastLearner
from qrace.rl.network import QNetwork
from qrace.rl.policy import NetworkPolicy
from qrace.rl.pqn_agent import PQNAgent
from qrace.rl.replay import Batch, ReplayMemory
from qrace.rl.standardise import LEAST_DEVIATION, RunningStatistics
from qrace.rl.weights import BRAIN_PARTS, INPUT_CLIP, Brain, NetworkShape

SIZE, ACTIONS = 6, 4
CONFIG = LearnerConfig(
    hidden=(16, 8), standardise=True, layer_norm=True, dueling=True, batch_size=32, learning_rate=1e-3
)


def wide_apart(rng, rows):
    """Inputs whose means and deviations differ by far."""
    return (rng.normal(size=(rows, SIZE)) * [0.02, 0.2, 1, 5, 0.5, 3] + [0.03, 1, 0, 9, -2, 4]).astype(np.float32)


def schooled(rng, config=CONFIG):
    shape = NetworkShape.of(config, SIZE, ACTIONS)
    brain = Brain.newborn(shape, rng)
    RunningStatistics(shape, brain).add(wide_apart(rng, 500))
    brain.target[2 * SIZE :] = shape.initial_weights(rng)[2 * SIZE :]
    return shape, brain


def memory_of(rng):
    memory = ReplayMemory(300, SIZE)
    rewards, discounts = rng.normal(size=300), np.where(rng.random(300) < 0.2, 0.0, 0.97)
    memory.add(
        Batch(
            wide_apart(rng, 300),
            rng.integers(ACTIONS, size=300),
            rewards.astype(np.float32),
            wide_apart(rng, 300),
            discounts.astype(np.float32),
        )
    )
    return memory


def test_statistics_of_batches_are_those_of_all_together():
    rng = np.random.default_rng(0)
    shape = NetworkShape.of(CONFIG, SIZE, ACTIONS)
    brain = Brain.newborn(shape, rng)
    statistics = RunningStatistics(shape, brain)
    batches = [wide_apart(rng, rows) * scale for rows, scale in ((40, 1.0), (7, 3.0), (200, 0.5))]
    for batch in batches:
        statistics.add(batch)
    together = np.concatenate(batches).astype(np.float64)
    for weights in (brain.online, brain.target, brain.average):
        views = shape.views(weights)
        np.testing.assert_allclose(views["input.mean"], together.mean(axis=0), rtol=1e-4)
        np.testing.assert_allclose(views["input.scale"], 1.0 / together.std(axis=0), rtol=1e-3)
    assert statistics.count == len(together)


def test_an_input_that_never_changes_is_not_magnified_without_end():
    shape = NetworkShape.of(CONFIG, SIZE, ACTIONS)
    brain = Brain.newborn(shape, np.random.default_rng(0))
    RunningStatistics(shape, brain).add(np.full((50, SIZE), 3.0, dtype=np.float32))
    np.testing.assert_allclose(shape.views(brain.online)["input.scale"], 1.0 / LEAST_DEVIATION, rtol=1e-5)


def test_standardised_inputs_equal_a_plain_network_on_inputs_standardised_outside():
    rng = np.random.default_rng(1)
    shape, brain = schooled(rng)
    plain = NetworkShape(SIZE, ACTIONS, shape.hidden, shape.dueling, shape.layer_norm)
    views = shape.views(brain.online)
    seen = wide_apart(rng, 100)
    seen[0] += 1e3
    outside = np.clip((seen - views["input.mean"]) * views["input.scale"], -INPUT_CLIP, INPUT_CLIP)
    expected = NetworkPolicy(plain, brain.online[2 * SIZE :]).q_values(outside)
    np.testing.assert_allclose(NetworkPolicy(shape, brain.online).q_values(seen), expected, atol=1e-5)
    with torch.no_grad():
        found = QNetwork(shape, brain.online)(torch.from_numpy(seen)).numpy()
    np.testing.assert_allclose(found, expected, atol=1e-5)


@pytest.mark.parametrize("double", [False, True])
def test_gradient_equals_torch_autograd_and_leaves_the_statistics_alone(double):
    rng = np.random.default_rng(2)
    config = LearnerConfig(hidden=(16, 8), standardise=True, double=double, batch_size=32)
    shape, brain = schooled(rng, config)
    memory = memory_of(rng)
    online, target = QNetwork(shape, brain.online.copy()), QNetwork(shape, brain.target.copy())
    td_loss(online, target, memory.sample(32, np.random.default_rng(3)), config).backward()
    before = brain.online[: 2 * SIZE].copy()
    learner = FastLearner(brain, shape, config)
    learner.learn(*memory.draws(1, 32, np.random.default_rng(3)))
    found = shape.views(learner.workspace.gradient)
    for name, parameter in online.named_parameters():
        wanted = np.zeros(SIZE) if parameter.grad is None else parameter.grad.numpy()
        np.testing.assert_allclose(found[name], wanted, rtol=1e-4, atol=1e-5, err_msg=name)
    np.testing.assert_array_equal(brain.online[: 2 * SIZE], before)


def test_a_series_of_updates_equals_torch():
    rng = np.random.default_rng(4)
    shape, brain = schooled(rng)
    reference = Brain(*(getattr(brain, part).copy() for part in BRAIN_PARTS))
    memory = memory_of(rng)
    TorchLearner(reference, shape, CONFIG).learn(*memory.draws(15, 32, np.random.default_rng(5)))
    FastLearner(brain, shape, CONFIG).learn(*memory.draws(15, 32, np.random.default_rng(5)))
    np.testing.assert_allclose(brain.online, reference.online, atol=2e-4)
    np.testing.assert_allclose(brain.target, reference.target, atol=2e-4)


def test_a_restored_agent_goes_on_with_its_statistics():
    rng = np.random.default_rng(6)
    config = LearnerConfig(kind="pqn", hidden=(8,), standardise=True, rollout_steps=4)
    first = PQNAgent(config, SIZE, ACTIONS, cars=5, seed=0)
    second = PQNAgent(config, SIZE, ACTIONS, cars=5, seed=1)

    def live(agent, observation):
        action = agent.explore(observation)
        alive = np.zeros(5, dtype=np.bool_)
        agent.store(observation, action, np.ones(5, dtype=np.float32), observation, alive, alive)

    past, future = wide_apart(rng, 5), wide_apart(rng, 5) + 1
    live(first, past)
    second.set_state(*first.get_state())
    live(first, future)
    live(second, future)
    for name in ("online.input.mean", "online.input.scale"):
        np.testing.assert_allclose(second.get_state()[0][name], first.get_state()[0][name], rtol=1e-5)
