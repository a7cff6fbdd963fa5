"""The DQN update against hand-worked numbers and a second expression in torch autograd."""

import numpy as np
import pytest
import torch

from qrace.rl.config import LearnerConfig
from qrace.rl.dqn import TorchLearner, td_loss, td_targets, td_update, update_target
from qrace.rl.network import QNetwork
from qrace.rl.replay import Batch, ReplayMemory
from qrace.rl.weights import Brain, NetworkShape

REWARD = torch.tensor([1.0, 2.0, -5.0])
DISCOUNT = torch.tensor([0.9, 0.81, 0.0])  # one step, two steps, a crash
NEXT_ONLINE = torch.tensor([[1.0, 3.0], [4.0, 2.0], [100.0, 0.0]])
NEXT_TARGET = torch.tensor([[10.0, 20.0], [30.0, 40.0], [100.0, 0.0]])


def test_targets_by_hand():
    single = td_targets(REWARD, DISCOUNT, NEXT_ONLINE, NEXT_TARGET, double=False)
    torch.testing.assert_close(single, torch.tensor([1 + 0.9 * 20, 2 + 0.81 * 40, -5.0]))
    double = td_targets(REWARD, DISCOUNT, NEXT_ONLINE, NEXT_TARGET, double=True)
    torch.testing.assert_close(double, torch.tensor([1 + 0.9 * 20, 2 + 0.81 * 30, -5.0]))


def random_batch(rng, size, observation_size, actions):
    return Batch(
        rng.normal(size=(size, observation_size)).astype(np.float32),
        rng.integers(actions, size=size),
        rng.normal(size=size).astype(np.float32) * 3,
        rng.normal(size=(size, observation_size)).astype(np.float32),
        np.where(rng.random(size) < 0.2, 0.0, 0.97).astype(np.float32),
    )


def networks(config, rng, observation_size=6, actions=4):
    """An online network and a different target network."""
    shape = NetworkShape.of(config, observation_size, actions)
    return tuple(QNetwork(shape, shape.initial_weights(rng)) for _ in range(2))


@pytest.mark.parametrize("double", [False, True])
@pytest.mark.parametrize("loss", ["huber", "mse"])
def test_update_equals_a_second_expression(double, loss):
    """The same loss as a sum over rows with torch.autograd.grad, clipped, and a step of plain gradient descent."""
    config = LearnerConfig(hidden=(16, 8), double=double, loss=loss, gradient_clip=0.1)
    rng = np.random.default_rng(3)
    online, target = networks(config, rng)
    optimizer = torch.optim.SGD(online.parameters(), lr=0.5)
    batch = random_batch(rng, 32, 6, 4)
    total = torch.zeros(())
    for s, a, r, s2, gamma in zip(*batch, strict=True):
        with torch.no_grad():
            q_target = target(torch.tensor(s2)[None])[0]
            q_next = q_target[online(torch.tensor(s2)[None])[0].argmax()] if double else q_target.max()
        error = (online(torch.tensor(s)[None])[0, int(a)] - (float(r) + float(gamma) * q_next)).abs()
        total = total + (error**2 if loss == "mse" else torch.where(error < 1, error**2 / 2, error - 0.5))
    expected_loss = total / len(batch.action)
    gradients = torch.autograd.grad(expected_loss, list(online.parameters()))
    norm = torch.sqrt(sum((g**2).sum() for g in gradients))
    assert norm > config.gradient_clip  # or the clip would go untested
    expected = []
    for parameter, gradient in zip(online.parameters(), gradients, strict=True):
        expected.append(parameter.detach() - 0.5 * gradient * config.gradient_clip / norm)

    assert td_update(online, target, optimizer, batch, config) == pytest.approx(float(expected_loss.detach()), rel=1e-5)
    for parameter, wanted in zip(online.parameters(), expected, strict=True):
        torch.testing.assert_close(parameter.detach(), wanted, rtol=1e-5, atol=1e-6)


def test_only_the_online_network_learns():
    config = LearnerConfig(hidden=(8,))
    rng = np.random.default_rng(0)
    online, target = networks(config, rng)
    td_loss(online, target, random_batch(rng, 8, 6, 4), config).backward()
    assert all(parameter.grad is not None for parameter in online.parameters())
    assert all(parameter.grad is None for parameter in target.parameters())


def test_soft_target_by_hand():
    config = LearnerConfig(hidden=(4,), target_update="soft", target_rate=0.25)
    online, target = networks(config, np.random.default_rng(0))
    for weights, value in ((online, 8.0), (target, 4.0)):
        for parameter in weights.parameters():
            parameter.data.fill_(value)
    update_target(online, target, config, updates=1)
    assert all(bool((parameter == 5.0).all()) for parameter in target.parameters())


def test_hard_target_is_copied_every_period_of_updates():
    config = LearnerConfig(hidden=(4,), target_update="hard", target_period=5)
    rng = np.random.default_rng(0)
    shape = NetworkShape.of(config, 6, 4)
    brain = Brain.newborn(shape, rng)
    learner = TorchLearner(brain, shape, config)
    memory = ReplayMemory(100, 6)
    memory.add(random_batch(rng, 100, 6, 4))
    first = brain.online.copy()
    for updates in range(1, 11):
        learner.learn(*memory.draws(1, config.batch_size, rng))
        if updates == 4:
            np.testing.assert_array_equal(brain.target, first)
        assert np.array_equal(brain.target, brain.online) == (updates % 5 == 0)
