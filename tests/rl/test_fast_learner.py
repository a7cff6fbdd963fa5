"""The hand-written update against torch autograd and torch's Adam, switch by switch."""

import os
import subprocess
import sys
from itertools import product
from pathlib import Path
from threading import Thread
from time import perf_counter

import numpy as np
import pytest
import torch

from qrace.rl.config import LearnerConfig
from qrace.rl.dqn import TorchLearner, td_loss
from qrace.rl.fast_learner import FastLearner
from qrace.rl.network import QNetwork
from qrace.rl.replay import Batch, ReplayMemory
from qrace.rl.weights import BRAIN_PARTS, Brain, NetworkShape

SWITCHES = list(product([False, True], [False, True], [False, True], ["huber", "mse"]))
"""double, dueling, layer_norm, loss."""


def filled_memory(rng, observation_size, actions, size=500):
    memory = ReplayMemory(size, observation_size)
    memory.add(
        Batch(
            rng.normal(size=(size, observation_size)).astype(np.float32),
            rng.integers(actions, size=size),
            rng.normal(size=size).astype(np.float32) * 2,
            rng.normal(size=(size, observation_size)).astype(np.float32),
            np.where(rng.random(size) < 0.2, 0.0, 0.97).astype(np.float32),
        )
    )
    return memory


def a_brain(shape, rng):
    """Weights away from their symmetric beginnings, and a target network that differs."""
    brain = Brain.newborn(shape, rng)
    brain.online *= rng.uniform(0.8, 1.6, brain.online.shape).astype(np.float32)
    brain.target[:] = shape.initial_weights(rng)
    return brain


def copy_of(brain):
    return Brain(*(getattr(brain, part).copy() for part in BRAIN_PARTS))


@pytest.mark.parametrize(("double", "dueling", "layer_norm", "loss"), SWITCHES)
@pytest.mark.parametrize("hidden", [(5,), (32, 24), (16, 24, 8)])
def test_gradient_equals_torch_autograd(hidden, double, dueling, layer_norm, loss):
    config = LearnerConfig(
        hidden=hidden, double=double, dueling=dueling, layer_norm=layer_norm, loss=loss, batch_size=64
    )
    rng = np.random.default_rng(0)
    shape = NetworkShape.of(config, observation_size=7, actions=5)
    brain, memory = a_brain(shape, rng), filled_memory(rng, 7, 5)
    online, target = QNetwork(shape, brain.online.copy()), QNetwork(shape, brain.target.copy())
    expected_loss = td_loss(online, target, memory.sample(64, np.random.default_rng(1)), config)
    expected = torch.autograd.grad(expected_loss, list(online.parameters()))

    learner = FastLearner(brain, shape, config)
    found_loss = learner.learn(*memory.draws(1, 64, np.random.default_rng(1)))
    assert found_loss == pytest.approx(float(expected_loss.detach()), rel=1e-5)
    found = shape.views(learner.workspace.gradient)
    for (name, _), wanted in zip(online.named_parameters(), expected, strict=True):
        np.testing.assert_allclose(found[name], wanted.numpy(), rtol=1e-4, atol=1e-5, err_msg=name)


@pytest.mark.parametrize(
    "changes",
    [
        {"double": True, "dueling": True, "layer_norm": True, "n_step": 3},
        {"double": False, "loss": "mse", "target_update": "hard", "target_period": 7, "gradient_clip": 0.5},
        {"hidden": (5,), "target_update": "soft", "target_rate": 0.1},
    ],
)
def test_a_series_of_updates_equals_torch(changes):
    config = LearnerConfig(**({"hidden": (32, 16), "batch_size": 32} | changes))
    rng = np.random.default_rng(0)
    shape = NetworkShape.of(config, observation_size=6, actions=4)
    brain, memory = a_brain(shape, rng), filled_memory(rng, 6, 4)
    reference = copy_of(brain)
    torch_loss = TorchLearner(reference, shape, config).learn(*memory.draws(20, 32, np.random.default_rng(1)))
    loss = FastLearner(brain, shape, config).learn(*memory.draws(20, 32, np.random.default_rng(1)))
    assert loss == pytest.approx(torch_loss, rel=1e-4)
    assert brain.updates == reference.updates == 20
    np.testing.assert_allclose(brain.online, reference.online, atol=2e-4)
    np.testing.assert_allclose(brain.target, reference.target, atol=2e-4)
    np.testing.assert_allclose(brain.first_moment, reference.first_moment, atol=1e-4)
    np.testing.assert_allclose(brain.second_moment, reference.second_moment, rtol=0.05, atol=1e-7)


def test_a_series_in_one_call_equals_single_calls():
    config = LearnerConfig(hidden=(16,), batch_size=32, target_update="hard", target_period=3)
    rng = np.random.default_rng(0)
    shape = NetworkShape.of(config, observation_size=6, actions=4)
    together, memory = a_brain(shape, rng), filled_memory(rng, 6, 4)
    one_by_one = copy_of(together)
    FastLearner(together, shape, config).learn(*memory.draws(10, 32, np.random.default_rng(1)))
    single, draws = FastLearner(one_by_one, shape, config), np.random.default_rng(1)
    for _ in range(10):
        single.learn(*memory.draws(1, 32, draws))
    np.testing.assert_array_equal(together.online, one_by_one.online)
    np.testing.assert_array_equal(together.target, one_by_one.target)


def test_updates_leave_the_interpreter_free():
    """While updates run on a second thread, this one is never kept waiting for as long as they take."""
    config = LearnerConfig(batch_size=256)
    rng = np.random.default_rng(0)
    shape = NetworkShape.of(config, observation_size=6, actions=4)
    memory, learner = filled_memory(rng, 6, 4), FastLearner(a_brain(shape, rng), shape, config)
    thread = Thread(target=learner.learn, args=memory.draws(600, 256, rng))
    started = last = perf_counter()
    thread.start()
    longest = 0.0
    while thread.is_alive():
        now = perf_counter()
        longest, last = max(longest, now - last), now
    assert longest < 0.5 * (perf_counter() - started)


UPDATED = """
import hashlib
import numpy as np
from qrace.rl.fast_learner import FastLearner
from qrace.rl.presets import preset
from qrace.rl.weights import Brain, NetworkShape
from tests.rl.test_fast_learner import filled_memory
for name in ("default", "general"):
    config = preset(name).learner
    shape, rng = NetworkShape.of(config, 15, 9), np.random.default_rng(0)
    brain, memory = Brain.newborn(shape, rng), filled_memory(rng, 15, 9)
    FastLearner(brain, shape, config).learn(*memory.draws(10, config.batch_size, rng))
    print(name, hashlib.sha256(brain.online.tobytes()).hexdigest())
"""


def test_the_process_that_compiles_learns_the_same_as_later_ones(tmp_path: Path) -> None:
    """The first finds no compiled kernels, the second those of the first."""
    found = []
    for _ in range(2):
        environment = os.environ | {"NUMBA_CACHE_DIR": str(tmp_path)}
        done = subprocess.run(
            [sys.executable, "-c", UPDATED],
            cwd=Path(__file__).parents[2], env=environment, capture_output=True, text=True, check=True,
        )  # fmt: skip
        assert any(tmp_path.rglob("*.nbc"))
        found.append(done.stdout)
    assert found[0] == found[1] != ""
