"""The torch module on a graphics card, where there is one: saved drivers run there and learn the same."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import load_file, save_file

from qrace.env.actions import ACTION_TABLES
from qrace.rl.checkpoint import load_checkpoint, load_policy, observation_size
from qrace.rl.dqn import td_update, update_target
from qrace.rl.network import QNetwork
from qrace.rl.replay import Batch
from qrace.rl.weights import NetworkShape
from tests.rl.test_dqn import random_batch

pytestmark = pytest.mark.skipif(not torch.cuda.is_available(), reason="no CUDA device")

GENERAL = load_checkpoint(Path(__file__).parents[2] / "models" / "general.safetensors")
LEARNER = GENERAL.config.learner
SHAPE = NetworkShape.of(LEARNER, observation_size(GENERAL.config.env), len(ACTION_TABLES[GENERAL.config.env.car].names))


def the_general_driver(part: str) -> QNetwork:
    """Its torch module with the tensors of the file that begin with `part`."""
    module = QNetwork(SHAPE, np.zeros(SHAPE.size(), np.float32))
    tensors = {name.removeprefix(part): torch.from_numpy(value) for name, value in GENERAL.tensors.items()}
    module.load_state_dict({name: tensors[name] for name in module.state_dict()})
    return module


def a_batch(size: int) -> Batch:
    return random_batch(np.random.default_rng(0), size, SHAPE.observation_size, SHAPE.actions)


def test_a_saved_driver_values_actions_there_as_it_does_here():
    observation = a_batch(500).observation
    with torch.no_grad():
        found = the_general_driver("champion.").to("cuda")(torch.from_numpy(observation).to("cuda"))
    np.testing.assert_allclose(found.cpu().numpy(), load_policy(GENERAL).q_values(observation), rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize("loss", ["huber", "mse"])
def test_updates_there_equal_updates_here(loss, tmp_path):
    """Ten steps of gradient descent from the same weights and batch; then saved there and loaded here."""
    config = replace(LEARNER, loss=loss, target_update="soft", target_rate=0.1)
    ended = []
    for device in ("cpu", "cuda"):
        online, target = (the_general_driver(part).to(device) for part in ("online.", "target."))
        optimizer = torch.optim.SGD(online.parameters(), lr=0.01)
        losses = []
        for updates in range(1, 11):
            losses.append(td_update(online, target, optimizer, a_batch(256), config))
            update_target(online, target, config, updates)
        assert losses[-1] < losses[0]
        save_file(online.state_dict(), tmp_path / device)
        ended.append((losses, load_file(tmp_path / device), {k: v.cpu() for k, v in target.state_dict().items()}))
    torch.testing.assert_close(*ended, rtol=1e-3, atol=1e-4)
